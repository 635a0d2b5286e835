# SPDX-License-Identifier: GPL-2.0-only
"""What must always be true of one process of a JSON report, and of its threads."""
from typing import Any, Iterator

STATES = ("running", "ready", "blocked", "stopped", "zombie", "unknown")
# A process is in the first of these that one of its threads is in. A leader that
# ended early is a zombie alone; one in an unknown state may have run.
PRECEDENCE = ("running", "unknown", "ready", "blocked", "stopped")
DETAILS = {
    "running": {None, "repaired"},
    "ready": {"new", "woken", "preempted", None},
    "blocked": {"interruptible", "uninterruptible", "idle", "parked"},
    "stopped": {"signalled", "traced"},
    "zombie": {"leader-ended"},
    "unknown": {None, "lost"},
}
# What a thread may do next. Anything is allowed next to unknown, which was not observed.
NEXT = {
    "running": {"ready", "blocked", "stopped", "zombie"},
    "ready": {"running"},
    "blocked": {"ready"},
    "stopped": {"ready"},
    "zombie": set(),
}

# Set in a report whose events no kernel made.
ANY_EVENTS = "any events"

Problems = Iterator[str]


# ---- one thread


def in_doubt(report: dict[str, Any], process: dict[str, Any]) -> bool:
    """Something was dropped or contradicts itself, and the report says so.

    A switch that was not raised belongs to two tasks, and only one may have found it out.
    """
    events = report["events"]
    return bool(
        report.get(ANY_EVENTS)
        or events["lost"]
        or events["skipped"]
        or events["lost_ranges"]
        or events["holes"]
        or process["contradictions"]
    )


def agree(shown: dict[str, int], total: dict[str, int], report: dict[str, Any]) -> bool:
    """What the intervals show is all there was, or less of it where the beginning was not kept."""
    if report["kept"]:
        return all(shown[state] <= total[state] for state in STATES)
    return shown == total


def interval_problems(interval: dict[str, Any], placeless: bool) -> Problems:
    state, detail, by = interval["state"], interval["detail"], interval["by"]
    kind, _, call = (detail or "").partition(":")
    where = f"interval at {interval['from_ns']}"
    if interval["from_ns"] >= interval["to_ns"]:
        yield f"{where}: empty or backwards: ends at {interval['to_ns']}"
    if (kind or None) not in DETAILS[state]:
        yield f"{where}: {state} with detail {detail!r}"
    if call and state != "blocked":
        yield f"{where}: {state} names a system call: {detail!r}"
    # What the counters alone prove has no place; a seed's may be taken by a later one.
    if (interval["cpu"] is not None) != (state == "running") and detail != "repaired" and not placeless:
        yield f"{where}: {state} with cpu {interval['cpu']}"
    if by is not None and not (state == "running" or detail == "woken"):
        yield f"{where}: {state} {detail!r} has a waker"


def transition_problems(intervals: list[dict[str, Any]], doubt: bool) -> Problems:
    for before, after in zip(intervals, intervals[1:]):
        where = f"interval at {after['from_ns']}"
        if (after["state"], after["detail"]) == ("ready", None):
            yield f"{where}: ready, and not why"
        if before["to_ns"] != after["from_ns"]:
            yield f"{where}: the one before it ended at {before['to_ns']}"
        if after["detail"] == "new":
            yield f"{where}: new, though it lived before"
        states = before["state"], after["state"]
        if "unknown" in states or doubt or after["detail"] == "repaired" or before["detail"] == "repaired":
            continue
        if states == ("ready", "running") and before["by"] != after["by"]:
            yield f"{where}: woken by {before['by']}, yet it runs by {after['by']}"
        # A kernel that hides a task's switches raises no wake-up by it either: then no waker is named.
        if states[0] in ("blocked", "stopped") and states[1] == "running" and after["by"] is None:
            continue
        if states[1] not in NEXT[states[0]]:
            yield f"{where}: {states[0]} became {states[1]}, and nothing was lost"


def thread_switch_problems(thread: dict[str, Any]) -> Problems:
    """Counters against intervals, where every switch was seen.

    A process ends a little before its last thread leaves its CPU for good; what
    happens to the thread in between is counted and no longer shown.
    """
    intervals = thread["intervals"]
    running = [at for at, interval in enumerate(intervals) if interval["state"] == "running"]
    followers = [intervals[at + 1] for at in running if at + 1 < len(intervals)]
    cpus = [intervals[at]["cpu"] for at in running]
    for what, counted, shown in (
        # Woken before it had left the CPU: it went to sleep, for no time at all.
        ("voluntary switches", thread["switches"]["voluntary"],
         sum(f["state"] in ("blocked", "stopped") or f["detail"] == "woken" for f in followers)),
        ("involuntary switches", thread["switches"]["involuntary"],
         sum(f["detail"] == "preempted" for f in followers)),
        ("migrations", thread["migrations"], sum(a != b for a, b in zip(cpus, cpus[1:]))),
        ("switch-ins", thread["switch_ins"], len(running)),
    ):
        if counted < shown or (counted > shown and thread["exit_ns"] is None):
            yield f"{counted} {what}, but the intervals show {shown}"


def mark_problems(thread: dict[str, Any], sure: bool) -> Problems:
    """A program passes a mark while it runs, one after the other."""
    marks, at = thread["marks"], 0
    for before, after in zip(marks, marks[1:]):
        if before["at_ns"] > after["at_ns"]:
            yield f"mark {after['name']!r} at {after['at_ns']} follows one at {before['at_ns']}"
    running = [i for i in thread["intervals"] if i["state"] == "running"]
    for mark in marks if sure else []:
        while at < len(running) and running[at]["to_ns"] < mark["at_ns"]:
            at += 1
        if at == len(running) or mark["at_ns"] < running[at]["from_ns"]:
            yield f"it passed mark {mark['name']!r} at {mark['at_ns']} without running then"


def thread_problems(report: dict[str, Any], process: dict[str, Any], thread: dict[str, Any]) -> Problems:
    intervals, kept = thread["intervals"], report["kept"]
    doubt = in_doubt(report, process)
    from_birth = not process["seeded"] and not report.get(ANY_EVENTS) and not kept
    end = report["window"]["duration_ns"] if thread["exit_ns"] is None else thread["exit_ns"]
    if not intervals:
        if from_birth and thread["start_ns"] != end:
            yield f"no intervals between its birth {thread['start_ns']} and its end {end}"
    else:
        if intervals[0]["from_ns"] < thread["start_ns"] or (
            from_birth and intervals[0]["from_ns"] != thread["start_ns"]
        ):
            yield f"the first interval begins at {intervals[0]['from_ns']}, the thread at {thread['start_ns']}"
        if intervals[-1]["to_ns"] != end:
            yield f"the last interval ends at {intervals[-1]['to_ns']}, the thread at {end}"
    sums = dict.fromkeys(STATES, 0)
    for interval in intervals:
        seeded = (process["seeded"] or bool(kept)) and interval is intervals[0]
        yield from interval_problems(interval, seeded or bool(report.get(ANY_EVENTS)))
        sums[interval["state"]] += interval["to_ns"] - interval["from_ns"]
    if not agree(sums, thread["totals_ns"], report):
        yield f"totals_ns {thread['totals_ns']} are not the sums of its intervals {sums}"
    yield from transition_problems(intervals, doubt)
    yield from mark_problems(thread, not doubt and not process["seeded"] and not report.get(ANY_EVENTS))
    if from_birth and not doubt:
        if sums["unknown"]:
            yield f"{sums['unknown']} ns unknown, and nothing was lost"
        if intervals and intervals[0]["detail"] != "new":
            yield f"it begins as {intervals[0]['state']} {intervals[0]['detail']!r}, not as new"
        yield from thread_switch_problems(thread)


# ---- one process


def process_end(report: dict[str, Any], process: dict[str, Any]) -> int:
    """Where what is known of a process ends."""
    if process["reap"] and process["reap"]["at_ns"] is not None:
        return process["reap"]["at_ns"]
    if process["exit"] and not process["zombie"] and process["exit"]["at_ns"] is not None:
        return process["exit"]["at_ns"]
    return report["window"]["duration_ns"]


def exit_problems(process: dict[str, Any]) -> Problems:
    end, threads = process["exit"], process["threads"]
    if end is None:
        if process["zombie"] or process["reap"]:
            yield "a zombie or reaped, but without an exit"
        if all(thread["exit_ns"] is not None for thread in threads):
            yield "every thread has ended, the process has not"
        return
    known = [end["code"] is not None, end["signal"] is not None]
    if all(known) or (not any(known) and end["begun_ns"] is not None):
        yield f"exit code {end['code']} and signal {end['signal']}: one of them must be null"
    if end["begun_ns"] is not None and end["begun_ns"] > end["at_ns"]:
        yield f"it ended at {end['at_ns']}, but began to only at {end['begun_ns']}"
    if end["precision"] == "exact" and end["begun_ns"] is None:
        yield "an exact end, and nobody saw it begin"
    if end["core_dumped"] and end["signal"] is None:
        yield "a core was dumped, but no signal ended it"
    if end["at_ns"] < process["start_ns"]:
        yield f"it ended at {end['at_ns']}, before its birth"
    if any(thread["exit_ns"] is None for thread in threads):
        yield "the process has ended, a thread has not"
    elif threads and max(thread["exit_ns"] for thread in threads) > end["at_ns"]:
        yield f"a thread outlives the process, which ended at {end['at_ns']}"


def zombie_problems(process: dict[str, Any]) -> Problems:
    end, zombie, reap = process["exit"], process["zombie"], process["reap"]
    if zombie:
        if end and zombie["from_ns"] != end["at_ns"]:
            yield f"it ended at {end['at_ns']}, but is a zombie from {zombie['from_ns']}"
        if (zombie["to_ns"] is None) != (zombie["ns"] is None):
            yield "zombie: to_ns and ns are not null together"
        elif zombie["ns"] is not None and zombie["ns"] != zombie["to_ns"] - zombie["from_ns"]:
            yield f"zombie: {zombie['ns']} ns are not to_ns - from_ns"
        if (zombie["to_ns"] is None) != (reap is None):
            yield "the zombie interval and the reap do not end together"
    if not reap or not end:
        return
    if reap["at_ns"] < end["at_ns"]:
        yield f"reaped at {reap['at_ns']}, before its end at {end['at_ns']}"
    if reap["latency_ns"] != reap["at_ns"] - end["at_ns"]:
        yield f"reap latency {reap['latency_ns']} is not the time since its end"
    if zombie and (zombie["to_ns"], zombie["ns"]) != (reap["at_ns"], reap["latency_ns"]):
        yield f"the zombie interval {zombie} does not agree with the reap {reap}"
    if not zombie and reap["latency_ns"]:
        yield f"never a zombie, yet reaped {reap['latency_ns']} ns after its end"
    if reap["how"] == "auto" and zombie and reap["by_pid"] == process["pid"]:
        yield "it reaped itself, and yet was a zombie"
    if reap["how"] == "unobserved" and reap["by_pid"] is not None:
        yield "its reap was not observed, yet the reaper is named"


def parent_problems(process: dict[str, Any]) -> Problems:
    parents, fork_parent = process["parents"], process["fork_parent"]
    if not parents:
        if fork_parent:
            yield "a fork parent, but no parents"
        return
    first = parents[0]
    if first["from_ns"] != process["start_ns"] and first["precision"] == "exact":
        yield f"its first parent is its parent from {first['from_ns']} on, not from its birth"
    if first["why"] != (None if process["seeded"] else "fork"):
        yield f"its first parent is its parent by {first['why']!r}"
    if fork_parent and fork_parent != {key: first[key] for key in ("pid", "start_ns", "comm")}:
        yield f"the fork parent {fork_parent} is not the first parent {first}"
    for before, after in zip(parents, parents[1:]):
        if before["from_ns"] > after["from_ns"]:
            yield f"parents out of order: {before['from_ns']} stands before {after['from_ns']}"
        if after["why"] != "reparent":
            yield f"parent {after['pid']}: a later parent by {after['why']!r}"


def history_problems(report: dict[str, Any], process: dict[str, Any]) -> Problems:
    execs = process["execs"]
    for what in ("execs", "names"):
        times = [entry["at_ns"] for entry in process[what]]
        if times and times[0] is None and what == "execs" and process["seeded"]:
            times = times[1:]  # what it ran when the recording began
        if None in times and report.get(ANY_EVENTS):
            continue
        if None in times or times != sorted(times):
            yield f"{what} out of order: {times}"
        elif times and times[0] < process["start_ns"] and not report.get(ANY_EVENTS):
            yield f"{what} before its birth"
    names = process["names"]
    seen = not process["seeded"] and not report.get(ANY_EVENTS)
    if seen and names and names[0]["at_ns"] != process["start_ns"]:
        yield f"its first name is its name from {names[0]['at_ns']} on, not from its birth"
    # Before its first exec it runs what its fork parent ran.
    if execs and (process["exe"], process["argv"]) != (execs[-1]["exe"], execs[-1]["argv"]):
        yield "exe and argv are not those of its last exec"
    if names and names[-1]["comm"] != process["comm"]:
        yield f"comm {process['comm']!r} is not its last name {names[-1]['comm']!r}"


def own_states(process: dict[str, Any]) -> dict[str, int]:
    """The time in each of the process's own states, from its threads' intervals alone."""
    changes = []
    for thread in process["threads"]:
        for interval in thread["intervals"]:
            changes.append((interval["from_ns"], 1, interval["state"]))
            changes.append((interval["to_ns"], -1, interval["state"]))
    changes.sort()
    threads_in, totals, last = dict.fromkeys(STATES, 0), dict.fromkeys(STATES, 0), 0
    for at, step, state in changes:
        now = next((s for s in PRECEDENCE if threads_in[s]), None)
        if now:
            totals[now] += at - last
        threads_in[state] += step
        last = at
    return totals


def total_problems(report: dict[str, Any], process: dict[str, Any]) -> Problems:
    totals, threads = process["totals_ns"], process["threads"]
    begin, end = process["start_ns"], process_end(report, process)
    if process["seeded"] or report.get(ANY_EVENTS):
        # Nobody knows what it did before the recording.
        seen = process["exit"]["at_ns"] if process["exit"] else end
        begun = [i["from_ns"] for t in threads for i in t["intervals"] if i["state"] != "zombie"]
        begin = min(begun, default=seen)
    if sum(totals.values()) != end - begin and not (process["seeded"] and report["kept"]):
        yield f"totals_ns add up to {sum(totals.values())}, its process to {end - begin}"
    own = own_states(process)
    if process["zombie"]:
        own["zombie"] += end - process["zombie"]["from_ns"]
    if not agree(own, totals, report):
        yield f"totals_ns {totals}, but its threads say {own}"
    gone = process["ended_threads"] or {"totals_ns": {"running": 0}, "wakeups": 0, "migrations": 0,
                                        "switches": {"voluntary": 0, "involuntary": 0}}
    for key, of in (("cpu_ns", lambda t: t["totals_ns"]["running"]), ("wakeups", lambda t: t["wakeups"]),
                    ("migrations", lambda t: t["migrations"])):
        if process[key] != sum(map(of, threads)) + of(gone):
            yield f"{key} {process[key]} is not the sum over its threads, {sum(map(of, threads)) + of(gone)}"
    for kind in ("voluntary", "involuntary"):
        if process["switches"][kind] != sum(thread["switches"][kind] for thread in [*threads, gone]):
            yield f"{kind} switches are not the sum over its threads"


def process_problems(report: dict[str, Any], process: dict[str, Any]) -> Problems:
    yield from exit_problems(process)
    yield from zombie_problems(process)
    yield from parent_problems(process)
    yield from history_problems(report, process)
    yield from total_problems(report, process)
    if not process["threads"]:
        yield "no threads"
    for thread in process["threads"]:
        if thread["start_ns"] < process["start_ns"] and not report.get(ANY_EVENTS):
            yield f"thread {thread['tid']} is older than the process"
        for problem in thread_problems(report, process, thread):
            yield f"thread {thread['tid']}: {problem}"
