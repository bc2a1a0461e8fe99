# SPDX-License-Identifier: BSD-3-Clause
"""The peer that is not ours: PyZMQ's PUBHandler and a plain SUB; README.md has the
protocol."""
import json
import logging
import sys

import zmq
from zmq.log.handlers import PUBHandler

NAMES = {5: "TRACE", 33: "AUDIT"}


def unhex(column):
    return b"" if column == "-" else bytes.fromhex(column)


def open_socket(kind, mode, endpoints):
    socket = zmq.Context.instance().socket(kind)
    socket.linger = 10000
    for endpoint in endpoints:
        (socket.bind if mode == "bind" else socket.connect)(endpoint)
    return socket, socket.last_endpoint.decode().rstrip("\0")


def publish(mode, *endpoints):
    socket, endpoint = open_socket(zmq.PUB, mode, endpoints)
    handler = PUBHandler(socket)
    handler.root_topic = "myprogram"
    handler.setFormatter(logging.Formatter("%(message)s"))
    log = logging.Logger("peer")
    log.addHandler(handler)
    for level in (5, 33, 35):
        logging.addLevelName(level, NAMES.get(level, logging.getLevelName(level)))
        handler.setFormatter(logging.Formatter("%(message)s"), level)
    print("ready", endpoint, "log", "printf", "root", sep="\t", flush=True)
    for line in sys.stdin:
        command, *columns = line.rstrip("\n").split("\t")
        if command == "root":
            handler.root_topic = unhex(columns[0])
        else:
            text, *arguments = (unhex(column).decode() for column in columns[1:])
            log.log(int(columns[0]), text, *arguments)
    socket.close()
    zmq.Context.instance().term()


def subscribe(mode, endpoint):
    socket = zmq.Context.instance().socket(zmq.SUB)
    socket.subscribe(b"")
    (socket.bind if mode == "bind" else socket.connect)(endpoint)
    print("ready", socket.last_endpoint.decode().rstrip("\0"), sep="\t", flush=True)
    text = None
    while text != b"end":
        topic, text = socket.recv_multipart()
        print(json.dumps({"topic": topic.hex(), "text": text.hex()}), flush=True)


if __name__ == "__main__":
    {"pub": publish, "sub": subscribe}[sys.argv[1]](*sys.argv[2:])
