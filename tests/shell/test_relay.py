# SPDX-License-Identifier: BSD-3-Clause
"""zmqlog relay between PyZMQ's sockets and zmqlog's own."""

import re
import signal
import socket
import unittest

import zmq

from peers import Case


class Relay(Case):
    def relay(self, *words, **more):
        running = self.start("relay", "--publishers", "tcp://127.0.0.1:*", "--subscribers",
                             "tcp://127.0.0.1:*", *words, **more)
        running.wait_said("for subscribers on ")
        running.wait_said("\n")
        found = re.findall(r"listening for \w+ on (\S+)", running.said())
        return running, *found

    def pair(self, publishers, subscribers, prefix=b"app"):
        publisher = self.xpub()
        publisher.connect(publishers)
        subscriber = self.context.socket(zmq.SUB)
        self.addCleanup(subscriber.close, linger=0)
        subscriber.subscribe(prefix)
        subscriber.connect(subscribers)
        while self.receive(publisher)[0] != b"\x01" + prefix:
            pass
        return publisher, subscriber

    def test_passes_on_and_ends_with_its_counts(self):
        running, publishers, subscribers = self.relay()
        publisher, subscriber = self.pair(publishers, subscribers)
        for number in range(100):
            publisher.send_multipart([b"app.INFO", b"%d" % number])
        for number in range(100):
            self.assertEqual(self.receive(subscriber), [b"app.INFO", b"%d" % number])
        running.tell(signal.SIGUSR1)
        running.wait_said("100 received, 100 sent, 0 dropped, 0 malformed, 0 times a "
                          "subscriber was too slow; now 1 publishers, 1 subscribers, 1 "
                          "subscriptions")
        running.tell(signal.SIGTERM)
        self.assertEqual(running.end()[0], 0)
        self.assertEqual(running.said().count("100 received"), 2)

    def test_passes_on_through_two_to_a_watch(self):
        _, publishers, middle = self.relay()
        _, _, subscribers = self.relay("--upstream", middle)
        watch = self.start("watch", subscribers, "-t", "app", "-n", "1", "--format", "raw")
        sent = self.start("send", "--connect", publishers, "--root", "app", "--wait", "hello")
        self.assertEqual(watch.end(), (0, b"app.INFO\thello\n"))
        self.assertEqual(sent.end()[0], 0)

    def test_names_both_ends_of_a_loop(self):
        first, _, middle = self.relay()
        second, _, end = self.relay("--upstream", middle)
        third, _, _ = self.relay("--upstream", end, "--downstream", first.said().split(
            "publishers on ")[1].split("\n")[0])
        deadline = 30000
        while deadline and not any("a loop: " in each.said() for each in (first, second, third)):
            self.context.socket(zmq.PAIR).poll(10)
            deadline -= 10
        said = first.said() + second.said() + third.said()
        self.assertIn("leads back to this relay's own", said)

    def test_tells_systemd_that_it_is_ready(self):
        path = self.path("notify")
        manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(manager.close)
        manager.bind(path)
        manager.settimeout(30)
        running, _, _ = self.relay(env={"NOTIFY_SOCKET": path})
        self.assertEqual(manager.recv(100), b"READY=1")
        running.tell(signal.SIGINT)
        self.assertEqual(running.end()[0], 0)


if __name__ == "__main__":
    unittest.main()
