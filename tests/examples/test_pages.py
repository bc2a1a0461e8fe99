# SPDX-License-Identifier: BSD-3-Clause
"""What pages say about files, names and numbers is so."""

import glob
import os
import re
import textwrap
import unittest

from programs import SOURCE, blocks, page

TOP = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md"]
OWN = TOP + ["docs/" + name + ".md" for name in (
    "guide", "wire", "abi", "security", "reliability", "operations", "engines",
    "performance", "releasing", "changelog")]
ALL = TOP + ["abi/README.md", "docs/examples/README.md"] + sorted(
    os.path.relpath(path, SOURCE) for path in glob.glob(os.path.join(SOURCE, "docs/*.md")))


def prose(text):
    return re.sub(r"(?ms)^```.*?^```$", "", text)


def anchors(text):
    titles = re.findall(r"(?m)^#+ (.*)$", re.sub(r"(?ms)^```.*?^```$", "", text))
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def header():
    return page("abi/include/zmqlog.h")


class Pages(unittest.TestCase):
    maxDiff = None

    def test_c_is_cut_out_of_examples(self):
        sources = [page(os.path.relpath(path, SOURCE)) for pattern in ("*.c", "*.cpp")
                   for path in glob.glob(os.path.join(SOURCE, "docs/examples", pattern))]
        count = 0
        for name in OWN:
            for block in blocks(page(name), "c") + blocks(page(name), "cpp"):
                count += 1
                wanted = textwrap.indent(block, " " * 4)
                self.assertTrue(any(block in source or wanted in source
                                    for source in sources),
                                f"{name}: in no example:\n{block}")
        self.assertGreater(count, 10)

    def test_links_lead_somewhere(self):
        for name in ALL:
            for target in re.findall(r"\]\(([^)]+)\)", prose(page(name))):
                if target.startswith(("http://", "https://")):
                    continue
                path, _, anchor = target.partition("#")
                path = os.path.normpath(os.path.join(os.path.dirname(name), path)) \
                    if path else name
                self.assertTrue(os.path.exists(os.path.join(SOURCE, path)),
                                f"{name}: {target}")
                if anchor:
                    self.assertIn(anchor, anchors(page(path)), f"{name}: {target}")

    def test_every_section_is_in_the_list_of_contents(self):
        for name in OWN:
            text = page(name)
            listed = re.findall(r"(?m)^- \[[^\]]*\]\(#([^)]*)\)$", text)
            if listed:
                sections = re.findall(r"(?m)^## (.*)$", prose(text))
                self.assertEqual([re.sub(r"[^\w\- ]", "", s.lower()).replace(" ", "-")
                                  for s in sections], listed, name)

    def test_every_example_is_in_their_index(self):
        folder = os.path.join(SOURCE, "docs/examples")
        there = [os.path.relpath(path, folder) for pattern in ("*.*", "dlopen/*.*", "go/*/*.go")
                 for path in glob.glob(os.path.join(folder, pattern))]
        listed = re.findall(r"\]\(([^)]*)\)", page("docs/examples/README.md"))
        self.assertEqual(sorted(listed), sorted(set(there) - {"README.md"}))

    def test_files_that_are_named_exist(self):
        pattern = r"`((?:abi|core|bindings|tests|packaging|docs)/[\w./-]*)`"
        for name in OWN:
            for path in re.findall(pattern, page(name)):
                self.assertTrue(os.path.exists(os.path.join(SOURCE, path)),
                                f"{name}: {path}")

    def test_names_are_those_of_the_header(self):
        known = set(re.findall(r"\w+", header()))
        # Options and files of the build, and objects of other programs.
        known |= set(re.findall(r"ZMQLOG_\w+", page("CMakeLists.txt")))
        known |= set(re.findall(r"ZMQLOG_\w+", page("abi/libzmqlog.map")))
        # Fields of the journal's.
        known |= set(re.findall(r"ZMQLOG_\w+", page("bindings/shell/forward/journald.c")))
        # Variables of the environment.
        known |= set(re.findall(r"ZMQLOG_\w+", page("core/publish/handler_open.c")))
        known |= set(re.findall(r"ZMQLOG_\w+", page("core/publish/local.c")))
        for name in OWN:
            for word in re.findall(r"\b(?:zmqlog|ZMQLOG)_\w+", page(name)):
                if not word.endswith("_"):
                    self.assertTrue(word in known, f"{name}: {word}")

    def test_setters_that_are_named_exist(self):
        for name in OWN:
            for word in re.findall(r"`(set_\w+|allow_\w+|subscribe\w*|log_topic)", page(name)):
                self.assertTrue(re.search(rf"zmqlog_\w+_{word}\(", header()),
                                f"{name}: {word}")

    def test_statuses_are_all_listed_with_their_numbers(self):
        defined = dict(re.findall(r"#define (ZMQLOG_(?:OK|E[A-Z]+)) (-?\d+)", header()))
        listed = dict(re.findall(r"(?m)^\| `(ZMQLOG_\w+)` \| (-?\d+) \|", page("docs/abi.md")))
        self.assertEqual(listed, defined)

    def test_counters_of_handlers_are_all_explained(self):
        names = re.findall(r"#define ZMQLOG_COUNT_(?!MAX)(\w+)", header())
        text = page("docs/reliability.md") + page("docs/operations.md")
        for name in names:
            self.assertTrue(re.search(rf"\b{name}\b", text), name)


if __name__ == "__main__":
    unittest.main()
