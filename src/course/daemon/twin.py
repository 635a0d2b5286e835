# SPDX-License-Identifier: GPL-2.0-only
"""A daemon child and an ordinary one: multiprocessing ends the one and waits for the other."""

import multiprocessing
import time

import truth


def work_for_ever():
    while True:
        time.sleep(0.05)


def work():
    time.sleep(0.5)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    daemon = multiprocessing.Process(target=work_for_ever, daemon=True)
    worker = multiprocessing.Process(target=work)
    daemon.start()
    worker.start()
    time.sleep(0.2)
    truth.tell(daemon=daemon.pid, worker=worker.pid)
