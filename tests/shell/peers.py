# SPDX-License-Identifier: BSD-3-Clause
"""The command under test, and the peers it talks to. Whatever waits has a
deadline; nothing sleeps."""

import fcntl
import os
import pty
import queue
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import threading
import time
import unittest

import zmq

ZMQLOG = os.environ["ZMQLOG"]
PATIENCE = 30  # seconds; only a failing test waits for it


class Running:
    """A zmqlog process with its output in a pipe and its errors in a file."""

    def __init__(self, *words, stdin=None, stdout=subprocess.PIPE, env=None,
                 program=ZMQLOG):
        self.errors = tempfile.TemporaryFile()
        # Both processes share the file's offset: one appends, the other is told where
        # to read.
        flags = fcntl.fcntl(self.errors, fcntl.F_GETFL)
        fcntl.fcntl(self.errors, fcntl.F_SETFL, flags | os.O_APPEND)
        self.buffer = b""
        self.process = subprocess.Popen(
            [program, *words], stdin=stdin, stdout=stdout, stderr=self.errors,
            env={**os.environ, "TZ": "UTC", **(env or {})})

    def _more(self, stream, deadline):
        left = deadline - time.monotonic()
        ready, _, _ = select.select([stream], [], [], max(left, 0))
        if not ready:
            raise AssertionError(f"no output; errors: {self.said()!r}")
        return os.read(stream.fileno(), 1 << 16)

    def read_until(self, done):
        """Output up to where done(buffer) tells an end (not None)."""
        deadline = time.monotonic() + PATIENCE
        while done(self.buffer) is None:
            more = self._more(self.process.stdout, deadline)
            if not more:
                raise AssertionError(f"ended after {self.buffer!r}: {self.said()!r}")
            self.buffer += more
        end = done(self.buffer)
        got, self.buffer = self.buffer[:end], self.buffer[end:]
        return got

    def line(self):
        return self.read_until(lambda seen: seen.find(b"\n") + 1 or None)

    def lines(self, count):
        return [self.line() for _ in range(count)]

    def said(self):
        """Everything on standard error so far."""
        size = os.fstat(self.errors.fileno()).st_size
        return os.pread(self.errors.fileno(), size, 0).decode(errors="replace")

    def wait_said(self, text):
        deadline = time.monotonic() + PATIENCE
        while text not in self.said():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"{text!r} is not in {self.said()!r}")
            select.select([], [], [], 0.01)
        return self.said()

    def endpoint(self):
        """Where a process with --bind listens."""
        self.wait_said("\n")
        return self.said().split("listening on ")[1].split("\n")[0]

    def tell(self, number):
        self.process.send_signal(number)

    def end(self):
        """(exit code, rest of the output)"""
        rest, _ = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, self.buffer + (rest or b"")

    def interrupt(self):
        self.tell(signal.SIGINT)
        return self.end()

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.errors):
            if stream and not stream.closed:
                stream.close()


class Listener:
    """A bound SUB. It is read all the time: libzmq sends a SUB's subscriptions to
    a new peer only while the application is in one of the socket's calls."""

    def __init__(self, context, prefix):
        self.socket = context.socket(zmq.SUB)
        self.socket.rcvhwm = 0
        self.socket.subscribe(prefix)
        port = self.socket.bind_to_random_port("tcp://127.0.0.1")
        self.endpoint = f"tcp://127.0.0.1:{port}"
        self.got = queue.Queue()
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._run)
        self.thread.start()

    def _run(self):
        while not self.stopped.is_set():
            if self.socket.poll(20):
                self.got.put(self.socket.recv_multipart())

    def receive(self):
        return self.got.get(timeout=PATIENCE)

    def bodies(self, count):
        return [self.receive()[1] for _ in range(count)]

    def close(self):
        self.stopped.set()
        self.thread.join()
        self.socket.close(linger=0)


class Case(unittest.TestCase):
    def setUp(self):
        self.context = zmq.Context()
        self.directory = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, self.directory)
        self.addCleanup(self.context.destroy, linger=0)

    def path(self, name):
        return os.path.join(self.directory, name)

    def start(self, *words, **more):
        running = Running(*words, **more)
        self.addCleanup(running.close)
        return running

    def run_to_end(self, *words, feed=b"", **more):
        """(exit code, output, errors)"""
        done = subprocess.run([ZMQLOG, *words], input=feed, capture_output=True,
                              timeout=PATIENCE, **more)
        return done.returncode, done.stdout, done.stderr.decode()

    def xpub(self):
        socket = self.context.socket(zmq.XPUB)
        socket.sndhwm = 0
        self.addCleanup(socket.close, linger=0)
        return socket

    def publisher(self):
        """An XPUB, so that a test can wait for subscriptions, and its endpoint."""
        socket = self.xpub()
        port = socket.bind_to_random_port("tcp://127.0.0.1")
        return socket, f"tcp://127.0.0.1:{port}"

    def listener(self, prefix=b""):
        listener = Listener(self.context, prefix)
        self.addCleanup(listener.close)
        return listener

    def receive(self, socket):
        self.assertTrue(socket.poll(PATIENCE * 1000), "nothing to receive")
        return socket.recv_multipart()

    def subscriptions(self, socket, count):
        """The next messages of an XPUB, without their first byte, in order."""
        messages = [self.receive(socket)[0] for _ in range(count)]
        for message in messages:
            self.assertEqual(message[:1], b"\x01")
        return sorted(message[1:] for message in messages)

    def watch(self, *words, subscriptions=1, **more):
        """A publisher and a watch that has subscribed to it."""
        socket, endpoint = self.publisher()
        running = self.start("watch", endpoint, *words, **more)
        self.subscriptions(socket, subscriptions)
        return socket, running


class Terminal:
    """A zmqlog process with a terminal for output and errors."""

    def __init__(self, *words, env=None, columns=80):
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self.buffer = b""
        self.process = subprocess.Popen(
            [ZMQLOG, *words], stdin=slave, stdout=slave, stderr=slave,
            env={**os.environ, "TERM": "xterm", **(env or {})})
        os.close(slave)

    def read_until(self, text):
        deadline = time.monotonic() + PATIENCE
        while text not in self.buffer:
            left = max(deadline - time.monotonic(), 0)
            if not select.select([self.master], [], [], left)[0]:
                raise AssertionError(f"{text!r} is not in {self.buffer!r}")
            self.buffer += os.read(self.master, 4096)
        return self.buffer

    def rest(self):
        """All that it writes until it ends."""
        try:
            self.read_until(b"\0 never")
        except OSError:  # EIO: nobody has the terminal any more
            pass
        return self.buffer

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.master)
