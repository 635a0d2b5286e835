# SPDX-License-Identifier: GPL-2.0-only
"""The kettle: apply_async, and a callback in the parent when it is done."""

import multiprocessing
import os
import threading
import time

import truth
from work import compute

called = {}


def boil():
    time.sleep(0.3)
    return os.getpid()


def when_it_boils(kettle):
    called.update(kettle=kettle, by=os.getpid(), tid=threading.get_native_id(), at=time.monotonic_ns())


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    with multiprocessing.Pool(1) as pool:
        pool.apply_async(boil, callback=when_it_boils)
        while not called:
            compute(0.01)
        compute(0.1)
        pool.close()
        pool.join()
    truth.tell(**called)
