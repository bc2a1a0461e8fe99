# SPDX-License-Identifier: BSD-3-Clause
"""The walk through CURVE in docs/security.md, command by command; hosts and ports
are this machine's, and both machines are one folder."""

import os
import unittest

from programs import PATIENCE, ZMQLOG, Case, blocks, example, free_port, page, section

HOSTS = ("tcp://*:", "tcp://collector.example.org:", "tcp://app.example.org:")


class Security(Case):
    def setUp(self):
        super().setUp()
        self.environment = {"PATH": os.path.dirname(ZMQLOG) + ":" + os.environ["PATH"]}

    def commands(self, title, port):
        text = section(page("docs/security.md"), title)
        for host in HOSTS:
            text = text.replace(host, "tcp://127.0.0.1:")
        text = text.replace(":5557", f":{port}").replace(":5558", f":{port}")
        return [line for block in blocks(text, "sh") for line in block.splitlines()], text

    def shell(self, command):
        return self.start("sh", "-c", "exec " + command, env=self.environment,
                          cwd=self.folder)

    def do(self, commands):
        for command in commands:
            self.run_to_end("sh", "-ec", command, env=self.environment, cwd=self.folder)

    def do_as(self, name, commands):
        """Commands with files of other names."""
        self.do([command.replace("app", name) for command in commands])

    def test_the_walk_leads_to_an_encrypted_record(self):
        commands, text = self.commands("CURVE, step by step", free_port())
        *keys, watch, send = commands
        self.do(keys)
        watching = self.shell(watch)
        self.wait_for(watching, "not listening", lambda: "listening" in watching.said())
        self.do([send])
        self.assertEqual(watching.line() + "\n", blocks(text, "text")[0])
        for stranger in (send.replace("--key app", "--key stranger"),
                         send.replace("--key app ", ""),
                         send.replace("--server-key collector", "--server-key stranger"),
                         send.replace("--key app --server-key collector ", "--insecure ")):
            self.assertNotEqual(stranger, send)
            if not os.path.exists(self.path("stranger")):
                self.do(["zmqlog keygen stranger"])
            sending = self.shell(stranger.replace("--wait=10000", "--wait=1000"))
            self.assertEqual(sending.end(), (124, ""), sending.said())
        self.assertEqual(self.stop(watching), (0, ""))

    def test_a_program_is_watched_with_a_key(self):
        port = free_port()
        keys, _ = self.commands("CURVE, step by step", port)
        commands, _ = self.commands("In a program", port)
        self.do(keys[:-2])
        *more, watch = commands
        self.do(more)
        program = self.start(example("curve"), f"tcp://127.0.0.1:{port}", "app", "keys",
                             cwd=self.folder)
        watching = self.shell(watch)
        self.assertEqual(watching.line(), "vault.INFO.door | opened")
        self.assertEqual(program.process.wait(PATIENCE), 0, program.said())
        self.assertEqual(self.stop(watching), (0, ""))


if __name__ == "__main__":
    unittest.main()
