# SPDX-License-Identifier: GPL-2.0-only
"""Four children end in four ways."""

import ctypes
import multiprocessing
import os
import resource
import signal
import sys
import time

import truth


def end_normally():
    pass


def fail():
    sys.exit(1)


def fail_badly():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    ctypes.string_at(0)


def work_for_ever():
    time.sleep(60)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    ways = (end_normally, fail, fail_badly, work_for_ever)
    children = [multiprocessing.Process(target=way) for way in ways]
    for child in children:
        child.start()
    time.sleep(0.1)
    os.kill(children[3].pid, signal.SIGKILL)
    for child in children:
        child.join()
    truth.tell(children=[{"pid": child.pid, "exitcode": child.exitcode} for child in children])
