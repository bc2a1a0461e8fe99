# SPDX-License-Identifier: BSD-3-Clause
"""nginx_client.py <socket> <first> <last>: one request for each number, over two
connections that are opened again when the server ends them. An answer that did not
come is asked for again, as browsers do."""
import socket
import sys


class Connection:
    def __init__(self, path):
        self.path = path
        self.file = None

    def open(self):
        self.close()
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(20)
        self.socket.connect(self.path)
        self.file = self.socket.makefile("rb")

    def close(self):
        if self.file:
            self.file.close()
            self.socket.close()
            self.file = None

    def get(self, target):
        for _ in range(20):
            try:
                if not self.file:
                    self.open()
                body = self.ask(target)
                if body is not None:
                    return body
            except OSError:
                pass
            self.close()
        sys.exit("no answer for " + target)

    def ask(self, target):
        self.socket.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        status = self.file.readline()
        if not status:
            return None
        if b" 200 " not in status:
            sys.exit(status.decode())
        keep, chunks = True, []
        for line in iter(self.file.readline, b"\r\n"):
            keep = keep and line.lower().strip() != b"connection: close"
        while True:
            size = int(self.file.readline(), 16)
            chunks.append(self.file.read(size))
            self.file.readline()
            if not size:
                break
        if not keep:
            self.close()
        return b"".join(chunks).decode()


path, first = sys.argv[1], sys.argv[2]
if first.startswith("/"):
    sys.stdout.write(Connection(path).get(first))
else:
    connections = [Connection(path), Connection(path)]
    for number in range(int(first), int(sys.argv[3]) + 1):
        connections[number % 2].get(f"/{number}")
