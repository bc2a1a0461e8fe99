# SPDX-License-Identifier: BSD-3-Clause
"""Processes that talk through pipes, read as they write. Whatever waits has a
deadline."""
import subprocess
import tempfile
import threading
import time

PATIENCE = 30  # seconds; only what has gone wrong takes that long


class Running:
    """A process whose output is gathered in `seen`."""

    def __init__(self, name, command, env=None):
        self.name = name
        self.seen = bytearray()
        self.ended = False
        self.news = threading.Condition()
        self.errors = tempfile.TemporaryFile()
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self.errors,
            env=env, bufsize=0)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while chunk := self.process.stdout.read(1 << 16):
            with self.news:
                self.seen += chunk
                self.news.notify_all()
        with self.news:
            self.ended = True
            self.news.notify_all()

    def fail(self, what):
        self.errors.seek(0)
        said = self.errors.read().decode(errors="replace")
        wrote = bytes(self.seen[-300:])
        raise AssertionError(f"{self.name}: {what}; it wrote {wrote!r}, said {said!r}")

    def wait(self, what, done, patience=PATIENCE):
        """Waits until done() of what was seen so far is true, and returns that."""
        limit = time.monotonic() + patience
        with self.news:
            while not (answer := done(self.seen)):
                left = limit - time.monotonic()
                if left <= 0 or self.ended:
                    return self.fail(f"no {what}")
                self.news.wait(left)
        return answer

    def has(self, done, seconds):
        """As wait, but the time may run out."""
        with self.news:
            return self.news.wait_for(lambda: done(self.seen), seconds)

    def first_line(self):
        end = self.wait("first line", lambda seen: seen.find(b"\n") + 1)
        return self.seen[:end - 1].decode()

    def said(self, text):
        """What was said on standard error, once that has `text` in it."""
        limit = time.monotonic() + PATIENCE
        while True:
            self.errors.seek(0)
            said = self.errors.read().decode(errors="replace")
            if text in said:
                return said
            if time.monotonic() > limit or self.process.poll() is not None:
                return self.fail(f"no {text!r}")
            with self.news:
                self.news.wait(0.01)

    def tell(self, line):
        self.process.stdin.write(line)

    def finish(self):
        """Closes its input; it has to end well."""
        self.process.stdin.close()
        if self.process.wait(PATIENCE) != 0:
            self.fail(f"exit status {self.process.returncode}")

    def kill(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.reader.join()
        for stream in self.process.stdin, self.process.stdout, self.errors:
            stream.close()
