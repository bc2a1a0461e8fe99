# SPDX-License-Identifier: BSD-3-Clause
"""zmqlog forward to JetStream streams of Debian's nats-server, read back by the wire's
protocol. --full runs what is too long for every day."""

import glob
import signal
import sys
import threading
import time
import unittest

from engines import free_port, wait_until
from nats import Nats, NatsCase

FULL = "--full" in sys.argv


class Streams(NatsCase):
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
        """Publishes, and kills the server that many times meanwhile."""
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
        config = lambda: server.ask("STREAM.INFO.LOGS").get("config", {})
        wait_until("no stream", lambda: config().get("max_bytes") == 1 << 30, running.process)
        self.assertEqual(config()["max_age"], 7 * 86400 * 10**9)
        self.assertEqual(config()["subjects"], ["zmqlog.>"])

    def test_each_record_over_the_streams_own_limit_is_refused(self):
        server = Nats(self).start()
        server.ask("STREAM.CREATE.LOGS", {"name": "LOGS", "subjects": ["zmqlog.>"],
                                          "max_msg_size": 5000})
        publish, running = self.forward("--to", server.url())
        bodies = [b"%d" % i + b"x" * (9000 if i % 3 else 0) for i in range(3000)]
        for body in bodies:
            publish.send_multipart([b"app.INFO", body])
        wait_until("not all", lambda: self.counts(running)["waiting"] == 0 and
                   self.counts(running)["taken"] == 3000)
        counts = self.counts(running)
        self.assertEqual((counts["delivered"], counts["refused"]), (1000, 2000))
        self.assertEqual([body for _, _, body in server.read()], bodies[::3])
        self.assertEqual(self.end(running)[0], 0)

    def test_a_full_stream_is_told_once_and_waited_for(self):
        server = Nats(self).start()
        config = {"name": "LOGS", "subjects": ["zmqlog.>"], "discard": "new", "max_msgs": 100}
        server.ask("STREAM.CREATE.LOGS", config)
        publish, running = self.forward("--to", server.url())
        for i in range(500):
            publish.send_multipart([b"app.INFO", b"%d" % i])
        said = running.wait_said("maximum messages exceeded; trying again")
        self.assertNotIn("{", said)
        self.wait_delivered(running, 100)
        server.ask("STREAM.UPDATE.LOGS", {**config, "max_msgs": -1})
        self.wait_delivered(running, 500)
        self.assertEqual([int(body) for _, _, body in server.read()], list(range(500)))
        self.assertEqual(running.said().count("maximum messages exceeded"), 1)

    def test_a_smaller_record_does_not_overtake_one_that_finds_no_room(self):
        server = Nats(self).start()
        config = {"name": "LOGS", "subjects": ["zmqlog.>"], "discard": "new",
                  "max_bytes": 100000}
        server.ask("STREAM.CREATE.LOGS", config)
        publish, running = self.forward("--to", server.url())
        bodies = [b"%d" % i + b"x" * (90000 if i % 2 else 0) for i in range(10)]
        for body in bodies:
            publish.send_multipart([b"app.INFO", body])
        running.wait_said("maximum bytes exceeded; trying again")
        server.ask("STREAM.UPDATE.LOGS", {**config, "max_bytes": -1})
        self.wait_delivered(running, 10)
        self.assertEqual([body for _, _, body in server.read()], bodies)

    def test_a_stream_in_which_others_write_is_told_and_written_on(self):
        """From then on no record names the one before it."""
        server = Nats(self).start()
        server.ask("STREAM.CREATE.LOGS", {"name": "LOGS", "subjects": ["zmqlog.>"],
                                          "discard": "new"})
        one, first = self.forward("--to", server.url())
        two, second = self.forward("--to", server.url())
        for i in range(300):
            one.send_multipart([b"one", b"%d" % i])
            two.send_multipart([b"two", b"%d" % i])
            if i % 100 == 0: # so that each comes between the other's
                self.wait_delivered(first, i + 1)
                self.wait_delivered(second, i + 1)
        self.wait_delivered(first, 300)
        self.wait_delivered(second, 300)
        got = server.read()
        for subject in (b"zmqlog.one", b"zmqlog.two"):
            self.assertEqual([int(body) for of, _, body in got if of == subject],
                             list(range(300)))
        self.assertEqual((first.said() + second.said()).count("others write to this stream"), 2)

    def test_a_refused_record_holds_nothing_up_when_the_server_comes_back(self):
        server = Nats(self, extra="max_payload: 65536").start()
        publish, running = self.forward("--to", server.url())
        publish.send_multipart([b"app.INFO", b"first"])
        self.wait_delivered(running, 1)
        server.server.process.send_signal(signal.SIGSTOP)
        bodies = [b"a", b"x" * 70000, b"b", b"x" * 70000, b"c", b"x" * 70000]
        for body in bodies:
            publish.send_multipart([b"app.INFO", body])
        wait_until("not all", lambda: self.counts(running)["taken"] == 7)
        server.kill()
        server.start()
        wait_until("not all", lambda: self.counts(running)["waiting"] == 0)
        counts = self.counts(running)
        self.assertEqual((counts["delivered"], counts["refused"]), (4, 3))
        self.assertEqual([body for _, _, body in server.read()], [b"first", b"a", b"b", b"c"])

    def test_a_server_that_no_longer_reads_does_not_hold_up_the_end(self):
        server = Nats(self).start()
        publish, running = self.forward("--to", server.url(), "--linger", "0")
        publish.send_multipart([b"app.INFO", b"first"])
        self.wait_delivered(running, 1)
        server.server.process.send_signal(signal.SIGSTOP)
        for _ in range(40):
            publish.send_multipart([b"app.INFO", b"x" * (1 << 20)])
        wait_until("not all", lambda: self.counts(running)["taken"] == 41)
        code, said = self.end(running)
        self.assertEqual(code, 1)
        self.assertIn("records are left", said)

    def test_what_is_left_at_the_end_is_stored_once_by_the_next_run(self):
        """Also what was on its way then, and long after the server forgot its id."""
        server = Nats(self).start()
        server.ask("STREAM.CREATE.LOGS", {"name": "LOGS", "subjects": ["zmqlog.>"],
                                          "duplicate_window": 100 * 10**6})
        words = "--to", server.url(), "--save", self.path("left"), "--linger", "0"
        publish, running = self.forward(*words)
        for i in range(3000):
            publish.send_multipart([b"app.INFO", b"%d" % i])
            if i == 2000:
                wait_until("nothing stored", lambda: server.last() > 500)
                server.server.process.send_signal(signal.SIGSTOP)
        wait_until("not all", lambda: self.counts(running)["taken"] == 3000)
        left = self.counts(running)["waiting"]
        self.assertGreater(left, 500)
        code, said = self.end(running)
        self.assertEqual(code, 0, said)
        server.server.process.send_signal(signal.SIGCONT)
        at = -1  # what was on its way arrives, and the server forgets its ids
        while at != server.last():
            at = server.last()
            time.sleep(0.3)
        publish, running = self.forward(*words)
        self.wait_delivered(running, left)
        publish.send_multipart([b"app.INFO", b"3000"])
        self.wait_delivered(running, left + 1)
        self.assertEqual([int(body) for _, _, body in server.read()], list(range(3001)))

    def test_what_the_stream_had_is_not_stored_again_after_the_servers_memory(self):
        """Message ids are forgotten after a window: the stream itself is looked into."""
        server = Nats(self).start()
        server.ask("STREAM.CREATE.LOGS", {"name": "LOGS", "subjects": ["zmqlog.>"],
                                          "duplicate_window": 100 * 10**6})
        publish, running = self.forward("--to", server.url(), "--queue", "1G")
        count = 20000
        for i in range(count):
            publish.send_multipart([b"app.INFO", b"%d" % i])
            if i in (5000, 10000, 15000):
                wait_until("nothing stored", lambda: server.last() > i // 2)
                running.tell(signal.SIGSTOP) # answers stay unread
                at = server.last()
                server.kill()
                time.sleep(0.1)
                server.start()
                self.assertGreaterEqual(server.last(), at)
                running.tell(signal.SIGCONT)
        self.wait_delivered(running, count)
        code, said = self.end(running)
        self.assertEqual(code, 0, said)
        self.assertEqual([int(body) for _, _, body in server.read()], list(range(count)), said)


class Cluster(NatsCase):
    def leader(self, node):
        """The nodes that keep the stream, as a living node tells."""
        return node.ask("STREAM.INFO.LOGS").get("cluster", {}).get("leader")

    def test_three_nodes_go_on_when_one_dies(self):
        """The one that leads the stream, while records come. All are stored, once and in
        order."""
        ports = [free_port() for _ in range(3)]
        routes = ", ".join(f'"nats://127.0.0.1:{port}"' for port in ports)
        nodes = [Nats(self, f"n{i}", f'cluster {{ name: test, listen: "127.0.0.1:{port}", '
                                     f"routes: [{routes}] }}") for i, port in enumerate(ports)]
        for node in nodes:
            node.start(ready=False)
        servers = ",".join(f"127.0.0.1:{node.port}" for node in nodes)
        publish, running = self.forward("--to", f"nats://{servers}/LOGS?replicas=3",
                                        "--queue", "1G")
        stop, sent = threading.Event(), []
        thread = threading.Thread(target=self.publish_until, args=(stop, publish, sent))
        self.addCleanup(thread.join)
        self.addCleanup(stop.set)
        thread.start()
        wait_until("nothing stored", lambda: self.counts(running)["delivered"] > 1000)
        led = []
        wait_until("no leader", lambda: led.append(self.leader(nodes[0])) or led[-1])
        dead = int(led[-1][1:])
        nodes[dead].kill()
        self.wait_delivered(running, self.counts(running)["taken"])
        stop.set()
        thread.join()
        self.wait_delivered(running, len(sent))
        code, said = self.end(running)
        self.assertEqual(code, 0, said)
        self.assertEqual([int(body) for body in nodes[dead - 1].bodies()], sent, said)

    @staticmethod
    def publish_until(stop, publish, sent):
        """Some thousand a second."""
        while not stop.wait(0.01):
            for _ in range(50):
                publish.send_multipart([b"app.INFO", b"%d" % len(sent)])
                sent.append(len(sent))


class Reading(NatsCase):
    """zmqlog watch nats://..., of streams that zmqlog forward filled."""

    def fill(self, *records):
        server = Nats(self).start()
        self.publish, self.running = self.forward("--to", server.url())
        for topic, body in records:
            self.publish.send_multipart([topic, body])
        self.wait_delivered(self.running, len(records))
        return server

    def test_the_past_comes_back_byte_for_byte_and_the_present_follows(self):
        every = bytes(range(256)).replace(b"\n", b"") * 3
        records = [(b"a b.*.%41.\xc3\xa9", every), (b"app.INFO", b""), (b"..", b"x" * 900000)]
        server = self.fill(*records)
        watch = self.start("watch", server.url(), "--since", "1h", "--format", "raw")
        for topic, body in records:
            self.assertEqual(watch.line(), topic + b"\t" + body + b"\n")
        self.publish.send_multipart([b"app.INFO", b"live"])
        self.assertEqual(watch.line(), b"app.INFO\tlive\n")
        self.assertEqual(watch.interrupt()[0], 0)

    def lines(self):
        count = 0
        for name in glob.glob(self.path("rec") + "/*.jsonl"):
            with open(name, "rb") as file:
                count += file.read().count(b"\n")
        return count

    def test_a_stream_can_be_recorded(self):
        records = [(b"app.INFO", b"one"), (b"app.ERROR", bytes(range(256)))]
        server = self.fill(*records)
        running = self.start("record", server.url(), "--since", "all", "--dir", self.path("rec"))
        wait_until("not recorded", lambda: self.lines() == 2, running.process)
        self.assertEqual(running.interrupt()[0], 0)
        self.assertIn("2 received, 2 recorded", running.said())
        listener = self.listener()
        code, _, errors = self.run_to_end(
            "play", *glob.glob(self.path("rec") + "/*.jsonl"), "--connect", listener.endpoint,
            "--wait", "--speed", "max")
        self.assertEqual(code, 0, errors)
        for record in records:
            self.assertEqual(listener.receive(), list(record))

    def test_records_out_of_order_do_not_scatter_over_files(self):
        server = self.fill((b"app.INFO", b"first"))
        hour = 3600 * 10**9
        for i in range(20):  # by two forwarders whose clocks differ, at a full hour
            server.publish({"Zmqlog-Topic": "app.INFO",
                            "Zmqlog-Received": str((500000 - i % 2) * hour)}, b"%d" % i)
        running = self.start("record", server.url(), "--since", "all", "--rotate", "1h", "--dir",
                             self.path("rec"))
        wait_until("not recorded", lambda: self.lines() == 21, running.process)
        self.assertEqual(running.interrupt()[0], 0)
        self.assertEqual(len(glob.glob(self.path("rec") + "/*.jsonl")), 2)  # and of the first

    def test_a_stream_can_be_passed_on_to_another(self):
        server = self.fill((b"app.INFO", b"one"), (b"app.ERROR", b"two"))
        server.ask("STREAM.CREATE.COPY", {"name": "COPY", "subjects": ["copy.>"],
                                          "sources": [{"name": "LOGS"}]})
        other = Nats(self, "n2").start()
        running = self.start("forward", server.url("COPY"), "--since", "all", "--to", other.url())
        wait_until("not copied", lambda: other.last() == 2, running.process)
        self.assertEqual(self.end(running)[0], 0)
        self.assertEqual([body for _, _, body in other.read()], [b"one", b"two"])

    def test_filters_and_formats_are_those_of_watch(self):
        server = self.fill((b"shop.INFO", b"one"), (b"shop.ERROR.db", b"two"),
                           (b"shopping.ERROR", b"three"), (b"bank.ERROR", b"four"),
                           (b"shop.WARN", b'{"msg":"five","n":5,"time":"2026-01-02T03:04:05Z"}'))
        for words, shown in (
                (("--root", "shop", "-l", "warn"),
                 b"shop.ERROR.db | two\nshop.WARN | five  n=5\n"),
                (("-t", "shop."), b"shop.INFO | one\nshop.ERROR.db | two\n"
                                  b"shop.WARN | five  n=5\n"),
                (("-g", "^t"), b"shop.ERROR.db | two\nshopping.ERROR | three\n"),
                (("-l", "error", "--root", "shop", "--root", "bank"),
                 b"shop.ERROR.db | two\nbank.ERROR | four\n")):
            count = shown.count(b"\n")
            code, out, errors = self.run_to_end("watch", server.url(), "--since", "all", *words,
                                                "-n", str(count))
            self.assertEqual((code, out), (0, shown), errors)

    def test_without_since_only_what_comes_is_shown(self):
        server = self.fill((b"app.INFO", b"old"))
        watch = self.start("watch", server.url(), "-n", "1")
        for i in range(1000):
            self.publish.send_multipart([b"app.INFO", b"new"])
            if watch.process.poll() is not None:
                break
            time.sleep(0.01)
        self.assertEqual(watch.end(), (0, b"app.INFO | new\n"))

    def test_goes_on_behind_the_last_one_when_the_server_comes_back(self):
        server = self.fill(*[(b"app.INFO", b"%d" % i) for i in range(100)])
        watch = self.start("watch", server.url(), "--since", "1h", "--separator", " ")
        watch.lines(50)
        server.kill()
        server.start()
        for i in range(100, 200):
            self.publish.send_multipart([b"app.INFO", b"%d" % i])
        self.assertEqual([int(line.split()[1]) for line in watch.lines(150)],
                         list(range(50, 200)))

    def test_without_since_nothing_is_missed_once_the_stream_was_seen(self):
        server = self.fill((b"app.INFO", b"old"))
        watch = self.start("watch", server.url(), "-n", "2")
        wait_until("no reader", lambda: server.state().get("consumer_count") == 1, watch.process)
        watch.tell(signal.SIGSTOP)
        server.kill()
        server.start()
        for body in (b"one", b"two"):
            self.publish.send_multipart([b"app.INFO", body])
        self.wait_delivered(self.running, 3)
        watch.tell(signal.SIGCONT)
        self.assertEqual(watch.end(), (0, b"app.INFO | one\napp.INFO | two\n"))

    def test_a_stream_that_was_made_anew_is_read_from_its_start(self):
        server = self.fill(*[(b"app.INFO", b"%d" % i) for i in range(5)])
        watch = self.start("watch", server.url(), "--since", "all")
        watch.lines(5)
        watch.tell(signal.SIGSTOP)
        server.ask("STREAM.DELETE.LOGS")
        server.kill()
        server.start()
        self.publish.send_multipart([b"app.INFO", b"anew"])
        self.wait_delivered(self.running, 6)
        watch.tell(signal.SIGCONT)
        self.assertEqual(watch.line(), b"app.INFO | anew\n")

    def test_what_makes_no_sense_is_refused(self):
        for words, why in ((("nats://127.0.0.1:1/S", "tcp://127.0.0.1:1"), "read alone"),
                           (("tcp://127.0.0.1:1", "--since", "1h"), "no past"),
                           (("nats://127.0.0.1:1/S", "--since", "soon"), "such as 90s"),
                           (("nats://127.0.0.1:1", ), "HOST:PORT"),
                           (("nats://127.0.0.1:1/a.b", ), "HOST:PORT"),
                           (("nats://log.example:1/S", ), "beyond this machine")):
            code, out, errors = self.run_to_end("watch", *words)
            self.assertEqual((code, out), (2, b""), errors)
            self.assertIn(why, errors)
        for setting in ("replicas=6", "replicas=3-v", "replicas=", "max-age=soon", "max-bytes=-1",
                        "color=red"):
            code, out, errors = self.run_to_end("forward", "tcp://127.0.0.1:9", "--to",
                                                "nats://127.0.0.1:1/S?" + setting)
            self.assertEqual((code, out), (2, b""), errors)
            self.assertIn(setting.split("=")[0], errors.replace("behind ?", "color"))


if __name__ == "__main__":
    unittest.main(argv=[word for word in sys.argv if word != "--full"])
