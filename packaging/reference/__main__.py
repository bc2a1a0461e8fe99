# SPDX-License-Identifier: BSD-3-Clause
"""python3 packaging/reference HEADER VERSION DATE MAN HTML: the manual pages of
section 3 into the directory MAN and the reference into HTML, both from the comments
of zmqlog.h. The same header gives the same bytes."""
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import header  # noqa: E402
import man  # noqa: E402
import web  # noqa: E402


def main(arguments):
    if len(arguments) != 5:
        return __doc__
    source, version, date, man_directory, html_directory = arguments
    try:
        pages = header.read(Path(source).read_text(encoding="utf-8"))
    except header.Unreadable as problem:
        return f"{source}: {problem}"
    for directory in (Path(man_directory), Path(html_directory)):
        directory.mkdir(parents=True, exist_ok=True)
    man.write(pages, Path(man_directory), version, date)
    web.write(pages, Path(html_directory), version)
    return 0


sys.exit(main(sys.argv[1:]))
