# SPDX-License-Identifier: GPL-2.0-only
"""Two threads under the interpreter's global lock, each with a CPU; and two processes, each with a CPU."""

import multiprocessing
import sys
import threading

import truth
from work import pin_to_cpu


def work(cpu):
    pin_to_cpu(cpu)
    for _ in range(150):
        sum(range(100_000))


def run_two(kind):
    workers = [kind(target=work, args=(cpu,)) for cpu in (0, 1)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return workers


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    tids = [thread.native_id for thread in run_two(threading.Thread)]
    truth.tell(threads=tids, processes=[process.pid for process in run_two(multiprocessing.Process)],
               has_gil=getattr(sys, "_is_gil_enabled", lambda: True)())
