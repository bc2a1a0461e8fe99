# SPDX-License-Identifier: BSD-3-Clause
"""Handlers on sockets of Debian's python3-zmq, which uses the same libzmq; and on one
of a second copy of libzmq, which is refused."""
import ctypes
import os
import shutil
import sys
import tempfile
import unittest

import peer
import zmq
from peer import lib


def loaded_libzmq():
    with open("/proc/self/maps", encoding="utf-8") as maps:
        return next(line.split()[-1] for line in maps if "/libzmq.so" in line)


class Attach(peer.Case):
    def setUp(self):
        super().setUp()
        self.handler = ctypes.c_void_p(lib.zmqlog_handler_new())
        self.addCleanup(lib.zmqlog_handler_free, self.handler)
        lib.zmqlog_handler_set_root_topic(self.handler, b"app")

    def bound(self, kind):
        socket = self.socket(kind)
        port = socket.bind_to_random_port("tcp://127.0.0.1")
        return socket, f"tcp://127.0.0.1:{port}"

    def attach(self, socket):
        status = lib.zmqlog_handler_attach(self.handler, ctypes.c_void_p(socket))
        return self.status(status)

    def log(self, text):
        length = ctypes.c_size_t(len(text))
        status = lib.zmqlog_handler_log(self.handler, 20, text, length)
        self.assertEqual(self.status(status), "OK")

    def test_pub_of_pyzmq_publishes(self):
        pub, endpoint = self.bound(zmq.PUB)
        sub = self.listen(endpoint)
        self.assertEqual(self.attach(pub.underlying), "OK")
        for _ in range(1000):  # a PUB does not tell when somebody has subscribed
            self.log(b"anybody?")
            if sub.poll(10):
                break
        self.log(b"net.http::a\0b \xff")
        got = sub.recv_multipart()
        while got == [b"app.INFO", b"anybody?"]:
            got = sub.recv_multipart()
        self.assertEqual(got, [b"app.INFO.net.http", b"a\0b \xff"])

    def test_xpub_of_pyzmq_publishes(self):
        xpub, endpoint = self.bound(zmq.XPUB)
        sub = self.listen(endpoint, b"app.INFO")
        self.assertEqual(xpub.recv(), b"\x01app.INFO")
        self.assertEqual(self.attach(xpub.underlying), "OK")
        self.log(b"hello there")
        self.assertEqual(sub.recv_multipart(), [b"app.INFO", b"hello there"])

    def test_socket_stays_the_callers(self):
        xpub, endpoint = self.bound(zmq.XPUB)
        sub = self.listen(endpoint)
        self.assertEqual(xpub.recv(), b"\x01")
        self.assertEqual(self.attach(xpub.underlying), "OK")
        self.log(b"ours")
        self.assertEqual(self.status(lib.zmqlog_handler_close(self.handler, -1)), "OK")
        xpub.send_multipart([b"app.INFO", b"theirs"])
        texts = [sub.recv_multipart()[1] for _ in range(2)]
        self.assertEqual(texts, [b"ours", b"theirs"])

    def test_what_does_not_publish_is_refused(self):
        sub = self.socket(zmq.SUB)
        self.assertEqual(self.attach(sub.underlying), "EINVAL")
        self.assertIn(b"PUB", lib.zmqlog_handler_errmsg(self.handler))

    def test_socket_of_a_second_libzmq_is_refused(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        path = shutil.copy(loaded_libzmq(), os.path.join(folder, "libother.so"))
        other = ctypes.CDLL(path)
        other.zmq_ctx_new.restype = other.zmq_socket.restype = ctypes.c_void_p
        context = ctypes.c_void_p(other.zmq_ctx_new())
        socket = other.zmq_socket(context, zmq.PUB)
        self.assertEqual(self.attach(socket), "EINVAL")
        self.assertIn(b"another copy", lib.zmqlog_handler_errmsg(self.handler))
        other.zmq_close(ctypes.c_void_p(socket))
        other.zmq_ctx_term(context)
        # Nothing has happened to the handler.
        pub, _ = self.bound(zmq.PUB)
        self.assertEqual(self.attach(pub.underlying), "OK")


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
