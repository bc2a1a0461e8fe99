# SPDX-License-Identifier: BSD-3-Clause
"""Reads zmqlog.h into pages: what is documented there, and in which words. Knows
the fixed shape of the header's comments and nothing of how pages look; says so
when a function has no comment or an unknown tag."""
import re
from dataclasses import dataclass, field

TAGS = re.compile(r"(?<![\w/`])(@param [\w,]+|@\w+|\b(?:Ownership|Threads|Since):)")
SECTION = re.compile(r"/\* ---- (.*?) -+ \*/")
ITEM = re.compile(
    r"/\*\*(?P<doc>(?:(?!\*/).)*)\*/\s*"
    r"(?:ZMQLOG_API (?P<function>[^;]*);|#define (?P<macro>\w+)(?P<rest>[^\n]*))"
    r"|#define (?P<short>\w+\([\w, .]*\))"
    r"|#define (?P<constant>\w+) (?P<value>\S+) +/\*\*<(?P<about>(?:(?!\*/).)*)\*/"
    r"|typedef \w+ (?P<type>\w+)[^;]*;\s*/\*\*<(?P<meaning>(?:(?!\*/).)*)\*/"
    r"|/\*(?!\*| ----)(?P<note>(?:(?!\*/).)*)\*/",
    re.S,
)


class Unreadable(Exception):
    """The header is not written as agreed."""


@dataclass
class Doc:
    text: str = ""
    parameters: list = field(default_factory=list)  # (name, text)
    returns: str = ""
    ownership: str = ""
    threads: str = ""
    since: str = ""


@dataclass
class Function:
    name: str
    result: str
    parameters: list  # as declared
    doc: Doc


@dataclass
class Page:
    name: str
    about: str
    text: list = field(default_factory=list)  # (title or "", paragraph)
    functions: list = field(default_factory=list)
    # Each is (name, value, text), (title,) or a paragraph.
    constants: list = field(default_factory=list)
    macros: list = field(default_factory=list)  # (name with parameters, Doc)


def plain(comment):
    """A comment's words, without its margin, as one line."""
    comment = re.sub(r"^\s*\* ?", "", comment, flags=re.M)
    return " ".join(comment.split()).replace("the head of this file", "libzmqlog(3)")


def uncapitalized(words):
    return words[0].lower() + words[1:]


def read_doc(name, comment):
    parts = TAGS.split(plain(comment))
    doc = Doc(text=parts[0].strip())
    for tag, text in zip(parts[1::2], parts[2::2]):
        text = text.strip()
        if tag.startswith("@param "):
            doc.parameters.append((tag[7:].replace(",", ", "), text))
        elif tag == "@return":
            doc.returns = text
        elif tag in ("Ownership:", "Threads:", "Since:"):
            setattr(doc, tag[:-1].lower(), text)
        else:
            raise Unreadable(f"{name}: unknown tag {tag}")
    if not doc.since:
        raise Unreadable(f"{name}: does not say since when it is there")
    return doc


def read_function(declaration, comment):
    declaration = " ".join(declaration.split())
    match = re.fullmatch(r"(.*?)(zmqlog_\w+) ?\((.*)\)", declaration)
    if not match:
        raise Unreadable(f"not a function: {declaration}")
    result, name, parameters = match.groups()
    return Function(name, result.strip(), [p.strip() for p in parameters.split(",")],
                    read_doc(name, comment))


def read_essay(text):
    """The paragraphs of the first comment: (title, words)."""
    comment = re.search(r"/\*\*\s*\n \* @file zmqlog\.h\n(.*?)\*/", text, re.S)
    if not comment:
        raise Unreadable("the essay at the top is missing")
    for paragraph in re.split(r"\n \*\n", comment.group(1)):
        words = plain(paragraph)
        title = re.match(r"([A-Z][A-Z ]+)(?:\. | (?=are ))", words)
        if not title:
            yield "", words
        elif words[title.end() - 2] == ".":
            yield title.group(1), words[title.end():]
        else:
            yield title.group(1), words[0] + words[1:title.end(1)].lower() + words[title.end(1):]


def page_for(section, pages, handles):
    """The page that a section of the header belongs to."""
    if section == "library":
        return pages["libzmqlog"]
    if section == "status":
        name, about = "zmqlog_status", "results of libzmqlog's functions"
    elif section == "C conveniences":
        name, about = "ZMQLOG_LOG", "printf-like logging with libzmqlog"
    elif f"zmqlog_{section}" in handles:
        name = f"zmqlog_{section}"
        about = f"handle of libzmqlog: {handles[name]}"
    else:
        name, about = "zmqlog_constants", "constants of libzmqlog"
    return pages.setdefault(name, Page(name, about))


def add_item(page, item):
    if item["function"]:
        page.functions.append(read_function(item["function"], item["doc"]))
    elif item["macro"] and item["rest"].startswith("("):
        call = item["macro"] + item["rest"].split(")")[0] + ")"
        page.macros.append((call, Doc(text=plain(item["doc"]))))
    elif item["short"]:
        page.macros.append((item["short"], Doc()))
    elif item["macro"]:
        page.constants.append((item["macro"], item["rest"].strip(), plain(item["doc"])))
    elif item["constant"]:
        page.constants.append((item["constant"], item["value"], plain(item["about"])))
    elif item["note"] and page.name in ("zmqlog_constants", "zmqlog_status"):
        page.constants.append(plain(item["note"]))


def read(text):
    """All pages of the header, by name."""
    essay = list(read_essay(text))
    handles = {
        item["type"]: uncapitalized(plain(item["meaning"]).rstrip("."))
        for item in ITEM.finditer(text) if item["type"]
    }
    pages = {"libzmqlog": Page("libzmqlog", "log broadcasting over ZeroMQ PUB/SUB", essay)}
    pieces = SECTION.split(text)
    for section, body in zip(pieces[1::2], pieces[2::2]):
        body = body.split("#endif /* !SWIG")[0]
        page = page_for(section, pages, handles)
        if page.name == "zmqlog_constants":
            page.constants.append((section,))
        for item in ITEM.finditer(body):
            add_item(page, item)
    pages = {name: page for name, page in pages.items()
             if page.functions or page.macros or any(len(c) == 3 for c in page.constants)}
    check(text, pages)
    return pages


def check(text, pages):
    """Every function and constant of the header is on a page, once."""
    code = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
    there = set(re.findall(r"ZMQLOG_API [^;(]*?(zmqlog_\w+)\(", code))
    there |= set(re.findall(r"#define (ZMQLOG_\w+) [^(\s]", code))
    named = [f.name for page in pages.values() for f in page.functions]
    named += [c[0] for page in pages.values() for c in page.constants if len(c) == 3]
    missing = there - set(named) - {"ZMQLOG_API", "ZMQLOG_H"}
    if missing:
        raise Unreadable("without a comment of their own: " + " ".join(sorted(missing)))
    if len(named) != len(set(named)):
        raise Unreadable("twice: " + " ".join(sorted({n for n in named if named.count(n) > 1})))
