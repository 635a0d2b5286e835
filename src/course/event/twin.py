# SPDX-License-Identifier: GPL-2.0-only
"""Five processes wait for an event, one sets it."""

import multiprocessing
import time

import truth


def wait(event, waiting):
    waiting.release()
    event.wait()


def set_later(event, waiting):
    for _ in range(5):
        waiting.acquire()
    time.sleep(0.3)
    event.set()


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    event, waiting = multiprocessing.Event(), multiprocessing.Semaphore(0)
    waiters = [multiprocessing.Process(target=wait, args=(event, waiting)) for _ in range(5)]
    setter = multiprocessing.Process(target=set_later, args=(event, waiting))
    for child in (*waiters, setter):
        child.start()
    for child in (*waiters, setter):
        child.join()
    truth.tell(waiters=[child.pid for child in waiters], setter=setter.pid)
