#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""check_docs.py ROOT: each function that users call says what it does, what it takes,
what it answers, which threads may call it, the owner of what it hands out, and since
when. In the header all of these are tags; in Lua, Ruby and Go it is a comment in the
language's own form. Prints what is missing, or how many functions it has counted."""
import re
import sys
from pathlib import Path

ROOT = Path(sys.argv[1])
sys.path.insert(0, str(ROOT / "packaging/reference"))
import header  # noqa: E402

THREADS = re.compile(r"(any thread|one thread|async-signal-safe)\b")


def words(text):
    return set(re.findall(r"\b(?:OK|E[A-Z]{2,})\b", text))


# ---- the header

def versions(script):
    """The version that each exported function came with, by the version script."""
    since = {}
    for node, body in re.findall(r"ZMQLOG_([\d.]+) \{(.*?)\}", script, re.S):
        for name in re.findall(r"\b(zmqlog_\w+);", body):
            since[name] = node
    return since


def names_of(function):
    """The parameters that need words: all but the handle that the function is about."""
    names = []
    for declared in function.parameters:
        if declared == "void":
            continue
        kind, name = re.fullmatch(r"(.*?)(\w+)(?:\[\])?", declared).groups()
        handle = re.search(r"\bzmqlog_(\w+) \*$", kind)
        if not (handle and function.name.startswith(f"zmqlog_{handle[1]}_")):
            names.append(name)
    return names


def of_function(function, since, statuses):
    doc = function.doc
    if not doc.text.endswith("."):
        yield "does not say what it does in a sentence"
    told = [name for listed, _ in doc.parameters for name in listed.split(", ")]
    if told != names_of(function):
        yield f"@param tells of {told}, it takes {names_of(function)}"
    if bool(doc.returns) != (function.result != "void"):
        yield "@return and the type of the result disagree"
    if function.result == "zmqlog_status":
        if "OK" not in words(doc.returns) or words(doc.returns) - statuses:
            yield "@return lists OK and the other statuses by name"
        if "EINVAL" not in words(doc.returns):
            yield "@return lacks EINVAL, which a NULL handle is"
    if not THREADS.match(doc.threads):
        yield "Threads: any thread, one thread at a time per ..., or async-signal-safe"
    if function.result.endswith("*") and not doc.ownership:
        yield "Ownership: of what it hands out"
    if doc.since != since.get(function.name):
        yield f"Since: {doc.since}, the version script has {since.get(function.name)}"


def of_header():
    text = (ROOT / "abi/include/zmqlog.h").read_text()
    since = versions((ROOT / "abi/libzmqlog.map").read_text())
    statuses = set(re.findall(r"#define ZMQLOG_(OK|E[A-Z]+) ", text))
    for page in header.read(text).values():
        for function in page.functions:
            yield function.name, list(of_function(function, since, statuses))


# ---- the bindings

def comment_above(lines, at, mark):
    """The comment that ends on the line before `at`, as one text."""
    found = []
    while at > 0 and lines[at - 1].strip().startswith(mark):
        at -= 1
        found.insert(0, lines[at].strip().removeprefix(mark).strip(" -/"))
    return " ".join(found)


def sentence(text):
    return None if re.search(r"\w.*[.:;]", text) else "no comment in a sentence"


LUA = re.compile(r"(?:function (?:methods|record_methods|zmqlog)[.:]|methods\.|  )"
                 r"(\w+)(?:\(([^)]*)\)| = (?!nil))")


def of_lua():
    """Methods of handlers, loggers, subscribers, records and auths, and the module."""
    for path in ("zmqlog.lua", "zmqlog/handler.lua", "zmqlog/logger.lua",
                 "zmqlog/subscriber.lua", "zmqlog/auth.lua", "zmqlog/calls.lua"):
        lines = (ROOT / "bindings/lua" / path).read_text().splitlines()
        inside = False
        for at, line in enumerate(lines):
            if re.match(r"local (methods|zmqlog) = \{$", line):
                inside = True
            elif line.startswith("}"):
                inside = False
            item = LUA.match(line)
            if not item or (line.startswith("  ") and not inside):
                continue
            text = comment_above(lines, at, "--")
            problem = sentence(text)
            if not problem and item[2]:
                left = [n for n in re.split(r"\W+", item[2])
                        if n and n != "given" and not re.search(rf"\b{n}\b", text)]
                problem = f"no word of {left}" if left else None
            yield f"lua: {path}: {item[1]}", [problem] if problem else []


RUBY = re.compile(r" +def (?:self\.)?([a-z]\w*[?!=]?)(?:\(([^)]*)\))?")


def of_ruby():
    """Public methods of the public classes, in the words of YARD."""
    hidden = {"handler_options", "options", "outlet", "outside", "version", "support",
              "fields", "context"}
    for file in sorted((ROOT / "bindings/ruby/lib").glob("**/*.rb")):
        if file.stem in hidden:
            continue
        lines = file.read_text().splitlines()
        inner = re.findall(r"private_constant (.*)", "\n".join(lines))
        private = within = False
        for at, line in enumerate(lines):
            if re.match(r"\s+private$", line):
                private = True
            elif kind := re.match(r"\s+(?:class|module) (\w+)", line):
                private = False
                within = any(re.search(rf":{kind[1]}\b", names) for names in inner)
            elif re.match(r"\s+private_constant ", line):
                within = False
            item = RUBY.match(line)
            text = comment_above(lines, at, "#") if item else ""
            if not item or private or within or item[1].startswith("initialize") or "@private" in text:
                continue
            names = re.findall(r"(?:^|, )[*&]*(\w+)", item[2] or "")
            left = [n for n in names if n[0] != "_" and not re.search(rf"@(param|yieldparam) {n}\b", text)]
            problems = [] if re.search(r"\w{3}", text) else ["no comment"]
            if text and left and "As {" not in text:
                problems.append(f"no @param of {left}")
            yield f"ruby: {file.stem}: {item[1]}", problems


GO = re.compile(r"(?:func (?:\(\w+ \*?([A-Z]\w*)\) )?|type )([A-Z]\w*)")


def of_go():
    """Exported functions, methods and types: a sentence that begins with their name,
    and since when, or it is that of the type."""
    for file in sorted((ROOT / "bindings/go").glob("*.go")):
        if file.name.endswith("_test.go"):
            continue
        lines = file.read_text().splitlines()
        for at, line in enumerate(lines):
            item = GO.match(line)
            if not item:
                continue
            text = comment_above(lines, at, "//")
            problems = [] if text.startswith(item[2] + " ") else ["no comment of its name"]
            if problems == [] and not item[1] and "Since" not in text:
                problems.append("does not say since when")
            yield f"go: {file.name}: {item[2]}", problems


def of_tests():
    """The tests that pages name: each is a file."""
    for page in sorted((ROOT / "docs").glob("*.md")):
        for path in re.findall(r"`(tests/[\w./-]+\.\w+)`", page.read_text()):
            yield f"{page.name}: {path}", [] if (ROOT / path).exists() else ["no such file"]


def main():
    failed = 0
    for name, gather in (("header", of_header), ("lua", of_lua), ("ruby", of_ruby),
                         ("go", of_go), ("tests in pages", of_tests)):
        count = 0
        for what, problems in gather():
            count += 1
            for problem in problems:
                print(f"{what}: {problem}")
                failed = 1
        print(f"{name}: {count}")
        failed |= count == 0
    return failed


sys.exit(main())
