# SPDX-License-Identifier: GPL-2.0-only
"""What the benchmarks share: running things, and ratios of what ran in turns."""

import contextlib
import ctypes
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


def microseconds(output):
    """What a workload prints: `N usecs/op`."""
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


def in_turns(rounds, *things):
    """Runs each so often, another one first in every round: a machine whose speed drifts drifts for all."""
    rows = {what: [] for what in things}
    for turn in range(rounds):
        first = turn % len(things)
        for what in things[first:] + things[:first]:
            rows[what].append(what())
    return list(rows.values())


def load_empty_programs(scratch):
    """Compiles and loads empty.bpf.c by libbpf; returns what attaches its programs, which returns what takes them off."""
    path = scratch / "empty.bpf.o"
    run(["clang", "-target", "bpf", "-O2", "-g", "-Wno-missing-declarations", f"-I{ROOT}/vmlinux/{os.uname().machine}",
         "-c", str(ROOT / "tests/bench/empty.bpf.c"), "-o", str(path)])
    lib = ctypes.CDLL("libbpf.so.1", use_errno=True)
    for name in ("bpf_object__open_file", "bpf_object__next_program", "bpf_program__attach"):
        getattr(lib, name).restype = ctypes.c_void_p
    obj = ctypes.c_void_p(lib.bpf_object__open_file(str(path).encode(), None))
    if not obj or lib.bpf_object__load(obj):
        raise SystemExit(f"cannot load {path}")

    def attach():
        links, program = [], None
        while program := lib.bpf_object__next_program(obj, ctypes.c_void_p(program)):
            links.append(ctypes.c_void_p(lib.bpf_program__attach(ctypes.c_void_p(program))))

        def detach():
            for link in links:
                lib.bpf_link__destroy(link)

        return detach

    return attach


def tell_ratio(name, unit, bare, watched, how="watched"):
    ratios = [w / b for b, w in zip(bare, watched)]
    print(f"{name}: bare {statistics.median(bare):.3f} {unit}, {how} {statistics.median(watched):.3f} {unit} (medians of "
          f"{len(bare)}); ratio {statistics.median(ratios):.3f} ({min(ratios):.3f} to {max(ratios):.3f})", flush=True)
    return statistics.median(ratios)
