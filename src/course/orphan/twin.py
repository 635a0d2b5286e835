# SPDX-License-Identifier: GPL-2.0-only
"""A parent ends; its child works on until then, and for a while after it."""

import os
import time

import truth

if __name__ == "__main__":
    parent, child = os.getpid(), os.fork()
    if child == 0:
        while os.getppid() == parent:
            time.sleep(0.02)
        time.sleep(0.2)
        os._exit(0)
    time.sleep(0.1)
    truth.tell(child=child)
