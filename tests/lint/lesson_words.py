#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Check the sentences of the lessons against the facts that their judges make.

Every code has a row, every row is used, and every gap of a sentence is a value that a fact of its code has. The judges'
unit tests render only the evidence they come to; this reads all of it.
"""

import pathlib
import re
import sys

COURSE = pathlib.Path(__file__).resolve().parent.parent.parent / "src" / "course"
STRING = r'"((?:[^"\\]|\\.)*)"'
# Stands for values that are made elsewhere, which a reader of one call does not see.
UNREAD = "..."


def call_at(text: str, start: int) -> str:
    """The arguments of a call, from behind its parenthesis to the one that closes it."""
    depth = 1
    for i in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[i], 0)
        if not depth:
            return text[start:i]
    return text[start:]


def facts_of(text: str) -> dict[str, set[str]]:
    """Code to the names of its values, over all the calls that make it."""
    facts: dict[str, set[str]] = {}
    # A value may be made before the calls that use it.
    variables: dict[str, set[str]] = {}
    for name, made in re.findall(r"\b(\w+) =\s*([^;]*?\bpw_value_\w+\([^;]*);", text):
        variables.setdefault(name, set()).update(re.findall(r"\bpw_value_\w+\(\s*" + STRING, made))
    for name, made in re.findall(r"[,{(]\s*(\w+) = (pw_value_\w+\([^;]*)", text):
        variables.setdefault(name, set()).update(re.findall(STRING, made)[:1])
    for name in re.findall(r"\bstruct pw_value (\w+)[,)]", text):
        variables.setdefault(name, set()).add(UNREAD)
    for call in re.finditer(r"\b(?:pw_evidence_add|pw_fact_make)\(", text):
        arguments = call_at(text, call.end())
        before = arguments.split("PW_VALUES", 1)[0]
        values = re.findall(r"\bpw_value_\w+\(\s*" + STRING, arguments)
        for word in set(re.findall(r"\w+", arguments)) & set(variables):
            values += variables[word]
        if "PW_VALUES" not in arguments and not re.search(r"\bNULL\s*$", arguments):
            values.append(UNREAD)
        for code in re.findall(STRING, before):
            facts.setdefault(code, set()).update(values)
    # Values added one by one belong to any fact of the file.
    added = set(re.findall(r"\bpw_fact_add\([^;]*?\bpw_value_\w+\(\s*" + STRING, text))
    for names in facts.values():
        names |= added
    return facts


def rows_of(text: str) -> list[tuple[str, str]]:
    """(code, sentence) of every row of the tables."""
    rows, codes = [], ""
    for row in re.finditer(r"\{\s*(?:\.code = " + STRING + r",)?\s*(?:\.when = " + STRING + r",)?\s*"
                           r"\.text =\s*N_\((.*?)\)\s*,?\s*\}",
                           text, re.S):
        codes = row[1] or codes
        sentence = "".join(re.findall(STRING, row[3]))
        rows += [(code, sentence) for code in codes.split()]
    return rows


def gaps(sentence: str) -> set[str]:
    return {name for gap in re.findall(r"\{([^}]*)\}", sentence) for name in re.split(r"\.\.", re.split(r"[|]", gap)[0])
            for name in [name.split(".")[0]]}


def problems_of(name: str, facts: dict[str, set[str]], rows: list[tuple[str, str]], shared: set[str]):
    told = {code for code, _ in rows}
    for code in sorted(set(facts) - told - shared):
        yield f"{name}: the fact {code} has no sentence"
    for code in sorted(told - set(facts)):
        yield f"{name}: no fact is called {code}"
    for code, sentence in rows:
        missing = gaps(sentence) - facts.get(code, set())
        if code in facts and missing and UNREAD not in facts[code]:
            yield f"{name}: {code} has no value called {', '.join(sorted(missing))}"


def main() -> int:
    library = "\n".join(path.read_text() for path in sorted((COURSE / "lib").glob("*.c")))
    shared = {code for code, _ in rows_of(library)}
    problems = list(problems_of("src/course/lib", facts_of(library), rows_of(library), set()))
    everywhere = facts_of(library)
    for path in sorted(COURSE.glob("*/lesson.c")):
        text = path.read_text()
        everywhere |= facts_of(text)
        problems += problems_of(f"src/course/{path.parent.name}/lesson.c", facts_of(text), rows_of(text), shared)
    # A sentence of the library may be of facts that only lessons make.
    problems = [p for p in problems if not any(p.endswith(f"no fact is called {code}") for code in everywhere)]
    for problem in problems:
        print(problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
