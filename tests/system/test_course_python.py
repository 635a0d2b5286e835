# SPDX-License-Identifier: GPL-2.0-only
"""
The course's own programs: what a demo shows in C, Python's multiprocessing,
threading and asyncio show, too. Each program tells what it knows of itself; the
report must have the same facts, and show what the course says.
"""

import json

import pytest

from accounts import MS, assert_clean, end_of
from conftest import PYTHON, ROOT
from timeline import (asleep, both, first_run, first_thread, most_at_once, pauses, sleeps, slept_in, spent, turns)

COURSE = ROOT / "src" / "course"


class Course:
    """A program of the course, recorded, and what it printed."""

    def __init__(self, run, facts):
        self.run, self.facts = run, facts

    def process_of(self, pid):
        return self.run.process_of(pid)

    def thread(self, pid):
        return first_thread(self.process_of(pid))

    @property
    def main(self):
        return self.process_of(self.facts["main"])

    @property
    def main_thread(self):
        return first_thread(self.main)

    def reaped_by_main(self, pid):
        reap = self.process_of(pid)["reap"]
        return (reap["how"], reap["by_pid"]) == ("wait", self.facts["main"])


@pytest.fixture
def course(record, tmp_path):
    def run(name):
        facts = tmp_path / "facts.json"
        result = record(PYTHON, "-B", COURSE / name / "twin.py", facts)
        assert result.status == 0, result.stderr
        assert_clean(result)
        return Course(result, json.loads(facts.read_text()))

    return run


def wait_over(thread, moment):
    """The sleep in wait that ends at a moment, or the first that ends after it."""
    return next(sleep for sleep in sleeps(thread, "wait4", "waitid") if sleep.to_ns >= moment)


# ---- creating, ending, reaping


def test_fork(course):
    c = course("fork")
    child = c.process_of(c.facts["child"])
    assert end_of(child) == ("exit", 1) and c.facts["status"] == 256
    begun = child["exit"]["begun_ns"]
    # Side by side, then blocked until the child's end.
    assert spent(c.main_thread, "running", first_run(first_thread(child)), begun) > 10 * MS
    wait = wait_over(c.main_thread, begun)
    assert wait.from_ns < begun and wait.by == child["pid"]


def test_start(course):
    c = course("start")
    children = [c.process_of(pid) for pid in c.facts["children"]]
    starts, ends = [process["start_ns"] for process in children], [process["exit"]["at_ns"] for process in children]
    assert starts == sorted(starts) and ends != sorted(ends)
    assert max(starts) < min(ends)
    # Main's code is done where it first waits; multiprocessing reaps them all before main ends.
    assert wait_over(c.main_thread, max(starts)).from_ns < min(ends)
    assert all(c.reaped_by_main(pid) for pid in c.facts["children"])


def test_join(course):
    c = course("join")
    children = [c.process_of(pid) for pid in c.facts["children"]]
    lengths = [process["exit"]["at_ns"] - process["start_ns"] for process in children]
    whole = max(process["reap"]["at_ns"] for process in children) - children[0]["start_ns"]
    assert whole - max(lengths) < (sum(lengths) - max(lengths)) / 4
    wait = wait_over(c.main_thread, children[0]["exit"]["at_ns"])
    assert wait.by == children[0]["pid"] and all(c.reaped_by_main(pid) for pid in c.facts["children"])


def test_exits(course):
    c = course("exit")
    ends = [end_of(c.process_of(child["pid"])) for child in c.facts["children"]]
    assert ends == [("exit", 0), ("exit", 1), ("signal", 11), ("signal", 9)]
    assert [child["exitcode"] for child in c.facts["children"]] == [0, 1, -11, -9]


def test_zombie(course):
    c = course("zombie")
    child = c.process_of(c.facts["child"])
    assert c.facts["status"] == 7 << 8 and end_of(child) == ("exit", 7)
    busy = max(pauses(c.main_thread), key=lambda sleep: sleep.ns)
    assert child["zombie"]["from_ns"] < busy.to_ns <= child["zombie"]["to_ns"] == child["reap"]["at_ns"]
    assert c.reaped_by_main(child["pid"])


def test_orphan(course):
    c = course("orphan")
    child = c.process_of(c.facts["child"])
    first, adopter = child["parents"]
    assert first["pid"] == c.facts["main"] != adopter["pid"]
    assert (adopter["why"], adopter["adopter"] in ("init", "subreaper")) == ("reparent", True)
    assert child["exit"]["at_ns"] > c.main["exit"]["at_ns"] + 100 * MS and end_of(child) == ("exit", 0)


def test_isolation(course):
    c = course("isolation")
    parent = c.process_of(c.facts["parent"])
    child = next(process for process in c.run.processes if process["fork_parent"]["pid"] == parent["pid"])
    assert (end_of(parent), end_of(child)) == (("exit", 100), ("exit", 99))
    assert c.facts["shared"] == 99
    assert child["reap"]["at_ns"] < parent["exit"]["at_ns"]


# ---- states and scheduling


def test_states(course):
    c = course("states")
    worker = c.thread(c.facts["worker"])
    pause = max(pauses(worker), key=lambda sleep: sleep.ns)
    around = [i for i in worker["intervals"] if i["to_ns"] == pause.from_ns or i["from_ns"] >= pause.to_ns][:3]
    assert [i["state"] for i in around] == ["running", "ready", "running"]
    assert spent(worker, "running", pause.from_ns, pause.to_ns) == 0
    one, other = map(c.thread, c.facts["spinners"])
    assert turns(one, other) >= 4
    assert both(one, "ready", other, "running") + both(one, "running", other, "ready") > 50 * MS


def test_parallel(course):
    c = course("parallel")
    one, other = map(c.thread, c.facts["concurrent"])
    ran = spent(one, "running")
    # A new process runs where it was born until it is bound to its CPU.
    assert both(one, "running", other, "running") < ran / 20 and turns(one, other) >= 4
    one, other = map(c.thread, c.facts["parallel"])
    # Where others want the CPUs, too, it may be little; on one CPU, or under one lock, it would be nothing.
    assert both(one, "running", other, "running") > ran / 200


def mean_wait(threads):
    """How long one of them had to wait for the others, on average."""
    return sum(both(a, "ready", b, "running") for a in threads for b in threads if a is not b) / len(threads)


def test_scheduling(course):
    c = course("sched")
    fifo, rr = ([c.thread(pid) for pid in c.facts[name]] for name in ("fifo", "rr"))
    came = [sleeps(thread, "read")[-1].to_ns for thread in fifo]
    assert came == sorted(came)
    for before, after, moment in zip(fifo, fifo[1:], came[1:]):
        assert before["exit_ns"] <= first_run(after, moment)
    assert both(rr[0], "ready", rr[1], "running") > spent(rr[1], "running") / 2
    assert mean_wait(fifo) > mean_wait(rr)


# ---- waiting


def test_blocking(course):
    c = course("blocking")
    reader, computer = c.thread(c.facts["reader"]), c.thread(c.facts["computer"])
    read = max(sleeps(reader, "read"), key=lambda sleep: sleep.ns)
    assert read.ns > 100 * MS and read.by == c.facts["main"]
    assert asleep(computer) < spent(computer, "running") / 20
    starter = c.process_of(c.facts["starter"])
    helper = next(process for process in c.run.processes if process["fork_parent"]["pid"] == starter["pid"])
    assert asleep(first_thread(starter), helper["start_ns"], helper["exit"]["at_ns"]) < 10 * MS
    ten = [process for process in c.run.processes if process["fork_parent"]["pid"] == c.facts["waiter"]]
    assert len(ten) == 10 and c.facts["first"] == 3
    assert min(ten, key=lambda process: process["exit"]["at_ns"]) is min(ten, key=lambda process: process["reap"]["at_ns"])


def test_callback(course):
    c = course("callback")
    assert c.facts["by"] == c.facts["main"] != c.facts["kettle"]
    kettle = c.thread(c.facts["kettle"])
    boiled = max(pauses(kettle), key=lambda sleep: sleep.ns)
    called = c.facts["at"] - c.run.report["window"]["start_ns"]
    assert called >= boiled.to_ns
    # A thread of the pool's calls back; main's own was never blocked meanwhile.
    assert c.facts["tid"] in {thread["tid"] for thread in c.main["threads"]}
    ran = spent(c.main_thread, "running", boiled.from_ns, boiled.to_ns)
    assert ran > 0 and asleep(c.main_thread, boiled.from_ns, boiled.to_ns) < boiled.ns / 5


# ---- synchronisation and communication


def test_lock(course):
    c = course("lock")
    inside = {kind: [sleep for pid in c.facts[kind]["buyers"] for sleep in pauses(c.thread(pid))]
              for kind in ("locked", "unlocked")}
    assert c.facts["locked"]["sold"] == 3 and most_at_once(inside["locked"]) == 1
    assert c.facts["unlocked"]["sold"] > 3 and most_at_once(inside["unlocked"]) > 1
    for kind, facts in (("locked", 3), ("unlocked", c.facts["unlocked"]["sold"])):
        assert sum(end_of(c.process_of(pid)) == ("exit", 1) for pid in c.facts[kind]["buyers"]) == facts
    waited = [pid for pid in c.facts["locked"]["buyers"]
              if any(sleep.by in c.facts["locked"]["buyers"] for sleep in sleeps(c.thread(pid), "futex"))]
    assert len(waited) >= 8


def test_semaphore(course):
    c = course("semaphore")
    inside = [sleep for pid in c.facts["guests"] for sleep in pauses(c.thread(pid))]
    assert len(inside) == 8 and most_at_once(inside) == 3


def test_event(course):
    c = course("event")
    work = max(pauses(c.thread(c.facts["setter"])), key=lambda sleep: sleep.ns)
    for pid in c.facts["waiters"]:
        wait = max(sleeps(c.thread(pid), "futex"), key=lambda sleep: sleep.ns)
        assert wait.from_ns < work.to_ns <= wait.to_ns
        assert end_of(c.process_of(pid)) == ("exit", 0)
    # A Condition wakes its waiters one by one: the setter the first, and each one reports back to the setter.
    assert any(sleep.by == c.facts["setter"] for pid in c.facts["waiters"] for sleep in sleeps(c.thread(pid), "futex"))


def test_deadlock(course):
    c = course("deadlock")
    one, other = (c.thread(eater["pid"]) for eater in c.facts["deadlock"])
    waits = [max(sleeps(thread, "futex"), key=lambda sleep: sleep.ns) for thread in (one, other)]
    assert most_at_once(waits) == 2 and all(wait.by not in (one["tid"], other["tid"]) for wait in waits)
    assert spent(one, "running", waits[0].from_ns, waits[0].to_ns) == 0
    assert [end_of(c.process_of(eater["pid"])) for eater in c.facts["deadlock"]] == [("signal", 15)] * 2
    assert [end_of(c.process_of(eater["pid"])) for eater in c.facts["cured"]] == [("exit", 0)] * 2


def test_pipe(course):
    c = course("pipe")
    one, other = (c.thread(reader["pid"]) for reader in c.facts["readers"])
    assert sum(end_of(c.process_of(reader["pid"]))[1] for reader in c.facts["readers"]) == 20
    assert most_at_once(sleeps(one, "read") + sleeps(other, "read")) == 1
    assert slept_in(one, "futex") > 0 and slept_in(other, "futex") > 0


def test_manager(course):
    c = course("manager")
    assert c.facts["sum"] == 20
    served = {thread["tid"] for thread in c.process_of(c.facts["manager"])["threads"]}
    for pid in c.facts["clients"]:
        # Reading, writing, taking the lock and giving it back: each is a round trip.
        trips = [sleep for sleep in sleeps(c.thread(pid), "read", "recvfrom") if sleep.by in served]
        assert len(trips) >= 10


# ---- threads, one thread, I/O models


def test_threads(course):
    c = course("threads")
    threads, processes, owner = (c.process_of(c.facts[name]["pid"]) for name in ("threads", "processes", "owner"))
    assert (len(threads["threads"]), len(processes["threads"])) == (5, 1)
    assert (end_of(threads), end_of(processes)) == (("exit", 4), ("exit", 0))
    assert sum(process["fork_parent"]["pid"] == processes["pid"] for process in c.run.processes) == 4
    # The daemon thread slept for a minute, and died with its process.
    daemon = owner["threads"][1]
    assert end_of(owner) == ("exit", 0) and pauses(daemon)[-1].ns < 1000 * MS
    assert daemon["exit_ns"] <= owner["exit"]["at_ns"]


def test_gil(course):
    c = course("gil")
    if not c.facts["has_gil"]:
        pytest.skip("this Python has no global lock")
    by_tid = {thread["tid"]: thread for thread in c.main["threads"]}
    one, other = (by_tid[tid] for tid in c.facts["threads"])
    ran = spent(one, "running")
    assert both(one, "running", other, "running") < ran / 5
    assert slept_in(one, "futex") + slept_in(other, "futex") > ran / 4 and turns(one, other) >= 4
    one, other = map(c.thread, c.facts["processes"])
    # Where others want the CPUs, too, it may be little; on one CPU, or under one lock, it would be nothing.
    assert both(one, "running", other, "running") > ran / 200


def test_coroutine(course):
    c = course("coroutine")
    assert len(c.run.processes) == 1 and len(c.main["threads"]) == 1
    start = c.run.report["window"]["start_ns"]
    gave_up = [sleep for sleep in sleeps(c.main_thread)
               if c.facts["begin"] - start <= sleep.from_ns < c.facts["end"] - start]
    assert c.facts["handed_over"] == 59 and len(gave_up) < 6


def test_iomodel(course):
    c = course("iomodel")
    assert all(c.facts[way]["exitcode"] == 3 for way in ("blocking", "nonblocking", "multiplexed", "signal"))
    thread = {way: c.thread(c.facts[way]["pid"]) for way in ("blocking", "nonblocking", "multiplexed", "signal")}
    assert slept_in(thread["blocking"], "read") > asleep(thread["blocking"]) / 2 > 0
    assert asleep(thread["nonblocking"]) < spent(thread["nonblocking"], "running")
    assert spent(thread["nonblocking"], "running") > 5 * spent(thread["blocking"], "running")
    assert slept_in(thread["multiplexed"], "poll", "ppoll") > asleep(thread["multiplexed"]) / 2 > 0
    assert not sleeps(thread["multiplexed"], "read")
    assert not sleeps(thread["signal"], "read")
    assert spent(thread["signal"], "running") > 5 * spent(thread["blocking"], "running")


def test_server(course):
    c = course("server")
    assert [c.facts[kind]["good"] for kind in ("forking", "threading", "looping")] == [4, 4, 4]
    forking, threading, looping = (c.process_of(c.facts[kind]["pid"]) for kind in ("forking", "threading", "looping"))
    forked = [process for process in c.run.processes if process["fork_parent"]["pid"] == forking["pid"]]
    assert (len(forked), len(threading["threads"]), len(looping["threads"])) == (4, 5, 1)
    for process in forked:
        wakers = {sleep.by for sleep in sleeps(first_thread(process))} & set(c.facts["forking"]["clients"])
        assert len(wakers) == 1
    wakers = {sleep.by for sleep in sleeps(first_thread(looping), "epoll_wait", "epoll_pwait")}
    assert set(c.facts["looping"]["clients"]) <= wakers
