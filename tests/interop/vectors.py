# SPDX-License-Identifier: BSD-3-Clause
"""Every recorded call of the real PyZMQ, made again through the public ABI, must
reach a SUB socket of python3-zmq byte for byte.

usage: vectors.py PUBLISHER VECTORS
"""
import json
import os
import subprocess
import sys
import tempfile

import zmq

COLUMNS = ("root", "level", "message", "format", "name", "file", "line", "function")


def to_line(row):
    return "\t".join("-" if row[c] is None else str(row[c]).encode().hex()
                     for c in COLUMNS) + "\n"


def receive_all(endpoint, publisher, rows):
    context = zmq.Context()
    sub = context.socket(zmq.SUB)
    sub.setsockopt(zmq.RCVTIMEO, 30000)
    sub.setsockopt(zmq.SUBSCRIBE, b"")
    sub.connect(endpoint)
    process = subprocess.Popen([publisher, endpoint], stdin=subprocess.PIPE)
    process.stdin.write("".join(map(to_line, rows)).encode())
    process.stdin.close()
    got = [sub.recv_multipart() for _ in rows]
    status = process.wait(30)
    context.destroy(0)
    return got, status


def main(publisher, vectors):
    with open(vectors, encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    with tempfile.TemporaryDirectory() as folder:
        endpoint = "ipc://" + os.path.join(folder, "s")
        got, status = receive_all(endpoint, publisher, rows)
    wrong = 0
    for row, frames in zip(rows, got):
        wanted = [bytes.fromhex(row["topic_hex"]), bytes.fromhex(row["body_hex"])]
        if frames != wanted:
            wrong += 1
            print(f"wrong: {row}\n  got    {frames}\n  wanted {wanted}")
    print(f"{len(rows) - wrong} of {len(rows)} rows are byte-identical")
    return 1 if wrong or status or len(rows) != 200 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
