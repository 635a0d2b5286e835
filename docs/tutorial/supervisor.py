# SPDX-License-Identifier: GPL-2.0-only
"""A supervisor that starts three workers and is busy when they end."""

import os, time

def start(number):
    pid = os.fork()
    if pid == 0:
        time.sleep(0.1 * number)       # the worker's work
        os._exit(number)
    return pid

workers = [start(number) for number in (1, 2, 3)]
time.sleep(1)                          # the supervisor's own work
for pid in workers:
    os.waitpid(pid, 0)
