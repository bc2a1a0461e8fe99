# SPDX-License-Identifier: BSD-3-Clause
"""zmqlog keygen, and encryption from end to end."""

import os
import re
import shutil
import signal
import stat
import subprocess
import time
import unittest

import zmq.auth

from peers import Case, ZMQLOG


@unittest.skipUnless(zmq.has("curve"), "libzmq without CURVE")
class Keys(Case):
    def keygen(self, name):
        code, out, errors = self.run_to_end("keygen", self.path(name))
        self.assertEqual(code, 0, errors)
        return out.decode().strip()

    def setUp(self):
        super().setUp()
        os.mkdir(self.path("allowed"))

    def test_are_files_for_both_sides(self):
        public = self.keygen("me")
        self.assertEqual(len(public), 40)
        secret = self.path("me_secret")
        self.assertEqual(stat.S_IMODE(os.stat(secret).st_mode), 0o600)
        self.assertEqual(zmq.auth.load_certificate(self.path("me"))[0].decode(), public)
        self.assertIsNotNone(zmq.auth.load_certificate(secret)[1])

    def test_are_never_overwritten(self):
        public = self.keygen("me")
        code, out, errors = self.run_to_end("keygen", self.path("me"))
        self.assertEqual((code, out), (1, b""))
        self.assertTrue(errors.startswith("zmqlog keygen: "), errors)
        self.assertEqual(zmq.auth.load_certificate(self.path("me"))[0].decode(), public)

    def test_that_cannot_be_printed_are_told_to_be_there(self):
        for name, redirection, reason in (("full", ">/dev/full", "No space left on device"),
                                          ("closed", ">&-", "Bad file descriptor")):
            path = self.path(name)
            done = subprocess.run(["sh", "-c", f'"$@" {redirection}', "sh", ZMQLOG, "keygen", path],
                                  capture_output=True, timeout=30)
            self.assertEqual(done.returncode, 1)
            self.assertEqual(done.stderr.decode(), f"zmqlog keygen: standard output: {reason}; "
                             f"{path} and {path}_secret have been made\n")
            self.assertTrue(os.path.exists(path + "_secret"))

    def server_words(self):
        return "--key", self.path("server"), "--allow-keys", self.path("allowed")

    def client_words(self):
        return "--key", self.path("client"), "--server-key", self.path("server")

    def break_and_take_away(self, running):
        """A malformed file changes nothing and is told; then the key goes."""
        with open(self.path("allowed/broken"), "w", encoding="ascii") as broken:
            broken.write("nonsense")
        running.tell(signal.SIGHUP)
        running.wait_said("--allow-keys " + self.path("allowed"))
        os.remove(self.path("allowed/broken"))
        os.remove(self.path("allowed/client"))
        running.tell(signal.SIGHUP)

    def allow_client(self):
        self.keygen("server")
        self.keygen("client")
        shutil.copy(self.path("client"), self.path("allowed/client"))

    def test_that_are_taken_away_end_what_listens_to_a_relay(self):
        self.allow_client()
        relay = self.start("relay", "--publishers", "ipc://" + self.path("in"), "--subscribers",
                           "tcp://127.0.0.1:*", *self.server_words())
        relay.wait_said("for subscribers on ")
        relay.wait_said("\n")
        endpoint = relay.said().split("for subscribers on ")[1].split("\n")[0]
        watch = self.start("watch", endpoint, *self.client_words())
        send = self.start("send", "--connect", "ipc://" + self.path("in"), "--root", "app",
                          *self.client_words(), "--wait", "inside")
        self.assertEqual(watch.line(), b"app.INFO | inside\n")
        self.assertEqual(send.end()[0], 0)
        self.break_and_take_away(relay)
        watch.wait_said("it refuses this key or address")
        relay.tell(signal.SIGTERM)
        self.assertEqual(relay.end()[0], 0)

    def test_that_are_taken_away_end_what_publishes_to_a_watch(self):
        self.allow_client()
        path = self.path("records")
        watch = self.start("watch", "--bind", "tcp://127.0.0.1:*", "--output", path,
                           *self.server_words())
        send = self.start("send", "--connect", watch.endpoint(), *self.client_words(), "--wait",
                          stdin=subprocess.PIPE)
        send.process.stdin.write(b"inside\n")
        send.process.stdin.flush()
        while not os.path.exists(path) or os.path.getsize(path) == 0:
            time.sleep(0.01)
        os.rename(path, path + ".1")
        self.break_and_take_away(watch)
        while not os.path.exists(path):  # SIGHUP opens it again, too
            time.sleep(0.01)
        late = self.start("send", "--connect", watch.endpoint(), *self.client_words(),
                          "--wait=30000", "outside")
        late.wait_said("it refuses this key or address")
        watch.tell(signal.SIGTERM)
        self.assertEqual(watch.end()[0], 0)
        self.assertEqual(os.path.getsize(path), 0)

    def test_that_are_taken_away_end_what_publishes_to_a_record_or_a_forward(self):
        for words in (("record", "--dir", self.path("kept")),
                      ("forward", "--to", "syslog+tcp://127.0.0.1:1", "--linger", "0")):
            with self.subTest(words[0]):
                self.allow_client()
                running = self.start(*words, "--bind", "tcp://127.0.0.1:*",
                                     *self.server_words())
                running.wait_said("listening on ")
                send = self.start("send", "--connect", running.endpoint(),
                                  *self.client_words(), "--wait", "inside")
                self.assertEqual(send.end()[0], 0)
                self.break_and_take_away(running)
                late = self.start("send", "--connect", running.endpoint(),
                                  *self.client_words(), "--wait=30000", "outside")
                late.wait_said("it refuses this key or address")
                running.tell(signal.SIGTERM)
                running.end()
                for name in ("server", "client"):
                    os.remove(self.path(name))
                    os.remove(self.path(name + "_secret"))

    def test_let_the_allowed_listen(self):
        self.keygen("server")
        self.keygen("allowed/client")
        send = self.start("send", "--bind", "tcp://127.0.0.1:*", "--key", self.path("server"),
                          "--allow-keys", self.path("allowed"), "--wait", "secret")
        watch = self.start("watch", send.endpoint(), "--server-key", self.path("server"),
                           "--key", self.path("allowed/client"), "-n1")
        self.assertEqual(watch.end(), (0, b"INFO | secret\n"))
        self.assertEqual(send.end(), (0, b""))

    def test_let_the_allowed_publish(self):
        self.keygen("server")
        self.keygen("allowed/client")
        watch = self.start("watch", "--bind", "tcp://127.0.0.1:*", "--key",
                           self.path("server"), "--allow-keys", self.path("allowed"), "-n1")
        code, _, errors = self.run_to_end(
            "send", "--connect", watch.endpoint(), "--server-key", self.path("server"),
            "--key", self.path("allowed/client"), "--wait", "secret")
        self.assertEqual(code, 0, errors)
        self.assertEqual(watch.end(), (0, b"INFO | secret\n"))

    def test_of_anybody_do_when_told(self):
        self.keygen("server")
        send = self.start("send", "--bind", "tcp://127.0.0.1:*", "--key", self.path("server"),
                          "--allow-keys", "*", "--wait", "secret")
        watch = self.start("watch", send.endpoint(), "--server-key", self.path("server"), "-n1")
        self.assertEqual(watch.end(), (0, b"INFO | secret\n"))

    def test_that_are_not_allowed_hear_nothing(self):
        for name in ("server", "stranger", "allowed/client"):
            self.keygen(name)
        send = self.start("send", "--bind", "tcp://127.0.0.1:*", "--key", self.path("server"),
                          "--allow-keys", self.path("allowed"), "--wait", "secret")
        endpoint = send.endpoint()
        strangers = [
            self.start("watch", endpoint, "--timeout", "1"),
            self.start("watch", endpoint, "--server-key", self.path("server"), "--key",
                       self.path("stranger"), "--timeout", "1"),
            self.start("watch", endpoint, "--server-key", self.path("stranger"), "--key",
                       self.path("allowed/client"), "--timeout", "1")]
        for watch in strangers:
            self.assertEqual(watch.end(), (124, b""))
        self.assertIsNone(send.process.poll())

    def manual(self):
        """The manual's commands for two machines, as scripts for two directories."""
        with open(os.path.join(os.environ["ZMQLOG_SOURCE"], "docs/zmqlog.1"),
                  encoding="utf-8") as file:
            text = file.read().split("Collect from another machine")[1]
        for number, script in enumerate(re.findall(r"(?ms)^\.Bd.*?\n(.*?)^\.Ed", text)):
            there = self.path(("collector", "other")[number % 2])
            os.makedirs(there, exist_ok=True)
            script = re.sub("(?m)^zmqlog", ZMQLOG, script.replace("\\e", "\\"))
            yield f"set -e; cd {there}; {script}"

    def test_change_places_as_the_manual_says(self):
        copy = ('scp() { cp "$(echo "$1" | sed s,^collector:,../collector/,)" '
                '"$(echo "$2" | sed s,^collector:,../collector/,)"; }; ')
        here, there, watch, send = self.manual()
        for script in (here, copy + there):
            subprocess.run(["sh", "-c", script], check=True, capture_output=True, timeout=30)
        watch = watch.replace("tcp://*:5556", "tcp://127.0.0.1:*")
        watching = self.start("-c", watch.replace(ZMQLOG, "exec " + ZMQLOG), program="sh")
        send = send.replace("tcp://collector:5556", watching.endpoint())
        subprocess.run(["sh", "-c", send], check=True, capture_output=True, timeout=30)
        self.assertEqual(watching.line(), b"app.INFO | started\n")

    def test_are_needed_beyond_this_machine(self):
        code, _, errors = self.run_to_end("send", "--bind", "tcp://0.0.0.0:*", "x")
        self.assertEqual(code, 1)
        self.assertTrue(errors.startswith("zmqlog send: tcp://0.0.0.0:*: "), errors)
        code, _, errors = self.run_to_end("send", "--bind", "tcp://0.0.0.0:*", "--insecure", "x")
        self.assertEqual(code, 0, errors)

    def refused(self, *words):
        code, out, errors = self.run_to_end(*words)
        self.assertEqual((code, out), (1, b""))
        self.assertNotRegex(errors, r"auth|set_|allow_key\b")
        return errors

    def test_are_asked_for_in_the_commands_own_words(self):
        away = "tcp://0.0.0.0:*"
        self.assertIn("use 127.0.0.1 or ipc, or --key FILE --allow-keys DIR, or, if anybody "
                      "may read it, --insecure\n", self.refused("send", "--bind", away, "x"))
        self.assertIn("if anybody may send to it, --insecure\n",
                      self.refused("watch", "--bind", away))
        self.assertIn("or --server-key FILE, or, if anybody may read them, --insecure\n",
                      self.refused("send", "--connect", "tcp://192.0.2.1:5", "x"))

    def test_of_an_empty_directory_let_nobody_in(self):
        self.keygen("server")
        for words in (("watch", "--bind", "tcp://127.0.0.1:*"),
                      ("send", "x", "--bind", "tcp://127.0.0.1:*")):
            errors = self.refused(*words, "--key", self.path("server"), "--allow-keys",
                                  self.path("allowed"))
            self.assertIn(f"no public key is in --allow-keys {self.path('allowed')};", errors)
            self.assertIn("'*' for any key\n", errors)

    def test_that_make_no_sense_are_refused(self):
        self.keygen("me")
        me, endpoint = self.path("me"), "tcp://127.0.0.1:1"
        for words in (("watch", endpoint, "--key", me),
                      ("watch", endpoint, "--allow-keys", me),
                      ("watch", "--bind", endpoint, "--key", me),
                      ("watch", "--bind", endpoint, "--server-key", me),
                      ("send", "--bind", endpoint, "--allow-keys", me, "x")):
            code, _, errors = self.run_to_end(*words)
            self.assertEqual(code, 2, words)
            self.assertIn("key", errors)

    def test_that_are_not_there_are_refused(self):
        missing = self.path("missing")
        for words in (("--server-key", missing), ("--server-key", missing, "--key", missing)):
            code, _, errors = self.run_to_end("watch", "tcp://127.0.0.1:1", *words)
            self.assertEqual(code, 1)
            self.assertIn(missing, errors)

    def test_without_the_secret_half_are_not_ones_own(self):
        self.keygen("me")
        os.unlink(self.path("me_secret"))
        code, _, errors = self.run_to_end("watch", "tcp://127.0.0.1:1", "--server-key",
                                          self.path("me"), "--key", self.path("me"))
        self.assertEqual(code, 1)
        self.assertIn("no secret key", errors)


if __name__ == "__main__":
    unittest.main()
