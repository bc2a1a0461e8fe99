# SPDX-License-Identifier: BSD-3-Clause
"""The README, followed to the letter against an installed tree; only the port is
another, so that tests may run side by side."""

import os
import shutil
import subprocess
import unittest

from programs import BUILD, PATIENCE, SOURCE, Case, blocks, free_port, page, section


class Readme(Case):
    def install(self):
        subprocess.run(["cmake", "--install", BUILD, "--prefix", self.path("usr")],
                       check=True, stdout=subprocess.DEVNULL, timeout=PATIENCE * 2)
        for folder, _, files in os.walk(self.path("usr")):
            if "zmqlog.pc" in files:
                pkgconfig = folder
        return {"PATH": self.path("usr/bin") + ":" + os.environ["PATH"],
                "PKG_CONFIG_PATH": pkgconfig,
                "LD_LIBRARY_PATH": os.path.dirname(pkgconfig)}

    def test_two_terminals_show_what_they_should(self):
        text = section(page("README.md"), "In two terminals")
        port = str(free_port())
        self.assertIn("5556", text)
        text = text.replace("5556", port)
        watch, build_and_run = blocks(text, "sh")[:2]
        environment = self.install()
        with open(self.path("hello.c"), "w", encoding="utf-8") as file:
            file.write(blocks(text, "c")[0])
        watching = self.start("sh", "-c", "exec " + watch, env=environment, cwd=self.folder)
        self.run_to_end("sh", "-ec", build_and_run, env=environment, cwd=self.folder)
        for line in blocks(text, "text")[0].splitlines():
            self.assertEqual(watching.line(), line)
        self.assertEqual(self.stop(watching), (0, ""))

    def test_examples_build_as_their_index_says(self):
        environment = self.install()
        folder = os.path.join(self.folder, "examples")
        shutil.copytree(os.path.join(SOURCE, "docs/examples"), folder)
        lines = [line for block in blocks(page("docs/examples/README.md"), "sh")
                 for line in block.splitlines() if line.startswith("cc ")]
        self.assertEqual(len(lines), 2)
        for line in lines:
            self.run_to_end("sh", "-ec", line, env=environment, cwd=folder)


if __name__ == "__main__":
    unittest.main()
