#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check that no two types share a name.

The types of src, bpf and tests/lib have one name each, and a test calls none of its own like one of them. Demos and
the programs that system tests run stand alone.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
# "struct name": why two types share it.
ALLOWED: dict[str, str] = {}


def types_of(path: pathlib.Path) -> list[str]:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    return re.findall(r"^((?:struct|enum|union) \w+)\s*\{", text, re.M)


def main() -> int:
    places: dict[str, list[str]] = {}
    tests: dict[str, list[str]] = {}
    for top in ("src", "bpf", "tests"):
        for path in sorted((ROOT / top).rglob("*.[ch]")):
            file = str(path.relative_to(ROOT))
            if path.name == "demo.c" or "/programs/" in file or file.startswith(("tests/vm/", "tests/bench/")):
                continue
            found = tests if top == "tests" and not file.startswith("tests/lib/") else places
            for name in types_of(path):
                found.setdefault(name, []).append(file)
    problems = [f"{name} is defined in {' and '.join(files)}" for name, files in sorted(places.items())
                if len(files) > 1 and name not in ALLOWED]
    problems += [f"{name} of {' and '.join(files)} is also a type of {places[name][0]}"
                 for name, files in sorted(tests.items()) if name in places]
    problems += [f"tests/lint/type_names.py: ALLOWED has '{name}', which is defined once now" for name in ALLOWED
                 if len(places.get(name, [])) < 2]
    print("\n".join(problems), end="\n" if problems else "")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
