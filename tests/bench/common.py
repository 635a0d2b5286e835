# SPDX-License-Identifier: GPL-2.0-only
"""What the benchmarks share: running things, and ratios of what ran in turns."""

import contextlib
import os
import pathlib
import re
import signal
import statistics
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROCWATCH = str(ROOT / "build" / "procwatch")


def run(command, timeout=600, **kwargs):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout, **kwargs)
    if done.returncode:
        raise SystemExit(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stdout}")
    return done.stdout


def cpu_time(command):
    """What it printed, and the seconds of CPU it and its children took: those nobody else can take from it."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    output = process.stdout.read()
    _, process.returncode, usage = os.wait4(process.pid, 0)
    process.stdout.close()
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: status {process.returncode}\n{output}")
    return output, usage.ru_utime + usage.ru_stime


def microseconds(output):
    """What a workload says of itself: `N usecs/op`."""
    return float(re.search(r"([\d.]+) usecs/op", output).group(1))


@contextlib.contextmanager
def attached(*options):
    """procwatch attached with these options, for as long as the block lasts."""
    watcher = subprocess.Popen([PROCWATCH, "attach", "-q", *map(str, options)], stdout=subprocess.DEVNULL)
    time.sleep(1.5)  # loaded, attached, seeded
    if watcher.poll() is not None:
        raise SystemExit(f"procwatch attach ended: status {watcher.returncode}")
    try:
        yield watcher
    finally:
        watcher.send_signal(signal.SIGINT)
        watcher.wait(timeout=300)


def in_turns(rounds, bare, watched):
    """Runs both so often, each first in every other round: a machine whose speed drifts drifts for both."""
    rows = {bare: [], watched: []}
    for turn in range(rounds):
        for what in (bare, watched) if turn % 2 == 0 else (watched, bare):
            rows[what].append(what())
    return rows[bare], rows[watched]


def tell_ratio(name, unit, bare, watched):
    ratios = [w / b for b, w in zip(bare, watched)]
    print(f"{name}: bare {statistics.median(bare):.3f} {unit}, watched {statistics.median(watched):.3f} {unit} (medians of "
          f"{len(bare)}); ratio {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})", flush=True)
    return statistics.median(ratios)
