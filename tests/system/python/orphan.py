# SPDX-License-Identifier: GPL-2.0-only
"""A parent ends while its child still works."""

import os
import time

import truth

if __name__ == "__main__":
    child = os.fork()
    if child == 0:
        time.sleep(0.3)
        os._exit(0)
    time.sleep(0.1)
    truth.tell(child=child)
