# SPDX-License-Identifier: BSD-3-Clause
"""CPython's own tests of logging, with our handler beside the one that they watch: it
changes nothing for others and raises nothing, whatever is logged. Python's test suite is
a package of its own in Debian, named after the version."""
import os
import re
import sys
import unittest

try:
    from test import test_logging
except ImportError:
    print(f"SKIPPED: install libpython{sys.version_info[0]}.{sys.version_info[1]}-testsuite")
    sys.exit(77)
sys.path.insert(0, os.environ["ZMQLOG_EXAMPLES"])
import zmqlog  # noqa: E402

# They look at all handlers that there are, or want none; or they take seconds.
OTHERS = re.compile("Shutdown|LastResort|_race|_listen|noserver|_issue_89047|TimedRotating")
before = test_logging.BaseTest.setUp
watcher = zmqlog.Subscriber("tcp://127.0.0.1:*", bind=True)


def set_up(self):
    before(self)
    handler = zmqlog.Handler(watcher.endpoint, "app", connect=True, style="json")
    problems = []
    handler.handleError = problems.append
    self.root_logger.addHandler(handler)
    self.addCleanup(lambda: self.assertEqual(problems, []))


def load():
    for name in dir(test_logging):
        case = getattr(test_logging, name)
        if isinstance(case, type) and issubclass(case, test_logging.BaseTest):
            for test in unittest.defaultTestLoader.loadTestsFromTestCase(case):
                if not OTHERS.search(test.id()):
                    yield test


test_logging.BaseTest.setUp = set_up
result = unittest.TextTestRunner(verbosity=0).run(unittest.TestSuite(load()))
received = 0
while watcher.recv(timeout=1):
    received += 1
print(f"{result.testsRun} tests of CPython's, {received} records beside them")
sys.exit(not (result.wasSuccessful() and result.testsRun > 50 and received > 50))
