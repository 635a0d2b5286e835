# SPDX-License-Identifier: GPL-2.0-only
"""Two children compute, on one CPU and then on two."""

import multiprocessing

import truth
from work import compute, pin_to_cpu


def work(cpu):
    pin_to_cpu(cpu)
    compute(0.15)


def run_two(*cpus):
    children = [multiprocessing.Process(target=work, args=(cpu,)) for cpu in cpus]
    for child in children:
        child.start()
    for child in children:
        child.join()
    return [child.pid for child in children]


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    truth.tell(concurrent=run_two(0, 0), parallel=run_two(0, 1))
