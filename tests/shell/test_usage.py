# SPDX-License-Identifier: BSD-3-Clause
"""Options, help, the manual page and completion agree, and mistakes are told."""

import os
import re
import shutil
import subprocess
import unittest

from peers import Case

SOURCE = os.environ["ZMQLOG_SOURCE"]
COMPLETION = os.path.join(SOURCE, "bindings/shell/completion/zmqlog")
MANUAL = os.path.join(SOURCE, "docs/zmqlog.1")
BASH_COMPLETION = "/usr/share/bash-completion/bash_completion"
COMMANDS = ("watch", "ls", "send", "record", "play", "forward", "relay", "keygen")


class Mistakes(Case):
    def refused(self, *words):
        code, out, errors = self.run_to_end(*words)
        self.assertEqual((code, out), (2, b""), words)
        self.assertEqual(errors.count("\n"), 1, errors)
        return errors

    def test_in_options_are_named_with_what_was_meant(self):
        for command, wrong, right in (("watch", "--formta", "--format"),
                                      ("watch", "--colour", "--color"),
                                      ("watch", "--levle=1", "--level"),
                                      ("send", "--conect", "--connect"),
                                      ("keygen", "--hepl", "--help")):
            name = wrong.split("=")[0]
            self.assertTrue(self.refused(command, "x", wrong).startswith(
                f"zmqlog {command}: unknown option {name}; did you mean {right}?"))
        self.assertIn("unknown option --frobnicate (", self.refused("watch", "--frobnicate"))
        self.assertIn("unknown option -x ", self.refused("watch", "-x"))

    def test_in_commands_are_named_with_what_was_meant(self):
        self.assertIn("unknown command wacth; did you mean watch?", self.refused("wacth"))
        self.assertIn("unknown option --verson", self.refused("--verson"))
        self.assertIn("which command?", self.refused())

    def test_in_values_are_told(self):
        endpoint = "tcp://127.0.0.1:1"
        for words, told in (
                (("watch", "--bind"), "which ENDPOINT?"),
                (("watch", endpoint, "--format", "yaml"), "text, json or raw"),
                (("watch", endpoint, "--color", "red"), "auto, always or never"),
                (("watch", endpoint, "-n", "0"), "--count"),
                (("watch", endpoint, "--timeout", "soon"), "--timeout"),
                (("watch", endpoint, "--timeout", "0.0004"), "from 0.001 to 2147483647,"),
                (("watch", endpoint, "--timeout", "99999999999"), "from 0.001 to 2147483647,"),
                (("watch", endpoint, "-l", "loud"),
                 "--level loud: no such level; for example debug, info, warn, error, "
                 "critical, a name given by --level-name, or a number from 1 to 63"),
                (("watch", endpoint, "--level-name", "64=X"), "--level-name"),
                (("watch", endpoint, "-g", "a(b"), "--grep: "),
                (("watch", endpoint, "--root", "x" * 101),
                 "--root: the root topic is too long; at most 100 bytes are allowed"),
                (("watch", endpoint, "--root", b"\xff"), "--root: the root topic is not UTF-8"),
                (("watch", endpoint, "-t"), "--topic needs a value"),
                (("watch", endpoint, "nonsense"), "nonsense: "),
                (("watch", "tcp://127.0.0.1:99999"), "tcp://127.0.0.1:99999: "),
                (("watch", endpoint, "-t", "x" * 300), "x: "),
                (("send", "x"), "--connect or --bind"),
                (("send", "--connect", endpoint, "--wait=x", "y"), "--wait"),
                (("send", "--connect", endpoint, "--wait=2147483648", "y"),
                 "milliseconds from 0 to 2147483647,"),
                (("send", "--connect", endpoint, "--tee", "y"), "--tee"),
                (("send", "--connect", endpoint, "--style", "yaml", "y"), "--style: "),
                (("send", "--connect", endpoint, "--style", "%(nope)s", "y"), "--style: "),
                (("send", "--connect", endpoint, "--root", "x" * 101, "y"), "--root: "),
                (("send", "--connect", endpoint, "--root", b"\xff", "y"),
                 "--root: root_topic is not UTF-8"),
                (("send", "--connect", endpoint, "--level-name", "35=a.b", "y"),
                 "35=a.b: \"a.b\": the name"),
                (("send", "--connect", endpoint, "-t", "x" * 196, "y"),
                 "--topic: the subtopic is too long; at most 195 bytes are allowed"),
                (("send", "--connect", endpoint, "-t", "x" * 94, "--root", "r" * 100,
                  "-l", "warn", "--level-name", "30=WARNING", "y"), "at most 91 bytes"),
                (("send", "--connect", "tcp://*:80x", "y"), "tcp://*:80x: "),
                (("record", endpoint), "--dir"),
                (("record", "--dir", "x"), "which ENDPOINT?"),
                (("record", endpoint, "--dir", "x", "--rotate", "1x"), "--rotate takes a size"),
                (("record", endpoint, "--dir", "x", "--retain", "1h"), "--retain takes a number"),
                (("record", endpoint, "--dir", "x", "--retain", "3"), "--retain removes"),
                (("record", endpoint, "--dir", "x", "--per", "level"), "--per takes root"),
                (("play",), "which FILE?"),
                (("play", "x", "--from", "noon"), "--from takes a time"),
                (("play", "x", "--from", "2026-13-01"), "--from takes a time"),
                (("play", "x", "--speed", "0"), "--speed takes a number"),
                (("play", "x", "--wait"), "--wait is for"),
                (("relay",), "from where?"),
                (("relay", "--publishers", endpoint), "to where?"),
                (("relay", endpoint), "which side?"),
                (("keygen",), "which FILE?"),
                (("keygen", "a", "b"), "one FILE")):
            with self.subTest(words):
                errors = self.refused(*words)
                self.assertIn(told, errors)
                self.assertNotIn(": set_", errors)


def options(command):
    """Long and short options that --help names."""
    text = subprocess.run([os.environ["ZMQLOG"], command, "--help"], check=True,
                          capture_output=True, text=True).stdout
    found = re.findall(r"^ +(?:(-\w), | +)?(--[\w-]+)", text, re.MULTILINE)
    return {long for _, long in found}, {short for short, _ in found if short}


class Help(Case):
    def test_goes_to_standard_output(self):
        for words in (("--help",), ("-h",), ("help",), ("help", "watch"), ("watch", "--help"),
                      ("send", "-h"), ("record", "-h"), ("play", "--help"),
                      ("keygen", "--help"), ("help", "--help"), ("help", "-h"),
                      ("help", "help")):
            code, out, errors = self.run_to_end(*words)
            self.assertEqual((code, errors), (0, ""))
            self.assertTrue(out.startswith(b"Usage: zmqlog "))
            self.assertLessEqual(max(map(len, out.decode().splitlines())), 80)

    def test_tells_the_version(self):
        for word in ("--version", "-V"):
            code, out, _ = self.run_to_end(word)
            self.assertEqual(code, 0)
            self.assertRegex(out, rb"^zmqlog \d+\.\d+\.\d+ \(library \d+\.\d+\.\d+\)\n$")

    def test_that_cannot_be_written_is_a_failure(self):
        for word in ("--version", "--help"):
            with open("/dev/full", "wb") as full:
                done = subprocess.run([os.environ["ZMQLOG"], word], stdout=full,
                                      stderr=subprocess.PIPE, timeout=30)
            self.assertEqual((done.returncode, done.stderr),
                             (1, b"zmqlog: standard output: No space left on device\n"))

    def test_names_options_that_exist(self):
        for command in COMMANDS:
            for name in options(command)[0]:
                # Without an endpoint, watch would go on; an option may take one word.
                more = ["nowhere://"] * 2 if command == "watch" else []
                _, _, errors = self.run_to_end(command, name, *more)
                self.assertNotIn("unknown", errors)

    def test_refuses_keys_that_nobody_would_use(self):
        for words in (("watch", "--tls"), ("watch", "--tls", "tcp://127.0.0.1:5556"),
                      ("record", "--dir", ".", "--tls", "tcp://127.0.0.1:5556")):
            code, _, errors = self.run_to_end(*words)
            self.assertEqual((code, "--tls is for nats://HOST:PORT/STREAM" in errors),
                             (2, True), errors)

    def test_agrees_with_the_table(self):
        for command, path in (("watch", "watch_options.c"), ("send", "send_options.c"),
                              ("ls", "ls/ls.c"),
                              ("record", "record/record_options.c"),
                              ("play", "play/play_options.c"),
                              ("relay", "relay_options.c"),
                              ("forward", "forward/forward_options.c")):
            self.assertEqual({"--" + name for name in self.table(path)}, options(command)[0])

    def table(self, path):
        """Names in a table of options, and in those that it takes from headers."""
        texts = []
        for each in (path, "options.h", "source.h", "look.h", "security.h", "nats_options.h"):
            with open(os.path.join(SOURCE, "bindings/shell", each), encoding="utf-8") as file:
                texts.append(file.read().replace("\\\n", " "))
        macros = dict(re.findall(r"#define (\w+_(?:OPTIONS?|FILTERS)) +(.*)", "\n".join(texts)))
        table = re.search(r"specs\[\] = \{(.*?)\n\};", texts[0], re.DOTALL).group(1)
        for _ in macros:
            for name, rows in macros.items():
                table = re.sub(rf"\b{name}\b", lambda _: rows, table)
        return set(re.findall(r'"([\w-]+)"', table))

    def test_agrees_with_the_manual(self):
        with open(MANUAL, encoding="utf-8") as file:
            manual = file.read()
        for command in (*COMMANDS, "help"):
            long, short = options(command)
            for name in long:
                self.assertRegex(manual, rf"\.It (Fl \w , )?Fl {re.escape(name[1:])}\b", name)
            for letter in short:
                self.assertRegex(manual, rf"\.It Fl {letter[1:]} ,")

    @unittest.skipUnless(shutil.which("man"), "no man")
    def test_is_a_manual_page_without_warnings(self):
        done = subprocess.run(["man", "--warnings", "-l", MANUAL], capture_output=True,
                              env={**os.environ, "MANWIDTH": "80", "LC_ALL": "C.UTF-8"},
                              timeout=30, check=True)
        self.assertEqual(done.stderr, b"")


@unittest.skipUnless(shutil.which("bash"), "no bash")
class Completion(Case):
    def complete(self, *words):
        script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _zmqlog; '
                  'printf "%s\\n" "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", script, "bash", COMPLETION, "zmqlog", *words],
                              capture_output=True, text=True, timeout=30, check=True)
        self.assertEqual(done.stderr, "")
        return done.stdout.split()

    def test_knows_the_commands(self):
        self.assertEqual(self.complete("w"), ["watch"])
        self.assertEqual(set(self.complete("")),
                         {"watch", "ls", "send", "record", "play", "forward", "relay", "keygen", "help", "--help",
                          "--version"})

    def test_knows_all_options(self):
        for command in COMMANDS:
            self.assertEqual(set(self.complete(command, "-")), options(command)[0])

    def test_knows_values(self):
        self.assertEqual(self.complete("watch", "--format", "j"), ["json"])
        self.assertEqual(self.complete("watch", "--format=r"), ["raw"])
        self.assertEqual(self.complete("watch", "-l", "w"), ["warn"])
        self.assertEqual(self.complete("send", "--style", ""), ["plain", "logfmt", "json", "pyzmq"])
        self.assertEqual(self.complete("watch", "-g", ""), [])

    @unittest.skipUnless(os.path.exists(BASH_COMPLETION), "no bash-completion")
    def test_knows_that_bash_splits_words_at_colons(self):
        line = "zmqlog send --connect tcp:/"
        script = (f'source {BASH_COMPLETION}; source {COMPLETION}; COMP_LINE="{line}"; '
                  'COMP_POINT=${#COMP_LINE}; COMP_WORDS=(zmqlog send --connect tcp : /); '
                  'COMP_CWORD=5; _zmqlog; echo "${COMPREPLY[@]}"')
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=30)
        self.assertEqual(done.stdout, "//\n", done.stderr)

    def test_knows_files(self):
        open(self.path("mine"), "wb").close()
        self.assertEqual(self.complete("keygen", self.path("mi")), [self.path("mine")])


if __name__ == "__main__":
    unittest.main()
