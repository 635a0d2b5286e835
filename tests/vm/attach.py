# SPDX-License-Identifier: GPL-2.0-only
"""Compares what tests/vm/attach.sh brought out of a guest with what the attached family printed."""

import collections

import judge
from accounts import at, end_of, end_of_status, told, told_once


def first_of(thread: dict) -> dict:
    """What it was doing when it was found."""
    return thread["intervals"][0]


def is_born_as_told(p: judge.Part, process: dict, facts: dict) -> None:
    assert facts["before"] <= at(p, process["start_ns"]) <= facts["after"], "its birth lies outside the fork that made it"
    first, = process["parents"]
    assert (first["pid"], first["start_ns"]) == (p.root["pid"], p.root["start_ns"]), first
    assert first["why"] == (None if process["seeded"] else "fork")


def ended_as_told(p: judge.Part, process: dict, facts: dict) -> None:
    assert end_of(process) == end_of_status(facts["status"])
    p.assert_reaped(process, p.root, facts["asked"], facts["reaped"])


def zombie(p: judge.Part, found: tuple[int, int]) -> None:
    """Nobody saw its end: it had come when procwatch looked."""
    process = p.process_of(told_once(p, "zombie")["pid"])
    assert (process["exit"]["precision"], process["exit"]["begun_ns"]) == ("bounded", None), process["exit"]
    assert process["zombie"]["from_ns"] == process["exit"]["at_ns"]
    assert found[0] <= at(p, process["zombie"]["from_ns"]) <= found[1]
    assert not process["cpu_ns"]


def kept_on(p: judge.Part, thread: dict, state: str, found: tuple[int, int]) -> None:
    """It was found in this state, and stayed in it until the family began to end."""
    first, last_short = first_of(thread), told(p, "short")[-1]
    assert first["state"] == state, first
    assert found[0] <= at(p, first["from_ns"]) <= found[1]
    assert at(p, first["to_ns"]) >= last_short["reaped"], f"{state} until {first['to_ns']}"


def seeded(p: judge.Part) -> None:
    """Processes that ran before: reported as such, with their real start, and what each was doing."""
    found = told_once(p, "ready")["at"], told_once(p, "attached")["at"]
    assert p.root["seeded"] and at(p, p.root["start_ns"]) <= told_once(p, "zombie")["before"]
    for word in ("zombie", "stopped", "sleeper"):
        facts = told_once(p, word)
        process = p.process_of(facts["pid"])
        assert process["seeded"], f"{word} was not found"
        is_born_as_told(p, process, facts)
        ended_as_told(p, process, facts)
    zombie(p, found)
    kept_on(p, p.process_of(told_once(p, "stopped")["pid"])["threads"][0], "stopped", found)
    kept_on(p, p.process_of(told_once(p, "sleeper")["pid"])["threads"][0], "blocked", found)
    main, thread = p.root["threads"]
    assert (main["tid"], thread["tid"]) == (p.root["pid"], told_once(p, "thread")["tid"])
    kept_on(p, thread, "blocked", found)
    assert end_of(p.root) == ("exit", 6)
    p.assert_reaped(p.root, p.root["parents"][0])


def seam(p: judge.Part, forks: int, by_parent: bool) -> None:
    """
    Who was forked since the family is watched is there once: since the first that was
    seen of the mother, at the latest, a moment after she was found. Watched for their
    parent's sake, who was gone before is not; by a name or as one of all they were before.
    """
    found, watched = (at(p, first_of(p.root["threads"][0])[end]) for end in ("from_ns", "to_ns"))
    members = {told_once(p, word)["pid"] for word in ("zombie", "stopped", "sleeper")}
    short = {facts["pid"]: facts for facts in told(p, "short")}
    born = collections.Counter(process["pid"] for process in p.processes[1:] if process["pid"] not in members)
    since = collections.Counter(pid for pid, facts in short.items() if facts["before"] > watched)
    touching = collections.Counter(pid for pid, facts in short.items() if facts["reaped"] > found or not by_parent)
    assert len(short) == len(told(p, "short")), "the family had a number twice"
    assert since <= born <= touching, f"missed {list((since - born).elements())}, too many {list((born - touching).elements())}"
    attached = told_once(p, "attached")["at"]
    assert sum(facts["before"] > attached for facts in short.values()) == forks
    for pid in born:
        process = p.process_of(pid)
        assert process["seeded"] == (at(p, process["start_ns"]) <= found) or pid not in since, f"{pid} was born since"
        is_born_as_told(p, process, short[pid])
        ended_as_told(p, process, short[pid])


def family(run: dict, rung: str, forks: int, by_parent: bool = False) -> dict:
    assert run["status"] == 0 and run["report"], f"status {run['status']}: {run['said']}"
    assert run["said"] == "", run["said"]
    report = judge.check_report.parse(run["report"].encode())
    judge.judge_recording(report, rung)
    p = judge.Part(rung, report, [], run["told"], run["status"])
    root = told_once(p, "ready")["pid"]
    p.processes = [process for process in report["processes"] if root in (process["pid"], process["parents"][0]["pid"])]
    p.processes.sort(key=lambda process: process["pid"] != root)
    for process in p.processes:
        assert process["exit"] and process["reap"], f"{process['pid']} {process['comm']} has no end, or was never reaped"
        assert not process["contradictions"], f"{process['pid']} {process['comm']}: {process['contradictions']} contradictions"
    seeded(p)
    seam(p, forks, by_parent)
    return {"report": report, "family": p.processes}


def by_pid(run: dict, rung: str, forks: int) -> None:
    seen = family(run, rung, forks, True)
    assert len(seen["report"]["processes"]) == len(seen["family"]), "somebody else was watched"


def by_name(run: dict, rung: str, forks: int) -> None:
    seen = family(run, rung, forks)
    assert len(seen["report"]["processes"]) == len(seen["family"]), "somebody else was watched"


def to_all(run: dict, rung: str, forks: int) -> None:
    """The family is among all: init and the kernel's threads are, procwatch is not."""
    seen = family(run, rung, forks)
    processes = {process["pid"]: process for process in seen["report"]["processes"] if process["seeded"]}
    assert {1, 2} <= set(processes) and processes[2]["comm"] == "kthreadd"
    assert "procwatch" not in {process["comm"] for process in processes.values()}
    assert seen["report"]["target"]["kind"] == "system"


JUDGEMENTS = {"attach-pid": by_pid, "attach-name": by_name, "attach-all": to_all}
