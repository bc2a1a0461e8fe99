# SPDX-License-Identifier: BSD-3-Clause
# exit.py ENDPOINT [exit]
import ctypes
import sys

lib = ctypes.CDLL("libzmqlog.so.1")
lib.zmqlog_handler_new.restype = ctypes.c_void_p
handler = ctypes.c_void_p(lib.zmqlog_handler_new())
lib.zmqlog_handler_set_root_topic(handler, b"app")
lib.zmqlog_handler_connect(handler, sys.argv[1].encode())
lib.zmqlog_handler_log(handler, 20, b"last words", ctypes.c_size_t(10))
if sys.argv[2:]:
    sys.exit(3)
