# SPDX-License-Identifier: BSD-3-Clause
"""Every publisher to every subscriber, binding and connecting; README.md tells how.

usage: matrix.py ZMQLOG NAME=COMMAND...
  NAME is the peer's language; an empty COMMAND: it is not built, and skipped
"""
import contextlib
import importlib.util
import itertools
import json
import os
import shlex
import signal
import sys
import tempfile
import time

from cases import JSON, TEXTS, Case, Silent
from running import PATIENCE, Running

HERE = os.path.dirname(os.path.abspath(__file__))
FOREIGN = "pyzmq"
SYNC, BEGIN, END = b"sync", b"begin", b"end"


def say(text):
    return Case(("log", 20, text), text=text).line()


class Peer:
    """A subscriber that speaks the protocol."""

    def __init__(self, stack, name, command, mode, endpoint):
        self.name = name
        self.process = stack.enter_context(
            running(name + " sub", [*command, "sub", mode, endpoint]))

    def ready(self):
        self.process.first_line()

    def records(self):
        lines = bytes(self.process.seen).split(b"\n")[1:-1]
        return [json.loads(line) for line in lines]

    def has(self, text):
        wanted = b'"text":"' + text.hex().encode()
        return lambda seen: wanted in seen.replace(b'": "', b'":"')

    def frames(self):
        """(topic, text, what else the language knows) between BEGIN and END."""
        self.process.finish()
        found = [(bytes.fromhex(record["topic"]), bytes.fromhex(record["text"]), record)
                 for record in self.records()]
        texts = [text for _, text, _ in found]
        return found[texts.index(BEGIN) + 1:texts.index(END)]

    def check(self, wanted):
        got = self.frames()
        compare(self.name, [frames[:2] for frames in got], [w[:2] for w in wanted])
        for (_, text, record), (_, _, case, is_foreign) in zip(got, wanted):
            if "root" in record:
                self.check_decoded(record, case)
            if case.text is None and "fields" in record:
                self.check_parsed(record, json.loads(text), case)

    def check_decoded(self, record, case):
        got = (record["level"], bytes.fromhex(record["root"]),
               bytes.fromhex(record["subtopic"]))
        assert got == (case.level, case.root, case.subtopic), (self.name, case, got)

    def check_parsed(self, record, body, case):
        message = bytes.fromhex(record["msg"]).decode()
        assert message == body["msg"] == case.members["msg"], (self.name, message, body)
        fields = {key: record["fields"].get(key) for key in case.fields}
        assert fields == case.fields, (self.name, fields, case.fields)


class Watch:
    """`zmqlog watch`."""

    def __init__(self, stack, form, zmqlog, mode, endpoint):
        self.name = "watch --format " + form
        words = [zmqlog, "watch", endpoint, "--format", form]
        words += ["--level-name", "33=AUDIT"]
        self.mode = mode
        self.process = stack.enter_context(
            running(self.name, words + ["--bind"] * (mode == "bind")))

    def ready(self):
        if self.mode == "bind":
            self.process.said("listening on")

    def output(self):
        self.process.process.send_signal(signal.SIGINT)
        self.process.finish()
        return bytes(self.process.seen)


class WatchRaw(Watch):
    def has(self, text):
        return lambda seen: b"\t" + text + b"\n" in seen

    def check(self, wanted):
        lines = [topic + b"\t" + text + b"\n" for topic, text, *_ in wanted]
        output = self.output()
        begin = output.index(b"\t" + BEGIN + b"\n") + len(BEGIN) + 2
        got = output[begin:output.rindex(b"myprogram.INFO\t" + END + b"\n")]
        compare(self.name, [got], [b"".join(lines)])


class WatchJson(Watch):
    def has(self, text):
        return lambda seen: b'"msg":"' + text + b'"' in seen

    def check(self, wanted):
        records = [json.loads(line) for line in self.output().splitlines()]
        texts = [record["msg"].encode() for record in records]
        records = records[texts.index(BEGIN) + 1:texts.index(END)]
        assert len(records) == len(wanted), (self.name, len(records), len(wanted))
        for record, (topic, text, case, _) in zip(records, wanted):
            message = case.members.get("msg", text.decode(errors="replace"))
            got = [record[key] for key in ("topic", "root", "subtopic", "msg")]
            parts = (topic, case.root, case.subtopic)
            expected = [part.decode(errors="replace") for part in parts] + [message]
            assert got == expected, (self.name, got, expected)
            assert record["levelno"] == case.level, (self.name, record, case)
            fields = {key: record["fields"].get(key) for key in case.fields}
            assert fields == case.fields, (self.name, fields)


def compare(name, got, wanted):
    for index, (one, other) in enumerate(zip(got, wanted)):
        assert one == other, f"{name}: record {index}: got {one!r}, wanted {other!r}"
    assert len(got) == len(wanted), f"{name}: {len(got)} records, wanted {len(wanted)}"


@contextlib.contextmanager
def running(name, command):
    process = Running(name, command)
    try:
        yield process
    finally:
        process.kill()


def subscribers(stack, zmqlog, languages, mode, endpoints):
    """All of them, each at the next endpoint."""
    made = [Peer(stack, name, command, mode, next(endpoints))
            for name, command in languages.items() if name != "luajit"]
    made.append(WatchRaw(stack, "raw", zmqlog, mode, next(endpoints)))
    made.append(WatchJson(stack, "json", zmqlog, mode, next(endpoints)))
    return made


def start(stack, name, command, zmqlog, languages, mode, folder):
    """A publisher and its subscribers; the side that binds is started first."""
    if mode == "bind":
        publisher = stack.enter_context(
            running(name + " pub", [*command, "pub", mode, "tcp://127.0.0.1:*"]))
        endpoint = publisher.first_line().split("\t")[1]
        listeners = subscribers(stack, zmqlog, languages, "connect",
                                itertools.repeat(endpoint))
    else:
        places = [f"ipc://{folder}/{number}" for number in range(len(languages) + 2)]
        listeners = subscribers(stack, zmqlog, languages, "bind", iter(places))
        for listener in listeners:
            listener.ready()
        publisher = stack.enter_context(
            running(name + " pub", [*command, "pub", mode, *places[:len(listeners)]]))
        publisher.first_line()
    return publisher, listeners


def join(publisher, listeners):
    """Logs until everybody has heard something: then all are listening."""
    limit = time.monotonic() + PATIENCE
    missing = list(listeners)
    while missing:
        publisher.tell(say(SYNC))
        missing = [one for one in missing if not one.process.has(one.has(SYNC), 0.05)]
        assert time.monotonic() < limit, [one.name for one in missing]


def cases_for(name, words):
    """What this publisher can be told, and what it cannot."""
    chosen, skipped = [], set()
    for case in TEXTS + (JSON if "style" in words else []):
        if case.command[0] not in words:
            skipped.add(case.command[0])
        elif name != FOREIGN or case.foreign:
            chosen.append(case)
    return chosen, skipped


def expectations(name, cases, reference):
    """(topic, text, case, whether PUBHandler sent it); a json body is what the plain
    SUB got, once that has proved to be what was wanted."""
    wanted = []
    loud = [case for case in cases if not isinstance(case, Silent)]
    assert len(loud) == len(reference), (len(loud), len(reference), reference[-1][:2])
    for case, (_, text, _) in zip(loud, reference):
        topic = case.topic
        if name == FOREIGN:
            topic = topic.replace(b".WARN.", b".WARNING.")
        if case.text is None:
            body = json.loads(text)
            members = {**case.members, **case.fields}
            assert {key: body.get(key) for key in members} == members, (body, members)
        else:
            text = case.text
        wanted.append((topic, text, case, name == FOREIGN))
    return wanted


def run(name, command, zmqlog, languages, mode):
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        publisher, listeners = start(stack, name, command, zmqlog, languages, mode,
                                     folder)
        cases, skipped = cases_for(name, publisher.first_line().split("\t")[2:])
        join(publisher, listeners)
        for line in say(BEGIN), *(case.line() for case in cases), say(END):
            publisher.tell(line)
        for listener in listeners:
            listener.process.wait("end", listener.has(END))
        publisher.finish()
        reference = next(one for one in listeners if one.name == FOREIGN)
        wanted = expectations(name, cases, reference.frames())
        for listener in listeners:
            listener.check(wanted)
    print(f"{name:7} {mode:7} {len(wanted)} records to {len(listeners)} subscribers"
          + (f"; it has no {' '.join(sorted(skipped))}" if skipped else ""), flush=True)


def stock_watcher(command):
    """PyZMQ's own watcher shows our stream."""
    with contextlib.ExitStack() as stack:
        publisher = stack.enter_context(
            running("pub", [*command, "pub", "bind", "tcp://127.0.0.1:*"]))
        endpoint = publisher.first_line().split("\t")[1]
        watcher = stack.enter_context(running("zmq.log", [
            sys.executable, "-u", "-m", "zmq.log", endpoint, "-t", "myprogram"]))
        limit = time.monotonic() + PATIENCE
        while not watcher.has(lambda seen: SYNC in seen, 0.05):
            publisher.tell(say(SYNC))
            assert time.monotonic() < limit, "zmq.log shows nothing"
        texts = [case for case in TEXTS[:7]]
        for line in say(BEGIN), *(case.line() for case in texts), say(END):
            publisher.tell(line)
        watcher.wait("end", lambda seen: b"| end\n" in seen)
        lines = bytes(watcher.seen).split(b"| begin\n")[1].splitlines()[:-1]
        compare("zmq.log", lines, [
            case.topic.strip() + b" | " + case.text.strip() for case in texts])
        publisher.finish()
    print(f"python3 -m zmq.log shows {len(lines)} records as they are")


def main(zmqlog, *peers):
    if not importlib.util.find_spec("zmq"):
        print("SKIPPED: install python3-zmq")
        return 77
    languages = {}
    for peer in peers:
        name, _, command = peer.partition("=")
        if command:
            languages[name] = shlex.split(command)
        else:
            print(f"SKIPPED: {name}, which is not built")
    languages[FOREIGN] = [sys.executable, os.path.join(HERE, "peers", "peer.py")]
    for name, command in languages.items():
        for mode in "bind", "connect":
            run(name, command, zmqlog, languages, mode)
    stock_watcher(languages["c"])
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
