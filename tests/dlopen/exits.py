# SPDX-License-Identifier: BSD-3-Clause
"""exits.py COMMAND...: a program that opens a handler, logs and ends, by falling off its
end and by its language's exit, loses nothing: the library's at-exit flush runs there."""
import subprocess
import sys
import unittest

import peer
import zmq
from peer import DEADLINE_MS


class Exits(peer.Case):
    def end(self, *how):
        sub = self.socket(zmq.SUB)
        sub.subscribe(b"")
        port = sub.bind_to_random_port("tcp://127.0.0.1")
        program = subprocess.Popen([*sys.argv[1:], f"tcp://127.0.0.1:{port}", *how])
        self.addCleanup(program.wait)
        self.addCleanup(program.kill)
        self.assertEqual(sub.recv_multipart(), [b"app.INFO", b"last words"])
        return program.wait(DEADLINE_MS / 1000)

    def test_end_of_program_is_flushed(self):
        self.assertEqual(self.end(), 0)

    def test_exit_is_flushed(self):
        self.assertEqual(self.end("exit"), 3)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
