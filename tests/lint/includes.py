#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check who includes whom: down the layers only, and in no circle.

tests/lint/includes.py          prints what is wrong; exits 1 if anything is
tests/lint/includes.py --graph  prints the graph by folder

A folder may include itself and what its row of LAYERS names. docs/architecture.md says what each folder is for.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# Low to high. "src/course" is the list of demos and what their lessons share, "src/course/*" one folder a demo.
LAYERS = {
    "include": "",
    "src/shared": "",
    "bpf": "src/shared",
    "src/util": "src/shared",
    "src/usdt": "src/shared src/util",
    "src/capture": "src/shared src/util src/usdt",
    "src/model": "src/shared src/util",
    "src/recording": "src/shared src/util",
    "src/analysis": "src/model src/util",
    "src/course": "src/analysis src/model src/util",
    "src/course/*": "include src/course src/model",
    "src/report/words": "src/analysis src/model src/util",
    # The rows of formats.c name the views' functions, which report.h declares: a view includes report, never the
    # other way round.
    "src/report": "src/report/words src/course src/analysis src/model src/util src/shared",
    "src/report/plot": "src/report src/analysis src/model src/util",
    "src/report/text": "src/report/plot src/report/words src/report src/course src/analysis src/model src/util",
    "src/report/svg": "src/report/plot src/report/words src/report src/course src/analysis src/model src/util",
    "src/report/html": "src/report/plot src/report/words src/report src/course src/analysis src/model src/util",
    "src/report/perfetto": "src/report/words src/report src/course src/analysis src/model src/util",
    # Which files a run writes, in which formats: so it knows the reports and the recording.
    "src/output": "src/recording src/report src/util src/shared",
    "src/run": "src/output src/course src/analysis src/capture src/model src/util src/shared",
    "src/cmd": "src/run src/output src/report src/recording src/course src/analysis src/capture src/model src/util src/shared",
    "src": "src/cmd src/capture src/util",
    "tests/lib": "src/course src/report src/report/words src/recording src/analysis src/model src/util src/shared",
    "tests/unit": "tests/lib src/* include",
    "tests/reports": "tests/lib src/* include",
    "tests/golden": "tests/lib src/* include",
    "tests/fuzz": "tests/lib src/*",
    "tests/web": "tests/lib src/*",
    "tests/system/programs": "include",
    "tests/vm": "",
    "tests/vm/programs": "tests/system/programs",
    "tests/bench": "",
}

# "file includes file": the reason why.
ALLOWED: dict[str, str] = {}

# Where a compiler looks for "file.h", besides the including file's own folder.
SEARCH = ["src", "tests", "include", "src/course/lib", "bpf", "tests/system/programs"]


def room(file: str) -> str:
    folder = str(pathlib.PurePath(file).parent)
    if folder == "src/course/lib":
        return "src/course"
    if folder.startswith("src/course/"):
        return "src/course/*"
    return folder


def read_includes() -> dict[str, set[str]]:
    """Of each file the files that it includes; generated ones and vmlinux.h are left out."""
    files = {str(path.relative_to(ROOT)) for top in ("include", "src", "bpf", "tests")
             for path in (ROOT / top).rglob("*.[ch]")}
    found = {}
    for file in files:
        found[file] = set()
        for name in re.findall(r'^#include "([^"]+)"', (ROOT / file).read_text(encoding="utf-8"), re.M):
            for folder in [str(pathlib.PurePath(file).parent), *SEARCH]:
                if f"{folder}/{name}" in files:
                    found[file].add(f"{folder}/{name}")
                    break
    return found


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """One circle through each knot of files that all reach each other: a path that ends where it began."""
    found, done = [], set()
    for start in sorted(graph):
        if start in done:
            continue
        path = shortest_way(graph, start)
        if path:
            found.append(path)
            done.update(path)
    return found


def shortest_way(graph: dict[str, set[str]], start: str) -> list[str]:
    """From a node back to itself; empty when there is no such way."""
    before = {}
    queue = [start]
    for node in queue:
        for following in sorted(graph.get(node, ())):
            if following == start:
                way = [node, start]
                while way[0] != start:
                    way.insert(0, before[way[0]])
                return way
            if following not in before:
                before[following] = node
                queue.append(following)
    return []


def may_include(lower: str, upper: str) -> bool:
    """Whether the folder `upper` may include a file of the folder `lower`."""
    allowed = LAYERS.get(upper, "").split()
    return lower == upper or lower in allowed or ("src/*" in allowed and lower.startswith("src/"))


def problems(includes: dict[str, set[str]]) -> list[str]:
    found = []
    used = set()
    for file in sorted(includes):
        if room(file) not in LAYERS:
            found.append(f"{file}: the folder {room(file)} has no row in LAYERS of tests/lint/includes.py")
            continue
        for included in sorted(includes[file]):
            if may_include(room(included), room(file)):
                continue
            if f"{file} {included}" in ALLOWED:
                used.add(f"{file} {included}")
            else:
                found.append(f"{file}: includes {included}, which {room(file)} may not know")
    found += [f"tests/lint/includes.py: ALLOWED has '{pair}', which no longer happens" for pair in sorted(set(ALLOWED) - used)]
    found += [f"a circle of files: {' -> '.join(circle)}" for circle in circles(includes)]
    without = {file: {to for to in included if f"{file} {to}" not in ALLOWED} for file, included in includes.items()}
    found += [f"a circle of folders: {' -> '.join(circle)}" for circle in circles(by_folder(without))]
    return found


def by_folder(includes: dict[str, set[str]]) -> dict[str, set[str]]:
    folders: dict[str, set[str]] = {}
    for file, included in includes.items():
        folders.setdefault(room(file), set()).update(room(to) for to in included if room(to) != room(file))
    return folders


def print_graph(includes: dict[str, set[str]]) -> None:
    """From high to low; a number is how many includes there are."""
    order = [folder for folder in LAYERS if any(room(file) == folder for file in includes)]
    for folder in reversed(order):
        counts = {}
        for file, included in includes.items():
            if room(file) == folder:
                for to in included:
                    counts[room(to)] = counts.get(room(to), 0) + 1
        counts.pop(folder, None)
        lower = [f"{to} ({counts[to]})" for to in reversed(order) if to in counts]
        print(f"{folder:22} {', '.join(lower) or '-'}")


def main() -> int:
    includes = read_includes()
    if sys.argv[1:] == ["--graph"]:
        print_graph(includes)
        return 0
    found = problems(includes)
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
