# SPDX-License-Identifier: GPL-2.0-only
"""A storm of forks: every process is recorded whole, and where records are dropped the report shows it."""

import os
from collections import Counter

from accounts import assert_clean, end_of, told
from conftest import PROGRAMS, check_report

COUNT = 10_000 if os.environ.get("PW_LONG") else 2_000


def expected_ends(run):
    ends = Counter({("exit", code["value"]): code["count"] for code in told(run, "code")})
    ends.update({("signal", sig["value"]): sig["count"] for sig in told(run, "signal")})
    return ends


def assert_sound(run):
    """The whole schema costs minutes on ten thousand processes: it is asked about a few of them."""
    assert check_report.problems(run.report, schema=False) == []
    few = run.report | {"processes": run.processes[:50], "findings": [], "signals": run.report["signals"][:50]}
    assert list(check_report.schema_problems(few)) == []


def test_storm(record):
    run = record(PROGRAMS / "storm", COUNT, 8, sound=False, timeout=180)
    assert run.status == 0
    assert_sound(run)
    assert_clean(run)
    parent, children = run.processes[0], run.processes[1:]
    truth = expected_ends(run)
    assert len(children) == COUNT == sum(truth.values())
    assert Counter(map(end_of, children)) == truth
    assert {process["fork_parent"]["pid"] for process in children} == {parent["pid"]}
    assert {(process["reap"]["how"], process["reap"]["by_pid"], process["reap"]["precision"]) for process in children} == {
        ("wait", parent["pid"], "exact")}


def test_lost_records(record):
    """A ring of one page cannot hold a storm: what was lost is counted, and shown where it was lost."""
    count = COUNT // 4
    run = record(PROGRAMS / "storm", count, 8, options=["--ringbuf", "4K"], sound=False, timeout=120)
    assert run.status == 0
    assert_sound(run)
    events = run.report["events"]
    assert events["lost"] > 0
    assert sum(lost["count"] for lost in events["lost_ranges"]) == events["lost"]
    # Birth, exit, last switch and release of each, at least.
    assert events["received"] + events["lost"] >= 4 * (count + 1)
    assert len(run.processes) <= count + 1, "processes that nobody led"
    ends = Counter(end_of(process) for process in run.processes[1:] if process["exit"] and process["exit"]["begun_ns"] is not None)
    assert not ends - expected_ends(run), "ends that nobody had"
    assert any(finding["code"] == "lost" for finding in run.report["findings"])


def test_unknown_is_where_it_was_lost(record):
    # On an overloaded machine the storm may be so slow that the reader, which runs first, keeps up with it.
    for count in (300, 600, 1200, 2400):
        run = record(PROGRAMS / "storm", count, 4, options=["--ringbuf", "8K"], sound=False, timeout=120)
        assert_sound(run)
        lost = [(r["from_ns"], r["to_ns"]) for r in run.report["events"]["lost_ranges"]]
        if lost:
            break
    assert lost
    for process in run.processes:
        for thread in process["threads"]:
            for interval in thread["intervals"]:
                if interval["state"] == "unknown" and not thread["holes"]:
                    assert any(start <= interval["to_ns"] and interval["from_ns"] <= end for start, end in lost), (
                        f"{process['pid']}: unknown from {interval['from_ns']}, where nothing was lost")
