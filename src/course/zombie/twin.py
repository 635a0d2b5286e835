# SPDX-License-Identifier: GPL-2.0-only
"""A child ends at once; its parent is busy, and only then waits for it."""

import os
import time

import truth

if __name__ == "__main__":
    child = os.fork()
    if child == 0:
        os._exit(7)
    time.sleep(0.3)
    _, status = os.waitpid(child, 0)
    truth.tell(child=child, status=status)
