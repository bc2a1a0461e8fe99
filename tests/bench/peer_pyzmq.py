# SPDX-License-Identifier: BSD-3-Clause
"""PyZMQ's own PUBHandler, nobody and one SUB listening."""
import json
import logging
import threading
import time

import zmq
from zmq.log.handlers import PUBHandler

CALLS = 30000


def measure(logger, what):
    text = "x" * 60
    start = time.perf_counter()
    for _ in range(CALLS):
        logger.info(text)
    print(json.dumps({"who": "pyzmq PUBHandler", "what": what, "unit": "ns",
                      "value": (time.perf_counter() - start) / CALLS * 1e9}), flush=True)


def drain(sub):
    while sub.poll(1000):
        sub.recv_multipart()


def main():
    context = zmq.Context()
    pub = context.socket(zmq.PUB)
    port = pub.bind_to_random_port("tcp://127.0.0.1")
    logger = logging.getLogger("bench")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    logger.addHandler(PUBHandler(pub))
    measure(logger, "nobody listens")
    sub = context.socket(zmq.SUB)
    sub.setsockopt(zmq.RCVHWM, 0)
    sub.subscribe(b"")
    sub.connect(f"tcp://127.0.0.1:{port}")
    while not sub.poll(10):
        logger.info("there?")
    thread = threading.Thread(target=drain, args=(sub,))
    measure(logger, "one listener, per call")
    thread.start()
    thread.join()
    context.destroy(0)


if __name__ == "__main__":
    main()
