# SPDX-License-Identifier: GPL-2.0-only
"""Ten children of 100 ms, joined in turn."""

import multiprocessing
import time

import truth

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    children = [multiprocessing.Process(target=time.sleep, args=(0.1,)) for number in range(10)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    truth.tell(children=[child.pid for child in children])
