# SPDX-License-Identifier: BSD-3-Clause
"""zmqlog watch against publishers of all kinds, hostile ones included."""

import codecs
import json
import logging
import os
import random
import signal
import sys
import unittest

import zmq
from zmq.log.handlers import PUBHandler

from peers import Case, PATIENCE, ZMQLOG

# Python's own "replace" takes several bytes together.
codecs.register_error("each byte", lambda error: ("\ufffd" * (error.end - error.start), error.end))

HELLO = [b"app.INFO", b"hello"]


def body(**members):
    return json.dumps(members).encode()


class Text(Case):
    def test_shows_what_pyzmq_sends(self):
        socket, watch = self.watch()
        logger = logging.Logger("test")
        handler = PUBHandler(socket)
        handler.root_topic = "app"
        logger.addHandler(handler)
        logger.info("plain")
        logger.info("net.http::split %d", 1)
        logger.warning("careful")
        self.assertEqual(watch.line(), b"app.INFO | plain\n")
        self.assertEqual(watch.line(), b"app.INFO.net.http | split 1\n")
        self.assertRegex(watch.line(), rb"^app.WARNING \| WARNING test_watch.py:\d+ - careful\n$")

    def test_shows_a_stack_trace_behind_a_gutter(self):
        socket, watch = self.watch()
        socket.send_multipart([b"app.ERROR", b"boom\nTraceback:\n  File \"x\"\n"])
        self.assertEqual(watch.lines(3), [b"app.ERROR | boom\n", b"    | Traceback:\n",
                                          b"    |   File \"x\"\n"])

    def test_obeys_no_control_characters(self):
        socket, watch = self.watch()
        socket.send_multipart([b"a\x1b[2J\n.INFO", b"\x1b]0;x\x07\r\xff\xc2\x9b1m\xe2\x80\xae"])
        self.assertEqual(watch.line(), b"a\\x1b[2J\\n.INFO | "
                         b"\\x1b]0;x\\x07\\r\\xff\\u009b1m\\u202e\n")

    def test_shows_json_bodies_with_their_fields(self):
        socket, watch = self.watch()
        socket.send_multipart([b"app.INFO", body(
            time="2026-01-02T03:04:05.678901234Z", level="INFO", topic="app.INFO",
            msg="done", seq=1, epoch="0" * 15 + "a", pid=7, host="h",
            path="/x", why="no room", n=3, group={"a": [1]})])
        self.assertEqual(watch.line(), b'app.INFO | done  path=/x why="no room" n=3 '
                         b'group={"a":[1]}\n')

    def test_shows_other_json_as_it_came(self):
        socket, watch = self.watch()
        for text in (b'{"a":1}', b"{broken", b'{"msg":1}'):
            socket.send_multipart([b"app.INFO", text])
            self.assertEqual(watch.line(), b"app.INFO | " + text + b"\n")

    def test_takes_the_publishers_time_before_that_of_arrival(self):
        socket, watch = self.watch("--timestamp")
        socket.send_multipart([b"app.INFO", body(time="2026-01-02T03:04:05.678901234Z", msg="m")])
        socket.send_multipart(HELLO)
        self.assertEqual(watch.line(), b"2026-01-02 03:04:05.678 app.INFO | m\n")
        self.assertRegex(watch.line(), rb"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} app.INFO \| hello\n$")

    def test_writes_times_as_told(self):
        socket, watch = self.watch("--timestamp=[%d.%m. %6N]")
        socket.send_multipart([b"app.INFO", body(time="2026-01-02T03:04:05.678901234Z", msg="m")])
        self.assertEqual(watch.line(), b"[02.01. 678901] app.INFO | m\n")

    def test_aligns_columns(self):
        socket, watch = self.watch("--align")
        for topic in (b"app.WARN.net", b"b.INFO", b"app.INFO.x"):
            socket.send_multipart([topic, b"m"])
        self.assertEqual(watch.lines(3), [b"app WARN     net | m\n",
                                          b"b   INFO         | m\n",
                                          b"app INFO     x   | m\n"])

    def test_colors_levels_when_told(self):
        socket, watch = self.watch("--color", "always", "--align")
        socket.send_multipart([b"app.ERROR", b"m"])
        self.assertEqual(watch.line(), b"app \x1b[31mERROR\x1b[0m    | m\n")

    def test_separates_as_told(self):
        socket, watch = self.watch("--separator", ": ")
        socket.send_multipart(HELLO)
        self.assertEqual(watch.line(), b"app.INFO: hello\n")


class Json(Case):
    def test_has_the_documented_keys(self):
        socket, watch = self.watch("--format", "json")
        socket.send_multipart([b"app.WARNING.db.x", b"slow\n"])
        shown = json.loads(watch.line())
        self.assertRegex(shown.pop("received"), r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$")
        self.assertEqual(shown, {"time": None, "level": "WARNING", "levelno": 30,
                                 "topic": "app.WARNING.db.x", "root": "app",
                                 "subtopic": "db.x", "msg": "slow\n"})

    def test_passes_on_what_a_json_body_tells(self):
        socket, watch = self.watch("--format", "json")
        members = dict(time="2026-01-02T03:04:05.678901234Z", level="INFO", logger="l",
                       topic="app.INFO", msg="m", seq=5, epoch="00000000000000aa",
                       source={"file": "a.c", "line": 3, "function": "f"}, pid=7,
                       deep={"a": [1, None, "\u202e"]})
        socket.send_multipart([b"app.INFO", json.dumps(members, indent=1).encode()])
        line = watch.line()
        shown = json.loads(line)
        for key in ("time", "logger", "seq", "epoch", "source", "msg"):
            self.assertEqual(shown[key], members[key])
        self.assertEqual(shown["fields"], {"pid": 7, "deep": {"a": [1, None, "\u202e"]}})
        self.assertNotIn("\u202e", line.decode())

    def test_is_valid_whatever_comes(self):
        socket, watch = self.watch("--format", "json")
        every = bytes(range(256))
        socket.send_multipart([every, every])
        line = watch.line()
        shown = json.loads(line)
        self.assertTrue(shown["invalid_utf8"])
        self.assertIsNone(shown["level"])
        self.assertEqual(shown["msg"], every.decode(errors="replace"))
        self.assertNotIn(b"\x1b", line)

    def test_tells_losses(self):
        socket, watch = self.watch("--format", "json")
        for seq in (1, 2, 5, 5):
            socket.send_multipart([b"app.INFO", body(msg="m", seq=seq, epoch="00000000000000aa")])
        lost = [json.loads(line).get("lost") for line in watch.lines(4)]
        self.assertEqual(lost, [None, None, 2, None])
        self.assertEqual(watch.interrupt()[0], 0)
        self.assertIn("zmqlog watch: 2 lost, the last before a record of app.INFO\n", watch.said())
        self.assertIn("2 lost, 1 duplicates, 0 dropped", watch.said())


class Raw(Case):
    def test_changes_nothing(self):
        socket, watch = self.watch("--format", "raw")
        every = bytes(range(256)) * 4
        socket.send_multipart([b"app.INFO", every])
        wanted = b"app.INFO\t" + every + b"\n"
        self.assertEqual(watch.read_until(
            lambda seen: len(wanted) if len(seen) >= len(wanted) else None), wanted)

    def test_shows_json_bodies_as_they_came(self):
        socket, watch = self.watch("--format", "raw", "--separator", "=", "-g", "epoch")
        text = body(msg="m", epoch="00000000000000aa", seq=1)
        socket.send_multipart([b"app.INFO", text])
        self.assertEqual(watch.line(), b"app.INFO=" + text + b"\n")

    def test_takes_a_megabyte(self):
        socket, watch = self.watch("--format", "raw", "-n", "3")
        text = os.urandom(1 << 20).replace(b"\n", b" ")
        for _ in range(3):
            socket.send_multipart([b"app.INFO", text])
        self.assertEqual(watch.lines(3), [b"app.INFO\t" + text + b"\n"] * 3)
        self.assertEqual(watch.end(), (0, b""))


class Hostile(Case):
    def test_frames_of_any_number_are_counted_not_shown(self):
        socket, watch = self.watch()
        for frames in ([b"app.INFO"], [b"app.INFO", b"x", b"y"], [b""], [b"", b"", b""]):
            socket.send_multipart(frames)
        socket.send_multipart(HELLO)
        self.assertEqual(watch.line(), b"app.INFO | hello\n")
        self.assertEqual(watch.interrupt(), (0, b""))
        self.assertIn("1 received, 1 shown, 4 malformed, 0 lost, 0 duplicates, 0 dropped",
                      watch.said())

    def test_empty_frames_are_a_record(self):
        socket, watch = self.watch()
        socket.send_multipart([b"", b""])
        self.assertEqual(watch.line(), b"- | \n")

    def test_no_body_makes_a_line_that_looks_like_a_record(self):
        socket, watch = self.watch()
        for end in (b"\n", b"\r", b"\x0b", b"\x0c", b"\x1c", b"\xc2\x85",
                    b"\xe2\x80\xa8", b"\xe2\x80\xa9", b"\x85"):
            socket.send_multipart([b"app.INFO", b"x" + end + b"app.ERROR | forged"])
        socket.send_multipart([b"end", b""])
        shown = watch.read_until(lambda seen: len(seen) if b"end | \n" in seen else None)
        for line in shown.decode(errors="replace").splitlines():
            self.assertRegex(line, r"^(app\.INFO \| |    \| |end \| )")


    def noise(self, count):
        """Records of bytes that mean something to terminals, UTF-8 or JSON."""
        pieces = [b"\n", b"\r", b"\x1b[", b"\xc2\x9b", b"\xe2\x80\xae", b"\xe2\x80", b"\xff",
                  b"\xf0\x9f\x90\x9f", b" | ", b"    | ", b"{", b"}", b'"', b"\\", b"\\u00",
                  b'{"msg":"', b'","x":"', b":", b",", b"1", b"a", b"INFO", b".", b"\0", b"\t"]
        chance = random.Random(7)
        for _ in range(count):
            yield [b"".join(chance.choices(pieces, k=chance.randrange(most)))
                   for most in (5, 12)]

    def test_noise_stays_behind_gutters(self):
        socket, watch = self.watch()
        count = 0
        for frames in self.noise(1000):
            socket.send_multipart(frames)
            count += 1
        socket.send_multipart([b"end", b""])
        shown = watch.read_until(lambda seen: len(seen) if b"\nend | \n" in seen else None)
        lines = shown.decode().split("\n")[:-1]
        self.assertEqual(sum(not line.startswith("    | ") for line in lines), count + 1)
        self.assertNotRegex(shown.decode(), "[\0-\b\v-\x1f\x7f-\x9f\u2028-\u202e]")

    def test_noise_is_json(self):
        socket, watch = self.watch("--format", "json")
        for frames in self.noise(1000):
            socket.send_multipart(frames)
        for topic, text in self.noise(1000):
            shown = json.loads(watch.line())
            self.assertEqual(shown["topic"], topic.decode(errors="each byte"))
            if "fields" not in shown and not text.startswith(b'{"msg'):
                self.assertEqual(shown["msg"], text.decode(errors="each byte"))


class Local(Case):
    """Programs of this machine, without an endpoint: XPUB sockets with names as
    handlers give them."""

    def setUp(self):
        super().setUp()
        self.where = {"ZMQLOG_DIR": self.directory}

    def program(self, root, pid=1):
        socket = self.xpub()
        path = self.path(f"{root}.{pid}.1.sock")
        socket.bind(f"ipc://{path}")
        os.chmod(path, 0o600)  # as handlers do, once somebody can connect
        return socket

    def poller(self, sockets):
        poller = zmq.Poller()
        for socket in sockets:
            poller.register(socket, zmq.POLLIN)
        return poller

    def test_all_of_them_are_watched_also_those_that_come(self):
        watch = self.start("watch", env=self.where)
        first = self.program("first")
        self.assertEqual(self.subscriptions(first, 1), [b""])
        second = self.program("second")
        self.assertEqual(self.subscriptions(second, 1), [b""])
        for socket, topic in ((first, b"first.INFO"), (second, b"second.INFO")):
            socket.send_multipart([topic, b"m"])
            self.assertEqual(watch.line(), topic + b" | m\n")

    def test_what_a_program_says_after_its_socket_is_gone_arrives(self):
        watch = self.start("watch", env=self.where)
        closing = self.program("closing")
        self.assertEqual(self.subscriptions(closing, 1), [b""])
        os.unlink(self.path("closing.1.1.sock"))
        # Connected to by the same look that misses the other.
        self.assertEqual(self.subscriptions(self.program("next"), 1), [b""])
        closing.send_multipart([b"closing.INFO", b"last words"])
        self.assertEqual(watch.line(), b"closing.INFO | last words\n")

    def test_a_directory_of_somebody_else_is_not_looked_into(self):
        runtime = self.path("runtime")
        os.mkdir(runtime)
        os.mkdir(os.path.join(runtime, "zmqlog"))
        os.chmod(os.path.join(runtime, "zmqlog"), 0o777)
        trap = self.xpub()
        trap.bind(f"ipc://{runtime}/zmqlog/trap.1.1.sock")
        where = {"XDG_RUNTIME_DIR": runtime}
        self.start("watch", "trap", "--timeout", "1", env=where).end()
        self.assertFalse(trap.poll(0))

    def test_words_are_globs_over_roots_and_pids(self):
        sockets = {root: self.program(root, pid) for root, pid in (
            ("app.web", 11), ("app.db", 12), ("other", 13), ("more", 14))}
        watch = self.start("watch", "app.*", "13", env=self.where)
        for root in ("app.web", "app.db", "other"):
            self.assertEqual(self.subscriptions(sockets[root], 1), [b""])
        sockets["other"].send_multipart([b"other.INFO", b"m"])
        self.assertEqual(watch.line(), b"other.INFO | m\n")
        self.assertFalse(sockets["more"].poll(0))

    def test_more_programs_than_descriptors_are_left_out_and_that_is_said(self):
        sockets = [self.program("many", pid) for pid in range(1, 31)]
        limit = ("import os, resource, sys; "
                 "resource.setrlimit(resource.RLIMIT_NOFILE, (120, 120)); "
                 "os.execv(sys.argv[1], sys.argv[1:])")
        watch = self.start("-c", limit, ZMQLOG, "watch", env=self.where,
                           program=sys.executable)
        watch.wait_said("more than 20 programs on this machine")
        heard = set()
        while len(heard) < 20:
            ready = dict(self.poller(sockets).poll(1000 * PATIENCE))
            self.assertTrue(ready)
            heard |= set(ready)
        self.assertEqual(len(heard), 20)

    def test_what_is_no_program_is_left_alone(self):
        import socket as sockets
        os.mkfifo(self.path("fifo.1.1.sock"))
        os.symlink("/dev/null", self.path("link.1.1.sock"))
        open(self.path("file.1.1.sock"), "w").close()
        dead = sockets.socket(sockets.AF_UNIX)
        dead.bind(self.path("dead.1.1.sock"))
        dead.close()
        self.program("new\nline")
        stranger = self.program("plain")
        unnamed = self.xpub()
        unnamed.bind(f"ipc://{self.path('unnamed.sock')}")
        watch = self.start("watch", env=self.where)
        self.assertEqual(self.subscriptions(stranger, 1), [b""])
        stranger.send_multipart([b"x.INFO", b"m"])
        self.assertEqual(watch.line(), b"x.INFO | m\n")
        self.assertFalse(unnamed.poll(0))
        self.assertEqual(sorted(os.listdir(self.directory))[0], "dead.1.1.sock")


class Choosing(Case):
    def test_level_with_root_subscribes_to_those_levels_only(self):
        socket, endpoint = self.publisher()
        self.start("watch", endpoint, "--root", "app", "-l", "error")
        wanted = set()
        while not {b"app.ERROR", b"app.CRITICAL"} <= wanted:
            wanted |= set(self.subscriptions(socket, 1))
        self.assertTrue(all(prefix.startswith(b"app.") for prefix in wanted), wanted)
        self.assertFalse({b"app.INFO", b"app.DEBUG", b"app.WARN"} & wanted)

    def test_level_alone_subscribes_to_what_a_program_says_its_levels_are(self):
        socket, endpoint = self.publisher()
        watch = self.start("watch", endpoint, "-l", "error")
        self.assertEqual(self.subscriptions(socket, 1), [b"zmqlog.INFO.hello"])
        socket.send_multipart([b"zmqlog.INFO.hello.a", body(
            root="a", levels={"20": "INFO", "45": "FAILURE"})])
        self.assertEqual(self.subscriptions(socket, 4),
                         [b"a.FAILURE", b"a.L4", b"a.L5", b"a.L6"])
        socket.send_multipart([b"a.FAILURE.x", b"m"])
        self.assertEqual(watch.line(), b"a.FAILURE.x | m\n")
        self.assertNotIn("opens every level", watch.said())

    def test_level_alone_loses_no_first_line_of_programs_that_come(self):
        watch = self.start("watch", "--bind", "tcp://127.0.0.1:*", "-l", "warn")
        for number in range(3):
            words = ("--connect", watch.endpoint(), "--root", f"p{number}", "-l", "error", "x")
            self.assertEqual(self.run_to_end("send", *words)[0], 0)
            self.assertEqual(watch.line(), b"p%d.ERROR | x\n" % number)
        self.assertNotIn("opens every level", watch.said())

    def test_what_programs_say_of_themselves_is_hidden_unless_asked_for(self):
        socket, watch = self.watch()
        socket.send_multipart([b"zmqlog.INFO.stats.app", b"{}"])
        socket.send_multipart(HELLO)
        self.assertEqual(watch.line(), b"app.INFO | hello\n")
        socket, watch = self.watch("--root", "zmqlog")
        socket.send_multipart([b"zmqlog.INFO.stats.app", b"{}"])
        self.assertEqual(watch.line(), b"zmqlog.INFO.stats.app | {}\n")

    def test_level_alone_subscribes_to_everything_of_strangers_and_says_so(self):
        socket, endpoint = self.publisher()
        watch = self.start("watch", endpoint, "-l", "warn")
        self.assertEqual(self.subscriptions(socket, 2), [b"", b"zmqlog.INFO.hello"])
        for topic in (b"a.INFO", b"a.WARNING", b"weather", b"a.FATAL", b"a.DEBUG", b"WARN"):
            socket.send_multipart([topic, b"m"])
        self.assertEqual(watch.lines(3), [b"a.WARNING | m\n", b"a.FATAL | m\n", b"WARN | m\n"])
        watch.wait_said("opens every level")

    def test_root_takes_that_program_only(self):
        socket, endpoint = self.publisher()
        watch = self.start("watch", endpoint, "--root", "my.app")
        self.assertEqual(self.subscriptions(socket, 1), [b"my.app."])
        socket.send_multipart([b"my.app.INFO.x", b"m"])
        self.assertEqual(watch.line(), b"my.app.INFO.x | m\n")

    def test_empty_root_takes_programs_without_one_only(self):
        for words in ((), ("-l", "debug")):
            socket, endpoint = self.publisher()
            watch = self.start("watch", endpoint, "--root", "", *words)
            while b"INFO" not in self.subscriptions(socket, 1):
                pass
            for topic in (b"app.INFO", b"INFORMATION.INFO", b"weather", b"", b"INFO.x.INFO"):
                socket.send_multipart([topic, b"m"])
            self.assertEqual(watch.line(), b"INFO.x.INFO | m\n")

    def test_root_tells_where_the_level_is(self):
        socket, watch = self.watch("--root", "INFO.x", "--format", "json")
        socket.send_multipart([b"INFO.x.ERROR.y", b"m"])
        shown = json.loads(watch.line())
        self.assertEqual((shown["root"], shown["level"], shown["subtopic"]),
                         ("INFO.x", "ERROR", "y"))

    def test_topic_is_a_prefix(self):
        socket, watch = self.watch("-t", "app.INFO", "-t", "b", subscriptions=2)
        for topic in (b"app.INFORMATION", b"b.x", b"app.DEBUG"):
            socket.send_multipart([topic, b"m"])
        self.assertEqual(watch.lines(2), [b"app.INFORMATION | m\n", b"b.x | m\n"])

    def test_exact_matches_whole_segments(self):
        socket, watch = self.watch("-t", "app.INFO", "--exact")
        for topic in (b"app.INFORMATION", b"app.INFO", b"app.INFO.x"):
            socket.send_multipart([topic, b"m"])
        self.assertEqual(watch.lines(2), [b"app.INFO | m\n", b"app.INFO.x | m\n"])

    def test_topic_root_and_level_narrow_together(self):
        socket, watch = self.watch("-t", "a", "--root", "ab", "-l", "info")
        for topic in (b"a.INFO", b"ab.DEBUG", b"ab.INFO"):
            socket.send_multipart([topic, b"m"])
        self.assertEqual(watch.line(), b"ab.INFO | m\n")

    def test_own_level_names_count(self):
        socket, watch = self.watch("--level-name", "35=AUDIT", "-l", "audit", subscriptions=2)
        for topic in (b"a.WARN", b"a.AUDIT", b"a.ERROR"):
            socket.send_multipart([topic, b"m"])
        self.assertEqual(watch.lines(2), [b"a.AUDIT | m\n", b"a.ERROR | m\n"])

    def test_grep_looks_at_the_message(self):
        socket, watch = self.watch("-g", "(?i)^DISK.*caf\u00e9$")
        for text in (b"disk", b"\xff disk caf\xc3\xa9", b"Disk \xc3 caf\xc3\xa9",
                     b"Disk, caf\xc3\xa9\n", body(msg="disk in the caf\u00e9", x="y")):
            socket.send_multipart([b"a.INFO", text])
        self.assertEqual(watch.line(), b"a.INFO | Disk, caf\xc3\xa9\n")
        self.assertEqual(watch.line(), b"a.INFO | disk in the caf\xc3\xa9  x=y\n")


class Ending(Case):
    def test_count_ends_it(self):
        socket, watch = self.watch("-n", "2")
        for _ in range(5):
            socket.send_multipart(HELLO)
        self.assertEqual(watch.end(), (0, b"app.INFO | hello\n" * 2))
        self.assertEqual(watch.said(), "")

    def test_timeout_with_nothing_is_124(self):
        _, watch = self.watch("--timeout", "0.05")
        self.assertEqual(watch.end(), (124, b""))

    def test_timeout_before_the_count_is_124(self):
        socket, watch = self.watch("-n2", "--timeout", "1")
        socket.send_multipart(HELLO)
        self.assertEqual(watch.end(), (124, b"app.INFO | hello\n"))

    def test_timeout_after_something_is_0(self):
        socket, watch = self.watch("--timeout", "1")
        socket.send_multipart(HELLO)
        self.assertEqual(watch.end(), (0, b"app.INFO | hello\n"))

    def test_signals_end_it_in_order(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            with self.subTest(number):
                socket, watch = self.watch()
                socket.send_multipart(HELLO)
                watch.line()
                watch.tell(number)
                self.assertEqual(watch.end(), (0, b""))
                self.assertIn("zmqlog watch: 1 received, 1 shown, 0 malformed", watch.said())

    def test_quiet_says_nothing(self):
        _, watch = self.watch("-q", "-l", "info")
        self.assertEqual(watch.interrupt(), (0, b""))
        self.assertEqual(watch.said(), "")

    def test_a_reader_that_goes_ends_it_without_further_records(self):
        socket, watch = self.watch()
        socket.send_multipart(HELLO)
        watch.line()
        watch.process.stdout.close()
        watch.process.wait(timeout=30)
        self.assertEqual(watch.process.returncode, 0)
        self.assertIn("1 received", watch.said())

    def test_a_reader_that_does_not_read_cannot_hold_it(self):
        socket, watch = self.watch("--format", "raw")
        for _ in range(20):
            socket.send_multipart([b"app.INFO", b"x" * 100000])
        watch.read_until(lambda seen: len(seen) or None)
        watch.tell(signal.SIGINT)
        watch.process.wait(timeout=30)
        self.assertEqual(watch.process.returncode, 0)

    def test_no_standard_output_is_a_failure(self):
        socket, endpoint = self.publisher()
        watch = self.start("-c", '"$@" >&-', "sh", ZMQLOG, "watch", endpoint, program="sh")
        self.subscriptions(socket, 1)
        socket.send_multipart(HELLO)
        self.assertEqual(watch.end(), (1, b""))

    def test_a_full_disk_is_a_failure(self):
        with open("/dev/full", "wb") as full:
            socket, watch = self.watch(stdout=full)
            socket.send_multipart(HELLO)
            watch.process.wait(timeout=30)
        self.assertEqual(watch.process.returncode, 1)
        self.assertIn("zmqlog watch: standard output: ", watch.said())


class Endpoints(Case):
    def test_bind_lets_publishers_connect(self):
        watch = self.start("watch", "--bind", "tcp://127.0.0.1:*", "-n1")
        socket = self.xpub()
        socket.connect(watch.endpoint())
        self.assertEqual(self.subscriptions(socket, 1), [b""])
        socket.send_multipart(HELLO)
        self.assertEqual(watch.end(), (0, b"app.INFO | hello\n"))

    def test_many_publishers_are_watched(self):
        first, one = self.publisher()
        second, two = self.publisher()
        watch = self.start("watch", one, two, "-n2")
        for socket in (first, second):
            self.subscriptions(socket, 1)
            socket.send_multipart(HELLO)
        self.assertEqual(watch.end(), (0, b"app.INFO | hello\n" * 2))

    def test_a_publisher_may_come_later(self):
        endpoint = "ipc://" + self.path("later")
        watch = self.start("watch", endpoint, "-n1")
        socket = self.xpub()
        socket.bind(endpoint)
        self.subscriptions(socket, 1)
        socket.send_multipart(HELLO)
        self.assertEqual(watch.end()[0], 0)

    def test_a_used_endpoint_is_refused(self):
        _, endpoint = self.publisher()
        code, out, errors = self.run_to_end("watch", "--bind", endpoint)
        self.assertEqual((code, out), (1, b""))
        self.assertRegex(errors, rf"^zmqlog watch: {endpoint}: .+\n$")

    def test_a_flood_arrives_whole_and_in_order(self):
        count = 20000
        socket, endpoint = self.publisher()
        watch = self.start("watch", endpoint, "--format", "raw", "-n", str(count))
        self.subscriptions(socket, 1)
        for number in range(count):
            socket.send_multipart([b"a.INFO", b"%d" % number])
        code, out = watch.end()
        self.assertEqual(code, 0)
        self.assertEqual(out, b"".join(b"a.INFO\t%d\n" % number for number in range(count)))


if __name__ == "__main__":
    unittest.main()
