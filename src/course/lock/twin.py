# SPDX-License-Identifier: GPL-2.0-only
"""Ten buyers, three tickets, with and without a lock."""

import contextlib
import multiprocessing
import sys
import time

import truth
from work import start_together


def buy(lock, tickets):
    with lock:
        left = tickets.value
        time.sleep(0.02)
        if left > 0:
            tickets.value = left - 1
    sys.exit(1 if left > 0 else 0)


def run(lock):
    tickets = multiprocessing.Value("i", 3, lock=False)
    buyers = start_together([(buy, lock, tickets)] * 10)
    for buyer in buyers:
        buyer.join()
    return {"buyers": [buyer.pid for buyer in buyers], "sold": sum(buyer.exitcode for buyer in buyers)}


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    truth.tell(locked=run(multiprocessing.Lock()), unlocked=run(contextlib.nullcontext()))
