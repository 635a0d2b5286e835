# SPDX-License-Identifier: GPL-2.0-only
"""A Manager holds a number; four clients add 1 to it, five times each, under its lock."""

import multiprocessing

import truth


def add(number, lock):
    for _ in range(5):
        with lock:
            number.value += 1


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    with multiprocessing.Manager() as manager:
        number, lock = manager.Value("i", 0), manager.Lock()
        clients = [multiprocessing.Process(target=add, args=(number, lock)) for _ in range(4)]
        for client in clients:
            client.start()
        for client in clients:
            client.join()
        truth.tell(manager=manager._process.pid, clients=[client.pid for client in clients], sum=number.value)
