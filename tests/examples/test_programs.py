# SPDX-License-Identifier: BSD-3-Clause
"""Each program of docs/examples does what its first lines say."""

import os
import re
import shutil
import subprocess
import unittest

from programs import SOURCE, UNTIDY, ZMQLOG, Case, example, output_on, page


def without_chance(text):
    """What differs from run to run, and from machine to machine, replaced."""
    text = re.sub(r'"epoch":"[0-9a-f]{16}"', '"epoch":"EPOCH"', text)
    return re.sub(r'"pid":\d+,"host":"[^"]+"', '"pid":PID,"host":"HOST"', text)


def python_with_zmq():
    """An interpreter that can run PyZMQ's watcher, or None."""
    for python in filter(shutil.which, ("python3", "/usr/bin/python3")):
        if subprocess.run([python, "-c", "import zmq.log.handlers"], check=False,
                          stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


class Programs(Case):
    def test_pyzmqs_watcher_shows_what_the_page_says(self):
        python = python_with_zmq()
        if not python:
            self.skipTest("no PyZMQ")
        watcher = self.start(python, "-u", "-m", "zmq.log", self.ipc())
        self.run_to_end(ZMQLOG, "send", "--bind", self.ipc(), "--root", "app", "-t", "db",
                        "--wait", "hello there")
        self.assertEqual(watcher.line(), "app.INFO.db | hello there")

    def test_say_what_they_take(self):
        folder = os.path.join(SOURCE, "docs/examples")
        for name in sorted(os.listdir(folder)):
            usage = re.search(rf"^ \*     ({name[:-2]} [A-Z ]+[A-Z])", page(f"docs/examples/{name}"),
                              re.MULTILINE) if name.endswith(".c") else None
            if usage:
                running = self.start(example(name[:-2]))
                self.assertEqual(running.end(), (2, ""))
                self.assertEqual(running.said(), f"usage: {usage.group(1)}\n")

    def test_topics_makes_what_the_page_shows(self):
        self.assertEqual(self.run_to_end(example("topics")),
                         output_on("docs/wire.md", "examples/topics.c"))

    def test_styles_look_as_on_the_page(self):
        shown = output_on("docs/wire.md", "examples/styles.c")
        printed = self.run_to_end(example("styles"))
        self.assertIn("EPOCH", without_chance(shown))
        self.assertEqual(without_chance(printed), without_chance(shown))

    def test_verbosity_follows_as_on_the_page(self):
        self.assertEqual(self.run_to_end(example("verbosity")),
                         output_on("docs/guide.md", "examples/verbosity.c"))

    def test_fields_are_shown_as_on_the_page(self):
        self.assertEqual(self.run_to_end(example("fields")),
                         output_on("docs/guide.md", "examples/fields.c"))

    @unittest.skipUnless(os.path.exists(example("cpp_hello")), "without g++")
    def test_hello_in_cpp_prints_what_the_page_says(self):
        self.assertEqual(self.run_to_end(example("cpp_hello")),
                         output_on("docs/guide.md", "examples/hello.cpp"))

    def test_service_is_watched_until_sigterm(self):
        watch = self.start(example("watch"), self.ipc(), "shop")
        service = self.start(example("service"), self.ipc())
        self.assertEqual(watch.line(),
                         '20 shop [http] listening on port 8080 site="example.org"')
        self.assertEqual(self.stop(service), (0, ""), service.said())
        self.assertEqual(watch.end(), (0, '20 shop [http] stopping site="example.org"\n'))
        self.assertEqual(service.said(), "")

    def test_service_says_why_it_cannot_open(self):
        with open(self.path("log"), "w", encoding="utf-8"):
            pass
        service = self.start(example("service"), self.ipc())
        self.assertEqual(service.end(), (1, ""))
        self.assertIn("the path is a file", service.said())

    def test_poll_receives_beside_its_input(self):
        send = self.start(ZMQLOG, "send", "--bind", self.ipc(), "--root", "app", "--wait",
                          "one", "and", "two")
        self.wait_for_file(send, self.path("log"))
        poll = self.start(example("poll"), self.ipc(), stdin=subprocess.PIPE)
        self.assertEqual(poll.line(), "app.INFO | one and two")
        poll.process.stdin.close()
        self.assertEqual(poll.end(), (0, ""))

    def test_full_queue_loses_nothing(self):
        records = 200000
        full_queue = self.start(example("full_queue"), self.ipc(), str(records))
        self.wait_for_file(full_queue, self.path("log"))
        watch = self.start(ZMQLOG, "watch", self.ipc(), "-n", str(records))
        code, watched = watch.end()
        self.assertEqual(code, 0, watch.said())
        self.assertEqual(watched.splitlines(),
                         [f"INFO | record {i} of {records}" for i in range(1, records + 1)])
        self.assertEqual(full_queue.end(),
                         (0, f"sent: {records}\naccepted: {records} of {records}\n"))

    def test_relay_passes_records_on_and_ends_on_a_signal(self):
        publishers, subscribers = self.ipc(), "ipc://" + self.path("watchers")
        relay = self.start(example("relay"), publishers, subscribers)
        self.wait_for_file(relay, self.path("watchers"))
        watch = self.start(ZMQLOG, "watch", subscribers, "-n", "1")
        send = self.start(ZMQLOG, "send", "--connect", publishers, "--wait", "hello")
        self.assertEqual(watch.end()[0], 0, watch.said())
        self.assertEqual(send.end()[0], 0, send.said())
        self.assertEqual(self.stop(relay), (0, "1 records passed\n"))

    @unittest.skipIf("ZMQLOG_SANITIZED" in os.environ,
                     "ASan's allocator may be locked for ever in a forked child")
    def test_workers_log_to_a_collector(self):
        collect = self.start(example("collect"), self.ipc(), "5")
        self.wait_for_file(collect, self.path("log"))
        self.run_to_end(example("workers"), self.ipc(), env=UNTIDY)
        code, output = collect.end()
        self.assertEqual(code, 0, collect.said())
        self.assertEqual(sorted(output.splitlines()),
                         ["workers.INFO | done", "workers.INFO | starting 3 workers"] +
                         [f"workers.INFO | worker {i} works" for i in (1, 2, 3)])

    def test_attach_logs_through_a_socket_of_the_program(self):
        attach = self.start(example("attach"), self.ipc())
        self.wait_for_file(attach, self.path("log"))
        watch = self.start(ZMQLOG, "watch", self.ipc(), "-n1")
        self.assertEqual(watch.end(), (0, "app.INFO.db | hello\n"))
        self.assertEqual(attach.end(), (0, ""), attach.said())

    def test_curve_is_heard_by_those_it_knows(self):
        os.mkdir(self.path("keys"))
        for name in ("app", "keys/alice", "mallory"):
            self.run_to_end(ZMQLOG, "keygen", self.path(name))
        curve = self.start(example("curve"), self.ipc(), self.path("app"), self.path("keys"))
        self.wait_for_file(curve, self.path("log"))
        mallory = self.start(ZMQLOG, "watch", self.ipc(), "--server-key", self.path("app"),
                             "--key", self.path("mallory"), "--timeout", "1")
        self.assertEqual(mallory.end(), (124, ""))
        alice = self.start(ZMQLOG, "watch", self.ipc(), "--server-key", self.path("app"),
                           "--key", self.path("keys/alice"), "-n1")
        self.assertEqual(alice.end(), (0, "vault.INFO.door | opened\n"))
        self.assertEqual(curve.end(), (0, ""), curve.said())


if __name__ == "__main__":
    unittest.main()
