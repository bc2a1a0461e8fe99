# SPDX-License-Identifier: BSD-3-Clause
"""zmqlog forward to JetStream streams of Debian's nats-server, read back by the wire's
protocol. --full runs what is too long for every day."""

import os
import sys
import time
import unittest

from engines import Forwarding, program, wait_until
from nats import Nats

FULL = "--full" in sys.argv


class Streams(Forwarding):
    def setUp(self):
        super().setUp()
        if not program("nats-server"):
            self.skipTest("needs nats-server")
        if "built without" in self.run_to_end("forward", "ipc:///x", "--to", "nats://h:1/S")[2]:
            self.skipTest("built without libnats-dev")

    def test_a_record_keeps_its_bytes_and_its_topic(self):
        server = Nats(self).start()
        publish, running = self.forward("--to", server.url())
        records = [(b"app.INFO.net.http", b"hello", b"zmqlog.app.INFO.net.http"),
                   (b"app.WARN", bytes(range(256)), b"zmqlog.app.WARN"),
                   (b"a b.*.>.%.\xc3\xa9\n.", b"", b"zmqlog.a%20b.%2A.%3E.%25.%C3%A9%0A.%"),
                   (b"..", b"x" * (1 << 20), b"zmqlog.%.%.%"),
                   (b"", b'{"msg":"json","n":1}', b"zmqlog.%")]
        for topic, body, _ in records:
            publish.send_multipart([topic, body])
        self.wait_delivered(running, len(records))
        got = server.read()
        self.assertEqual([(subject, body) for subject, _, body in got],
                         [(subject, body) for _, body, subject in records])
        self.assertEqual(got[0][1][b"Zmqlog-Topic"], b"app.INFO.net.http")
        self.assertEqual(got[2][1][b"Zmqlog-Topic"], b"a b.*.>.%25.\xc3\xa9%0A.")
        self.assertEqual(self.end(running)[0], 0)

    def run_with_deaths(self, server, publish, running, count, deaths):
        """Publishes, and kills the server so many times on the way."""
        at = {count * (i + 1) // (deaths + 1) for i in range(deaths)}
        for i in range(count):
            publish.send_multipart([b"app.INFO", b"%d" % i])
            if i in at:
                wait_until("nothing stored", lambda: self.counts(running)["delivered"] > i // 2)
                server.kill()
                server.start()
        self.wait_delivered(running, count)

    def check_exactly_once(self, count, deaths):
        server = Nats(self).start()
        publish, running = self.forward("--to", server.url(), "--queue", "1G")
        begun = time.monotonic()
        self.run_with_deaths(server, publish, running, count, deaths)
        took = time.monotonic() - begun
        code, said = self.end(running)
        self.assertEqual(code, 0, said)
        got = [int(body) for _, _, body in server.read()]
        self.assertEqual(got, list(range(count)), said)
        if FULL:
            print(f"\n{count} records, {deaths} deaths, {took:.1f} s\n{said}", file=sys.stderr)

    def test_each_record_is_stored_once_and_in_order_across_a_death(self):
        self.check_exactly_once(1000000 if FULL else 50000, 2 if FULL else 1)

    def test_what_does_not_fit_while_the_server_is_away_is_counted(self):
        server = Nats(self).start()
        publish, running = self.forward("--to", server.url(), "--queue", "256K")
        server.kill()
        for i in range(5000):
            publish.send_multipart([b"app.INFO", b"%d" % i])
        wait_until("not all", lambda: self.counts(running)["taken"] == 5000)
        dropped = self.counts(running)["dropped"]
        self.assertGreater(dropped, 0)
        server.start()
        self.wait_delivered(running, 5000 - dropped)
        got = [int(body) for _, _, body in server.read()]
        self.assertEqual(got, sorted(got))
        self.assertEqual(len(set(got)), 5000 - dropped)
        self.assertEqual(len(got), 5000 - dropped)

    def test_a_record_over_the_limit_is_refused_and_the_rest_goes_on(self):
        server = Nats(self, extra="max_payload: 65536").start()
        publish, running = self.forward("--to", server.url())
        for body in (b"a", b"x" * 70000, b"b"):
            publish.send_multipart([b"app.INFO", body])
        self.wait_delivered(running, 2)
        wait_until("not refused", lambda: self.counts(running)["refused"] == 1)
        self.assertEqual([body for _, _, body in server.read()], [b"a", b"b"])

    def test_settings_make_the_stream(self):
        server = Nats(self).start()
        _, running = self.forward("--to", server.url(settings="?max-age=7d&max-bytes=1G"))
        wait_until("no stream", lambda: self.config(server).get("max_bytes") == 1 << 30,
                   running.process)
        self.assertEqual(self.config(server)["max_age"], 7 * 86400 * 10**9)
        self.assertEqual(self.config(server)["subjects"], ["zmqlog.>"])

    def config(self, server):
        from nats import Wire
        wire = Wire(server.port)
        try:
            return wire.ask("$JS.API.STREAM.INFO.LOGS").get("config", {})
        finally:
            wire.close()


if __name__ == "__main__":
    unittest.main(argv=[word for word in sys.argv if word != "--full"])
