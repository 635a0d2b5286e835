# SPDX-License-Identifier: GPL-2.0-only
"""Four ways to call, synchronous or not, blocking or not."""

import multiprocessing
import os
import time

import truth
from work import Gate, compute

TIME = 0.2


def read_input(source):
    os.read(source, 1)


def start_and_go_on():
    helper = multiprocessing.Process(target=time.sleep, args=(TIME,))
    helper.start()
    compute(2 * TIME)
    helper.join()


def wait_for_any(number_of_first):
    children, until_then = [], Gate()
    for number in range(10):
        child = os.fork()
        if child == 0:
            if number == 3:
                time.sleep(TIME / 2)
            else:
                until_then.wait()
            os._exit(0)
        children.append(child)
    first, _ = os.wait()
    until_then.open()
    number_of_first.value = children.index(first)
    for _ in children[1:]:
        os.wait()


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    source, sink = os.pipe()
    first = multiprocessing.Value("i", -1)
    jobs = {
        "reader": multiprocessing.Process(target=read_input, args=(source,)),
        "computer": multiprocessing.Process(target=compute, args=(TIME,)),
        "starter": multiprocessing.Process(target=start_and_go_on),
        "waiter": multiprocessing.Process(target=wait_for_any, args=(first,)),
    }
    for job in jobs.values():
        job.start()
    time.sleep(TIME)
    os.write(sink, b"x")
    for job in jobs.values():
        job.join()
    truth.tell(first=first.value, **{name: job.pid for name, job in jobs.items()})
