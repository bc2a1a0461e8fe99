# SPDX-License-Identifier: BSD-3-Clause
"""A handler for Python's logging, to be copied into a program:

    logging.getLogger().addHandler(ZmqlogHandler("tcp://127.0.0.1:5556", "myprogram"))

The message is what the formatter makes of a record; level, logger's name, time,
source, thread and extras travel beside it (styles that show them: json and %-formats).
Nothing is formatted while nobody listens. Messages are not searched for "::" unless
told with scan, and arguments never are. (logging.basicConfig gives its handlers a
formatter that puts level and name before the message; addHandler does not.)

    python3 zmqlog_logging.py ENDPOINT
"""
import copy
import ctypes
import json
import logging
import sys
from ctypes import c_int64, c_size_t, c_void_p

lib = ctypes.CDLL("libzmqlog.so.1")
for function in lib.zmqlog_handler_new, lib.zmqlog_record_new:
    function.restype = c_void_p
for function in lib.zmqlog_handler_endpoint, lib.zmqlog_handler_errmsg:
    function.restype = ctypes.c_char_p
lib.zmqlog_handler_split.restype = c_size_t

STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}


def encoded(text):
    return None if text is None else str(text).encode("utf-8", "surrogateescape")


def sized(text):
    return encoded(text), c_size_t(len(encoded(text)))


def as_json(value):
    try:
        return json.dumps(value, default=str, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return json.dumps(str(value))


class ZmqlogHandler(logging.Handler):
    def __init__(self, endpoint, root_topic="", connect=False, scan=False,
                 style="plain"):
        super().__init__()
        self.scan, self.entry = scan, c_void_p(lib.zmqlog_record_new())
        out = self.out = c_void_p(lib.zmqlog_handler_new())
        for level in range(1, 64):
            name = logging.getLevelName(level)
            if not name.startswith("Level ") and level not in (10, 20, 30, 40, 50):
                lib.zmqlog_handler_set_level_name(out, level, encoded(name))
        opening = lib.zmqlog_handler_connect if connect else lib.zmqlog_handler_bind
        if (lib.zmqlog_handler_set_root_topic(out, encoded(root_topic)) or
                lib.zmqlog_handler_set_style(out, 0, encoded(style)) or
                opening(out, encoded(endpoint))):
            raise OSError(lib.zmqlog_handler_errmsg(out).decode())
        self.endpoint = lib.zmqlog_handler_endpoint(out, 0).decode()

    def wait_subscriber(self, timeout_ms=-1):
        """Whether somebody has come to listen within that time."""
        return lib.zmqlog_handler_wait_subscriber(self.out, None, timeout_ms) == 0

    def emit(self, record):
        try:
            level = min(max(record.levelno, 1), 63)
            if lib.zmqlog_handler_enabled(self.out, level):
                self.fill(self.entry, level, record)
                lib.zmqlog_handler_log_record(self.out, self.entry)
        except Exception:
            self.handleError(record)

    def fill(self, entry, level, record):
        lib.zmqlog_record_clear(entry)
        lib.zmqlog_record_set_level(entry, level)
        if self.scan:
            message, start = sized(record.msg), c_size_t()
            length = lib.zmqlog_handler_split(self.out, level, *message,
                                              ctypes.byref(start))
            subtopic, rest = message[0][:length], message[0][start.value:]
            if start.value and b"%" not in subtopic:
                lib.zmqlog_record_set_subtopic(entry, subtopic, c_size_t(length))
                record = copy.copy(record)
                record.msg = rest.decode("utf-8", "surrogateescape")
        lib.zmqlog_record_set_text(entry, *sized(self.format(record)))
        lib.zmqlog_record_set_logger(entry, encoded(record.name))
        created_ns = round(record.created * 1e6) * 1000
        lib.zmqlog_record_set_time_ns(entry, c_int64(created_ns))
        lib.zmqlog_record_set_thread_name(entry, encoded(record.threadName))
        lib.zmqlog_record_set_source(entry, encoded(record.pathname), record.lineno,
                                     encoded(record.funcName))
        for key, value in vars(record).items():
            if key not in STANDARD:
                lib.zmqlog_record_set_field_json(entry, encoded(key),
                                                 *sized(as_json(value)))

    def close(self):
        with self.lock:
            out, entry, self.out, self.entry = self.out, self.entry, None, None
        lib.zmqlog_handler_close(out, -1)
        lib.zmqlog_handler_free(out)
        lib.zmqlog_record_free(entry)
        super().close()


if __name__ == "__main__":
    logging.getLogger().addHandler(ZmqlogHandler(sys.argv[1], "myprogram", scan=True))
    logging.getLogger().setLevel(logging.DEBUG)
    logging.info("hello there")
    logging.warning("sub.topic::hello there")
