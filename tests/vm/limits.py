# SPDX-License-Identifier: GPL-2.0-only
"""Holds what tests/vm/limits.sh brought out of a guest against what procwatch promises of rights and limits."""

import functools
import json
import re

import judge

KILL = 1 << 5


def processes_of(run: dict, status: int = 0) -> dict:
    """The report of a run that worked, with nothing on standard error but what the user should know."""
    assert run["status"] == status, f"status {run['status']}: {run['said']}"
    assert run["report"], f"no report: {run['said']}"
    report = json.loads(run["report"])
    judge.judge_whole(report)
    return report


def storm(run: dict, forks: int = 40) -> dict:
    report = processes_of(run)
    processes = report["processes"]
    assert len(processes) == 1 + forks, f"{len(processes)} processes"
    assert all(process["exit"] and process["reap"] for process in processes), "a process without an end"
    return report


def refused(run: dict, *words: str) -> None:
    assert run["status"] == 125 and not run["report"], f"status {run['status']}"
    assert re.fullmatch(r"procwatch: [^\n]+\n", run["said"]), run["said"]
    for word in words:
        assert word in run["said"], f"{word} is not in: {run['said']}"


def rights(run: dict, command: int) -> list[int]:
    """The command has those it would have without procwatch; what the two processes of procwatch may still take."""
    processes_of(run)
    assert int(re.search(r"CapEff:\s*(\w+)", run["told"])[1], 16) == command, run["told"]
    kept = sorted(int(caps, 16) for caps in re.findall(r"CapPrm:\s*(\w+)", run["told"]))
    assert len(kept) == 2, run["told"]
    return kept


def as_root(run: dict) -> None:
    told = int(re.search(r"CapEff:\s*(\w+)", run["told"])[1], 16)
    assert told & 1 << 21, "root's command is root"
    report_in_a_file = 1 << 1 | 1 << 3 # CAP_DAC_OVERRIDE, CAP_FOWNER
    kept = rights(run, told)
    assert kept == [report_in_a_file, report_in_a_file | KILL], [hex(caps) for caps in kept]


def three(run: dict) -> None:
    kept = rights(run, 1 << 39 | 1 << 38 | 1 << 2)
    assert kept == [0, 0], [hex(caps) for caps in kept]
    assert "upper bound" not in json.loads(run["report"])["hooks"]["reap"]


def paranoid(run: dict) -> None:
    rights(run, 1 << 39 | 1 << 38 | 1 << 2)


def check_paranoid(run: dict) -> None:
    """Either perf is usable, or the report says so and what to do; likewise the symbols, which 5.10 needs."""
    assert run["status"] == 0, run["told"]
    assert ("wake-ups by interrupts are recognized" in run["told"]) != ("CAP_SYSLOG" in run["told"]), run["told"]
    if "tracefs      ok" not in run["told"]:
        assert "kernel.perf_event_paranoid is above 2" in run["told"] and "CAP_SYS_ADMIN" in run["told"], run["told"]
        assert "sysctl kernel.perf_event_paranoid=2" in run["told"], run["told"]


def without_tracefs(run: dict) -> None:
    """It works all the same, by other tracepoints."""
    processes_of(run)


def memlock(run: dict, kernel: str, limit: int) -> None:
    if kernel != "5.10": # from 5.11 on maps count against the control group
        storm(run)
        assert run["said"] == "", run["said"]
    elif limit == 64:
        refused(run, "RLIMIT_MEMLOCK is 64 KiB", "ulimit -l", "CAP_SYS_RESOURCE")
    else:
        storm(run)
        assert re.search(r"the ring buffer is \d+ KiB instead of 8192: RLIMIT_MEMLOCK", run["said"]), run["said"]


def memory(run: dict) -> None:
    """It works, with a smaller ring or not, or says what is too small; where the kernel killed it, its launcher does."""
    if run["status"] == 125:
        refused(run, "memory.max")
        assert re.search("the control group /limit-16 may use 16384 KiB|was killed by signal 9", run["said"]), run["said"]
    else:
        storm(run)


def skipped(run: dict) -> None:
    """Without classic tracepoints 7.x may skip the program of an exit: other events have the same facts."""
    report = storm(run, 600)
    events = report["events"]
    assert sum(one["runs"] for one in events["skipped_by"]) == events["skipped"], events
    unknown = [process for process in report["processes"] if process["exit"]["code"] is None and process["exit"]["signal"] is None]
    assert not unknown, f"{len(unknown)} without a status, {events['skipped']} skipped"


def check_no_tracefs(run: dict) -> None:
    assert run["status"] == 0, run["told"]
    assert "not mounted" in run["told"] and "CAP_SYS_ADMIN" in run["told"], run["told"]


def locked(run: dict, mode: str) -> None:
    if mode == "confidentiality":
        refused(run, "lockdown")
    else:
        processes_of(run)


def locked_check(run: dict, mode: str) -> None:
    assert f"[{mode}]" in run["told"], run["told"]
    assert run["status"] == (125 if mode == "confidentiality" else 0), run["told"]


def judgements(kernel: str) -> dict:
    return {
        "as-root": as_root, "three": three, "paranoid": paranoid, "check-paranoid": check_paranoid,
        "without-bpf": lambda run: refused(run, "lacks CAP_BPF:", "setcap"),
        "without-perfmon": lambda run: refused(run, "lacks CAP_PERFMON:", "setcap"),
        "without-read": without_tracefs,
        "without-any": lambda run: refused(run, "lacks CAP_BPF, CAP_PERFMON and CAP_DAC_READ_SEARCH:", "setcap"),
        "unprivileged-0": three, "unprivileged-1": without_tracefs,
        "memlock-8192": lambda run: memlock(run, kernel, 8192), "memlock-64": lambda run: memlock(run, kernel, 64),
        "memlock-resource": storm,
        "pid-namespace": storm, "pid-namespace-old-proc": storm, "memory-64": storm, "memory-16": memory,
        "no-tracefs": storm, "no-tracefs-three": skipped, "check-no-tracefs": check_no_tracefs,
    }


def locked_judgements() -> dict:
    judgements = {}
    for mode in ("integrity", "confidentiality"):
        judgements[f"lockdown-run-{mode}"] = functools.partial(locked, mode=mode)
        judgements[f"lockdown-check-{mode}"] = functools.partial(locked_check, mode=mode)
    return judgements
