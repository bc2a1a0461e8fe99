# SPDX-License-Identifier: BSD-3-Clause
"""The table of ends in docs/reliability.md, row by row. A process logs while nobody
listens and everything is held back, and ends. If that end sends what is left, the
process stays until a listener has come; if not, it is gone before there is one."""

import os
import unittest

from endings import COMMANDS, ENDS, RECORDS
from programs import PATIENCE, ZMQLOG, Case, page

MARK = "<!-- ends of processes: run by tests/examples/test_ends.py -->\n"


def rows():
    """(language, end, whether it sends what is left)"""
    table = page("docs/reliability.md").split(MARK, 1)[1].split("\n\n", 1)[0]
    for line in table.splitlines()[2:]:
        language, end, sends = [cell.strip() for cell in line.strip("|").split("|")]
        yield language, end, {"yes": True, "no": False}[sends]


class Ends(Case):
    def check(self, language, end, sends):
        """Whether it could be run here."""
        endpoint = self.ipc("ends")
        found = COMMANDS[language](endpoint, end, self.folder)
        if found is None:
            return False
        command, environment = found
        ending = self.start(*command, env=environment)
        if sends:
            listener = self.start(ZMQLOG, "watch", "--bind", endpoint, "-q", "-n",
                                  str(RECORDS), "--timeout", str(PATIENCE))
            self.assertEqual(listener.end(), (0, "INFO | last words\n" * RECORDS),
                             ending.said())
        ending.process.wait(PATIENCE)
        self.assertNotIn("rror while loading", ending.said())
        if sends and os.path.exists(self.path("ends")):
            os.unlink(self.path("ends"))
        return True

    def test_are_as_the_table_says(self):
        languages = {"C"}
        for language, end, sends in rows():
            with self.subTest(language=language, end=end):
                if self.check(language, end, sends):
                    languages.add(language)
        print("run here:", *sorted(languages))

    def test_are_all_in_the_table(self):
        listed = {}
        for language, end, _ in rows():
            listed.setdefault(language, set()).add(end)
        self.assertEqual(listed, {language: set(ENDS[language]) for language in listed})
        self.assertIn("C", listed)


if __name__ == "__main__":
    unittest.main()
