# SPDX-License-Identifier: GPL-2.0-only
"""Two readers share one Pipe, with a lock: each message comes whole."""

import multiprocessing
import sys
import time

import truth

MESSAGES = 20


def read(out, end, lock):
    end.close()
    count = 0
    while True:
        try:
            with lock:
                text = out.recv()
        except EOFError:
            sys.exit(count)
        if len(set(text)) != 1:
            sys.exit(100)
        count += 1
        time.sleep(0.003)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    out, end = multiprocessing.Pipe(duplex=False)
    lock = multiprocessing.Lock()
    readers = [multiprocessing.Process(target=read, args=(out, end, lock)) for _ in range(2)]
    for reader in readers:
        reader.start()
    for number in range(MESSAGES):
        time.sleep(0.005)
        end.send(chr(ord("A") + number) * 8)
    end.close()
    for reader in readers:
        reader.join()
    truth.tell(readers=[{"pid": reader.pid, "exitcode": reader.exitcode} for reader in readers])
