#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Judge JSON reports: against the schema, and against what must always be true.

    tests/reports/check_report.py [--no-schema] [--any-events] REPORT...

Prints one line for each violation and exits 1 if there was one. It knows only
the contract, nothing of the program that wrote the report. --no-schema saves
the time a very long report would take; --any-events leaves out what holds only
of events a kernel made (for reports from invented ones).
"""
import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Iterable

import jsonschema

from check_process import ANY_EVENTS, Problems, in_doubt, process_end, process_problems

SCHEMA = Path(__file__).resolve().parent.parent.parent / "docs" / "report.schema.json"


# ---- reading


class NotAReport(Exception):
    """The document is not JSON as the contract has it."""


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotAReport(f"a key stands twice in one object: {[k for k, _ in pairs]}")
    return found


def _no_number(text: str) -> Any:
    raise NotAReport(f"a number is no integer: {text}")


def _check_integers(value: Any) -> None:
    """Every number is an integer, but for ratios among facts."""
    if isinstance(value, float):
        _no_number(str(value))
    items = value if isinstance(value, list) else ()
    if isinstance(value, dict):
        items = [item for key, item in value.items() if key != "facts"]
    for item in items:
        _check_integers(item)


def parse(document: bytes) -> dict[str, Any]:
    """The document, read more strictly than json.loads does."""
    try:
        report = json.loads(document.decode("utf-8"), object_pairs_hook=_pairs, parse_constant=_no_number)
    except ValueError as error:
        raise NotAReport(str(error)) from error
    _check_integers(report)
    return report


# ---- the schema


def schema_problems(report: Any) -> Problems:
    validator = jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text("utf-8")))
    for error in validator.iter_errors(report):
        where = "/".join(str(step) for step in error.absolute_path)
        yield f"{where or 'document'}: {error.message[:300]}"


def order_problems(report: dict[str, Any]) -> Problems:
    """Keys stand in the order the schema names them; an open object has more behind those."""
    schema = json.loads(SCHEMA.read_text("utf-8"))

    def walk(node: Any, rule: dict[str, Any], where: str) -> Problems:
        if "$ref" in rule:
            rule = schema["$defs"][rule["$ref"].rsplit("/", 1)[1]]
        if isinstance(node, dict):
            rules = rule["properties"]
            is_open = rule["additionalProperties"] is not False
            if list(node)[: len(rules) if is_open else None] != list(rules):
                yield f"{where}: keys are not in the contract's order: {list(node)}"
            for key, value in node.items():
                if not is_open or key in rules:
                    yield from walk(value, rules[key], f"{where}/{key}")
        elif isinstance(node, list):
            for at, value in enumerate(node):
                yield from walk(value, rule["items"], f"{where}/{at}")

    yield from walk(report, schema, "")


# ---- all of them together


def cpu_problems(report: dict[str, Any]) -> Problems:
    """No two threads on one CPU at once."""
    on_cpu: dict[int, list[tuple[int, int, int]]] = defaultdict(list)
    for process in report["processes"]:
        for thread in process["threads"]:
            for interval in thread["intervals"]:
                if interval["cpu"] is not None:
                    on_cpu[interval["cpu"]].append((interval["from_ns"], interval["to_ns"], thread["tid"]))
    for cpu, spans in on_cpu.items():
        spans.sort()
        for before, after in zip(spans, spans[1:]):
            if after[0] < before[1]:
                yield f"cpu {cpu}: {after[2]} runs from {after[0]}, while {before[2]} runs until {before[1]}"


def kinship_problems(report: dict[str, Any]) -> Problems:
    """Processes against each other: what only a kernel's own events guarantee."""
    processes = {(p["pid"], p["start_ns"]): p for p in report["processes"]}
    births = [process["start_ns"] for process in report["processes"]]
    if births != sorted(births):
        yield "processes are not in order of birth"
    if len(processes) != len(births):
        yield "two processes with one pid and one start_ns"
    by_pid: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for process in report["processes"]:
        by_pid[process["pid"]].append(process)
        if process["start_ns"] > report["window"]["duration_ns"]:
            yield f"process {process['pid']}: born after the recording ended"
        parent = process["fork_parent"]
        parent = processes.get((parent["pid"], parent["start_ns"])) if parent else None
        if parent and not parent["start_ns"] <= process["start_ns"] <= process_end(report, parent):
            yield f"process {process['pid']}: its fork parent {parent['pid']} did not live then"
        for before, after in zip(process["parents"], process["parents"][1:]):
            same = all(before[key] == after[key] for key in ("pid", "start_ns"))
            if same and after["adopter"] != "thread":
                yield f"process {process['pid']}: reparented from {before['pid']} to the same process"
        reap = process["reap"]
        parents = [parent["pid"] for parent in process["parents"]]
        if reap and reap["how"] == "wait" and reap["by_pid"] not in parents and not in_doubt(report, process):
            yield f"process {process['pid']}: reaped by {reap['by_pid']}, which never was its parent"
    for pid, same in by_pid.items():
        for before, after in zip(same, same[1:]):
            bounded = before["reap"] and before["reap"]["precision"] == "bounded"
            if after["start_ns"] < process_end(report, before) and not bounded:
                yield f"process {pid}: two processes have this pid at {after['start_ns']}"


def kept_problems(report: dict[str, Any]) -> Problems:
    """What is only a sum, and where intervals begin."""
    kept = report["kept"]
    if not kept:
        if any(process["ended_threads"] for process in report["processes"]):
            yield "threads that are only sums, and yet everything was kept"
        return
    if kept["earlier_lives"] != sum(sums["lives"] for sums in kept["earlier"]):
        yield f"{kept['earlier_lives']} earlier processes, but the sums are of {sum(s['lives'] for s in kept['earlier'])}"
    for sums in kept["earlier"]:
        for what in ("ends", "reaps"):
            if sum(sums[what].values()) != sums["lives"]:
                yield f"earlier {sums['comm']}: {sums['lives']} processes, but {what} {sums[what]}"
    if report.get(ANY_EVENTS) or report["events"]["lost"]:
        return
    for process in report["processes"]:
        for thread in process["threads"]:
            if thread["intervals"] and thread["intervals"][0]["from_ns"] < kept["from_ns"]:
                yield f"thread {thread['tid']}: an interval from before {kept['from_ns']}, where they begin"


def document_problems(report: dict[str, Any]) -> Problems:
    keys = {(p["pid"], p["start_ns"]) for p in report["processes"]}
    signals = [signal["at_ns"] for signal in report["signals"]]
    if signals != sorted(signals):
        yield "signals are not in order of time"
    for lost in report["events"]["lost_ranges"]:
        if lost["from_ns"] > lost["to_ns"]:
            yield f"a range of lost records ends before it begins: {lost}"
    for finding in report["findings"]:
        if finding["pid"] is not None and (finding["pid"], finding["start_ns"]) not in keys:
            yield f"finding {finding['code']}: no process {finding['pid']} began at {finding['start_ns']}"
    claims = [claim["id"] for claim in (report["lesson"] or {"claims": []})["claims"]]
    if len(set(claims)) != len(claims):
        yield f"lesson: an id stands twice: {claims}"


def problems(report: dict[str, Any], schema: bool = True, any_events: bool = False) -> list[str]:
    """Every violation, a line each; empty when the report is sound."""
    if schema:
        found = list(schema_problems(report)) or list(order_problems(report))
        if found:
            return found
    if any_events:
        report = report | {ANY_EVENTS: True}
    found = list(document_problems(report)) + list(kept_problems(report)) + list(cpu_problems(report))
    if not any_events:
        found += kinship_problems(report)
    for process in report["processes"]:
        found += (f"process {process['pid']}: {problem}" for problem in process_problems(report, process))
    return found


def main(arguments: Iterable[str]) -> int:
    parser = argparse.ArgumentParser(description="Judge JSON reports of procwatch.")
    parser.add_argument("--no-schema", action="store_true", help="only what must always be true")
    parser.add_argument("--any-events", action="store_true", help="the events were not a kernel's")
    parser.add_argument("reports", nargs="+", metavar="REPORT", help="a file, or - for standard input")
    options = parser.parse_args(list(arguments))
    bad = 0
    for name in options.reports:
        try:
            document = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
            found = problems(parse(document), not options.no_schema, options.any_events)
        except (OSError, NotAReport) as error:
            found = [str(error)]
        for problem in found:
            print(f"{name}: {problem}")
        bad |= bool(found)
    return bad


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
