# SPDX-License-Identifier: BSD-3-Clause
"""script.py script bind|connect ENDPOINT ROOT: the script of README.md in Python, with
the handler of docs/examples/dlopen."""
import logging
import os
import sys

sys.path.insert(0, os.environ["ZMQLOG_EXAMPLES"])
from zmqlog import Handler as ZmqlogHandler  # noqa: E402

_, mode, endpoint, root = sys.argv[1:]
log = logging.getLogger()
log.addHandler(ZmqlogHandler(endpoint, root, connect=mode == "connect"))
log.setLevel(logging.INFO)
for number in range(1, 6):
    log.info("line %d", number)
