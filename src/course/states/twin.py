# SPDX-License-Identifier: GPL-2.0-only
"""A worker computes, sleeps and computes; two spinners share one CPU."""

import multiprocessing
import time

import truth
from work import compute, pin_to_cpu


def work():
    compute(0.1)
    time.sleep(0.1)
    compute(0.1)


def spin():
    pin_to_cpu(0)
    compute(0.2)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    children = [multiprocessing.Process(target=job) for job in (work, spin, spin)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    truth.tell(worker=children[0].pid, spinners=[child.pid for child in children[1:]])
