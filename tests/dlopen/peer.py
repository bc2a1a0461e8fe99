# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of Python's side share: a SUB of python3-zmq that waits with a
deadline, and the library by ctypes."""
import ctypes
import os
import sys
import unittest

try:
    import zmq
except ImportError:
    print("SKIPPED: install python3-zmq")
    sys.exit(77)

DEADLINE_MS = 10000
sys.path.insert(0, os.environ["ZMQLOG_EXAMPLES"])

lib = ctypes.CDLL("libzmqlog.so.1")
lib.zmqlog_constant.restype = ctypes.c_int64
lib.zmqlog_handler_count.restype = ctypes.c_int64
for name in "handler_new", "handler_endpoint", "handler_errmsg", "status_name":
    getattr(lib, "zmqlog_" + name).restype = (
        ctypes.c_void_p if name.endswith("new") else ctypes.c_char_p)


class Case(unittest.TestCase):
    def setUp(self):
        self.context = zmq.Context()
        self.addCleanup(self.context.term)

    def socket(self, kind):
        socket = self.context.socket(kind)
        socket.rcvtimeo, socket.linger = DEADLINE_MS, 0
        self.addCleanup(socket.close)
        return socket

    def listen(self, endpoint, prefix=b""):
        sub = self.socket(zmq.SUB)
        sub.subscribe(prefix)
        sub.connect(endpoint)
        return sub

    def status(self, status):
        return lib.zmqlog_status_name(status).decode()
