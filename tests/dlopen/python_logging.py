# SPDX-License-Identifier: BSD-3-Clause
"""What the handler for Python's logging in docs/examples/dlopen promises."""
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import peer
import zmqlog
from peer import DEADLINE_MS
from zmqlog import Handler as ZmqlogHandler

lib = zmqlog.lib


class Unprintable:
    def __str__(self):
        raise ZeroDivisionError("not to be shown")


class Counted:
    shown = 0

    def __str__(self):
        self.shown += 1
        return "shown"


class Handler(peer.Case):
    def open(self, root="app", **options):
        self.handler = ZmqlogHandler("tcp://127.0.0.1:*", root, **options)
        self.addCleanup(self.handler.close)
        self.errors = []
        self.handler.handleError = self.errors.append
        self.log = logging.Logger("app.db")
        self.log.addHandler(self.handler)
        self.sub = self.listen(self.handler.endpoint)
        self.assertEqual(lib.zmqlog_handler_wait_subscriber(
            self.handler.out, None, DEADLINE_MS), 0)
        return self.log

    def assertArrives(self, topic, text):
        self.assertEqual(self.sub.recv_multipart(), [topic, text])

    def body(self):
        return json.loads(self.sub.recv_multipart()[1])

    def test_root_logger_publishes_the_documented_session(self):
        self.open("myprogram", scan=True)
        root = logging.getLogger()
        root.addHandler(self.handler)
        root.setLevel(logging.DEBUG)
        self.addCleanup(root.removeHandler, self.handler)
        logging.info("hello there")
        logging.warning("sub.topic::hello there")
        logging.getLogger("any.other").debug("%d %s", 1, "x")
        self.assertArrives(b"myprogram.INFO", b"hello there")
        self.assertArrives(b"myprogram.WARN.sub.topic", b"hello there")
        self.assertArrives(b"myprogram.DEBUG", b"1 x")

    def test_module_by_itself_publishes_the_documented_session(self):
        folder = tempfile.mkdtemp()
        self.addCleanup(shutil.rmtree, folder)
        self.sub = self.listen(f"ipc://{folder}/s")
        subprocess.run([sys.executable, zmqlog.__file__, f"ipc://{folder}/s"],
                       check=True, timeout=DEADLINE_MS / 1000)
        self.assertArrives(b"myprogram.INFO", b"hello there")
        self.assertArrives(b"myprogram.WARN.sub.topic", b"hello there")

    def test_delimiter_means_nothing_unless_told(self):
        log = self.open()
        log.error("ActiveRecord::RecordNotFound")
        log.error("%s", "ActiveRecord::RecordNotFound")
        for _ in range(2):
            self.assertArrives(b"app.ERROR", b"ActiveRecord::RecordNotFound")

    def test_scan_looks_at_the_literal_only(self):
        log = self.open(scan=True)
        log.error("ActiveRecord::RecordNotFound")
        log.error("%s", "ActiveRecord::RecordNotFound")
        log.error("net.http::%s is %d", "a::b", 3)
        log.error("%s::up", "eth0")
        log.error("::nothing before")
        self.assertArrives(b"app.ERROR.ActiveRecord", b"RecordNotFound")
        self.assertArrives(b"app.ERROR", b"ActiveRecord::RecordNotFound")
        self.assertArrives(b"app.ERROR.net.http", b"a::b is 3")
        self.assertArrives(b"app.ERROR", b"eth0::up")
        self.assertArrives(b"app.ERROR", b"nothing before")
        self.assertEqual(self.errors, [])

    def test_other_handlers_see_the_record_unchanged(self):
        log, seen = self.open(scan=True), []
        other = logging.Handler()
        other.emit = lambda record: seen.append((record.msg, record.getMessage()))
        log.addHandler(other)
        log.info("a::b %d", 1)
        self.assertArrives(b"app.INFO.a", b"b 1")
        self.assertEqual(seen, [("a::b %d", "a::b 1")])

    def test_formatter_makes_the_message(self):
        log = self.open()
        self.handler.setFormatter(
            logging.Formatter("%(name)s/%(levelname)s: %(message)s"))
        log.warning("low")
        self.assertArrives(b"app.WARN", b"app.db/WARNING: low")

    def test_traceback_follows_the_message(self):
        log = self.open()
        try:
            raise KeyError("gone")
        except KeyError:
            log.exception("no such thing")
        text = self.sub.recv_multipart()[1].decode()
        self.assertTrue(text.startswith("no such thing\nTraceback (most recent"), text)
        self.assertTrue(text.endswith("KeyError: 'gone'"), text)

    def test_json_carries_what_the_record_knows(self):
        log = self.open(style="json")
        seen = []
        self.handler.addFilter(lambda record: seen.append(record) or True)
        log.info("served", extra={"status": 200, "ok": True, "who": "Ann", "ms": 1.5,
                                  "ids": [1, None], "count": 2 ** 53 + 1})
        body, record = self.body(), seen[0]
        wanted = {"level": "INFO", "logger": "app.db", "msg": "served", "status": 200,
                  "ok": True, "who": "Ann", "ms": 1.5, "ids": [1, None],
                  "count": 2 ** 53 + 1}
        self.assertEqual({key: body[key] for key in wanted}, wanted)
        self.assertEqual(body["source"], {
            "file": record.pathname, "line": record.lineno,
            "function": record.funcName})
        fraction = f".{round(record.created * 1e6) % 10 ** 6:06d}000Z"
        self.assertEqual(body["time"][-len(fraction):], fraction)

    def test_extras_never_cost_the_record(self):
        log = self.open(style="json")
        ring = []
        ring.append(ring)
        log.info("still here", extra={"ring": ring, "nan": float("nan"),
                                      "keys": {(1,): 2}, "object": Counted()})
        body = self.body()
        self.assertEqual(body["msg"], "still here")
        self.assertEqual((body["nan"], body["object"]), ("nan", "shown"))
        self.assertEqual((body["ring"], body["keys"]), ("[[...]]", "{(1,): 2}"))

    def test_thread_name_and_formats_of_the_library(self):
        log = self.open(style="%(threadName)s %(filename)s %(name)s %(message)s")
        thread = threading.Thread(target=log.info, args=("done",), name="worker-7")
        thread.start()
        thread.join()
        file = os.path.basename(threading.__file__).encode()
        self.assertArrives(b"app.INFO", b"worker-7 " + file + b" app.db done")

    def test_emit_never_raises(self):
        log = self.open()
        for message, arguments in ("%d", ("x",)), (Unprintable(), ()), ("\ud800", ()):
            log.info(message, *arguments)
        log.info("after")
        self.assertArrives(b"app.INFO", b"after")
        self.assertEqual(len(self.errors), 3)

    def test_bytes_survive(self):
        log = self.open()
        log.info("a\0b")
        log.info("not UTF-8: \udcff\udcfe")
        log.info("\u20ac")
        for text in b"a\0b", b"not UTF-8: \xff\xfe", b"\xe2\x82\xac":
            self.assertArrives(b"app.INFO", text)

    def test_levels_have_the_names_logging_knows(self):
        logging.addLevelName(5, "TRACE")
        log = self.open()
        for level in 5, 35, 1, 100:
            log.log(level, "at %d", level)
        self.assertArrives(b"app.TRACE", b"at 5")
        self.assertArrives(b"app.L35", b"at 35")
        self.assertArrives(b"app.L01", b"at 1")
        self.assertArrives(b"app.L63", b"at 100")

    def test_nothing_is_formatted_while_nobody_listens(self):
        handler = ZmqlogHandler("tcp://127.0.0.1:*", "app")
        self.addCleanup(handler.close)
        self.assertEqual(lib.zmqlog_handler_flush(handler.out, DEADLINE_MS), 0)
        log = logging.Logger("app")
        log.addHandler(handler)
        for _ in range(1000):
            if not lib.zmqlog_handler_enabled(handler.out, logging.INFO):
                break
            lib.zmqlog_handler_wait_subscriber(handler.out, None, 10)
        message = Counted()
        log.info(message)
        self.assertEqual(message.shown, 0)

    def test_threads_lose_nothing(self):
        log = self.open()

        def count(who):
            for number in range(250):
                log.info("%d %d", who, number)
        threads = [threading.Thread(target=count, args=(who,)) for who in range(4)]
        for thread in threads:
            thread.start()
        got = [self.sub.recv_multipart()[1].split() for _ in range(1000)]
        for thread in threads:
            thread.join()
        for who in range(4):
            numbers = [int(number) for one, number in got if int(one) == who]
            self.assertEqual(numbers, list(range(250)))

    def test_closed_handler_is_silent(self):
        log = self.open()
        self.handler.close()
        self.handler.close()
        log.info("too late")
        self.assertEqual(self.errors, [])

    def test_what_cannot_be_opened_says_why(self):
        with self.assertRaisesRegex(OSError, "has no port"):
            ZmqlogHandler("tcp://nowhere")
        with self.assertRaisesRegex(OSError, "style"):
            ZmqlogHandler("tcp://127.0.0.1:*", style="jsno")

    def test_forked_child_goes_on_where_we_connect(self):
        port = self.socket(peer.zmq.SUB)
        port.subscribe(b"")
        number = port.bind_to_random_port("tcp://127.0.0.1")
        handler = ZmqlogHandler(f"tcp://127.0.0.1:{number}", "app", connect=True)
        self.addCleanup(handler.close)
        log = logging.Logger("app")
        log.addHandler(handler)
        log.info("parent")
        self.assertEqual(port.recv_multipart(), [b"app.INFO", b"parent"])
        child = os.fork()
        if child == 0:
            log.info("child")
            handler.close()
            os._exit(0)
        self.assertEqual(port.recv_multipart(), [b"app.INFO", b"child"])
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        log.info("parent again")
        self.assertEqual(port.recv_multipart(), [b"app.INFO", b"parent again"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
