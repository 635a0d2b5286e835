# SPDX-License-Identifier: GPL-2.0-only
"""
The report's times and counts against the kernel's own account of the same
processes, and against clocks the processes read themselves.

No bound here depends on how busy the machine is: a process reads the kernel's
account and the clock together, and the report is asked about that very moment;
and a moment of the report must lie between two readings of the programs' clocks.
"""

import pytest

from accounts import MS, assert_clean, assert_reaped, at, end_of, end_of_status, holes, told, told_once, until
from conftest import PROGRAMS

ACCOUNT = PROGRAMS / "account"


def close(seen, true):
    """Within 1 % or 1 ms, whichever is more."""
    return abs(seen - true) <= max(0.01 * true, MS)


@pytest.fixture
def accounts(record):
    """Runs the program; for each account it tells, what the report says of that moment."""

    def run(*args):
        result = record(ACCOUNT, *args)
        assert_clean(result)
        told_accounts = told(result, "account")
        assert result.status == 0 and told_accounts
        assert len(result.lives) == len(told_accounts)
        pairs = []
        for truth in told_accounts:
            thread, = result.life(truth["pid"])["threads"]
            pairs.append((truth, *until(result, thread, truth["at"])))
        return pairs

    return run


def assert_counts(truth, switches, ins):
    assert switches == {kind: truth[kind] for kind in ("voluntary", "involuntary")}
    assert ins == truth["ins"]


def assert_sum(truth, time):
    """The kernel books a part of a wake-up's wait as run time; the sum of both is free of that."""
    assert close(time["running"] + time["ready"], truth["ran"] + truth["waited"])
    assert time["unknown"] == 0


def test_busy(accounts):
    (truth, time, switches, ins), = accounts("busy", 500)
    assert_counts(truth, switches, ins)
    assert close(time["running"], truth["ran"])
    assert close(time["running"], truth["used_us"] * 1000)
    assert close(time["ready"], truth["waited"])
    assert time["unknown"] == 0


def test_preempted(accounts):
    """Two spinners on one CPU: each waits about as long as the other runs."""
    pairs = accounts("spinners", 300)
    assert len(pairs) == 2
    for truth, time, switches, ins in pairs:
        assert_counts(truth, switches, ins)
        assert truth["involuntary"] > 10
        assert close(time["running"], truth["ran"])
        assert close(time["ready"], truth["waited"])
        assert time["unknown"] == 0


def test_sleeper(accounts):
    (truth, time, switches, ins), = accounts("sleeper", 300)
    assert_counts(truth, switches, ins)
    assert truth["voluntary"] >= 300
    assert time["blocked"] >= 250 * MS
    assert_sum(truth, time)


def test_pingpong(accounts):
    """Thousands of switches: not one may be missed or counted twice."""
    pairs = accounts("pingpong", 3000)
    assert len(pairs) == 2
    for truth, time, switches, ins in pairs:
        assert_counts(truth, switches, ins)
        assert_sum(truth, time)
    assert sum(truth["ins"] for truth, *_ in pairs) > 3000


# ---- zombies: when each became one, and when it was reaped


def test_zombie_times(record):
    run = record(PROGRAMS / "zombies", 20, 5)
    assert_clean(run)
    parent = run.lives[0]["pid"]
    facts = told(run, "zombie")
    assert len(facts) == 20 == len(run.lives) - 1
    for fact in facts:
        life = run.life(fact["pid"])
        assert end_of(life) == end_of_status(fact["status"])
        assert fact["last"] <= at(run, life["exit"]["begun_ns"])
        assert fact["last"] <= at(run, life["zombie"]["from_ns"]) <= fact["seen"]
        assert_reaped(run, life, parent, fact["before"], fact["after"])
        assert life["zombie"]["ns"] == life["reap"]["latency_ns"] == life["totals_ns"]["zombie"]
        assert fact["before"] - fact["seen"] <= life["zombie"]["ns"] <= fact["after"] - fact["last"]


def test_zombie_uses_no_cpu(record):
    run = record(PROGRAMS / "zombies", 1, 300)
    assert_clean(run)
    life = run.life(told_once(run, "zombie")["pid"])
    assert life["zombie"]["ns"] >= 300 * MS
    last = life["threads"][0]["intervals"][-1]
    assert last["to_ns"] == life["zombie"]["from_ns"] and life["cpu_ns"] < 300 * MS


# ---- holes: what the kernel did not raise is found, counted and kept within bounds


def test_account_survives_holes(accounts, record):
    """Where the kernel drops a switch, the counters of the task still give the right sums."""
    run = record(ACCOUNT, "spinners", 500)
    for life in run.lives:
        truth = next(t for t in told(run, "account") if t["pid"] == life["pid"])
        time, switches, ins = until(run, life["threads"][0], truth["at"])
        assert switches == {kind: truth[kind] for kind in ("voluntary", "involuntary")}
        assert ins == truth["ins"], f"{holes(life)} holes"
        assert close(time["running"], truth["ran"])
