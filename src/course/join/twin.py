# SPDX-License-Identifier: GPL-2.0-only
"""Ten children of 100 ms, joined in turn."""

import multiprocessing
import time

import truth
from work import start_together

if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    children = start_together([(time.sleep, 0.1)] * 10)
    for child in children:
        child.join()
    truth.tell(children=[child.pid for child in children])
