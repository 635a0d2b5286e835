# SPDX-License-Identifier: GPL-2.0-only
"""The same supervisor, which reaps each worker when SIGCHLD arrives."""

import os, signal, time

def reap(signum, frame):
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:      # no children left
            return
        if pid == 0:                   # nobody has ended yet
            return

def start(number):
    pid = os.fork()
    if pid == 0:
        time.sleep(0.1 * number)
        os._exit(number)

signal.signal(signal.SIGCHLD, reap)
for number in (1, 2, 3):
    start(number)
time.sleep(1)
