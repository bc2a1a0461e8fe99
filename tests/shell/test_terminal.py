# SPDX-License-Identifier: BSD-3-Clause
"""What zmqlog watch does on a terminal only."""

import unittest

from peers import Case, Terminal


class OnTerminal(Case):
    def terminal(self, *words, **more):
        running = Terminal(*words, **more)
        self.addCleanup(running.close)
        return running

    def watch(self, *words, **more):
        socket, endpoint = self.publisher()
        running = self.terminal("watch", endpoint, *words, **more)
        self.subscriptions(socket, 1)
        return socket, running

    def test_colors_levels(self):
        socket, watch = self.watch(env={"NO_COLOR": ""})
        socket.send_multipart([b"app.WARNING", b"m"])
        self.assertIn(b"app.\x1b[33mWARNING\x1b[0m | m\r\n", watch.read_until(b"m\r\n"))

    def test_has_no_colors_with_no_color(self):
        socket, watch = self.watch(env={"NO_COLOR": "1"})
        socket.send_multipart([b"app.WARNING", b"m"])
        self.assertIn(b"app.WARNING | m\r\n", watch.read_until(b"m\r\n"))

    def test_has_no_colors_when_told(self):
        socket, watch = self.watch("--color", "never")
        socket.send_multipart([b"app.WARNING", b"m"])
        self.assertIn(b"app.WARNING | m\r\n", watch.read_until(b"m\r\n"))

    def test_hints_at_a_publisher_that_is_not_there(self):
        watch = self.terminal("watch", "ipc://" + self.path("nobody"), "-t", "app.WARN")
        said = watch.read_until(b"keys fit?")
        self.assertIn(b"zmqlog watch: nothing yet: connected to 0 of 1; "
                      b"subscribed to \"app.WARN\"; is the publisher running", said)

    def test_hints_at_silence(self):
        _, watch = self.watch()
        said = watch.read_until(b"publisher's level")
        self.assertIn(b"connected to 1 of 1; subscribed to everything; perhaps nothing", said)

    def test_hints_at_filters(self):
        socket, watch = self.watch("-g", "never")
        socket.send_multipart([b"app.INFO", b"m"])
        self.assertIn(b"records do come", watch.read_until(b"holds them all back"))

    def test_says_that_nobody_listened(self):
        send = self.terminal("send", "--connect", "ipc://" + self.path("nobody"), "x")
        send.read_until(b"nobody listened")


if __name__ == "__main__":
    unittest.main()
