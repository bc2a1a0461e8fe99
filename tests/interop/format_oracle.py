#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Compares our %-formats with Python's own logging.Formatter, byte for byte, and
reads our json with Python's parser: format_oracle.py DRIVER. Formats and records
are random with a fixed seed; each format is either refused by both or rendered alike
by both."""

import json
import logging
import os
import random
import re
import subprocess
import sys
import time
import unicodedata

ZONES = ["UTC", "Europe/Berlin", "America/St_Johns", "Asia/Kathmandu"]
CASES_PER_ZONE = 1500

TEXTS = ["message", "levelname", "name", "asctime", "filename", "pathname", "module",
         "funcName", "processName", "threadName", "topic", "subtopic", "root",
         "hostname", "fields", "exc_info"]
INTEGERS = ["levelno", "lineno", "process", "thread", "seq"]
FLOATS = ["created", "msecs", "relativeCreated"]
CONVERSIONS = {"text": "sssssra", "int": "sradiuoxXeEfFgG", "float": "sradiueEfFgG"}
TIME_FORMATS = ["", "", "", "%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Z", "%j %U %W %V %G",
                "%c", "%x %X", "%e %k %l %p %I", "%s", "%y%C%u%w", "100%%", "é日 %d",
                "%a %A %b %B", "%D %F %R %T", "no directive", "%", "%Q", "%-d.%-m.",
                "%n%t", " ", "%Ey %Od", "%300d", "%^a %_5d %010Y",
                # strftime's lower case, which Python 3.13 does not ask for any more.
                "%#Z" if sys.version_info < (3, 13) else "%^Z"]

# Characters whose printability no version of Unicode changes any more.
STEADY = [chr(c) for c in range(0x80, 0x30000)
          if unicodedata.ucd_3_2_0.category(chr(c)) not in ("Cn", "Cs")]
STEADY += ["\ue000", "\ufffe", "\uffff", "\U0010ffff", "\U000e0001"]


def some_text(rng, longest=24):
    kind = rng.random()
    length = rng.randrange(longest)
    if kind < 0.1:
        return ""
    if kind < 0.5:
        return "".join(rng.choice("abcXYZ 019._-/:%()") for _ in range(length))
    if kind < 0.8:
        return "".join(rng.choice("aé日𝄞\t\n'\"\\ \x00\x7f\x1b€ß") for _ in range(length))
    return "".join(rng.choice(STEADY) for _ in range(length))


def knows_all_years():
    """Whether this machine's time_t has more than 32 bits."""
    try:
        return time.gmtime(2 ** 40) is not None
    except OverflowError:
        return False


MOMENTS = None if knows_all_years() else 2 ** 31 * 10 ** 9


def some_path(rng):
    names = ["main.c", "a.b.c", ".bashrc", "..x.y", "noext", "trailing.", "", "é.lua",
             "...", ".", "a/.b", "x.tar.gz", "/srv/app/main.c", "dir.d/file", "/"]
    return rng.choice(["", "src/", "/usr/lib/", "../"]) + rng.choice(names)


def some_time(rng):
    kind = rng.random()
    second = 10 ** 9
    now = 1795326491 * second
    if kind < 0.5:
        return now + rng.randrange(-10 ** 18, 10 ** 18)
    if kind < 0.6:
        return (now // second + rng.randrange(10 ** 8)) * second
    if kind < 0.8:
        return (now // second + rng.randrange(10 ** 8)) * second + rng.choice(
            [1, 999, 1000, 999_999, 500_000_000, 999_000_000, 999_999_000, 999_999_750,
             999_999_882, 999_999_999, 1_000_000, 999_499_999])
    if kind < 0.9:
        return rng.randrange(-10 ** 13, 10 ** 13)
    return rng.randrange(-2 ** 63 + 10 ** 12, 2 ** 63 - 10 ** 12)


def some_layout(rng):
    flags = "".join(rng.choice("#0- +") for _ in range(rng.choice([0, 0, 0, 1, 1, 2, 3])))
    width = rng.choice(["", "", "", str(rng.randrange(30)), str(rng.randrange(5))])
    precision = rng.choice(["", "", "", ".", ".%d" % rng.randrange(8),
                            ".%d" % rng.randrange(40)])
    modifier = rng.choice([""] * 20 + ["l", "h", "L"])
    return flags + width + precision + modifier


def some_conversion(rng):
    if rng.random() < 0.02:
        return rng.choice(["%", "%(message)"]) + some_layout(rng) + rng.choice("%sd")
    if rng.random() < 0.04:
        return "%(" + rng.choice(["lineno", "levelno"]) + ")" + some_layout(rng) + "c"
    kind = rng.choice(["text", "text", "int", "float"])
    name = rng.choice({"text": TEXTS, "int": INTEGERS, "float": FLOATS}[kind])
    conversions = CONVERSIONS[kind]
    if rng.random() < 0.03:
        conversions = "sradiuoxXeEfFgG%Dbnz! "
    if rng.random() < 0.01:
        name = rng.choice(["Message", "", "message ", "no", "(message)", "é"])
    return "%(" + name + ")" + some_layout(rng) + rng.choice(conversions)


def some_format(rng):
    parts = []
    for _ in range(rng.randrange(1, 5)):
        parts.append(rng.choice(["", " ", "é: ", "|", "日", "100%% ", "s", "\n", "(x)"]))
        parts.append(some_conversion(rng))
    text = "".join(parts)
    if rng.random() < 0.05:
        cut = rng.randrange(len(text))
        text = text[:cut] + rng.choice(["", "%", "(", ")", "%%(message)d"]) + text[cut + 1:]
    return text if "%" in text else text + "%%"


def some_record(rng, positive_line):
    line = rng.choice([0, 1, 42, rng.randrange(0x800, 0xD000), rng.randrange(2 ** 31)])
    if positive_line:
        line %= 0xD000
    elif rng.random() < 0.2:
        line = -line
    moment = some_time(rng)
    if MOMENTS:
        moment %= MOMENTS
    keys = rng.sample(["a", "user id", "é", "k_1", "msg"], rng.randrange(4))
    values = ["1", "-2.5", "null", '"x y"', '{"a":[1,2]}', '"é\\n"', "true"]
    return {
        "level": rng.randrange(1, 64), "level_name": rng.choice(["DEBUG", "WARN", "ÜBER", "L07"]),
        "root": some_text(rng), "subtopic": some_text(rng), "topic": some_text(rng),
        "logger": some_text(rng), "text": some_text(rng, 60), "time_ns": moment,
        "thread": rng.choice([1, 140_000_000_000_000, rng.randrange(2 ** 64)]),
        "thread_name": some_text(rng), "file": some_path(rng), "line": line,
        "function": some_text(rng), "hostname": some_text(rng),
        "pid": rng.randrange(1, 2 ** 22),
        "start_ns": moment - rng.choice([0, 1, 10 ** 6, rng.randrange(10 ** 12),
                                         -rng.randrange(10 ** 12)]),
        "seq": rng.choice([1, 255, rng.randrange(2 ** 64)]), "epoch": rng.randrange(2 ** 64),
        "fields": [(key, rng.choice(values)) for key in keys],
    }


def seconds(time_ns):
    """What time.time() is at that moment."""
    return float(time_ns // 10 ** 9) if time_ns % 10 ** 9 == 0 else time_ns / 1e9


def log_record(r):
    """A record as Python makes it, its own arithmetic included."""
    created, started = seconds(r["time_ns"]), seconds(r["start_ns"])
    logging._startTime = started
    real, time.time = time.time, lambda: created
    try:
        record = logging.LogRecord(r["logger"] or "root", r["level"],
                                   r["file"] or "(unknown file)", r["line"], r["text"], None,
                                   None, r["function"] or "(unknown function)")
    finally:
        time.time = real
    if sys.version_info >= (3, 13):
        # Counts in nanoseconds by now; ours are the floats of 3.11.
        record.created = created
        record.msecs = int((created - int(created)) * 1000) + 0.0
        record.relativeCreated = (created - started) * 1000
    if not r["file"]:
        record.module = "Unknown module"
    record.levelname = r["level_name"]
    record.thread = r["thread"]
    record.threadName = r["thread_name"] or "MainThread"
    record.processName = "MainProcess"
    record.process = r["pid"]
    for name in ("topic", "subtopic", "root", "hostname", "seq"):
        setattr(record, name, r[name])
    record.fields = " ".join(key + "=" + value for key, value in r["fields"])
    return record


def by_python(style, time_format, r):
    """The bytes, or None when Python refuses or, without a name, shows the record's
    whole dictionary."""
    if re.search(r"%[#0+ -]*\d*(\.\d*)?[hlL]?[sra]", style.replace("%%", "")):
        return None
    try:
        formatter = logging.Formatter(style, time_format or None)
        return formatter.format(log_record(r)).encode()
    except (ValueError, TypeError, KeyError):
        return None


class Driver:
    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, env=dict(os.environ))

    def ask(self, style, time_format, r, most=1 << 20):
        items = [style, time_format, most] + [r[name] for name in (
            "level", "level_name", "root", "subtopic", "topic", "logger", "text", "time_ns",
            "thread", "thread_name", "file", "line", "function", "hostname", "pid",
            "start_ns", "seq", "epoch")] + [len(r["fields"])]
        items += [part for field in r["fields"] for part in field]
        sent = [i if isinstance(i, bytes) else str(i).encode() for i in items]
        self.process.stdin.write(b"%d\n" % len(sent))
        self.process.stdin.write(b"".join(b"%d:%s" % (len(i), i) for i in sent))
        self.process.stdin.flush()
        return self.item().decode(), self.item() == b"1", self.item()

    def item(self):
        length = b""
        while not length.endswith(b":"):
            byte = self.process.stdout.read(1)
            if not byte:
                raise SystemExit("the driver ended early")
            length += byte
        return self.process.stdout.read(int(length[:-1]))

    def close(self):
        self.process.stdin.close()
        if self.process.wait() != 0:
            raise SystemExit("the driver failed: %d" % self.process.returncode)


class Tally:
    def __init__(self):
        self.rendered = self.refused = self.wrong = 0

    def count(self, style, time_format, r, wanted, got):
        status, cut, body = got
        if wanted is None and status == "EFORMAT" and re.search(rb"offset \d+", body):
            self.refused += 1
        elif wanted is not None and status == "OK" and not cut and body == wanted:
            self.rendered += 1
        else:
            self.wrong += 1
            print("format  %r, time %r\n  python %r\n  ours   %s %r\n  record %r"
                  % (style, time_format, wanted, status, body, r))


def compare_random(program, zone, tally):
    os.environ["TZ"] = zone
    time.tzset()
    rng = random.Random("formats of " + zone)
    driver = Driver(program)
    for _ in range(CASES_PER_ZONE):
        style = some_format(rng)
        time_format = rng.choice(TIME_FORMATS)
        r = some_record(rng, positive_line=re.search(r"\).*c", style) is not None)
        wanted = by_python(style, time_format, r)
        tally.count(style, time_format, r, wanted, driver.ask(style, time_format, r))
    driver.close()


def compare_printable(program, tally):
    """repr of every character there is, where our table and Python's agree on the
    version of Unicode."""
    if unicodedata.unidata_version != "14.0.0":
        return
    driver = Driver(program)
    r = some_record(random.Random(1), True)
    for start in range(0, 0x110000, 0x1000):
        r["text"] = "".join(chr(c) for c in range(start, start + 0x1000)
                            if not 0xD800 <= c < 0xE000)
        for style in ("%(message)r", "%(message)a"):
            tally.count(style, "", r, by_python(style, "", r), driver.ask(style, "", r))
    driver.close()


def some_bytes(rng):
    return bytes(rng.choice([rng.randrange(256), 0x61, 0xC3, 0xA9, 0xE6, 0x97, 0xA5])
                 for _ in range(rng.randrange(30)))


def shown(text):
    """Bytes as json shows them: each that is not UTF-8 as U+FFFD."""
    return re.sub("[\udc80-\udcff]", "\ufffd", text.decode(errors="surrogateescape"))


def wanted_json(r):
    ours = ("time", "level", "logger", "topic", "msg", "source", "seq", "epoch", "pid", "host")
    second, rest = divmod(r["time_ns"], 10 ** 9)
    stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)) + ".%09dZ" % rest
    source = {"file": shown(r["file"]), "line": r["line"], "function": shown(r["function"])}
    pairs = [("time", stamp), ("level", shown(r["level_name"])), ("logger", shown(r["logger"])),
             ("topic", shown(r["topic"])), ("msg", shown(r["text"])),
             ("source", {key: value for key, value in source.items() if value}),
             ("seq", r["seq"]), ("epoch", "%016x" % r["epoch"]), ("pid", r["pid"]),
             ("host", shown(r["hostname"]))]
    pairs = [pair for pair in pairs if pair[0] not in ("logger", "host", "source") or pair[1]]
    return pairs + [(key + "_" if key.rstrip("_") in ours else key, json.loads(value))
                    for key, value in r["fields"]]


def compare_json(program, tally):
    """json bodies, whole and cut, as Python's parser reads them."""
    rng = random.Random("json")
    driver = Driver(program)
    for _ in range(1500):
        r = some_record(rng, positive_line=True)
        for name in ("level_name", "topic", "logger", "text", "file", "function", "hostname"):
            r[name] = some_bytes(rng)
        status, cut, body = driver.ask("json", "", r)
        pairs = json.loads(body, object_pairs_hook=list)
        whole = [(key, dict(value) if key == "source" else value) for key, value in pairs]
        alike = whole == [(key, value if key == "source" else json.loads(
            json.dumps(value), object_pairs_hook=list)) for key, value in wanted_json(r)]
        most = rng.randrange(256, len(body) + 20)
        _, short_cut, short = driver.ask("json", "", r, most)
        held = json.loads(short)
        fits = len(short) <= most and short_cut == (len(body) > most) and held["pid"] == r["pid"]
        if status == "OK" and not cut and alike and fits:
            tally.rendered += 1
        else:
            tally.wrong += 1
            print("json %r\n  ours %s %r\n  in %d: %r" % (r, status, body, most, short))
    driver.close()


def main():
    tally = Tally()
    for zone in ZONES:
        compare_random(sys.argv[1], zone, tally)
    compare_printable(sys.argv[1], tally)
    compare_json(sys.argv[1], tally)
    print("%d rendered alike, %d refused alike, %d wrong"
          % (tally.rendered, tally.refused, tally.wrong))
    return 1 if tally.wrong or tally.rendered < 2000 or tally.refused < 50 else 0


if __name__ == "__main__":
    sys.exit(main())
