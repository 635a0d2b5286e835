# SPDX-License-Identifier: GPL-2.0-only
"""Work for the programs here: on a CPU for a while, and on which."""

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
