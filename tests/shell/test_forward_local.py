# SPDX-License-Identifier: BSD-3-Clause
"""zmqlog forward to sockets of this machine: journald and /dev/log; and what all
sinks have in common, seen here."""

import json
import os
import signal
import socket
import subprocess
import unittest

from engines import Forwarding, Server, program, wait_until

HELLO = [b"app.INFO.net", b"hello"]


def datagrams(path):
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.settimeout(30)
    listener.bind(path)
    return listener


def entry(data):
    """The fields of a message in journald's native protocol."""
    fields = {}
    while data:
        line, _, rest = data.partition(b"\n")
        if b"=" in line:
            name, _, value = line.partition(b"=")
            data = rest
        else:
            name, size = line, int.from_bytes(rest[:8], "little")
            value, data = rest[8:8 + size], rest[9 + size:]
        fields[name.decode()] = value
    return fields


class Journald(Forwarding):
    def setUp(self):
        super().setUp()
        self.listener = datagrams(self.path("journal"))
        self.addCleanup(self.listener.close)
        self.publish, self.running = self.forward("--to", "journald:" + self.path("journal"))

    def receive_entry(self):
        data, control, _, _ = socket.recv_fds(self.listener, 1 << 24, 1)
        if control:
            data = os.pread(control[0], 1 << 24, 0)
            os.close(control[0])
        return entry(data)

    def test_a_record_has_native_fields(self):
        self.publish.send_multipart(HELLO)
        self.assertEqual(self.receive_entry(), {
            "MESSAGE": b"hello", "PRIORITY": b"6", "SYSLOG_IDENTIFIER": b"app",
            "ZMQLOG_TOPIC": b"app.INFO.net", "ZMQLOG_LEVEL": b"INFO",
            "ZMQLOG_SUBTOPIC": b"net"})

    def test_fields_of_a_json_body_are_fields(self):
        self.publish.send_multipart([b"app.ERROR", json.dumps({
            "time": "2026-01-02T03:04:05.678901234Z", "msg": "no room\nat all",
            "logger": "disk", "seq": 7, "epoch": "00000000000000aa",
            "source": {"file": "a.c", "line": 3, "function": "f"}, "pid": 42,
            "user": "J\u00fcrgen \"\U0001f41f\"\t", "n": 2.5, "2nd-try": True,
            "deep": {"a": [1]}, "message": "mine", "priority": 9}).encode()])
        self.assertEqual(self.receive_entry(), {
            "MESSAGE": b"no room\nat all", "PRIORITY": b"3", "SYSLOG_IDENTIFIER": b"app",
            "ZMQLOG_TOPIC": b"app.ERROR", "ZMQLOG_LEVEL": b"ERROR",
            "ZMQLOG_LOGGER": b"disk", "ZMQLOG_SEQ": b"7",
            "ZMQLOG_EPOCH": b"00000000000000aa",
            "ZMQLOG_TIME_NS": b"1767323045678901234", "CODE_FILE": b"a.c",
            "CODE_LINE": b"3", "CODE_FUNC": b"f", "SYSLOG_PID": b"42",
            "USER": "J\u00fcrgen \"\U0001f41f\"\t".encode(), "N": b"2.5",
            "F2ND_TRY": b"true", "DEEP": b'{"a":[1]}', "MESSAGE_": b"mine",
            "PRIORITY_": b"9"})

    def test_any_bytes_and_a_long_message_arrive(self):
        for text in (bytes(range(256)), b"", b"line\n" * 200000, os.urandom(3 << 20)):
            self.publish.send_multipart([b"app.INFO", text])
            self.assertEqual(self.receive_entry()["MESSAGE"], text)

    def test_severity_follows_the_level(self):
        for topic, priority in ((b"a.DEBUG", b"7"), (b"a.NOTICE", b"5"), (b"a.WARNING", b"4"),
                                (b"a.CRITICAL", b"2"), (b"strange", b"5")):
            self.publish.send_multipart([topic, b"m"])
            self.assertEqual(self.receive_entry()["PRIORITY"], priority)


class RealJournald(Forwarding):
    """With a namespace of its own, as root: the system's journal is left alone."""

    def test_entries_are_found_by_their_fields(self):
        daemon, name = program("systemd-journald"), f"zmqlog{os.getpid()}"
        if os.getuid() != 0 or not daemon or not program("journalctl"):
            self.skipTest("needs root and systemd's journal")
        folder = f"/run/systemd/journal.{name}"
        server = Server(self, daemon, name).start()
        self.addCleanup(self.remove, name)
        wait_until("no socket", lambda: os.path.exists(folder + "/socket"), server.process)
        publish, running = self.forward("--to", f"journald:{folder}/socket")
        count = 2000
        for i in range(count):
            publish.send_multipart([b"app.WARN", b"%d\nof many \xc3\xa9" % i])
        self.wait_delivered(running, count)
        self.assertEqual(self.end(running)[0], 0)
        server.stop()
        found = subprocess.run(
            ["journalctl", f"--namespace={name}", "-o", "json", "--all",
             "SYSLOG_IDENTIFIER=app", "PRIORITY=4", "ZMQLOG_TOPIC=app.WARN"],
            capture_output=True, timeout=60, check=True).stdout.splitlines()
        self.assertEqual([json.loads(line)["MESSAGE"] for line in found],
                         [f"{i}\nof many \u00e9" for i in range(count)])

    def remove(self, name):
        for parent in ("/run/log/journal", "/var/log/journal"):
            for entry_ in os.listdir(parent) if os.path.isdir(parent) else ():
                if entry_.endswith("." + name):
                    subprocess.run(["rm", "-r", os.path.join(parent, entry_)], check=True)
        subprocess.run(["rm", "-rf", f"/run/systemd/journal.{name}"], check=True)


class DevLog(Forwarding):
    def test_a_record_looks_as_syslog_writes_it(self):
        listener = datagrams(self.path("log"))
        publish, _ = self.forward("--to", "syslog:" + self.path("log"), env={"TZ": "UTC"})
        publish.send_multipart([b"app.ERROR.net", json.dumps({
            "time": "2026-01-02T03:04:05Z", "msg": "gone", "pid": 42}).encode()])
        self.assertEqual(listener.recv(4096), b"<11>Jan  2 03:04:05 app[42]: net: gone")
        listener.close()


class Queue(Forwarding):
    """What every sink has, seen with one of this machine."""

    def test_nothing_is_lost_when_the_reader_comes_late_or_comes_back(self):
        publish, running = self.forward("--to", "syslog:" + self.path("log"))
        running.wait_said("trying again")
        for i in range(1000):
            publish.send_multipart([b"a.INFO", b"%d" % i])
        got = set()
        for pause in (300, 600, 1000):
            listener = datagrams(self.path("log"))
            while len(got) < pause:
                got.add(int(listener.recv(4096).split()[-1]))
            listener.close()
            os.unlink(self.path("log"))
        self.assertEqual(got, set(range(1000)))

    def test_a_full_queue_drops_and_counts(self):
        publish, running = self.forward("--to", "syslog:" + self.path("none"),
                                        "--queue", "64K", "--linger", "0")
        for _ in range(1000):
            publish.send_multipart([b"a.INFO", b"x" * 1000])
        wait_until("not all", lambda: self.counts(running)["taken"] == 1000)
        counts = self.counts(running)
        self.assertEqual(counts["waiting"] + counts["dropped"], 1000)
        self.assertGreater(counts["waiting"], 40)
        running.wait_said("the queue of 65536 bytes is full, records are dropped")
        code, said = self.end(running)
        self.assertEqual(code, 1)
        self.assertIn(f"{counts['waiting']} records are left", said)

    def test_with_wait_the_publisher_feels_it_and_nothing_is_dropped(self):
        publish, running = self.forward("--to", "syslog:" + self.path("log"),
                                        "--queue", "64K", "--on-full", "wait")
        for i in range(20000):
            publish.send_multipart([b"a.INFO", b"%d" % i])
        running.wait_said("trying again")
        self.assertLess(self.counts(running)["taken"], 2000)
        listener = datagrams(self.path("log"))
        got = [int(listener.recv(4096).split()[-1]) for _ in range(20000)]
        self.assertEqual(got, list(range(20000)))
        self.wait_delivered(running, 20000)
        self.assertEqual(self.counts(running)["dropped"], 0)
        listener.close()

    def test_a_sink_that_is_stuck_slows_no_other(self):
        listener = datagrams(self.path("log"))
        stuck = datagrams(self.path("stuck"))
        publish, _ = self.forward("--to", "journald:" + self.path("stuck"),
                                  "--to", "syslog:" + self.path("log"))
        for i in range(5000):
            publish.send_multipart([b"a.INFO", b"%d" % i])
        got = [int(listener.recv(4096).split()[-1]) for _ in range(5000)]
        self.assertEqual(got, list(range(5000)))
        listener.close()
        stuck.close()

    def test_the_end_delivers_what_came_before_it(self):
        listener = datagrams(self.path("log"))
        publish, running = self.forward("--to", "syslog:" + self.path("log"), "--linger", "30")
        for i in range(3000):
            publish.send_multipart([b"a.INFO", b"%d" % i])
        got = [listener.recv(4096)]
        running.tell(signal.SIGTERM)
        listener.settimeout(1)
        while running.process.poll() is None:
            try:
                got.append(listener.recv(4096))
            except socket.timeout:
                pass
        self.assertEqual(running.process.wait(), 0)
        self.assertEqual(self.count(running, "delivered"), len(got))
        listener.close()

    def test_what_is_lost_before_the_queues_is_told(self):
        listener = datagrams(self.path("log"))
        publish, running = self.forward("--to", "syslog:" + self.path("log"))
        publish.send_multipart([b"a.INFO"])
        publish.send_multipart([b"a.INFO", b"whole"])
        listener.recv(4096)
        running.tell(signal.SIGTERM)
        self.assertEqual(running.end()[0], 0)
        self.assertIn("before the queues: 0 lost, 0 dropped, 1 malformed\n", running.said())
        listener.close()

    def test_filters_choose_as_those_of_watch(self):
        listener = datagrams(self.path("log"))
        # A stranger is asked who it is first.
        publish, _ = self.forward("-l", "warn", "-g", "^y", "--to",
                                  "syslog:" + self.path("log"), subscriptions=2)
        for topic, text in ((b"a.INFO", b"yes"), (b"a.WARN", b"no"), (b"a.ERROR", b"yes")):
            publish.send_multipart([topic, text])
        self.assertTrue(listener.recv(4096).endswith(b" a: yes"))
        listener.close()


class Saved(Forwarding):
    """What is left at the end goes first at the next start."""

    def setUp(self):
        super().setUp()
        self.dir, self.log = self.path("left"), self.path("log")

    def leave(self, first, last):
        """Records with nobody there; what is said at the end."""
        publish, running = self.forward("--to", "syslog:" + self.log, "--save", self.dir,
                                        "--linger", "0")
        for i in range(first, last):
            publish.send_multipart([b"a.INFO", b"%d" % i])
        wait_until("not all", lambda: self.counts(running)["taken"] == last)
        code, said = self.end(running)
        self.assertEqual(code, 0, said)
        return said

    def test_records_survive_the_end_and_keep_their_order(self):
        self.assertIn("1000 records are left, and go first at the next start",
                      self.leave(0, 1000))
        self.assertEqual(len(os.listdir(self.dir)), 1)
        self.assertIn("1000 records of an earlier run go first", self.leave(1000, 1500))
        listener = datagrams(self.log)
        publish, running = self.forward("--to", "syslog:" + self.log, "--save", self.dir)
        publish.send_multipart([b"a.INFO", b"1500"])
        self.assertEqual([int(listener.recv(4096).split()[-1]) for _ in range(1501)],
                         list(range(1501)))
        self.wait_delivered(running, 1501)
        self.assertEqual(self.end(running)[0], 0)
        self.assertEqual(os.listdir(self.dir), [])
        listener.close()

    def test_each_sink_has_its_own(self):
        publish, running = self.forward("--to", "syslog:" + self.log, "--to",
                                        "journald:" + self.log, "--save", self.dir,
                                        "--linger", "0")
        publish.send_multipart([b"a.INFO", b"one"])
        wait_until("not taken", lambda: self.counts(running)["taken"] == 1)
        self.assertEqual(self.end(running)[0], 0)
        self.assertEqual({name.split(".")[0] for name in os.listdir(self.dir)},
                         {"syslog", "journald"})
        listener = datagrams(self.log)
        _, running = self.forward("--to", "journald:" + self.log, "--save", self.dir)
        self.assertEqual(entry(listener.recv(4096))["MESSAGE"], b"one")
        self.wait_delivered(running, 1)
        self.assertEqual(self.end(running)[0], 0)
        self.assertEqual([name.split(".")[0] for name in os.listdir(self.dir)], ["syslog"])
        listener.close()

    def refused(self):
        code, _, errors = self.run_to_end("forward", "ipc://" + self.path("x"), "--to",
                                          "syslog:" + self.log, "--save", self.dir)
        self.assertEqual(code, 1)
        return errors

    def test_a_damaged_file_is_told_and_left_where_it_is(self):
        self.leave(0, 10)
        path = os.path.join(self.dir, os.listdir(self.dir)[0])
        with open(path, "rb") as file:
            whole = file.read()
        for data in (whole[:-1], whole[:40], b"", b"x" * 200, whole[:70] + b"\xff" * 200):
            with open(path, "wb") as file:
                file.write(data)
            self.assertIn("not whole", self.refused())
            with open(path, "rb") as file:
                self.assertEqual(file.read(), data)

    def test_a_directory_is_of_one_forwarder(self):
        self.forward("--to", "syslog:" + self.log, "--save", self.dir)
        self.assertIn("another zmqlog forward saves there", self.refused())

    def test_what_cannot_be_saved_is_told(self):
        publish, running = self.forward("--to", "syslog:" + self.log, "--save", self.dir,
                                        "--linger", "0")
        publish.send_multipart([b"a.INFO", b"one"])
        wait_until("not taken", lambda: self.counts(running)["taken"] == 1)
        os.rmdir(self.dir)
        code, said = self.end(running)
        self.assertEqual(code, 1)
        self.assertIn("No such file or directory; 1 records are lost", said)


class Usage(Forwarding):
    def test_what_makes_no_sense_is_refused(self):
        for words, why in (
                ((), "forward to what"),
                (("--to", "journald:"), "which ENDPOINT"),
                (("--to", "kafka:"), "no such sink"),
                (("--to", "syslog:log"), "must begin with /"),
                (("--to", "syslog+tcp://loghost:514"), "beyond this machine"),
                (("--to", "syslog+zmq://10.0.0.1:514"), "beyond this machine"),
                (("--to", "syslog+tcp://127.0.0.1"), "HOST:PORT"),
                (("--to", "journald:", "--to", "journald:"), "it was given before"),
                (("--to", "journald:", "--on-full", "explode"), "drop or wait"),
                (("--to", "journald:", "--queue", "1K"), "64K to 64G"),
                (("--to", "journald:", "--queue", "99999999999999999999G"), "64K to 64G"),
                (("--to", "journald:", "--linger", "x"), "--linger takes seconds")):
            endpoint = () if "which" in why else ("tcp://127.0.0.1:9",)
            code, output, errors = self.run_to_end("forward", *endpoint, *words)
            self.assertEqual((code, output), (2, b""), errors)
            self.assertIn(why, errors)


if __name__ == "__main__":
    unittest.main()
