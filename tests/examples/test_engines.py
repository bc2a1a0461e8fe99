# SPDX-License-Identifier: BSD-3-Clause
"""docs/engines.md: its commands and configurations, run with the programs they are for;
only addresses and paths are others."""

import os
import select
import shlex
import shutil
import socket
import subprocess
import time
import unittest

from programs import PATIENCE, ZMQLOG, Case, blocks, free_port, page, section


def program(name):
    return shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin")


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Engines(Case):
    def part(self, title):
        return section(page("docs/engines.md"), title)

    def command(self, line, **replaced):
        """A command of the page, with other addresses."""
        for before, after in {"ipc:///run/shop/log": self.ipc(), **replaced}.items():
            line = line.replace(before, after)
        words = shlex.split(line)
        self.assertEqual(words[0], "zmqlog")
        return self.start(ZMQLOG, *words[1:])

    def publish(self, *words):
        subprocess.run([ZMQLOG, "send", "--bind", self.ipc(), "--root", "shop", "--wait=20000",
                        *words], check=True, timeout=PATIENCE * 2)

    def until(self, what, done):
        deadline = time.monotonic() + PATIENCE
        while not done():
            if time.monotonic() > deadline:
                self.fail(what)
            select.select([], [], [], 0.02)

    def serve(self, *words):
        server = self.start(*words)
        self.until("no server", lambda: answers(self.port))
        return server

    def test_a_gap_is_given_again(self):
        play, forward = blocks(self.part("What all have in common"), "sh")[0].strip().splitlines()
        record = self.start(ZMQLOG, "record", self.ipc(), "--dir", self.path("recordings"))
        self.publish("hello")
        kept = lambda: [os.path.join(folder, name) for folder, _, names in
                        os.walk(self.path("recordings")) for name in names
                        if os.path.getsize(os.path.join(folder, name))]
        self.until("nothing recorded", kept)
        self.assertEqual(self.stop(record)[0], 0)
        times = {"2026-01-02 14:00": "2026-01-01", "2026-01-02 14:05": "2262-01-01"}
        again = {"ipc:///run/shop/again": self.ipc() + "2"}
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
            journal.settimeout(PATIENCE)
            journal.bind(self.path("journal"))
            self.command(play, **{"recordings/*.jsonl": kept()[0], **times, **again})
            self.command(forward, **{"journald:": "journald:" + self.path("journal"), **again})
            self.assertIn("MESSAGE=hello\n", journal.recv(1 << 16).decode())

    def test_journald(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as journal:
            journal.settimeout(PATIENCE)
            journal.bind(self.path("journal"))
            line = blocks(self.part("journald"), "sh")[0].strip()
            self.command(line, **{"journald:": "journald:" + self.path("journal")})
            self.publish("-l", "warn", "-t", "db", "hello")
            entry = journal.recv(1 << 16).decode()
            self.assertIn("ZMQLOG_TOPIC=shop.WARN.db\n", entry)
            self.assertIn("MESSAGE=hello\n", entry)

    @unittest.skipUnless(program("rsyslogd"), "needs rsyslog")
    def test_rsyslog_over_tcp(self):
        self.port = free_port()
        config = page("packaging/rsyslog/zmqlog-tcp.conf").replace("5515", str(self.port)).replace(
            "/var/log/zmqlog.log", self.path("out"))
        with open(self.path("conf"), "w", encoding="utf-8") as file:
            file.write(f'global(workDirectory="{self.folder}")\n{config}')
        self.serve(program("rsyslogd"), "-n", "-i", self.path("pid"), "-f", self.path("conf"))
        line = blocks(self.part("rsyslog"), "sh")[1].strip().splitlines()[0]
        self.command(line, **{"5515": str(self.port)})
        self.publish("-t", "db", "hello")
        self.until("nothing written", lambda: os.path.exists(self.path("out")) and
                   os.path.getsize(self.path("out")))
        with open(self.path("out"), encoding="utf-8") as file:
            self.assertTrue(file.read().endswith(" shop db info hello\n"))

    def test_what_reads_dev_log(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as log:
            log.settimeout(PATIENCE)
            log.bind(self.path("devlog"))
            line = blocks(self.part("rsyslog"), "sh")[1].strip().splitlines()[1]
            self.command(line, **{"syslog:": "syslog:" + self.path("devlog")})
            self.publish("-l", "error", "-t", "db", "hello")
            self.assertTrue(log.recv(1 << 16).endswith(b" shop: db: hello"))

    @unittest.skipUnless(program("rsyslogd"), "needs rsyslog")
    def test_rsyslog(self):
        text = self.part("rsyslog")
        config = text.split("```\n")[3]
        self.assertTrue(page("packaging/rsyslog/zmqlog-zmq.conf").endswith("\n" + config))
        if not any("imczmq.so" in files for _, _, files in os.walk("/usr/lib")
                   if "imczmq.so" in files):
            self.skipTest("needs rsyslog-czmq")
        self.port = free_port()
        config = config.replace("5514", str(self.port)).replace(
            "/var/log/zmqlog.log", self.path("out"))
        with open(self.path("conf"), "w", encoding="utf-8") as file:
            file.write(f'global(workDirectory="{self.folder}")\n{config}')
        self.serve(program("rsyslogd"), "-n", "-i", self.path("pid"), "-f", self.path("conf"))
        self.command(blocks(text, "sh")[0].strip(), **{"5514": str(self.port)})
        self.publish("-t", "db", "hello")
        self.until("nothing written", lambda: os.path.exists(self.path("out")) and
                   os.path.getsize(self.path("out")))
        with open(self.path("out"), encoding="utf-8") as file:
            self.assertTrue(file.read().endswith(" shop db info hello\n"))

    @unittest.skipUnless(program("nats-server"), "needs nats-server")
    def test_nats(self):
        text = self.part("NATS JetStream")
        self.port = free_port()
        config = text.split("```\n")[3].replace("4222", str(self.port)).replace(
            "/var/lib/nats", self.path("nats"))
        with open(self.path("conf"), "w", encoding="utf-8") as file:
            file.write(config)
        self.serve(program("nats-server"), "-c", self.path("conf"))
        forward, watch = blocks(text, "sh")[0].strip().splitlines()
        forwarding = self.command(forward, **{"4222": str(self.port)})
        self.publish("-l", "warn", "hello")
        watching = self.command(watch, **{"4222": str(self.port)})
        self.assertEqual(watching.line(), "shop.WARN | hello")
        self.assertEqual(self.stop(watching)[0], 0)
        self.assertEqual(self.stop(forwarding)[0], 0)


if __name__ == "__main__":
    unittest.main()
