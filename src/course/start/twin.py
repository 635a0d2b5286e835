# SPDX-License-Identifier: GPL-2.0-only
"""Ten children are started and not joined: multiprocessing waits for them when main's code is done."""

import multiprocessing
import time

import truth


def work(number):
    time.sleep(0.3 + 0.03 * (number * 3 % 10))


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    children = [multiprocessing.Process(target=work, args=(number,)) for number in range(10)]
    for child in children:
        child.start()
    truth.tell(children=[child.pid for child in children])
