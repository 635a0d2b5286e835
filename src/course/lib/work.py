# SPDX-License-Identifier: GPL-2.0-only
"""Work for the programs here: on a CPU for a while, and on which."""

import multiprocessing
import os
import time


def compute(seconds):
    """Spends so much time on a CPU, however busy the machine is."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        sum(range(1000))


def pin_to_cpu(nth):
    """The nth of the CPUs this program may use, or the last if there are fewer."""
    allowed = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {allowed[min(nth, len(allowed) - 1)]})


class Gate:
    """
    Where children wait until all have come: a pipe, which ends when nobody can write into it any more, neither
    main nor any of its children.
    """

    def __init__(self):
        self.out, self.into = os.pipe()

    def wait(self):
        os.close(self.into)
        os.read(self.out, 1)

    def open(self):
        os.close(self.into)


def start_together(jobs):
    """A child for each of the jobs (a function and its arguments), who all begin when the last is there."""
    gate = Gate()
    children = [multiprocessing.Process(target=begin, args=(gate, *job)) for job in jobs]
    for child in children:
        child.start()
    gate.open()
    return children


def begin(gate, job, *args):
    gate.wait()
    job(*args)
