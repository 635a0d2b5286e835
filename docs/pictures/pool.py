# SPDX-License-Identifier: GPL-2.0-only
"""A pool of four workers and ten tasks that compute: the picture of the README."""

import multiprocessing


def compute(number):
    return sum(n * n for n in range(400_000 + 120_000 * number))


if __name__ == "__main__":
    with multiprocessing.Pool(4) as pool:
        pool.map(compute, range(10), chunksize=1)
        pool.close()
        pool.join()
