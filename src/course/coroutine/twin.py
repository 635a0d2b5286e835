# SPDX-License-Identifier: GPL-2.0-only
"""Three tasks take turns inside one thread: asyncio."""

import asyncio
import time

import truth
from work import compute

turns = []


async def task(number):
    for _ in range(20):
        turns.append(number)
        compute(0.002)
        await asyncio.sleep(0)  # the next task has its turn


async def run():
    begin = time.monotonic_ns()
    await asyncio.gather(*(task(number) for number in range(3)))
    return begin, time.monotonic_ns()


if __name__ == "__main__":
    begin, end = asyncio.run(run())
    truth.tell(handed_over=sum(a != b for a, b in zip(turns, turns[1:])), begin=begin, end=end)
