# SPDX-License-Identifier: BSD-3-Clause
"""Pages, typed: every block in order, as printed, in two terminals. Only the port is
another, so that tests may run side by side. Each pair of terminals is tried in both
orders: the watcher first, and the program first."""

import glob
import json
import os
import re
import shutil
import socket
import subprocess
import unittest

from programs import (BUILD, PATIENCE, SOURCE, ZMQLOG, Case, blocks, free_port, page,
                      section)
from test_programs import python_with_zmq

# What begins a program of its own; other blocks go on with the page's first one.
OPENINGS = {"lua": 'local zmqlog = require "zmqlog"\n', "ruby": 'require "zmqlog"\n',
            "go": "package main\n", "python": "import "}
ARROWS = {"lua": r"-->\s*(.+)", "ruby": r"#=> (.+)", "go": r"// -> (.+)"}
# How each kind of block on a page is run.
TYPED_BY = {
    "README.md": "test_typing, test_readme, tests/package/pages.sh",
    "docs/guide.md": "shell/test_relay, and api/handler_open for what a spec does",
    "docs/lua.md": "test_typing",
    "docs/ruby.md": "test_typing",
    "docs/go.md": "test_typing, tests/go/examples_test.go, packaging/debian/tests/go",
    "docs/dlopen.md": "test_typing",
    "docs/operations.md": "test_typing",
    "docs/security.md": "test_security",
    "docs/engines.md": "test_engines",
    "docs/releasing.md": "tests/package/pages.sh, tests/package/release.sh",
    "CONTRIBUTING.md": "tests/run, which is what it shows",
    "docs/examples/README.md": "test_readme",
    "docs/performance.md": "nothing: it measures for minutes",
}
# Blocks that belong to something that is not here: a Rails.
ELSEWHERE = ("config/environments", "ActiveJob")


def programs(text, language):
    """The programs of a page: the first one, with all that continues it, and others."""
    first, *more = [block for block in blocks(text, language)
                    if not any(word in block for word in ELSEWHERE)]
    others = [block for block in more if block.startswith(OPENINGS[language])]
    return ["\n".join([first] + [block for block in more if block not in others]), *others]


def modules():
    """The environment in which what was built is found as if it were installed."""
    lua, ruby = (os.path.join(BUILD, "bindings", part) for part in ("lua/5.4", "ruby/lib"))
    return {"PATH": os.path.dirname(ZMQLOG) + ":" + os.environ["PATH"],
            "LUA_PATH": os.path.join(SOURCE, "bindings/lua/?.lua"),
            "LUA_CPATH": os.path.join(lua, "?.so"),
            "RUBYLIB": os.path.join(SOURCE, "bindings/ruby/lib") + ":" + ruby,
            "LD_LIBRARY_PATH": BUILD, "PYTHONUNBUFFERED": "1",
            "PYTHONPATH": os.path.join(SOURCE, "docs/examples/dlopen")}


def interpreter(language):
    """What runs a program here, or None."""
    if language == "python":
        return python_with_zmq()
    command = {"lua": "lua5.4", "ruby": "ruby", "go": "go"}[language]
    there = {"lua": "bindings/lua/5.4/**/*.so", "ruby": "bindings/ruby/lib/**/*.so",
             "go": "libzmqlog.so"}[language]
    if glob.glob(os.path.join(BUILD, there), recursive=True):
        return shutil.which(command)
    return None


@unittest.skipUnless("ZMQLOG_INSTALLABLE" in os.environ, "the plain build's")
class Typing(Case):
    def setUp(self):
        super().setUp()
        self.port = str(free_port())

    def terminal(self, *words):
        return self.start(*words, env=modules(), cwd=self.folder)

    def typed(self, text):
        return text.replace("127.0.0.1:5556", "127.0.0.1:" + self.port)

    def command(self, language, code, name):
        """The command that runs a program, which is compiled first if it has to be."""
        runs = interpreter(language)
        if not runs:
            self.skipTest(f"no {language} here")
        folder = self.path(name)
        os.makedirs(folder, exist_ok=True)
        suffix = {"lua": "lua", "ruby": "rb", "go": "go", "python": "py"}[language]
        file = os.path.join(folder, "hello." + suffix)
        with open(file, "w", encoding="utf-8") as out:
            out.write(self.typed(code))
        if language == "go":
            return self.compiled(runs, folder)
        # On a terminal Ruby shows each line at once; into our pipe it has to be told.
        at_once = ["-e", "$stdout.sync = true; load ARGV.shift"]
        return [runs, *(at_once if language == "ruby" else []), file]

    def compiled(self, go, folder):
        package = "github.com/libzmqlog/libzmqlog/bindings/go"
        with open(os.path.join(folder, "go.mod"), "w", encoding="utf-8") as out:
            out.write(f"module hello\n\ngo 1.19\n\nrequire {package} v0.0.0\n\n"
                      f"replace {package} => {SOURCE}/bindings/go\n")
        done = subprocess.run(
            [os.path.join(SOURCE, "tests/go/with"), os.path.join(SOURCE, "abi/include"),
             BUILD, os.path.join(BUILD, "go"), go, "build", "-o", "hello", "."],
            cwd=folder, capture_output=True, text=True, timeout=240, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return [os.path.join(folder, "hello")]

    def listening(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", int(self.port))) == 0

    def both_orders(self, watch, program, lines, ends=True):
        """Types both commands, in either order; the watcher shows the lines."""
        for watcher_first in (True, False):
            with self.subTest(watcher_first=watcher_first):
                watching = self.terminal(*watch) if watcher_first else None
                running = self.terminal(*program)
                if not watcher_first:
                    self.wait_for(running, "does not open", self.listening)
                    watching = self.terminal(*watch)
                for line in lines:
                    self.assertEqual(watching.line(), line)
                if ends:
                    self.assertEqual(running.process.wait(PATIENCE), 0, running.said())
                self.assertIsNone(watching.process.poll(), watching.said())
                running.close()
                watching.close()

    def watch(self):
        line, = {block.strip() for block in blocks(page("README.md"), "sh")
                 if block.startswith("zmqlog watch")}
        return ["sh", "-c", "exec " + self.typed(line)]

    def first_page(self, language, number=0):
        text = page("README.md")
        code, = blocks(section(text, "In your language"), language)
        lines = (blocks(section(text, "In two terminals"), "text") +
                 blocks(section(text, "In your language"), "text"))[number].splitlines()
        self.both_orders(self.watch(), self.command(language, code, language), lines,
                         ends=language != "python")

    def test_first_page_in_lua(self):
        self.first_page("lua")

    def test_first_page_in_ruby(self):
        self.first_page("ruby")

    def test_first_page_in_go(self):
        self.first_page("go")

    def test_first_page_in_python(self):
        self.first_page("python", 1)

    def language_page(self, language):
        program, *others = programs(page(f"docs/{language}.md"), language)
        arrows = re.findall(ARROWS[language], program)
        self.assertGreater(len(arrows), 2)
        self.both_orders(self.watch(), self.command(language, program, "page"),
                         [line.replace(" ", " | ", 1) for line in arrows])
        watcher, = (code for code in others if "ubscriber" in code)
        separator = "\t" if language == "lua" else " "
        self.both_orders(self.command(language, watcher, "watcher"),
                         self.command(language, program, "page"),
                         [line.replace(" ", separator, 1) for line in arrows])

    def test_page_of_lua(self):
        self.language_page("lua")

    def test_page_of_ruby(self):
        self.language_page("ruby")

    def test_page_of_go(self):
        text = page("docs/go.md")
        whole = [block for block in blocks(text, "go") if block.startswith(OPENINGS["go"])]
        program, watcher = whole
        arrows = re.findall(ARROWS["go"], program)
        self.both_orders(self.watch(), self.command("go", program, "page"),
                         [line.replace(" ", " | ", 1) for line in arrows])
        self.both_orders(self.command("go", watcher, "watcher"),
                         self.command("go", program, "page"), arrows)

    def test_every_page_with_something_to_type_is_typed(self):
        pages = [os.path.relpath(path, SOURCE) for folder in ("*", "docs/*", "docs/*/*")
                 for path in glob.glob(os.path.join(SOURCE, folder + ".md"))]
        self.assertEqual(sorted(name for name in pages if re.search(
            r"(?m)^```(sh|lua|ruby|go|python)$", page(name))), sorted(TYPED_BY))

    def test_page_of_dlopen(self):
        text = section(page("docs/dlopen.md"), "Python")
        plain, module, context, watching = blocks(text, "python")
        output = blocks(text, "text")[0].splitlines()
        for number, (code, lines) in enumerate((
                (plain, output), (module, output),
                (module + context, [*output, "myprogram.WARN.http | slow"]))):
            self.both_orders(self.watch(), self.in_python(code, number), lines)
        self.both_orders(self.in_python("import zmqlog\n\n" + watching, "watching"),
                         self.in_python(module + context, "both"),
                         ["myprogram.WARN.http slow"])

    def in_python(self, code, name):
        return [shutil.which("python3"), self.command("python", code, f"python{name}")[1]]

    def test_operations_collects_into_a_file(self):
        watch, send, _ = blocks(section(page("docs/operations.md"), "Collecting"), "sh")
        unit = page("packaging/systemd/zmqlog-collector.service")
        service, = re.findall(r"ExecStart=/bin/sh -c '(.*)'", unit)
        for collect, file in ((watch, "all.jsonl"),
                              (service.replace("/var/log/zmqlog/all", "unit"), "unit.jsonl")):
            self.port = str(free_port())
            collector = self.terminal("sh", "-c", collect.replace("5557", self.port))
            self.assertEqual(
                self.run_to_end("sh", "-ec", send.replace("5557", self.port),
                                env=modules(), cwd=self.folder), "hello there\n")
            self.wait_for(collector, "nothing collected", lambda file=file:
                          os.path.exists(self.path(file)) and
                          os.path.getsize(self.path(file)) > 0)
            collector.close()
            with open(self.path(file), encoding="utf-8") as lines:
                self.assertEqual(json.loads(lines.read())["msg"], "hello there")

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
    def test_the_units_are_what_systemd_reads(self):
        for name in ("zmqlog-collector", "zmqlog-relay"):
            unit = os.path.join(SOURCE, f"packaging/systemd/{name}.service")
            said = subprocess.run(["systemd-analyze", "verify", "--man=no", unit],
                                  check=False, capture_output=True, text=True,
                                  timeout=PATIENCE).stderr
            self.assertEqual(said, "")

    def shown_on(self, picture):
        """The lines of a picture, without ports and the order of its two programs. The
        columns grow as records come, so blanks are no part of it either."""
        with open(picture, encoding="utf-8") as file:
            lines = re.findall(r"<text [^>]*>(.*)</text>", file.read())
        lines = [re.sub(r" +", " ", re.sub(r"<[^>]*>", "", line)) for line in lines]
        return sorted(re.sub(r":\d+", ":PORT", line) for line in lines)

    def test_the_picture_shows_what_the_command_shows(self):
        if not interpreter("lua") or not interpreter("ruby"):
            self.skipTest("no lua or ruby here")
        self.run_to_end(os.path.join(SOURCE, "packaging/picture"), BUILD,
                        self.path("watch.svg"))
        printed = self.shown_on(os.path.join(SOURCE, "docs/watch.svg"))
        self.assertEqual(self.shown_on(self.path("watch.svg")), printed)
        self.assertIn("$ zmqlog watch --align tcp://127.0.0.1:PORT tcp://127.0.0.1:PORT",
                      printed)


if __name__ == "__main__":
    unittest.main()
