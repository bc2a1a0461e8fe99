# SPDX-License-Identifier: BSD-3-Clause
"""Pages of the header as HTML: one for each page and an index of all functions and
constants. No scripts, nothing from elsewhere."""
from html import escape

import inline

STYLE = """
body { max-width: 46em; margin: 2em auto; padding: 0 1em; line-height: 1.5;
       font-family: sans-serif; color: #222; background: #fff }
code, pre { font-family: monospace; background: #f3f3f3 }
pre { padding: .6em; overflow-x: auto; white-space: pre-wrap }
section { border-top: 1px solid #ccc; margin-top: 1.5em }
dt { font-weight: bold } dd { margin: 0 0 .3em 1.5em }
h2 { font-size: 1.1em } nav a { margin-right: .8em }
table { border-collapse: collapse } td { padding: .1em .8em .1em 0; vertical-align: top }
"""


class Writer:
    def __init__(self, pages, version):
        self.pages = pages
        self.version = version
        self.places = {name: f"{name}.html" for name in pages}
        for page in pages.values():
            for name in self.names(page):
                self.places[name] = f"{page.name}.html#{name}"

    @staticmethod
    def names(page):
        yield from (function.name for function in page.functions)
        yield from (item[0] for item in page.constants if len(item) == 3)
        yield from (call.split("(")[0] for call, _ in page.macros)

    def link(self, name, shown):
        place = self.places.get(name)
        shown = f"<code>{escape(shown)}</code>"
        return f'<a href="{place}">{shown}</a>' if place else shown

    def words(self, text):
        result = ""
        for kind, piece in inline.tokens(text):
            if kind == "literal":
                result += self.link(piece, piece)
            elif kind == "emphasis":
                result += f"<em>{escape(piece)}</em>"
            elif kind == "function":
                result += self.link(piece, piece + "()")
            elif kind == "page":
                result += self.link(piece.split("(")[0], piece.split("(")[0])
            else:
                result += escape(piece, quote=False)
        return result

    def facts(self, doc):
        rows = [(f"<code>{name}</code>", text) for name, text in doc.parameters]
        rows += [(title, text) for title, text in (
            ("Returns", doc.returns), ("Ownership", doc.ownership),
            ("Threads", doc.threads), ("Since", doc.since)) if text]
        if rows:
            yield "<dl>"
            for title, text in rows:
                yield f"<dt>{title}</dt><dd>{self.words(text)}</dd>"
            yield "</dl>"

    def function(self, function):
        declared = f"{function.result} {function.name}(" + ", ".join(function.parameters) + ");"
        yield f'<section id="{function.name}">'
        yield f"<h2>{function.name}</h2>"
        yield f"<pre>{escape(declared.replace('* ', '*'), quote=False)}</pre>"
        yield f"<p>{self.words(function.doc.text)}</p>"
        yield from self.facts(function.doc)
        yield "</section>"

    def constants(self, items):
        opened = False
        for item in items:
            if len(item) == 3 and not opened:
                yield "<table>"
            elif len(item) != 3 and opened:
                yield "</table>"
            opened = len(item) == 3
            if opened:
                yield (f'<tr id="{item[0]}"><td><code>{item[0]}</code></td>'
                       f"<td>{escape(item[1])}</td><td>{self.words(item[2])}</td></tr>")
            elif isinstance(item, tuple):
                yield f"<h2>{item[0].capitalize()}</h2>"
            else:
                yield f"<p>{self.words(item)}</p>"
        if opened:
            yield "</table>"

    def body(self, page):
        for title, paragraph in page.text:
            if title:
                yield f"<h2>{title.capitalize()}</h2>"
            yield f"<p>{self.words(paragraph)}</p>"
        for function in page.functions:
            yield from self.function(function)
        for call, doc in page.macros:
            yield f'<section id="{call.split("(")[0]}"><pre>{escape(call)}</pre>'
            if doc.text:
                yield f"<p>{self.words(doc.text)}</p>"
            yield from self.facts(doc)
            yield "</section>"
        yield from self.constants(page.constants)

    def index(self):
        yield "<p>The interface of libzmqlog, as its header zmqlog.h documents it.</p>"
        for page in self.pages.values():
            yield f'<h2><a href="{page.name}.html">{page.name}</a></h2>'
            yield f"<p>{escape(page.about)}</p><p>"
            yield "\n".join(self.link(name, name) for name in self.names(page))
            yield "</p>"

    def document(self, title, lines):
        others = "".join(f'<a href="{name}.html">{name}</a> ' for name in self.pages)
        return "\n".join([
            "<!DOCTYPE html>", '<html lang="en"><head><meta charset="utf-8">',
            f"<title>{title} - libzmqlog {self.version}</title>",
            f"<style>{STYLE}</style></head><body>",
            f'<nav><a href="index.html">index</a> {others}</nav>',
            f"<h1>{title}</h1>", *lines, "</body></html>", ""])


def write(pages, directory, version):
    writer = Writer(pages, version)
    for page in pages.values():
        text = writer.document(page.name, writer.body(page))
        (directory / f"{page.name}.html").write_text(text)
    (directory / "index.html").write_text(writer.document("libzmqlog", writer.index()))
