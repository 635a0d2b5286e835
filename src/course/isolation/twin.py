# SPDX-License-Identifier: GPL-2.0-only
"""A child counts down its own copy of a global, and a number in memory that it shares with its parent."""

import multiprocessing
import sys

import truth

number = 100


def count_down(shared):
    global number
    number -= 1
    shared.value -= 1
    sys.exit(number)


def look_after(shared):
    child = multiprocessing.Process(target=count_down, args=(shared,))
    child.start()
    child.join()
    sys.exit(number if shared.value == 99 else 1)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    value = multiprocessing.Value("i", 100)
    parent = multiprocessing.Process(target=look_after, args=(value,))
    parent.start()
    parent.join()
    truth.tell(parent=parent.pid, exitcode=parent.exitcode, shared=value.value)
