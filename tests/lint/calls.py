#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check that the files of a folder call each other in no circle.

tests/lint/calls.py          prints the files in a circle; exits 1 if there are any
tests/lint/calls.py --graph  prints the files by layer, each with the files it calls

The symbols of the object files in build/ show who calls whom, so `make` comes first.
"""

import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
OBJECTS = pathlib.Path(os.environ.get("PW_BUILD", ROOT / "build")) / "obj"
FOLDERS = ["model", "recording"]


def calls(folder: str) -> dict[str, set[str]]:
    """For each file the files whose functions or data it uses."""
    defined: dict[str, str] = {}
    undefined: dict[str, set[str]] = {}
    for source in sorted((ROOT / "src" / folder).glob("*.c")):
        undefined[source.stem] = set()
        symbols = subprocess.run(["nm", OBJECTS / folder / f"{source.stem}.o"], check=True, stdout=subprocess.PIPE, text=True)
        for line in symbols.stdout.splitlines():
            *_, kind, name = line.split()
            if kind == "U":
                undefined[source.stem].add(name)
            elif kind.isupper():
                defined[name] = source.stem
    return {file: {defined[name] for name in names if name in defined} for file, names in undefined.items()}


def layers(graph: dict[str, set[str]]) -> tuple[list[list[str]], set[str]]:
    """The files in layers, each calling only lower ones, and the files in a circle or above one."""
    placed: list[list[str]] = []
    left = set(graph)
    while ready := sorted(file for file in left if not graph[file] & left):
        placed.append(ready)
        left -= set(ready)
    return placed, left


def main() -> int:
    failed = 0
    for folder in FOLDERS:
        graph = calls(folder)
        placed, circle = layers(graph)
        if circle:
            print(f"src/{folder}: a circle of calls among {', '.join(sorted(circle))}")
            failed = 1
        if "--graph" in sys.argv[1:]:
            print(f"src/{folder}")
            for number, files in enumerate(placed):
                for file in files:
                    print(f"  {number}  {file:14} {' '.join(sorted(graph[file]))}".rstrip())
    return failed


if __name__ == "__main__":
    sys.exit(main())
