# SPDX-License-Identifier: GPL-2.0-only
"""One reader, four ways to wait for its data. Python's library does not offer the fifth, io_uring."""

import multiprocessing
import os
import selectors
import signal
import time

import truth
from work import compute

MESSAGES = 3


def read_blocking(sources):
    return sum(len(os.read(sources[0], 1)) for _ in range(MESSAGES))


def read_nonblocking(sources):
    os.set_blocking(sources[0], False)
    got = 0
    while got < MESSAGES:
        try:
            got += len(os.read(sources[0], 1))
        except BlockingIOError:
            pass
    return got


def read_multiplexed(sources):
    got = 0
    with selectors.PollSelector() as selector:
        for source in sources:
            selector.register(source, selectors.EVENT_READ)
        while got < MESSAGES:
            got += sum(len(os.read(key.fd, 1)) for key, _ in selector.select())
    return got


def read_by_signal(sources):
    import fcntl
    got = []
    os.set_blocking(sources[0], False)

    def when_there_is_data(*_):
        """One signal may stand for several messages: reads all there is."""
        try:
            got.extend(os.read(sources[0], MESSAGES))
        except BlockingIOError:
            pass

    signal.signal(signal.SIGIO, when_there_is_data)
    fcntl.fcntl(sources[0], fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(sources[0], fcntl.F_SETFL, os.O_NONBLOCK | os.O_ASYNC)
    when_there_is_data()  # messages that came before the handler was installed
    while len(got) < MESSAGES:
        compute(0.001)
    return len(got)


def run(way):
    pipes = [os.pipe() for _ in range(MESSAGES)]
    reader = multiprocessing.Process(target=lambda: os._exit(way([source for source, _ in pipes])))
    reader.start()
    for number in range(MESSAGES):
        time.sleep(0.06)
        os.write(pipes[number if way is read_multiplexed else 0][1], b"m")
    reader.join()
    return {"pid": reader.pid, "exitcode": reader.exitcode}


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    ways = {"blocking": read_blocking, "nonblocking": read_nonblocking, "multiplexed": read_multiplexed,
            "signal": read_by_signal}
    truth.tell(**{name: run(way) for name, way in ways.items()})
