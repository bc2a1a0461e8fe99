# SPDX-License-Identifier: BSD-3-Clause
"""The log systems behind zmqlog forward: Debian's own programs, started by hand on
free ports of the loopback interface, in a directory of the test's."""

import os
import select
import shutil
import signal
import socket
import subprocess
import time

from peers import Case, PATIENCE


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program(name):
    return shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin:/lib/systemd")


def wait_until(what, done, process=None):
    deadline = time.monotonic() + PATIENCE
    while not done():
        if time.monotonic() > deadline or (process and process.poll() is not None):
            raise AssertionError(what)
        select.select([], [], [], 0.01)


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Server:
    """A process that is ended by its id, and may be started again."""

    def __init__(self, case, *words, **more):
        self.words, self.more = words, more
        self.log = open(case.path("server.log"), "ab")
        self.process = None
        case.addCleanup(self.close)

    def start(self):
        self.process = subprocess.Popen(self.words, stdout=self.log, stderr=self.log,
                                        stdin=subprocess.DEVNULL, **self.more)
        return self

    def stop(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        self.process.wait(PATIENCE)

    def close(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log.close()


class Forwarding(Case):
    """A publisher whose only subscriber is a forward."""

    def forward(self, *words, subscriptions=1, **more):
        socket_, endpoint = self.publisher()
        running = self.start("forward", endpoint, *words, **more)
        self.subscriptions(socket_, subscriptions)
        return socket_, running

    def count(self, running, name):
        """One counter of the last line that tells them, and is whole: a write may be seen
        page by page."""
        lines = [line for line in running.said().split("\n")[:-1] if " taken, " in line]
        words = lines[-1].replace(",", "").split()
        return int(words[words.index(name) - 1])

    def counts(self, running):
        """What SIGUSR1 tells about the only sink."""
        before = running.said().count(" resent\n")
        running.tell(signal.SIGUSR1)
        wait_until("no counters", lambda: running.said().count(" resent\n") > before,
                   running.process)
        return {name: self.count(running, name) for name in
                ("taken", "delivered", "waiting", "dropped", "refused")}

    def wait_delivered(self, running, count):
        """Patience is for each step on the way."""
        delivered = -1
        while delivered < count:
            before = delivered
            wait_until(f"{delivered} of {count}",
                       lambda: self.counts(running)["delivered"] > before, running.process)
            delivered = self.counts(running)["delivered"]

    def end(self, running):
        """(exit code, what was said) after SIGTERM"""
        running.tell(signal.SIGTERM)
        code, _ = running.end()
        return code, running.said()
