#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check what clang-format does not: licence lines, the width of the docs, members broken over lines, commit subjects."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LICENCE = "SPDX-License-Identifier: GPL-2.0-only"
# Programs of any licence include it.
OTHER_LICENCES = {"include/procwatch_mark.h": "SPDX-License-Identifier: 0BSD"}
DOC_COLUMNS = 120
SUBJECT_COLUMNS = 72
# Subjects before this commit are as they are.
FIRST_COMMIT = "65edd98"
COMMENTED = {".c": "/* {} */", ".h": "/* {} */", ".py": "# {}", ".mk": "# {}", ".sh": "# {}", ".md": "<!-- {} -->"}
# Its first lines are what a visitor sees, and it says the licence at its end.
NO_LICENCE_LINE = ("README.md",)
# A member longer than this may well need two lines.
MEMBER_COLUMNS = 100


def files(*suffixes: str) -> list[pathlib.Path]:
    """The sources: what is built or installed lands elsewhere."""
    tops = ("src", "bpf", "include", "tests", "make", "docs", "po", ".ci")
    found = [path for top in tops for path in (ROOT / top).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
    found += [path for path in ROOT.iterdir() if path.is_file()]
    return sorted(path for path in found if not suffixes or path.suffix in suffixes)


def name(path: pathlib.Path) -> str:
    return str(path.relative_to(ROOT))


def licence_problems() -> list[str]:
    """One form for each kind of file: in the first line, or after a #! line."""
    problems = []
    for path in files():
        form = COMMENTED.get(path.suffix)
        head = path.read_bytes()[:400]
        if not form and head.startswith(b"#!"):
            form = "# {}"
        if not form or name(path) in NO_LICENCE_LINE:
            continue
        lines = head.decode("utf-8", "replace").split("\n")
        line = lines[1] if lines[0].startswith("#!") else lines[0]
        expected = form.format(OTHER_LICENCES.get(name(path), LICENCE))
        if line != expected:
            problems.append(f"{name(path)}: does not begin with '{expected}'")
    return problems


def width_problems() -> list[str]:
    """Tables, links and what is quoted cannot be wrapped."""
    problems = []
    for path in files(".md"):
        quoted = False
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if line.lstrip().startswith("```"):
                quoted = not quoted
            elif not quoted and len(line) > DOC_COLUMNS and not line.startswith("|") and " " in line[:DOC_COLUMNS].strip():
                problems.append(f"{name(path)}:{number}: {len(line)} columns")
    return problems


def members(body: str) -> list[tuple[int, str]]:
    """Each member of a struct or enum with its place, comments included."""
    found, start, depth, place = [], 0, 0, 0
    while place < len(body):
        if body.startswith("/*", place):
            place = body.index("*/", place) + 2
            continue
        if body[place] in "({[":
            depth += 1
        elif body[place] in ")}]":
            depth -= 1
        elif body[place] in ";," and depth == 0:
            found.append((start, body[start:place]))
            start = place + 1
        place += 1
    return found


def scar_problems() -> list[str]:
    """A short member over several lines: clang-format broke it for the comment behind it, which belongs above."""
    problems = []
    for path in files(".c", ".h"):
        text = path.read_text(encoding="utf-8")
        for match in re.finditer(r"^(?:static )?(?:const )?(struct|union|enum)\b[^;{}()=]*\{\n(.*?)^\}", text, re.M | re.S):
            for place, member in members(match[2]):
                code = re.sub(r"/\*.*?\*/", "", member, flags=re.S).strip()
                if "\n" in code and "{" not in code and "\n#" not in code and len(" ".join(code.split())) < MEMBER_COLUMNS:
                    line = text.count("\n", 0, match.start(2) + place + len(member) - len(member.lstrip())) + 1
                    problems.append(f"{name(path)}:{line}: '{' '.join(code.split())}' is broken over lines")
    return problems


def commit_problems() -> list[str]:
    """Nothing where there is no git, or not this history."""
    log = subprocess.run(["git", "log", "--format=%h %p|%s", f"{FIRST_COMMIT}..HEAD"], cwd=ROOT, text=True, check=False,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    problems = []
    for line in log.stdout.splitlines() if log.returncode == 0 else []:
        commit, subject = line.split("|", 1)
        ids = commit.split()
        if len(ids) > 2:
            problems.append(f"commit {ids[0]}: a merge; rebase instead")
        elif len(subject) > SUBJECT_COLUMNS:
            problems.append(f"commit {ids[0]}: its subject has {len(subject)} columns")
        elif not re.match(r"[\w./-]+(, [\w./-]+)*: \S", subject):
            problems.append(f"commit {ids[0]}: its subject is not 'area: imperative'")
    return problems


def main() -> int:
    problems = licence_problems() + width_problems() + scar_problems() + commit_problems()
    print("\n".join(problems), end="\n" if problems else "")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
