# SPDX-License-Identifier: GPL-2.0-only
"""
Holds the reports that come out of a guest against what the programs in it told.

One recording holds every scenario; each is judged by itself, on every rung of the
ladder of hooks. What the rungs may differ in is how exactly they saw a reap.
"""

import collections
import dataclasses
import pathlib
import re
import sys

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS / "reports"), str(TESTS / "system")]

import check_report  # noqa: E402
from accounts import MS, at, end_of, end_of_status, told, told_once  # noqa: E402


# An emulated CPU may pause this long between what it does and reading the clock.
LATE = 20 * MS


# What a rung is called by the reports and by `procwatch check`.
NAMES = {"fentry": "fentry posix_cpu_timers_exit_group", "kprobe": "kprobe posix_cpu_timers_exit_group",
         "slab": "kmem_cache_free of its sighand", "waits": "return of wait4 and waitid",
         "free": "sched_process_free (upper bound)"}


class Skip(Exception):
    """The kernel lacks what the scenario needs."""


@dataclasses.dataclass
class Part:
    """One scenario of a recording: its processes, the first being its program, and its words."""

    rung: str
    report: dict
    processes: list[dict]
    stdout: str
    status: int

    @property
    def root(self) -> dict:
        return self.processes[0]

    def process_of(self, pid: int) -> dict:
        found = [process for process in self.processes if process["pid"] == pid]
        assert len(found) == 1, f"{len(found)} processes with pid {pid}"
        return found[0]

    def assert_reaped(self, process: dict, by: dict, before: int | None = None, after: int | None = None) -> None:
        """By that process, between two readings of its clock; the last rung only knows it was not before.

        A waiter may be preempted inside its wait until the task is freed: its return then only says who it was.
        """
        reap = process["reap"]
        if self.rung == "free":
            assert (reap["how"], reap["by_pid"], reap["precision"]) == ("unobserved", None, "bounded"), reap
            assert before is None or at(self, reap["at_ns"]) >= before, "reaped before its parent waited"
            return
        assert (reap["how"], reap["by_pid"]) == ("wait", by["pid"]), reap
        assert reap["precision"] == "exact" or self.rung == "waits", reap
        if before is not None:
            assert before <= at(self, reap["at_ns"]) <= after, "the reap lies outside the wait that made it"


# ---- the scenarios


def storm(p: Part) -> None:
    ends = collections.Counter(end_of(process) for process in p.processes[1:])
    assert ends == collections.Counter(
        {("exit", fact["value"]): fact["count"] for fact in told(p, "code")}
        | {("signal", fact["value"]): fact["count"] for fact in told(p, "signal")})
    for process in p.processes[1:]:
        assert process["fork_parent"]["pid"] == p.root["pid"]
        p.assert_reaped(process, p.root)
    bounded = sum(process["reap"]["precision"] == "bounded" for process in p.processes[1:])
    assert p.rung == "free" or bounded * 100 <= len(p.processes), f"{bounded} reaps were seen too late"


def adopted(p: Part, process: dict, facts: dict, middle: dict, adopter: dict | None, kind: str) -> None:
    """Its parents are the one that forked it and the one that it prints as its adopter, at the printed time."""
    pids = [parent["pid"] for parent in process["parents"]]
    assert pids == [middle["pid"], adopter["pid"] if adopter else 1], pids
    assert process["parents"][1]["adopter"] == kind
    # The orphan, on another CPU, can see its new parent before the record has its time.
    assert facts["since"] <= at(p, process["parents"][1]["from_ns"]) <= facts["until"] + LATE
    assert end_of(process) == ("exit", 3) and end_of(middle) == ("exit", 2)


def orphan(p: Part) -> None:
    facts, middle = told_once(p, "orphan"), told_once(p, "middle")
    process = p.process_of(facts["pid"])
    adopted(p, process, facts, p.process_of(middle["pid"]), None, "init")
    assert len(p.processes) == 3
    p.assert_reaped(process, {"pid": 1})


def subreaper(p: Part) -> None:
    facts, middle = told_once(p, "orphan"), told_once(p, "middle")
    process = p.process_of(facts["pid"])
    adopted(p, process, facts, p.process_of(middle["pid"]), p.root, "subreaper")
    p.assert_reaped(process, p.root)


def namespace(p: Part) -> None:
    facts, middle, outside = told_once(p, "orphan"), told_once(p, "middle"), told_once(p, "namespace")
    init = p.process_of(outside["init"])
    inside = {process["ns_pid"]: process for process in p.processes if process["ns_pid"] != process["pid"]}
    assert init["ns_pid"] == 1 and len(inside) == 4
    adopted(p, inside[facts["pid"]], facts, inside[middle["pid"]], init, "init")
    assert end_of(init) == end_of_status(outside["status"])
    p.assert_reaped(inside[facts["pid"]], init)
    p.assert_reaped(inside[middle["pid"]], inside[facts["pid"] - 2])
    p.assert_reaped(init, p.root)


def inherited(p: Part) -> None:
    facts = told_once(p, "inherited")
    process, middle = p.process_of(facts["zombie"]), p.process_of(facts["middle"])
    assert [parent["pid"] for parent in process["parents"]] == [middle["pid"], p.root["pid"]]
    assert end_of(process) == ("exit", 12) and process["zombie"]["ns"] >= 20 * MS
    p.assert_reaped(process, p.root, facts["before"], facts["after"])


def unwanted(p: Part) -> None:
    """The exiting parent itself releases the zombie, for an adopter that ignores SIGCHLD: no process waited."""
    facts = told_once(p, "inherited")
    process, middle = p.process_of(facts["zombie"]), p.process_of(facts["middle"])
    assert process["reap"]["how"] in ("auto", "unobserved"), process["reap"]
    assert end_of(process) == ("exit", 12) and process["zombie"]["ns"] >= 20 * MS
    assert process["reap"]["at_ns"] >= middle["exit"]["begun_ns"]
    assert middle["reap"]["how"] == "auto"


def leader_first(p: Part) -> None:
    child, last = told_once(p, "child"), told_once(p, "last")
    process = p.process_of(child["pid"])
    leader = process["threads"][0]
    assert {thread["tid"] for thread in process["threads"]} == {child["pid"], last["tid"]}
    assert leader["intervals"][-1]["detail"] == "leader-ended"
    assert at(p, leader["intervals"][-1]["from_ns"]) < child["before"] < at(p, process["zombie"]["from_ns"])
    assert end_of(process) == end_of_status(child["status"])
    p.assert_reaped(process, p.root, child["before"], child["after"])


def thread_exec(p: Part) -> None:
    before, after = told_once(p, "before"), told_once(p, "after")
    assert before["tid"] != before["pid"] == after["pid"] == after["tid"] == p.root["pid"]
    assert len(p.processes) == 1 and len(p.root["threads"]) == 3
    assert end_of(p.root) == ("exit", 9) and p.root["argv"][1:] == ["after"]
    executed = p.root["execs"][-1]["at_ns"]
    assert all(thread["exit_ns"] <= executed for thread in p.root["threads"][1:])


def thread_fork(p: Part) -> None:
    child, reaped = told_once(p, "child"), told_once(p, "reaped")
    process = p.process_of(child["pid"])
    assert len(process["parents"]) == 1 and end_of(process) == end_of_status(reaped["status"])
    p.assert_reaped(process, p.root)


def threads_killed(p: Part) -> None:
    assert len(p.processes) == 1 and len(p.root["threads"]) == 5 and end_of(p.root) == ("exit", 8)


def autoreaped(p: Part) -> None:
    children = told(p, "child")
    assert len(children) == 3 == len(p.processes) - 1
    for child in children:
        process = p.process_of(child["pid"])
        assert end_of(process) == ("exit", child["code"])
        assert process["reap"]["how"] == "auto" and process["zombie"] is None, process["reap"]
        # The parent has no child any more once it is EXIT_DEAD (wait_consider_task), which it is before its release.
        assert child["before"] <= at(p, process["reap"]["at_ns"]) <= child["after"] + LATE


def child(p: Part) -> None:
    facts = told_once(p, "child")
    process = p.process_of(facts["pid"])
    assert len(p.processes) == 2 and end_of(process) == ("exit", facts["code"])
    p.assert_reaped(process, p.root, facts["before"], facts["after"])


def peek(p: Part) -> None:
    child(p)
    assert p.processes[1]["zombie"]["ns"] >= 60 * MS


def silent(p: Part) -> None:
    child(p)
    assert p.processes[1]["exit"]["notified_ns"] is None


def sibling(p: Part) -> None:
    for word, code in (("sibling", 37), ("child", 36)):
        process = p.process_of(told_once(p, word)["pid"])
        assert process["fork_parent"]["pid"] == p.root["pid"] and end_of(process) == ("exit", code)
        p.assert_reaped(process, p.root)


def zombies(p: Part) -> None:
    for facts in told(p, "zombie"):
        process = p.process_of(facts["pid"])
        assert end_of(process) == end_of_status(facts["status"])
        assert facts["last"] <= at(p, process["zombie"]["from_ns"]) <= facts["seen"]
        p.assert_reaped(process, p.root, facts["before"], facts["after"])


def tracer(p: Part) -> None:
    """The tracer's wait returned its pid, and did not reap it."""
    facts = told_once(p, "child")
    process = p.process_of(facts["pid"])
    assert end_of(process) == end_of_status(facts["status"])
    assert at(p, process["zombie"]["from_ns"]) <= facts["stolen"]
    p.assert_reaped(process, p.root, facts["before"], facts["after"])


def uring(p: Part) -> None:
    """No system call returns from this wait: that rung may miss it, but must not name another reaper."""
    if told(p, "unsupported"):
        raise Skip("no io_uring waitid here")
    facts = told_once(p, "child")
    process = p.process_of(facts["pid"])
    if p.rung == "waits" and process["reap"]["how"] == "unobserved":
        assert process["reap"]["by_pid"] is None and at(p, process["zombie"]["from_ns"]) <= facts["after"]
    else:
        p.assert_reaped(process, p.root, facts["before"], facts["after"])


def stopped(p: Part) -> None:
    facts = told_once(p, "stop")
    process = p.process_of(facts["pid"])
    assert end_of(process) == end_of_status(facts["status"])
    stops = [i for i in process["threads"][0]["intervals"] if i["state"] == "stopped"]
    assert [i["detail"] for i in stops] == ["signalled"]
    assert facts["asked"] <= at(p, stops[0]["from_ns"])
    assert facts["continued"] <= at(p, stops[0]["to_ns"]) <= facts["resumed"]


def wakers(p: Part) -> None:
    """An interrupt is not taken for the task it hit, and what is slept in has its name."""
    busy = told_once(p, "busy")["pid"]
    sleeps = p.root["threads"][0]["intervals"]
    assert {"interruptible:clock_nanosleep", "interruptible:read"} <= {i["detail"] for i in sleeps}
    woken = collections.Counter(i["by"] for i in sleeps if i["detail"] == "woken")
    # By the busy one when it writes and, unless it is gone before it is waited for, when it ends.
    assert set(woken) == {"irq", busy} and woken[busy] <= 2, woken
    p.assert_reaped(p.process_of(busy), p.root)


def moved(p: Part) -> None:
    """Moved to another CPU while it sleeps, it is put on a runqueue (6.12), and sleeps on."""
    facts = told_once(p, "sleeper")
    assert facts["asked"] > 0
    totals = p.process_of(facts["pid"])["totals_ns"]
    assert totals["blocked"] >= 0.9 * facts["asked"], totals


def reused(p: Part) -> None:
    """Every printed process, in that order, with the reused pids."""
    facts = told(p, "process")
    processes = [(process["pid"], end_of(process)) for process in p.processes[1:]]
    assert processes == [(fact["pid"], ("exit", fact["code"])) for fact in facts]
    assert len({pid for pid, _ in processes}) < len(processes)
    for process in p.processes[1:]:
        p.assert_reaped(process, p.root)


SCENARIOS = {
    "storm": storm, "orphan": orphan, "subreaper": subreaper, "namespace": namespace, "inherited": inherited,
    "unwanted": unwanted, "leader-first": leader_first, "thread-exec": thread_exec, "thread-fork": thread_fork,
    "threads-killed": threads_killed, "ignored": autoreaped, "nocldwait": autoreaped, "peek": peek,
    "vfork": child, "spawn": child, "silent": silent, "sibling": sibling, "zombies": zombies, "tracer": tracer,
    "uring": uring, "stopped-busy": stopped, "stopped-asleep": stopped, "wakers": wakers, "moved": moved,
    "pid-reuse": reused, "wrap": reused,
}
OWN_STATUS = {"thread-exec": 9 << 8, "threads-killed": 8 << 8}


# ---- one recording


def split(rung: str, report: dict, stdout: str) -> dict[str, Part]:
    """The scenarios are the children of the first process, in order; pids may come again."""
    below = collections.defaultdict(list)
    for process in report["processes"]:
        below[process["fork_parent"]["pid"], process["fork_parent"]["start_ns"]].append(process)

    def tree(process: dict) -> list[dict]:
        return [process] + [one for next_one in below[process["pid"], process["start_ns"]] for one in tree(next_one)]

    driver = report["processes"][0]
    roots = below[driver["pid"], driver["start_ns"]]
    blocks = re.findall(r"^@begin scenario=(\S+) pid=(\d+)\n(.*?)^@end status=(\d+)$", stdout, re.M | re.S)
    assert [process["pid"] for process in roots] == [int(pid) for _, pid, _, _ in blocks], "the driver's children"
    return {name: Part(rung, report, sorted(tree(root), key=lambda process: process["start_ns"]), text, int(status))
            for root, (name, _, text, status) in zip(roots, blocks)}


def judge_part(name: str, part: Part) -> None:
    assert part.status == OWN_STATUS.get(name, 0), f"the program ended with status {part.status}"
    for process in part.processes:
        who = f"{process['pid']} {process['comm']}"
        assert process["exit"] is not None, f"{who} has no end"
        assert process["reap"] is not None, f"{who} was never reaped"
        assert not process["contradictions"], f"{who}: {process['contradictions']} contradictions"
    SCENARIOS[name](part)


def judge_whole(report: dict) -> None:
    """What must be true of any report."""
    problems = check_report.problems(report)
    assert not problems, "; ".join(problems[:3])
    events = report["events"]
    assert not events["lost"] and not events["contradictions"] and not events["strangers"], events


def judge_recording(report: dict, rung: str) -> None:
    judge_whole(report)
    assert report["hooks"]["reap"] == NAMES[rung], report["hooks"]


def judge_check(run: dict, best: str) -> None:
    """`procwatch check` of a kernel that lacks nothing but rungs names the best of them."""
    assert run["status"] == 0, run["said"]
    assert re.search(rf"^  reap +{re.escape(NAMES[best])}$", run["said"], re.M), run["said"]
    assert "wake-ups by interrupts are recognized" in run["said"], run["said"]
    assert not re.search(r"^  \S+ +NO (?!.*uprobes with a cookie)", run["said"], re.M), run["said"]


def judge_demo(report: dict, status: int) -> None:
    judge_whole(report)
    claims = report["lesson"]["claims"]
    assert status == 0 and claims, f"status {status}, {len(claims)} claims"
    missed = [f"{claim['id']}: {claim['evidence']}" for claim in claims if claim["held"] is not True]
    assert not missed, "; ".join(missed)


def story(part: Part) -> list[tuple]:
    """What happened, without numbers and times: the same on every rung, but for how a reap was seen."""
    number = {(process["pid"], process["start_ns"]): i for i, process in enumerate(part.processes)}

    def who(parent: dict) -> int | str:
        return number.get((parent["pid"], parent["start_ns"]), parent["comm"])

    return [(process["comm"], end_of(process), who(process["fork_parent"]), len(process["threads"]), len(process["execs"]),
             [(who(parent), parent["why"], parent["adopter"]) for parent in process["parents"]],
             "auto" if process["reap"]["how"] == "auto" else "wait") for process in part.processes]
