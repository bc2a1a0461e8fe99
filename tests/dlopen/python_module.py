# SPDX-License-Identifier: BSD-3-Clause
"""What zmqlog.py in docs/examples/dlopen promises beside its handler: context, errors
as data, a subscriber that is an iterator."""
import asyncio
import contextlib
import json
import logging
import os
import select
import signal
import subprocess
import sys
import threading
import unittest

sys.path.insert(0, os.environ["ZMQLOG_EXAMPLES"])
import zmqlog  # noqa: E402

PATIENCE = 30


class Module(unittest.TestCase):
    def open(self, **options):
        self.handler = zmqlog.Handler("tcp://127.0.0.1:*", "app", **options)
        self.addCleanup(self.handler.close)
        self.log = logging.Logger("app.db")
        self.log.addHandler(self.handler)
        self.sub = zmqlog.Subscriber(self.handler.endpoint)
        self.addCleanup(self.sub.close)
        self.assertTrue(self.handler.wait_subscriber(PATIENCE * 1000))
        return self.log

    def next(self):
        record = self.sub.recv(timeout=PATIENCE)
        self.assertIsNotNone(record)
        return record

    def fields(self):
        fields = self.next().parse().fields
        return {key: fields[key] for key in fields if key not in ("pid", "host")}

    def test_a_record_has_its_parts(self):
        self.open(scan=True).warning("db.pool::low \udcff")
        record = self.next()
        self.assertEqual(
            (record.topic, record.root, record.level, record.level_name, record.subtopic,
             record.text, record.lost),
            ("app.WARN.db.pool", "app", 30, "WARN", "db.pool", "low \udcff", 0))
        self.assertEqual(str(record), "app.WARN.db.pool | low \udcff")
        with self.assertRaises(zmqlog.Error) as raised:
            record.parse()
        self.assertEqual(raised.exception.name, "EFORMAT")

    def test_parse_reads_a_body_of_json(self):
        log, seen = self.open(style="json"), []
        self.handler.addFilter(lambda record: seen.append(record) or True)
        log.error("failed %d", 7, extra={"order": 2 ** 53 + 1, "ok": False})
        record = self.next().parse()
        self.assertEqual((record.text, record.logger, record.seq),
                         ("failed 7", "app.db", 1))
        self.assertEqual(record.source,
                         (seen[0].pathname, seen[0].lineno, seen[0].funcName))
        self.assertEqual(record.fields["order"], 2 ** 53 + 1)
        self.assertEqual(record.time_ns, round(seen[0].created * 1e6) * 1000)

    def contains(self, got, wanted):
        for key, value in wanted.items():
            if isinstance(value, dict):
                self.contains(got[key], value)
            else:
                self.assertEqual(got[key], value, key)

    def test_golden_cases_of_all_languages(self):
        path = os.path.join(os.path.dirname(__file__), "../golden/context.jsonl")
        with open(path, encoding="utf-8") as lines:
            cases = [json.loads(line) for line in lines]
        self.assertGreater(len(cases), 15)
        for case in cases:
            with self.subTest(case["name"]), contextlib.ExitStack() as contexts:
                self.golden(case, contexts)

    def golden(self, case, contexts):
        log = self.open(style=case["style"], scan=True)
        for context in case.get("context", {}).values():
            contexts.enter_context(zmqlog.context(topic=context.get("topic", ""),
                                                  **context.get("fields", {})))
        extra = {**case.get("fields", {})}
        log.log(case["level"], case["text"], extra=extra,
                exc_info=ValueError(case["error"]) if "error" in case else None)
        topic, body = case["frame"]
        record = self.next()
        self.assertEqual(record.topic, topic)
        if isinstance(body, dict):
            self.contains(json.loads(record.text), body["json"])
        else:
            self.assertEqual(record.text, body)

    def test_context_nests_and_a_record_wins(self):
        log = self.open(style="json")
        with zmqlog.context(a=1, b=1):
            with zmqlog.context(b=2):
                log.info("inner")
            log.info("outer", extra={"a": 9})
        log.info("after")
        self.assertEqual([self.fields() for _ in range(3)],
                         [{"a": 1, "b": 2}, {"a": 9, "b": 1}, {}])

    def test_context_has_a_subtopic(self):
        log = self.open(scan=True)
        with zmqlog.context(topic="http"), zmqlog.context(topic="login"):
            log.info("db::x")
        self.assertEqual(self.next().topic, "app.INFO.http.login.db")

    def test_context_ends_with_an_exception(self):
        log = self.open(style="json")
        with self.assertRaises(KeyError), zmqlog.context(a=1):
            raise KeyError("a")
        log.info("after")
        self.assertEqual(self.fields(), {})

    def test_tasks_keep_their_own_context_and_threads_have_none(self):
        log = self.open(style="json")

        async def task(number):
            with zmqlog.context(number=number):
                for _ in range(3):
                    log.info("%d", number)
                    await asyncio.sleep(0)

        async def both():
            with zmqlog.context(outer=True):
                await asyncio.gather(task(1), task(2))
                thread = threading.Thread(target=log.info, args=("thread",))
                thread.start()
                thread.join()
        asyncio.run(both())
        for _ in range(6):
            record = self.next().parse()
            self.assertEqual(record.fields["number"], int(record.text))
            self.assertTrue(record.fields["outer"])
        self.assertEqual(self.fields(), {})

    def failure(self):
        try:
            try:
                raise KeyError("gone")
            except KeyError as error:
                raise ValueError("no such order") from error
        except ValueError as error:
            return error

    def test_an_exception_is_a_field_where_fields_are_shown(self):
        log = self.open(style="json")
        log.error("failed", exc_info=self.failure())
        record = self.next().parse()
        error = record.fields["exception"]
        self.assertEqual(record.text, "failed")
        self.assertEqual((error["class"], error["message"]),
                         ("ValueError", "no such order"))
        self.assertEqual(error["cause"]["class"], "KeyError")
        self.assertRegex(error["backtrace"][-1], r"python_module\.py:\d+:in failure")

    def test_an_exception_is_a_field_when_it_is_an_extra(self):
        self.open(style="json").error("failed", extra={"why": self.failure()})
        self.assertEqual(self.fields()["why"]["message"], "no such order")

    def test_an_exception_is_text_in_other_styles(self):
        self.open().error("failed", exc_info=self.failure())
        self.assertRegex(self.next().text, "(?s)^failed\nTraceback.*no such order$")

    def test_fields_that_are_refused_say_why(self):
        log = self.open(style="json")
        log.info("m", extra={"": 1, "good": 2, "big": "x" * 70000})
        fields = self.fields()
        self.assertEqual((fields["good"], fields["!BADKEY"]), (2, "(field key: empty)"))
        self.assertIn("65536", fields["big"])

    def test_a_level_of_a_program_is_subscribed_to(self):
        self.open()
        loud = zmqlog.Subscriber(self.handler.endpoint, "app", "warning")
        self.addCleanup(loud.close)
        self.assertEqual(zmqlog.lib.zmqlog_handler_wait_subscriber(
            self.handler.out, b"app.WARN", PATIENCE * 1000), 0)
        self.log.info("quiet")
        self.log.warning("loud")
        self.assertEqual(loud.recv(timeout=PATIENCE).text, "loud")
        with self.assertRaisesRegex(ValueError, "loudest"):
            zmqlog.Subscriber("tcp://127.0.0.1:1", "app", "loudest")

    def test_loops_end_by_close_of_another_thread(self):
        log = self.open()
        log.info("one")
        seen = []
        for record in self.sub:
            seen.append(record.text)
            threading.Thread(target=self.sub.close).start()
        self.assertEqual(seen, ["one"])
        with self.assertRaises(zmqlog.Error):
            self.sub.recv(timeout=0)

    def test_recv_answers_none_when_time_runs_out_and_after_wakeup(self):
        self.open()
        self.assertIsNone(self.sub.recv(timeout=0))
        self.assertIsNone(self.sub.recv(timeout=0.01))
        self.sub.wakeup()
        self.assertIsNone(self.sub.recv())

    def test_a_descriptor_tells_when_records_wait(self):
        log = self.open()
        self.assertIsNone(self.sub.recv(timeout=0))
        log.info("here")
        self.assertTrue(select.select([self.sub], [], [], PATIENCE)[0])
        self.assertEqual(self.sub.recv(timeout=PATIENCE).text, "here")

    def test_watching_ends_by_control_c(self):
        self.open()
        watching = subprocess.Popen(
            [sys.executable, zmqlog.__file__, "--watch", self.handler.endpoint],
            stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        line = None
        while line is None:
            self.log.info("tick")
            if select.select([watching.stdout], [], [], 0.05)[0]:
                line = watching.stdout.readline()
        self.assertEqual(line, b"app.INFO | tick\n")
        watching.send_signal(signal.SIGINT)
        self.assertIn(b"KeyboardInterrupt", watching.communicate(timeout=PATIENCE)[1])


if __name__ == "__main__":
    unittest.main(argv=sys.argv)
