# SPDX-License-Identifier: GPL-2.0-only
"""--keep: memory is bounded, and what is not kept changes no total."""

import json
import os
import signal
import subprocess
import time

import check_report
import pytest
from attaching import is_watching
from conftest import PROCWATCH, PROGRAMS, PYTHON, run_procwatch

PING_PONG = """
import os, signal
a, b = os.pipe(), os.pipe()
print("ready", flush=True)
parent = os.fork()
signal.alarm(300)  # a test that is killed kills nobody
if parent:
    while True: os.write(a[1], b"x"); os.read(b[0], 1)
else:
    while True: os.read(a[0], 1); os.write(b[1], b"x")
"""


@pytest.fixture
def ping_pong():
    """Two processes that wake each other: intervals without end."""
    process = subprocess.Popen([PYTHON, "-c", PING_PONG], stdout=subprocess.PIPE, text=True, start_new_session=True)
    process.stdout.readline()
    yield process
    subprocess.run(["kill", "-9", "--", f"-{process.pid}"], check=False)
    process.wait()
    process.stdout.close()


def rss_mb(pid):
    line = next(line for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def watched_for(target, report, *options, seconds=6):
    """procwatch's memory, twice a second. The target is halted while the report is written: both want all CPUs."""
    watcher = subprocess.Popen([PROCWATCH, "attach", "-p", str(target.pid), "-r", report, *options])
    while not is_watching(watcher.pid):
        time.sleep(0.01)
    samples = []
    for _ in range(2 * seconds - 1):
        time.sleep(0.5)
        samples.append(rss_mb(watcher.pid))
    watcher.send_signal(signal.SIGINT)
    while is_watching(watcher.pid):
        time.sleep(0.01)
    os.killpg(target.pid, signal.SIGSTOP)
    assert watcher.wait(timeout=120) == 0
    os.killpg(target.pid, signal.SIGCONT)
    return samples


def test_memory_stays_flat_while_events_flow(ping_pong, tmp_path):
    path = tmp_path / "bounded.json"
    bounded = watched_for(ping_pong, f"json={path}", "--keep", "8M")
    everything = watched_for(ping_pong, "text=/dev/null", "--keep", "all")
    report = json.loads(path.read_text())
    assert check_report.problems(report, schema=False) == []
    assert report["kept"]["from_ns"] > 0
    grown = [max(samples[-4:]) - samples[4] for samples in (bounded, everything)]
    assert grown[0] < 2, bounded
    assert grown[1] > 4 * max(grown[0], 1), everything  # else nothing flowed
    process = next(process for process in report["processes"] if process["pid"] == ping_pong.pid)
    assert sum(process["totals_ns"].values()) == pytest.approx(report["window"]["duration_ns"], rel=0.01)


def test_a_time_is_kept_to_the_nanosecond(ping_pong, tmp_path):
    path = tmp_path / "last.json"
    watched_for(ping_pong, f"json={path}", "--keep", "150ms", seconds=2)
    report = json.loads(path.read_text())
    end = report["window"]["duration_ns"]
    assert report["kept"]["from_ns"] == end - 150_000_000
    for process in report["processes"]:
        for thread in process["threads"]:
            assert thread["intervals"][0]["from_ns"] == report["kept"]["from_ns"]
            assert thread["intervals"][-1]["to_ns"] == end
    assert check_report.problems(report, schema=False) == []


# What a recording rendered with and without --keep must agree on.
SAME = ("pid", "start_ns", "comm", "exe", "argv", "fork_parent", "parents", "execs", "names", "exit", "zombie", "reap",
        "switches", "wakeups", "migrations")
# What a switch the kernel never raised may change: a repair goes no further back than the stretch.
SAME_TIMES = ("totals_ns", "cpu_ns")


def test_every_total_and_end_is_the_same(tmp_path):
    """One recording, which has it all, rendered twice."""
    recording = tmp_path / "storm.pwt"
    done = run_procwatch("run", "--keep", "100ms", "-r", "none", "-o", recording, "--", "sh", "-c",
                         f"{PROGRAMS}/storm 2000 8; {PROGRAMS}/threads many 20; {PROGRAMS}/threads exec; true")
    assert done.status == 0, done.stderr
    reports = []
    for options in ((), ("--keep", "100ms")):
        result = run_procwatch("report", "-r", "json", *options, recording)
        assert result.status == 0, result.stderr
        reports.append(json.loads(result.stdout))
        assert check_report.problems(reports[-1]) == []
    whole, last = reports
    assert whole["kept"] is None and last["kept"]["from_ns"] > 0
    assert len(whole["processes"]) == len(last["processes"]) > 1
    same = SAME if whole["events"]["holes"] else SAME + SAME_TIMES
    for a, b in zip(whole["processes"], last["processes"]):
        assert {key: a[key] for key in same} == {key: b[key] for key in same}
        for t, u in zip(a["threads"], b["threads"]):
            assert {k: t[k] for k in ("tid", "exit_ns", "switches", "switch_ins")} == \
                   {k: u[k] for k in ("tid", "exit_ns", "switches", "switch_ins")}


def test_processes_beyond_memory_become_sums(tmp_path):
    path = tmp_path / "processes.json"
    done = run_procwatch("run", "--keep", "4M", "-r", f"json={path}", "-r", "text", "--", PYTHON, "-c", """
import os
for i in range(6000):
    pid = os.fork()
    if not pid: os._exit(i % 3)
    os.waitpid(pid, 0)
""")
    assert done.status == 0, done.stderr
    report = json.loads(path.read_text())
    assert check_report.problems(report) == [] and report["events"]["lost"] == 0
    earlier = report["kept"]["earlier"]
    assert report["kept"]["earlier_lives"] + len(report["processes"]) == 6001
    zero = sum(sums["ends"]["exit_zero"] for sums in earlier)
    zero += sum(process["exit"]["code"] == 0 for process in report["processes"])
    assert zero == 2001
    assert "6001 processes" in done.stdout and "Earlier processes (totals only)" in done.stdout


@pytest.mark.parametrize("text", ["", "0", "10", "5x", "99ms", "1K", "-1s", "1T", "All", "10s,4M"])
def test_what_is_no_stretch_is_refused(text):
    result = run_procwatch("run", "--keep", text, "true")
    assert result.status == 2 and len(result.stderr.splitlines()) == 1
    assert f"invalid value '{text}' for '--keep'" in result.stderr
