# SPDX-License-Identifier: GPL-2.0-only
"""
The report's times and counts against the kernel's own account of the same
processes, and against clocks the processes read themselves.

No bound here depends on how busy the machine is: a process reads the kernel's
account and the clock together, and the report is asked about that very moment;
and a moment of the report must lie between two readings of the programs' clocks.
"""

import os
from collections import Counter

import pytest

from accounts import MS, US, assert_clean, assert_reaped, at, end_of, end_of_status, told, told_once, until
from conftest import PROGRAMS

ACCOUNT = PROGRAMS / "account"
# From a wake-up that preempts to the switch the kernel's clock stands still: measured 0.2 to 6 us each on a busy
# machine. It is booked as run time of the woken, and missing from that of the preempted.
PREEMPTION_NS = 20 * US

two_cpus = pytest.mark.skipif(not {0, 1} <= os.sched_getaffinity(0), reason="needs CPUs 0 and 1")


@pytest.fixture
def accounts(record):
    """Runs the program; for each account it prints, what the report has for that moment."""

    def run(*args):
        result = record(ACCOUNT, *args)
        assert_clean(result)
        told_accounts = told(result, "account")
        assert result.status == 0 and told_accounts
        assert len(result.processes) == len(told_accounts)
        pairs = []
        for truth in told_accounts:
            thread, = result.process_of(truth["pid"])["threads"]
            seen = until(result, thread, truth["at"])
            if os.environ.get("PW_FIGURES"):  # pytest -s shows what is compared
                print(f"\n{args[0]}: ran {truth['ran']} waited {truth['waited']} in {truth['ins']} stints; "
                      f"seen running {seen.time['running']} ready {seen.time['ready']} in {seen.ins}, "
                      f"switches {seen.switches}")
            pairs.append((truth, seen))
        return pairs

    return run


def assert_counts(truth, seen):
    assert seen.switches == {kind: truth[kind] for kind in ("voluntary", "involuntary")}
    assert seen.ins == truth["ins"]


def sum_error(truth, seen, part, floor):
    """
    Running and ready together: free of how the kernel divides the wait after a wake-up between them. How far the sum is
    above the kernel's, and how far that may be.
    """
    total, true = seen.time["running"] + seen.time["ready"], truth["ran"] + truth["waited"] + truth["missing"]
    return total - true, max(part * true, floor)


def assert_sum(truth, seen, part, floor):
    error, bound = sum_error(truth, seen, part, floor)
    assert -bound - seen.doubt <= error <= bound


def accounts_unstolen(accounts, *args):
    """
    Of processes that sleep. What a hypervisor takes while one of them runs is in the report and not in the kernel's
    account, and nothing tells how much it was: milliseconds at times. It only adds; what is counted too long adds to
    every run, and one of a few must be free of both.
    """
    for _ in range(5):
        pairs = accounts(*args)
        errors = [(*sum_error(truth, seen, 0.01, MS), seen.doubt) for truth, seen in pairs]
        for truth, seen in pairs:
            assert_counts(truth, seen)
        assert all(error >= -bound - doubt for error, bound, doubt in errors)
        if all(error <= bound for error, bound, _ in errors):
            return pairs
    raise AssertionError(f"every time more than the kernel's account, here (by ns, bound, doubt): {errors}")


def assert_ran(truth, seen):
    """
    Of a process that never slept. What a hypervisor took from it is running to whoever
    looks at the switches, and to the kernel neither run nor waited: it is missing.
    """
    bound = max(0.01 * truth["ran"], MS, PREEMPTION_NS * truth["involuntary"]) + seen.doubt
    assert abs(seen.time["running"] - truth["ran"] - truth["missing"]) <= bound
    assert abs(seen.time["running"] - truth["used_us"] * US - truth["missing"]) <= bound


def test_busy(accounts):
    (truth, seen), = accounts("busy", 500)
    assert_counts(truth, seen)
    assert_ran(truth, seen)
    assert_sum(truth, seen, 0.001, MS // 4)


def test_preempted(accounts):
    """Two spinners on one CPU: each waits about as long as the other runs."""
    pairs = accounts("spinners", 300)
    assert len(pairs) == 2
    for truth, seen in pairs:
        assert_counts(truth, seen)
        assert truth["involuntary"] > 10
        assert_ran(truth, seen)
        assert_sum(truth, seen, 0.001, MS // 4)


def assert_wakers_seen(run):
    """A kernel may hide a few wake-ups (those made while a hidden task is current), never many."""
    for process in run.processes:
        intervals = process["threads"][0]["intervals"]
        sleeps = [after for before, after in zip(intervals, intervals[1:]) if before["state"] == "blocked"]
        named = [after for after in sleeps if after["state"] == "ready" and after["by"] is not None]
        assert len(named) >= 0.9 * len(sleeps), f"{len(sleeps) - len(named)} of {len(sleeps)} wake-ups unseen"


def test_wakers(record):
    """Timers wake a sleeper, and each side of a ping-pong wakes the other."""
    run = record(ACCOUNT, "sleeper", 100)
    assert_wakers_seen(run)
    wakers = {i["by"] for i in run.processes[0]["threads"][0]["intervals"] if i["detail"] == "woken"}
    assert "irq" in wakers
    run = record(ACCOUNT, "together", 500)
    assert_wakers_seen(run)
    for process, other in zip(run.processes, run.processes[::-1]):
        wakers = Counter(i["by"] for i in process["threads"][0]["intervals"] if i["detail"] == "woken")
        assert wakers.most_common(1)[0][0] == other["pid"]


def test_sleeper(accounts):
    (truth, seen), = accounts_unstolen(accounts, "sleeper", 300)
    assert truth["voluntary"] >= 300
    assert seen.time["blocked"] >= 250 * MS


@two_cpus
def test_moved_asleep(record):
    """A sleeper that is moved to another CPU sleeps on, though the scheduler may put it on a runqueue for it (6.12)."""
    run = record(PROGRAMS / "moved", 40)
    assert_clean(run)
    truth = told_once(run, "sleeper")
    totals = run.process_of(truth["pid"])["totals_ns"]
    # What passes between the timer's start and the sleep is no sleep, and a spinner may take it.
    assert totals["blocked"] >= 0.9 * truth["asked"]


@pytest.mark.parametrize("where", ["together", pytest.param("apart", marks=two_cpus)])
def test_pingpong(accounts, where):
    """Thousands of switches, on one CPU and between two: not one may be missed or counted twice."""
    pairs = accounts_unstolen(accounts, where, 3000)
    assert len(pairs) == 2
    assert sum(truth["ins"] for truth, _ in pairs) > 3000


# ---- zombies: when each became one, and when it was reaped


def test_zombie_times(record):
    run = record(PROGRAMS / "zombies", 20, 5)
    assert_clean(run)
    parent = run.processes[0]["pid"]
    facts = told(run, "zombie")
    assert len(facts) == 20 == len(run.processes) - 1
    for fact in facts:
        process = run.process_of(fact["pid"])
        assert end_of(process) == end_of_status(fact["status"])
        assert fact["last"] <= at(run, process["exit"]["begun_ns"])
        assert fact["last"] <= at(run, process["zombie"]["from_ns"]) <= fact["seen"]
        assert process["zombie"]["from_ns"] == process["exit"]["notified_ns"]
        assert_reaped(run, process, parent, fact["before"], fact["after"])
        assert process["zombie"]["ns"] == process["reap"]["latency_ns"] == process["totals_ns"]["zombie"]
        assert fact["before"] - fact["seen"] <= process["zombie"]["ns"] <= fact["after"] - fact["last"]


def test_zombie_uses_no_cpu(record):
    run = record(PROGRAMS / "zombies", 1, 300)
    assert_clean(run)
    process = run.process_of(told_once(run, "zombie")["pid"])
    assert process["zombie"]["ns"] >= 300 * MS
    last = process["threads"][0]["intervals"][-1]
    assert last["to_ns"] == process["zombie"]["from_ns"] and process["cpu_ns"] < 300 * MS

