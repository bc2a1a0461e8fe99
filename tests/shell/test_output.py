# SPDX-License-Identifier: BSD-3-Clause
"""What zmqlog watch says at its end is true, and --output survives what other programs
do to its file."""

import os
import re
import resource
import shutil
import signal
import subprocess
import time
import unittest

from peers import Case, ZMQLOG

HELLO = [b"app.INFO", b"hello"]


def counts(said):
    """The numbers of the last summary, by their words."""
    summary = [line for line in said.splitlines() if " received, " in line][-1]
    return {word: int(number) for number, word in
            re.findall(r"(\d+) (received|shown|dropped|not written)", summary)}


class Summary(Case):
    def flood(self, *words, **more):
        socket, watch = self.watch("--format", "raw", *words, **more)
        for number in range(4000):
            socket.send_multipart([b"a.INFO", b"%0200d" % number])
        return socket, watch

    def check(self, watch, lines):
        found = counts(watch.said())
        self.assertEqual(found["shown"], lines)
        self.assertEqual(found["received"], found["shown"] + found["not written"])
        self.assertGreater(found["not written"], 0)

    def test_tells_what_a_blocked_reader_never_got(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                _, watch = self.flood()
                got = watch.line()
                watch.tell(number)
                code, rest = watch.process.wait(timeout=30), watch.process.stdout.read()
                self.assertEqual(code, 0)
                self.check(watch, (got + watch.buffer + rest).count(b"\n"))

    def test_tells_what_a_reader_that_went_never_got(self):
        reader, writer = os.pipe()
        _, watch = self.flood(stdout=writer)
        os.close(writer)
        got = os.read(reader, 100)
        os.close(reader)
        self.assertEqual(watch.process.wait(timeout=30), 0)
        found = counts(watch.said())
        self.assertEqual(found["received"], found["shown"] + found["not written"])
        self.assertGreater(found["not written"], 0)
        self.assertTrue(got)

    def test_tells_what_a_full_disk_did_not_take(self):
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))

        socket, endpoint = self.publisher()
        with open(self.path("out"), "wb") as out:
            process = subprocess.Popen([ZMQLOG, "watch", endpoint, "--format", "raw"],
                                       stdout=out, stderr=subprocess.PIPE, preexec_fn=limit)
        self.addCleanup(process.kill)
        self.subscriptions(socket, 1)
        for number in range(1000):
            socket.send_multipart([b"a.INFO", b"%0200d" % number])
        _, errors = process.communicate(timeout=30)
        self.assertEqual(process.returncode, 1)
        found = counts(errors.decode())
        with open(self.path("out"), "rb") as out:
            self.assertEqual(out.read().count(b"\n"), found["shown"])
        self.assertEqual(found["received"], found["shown"] + found["not written"])

    def test_leaves_nothing_behind_that_a_file_would_have_taken(self):
        socket, watch = self.flood("--output", self.path("out"))
        watch.tell(signal.SIGTERM)
        self.assertEqual(watch.end(), (0, b""))
        found = counts(watch.said())
        with open(self.path("out"), "rb") as out:
            self.assertEqual(out.read().count(b"\n"), found["shown"])
        self.assertEqual(found["received"], found["shown"])


class Output(Case):
    def setUp(self):
        super().setUp()
        self.out = self.path("out.log")

    def read(self, name="out.log"):
        try:
            with open(self.path(name), "rb") as file:
                return file.read()
        except FileNotFoundError:
            return b""

    def wait(self, done):
        deadline = time.monotonic() + 30
        while not done():
            self.assertLess(time.monotonic(), deadline, os.listdir(self.directory))
            time.sleep(0.01)

    def watch_file(self, *words, **more):
        return self.watch("--output", self.out, "--format", "raw", *words, **more)

    def test_is_appended_to(self):
        with open(self.out, "wb") as file:
            file.write(b"before\n")
        socket, watch = self.watch_file("-n", "2")
        for _ in range(2):
            socket.send_multipart(HELLO)
        self.assertEqual(watch.end(), (0, b""))
        self.assertEqual(self.read(), b"before\n" + b"app.INFO\thello\n" * 2)

    def test_that_cannot_be_opened_is_a_failure(self):
        code, _, errors = self.run_to_end("watch", "ipc://" + self.path("x"), "-o",
                                          self.path("no/such"))
        self.assertEqual(code, 1)
        self.assertIn("--output " + self.path("no/such") + ": No such file", errors)

    def rotated(self, rotate, rounds=5):
        """Everything that was published while somebody rotated, in order."""
        socket, watch = self.watch_file()
        number = 0
        for turn in range(rounds):
            for _ in range(500):
                socket.send_multipart([b"a.INFO", b"%d" % number])
                number += 1
            rotate(watch, turn)
        watch.tell(signal.SIGTERM)
        self.assertEqual(watch.end(), (0, b""))
        found = counts(watch.said())
        self.assertEqual((found["received"], found["shown"]), (number, number))
        return number, watch

    def test_survives_being_renamed(self):
        def rename(watch, turn):
            os.rename(self.out, self.path(f"out.log.{turn}"))
            watch.tell(signal.SIGHUP)
            self.wait(lambda: os.path.exists(self.out))

        number, _ = self.rotated(rename)
        everything = b"".join(self.read(f"out.log.{turn}") for turn in range(5)) + self.read()
        self.assertEqual(everything,
                         b"".join(b"a.INFO\t%d\n" % each for each in range(number)))

    def test_survives_being_removed(self):
        socket, watch = self.watch_file()
        socket.send_multipart(HELLO)
        self.wait(self.read)
        os.unlink(self.out)
        socket.send_multipart(HELLO)
        self.wait(self.read)
        self.assertEqual(self.read(), b"app.INFO\thello\n")

    def test_goes_on_at_the_front_when_it_was_truncated_and_says_so(self):
        socket, watch = self.watch_file()
        for _ in range(3):
            socket.send_multipart(HELLO)
        self.wait(lambda: self.read().count(b"\n") == 3)
        os.truncate(self.out, 0)
        socket.send_multipart([b"a.INFO", b"x"])
        self.wait(self.read)
        self.assertEqual(self.read(), b"a.INFO\tx\n")
        watch.wait_said("it was truncated")

    def logrotate(self, *directives):
        config = self.path("config")
        with open(config, "w", encoding="utf-8") as file:
            file.write("\n".join([self.out + " {", "rotate 10", *directives, "}"]) + "\n")
        os.chmod(config, 0o600)
        subprocess.run(["logrotate", "-f", "-s", self.path("state"), config], check=True,
                       env={**os.environ, "PATH": os.environ["PATH"] + ":/usr/sbin"})

    @unittest.skipUnless(shutil.which("logrotate", path="/usr/sbin:/usr/bin"), "no logrotate")
    def test_loses_nothing_to_logrotate(self):
        def rotate(watch, turn):
            self.logrotate("nocreate", "postrotate", f"kill -HUP {watch.process.pid}",
                           "endscript")
            self.wait(lambda: os.path.exists(self.out))

        number, _ = self.rotated(rotate)
        everything = b"".join(self.read(f"out.log.{turn}") for turn in range(5, 0, -1))
        self.assertEqual(everything + self.read(),
                         b"".join(b"a.INFO\t%d\n" % each for each in range(number)))

    def test_waits_for_a_directory_that_went(self):
        os.mkdir(self.path("dir"))
        self.out = self.path("dir/out.log")
        socket, watch = self.watch_file()
        socket.send_multipart(HELLO)
        self.wait(lambda: self.read("dir/out.log"))
        shutil.rmtree(self.path("dir"))
        socket.send_multipart(HELLO)
        watch.wait_said("No such file or directory")
        socket.send_multipart(HELLO)
        os.mkdir(self.path("dir"))
        watch.wait_said("written again; 0 records found no room")
        self.wait(lambda: self.read("dir/out.log").count(b"\n") == 2)
        self.assertEqual(watch.said().count("No such file"), 1)

    def test_a_full_disk_is_told_once_and_what_found_no_room_is_counted(self):
        os.symlink("/dev/full", self.out)
        socket, watch = self.watch_file()
        for _ in range(40):
            socket.send_multipart([b"a.INFO", b"x" * 100000])
        watch.wait_said("No space left on device")
        watch.tell(signal.SIGTERM)
        self.assertEqual(watch.end(), (1, b""))
        self.assertEqual(watch.said().count("No space left"), 1)
        found = counts(watch.said())
        self.assertEqual((found["received"], found["shown"]), (found["not written"], 0))
        self.assertGreater(found["received"], 0)


class Mistakes(Case):
    def test_a_time_format_without_its_equals_sign_is_told(self):
        code, _, errors = self.run_to_end("watch", "ipc:///x", "--timestamp", "%H:%M")
        self.assertEqual(code, 2)
        self.assertIn("%H:%M is no endpoint; a time format is given with an equals sign: "
                      "--timestamp='%H:%M'", errors)


if __name__ == "__main__":
    unittest.main()
