# SPDX-License-Identifier: BSD-3-Clause
"""Two records for the watcher at the endpoint that is the argument, without any
binding: the library as Python's ctypes finds it."""
import ctypes
import sys

INFO, WARN = 20, 30

lib = ctypes.CDLL("libzmqlog.so.1")
lib.zmqlog_handler_new.restype = ctypes.c_void_p
lib.zmqlog_handler_errmsg.restype = ctypes.c_char_p
handler = ctypes.c_void_p(lib.zmqlog_handler_new())


def check(status):
    if status < 0:
        sys.exit(lib.zmqlog_handler_errmsg(handler))


def log(level, text):
    check(lib.zmqlog_handler_log(handler, level, text, ctypes.c_size_t(len(text))))


check(lib.zmqlog_handler_set_root_topic(handler, b"python"))
check(lib.zmqlog_handler_connect(handler, sys.argv[1].encode()))
check(lib.zmqlog_handler_wait_subscriber(handler, b"", 300000))
log(INFO, b"hello there")
log(WARN, b"sub.topic::2 left")
check(lib.zmqlog_handler_close(handler, 10000))
lib.zmqlog_handler_free(handler)
