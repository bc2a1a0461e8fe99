# SPDX-License-Identifier: BSD-3-Clause
"""A script that logs and exits loses nothing to a watcher that has been waiting for
longer than any back-off of its connection: N of N runs per language, binding and
connecting.

usage: exits.py ZMQLOG NAME=COMMAND...
"""
import collections
import concurrent.futures
import contextlib
import itertools
import os
import shlex
import socket
import subprocess
import sys
import time

from running import PATIENCE, Running

HERE = os.path.dirname(os.path.abspath(__file__))
HOLD = 0.5  # seconds that a handler waits for its first listener
EXCUSES_MAX = 10
EXCUSES = iter(range(1, EXCUSES_MAX + 1))
RUNS = 50
WAITED = 20  # seconds
LINES = [b"line %d" % number for number in range(1, 6)]


def reserve(stack):
    """A free port that stays ours: a bound socket keeps other programs away. It does
    not listen, so a publisher can still bind there, because libzmq reuses addresses."""
    place = stack.enter_context(socket.socket())
    place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    place.bind(("127.0.0.1", 0))
    return f"tcp://127.0.0.1:{place.getsockname()[1]}"


@contextlib.contextmanager
def watching(zmqlog, *words):
    watcher = Running("watch", [zmqlog, "watch", "--format", "raw", *words])
    try:
        yield watcher
    finally:
        watcher.kill()


def stolen():
    """Seconds since boot that another system on the same machine had the processors."""
    with contextlib.suppress(OSError, IndexError), open("/proc/stat") as lines:
        return int(lines.readline().split()[8]) / os.sysconf("SC_CLK_TCK")
    return 0


def pressure():
    """Seconds since boot in which a process had to wait for a processor or a disk."""
    total = stolen()
    for resource in "cpu", "io":
        with contextlib.suppress(OSError), open("/proc/pressure/" + resource) as lines:
            total += int(lines.readline().rsplit("=", 1)[1]) / 1e6
    return total


def call(command, mode, endpoint, root):
    """Runs a script; how long that took, and how much of it the machine was busy."""
    begin, waited = time.monotonic(), pressure()
    done = subprocess.run([*command, "script", mode, endpoint, root], timeout=PATIENCE,
                          stdin=subprocess.DEVNULL, capture_output=True, check=False)
    if done.returncode or done.stderr:
        raise AssertionError(f"{root}: {done.returncode}: {done.stderr.decode()}")
    took = time.monotonic() - begin
    return took, (pressure() - waited) / took


def lines_of(watcher, root):
    topic = root.encode() + b".INFO\t"
    return [line[len(topic):] for line in bytes(watcher.seen).split(b"\n")
            if line.startswith(topic)]


def run_all(mode, watcher, scripts, spare):
    """Runs scripts, each (language, command, root), one after the other; how many of
    each language were complete. A script that lost all its lines has one excuse: it
    waited for its listener as long as it should, and the machine was too busy for the
    listener to connect. It tries again, a few times."""
    good = collections.Counter()
    for name, command, root in scripts:
        while True:
            took, busy = call(command, mode, next(spare), root)
            watcher.has(lambda seen: len(lines_of(watcher, root)) >= len(LINES), 2)
            got = lines_of(watcher, root)
            if got == LINES:
                good[name] += 1
                break
            print(f"{root} {mode}: {got} arrived in {took:.3f} s, busy {busy:.0%}")
            if got or took < HOLD or busy < 0.5 or not (again := next(EXCUSES, None)):
                break
            root = f"{root}.{again}"
    return good


def report(mode, languages, good):
    for name in languages:
        print(f"{name:7} {mode:7} {good[name]} of {RUNS}")
    return RUNS * len(languages) - good.total()


def measure(languages, zmqlog):
    with contextlib.ExitStack() as stack:
        scripts = [(name, command, f"{name}.{number}")
                   for name, command in languages.items() for number in range(RUNS)]
        places = [reserve(stack) for _ in range(len(scripts) + EXCUSES_MAX)]
        outward = stack.enter_context(watching(zmqlog, *places))
        inward = stack.enter_context(watching(zmqlog, "--bind", "tcp://127.0.0.1:*"))
        endpoint = inward.said("listening on").split("listening on ")[1].split("\n")[0]
        time.sleep(WAITED)  # what is tested: that they have been waiting
        with concurrent.futures.ThreadPoolExecutor() as pool:
            bind = pool.submit(run_all, "bind", outward, scripts, iter(places))
            connect = pool.submit(run_all, "connect", inward, scripts,
                                  itertools.repeat(endpoint))
            return (report("bind", languages, bind.result())
                    + report("connect", languages, connect.result()))


def main(arguments):
    zmqlog, *peers = arguments
    languages = {}
    for peer in peers:
        name, _, command = peer.partition("=")
        if command:
            languages[name] = shlex.split(command)
        else:
            print(f"SKIPPED: {name}, which is not built")
    languages["python"] = [sys.executable, os.path.join(HERE, "peers", "script.py")]
    return measure(languages, zmqlog)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
