# SPDX-License-Identifier: BSD-3-Clause
"""Debian's nats-server on loopback ports, and enough of its protocol to look into a
stream without our own code."""

import base64
import json
import signal
import socket

from engines import Forwarding, Server, answers, free_port, program, wait_until


class Wire:
    """One connection that asks and reads."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.file = self.socket.makefile("rb")
        self.file.readline()
        self.send(b'CONNECT {"verbose":false,"headers":true,"no_responders":true,"lang":"test",'
                  b'"version":"0","protocol":1}\r\nSUB answer.* 1\r\n')

    def send(self, data):
        self.socket.sendall(data)

    def message(self):
        """(subject, reply, headers, body) of the next message."""
        while True:
            line = self.file.readline()
            if not line:
                raise ConnectionError
            words = line.split()
            if words[:1] == [b"PING"]:
                self.send(b"PONG\r\n")
            elif words[:1] in ([b"MSG"], [b"HMSG"]):
                sizes = 2 if words[0] == b"HMSG" else 1
                total = int(words[-1])
                head = int(words[-2]) if sizes == 2 else 0
                data = self.file.read(total + 2)[:total]
                reply = words[3] if len(words) == 4 + sizes else None
                return words[1], reply, self.headers(data[:head]), data[head:]

    @staticmethod
    def headers(data):
        lines = data.split(b"\r\n")[1:]
        return dict(line.split(b": ", 1) if b": " in line else line.split(b":", 1)
                    for line in lines if b":" in line)

    def ask(self, subject, body=b""):
        self.send(b"PUB %s answer.1 %d\r\n%s\r\n" % (subject.encode(), len(body), body))
        return json.loads(self.message()[3])

    def close(self):
        self.file.close()
        self.socket.close()


class Nats:
    """A server with a stream directory of the test's."""

    def __init__(self, case, name="n1", extra=""):
        self.case, self.port = case, free_port()
        config = case.path(name + ".conf")
        with open(config, "w", encoding="utf-8") as file:
            file.write(f'server_name: {name}\nlisten: "127.0.0.1:{self.port}"\n'
                       f'jetstream {{ store_dir: "{case.path(name)}" }}\n'
                       f'max_payload: 4194304\n{extra}\n')
        self.server = Server(case, program("nats-server"), "-c", config)

    def start(self, ready=True):
        self.server.start()
        if ready:
            wait_until("nats-server does not listen", lambda: answers(self.port),
                       self.server.process)
        return self

    def kill(self):
        self.server.stop(signal.SIGKILL)

    def url(self, stream="LOGS", settings=""):
        return f"nats://127.0.0.1:{self.port}/{stream}{settings}"

    def ask(self, subject, body=None):
        """One question to the server's interface of JetStream."""
        wire = Wire(self.port)
        try:
            return wire.ask("$JS.API." + subject, json.dumps(body).encode() if body else b"")
        finally:
            wire.close()

    def publish(self, headers, body, subject="zmqlog.app.INFO"):
        """A message as another program's; its acknowledgement."""
        lines = b"NATS/1.0\r\n" + b"".join(
            b"%s: %s\r\n" % (name.encode(), value.encode()) for name, value in headers.items())
        head = lines + b"\r\n"
        wire = Wire(self.port)
        try:
            wire.send(b"HPUB %s answer.1 %d %d\r\n%s%s\r\n" % (
                subject.encode(), len(head), len(head) + len(body), head, body))
            return json.loads(wire.message()[3])
        finally:
            wire.close()

    def state(self, stream="LOGS"):
        return self.ask(f"STREAM.INFO.{stream}").get("state", {})

    def last(self, stream="LOGS"):
        """How many messages the stream has had."""
        return self.state(stream).get("last_seq", 0)

    def pull(self, wire, stream, name, batch, got):
        """So few at a time that the server does not count us as a slow consumer."""
        wanted = b'{"batch":%d}' % batch
        wire.send(b"PUB $JS.API.CONSUMER.MSG.NEXT.%s.%s answer.2 %d\r\n%s\r\n" % (
            stream.encode(), name.encode(), len(wanted), wanted))
        for _ in range(batch):
            subject, _, headers, body = wire.message()
            got.append((subject, headers, body))

    def bodies(self, stream="LOGS"):
        """Reads all messages, one by one, without a consumer, because that can be on a
        node that is gone."""
        count, got = self.last(stream), {}
        wire = Wire(self.port)
        try:
            for first in range(1, count + 1, 500):
                numbers = range(first, min(first + 500, count + 1))
                for number in numbers:
                    body = b'{"seq":%d}' % number
                    wire.send(b"PUB $JS.API.STREAM.MSG.GET.%s answer.1 %d\r\n%s\r\n" % (
                        stream.encode(), len(body), body))
                for _ in numbers:
                    message = json.loads(wire.message()[3])["message"]
                    got[message["seq"]] = base64.b64decode(message.get("data", ""))
        finally:
            wire.close()
        return [got[number] for number in sorted(got)]

    def read(self, stream="LOGS"):
        """All messages, by a pull consumer: (subject, headers, body)."""
        count = self.last(stream)
        wire = Wire(self.port)
        try:
            name = wire.ask(f"$JS.API.CONSUMER.CREATE.{stream}", json.dumps({
                "stream_name": stream, "config": {"deliver_policy": "all",
                                                  "ack_policy": "none"}}).encode())["name"]
            got = []
            while len(got) < count:
                self.pull(wire, stream, name, min(count - len(got), 10000), got)
            return got
        finally:
            wire.close()


class NatsCase(Forwarding):
    def setUp(self):
        super().setUp()
        if not program("nats-server"):
            self.skipTest("needs nats-server")
        if "built without" in self.run_to_end("forward", "ipc:///x", "--to", "nats://h:1/S")[2]:
            self.skipTest("built without libnats-dev")
