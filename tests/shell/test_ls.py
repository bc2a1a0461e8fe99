# SPDX-License-Identifier: BSD-3-Clause
"""zmqlog ls, over pages as handlers write them and over what others put beside them."""

import json
import os
import re
import subprocess
import sys
import time
import unittest

from peers import Case, Terminal

LEVELS = {"10": "DEBUG", "20": "INFO", "30": "WARN", "40": "ERROR", "50": "CRITICAL"}


def ticks_of(pid):
    with open(f"/proc/{pid}/stat") as file:
        return int(file.read().rsplit(")", 1)[1].split()[19])


def fnv(data):
    value = 14695981039346656037
    for byte in data:
        value = (value ^ byte) * 1099511628211 % 2**64
    return value


def names(levels):
    return [LEVELS.get(str(level), f"L{level:02}") for level in levels]


class Pages(Case):
    def setUp(self):
        super().setUp()
        self.where = {"ZMQLOG_DIR": self.directory}

    def page(self, root, pid=None, n=1, version=1, name=None, text=None, **more):
        """A page of this process, or as told; its path without the suffix."""
        pid = os.getpid() if pid is None else pid
        stem = self.path(f"{root if name is None else name}.{pid}.{n}")
        who = {"root": root, "host": "h", "pid": pid, "start": "2026-01-02T03:04:05Z"}
        stats = {"listeners": 2, "prefixes": 3, "queue": {"used": 4, "bytes": 5},
                 "gate": names(range(30, 64)),
                 "counters": {"accepted": 12, "sent": 7, "dropped_queue": 2,
                              "dropped_timeout": 3}}
        body = {"ticks": ticks_of(os.getpid()),
                "hello": {**who, "version": "1.1.0", "style": "plain", "floor": 10,
                          "levels": LEVELS,
                          "endpoints": [f"ipc://{stem}.sock", "tcp://127.0.0.1:5556"]},
                "stats": {**who, **stats, **more.pop("stats", {})},
                "listeners": [{"address": "a", "key": "", "prefixes": ["x"]}]}
        body.update(more)
        data = json.dumps(body).encode() if text is None else text
        head = b"zmqlog-page %d %6d %016x\n" % (version, len(data), fnv(data))
        with open(stem + ".page", "wb") as file:
            file.write(head + data)
        return stem

    def dead_pid(self):
        """Of a process that was there once."""
        child = subprocess.Popen(["true"])
        child.wait()
        return child.pid

    def ls(self, *words):
        return self.run_to_end("ls", *words, env={**os.environ, **self.where})

    def found(self, *words):
        code, out, _ = self.ls("--format", "json", *words)
        self.assertEqual(code, 0)
        return [json.loads(line) for line in out.splitlines()]


class Ls(Pages):
    def test_a_program_is_listed_with_all_that_its_page_says(self):
        stem = self.page("app")
        self.assertEqual(self.found(), [{
            "program": "app", "pid": os.getpid(), "state": "running",
            "user": self.found()[0]["user"], "uid": os.geteuid(), "files": stem,
            "start": "2026-01-02T03:04:05Z", "version": "1.1.0", "style": "plain",
            "floor": 10, "levels": names(range(30, 64)), "listeners": 2, "prefixes": 3,
            "sent": 7, "dropped": 5, "queue_used": 4, "queue_bytes": 5,
            "counters": {"accepted": 12, "sent": 7, "dropped_queue": 2,
                         "dropped_timeout": 3},
            "endpoints": [f"ipc://{stem}.sock", "tcp://127.0.0.1:5556"],
            "listening": [{"address": "a", "key": "", "prefixes": ["x"]}]}])

    def test_text_has_a_line_for_each_and_no_colour(self):
        self.page("beta", stats={"gate": ["WARN"]})
        self.page("alpha")
        self.page("none", stats={"gate": []})
        code, out, _ = self.ls()
        lines = out.decode().splitlines()
        self.assertEqual(code, 0)
        self.assertNotIn(b"\x1b", out)
        self.assertEqual(lines[0].split(), ["PROGRAM", "PID", "USER", "UP", "LEVELS",
                                            "LISTENERS", "SENT", "DROPPED", "ENDPOINTS"])
        fields = [line.split() for line in lines[1:]]
        self.assertEqual([f[0] for f in fields], ["alpha", "beta", "none"])
        self.assertEqual([f[4] for f in fields], ["WARN+", "WARN", "none"])
        self.assertRegex(fields[0][3], r"^\d+d$")
        self.assertEqual(fields[0][5:], ["2", "7", "5", "local:", "tcp://127.0.0.1:5556"])

    def test_words_are_globs_over_roots_and_pids(self):
        for root in ("app.web", "app.db", "other"):
            self.page(root)
        self.assertEqual([p["program"] for p in self.found("app.*")], ["app.db", "app.web"])
        self.assertEqual(len(self.found(str(os.getpid()))), 3)
        code, out, _ = self.ls("nothing")
        self.assertEqual((code, out), (1, b""))

    def test_dead_ones_are_marked_once_and_removed(self):
        stem = self.page("dead", pid=self.dead_pid())
        other = self.page("reused", ticks=1)  # the id is another process's now
        live = self.page("live")
        states = {p["program"]: p["state"] for p in self.found()}
        self.assertEqual(states, {"dead": "dead", "reused": "dead", "live": "running"})
        self.assertFalse(os.path.exists(stem + ".page"))
        self.assertFalse(os.path.exists(other + ".page"))
        self.assertTrue(os.path.exists(live + ".page"))
        self.assertEqual([p["program"] for p in self.found()], ["live"])

    def test_dead_ones_with_a_recorder_stay_for_a_day(self):
        stem = self.page("dead", pid=self.dead_pid())
        open(stem + ".recorder", "w").close()
        self.assertEqual([p["state"] for p in self.found()], ["dead"])
        self.assertEqual([p["state"] for p in self.found()], ["dead"])
        yesterday = time.time() - 86500
        os.utime(stem + ".page", (yesterday, yesterday))
        self.found()
        self.assertEqual(os.listdir(self.directory), [])

    def test_a_program_whose_socket_answers_lives(self):
        stem = self.page("contained", pid=self.dead_pid())
        socket = self.xpub()
        socket.bind(f"ipc://{stem}.sock")
        self.assertEqual([p["state"] for p in self.found()], ["running"])
        os.unlink(stem + ".page")
        self.assertEqual([(p["program"], p["state"], "sent" in p) for p in self.found()],
                         [("contained", "running", False)])

    def test_pages_that_cannot_be_believed_say_nothing(self):
        path = self.page("mismatch", name="mismatch2") + ".page"
        os.rename(path, self.path(f"mismatch.{os.getppid()}.1.page"))
        self.page("newer", version=2)
        self.page("torn")
        with open(self.path(f"torn.{os.getpid()}.1.page"), "r+b") as file:
            file.truncate(200)
        self.page("huge", text=b"x" * 100000)
        self.page("list", text=b"[1]")
        self.page("empty", text=b"{}")
        self.page("odd", text=b'{"hello":{"root":5,"levels":[]},"stats":{"gate":{}}}')
        open(self.path(f"void.{os.getpid()}.1.page"), "w").close()
        for program in self.found():
            self.assertNotIn("sent", program, program["program"])
            self.assertIn(program["program"], ("mismatch", "newer", "torn",
                                               "huge", "list", "empty", "odd", "void"))

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to write as somebody else")
    def test_a_page_of_a_user_who_is_not_the_process_s_says_nothing(self):
        stem = self.page("forged")
        os.chown(stem + ".page", 65534, 65534)
        program, = self.found()
        self.assertEqual((program["program"], program["uid"]), ("forged", 65534))
        self.assertNotIn("sent", program)
        os.truncate(stem + ".page", 0)
        self.found()
        self.assertTrue(os.path.exists(stem + ".page"))

    def test_numbers_that_lie_are_numbers(self):
        self.page("liar", stats={"counters": {"sent": -5, "dropped_queue": 2**63 - 1,
                                              "dropped_oldest": 2**63 - 1},
                                 "listeners": "many", "queue": 7})
        program, = self.found()
        self.assertEqual((program["sent"], program["listeners"]), (0, 0))
        self.assertEqual(self.ls()[0], 0)
        self.assertEqual(self.ls("--format", "openmetrics")[0], 0)

    def test_what_is_no_page_is_left_alone(self):
        os.mkfifo(self.path("fifo.1.1.page"))
        os.mkdir(self.path("dir.1.1.page"))
        os.symlink("/etc/passwd", self.path("link.1.1.page"))
        os.symlink(self.page("real") + ".page", self.path("twin.1.1.page"))
        for name in ("page", ".page", "a.page", "a.1.page", "a.x.1.page", "a.1.x.page"):
            open(self.path(name), "w").close()
        before = sorted(os.listdir(self.directory))
        self.assertEqual([p["program"] for p in self.found()], ["real"])
        self.assertEqual(sorted(os.listdir(self.directory)), before)

    def test_names_with_newlines_and_escapes_are_shown_escaped(self):
        self.page("a\n\x1b[31mred\u202e\"\\", name="plain")
        open(self.path(f"x\n\x1b]0;y\x07\".{os.getpid()}.1.page"), "w").close()
        for words in ((), ("--format", "json"), ("--format", "openmetrics")):
            _, out, _ = self.ls(*words)
            text = out.decode()
            self.assertFalse(re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text), text)
        self.assertEqual(sorted(p["program"] for p in self.found()),
                         ["a\n\x1b[31mred\u202e\"\\", "x\n\x1b]0;y\x07\""])
        self.assertEqual(len(self.ls()[1].splitlines()), 3)

    def test_a_page_that_changes_all_the_time_is_whole_or_left_out(self):
        stem = self.page("busy")
        with open(stem + ".page", "rb") as file:
            good = file.read()
        writer = subprocess.Popen(
            [sys.executable, "-c",
             "import os, sys\n"
             "good = sys.stdin.buffer.read()\n"
             "fd = os.open(sys.argv[1], os.O_WRONLY)\n"
             "while True:\n"
             "    os.pwrite(fd, good[:300], 0); os.ftruncate(fd, 300)\n"
             "    os.pwrite(fd, good, 0); os.pwrite(fd, b'x' * 99999, len(good))\n"
             "    os.ftruncate(fd, len(good))\n", stem + ".page"], stdin=subprocess.PIPE)
        self.addCleanup(writer.wait)
        self.addCleanup(writer.kill)
        writer.stdin.write(good)
        writer.stdin.close()
        for _ in range(10):
            for program in self.found():
                self.assertEqual(program.get("sent", 7), 7)

    def test_usage(self):
        code, _, errors = self.ls("--format", "xml")
        self.assertEqual(code, 2)
        self.assertIn("--format takes text, json or openmetrics, not \"xml\"", errors)
        code, out, errors = self.ls()
        self.assertEqual((code, out), (0, b""))
        self.assertIn("no program", errors)

    def screen(self, columns):
        terminal = Terminal("ls", env=self.where, columns=columns)
        self.addCleanup(terminal.close)
        return terminal.rest().decode().replace("\r\n", "\n").splitlines()

    def test_screens_of_80_and_40_columns_are_kept(self):
        self.page("application.web", stats={"counters": {"sent": 123456789}})
        for columns in (80, 40):
            lines = self.screen(columns)
            self.assertIn("application.web", "\n".join(lines))
            self.assertIn("tcp://127.0.0.1:5556", "\n".join(lines))
            self.assertLessEqual(max(map(len, lines)), columns, lines)


SAMPLE = re.compile(r'(\w+)\{((?:\w+="(?:[^"\\\n]|\\["\\n])*",?)*)\} (-?\d+)$')
LABEL = re.compile(r'(\w+)="((?:[^"\\]|\\.)*)"')


def check_metrics(test, text):
    """The rules of OpenMetrics and of promtool: each family with help and type before
    its samples and in one piece, no sample twice, names without suffixes of other types.
    Returns samples by name and labels."""
    samples, kinds, helps, family, closed = {}, {}, {}, None, set()
    lines = text.split("\n")
    test.assertEqual(lines[-2:], ["# EOF", ""])
    for line in lines[:-2]:
        comment = re.match(r"# (HELP|TYPE) ([a-z][a-z0-9_]*) (.+)$", line)
        if comment:
            kind, name, rest = comment.groups()
            if name != family:
                test.assertNotIn(name, closed)
                closed.add(family)
                family = name
            (helps if kind == "HELP" else kinds)[name] = rest
            continue
        name, labels, value = SAMPLE.match(line).groups()
        test.assertEqual(name, family)
        test.assertEqual(kinds[name], "gauge")
        test.assertIn(name, helps)
        test.assertNotRegex(name, r"_(total|count|sum|bucket|info_info|created)$")
        test.assertNotRegex(name, r"counter|gauge|histogram|summary")
        key = (name, tuple(LABEL.findall(labels)))
        test.assertNotIn(key, samples)
        samples[key] = int(value)
    return samples


class Metrics(Pages):
    def samples(self):
        code, out, _ = self.ls("--format", "openmetrics")
        self.assertEqual(code, 0)
        return check_metrics(self, out.decode())

    def test_a_program_has_its_numbers(self):
        stem = self.page("app")
        who = (("program", "app"), ("pid", str(os.getpid())), ("files", stem))
        samples = self.samples()
        for name, value in (("up", 1), ("listeners", 2), ("prefixes", 3),
                            ("open_levels", 34), ("queue_used_bytes", 4),
                            ("queue_size_bytes", 5), ("start_time_seconds", 1767323045)):
            self.assertEqual(samples["zmqlog_program_" + name, who], value, name)
        self.assertEqual(
            samples["zmqlog_program_events", who + (("event", "sent"),)], 7)

    def test_rules_hold_for_many_strange_and_dead_ones_and_for_none(self):
        self.assertEqual(self.samples(), {})
        for n in range(1, 6):
            self.page('quote"\\\n', name=f"strange{n}", n=n)
        self.page("dead", pid=self.dead_pid())
        self.page("torn", text=b"{")
        names = [name for name, _ in self.samples()]
        self.assertEqual(names.count("zmqlog_program_sent"), 0)
        self.assertEqual(names.count("zmqlog_program_listeners"), 6)


if __name__ == "__main__":
    unittest.main()
