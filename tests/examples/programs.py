# SPDX-License-Identifier: BSD-3-Clause
"""Starts example programs and the command, and talks to them. Whatever waits has
a deadline; nothing sleeps."""

import contextlib
import os
import re
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import textwrap
import time
import unittest

SOURCE = os.environ["ZMQLOG_SOURCE"]
BUILD = os.environ["ZMQLOG_BUILD"]
PROGRAMS = os.environ["ZMQLOG_EXAMPLES"]
ZMQLOG = os.environ["ZMQLOG"]
PATIENCE = 30  # seconds; only a failing test waits for it
# Programs that leave something to the end of the process, or that have inherited
# memory they must not touch.
UNTIDY = {"ASAN_OPTIONS": "detect_leaks=0"}


def example(name):
    return os.path.join(PROGRAMS, "example_" + name)


def page(name):
    with open(os.path.join(SOURCE, name), encoding="utf-8") as file:
        return file.read()


def section(text, title):
    """What stands below a heading, up to the next one."""
    return re.split(r"(?m)^#+ ", text.split(f"# {title}\n", 1)[1])[0]


def blocks(text, language):
    """The fenced blocks of a language, without the indentation all lines share."""
    found = re.findall(rf"(?ms)^```{language}\n(.*?)^```$", text)
    return [textwrap.dedent(block) for block in found]


def output_on(page_name, program):
    """What a page says that a program prints."""
    mark = f"<!-- output of {program} -->\n"
    return blocks(page(page_name).split(mark, 1)[1], "text")[0]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Running:
    """A process with its output in a pipe and its errors in a file."""

    def __init__(self, *words, env=None, **more):
        self.errors = tempfile.TemporaryFile()
        self.buffer = b""
        self.process = subprocess.Popen(
            words, stdout=subprocess.PIPE, stderr=self.errors, start_new_session=True,
            env={**os.environ, "TZ": "UTC", **(env or {})}, **more)

    def _more(self, deadline):
        left = max(deadline - time.monotonic(), 0)
        if not select.select([self.process.stdout], [], [], left)[0]:
            raise AssertionError(f"no output; errors: {self.said()!r}")
        return os.read(self.process.stdout.fileno(), 1 << 16)

    def line(self):
        deadline = time.monotonic() + PATIENCE
        while b"\n" not in self.buffer:
            more = self._more(deadline)
            if not more:
                raise AssertionError(f"ended after {self.buffer!r}: {self.said()!r}")
            self.buffer += more
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line.decode()

    def said(self):
        """Everything on standard error so far."""
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")

    def end(self):
        """(exit code, the rest of the output)"""
        deadline = time.monotonic() + PATIENCE
        while True:
            more = self._more(deadline)
            if not more:
                break
            self.buffer += more
        code = self.process.wait(PATIENCE)
        return code, self.buffer.decode()

    def close(self):
        # With the children it may have forked.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process.stdout.close()
        self.errors.close()


class Case(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="zmqlog-")
        self.addCleanup(shutil.rmtree, self.folder)

    def path(self, name):
        return os.path.join(self.folder, name)

    def ipc(self, name="log"):
        return "ipc://" + self.path(name)

    def start(self, *words, **more):
        running = Running(*words, **more)
        self.addCleanup(running.close)
        return running

    def run_to_end(self, *words, **more):
        """The output of a program that must succeed."""
        running = self.start(*words, **more)
        code, output = running.end()
        self.assertEqual(code, 0, running.said())
        return output

    def wait_for(self, running, what, done):
        """Until done() is true, or the process has ended."""
        deadline = time.monotonic() + PATIENCE
        while not done():
            ended = running.process.poll() is not None
            if ended or time.monotonic() > deadline:
                self.fail(f"{what}: {running.said()!r}")
            select.select([], [], [], 0.01)

    def wait_for_file(self, running, path):
        self.wait_for(running, f"no {path}", lambda: os.path.exists(path))

    def stop(self, running, number=signal.SIGTERM):
        running.process.send_signal(number)
        return running.end()
