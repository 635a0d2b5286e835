# SPDX-License-Identifier: GPL-2.0-only
"""Three jobs on one CPU, first come first served and round robin. Main has a higher priority while it starts them."""

import multiprocessing
import os
import time

import truth
from work import compute, pin_to_cpu

JOBS = (0.25, 0.08, 0.03)


def work(policy, seconds, ready, gate):
    pin_to_cpu(0)
    os.sched_setscheduler(0, policy, os.sched_param(1))
    ready.release()
    os.read(gate, 1)
    compute(seconds)


def run_round(policy):
    ready = multiprocessing.Semaphore(0)
    gates = [os.pipe() for _ in JOBS]
    jobs = [multiprocessing.Process(target=work, args=(policy, seconds, ready, gate[0]))
            for seconds, gate in zip(JOBS, gates)]
    for job in jobs:
        job.start()
    for job in jobs:
        ready.acquire()
    os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(2))
    for gate in gates:
        os.write(gate[1], b"g")
        time.sleep(0.001)  # they arrive one after the other
    os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))
    for job in jobs:
        job.join()
    return [job.pid for job in jobs]


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    truth.tell(fifo=run_round(os.SCHED_FIFO), rr=run_round(os.SCHED_RR))
