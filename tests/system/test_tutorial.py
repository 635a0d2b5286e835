# SPDX-License-Identifier: GPL-2.0-only
"""The tutorial's programs show what the tutorial says of them."""

import pytest

from accounts import MS, assert_clean
from conftest import PYTHON, ROOT

TUTORIAL = ROOT / "docs" / "tutorial"


@pytest.mark.parametrize("script, reaped_at_once", [("supervisor.py", False), ("reaping.py", True)])
def test_workers(record, script, reaped_at_once):
    run = record(PYTHON, TUTORIAL / script)
    assert_clean(run)
    supervisor, *workers = run.processes
    assert [worker["exit"]["code"] for worker in workers] == [1, 2, 3]
    for worker in workers:
        assert (worker["reap"]["how"], worker["reap"]["by_pid"]) == ("wait", supervisor["pid"])
        assert (worker["reap"]["latency_ns"] < 100 * MS) == reaped_at_once
    zombies = {finding["pid"] for finding in run.report["findings"] if finding["code"] == "zombie"}
    assert zombies == (set() if reaped_at_once else {worker["pid"] for worker in workers})
