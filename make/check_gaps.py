#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Checks the gaps of translated sentences: check_gaps.py CATALOGUE.mo...

A translation may leave a value of the English sentence out or move it, and has
conditions of its own; a name that the English sentence does not have is a mistake,
for nothing would stand there. src/util/sentence.h describes the form.
"""
import gettext
import re
import sys
from collections.abc import Iterator

GAP = re.compile(r"\{([^{}]*)\}")
CONDITION = re.compile(r"\[([^][?]*)\?[^][]*\]")


def names(text: str) -> set[str]:
    """The values that a sentence uses, without their parts."""
    found: set[str] = set()
    for gap in GAP.findall(text):
        name = gap.split("|")[0]
        found.update(name.split("..") if ".." in name else [name.split(".")[0]])
    for condition in CONDITION.findall(text):
        found.update(re.split(r"[=!.]", term.lstrip("!"))[0] for term in condition.split())
    return found


def malformed(text: str) -> bool:
    rest = GAP.sub("", CONDITION.sub(lambda c: c.group(0).partition("?")[2][:-1], text))
    return any(sign in rest for sign in "{}[]")


def problems(path: str) -> Iterator[str]:
    with open(path, "rb") as compiled:
        catalogue = gettext.GNUTranslations(compiled)._catalog  # type: ignore[attr-defined]
    for english, translation in catalogue.items():
        if not isinstance(english, str) or not re.search(r"\{[a-z]", english):
            continue
        for text in (english, translation):
            if malformed(text):
                yield f"a brace or bracket is left over: {text}"
        for name in sorted(names(translation) - names(english)):
            yield f"'{name}' is not in the English sentence: {translation}"


def main(paths: list[str]) -> int:
    found = [f"{path}: {problem}" for path in paths for problem in problems(path)]
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
