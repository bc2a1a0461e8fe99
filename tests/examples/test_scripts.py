# SPDX-License-Identifier: BSD-3-Clause
"""What the scripts say to somebody who has just cloned the project: each ends in one
line that says what to type. Debian's tools are stand-ins here, so nothing is installed."""

import os
import shutil
import subprocess
import unittest

from programs import PATIENCE, SOURCE, Case

# What the scripts call before they need anything that may be missing.
TOOLS = ("awk bash basename cat comm dirname dpkg echo env find grep head id mkdir mktemp nproc "
         "realpath rm sed sort tail tr uname wc xargs").split()
NO_NETWORK = """echo "W: Failed to fetch http://mirror.example/"
echo "E: Unable to fetch some archives"
exit 100
"""
STAND_INS = {
    "nothing is installed": {"dpkg-query": "exit 1\n", "apt-get": NO_NETWORK},
    "everything is installed": {"dpkg-query": """shift 3
for package; do echo "$package install ok installed"; done
"""},
}


def suite():
    with open("/etc/os-release", encoding="utf-8") as file:
        return next((line.strip().partition("=")[2] for line in file
                     if line.startswith("VERSION_CODENAME=")), "")


class Scripts(Case):
    def bare_system(self, user, what, without=()):
        """A PATH with few tools in it."""
        place = self.path("bin")
        os.mkdir(place)
        for tool in set(TOOLS) - set(without):
            os.symlink(shutil.which(tool), os.path.join(place, tool))
        for name, body in {**STAND_INS[what], "id": f"echo {user}\n"}.items():
            path = os.path.join(place, name)
            if os.path.lexists(path):
                os.remove(path)
            with open(path, "w", encoding="utf-8") as file:
                file.write("#!/bin/sh\n" + body)
            os.chmod(path, 0o755)
        return {"PATH": place, "LC_ALL": "C.UTF-8"}

    def run_script(self, *words, **environment):
        return subprocess.run([os.path.join(SOURCE, words[0]), *words[1:]], text=True,
                              capture_output=True, timeout=PATIENCE * 4, check=False,
                              stdin=subprocess.DEVNULL, env={**os.environ, **environment})

    def one_line(self, done):
        """What a script that failed has said."""
        self.assertNotEqual(done.returncode, 0, done.stdout)
        self.assertEqual(done.stderr.count("\n"), 1, done.stderr)
        return done.stderr

    def test_quickstart_explains_itself(self):
        done = self.run_script("packaging/quickstart", "--help")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("packaging/quickstart [RECORDS]\n", done.stdout)
        for words in (["many"], ["0"], ["-1"], ["1", "2"]):
            self.assertIn("--help", self.one_line(
                self.run_script("packaging/quickstart", *words)))

    def test_a_user_is_told_what_root_types(self):
        environment = self.bare_system(1000, "nothing is installed")
        for script in ("packaging/quickstart", "tests/run"):
            line = self.one_line(self.run_script(script, **environment))
            self.assertIn("as root: apt-get update && apt-get install -y", line)
            self.assertIn(" cmake ", line)

    def test_without_a_network_one_line_says_so(self):
        environment = self.bare_system(0, "nothing is installed")
        for script in ("packaging/quickstart", "tests/run"):
            line = self.one_line(self.run_script(script, **environment))
            self.assertIn("(Unable to fetch some archives)", line)
            self.assertIn("when there is a network: apt-get update && apt-get install", line)

    @unittest.skipUnless(suite() in ("bookworm", "trixie"), "packages are Debian's")
    def test_build_deb_names_all_that_is_missing(self):
        environment = self.bare_system(1000, "nothing is installed")
        line = self.one_line(self.run_script("packaging/build-deb", **environment))
        named = line.partition("--no-install-recommends ")[2].split()
        for package in ("git", "dpkg-dev", "debhelper", "cmake", "swig", "libzmq3-dev",
                        "build-essential", "gem2deb", "lua5.4"):
            self.assertIn(package, named)
        self.assertEqual(len(named), len(set(named)))

    def test_stages_that_run_nothing_are_skipped(self):
        environment = self.bare_system(1000, "everything is installed")
        done = self.run_script("tests/run", "-R", "nothing", **environment,
                               TESTS_STAGES="quickstart packaging")
        self.assertEqual(done.returncode, 1)
        for stage in ("quickstart", "packaging"):
            self.assertRegex(done.stdout, rf"(?m)^{stage} +skipped ")
        self.assertIn("no test matched", done.stdout)


if __name__ == "__main__":
    unittest.main()
