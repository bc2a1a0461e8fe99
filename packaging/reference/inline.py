# SPDX-License-Identifier: BSD-3-Clause
"""Words of the header's comments, taken apart: literals in backquotes, emphasis in
asterisks, and the names of functions and pages. Knows nothing of output formats."""
import re

TOKEN = re.compile(
    r"`(?P<literal>[^`]+)`"
    r"|(?<![\w*])\*(?P<emphasis>\w[\w -]*)\*(?!\w)"
    r"|(?P<function>\b(?:zmqlog|ZMQLOG)_\w+)\(\)"
    r"|(?P<page>\b(?:libzmqlog|zmqlog_\w+)\(3\))"
)


def tokens(words):
    """(kind, text) pairs; kind is text, literal, emphasis, function or page."""
    end = 0
    for match in TOKEN.finditer(words):
        if match.start() > end:
            yield "text", words[end:match.start()]
        yield match.lastgroup, match.group(match.lastgroup)
        end = match.end()
    if end < len(words):
        yield "text", words[end:]
