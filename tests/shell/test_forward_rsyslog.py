# SPDX-License-Identifier: BSD-3-Clause
"""zmqlog forward to Debian's rsyslogd, by imczmq and imptcp, with the configurations
of packaging/rsyslog."""

import os
import re
import unittest

from engines import Forwarding, Server, answers, free_port, program, wait_until

SOURCE = os.environ["ZMQLOG_SOURCE"]


def has_plugin(name):
    return any(os.path.exists(os.path.join(folder, "rsyslog", name + ".so"))
               for folder in [os.path.join("/usr/lib", entry) for entry in os.listdir("/usr/lib")])


class Rsyslog(Forwarding):
    def setUp(self):
        super().setUp()
        if not program("rsyslogd"):
            self.skipTest("needs rsyslog")

    def start_server(self, kind):
        """rsyslogd with one of our configurations; it writes to self.path("out")."""
        self.port = free_port()
        with open(f"{SOURCE}/packaging/rsyslog/zmqlog-{kind}.conf", encoding="utf-8") as file:
            self.start_with(file.read(), lambda: answers(self.port))

    def start_with(self, config, listens):
        self.listens = listens
        for before, after in (("5514", str(self.port)), ("5515", str(self.port)),
                              ("/var/log/zmqlog.log", self.path("out"))):
            config = config.replace(before, after)
        with open(self.path("rsyslog.conf"), "w", encoding="utf-8") as file:
            file.write(f'global(workDirectory="{self.directory}" maxMessageSize="1200k" '
                       f'net.enableDNS="off")\n{config}')
        self.server = Server(self, program("rsyslogd"), "-n", "-i", self.path("pid"),
                             "-f", self.path("rsyslog.conf"))
        self.start_again()

    def start_again(self):
        self.server.start()
        wait_until("rsyslogd does not listen", self.listens, self.server.process)

    def written(self):
        if not os.path.exists(self.path("out")):
            return []
        with open(self.path("out"), "rb") as file:
            return file.read().split(b"\n")[:-1]

    def wait_all_written(self, count):
        """Also where some are written twice."""
        wait_until(f"not {count} written", lambda: len(
            {line.split()[-1] for line in self.written()}) >= count)

    def wait_written(self, count):
        wait_until(f"not {count} written", lambda: len(self.written()) >= count)
        return self.written()

    def records(self, count):
        """Bodies of all kinds, each with its number in front, and what rsyslog makes of
        them: control characters become # and three octal digits."""
        kinds = (b"plain", "\u00fcml\u00e4ut \U0001f41f".encode(), b"two\nlines", b"tab\tand\rreturn",
                 b"a NUL \0 within", b"#012 is literal", b"x" * 20000, b"", b" blanks ")
        for i in range(count):
            kind = kinds[i % len(kinds)] if i % 97 else kinds[6]
            if len(kind) > 1000 and i % 97:
                kind = b"short"
            yield b"%d " % i + kind

    def shown(self, body):
        return re.sub(rb"[\0-\x1f\x7f]", lambda found: b"#%03o" % found[0][0], body)

    def check_all(self, kind, count):
        self.start_server(kind)
        publish, running = self.forward("--to", f"syslog+{kind}://127.0.0.1:{self.port}",
                                        "--queue", "256M")
        bodies = list(self.records(count))
        for body in bodies:
            publish.send_multipart([b"app.WARN.net", body])
        self.wait_delivered(running, count)
        self.assertEqual(self.end(running)[0], 0)
        lines = self.wait_written(count)
        self.server.stop()
        self.assertEqual(len(lines), count)
        for line, body in zip(lines, bodies):
            head, text = line[:line.index(b" warning ")], line[line.index(b" warning ") + 9:]
            self.assertEqual(head.split()[2:], [b"app", b"net"])
            self.assertEqual(text, self.shown(body))

    def check_restart(self, kind, count, most_again):
        self.start_server(kind)
        publish, running = self.forward("--to", f"syslog+{kind}://127.0.0.1:{self.port}")
        for i in range(count):
            publish.send_multipart([b"app.INFO", b"%d" % i])
            if i == count // 3:
                self.wait_written(count // 10)
                self.server.stop()
            elif i == count // 2:
                self.start_again()
        self.wait_delivered(running, count)
        code, said = self.end(running)
        self.assertEqual(code, 0, said)
        self.assertEqual(self.count(running, "dropped"), 0)
        again = self.count(running, "resent")
        self.wait_all_written(count)
        self.server.stop()
        got = [int(line.split()[-1]) for line in self.written()]
        self.assertEqual(set(got), set(range(count)))
        self.assertLessEqual(len(got) - count, again)
        self.assertLessEqual(again, most_again)


class Zmq(Rsyslog):
    def setUp(self):
        super().setUp()
        if not has_plugin("imczmq"):
            self.skipTest("needs rsyslog-czmq")

    def test_100000_records_arrive_as_they_were(self):
        self.check_all("zmq", 100000)

    def test_nothing_is_lost_when_rsyslogd_stops_and_starts(self):
        self.check_restart("zmq", 30000, 30000)

    def test_what_does_not_fit_while_it_is_stopped_is_counted(self):
        self.start_server("zmq")
        publish, running = self.forward("--to", f"syslog+zmq://127.0.0.1:{self.port}",
                                        "--queue", "256K")
        self.server.stop()
        for i in range(5000):
            publish.send_multipart([b"app.INFO", b"%d" % i])
        wait_until("not all", lambda: self.counts(running)["taken"] == 5000)
        dropped = self.counts(running)["dropped"]
        self.assertGreater(dropped, 0)
        self.start_again()
        self.wait_delivered(running, 5000 - dropped)
        self.assertEqual(self.end(running)[0], 0)
        self.wait_all_written(5000 - dropped)
        self.server.stop()
        got = [int(line.split()[-1]) for line in self.written()]
        self.assertEqual(len(set(got)), 5000 - dropped)

    def test_another_kind_of_socket_is_said(self):
        socket_ = self.xpub()
        port = socket_.bind_to_random_port("tcp://127.0.0.1")
        _, running = self.forward("--to", f"syslog+zmq://127.0.0.1:{port}")
        running.wait_said("trying again")
        self.assertRegex(running.said(), "no PULL socket|ended the connection")


class Tcp(Rsyslog):
    def test_a_small_queue_does_not_wait_for_a_silence(self):
        self.start_server("tcp")
        publish, running = self.forward("--to", f"syslog+tcp://127.0.0.1:{self.port}",
                                        "--queue", "64K", "--on-full", "wait")
        for i in range(20000):
            publish.send_multipart([b"app.INFO", b"%d" % i])
        self.wait_delivered(running, 20000)
        self.assertEqual(self.counts(running)["dropped"], 0)
        self.wait_written(20000)
        self.server.stop()
        self.assertEqual([int(line.split()[-1]) for line in self.written()],
                         list(range(20000)))

    def test_100000_records_arrive_as_they_were(self):
        self.check_all("tcp", 100000)

    def test_nothing_is_lost_when_rsyslogd_stops_and_starts(self):
        self.check_restart("tcp", 30000, 30000)


class Unix(Rsyslog):
    def test_imuxsock_reads_what_syslog_writes(self):
        path, count = self.path("log"), 20000
        self.port = 0
        self.start_with(
            'module(load="imuxsock" SysSock.Use="off")\n'
            f'input(type="imuxsock" Socket="{path}")\n'
            'template(name="t" type="string" string="%syslogtag% %syslogseverity-text% %msg%\\n")\n'
            'action(type="omfile" file="/var/log/zmqlog.log" template="t")',
            lambda: os.path.exists(path))
        publish, running = self.forward("--to", "syslog:" + path, "--on-full", "wait")
        for i in range(count):
            publish.send_multipart([b"app.ERROR.net", b"%d \xc3\xa9" % i])
        self.wait_delivered(running, count)
        self.assertEqual(self.end(running)[0], 0)
        lines = [line for line in self.wait_written(count) if line.startswith(b"app:")]
        self.assertEqual(lines, [b"app: err  net: %d \xc3\xa9" % i for i in range(count)])
        self.server.stop()


if __name__ == "__main__":
    unittest.main()
