# SPDX-License-Identifier: BSD-3-Clause
"""certificates.py LIBRARY: certificates between libzmqlog and PyZMQ's zmq.auth, in
both directions, and a secret key that PyZMQ left readable for all is refused."""
import ctypes
import os
import sys
import tempfile

import zmq.auth

library = ctypes.CDLL(sys.argv[1])
OK = 0
library.zmqlog_constant.restype = ctypes.c_int64
EREFUSED = library.zmqlog_constant(b"EREFUSED")
for name in "keypair_new", "auth_new":
    getattr(library, "zmqlog_" + name).restype = ctypes.c_void_p
for name in "public_key", "secret_key", "errmsg":
    getattr(library, "zmqlog_keypair_" + name).restype = ctypes.c_char_p


class Pair:
    def __init__(self):
        self.handle = ctypes.c_void_p(library.zmqlog_keypair_new())

    def call(self, name, *arguments):
        return getattr(library, "zmqlog_keypair_" + name)(self.handle, *arguments)

    def keys(self):
        return self.call("public_key"), self.call("secret_key")


def expect(condition, sentence):
    print("ok" if condition else "NOT OK", sentence)
    failed.append(not condition)


failed = []
with tempfile.TemporaryDirectory() as directory:
    ours = os.path.join(directory, "ours")
    pair = Pair()
    expect(pair.call("generate") == OK, "a pair is made")
    expect(pair.call("save", ours.encode()) == OK, "and saved")
    expect(zmq.auth.load_certificate(ours) == (pair.keys()[0], None),
           "pyzmq reads the public half")
    expect(zmq.auth.load_certificate(ours + "_secret") == pair.keys(),
           "pyzmq reads the secret half")

    allowed = os.path.join(directory, "allowed")
    os.mkdir(allowed)
    public, secret = zmq.auth.create_certificates(
        allowed, "theirs", {"name": "Alice", "email": "alice@example.org", "note": ""})
    theirs = zmq.auth.load_certificate(secret)
    other = Pair()
    os.chmod(secret, 0o644)
    expect(other.call("load", secret.encode()) == EREFUSED,
           "a secret of mode 0644 is refused")
    expect(other.keys() == (b"", b""), "and nothing of it is kept")
    os.chmod(secret, 0o600)
    expect(other.call("load", secret.encode()) == OK, "pyzmq's secret half is read")
    expect(other.keys() == theirs, "with the same keys")
    other = Pair()
    expect(other.call("load", public.encode()) == OK, "both by the public half's name")
    expect(other.keys() == theirs, "with the same keys")

    auth = ctypes.c_void_p(library.zmqlog_auth_new())
    expect(library.zmqlog_auth_load_keys(auth, allowed.encode()) == OK,
           "a directory of pyzmq's is loaded")
    expect(library.zmqlog_auth_remove_key(auth, theirs[0]) == OK,
           "its key was allowed")
    library.zmqlog_auth_free(auth)
    for one in pair, other:
        library.zmqlog_keypair_free(one.handle)
sys.exit(any(failed))
