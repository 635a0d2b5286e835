# SPDX-License-Identifier: GPL-2.0-only
"""The same work in 4 threads and in 4 processes; and a daemon thread that no thread joins."""

import multiprocessing
import sys
import threading
import time

import truth

total = 0


def add_one():
    global total
    time.sleep(0.1)
    total += 1


def run(kind):
    workers = [kind(target=add_one) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    sys.exit(total)


def end_with_daemon():
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    time.sleep(0.05)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    children = {
        "threads": multiprocessing.Process(target=run, args=(threading.Thread,)),
        "processes": multiprocessing.Process(target=run, args=(multiprocessing.Process,)),
        "owner": multiprocessing.Process(target=end_with_daemon),
    }
    for child in children.values():
        child.start()
        child.join()
    truth.tell(**{name: {"pid": child.pid, "exitcode": child.exitcode} for name, child in children.items()})
