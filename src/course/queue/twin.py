# SPDX-License-Identifier: GPL-2.0-only
"""
A fast producer, a slow consumer, and a Queue(3) between them.

The file is not called queue.py: that name is a module of Python's own, which
multiprocessing itself imports.
"""

import multiprocessing
import time

import truth

ITEMS = 10


def produce(queue):
    for item in range(ITEMS):
        queue.put(item)
    queue.put(None)


def consume(queue):
    got = []
    for item in iter(queue.get, None):
        time.sleep(0.05)
        got.append(item)
    raise SystemExit(0 if got == list(range(ITEMS)) else 1)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    shared = multiprocessing.Queue(3)
    children = [multiprocessing.Process(target=role, args=(shared,)) for role in (produce, consume)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    truth.tell(
        producer={"pid": children[0].pid, "exitcode": children[0].exitcode},
        consumer={"pid": children[1].pid, "exitcode": children[1].exitcode},
    )
