# SPDX-License-Identifier: BSD-3-Clause
"""Pages of the header as manual pages of section 3, in mdoc: one for each page, and
one for each function that only names its page."""
import re

import inline

BOLD = {"literal", "function"}


def escaped(text):
    return text.replace("\\", "\\e").replace("-", "\\-")


def words(text):
    """Running text: a line for each sentence, none of them a request."""
    result = ""
    for kind, piece in inline.tokens(text):
        piece = escaped(piece)
        if kind in BOLD:
            piece = f"\\fB{piece}\\fR" + ("()" if kind == "function" else "")
        elif kind == "emphasis":
            piece = f"\\fI{piece}\\fR"
        result += piece
    lines = re.split(r"(?<=[.:;)]) (?=[A-Za-z\\0-9])", result)
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in lines)


def quoted(argument):
    return '"' + argument.replace('"', '""') + '"'


def prototype(function):
    yield f".Ft {quoted(function.result)}"
    yield f".Fo {function.name}"
    for parameter in function.parameters:
        yield f".Fa {quoted(escaped(parameter))}"
    yield ".Fc"


def facts(doc):
    """What every comment ends in."""
    if doc.parameters:
        yield ".Bl -tag -width Ds -compact"
        for name, text in doc.parameters:
            yield f".It Fa {name}"
            yield words(text)
        yield ".El"
    for title, text in (("Returns", doc.returns), ("Ownership", doc.ownership),
                        ("Threads", doc.threads)):
        if text:
            yield ".br"
            yield words(f"{title}: {text}")


def described(function):
    names = " ".join(quoted(re.findall(r"\w+", p)[-1]) for p in function.parameters
                     if p != "void")
    yield f".It Fn {function.name} {names}".rstrip()
    yield words(function.doc.text)
    yield from facts(function.doc)


def tagged(items):
    yield ".Bl -tag -width Ds"
    for item in items:
        yield from item
    yield ".El"


def constants(items):
    opened = False
    for item in items:
        if len(item) == 3:
            if not opened:
                yield ".Bl -tag -width Ds -compact"
                opened = True
            yield f".It Dv {item[0]} Pq {quoted(escaped(item[1]))}"
            yield words(item[2])
            continue
        if opened:
            yield ".El"
            opened = False
        if isinstance(item, tuple):
            yield f".Ss {item[0].capitalize()}"
        else:
            yield ".Pp"
            yield words(item)
    if opened:
        yield ".El"


def synopsis(page):
    yield ".Sh SYNOPSIS"
    yield ".In zmqlog.h"
    for function in page.functions:
        yield from prototype(function)
    for call, _ in page.macros:
        name, parameters = call.rstrip(")").split("(")
        yield f".Fn {name} " + " ".join(quoted(p.strip()) for p in parameters.split(","))


def description(page):
    yield ".Sh DESCRIPTION"
    for title, paragraph in page.text:
        yield f".Ss {title.capitalize()}" if title else ".Pp"
        yield words(paragraph)
    if page.functions and page.text:
        yield ".Ss Functions"
    if page.functions:
        yield from tagged(described(f) for f in page.functions)
    for _, doc in page.macros:
        if doc.text:
            yield words(doc.text)
            yield from facts(doc)
    yield from constants(page.constants)


def references(page, pages):
    yield ".Sh SEE ALSO"
    others = sorted((name for name in pages if name != page.name), key=str.lower)
    yield ".Xr zmqlog 1 ,"
    for name in others:
        yield f".Xr {name} 3" + (" ," if name != others[-1] else "")


def render(page, pages, version, date):
    lines = [
        '.\\" SPDX-License-Identifier: BSD-3-Clause',
        '.\\" Made from zmqlog.h by packaging/reference.',
        f".Dd {date}",
        f".Dt {page.name.upper()} 3",
        f".Os libzmqlog {version}",
        ".Sh NAME",
        f".Nm {page.name}",
        f".Nd {page.about}",
    ]
    if page.functions or page.macros:
        lines += [".Sh LIBRARY", "pkg-config: \\fBzmqlog\\fR (\\-lzmqlog)"]
    lines += [*synopsis(page), *description(page), *references(page, pages)]
    return "\n".join(lines) + "\n"


def write(pages, directory, version, date):
    for page in pages.values():
        (directory / f"{page.name}.3").write_text(render(page, pages, version, date))
        names = [f.name for f in page.functions] + [c.split("(")[0] for c, _ in page.macros]
        for name in names:
            if name != page.name:
                (directory / f"{name}.3").write_text(f".so man3/{page.name}.3\n")
