# SPDX-License-Identifier: BSD-3-Clause
"""What every publisher is told, and the two frames that have to arrive."""
from dataclasses import dataclass, field

ROOT = b"myprogram"
LEVELS = {b"TRACE": 5, b"DEBUG": 10, b"INFO": 20, b"WARN": 30, b"WARNING": 30,
          b"AUDIT": 33, b"L35": 35, b"ERROR": 40, b"CRITICAL": 50}


@dataclass
class Case:
    command: tuple                # words and numbers as they are, bytes for hex
    name: bytes = b"INFO"         # of the level
    text: bytes = None            # None: json, see `members` and `fields`
    subtopic: bytes = b""
    root: bytes = ROOT
    members: dict = field(default_factory=dict)
    fields: dict = field(default_factory=dict)
    foreign: bool = True          # PUBHandler does the same

    @property
    def topic(self):
        return b".".join(part for part in (self.root, self.name, self.subtopic) if part)

    @property
    def level(self):
        return LEVELS.get(self.name, 0)

    def line(self):
        def column(value):
            return value.hex() or "-" if isinstance(value, bytes) else str(value)
        return "\t".join(map(column, self.command)).encode() + b"\n"


class Silent(Case):
    """A command that logs nothing."""


ALL_BYTES = bytes(range(256))
LONG = "na\u00efve \u20ac \U0001f4a1 ".encode() * 4000
RECORD_NOT_FOUND = b"ActiveRecord::RecordNotFound"


def log(level, text, name, rest=None, subtopic=b"", **more):
    rest = text if rest is None else rest
    return Case(("log", level, text), name, rest, subtopic, **more)


TEXTS = [
    log(20, b"hello there", b"INFO"),
    log(30, b"sub.topic::hello there", b"WARN", b"hello there", b"sub.topic"),
    log(10, b"a::b::c", b"DEBUG", b"b::c", b"a"),
    log(50, b"::m", b"CRITICAL", b"m"),
    log(20, b" sp :: m", b"INFO", b" m", b" sp "),
    log(5, b"named by us", b"TRACE"),
    log(33, b"pay.ment::named by us", b"AUDIT", b"named by us", b"pay.ment"),
    log(35, b"without a name", b"L35", foreign=False),
    log(20, b"", b"INFO"),
    log(20, "na\u00efve.\u20ac::\U0001f4a1".encode(), b"INFO", "\U0001f4a1".encode(),
        "na\u00efve.\u20ac".encode()),
    log(40, b"two\nlines\t\r\n", b"ERROR"),
    log(20, LONG, b"INFO"),
    log(20, b"a\0b", b"INFO"),
    log(20, b"net::\0", b"INFO", b"\0", b"net"),
    log(20, b"\xff\xfe not UTF-8 \xc3(", b"INFO", foreign=False),
    log(20, ALL_BYTES, b"INFO", foreign=False),
    # What has a control character is no subtopic, but for PUBHandler.
    log(20, b"a\nb::c", b"INFO", foreign=False),

    # Only what the program wrote literally is split.
    log(40, RECORD_NOT_FOUND, b"ERROR", b"RecordNotFound", b"ActiveRecord"),
    Case(("printf", 40, b"%s", RECORD_NOT_FOUND), b"ERROR", RECORD_NOT_FOUND),
    Case(("printf", 40, b"db.pool::%s is gone", RECORD_NOT_FOUND), b"ERROR",
         RECORD_NOT_FOUND + b" is gone", b"db.pool"),
    Case(("topic", 40, b"", RECORD_NOT_FOUND), b"ERROR", RECORD_NOT_FOUND),
    Case(("native", 40, RECORD_NOT_FOUND), b"ERROR", RECORD_NOT_FOUND),
    Case(("native", 50, b"the last words"), b"CRITICAL", b"the last words"),
    Case(("slog", 40, RECORD_NOT_FOUND), b"ERROR", RECORD_NOT_FOUND),

    Case(("topic", 40, b"cpp", b"std::vector"), b"ERROR", b"std::vector", b"cpp"),
    Case(("topic", 20, b"sub\xff\0", b"\0\xff"), b"INFO", b"\0\xff", b"sub\xff\0"),

    Silent(("root", b"other.root")),
    log(20, b"x::elsewhere", b"INFO", b"elsewhere", b"x", root=b"other.root"),
    Silent(("root", b"")),
    log(20, b"x::rootless", b"INFO", b"rootless", b"x", root=b""),
    Silent(("root", ROOT)),
]

FIELDS = {"host.name": "na\u00efve \"quoted\" \u20ac\n", "status": 200,
          "big": 2 ** 53 - 1, "ratio": 0.25, "ok": True, "no": False,
          "nested": {"list": [1, "two", None], "deep": {"a": True}}}

JSON = [
    Silent(("style", "json")),
    Case(("fields", 20, b"http::served",
          b"host.name", "string", FIELDS["host.name"].encode(),
          b"status", "int", b"200", b"big", "int", b"9007199254740991",
          b"ratio", "double", b"0.25", b"ok", "bool", b"true", b"no", "bool", b"false",
          b"nested", "json", b'{"list":[1,"two",null],"deep":{"a":true}}'),
         subtopic=b"http", fields=FIELDS,
         members={"msg": "served", "level": "INFO", "topic": "myprogram.INFO.http"}),
    Case(("log", 30, b"not UTF-8: \xff, NUL: \0"), b"WARN",
         members={"msg": "not UTF-8: \ufffd, NUL: \0", "level": "WARN"}),
    Silent(("style", "plain")),
]
