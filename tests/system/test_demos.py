# SPDX-License-Identifier: GPL-2.0-only
"""The demos, watched: every claim of the course holds, and the report behind it is complete."""

import os

import pytest

from accounts import assert_clean

RUNS = 20 if os.environ.get("PW_LONG") else 2

DEMOS = [
    ["demo_zombie"],
    ["demo_zombie", "--hold", "150ms"],
    ["demo_zombie", "--hold", "150ms", "--no-wait"],
    ["demo_orphan"],
    ["demo_orphan", "--parent", "50ms", "--child", "250ms"],
    ["demo_daemon"],
    ["demo_daemon", "--code", "100ms", "--worker", "300ms"],
    ["demo_daemon", "--unix"],
    ["demo_daemon", "--unix", "--code", "100ms", "--after", "200ms"],
    ["demo_pool"],
    ["demo_pool", "--async", "--task", "50ms"],
    ["demo_pool", "--apply", "--task", "50ms"],
    ["demo_queue"],
    ["demo_queue", "--slow", "30ms"],
    ["demo_queue", "--pipe"],
    ["demo_queue", "--pipe", "--slow", "30ms"],
]


@pytest.mark.parametrize("command", DEMOS, ids=" ".join)
@pytest.mark.parametrize("number", range(RUNS))
def test_claims_hold(record, command, number):
    run = record(*command)
    assert run.status == 0, run.stderr
    assert_clean(run)
    lesson = run.report["lesson"]
    assert lesson["demo"] == command[0] and lesson["claims"]
    assert [f"{claim['id']}: {claim['text']}: {claim['evidence']}" for claim in lesson["claims"]
            if not claim["held"]] == []
