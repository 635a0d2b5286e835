# SPDX-License-Identifier: GPL-2.0-only
"""Two processes take noodles and fork in opposite orders, and are ended after a while; then both are one RLock."""

import multiprocessing
import time

import truth
from work import start_together


def eat(first, second):
    with first:
        time.sleep(0.1)
        with second:
            time.sleep(0.02)


def run_two(noodles, fork, patience):
    eaters = start_together([(eat, noodles, fork), (eat, fork, noodles)])
    for eater in eaters:
        eater.join(patience)
        eater.terminate()
        eater.join()
    return [{"pid": eater.pid, "exitcode": eater.exitcode} for eater in eaters]


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    both = multiprocessing.RLock()
    truth.tell(deadlock=run_two(multiprocessing.Lock(), multiprocessing.Lock(), 0.4),
               cured=run_two(both, both, 10))
