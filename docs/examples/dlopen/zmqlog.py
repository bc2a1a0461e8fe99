# SPDX-License-Identifier: BSD-3-Clause
"""libzmqlog for Python, in one file to copy into a program: a handler for logging, a
subscriber that is an iterator, and context for all records of a block.

    log = zmqlog.Handler("tcp://127.0.0.1:5556", "myprogram", style="json")
    logging.getLogger().addHandler(log)
    with zmqlog.context(request_id="r-17", topic="http"):
        logging.warning("slow", extra={"seconds": 1.5})

    for record in zmqlog.Subscriber("tcp://127.0.0.1:5556", "myprogram", "warning"):
        print(record.topic, record.text)

It needs Python 3.9 and libzmqlog.so.1, and no other module.

    python3 zmqlog.py ENDPOINT             logs a few records there
    python3 zmqlog.py --watch ENDPOINT     prints what a program there logs
"""
import contextlib
import contextvars
import copy
import ctypes
import json
import logging
import sys
import time
from ctypes import POINTER, byref, c_char_p, c_int, c_int64, c_size_t, c_uint64, c_void_p

lib = ctypes.CDLL("libzmqlog.so.1")


def _declare(result, *parameters):
    def declare(names):
        for name in names.split():
            function = getattr(lib, "zmqlog_" + name)
            function.restype, function.argtypes = result, parameters
    return declare


_bytes = c_char_p, c_size_t
_declare(c_void_p)("handler_new record_new subscriber_new")
_declare(None, c_void_p)("handler_free record_free subscriber_free")
_declare(c_char_p, c_int)("status_name")
_declare(c_int, c_char_p)("level_number")
_declare(c_int64, c_char_p)("constant")
_declare(c_char_p, c_void_p)("handler_errmsg record_errmsg subscriber_errmsg "
                             "record_level_name record_epoch record_logger "
                             "record_source_file record_source_function")
_declare(c_char_p, c_void_p, c_int)("handler_endpoint subscriber_endpoint")
_declare(c_int, c_void_p, c_char_p)(
    "handler_bind handler_connect handler_set_root_topic subscriber_connect "
    "subscriber_bind subscriber_subscribe subscriber_add_root record_set_logger "
    "record_set_thread_name")
_declare(c_int, c_void_p, c_int, c_char_p)("handler_set_level_name handler_set_style "
                                           "subscriber_set_level_name")
_declare(c_int, c_void_p, c_char_p, c_int)("handler_wait_subscriber "
                                           "subscriber_subscribe_level")
_declare(c_int, c_void_p, c_int)("handler_enabled handler_flush handler_close "
                                 "record_set_level")
_declare(c_int64, c_void_p, c_int)("handler_count subscriber_count")
_declare(c_size_t, c_void_p, c_int, *_bytes, POINTER(c_size_t))("handler_split")
_declare(c_int, c_void_p)("record_clear record_parse record_level record_field_count "
                          "record_source_line subscriber_wakeup subscriber_close "
                          "subscriber_fd")
_declare(c_int, c_void_p, *_bytes)("record_set_text record_set_subtopic")
_declare(c_int, c_void_p, c_char_p, *_bytes)("record_set_field_json "
                                             "record_set_field_string")
_declare(c_int, c_void_p, c_char_p, c_int, c_char_p)("record_set_source")
_declare(c_int, c_void_p, c_int64)("record_set_time_ns")
_declare(c_int64, c_void_p)("record_time_ns record_received_ns")
_declare(c_uint64, c_void_p)("record_seq record_lost")
_declare(c_int, c_void_p, c_void_p)("handler_log_record")
_declare(c_int, c_void_p, c_void_p, c_int)("subscriber_recv")
_declare(c_void_p, c_void_p, POINTER(c_size_t))("record_topic record_root "
                                                "record_subtopic record_text")
_declare(c_void_p, c_void_p, c_int, POINTER(c_size_t))("record_field_key "
                                                       "record_field_json")

# Signals reach Python between waits of this long.
_PATIENCE_MS = 200


class Error(OSError):
    """What the library refuses; `name` is that of the status, such as "EINVAL"."""

    def __init__(self, status, message):
        self.name = lib.zmqlog_status_name(status).decode()
        super().__init__(message or self.name)


def constant(name):
    """The value of an integer macro of zmqlog.h, without its prefix: "COUNT_SENT"."""
    return lib.zmqlog_constant(name.encode())


_SOFT = [constant(name) for name in ("EAGAIN", "ETIMEDOUT", "EINTERRUPTED")]


def _check(status, errmsg, handle):
    if status < 0:
        raise Error(status, errmsg(handle).decode(errors="replace"))
    return status


def _encoded(text):
    return None if text is None else str(text).encode("utf-8", "surrogateescape")


def _sized(text):
    data = _encoded(text)
    return data, len(data)


def _text(data):
    return data.decode("utf-8", "surrogateescape")


# ---- context

_now = contextvars.ContextVar("zmqlog", default=({}, ""))


@contextlib.contextmanager
def context(topic="", **fields):
    """Gives all records that are logged in the block these fields and this subtopic.

    Contexts nest; a record's own `extra` wins. Tasks of asyncio inherit the context they
    were made in, and what a task enters stays its own; other threads have none. For a
    tracer, use OpenTelemetry's names: trace_id, span_id, trace_flags. Since: 1.1
    """
    before, outer = _now.get()
    token = _now.set(({**before, **fields}, ".".join(filter(None, (outer, topic)))))
    try:
        yield
    finally:
        _now.reset(token)


# ---- fields

STANDARD = {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName"}
_CAUSES_MAX = 8


def exception(error, _depth=0):
    """An exception as data: class, message, backtrace and cause. Since: 1.1"""
    import traceback
    data = {"class": type(error).__qualname__, "message": str(error),
            "backtrace": [f"{at.filename}:{at.lineno}:in {at.name}"
                          for at in traceback.extract_tb(error.__traceback__)]}
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and _depth < _CAUSES_MAX:
        data["cause"] = exception(cause, _depth + 1)
    return data


def _plain(value):
    return exception(value) if isinstance(value, BaseException) else str(value)


def _as_json(value):
    try:
        return json.dumps(value, default=_plain, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        return json.dumps(str(value))


def _set_field(entry, key, value):
    key = _encoded(key).replace(b"\0", b"?")
    if lib.zmqlog_record_set_field_json(entry, key, *_sized(_as_json(value))):
        why = b"(" + lib.zmqlog_record_errmsg(entry) + b")"
        if lib.zmqlog_record_set_field_string(entry, key, why, len(why)):
            lib.zmqlog_record_set_field_string(entry, b"!BADKEY", why, len(why))


class Handler(logging.Handler):
    """Publishes what logging logs.

    The message is what the formatter makes of a record; without one, the message alone,
    for watchers show level and time themselves. Level, logger's name, time, source,
    thread and extras travel beside it, and so does an exception as data, where the style
    shows them: json, logfmt and %-formats with %(fields)s. Nothing is formatted while
    nobody listens. (logging.basicConfig gives its handlers a formatter that puts level
    and name before the message; addHandler does not.) Since: 1.1

    endpoint: bound, or connected to with connect=True
    root_topic: first part of every topic, up to 100 bytes
    scan: a literal part of a message before "::" is a subtopic; arguments never are
    style: plain, logfmt, json, pyzmq, or a format with %
    """

    def __init__(self, endpoint, root_topic="", connect=False, scan=False,
                 style="plain"):
        super().__init__()
        self.scan, self.entry = scan, lib.zmqlog_record_new()
        self.shows_fields = style in ("json", "logfmt") or "%(fields)" in style
        out = self.out = lib.zmqlog_handler_new()
        for level in range(1, 64):
            name = logging.getLevelName(level)
            if not name.startswith("Level ") and level not in (10, 20, 30, 40, 50):
                lib.zmqlog_handler_set_level_name(out, level, _encoded(name))
        opening = lib.zmqlog_handler_connect if connect else lib.zmqlog_handler_bind
        errmsg = lib.zmqlog_handler_errmsg
        _check(lib.zmqlog_handler_set_root_topic(out, _encoded(root_topic)), errmsg, out)
        _check(lib.zmqlog_handler_set_style(out, 0, _encoded(style)), errmsg, out)
        _check(opening(out, _encoded(endpoint)), errmsg, out)
        self.endpoint = lib.zmqlog_handler_endpoint(out, 0).decode()

    def wait_subscriber(self, timeout_ms=-1):
        """Whether somebody has come to listen within that time."""
        return lib.zmqlog_handler_wait_subscriber(self.out, None, timeout_ms) == 0

    def count(self, name):
        """A counter: "sent", "dropped_queue", ..."""
        return lib.zmqlog_handler_count(self.out, constant("COUNT_" + name.upper()))

    def emit(self, record):
        try:
            level = min(max(record.levelno, 1), 63)
            if lib.zmqlog_handler_enabled(self.out, level):
                self._fill(self.entry, level, record)
                lib.zmqlog_handler_log_record(self.out, self.entry)
        except Exception:
            self.handleError(record)

    def _fill(self, entry, level, record):
        fields, topic = _now.get()
        fields = {**fields, **{key: value for key, value in vars(record).items()
                               if key not in STANDARD}}
        lib.zmqlog_record_clear(entry)
        lib.zmqlog_record_set_level(entry, level)
        if self.scan:
            record, subtopic = self._split(level, record)
            topic = ".".join(filter(None, (topic, subtopic)))
        if record.exc_info and self.shows_fields and not self.formatter:
            fields.setdefault("exception", record.exc_info[1])
            record = copy.copy(record)
            record.exc_info = record.exc_text = None
        lib.zmqlog_record_set_subtopic(entry, *_sized(topic))
        lib.zmqlog_record_set_text(entry, *_sized(self.format(record)))
        lib.zmqlog_record_set_logger(entry, _encoded(record.name))
        lib.zmqlog_record_set_time_ns(entry, round(record.created * 1e6) * 1000)
        lib.zmqlog_record_set_thread_name(entry, _encoded(record.threadName))
        lib.zmqlog_record_set_source(entry, _encoded(record.pathname), record.lineno,
                                     _encoded(record.funcName))
        for key, value in fields.items():
            _set_field(entry, key, value)

    def _split(self, level, record):
        """The record without the subtopic in its literal part, and that subtopic."""
        message, start = _encoded(record.msg), c_size_t()
        length = lib.zmqlog_handler_split(self.out, level, message, len(message),
                                          byref(start))
        subtopic = message[:length]
        if not start.value or b"%" in subtopic:
            return record, ""
        record = copy.copy(record)
        record.msg = _text(message[start.value:])
        return record, _text(subtopic)

    def flush(self):
        """Waits until libzmq has what was logged, for at most a second."""
        if getattr(self, "out", None):
            lib.zmqlog_handler_flush(self.out, 1000)

    def close(self):
        with self.lock:
            out, entry, self.out, self.entry = self.out, self.entry, None, None
        lib.zmqlog_handler_close(out, -1)
        lib.zmqlog_handler_free(out)
        lib.zmqlog_record_free(entry)
        super().close()


# ---- receiving

class Record:
    """A record that was received: topic, root, level (0: none), level_name, subtopic,
    text, received_ns, lost. parse() adds more. Texts that are not UTF-8 keep their bytes
    as surrogates. Since: 1.1"""

    def __init__(self, raw):
        for name in "topic", "root", "subtopic", "text":
            setattr(self, name, _text(_copied(getattr(lib, "zmqlog_record_" + name), raw)))
        self.level = lib.zmqlog_record_level(raw)
        self.level_name = _text(lib.zmqlog_record_level_name(raw))
        self.received_ns = lib.zmqlog_record_received_ns(raw)
        self.lost = lib.zmqlog_record_lost(raw)

    def parse(self):
        """Reads the text as a body of style json: afterwards time_ns, logger, source,
        seq, epoch and fields are there, and text is the message. Returns the record;
        raises Error if the text is no such body."""
        raw = lib.zmqlog_record_new()
        try:
            lib.zmqlog_record_set_text(raw, *_sized(self.text))
            _check(lib.zmqlog_record_parse(raw), lib.zmqlog_record_errmsg, raw)
            self._take(raw)
        finally:
            lib.zmqlog_record_free(raw)
        return self

    def _take(self, raw):
        self.text = _text(_copied(lib.zmqlog_record_text, raw))
        nanoseconds = lib.zmqlog_record_time_ns(raw)
        self.time_ns = None if nanoseconds == -2 ** 63 else nanoseconds
        self.logger = _text(lib.zmqlog_record_logger(raw))
        self.seq, self.epoch = lib.zmqlog_record_seq(raw), _text(lib.zmqlog_record_epoch(raw))
        self.source = (_text(lib.zmqlog_record_source_file(raw)),
                       lib.zmqlog_record_source_line(raw),
                       _text(lib.zmqlog_record_source_function(raw)))
        self.fields = {
            _text(_copied(lib.zmqlog_record_field_key, raw, index)):
            json.loads(_copied(lib.zmqlog_record_field_json, raw, index))
            for index in range(lib.zmqlog_record_field_count(raw))}

    def __str__(self):
        return f"{self.topic} | {self.text}"


def _copied(getter, raw, *more):
    length = c_size_t()
    return ctypes.string_at(getter(raw, *more, byref(length)), length.value)


class Subscriber:
    """Receives records; to go through with `for`, which ends when close() or wakeup()
    is called, also by another thread. Since: 1.1

    endpoint: connected to, or bound with bind=True; one, or a list
    root_topic, level: the records of that program from this level up, a number or name
    subscribe: else a prefix of topics, or a list of them; without any, everything
    levels: names of levels that publishers use, as in {"TRACE": 5}
    """

    def __init__(self, endpoint, root_topic=None, level=None, subscribe=None, bind=False,
                 levels=None):
        self._raw, self._entry = lib.zmqlog_subscriber_new(), lib.zmqlog_record_new()
        for name, number in (levels or {}).items():
            self._do(lib.zmqlog_subscriber_set_level_name, number, _encoded(name))
        if root_topic is not None or level is not None:
            self._do(lib.zmqlog_subscriber_subscribe_level, _encoded(root_topic or ""),
                     self._number(level or 1, levels or {}))
        else:
            for prefix in _each("" if subscribe is None else subscribe):
                self._do(lib.zmqlog_subscriber_subscribe, _encoded(prefix))
        opening = lib.zmqlog_subscriber_bind if bind else lib.zmqlog_subscriber_connect
        for one in _each(endpoint):
            self._do(opening, _encoded(one))
        self.endpoint = lib.zmqlog_subscriber_endpoint(self._raw, 0).decode()

    @staticmethod
    def _number(level, levels):
        number = level if isinstance(level, int) else \
            levels.get(level) or lib.zmqlog_level_number(_encoded(level))
        if not number:
            raise ValueError(f"no level {level!r}")
        return number

    def _do(self, function, *arguments):
        return _check(function(self._raw, *arguments), lib.zmqlog_subscriber_errmsg,
                      self._raw)

    def recv(self, timeout=None):
        """The next record; None if there is none within that many seconds (None: no
        limit) or wakeup() was called. Raises Error after close()."""
        end = None if timeout is None else time.monotonic() + timeout
        while True:
            left = _PATIENCE_MS
            if end is not None:
                left = max(0, min(left, round((end - time.monotonic()) * 1000)))
            status = lib.zmqlog_subscriber_recv(self._raw, self._entry, left)
            if status == 0:
                return Record(self._entry)
            if status not in _SOFT:
                _check(status, lib.zmqlog_subscriber_errmsg, self._raw)
            is_over = end is not None and time.monotonic() >= end
            if is_over or lib.zmqlog_status_name(status) == b"EINTERRUPTED":
                return None

    def __iter__(self):
        return self

    def __next__(self):
        try:
            record = self.recv()
        except Error as error:
            if error.name != "ECLOSED":
                raise
            record = None
        if record is None:
            raise StopIteration
        return record

    def fileno(self):
        """For select: receive with timeout 0 until None, then select."""
        return self._do(lib.zmqlog_subscriber_fd)

    def count(self, name):
        """A counter: "received", "lost", "dropped", ..."""
        return lib.zmqlog_subscriber_count(self._raw, constant("COUNT_" + name.upper()))

    def wakeup(self):
        """Ends the current or the next recv, once. Any thread."""
        self._do(lib.zmqlog_subscriber_wakeup)

    def close(self):
        """Closes; recv raises and loops end. Any thread."""
        self._do(lib.zmqlog_subscriber_close)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def __del__(self, lib=lib):
        lib.zmqlog_subscriber_free(self.__dict__.get("_raw"))
        lib.zmqlog_record_free(self.__dict__.get("_entry"))


def _each(value):
    return [value] if isinstance(value, str) else value


if __name__ == "__main__":
    if sys.argv[1] == "--watch":
        for received in Subscriber(sys.argv[2]):
            print(received, flush=True)
    logging.getLogger().addHandler(Handler(sys.argv[1], "myprogram", scan=True))
    logging.getLogger().setLevel(logging.DEBUG)
    logging.info("hello there")
    logging.warning("sub.topic::hello there")
