# SPDX-License-Identifier: GPL-2.0-only
"""A pool of 4 workers does 10 tasks."""

import multiprocessing
import os
import time

import truth


def task(number):
    time.sleep(0.1)
    return number, os.getpid()


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    with multiprocessing.Pool(4) as pool:
        workers = [child.pid for child in multiprocessing.active_children()]
        results = [pool.apply_async(task, (number,)) for number in range(10)]
        done = [result.get() for result in results]
        pool.close()
        pool.join()
    truth.tell(workers=workers, tasks=[{"number": number, "pid": pid} for number, pid in done])
