# SPDX-License-Identifier: GPL-2.0-only
"""Eight processes, three permits."""

import multiprocessing
import time

import truth
from work import start_together


def visit(permits):
    with permits:
        time.sleep(0.06)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    permits = multiprocessing.Semaphore(3)
    guests = start_together([(visit, permits)] * 8)
    for guest in guests:
        guest.join()
    truth.tell(guests=[guest.pid for guest in guests])
