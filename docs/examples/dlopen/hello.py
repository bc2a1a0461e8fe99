# SPDX-License-Identifier: BSD-3-Clause
"""Python's ctypes: publishes, receives its own records, and shows what crosses.

    python3 hello.py
"""
import ctypes
from ctypes import c_char_p, c_int, c_int64, c_size_t, c_uint64, c_void_p

lib = ctypes.CDLL("libzmqlog.so.1")


def declare(result, name, *arguments):
    """Without this ctypes takes everything for an int and cuts pointers in half."""
    function = getattr(lib, "zmqlog_" + name)
    function.restype, function.argtypes = result, arguments
    return function


constant = declare(c_int64, "constant", c_char_p)
status_name = declare(c_char_p, "status_name", c_int)
handler_new = declare(c_void_p, "handler_new")
handler_free = declare(None, "handler_free", c_void_p)
set_root_topic = declare(c_int, "handler_set_root_topic", c_void_p, c_char_p)
set_style = declare(c_int, "handler_set_style", c_void_p, c_int, c_char_p)
bind = declare(c_int, "handler_bind", c_void_p, c_char_p)
endpoint = declare(c_char_p, "handler_endpoint", c_void_p, c_int)
errmsg = declare(c_char_p, "handler_errmsg", c_void_p)
wait_subscriber = declare(c_int, "handler_wait_subscriber", c_void_p, c_char_p, c_int)
log = declare(c_int, "handler_log", c_void_p, c_int, c_char_p, c_size_t)
log_record = declare(c_int, "handler_log_record", c_void_p, c_void_p)
flush = declare(c_int, "handler_flush", c_void_p, c_int)
count = declare(c_int64, "handler_count", c_void_p, c_int)

record_new = declare(c_void_p, "record_new")
record_free = declare(None, "record_free", c_void_p)
set_level = declare(c_int, "record_set_level", c_void_p, c_int)
set_text = declare(c_int, "record_set_text", c_void_p, c_char_p, c_size_t)
set_time_ns = declare(c_int, "record_set_time_ns", c_void_p, c_int64)
set_field_int = declare(c_int, "record_set_field_int", c_void_p, c_char_p, c_int64)
parse = declare(c_int, "record_parse", c_void_p)
# Bytes out: the address and a length, as c_char_p would end at the first NUL.
topic = declare(c_void_p, "record_topic", c_void_p, ctypes.POINTER(c_size_t))
text = declare(c_void_p, "record_text", c_void_p, ctypes.POINTER(c_size_t))
time_ns = declare(c_int64, "record_time_ns", c_void_p)
seq = declare(c_uint64, "record_seq", c_void_p)
field_key = declare(c_char_p, "record_field_key", c_void_p, c_int, c_void_p)
field_json = declare(c_char_p, "record_field_json", c_void_p, c_int, c_void_p)

subscriber_new = declare(c_void_p, "subscriber_new")
subscriber_free = declare(None, "subscriber_free", c_void_p)
subscribe = declare(c_int, "subscriber_subscribe", c_void_p, c_char_p)
connect = declare(c_int, "subscriber_connect", c_void_p, c_char_p)
recv = declare(c_int, "subscriber_recv", c_void_p, c_void_p, c_int)

INFO, WARN = constant(b"LEVEL_INFO"), constant(b"LEVEL_WARN")
ERROR = constant(b"LEVEL_ERROR")
SENT = constant(b"COUNT_SENT")


def check(status):
    if status < 0:
        name, detail = status_name(status), errmsg(handler)
        raise RuntimeError(f"{name.decode()}: {detail.decode()}")
    return status


def copied(getter):
    length = c_size_t()
    address = getter(record, length)
    return ctypes.string_at(address, length.value)


def field(key):
    index = 0
    while field_key(record, index, None) != key:
        index += 1
    return field_json(record, index, None)


def say(level, message):
    check(log(handler, level, message, len(message)))


def receive():
    check(recv(subscriber, record, 10000))
    return copied(topic).decode(), copied(text)


handler, subscriber, record = handler_new(), subscriber_new(), record_new()
check(set_root_topic(handler, b"myprogram"))
check(set_style(handler, ERROR, b"json"))
check(bind(handler, b"tcp://127.0.0.1:*"))
check(subscribe(subscriber, b"myprogram"))
check(connect(subscriber, endpoint(handler, 0)))
check(wait_subscriber(handler, None, 10000))

say(INFO, b"hello there")
say(WARN, b"sub.topic::hello there")
for _ in range(2):
    where, message = receive()
    print(where, message.decode())

say(INFO, b"a\0b")
where, message = receive()
print(where, len(message), "bytes:", message.hex(" "))

# Time and fields travel in style json. 64 bits arrive as they left.
check(set_level(record, ERROR))
check(set_text(record, b"late", 4))
check(set_time_ns(record, 1700000000123456789))
check(set_field_int(record, b"id", 9007199254740993))
check(log_record(handler, record))
where, _ = receive()
check(parse(record))
print(where, copied(text).decode(), "at", time_ns(record), "number", seq(record),
      "id", field(b"id").decode())

foreign = (b'{"msg":"from elsewhere","epoch":"00000000000000ff",'
           b'"seq":18446744073709551615}')
check(set_text(record, foreign, len(foreign)))
check(parse(record))
print(copied(text).decode(), "number", seq(record))

check(flush(handler, 10000))
print("sent", count(handler, SENT))
try:
    check(bind(handler, b"tcp://nowhere"))
except RuntimeError as error:
    print(error)

subscriber_free(subscriber)
record_free(record)
handler_free(handler)
