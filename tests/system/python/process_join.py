# SPDX-License-Identifier: GPL-2.0-only
"""Three children, joined in turn; each ends with another exit code."""

import multiprocessing
import sys
import time

import truth


def work(number):
    time.sleep(0.1 * number)
    sys.exit(number)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    children = [multiprocessing.Process(target=work, args=(number,)) for number in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    truth.tell(children=[{"pid": child.pid, "exitcode": child.exitcode} for child in children])
