# SPDX-License-Identifier: BSD-3-Clause
"""zmqlog send against plain subscribers, as a filter and by itself."""

import json
import os
import random
import signal
import subprocess
import unittest

import zmq

from peers import Case, ZMQLOG


class Message(Case):
    def send(self, *words, **more):
        listener = self.listener()
        code, out, errors = self.run_to_end("send", "--connect", listener.endpoint, "--wait",
                                            *words, **more)
        self.assertEqual((code, out), (0, b""), errors)
        return listener

    def test_is_one_record(self):
        listener = self.send("--root", "app", "hello", "there::you")
        self.assertEqual(listener.receive(), [b"app.INFO", b"hello there::you"])

    def test_has_level_and_subtopic(self):
        listener = self.send("-l", "error", "-t", "net.http", "--root", "app", "x")
        self.assertEqual(listener.receive(), [b"app.ERROR.net.http", b"x"])

    def test_has_a_subtopic_as_long_as_a_topic_takes(self):
        listener = self.send("-t", "x" * 91, "--root", "r" * 100, "-l", "warn", "--level-name",
                             "30=WARNING", "y")
        self.assertEqual(listener.receive()[0], b"r" * 100 + b".WARNING." + b"x" * 91)

    def test_needs_no_root(self):
        self.assertEqual(self.send("x").receive(), [b"INFO", b"x"])

    def test_is_scanned_when_told(self):
        listener = self.send("--scan", "-t", "a", "b::c")
        self.assertEqual(listener.receive(), [b"INFO.a.b", b"c"])

    def test_takes_own_level_names(self):
        listener = self.send("--level-name", "30=WARNING", "-l", "warn", "x")
        self.assertEqual(listener.receive(), [b"WARNING", b"x"])

    def test_follows_the_style(self):
        listener = self.send("--style", "%(levelname)s-%(message)s", "x")
        self.assertEqual(listener.receive(), [b"INFO", b"INFO-x"])
        record = json.loads(self.send("--style", "json", "x").receive()[1])
        self.assertEqual((record["msg"], record["seq"]), ("x", 1))

    def test_may_begin_with_a_dash(self):
        self.assertEqual(self.send("--", "--x").receive()[1], b"--x")

    def test_reaches_those_who_connect(self):
        send = self.start("send", "--bind", "tcp://127.0.0.1:*", "--wait", "x")
        socket = self.context.socket(zmq.SUB)
        self.addCleanup(socket.close, linger=0)
        socket.subscribe(b"")
        socket.connect(send.endpoint())
        self.assertEqual(self.receive(socket), [b"INFO", b"x"])
        self.assertEqual(send.end(), (0, b""))

    def test_is_kept_for_a_listener_that_comes_in_time(self):
        listener = self.listener()
        self.assertEqual(self.run_to_end("send", "--connect", listener.endpoint, "x")[0], 0)
        self.assertEqual(listener.receive(), [b"INFO", b"x"])

    def test_without_listeners_is_no_failure_but_told(self):
        nobody = "ipc://" + self.path("n")
        note = "zmqlog send: nobody listened (--wait waits for somebody)\n"
        for words, feed, told in ((("x",), b"", note), ((), b"x\n", note), ((), b"", ""),
                                  (("-q", "x"), b"", ""), (("--tee",), b"x\n", "")):
            code, _, errors = self.run_to_end("send", "--connect", nobody, *words, feed=feed)
            self.assertEqual((code, errors), (0, told), words)

    def test_wait_for_nobody_is_124(self):
        code, _, errors = self.run_to_end("send", "--connect", "ipc://" + self.path("n"),
                                          "--wait=50", "--root", "app", "x")
        self.assertEqual((code, errors), (124, "zmqlog send: nobody listens to app.INFO\n"))

    def test_wait_ends_with_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            send = self.start("send", "--bind", "tcp://127.0.0.1:*", "--wait", "x")
            send.endpoint()
            send.tell(number)
            self.assertEqual(send.end(), (1, b""))
            self.assertTrue(send.said().endswith(
                "\nzmqlog send: interrupted while waiting for a listener\n"), send.said())


class Lines(Case):
    def feed(self, data, *words):
        """(listener, output) of a run over data."""
        listener = self.listener()
        code, out, self.errors = self.run_to_end("send", "--connect", listener.endpoint,
                                                 "--wait", *words, feed=data)
        self.assertEqual(code, 0, self.errors)
        return listener, out

    def start_filter(self, *words):
        listener = self.listener()
        send = self.start("send", "--connect", listener.endpoint, "--wait", *words,
                          stdin=subprocess.PIPE)
        return listener, send

    def write(self, send, data):
        send.process.stdin.write(data)
        send.process.stdin.flush()

    def test_are_records(self):
        listener, out = self.feed(b"one\n\nstd::vector\nlast")
        self.assertEqual(listener.bodies(4), [b"one", b"", b"std::vector", b"last"])
        self.assertEqual(out, b"")

    def test_may_hold_any_bytes(self):
        every = bytes(range(256)).replace(b"\n", b"")
        listener, out = self.feed(every + b"\n", "--tee")
        self.assertEqual(listener.bodies(1), [every])
        self.assertEqual(out, every + b"\n")

    def test_pass_through_unchanged(self):
        data = random.Random(1).randbytes(500000)
        listener, out = self.feed(data, "--tee", "--overflow", "block")
        self.assertEqual(out, data)
        lines = data.split(b"\n")
        self.assertEqual(listener.bodies(len(lines)), lines)

    def test_of_any_length_pass_through_and_are_cut_visibly(self):
        data = b"x" * 5000000 + b"\nshort"
        listener, out = self.feed(data, "--tee")
        self.assertTrue(out == data)
        long, short = listener.bodies(2)
        self.assertEqual(short, b"short")
        self.assertLessEqual(len(long), 1 << 20)
        self.assertTrue(long.startswith(b"x" * 1000000) and not long.endswith(b"x"))
        self.assertEqual(self.errors, "zmqlog send: 1 record was cut: too long\n")

    def test_nothing_is_no_record(self):
        listener, out = self.feed(b"", "--tee")
        self.assertEqual(out, b"")
        self.assertTrue(listener.got.empty())

    def test_are_not_lost_when_there_are_many(self):
        """More than queue and high-water mark hold, so that `block` has to wait."""
        count = 60000
        data = b"".join(b"%0100d\n" % number for number in range(count))
        listener, _ = self.feed(data)
        self.assertEqual(listener.bodies(count), data.split(b"\n")[:-1])

    def test_are_seen_as_they_come(self):
        listener, send = self.start_filter("--tee")
        for text in (b"one", b"two"):
            self.write(send, text + b"\n")
            self.assertEqual(send.line(), text + b"\n")
            self.assertEqual(listener.receive()[1], text)

    def test_go_on_after_the_interrupt_that_ends_the_program_in_front(self):
        listener, send = self.start_filter("--tee")
        self.write(send, b"one\n")
        self.assertEqual(listener.receive()[1], b"one")
        send.tell(signal.SIGINT)
        self.write(send, b"two\nlast words")
        self.assertEqual(send.lines(2), [b"one\n", b"two\n"])
        self.assertEqual(listener.receive()[1], b"two")
        self.assertEqual(send.end(), (0, b"last words"))
        self.assertEqual(listener.receive()[1], b"last words")

    def test_end_with_a_termination_and_lose_nothing(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                listener, send = self.start_filter()
                self.write(send, b"one\n")
                self.assertEqual(listener.receive()[1], b"one")
                self.write(send, b"two\nlast")
                send.tell(number)
                self.assertEqual(send.process.wait(timeout=30), 0)
                self.assertEqual(listener.bodies(2), [b"two", b"last"])

    def test_end_when_nobody_reads_what_passes_through(self):
        _, send = self.start_filter("--tee")
        send.process.stdout.close()
        self.assertEqual(send.process.wait(timeout=30), 0)

    def test_pass_through_even_if_nobody_ever_listens(self):
        code, out, _ = self.run_to_end("send", "--connect", "ipc://" + self.path("n"),
                                       "--tee", "--wait=10", feed=b"a\nb")
        self.assertEqual((code, out), (0, b"a\nb"))


    def test_that_nobody_missed_are_not_told(self):
        data = b"x" * 1000 + b"\n"
        code, out, errors = self.run_to_end("send", "--connect", "ipc://" + self.path("n"),
                                            "--tee", feed=data * 20000)
        self.assertEqual((code, errors), (0, ""))
        self.assertEqual(out, data * 20000)

    def test_that_cannot_be_read_or_passed_are_a_failure(self):
        endpoint = "ipc://" + self.path("n")
        for redirection in ("<&-", "</dev/null >&-", ">/dev/full"):
            done = subprocess.run(
                ["sh", "-c", f'echo x | {{ "$@" {redirection}; }}', "sh", ZMQLOG, "send",
                 "--tee", "--connect", endpoint], capture_output=True, timeout=30)
            wanted = 0 if "null" in redirection else 1
            self.assertEqual(done.returncode, wanted, (redirection, done.stderr))


class Pipeline(Case):
    def test_reaches_a_watch(self):
        endpoint = "ipc://" + self.path("log")
        watch = self.start("watch", "--bind", endpoint, "-n3", "--root", "app")
        watch.endpoint()
        code, out, errors = self.run_to_end("send", "--connect", endpoint, "--wait", "--root",
                                            "app", "--style", "json", "-t", "x", "--tee",
                                            feed=b"1\n2\n3\n")
        self.assertEqual((code, out), (0, b"1\n2\n3\n"), errors)
        self.assertEqual(watch.end(), (0, b"app.INFO.x | 1\napp.INFO.x | 2\napp.INFO.x | 3\n"))
        self.assertFalse(os.path.exists(self.path("log")))


if __name__ == "__main__":
    unittest.main()
