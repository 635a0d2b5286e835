# SPDX-License-Identifier: GPL-2.0-only
"""A fork by hand: the child works and fails, the parent works less and waits."""

import os

import truth
from work import compute

if __name__ == "__main__":
    child = os.fork()
    if child == 0:
        compute(0.4)
        os._exit(1)
    compute(0.05)
    pid, status = os.waitpid(child, 0)
    truth.tell(child=pid, status=status)
