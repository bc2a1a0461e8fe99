# SPDX-License-Identifier: BSD-3-Clause
"""docs/dlopen.md shows code that is run, names that exist, and every example."""
import os
import re
import sys
import unittest

SOURCE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def read(*path):
    with open(os.path.join(SOURCE, *path), encoding="utf-8") as file:
        return file.read()


PAGE = read("docs", "dlopen.md")
EXAMPLES = sorted(os.listdir(os.path.join(SOURCE, "docs/examples/dlopen")))


class Page(unittest.TestCase):
    def test_output_is_what_the_examples_are_held_to(self):
        shown = re.search(r"(?ms)^```text\n(.*?)^```", PAGE).group(1)
        self.assertEqual(shown, read("tests/dlopen/expected.txt"))

    def test_every_example_is_listed(self):
        listed = re.findall(r"\(examples/dlopen/([^)]*)\)", PAGE)
        self.assertEqual(sorted(listed), [name for name in EXAMPLES if "." in name])

    def test_functions_exist(self):
        known = set(re.findall(r"\w+", read("abi/include/zmqlog.h")))
        used = set(re.findall(r"\bzmqlog_\w+", PAGE))
        self.assertEqual(used - known, set())


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
