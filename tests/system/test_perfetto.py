# SPDX-License-Identifier: GPL-2.0-only
"""The perfetto report of real runs: decoded by protoc, compared with the JSON report of the same recording."""

import json
import os
import pty
import subprocess
import time

import pytest

from conftest import PROCWATCH, PROGRAMS, PYTHON, ROOT, run_procwatch

import check_perfetto
from decoded import Trace


def both(folder, *command):
    """What is wrong with the trace of a run, by the report of the same run."""
    done = run_procwatch("run", "-q", "-o", folder / "r.pwt", "-r", f"json={folder / 'r.json'}",
                         "-r", f"perfetto={folder / 'r.pftrace'}", "--", *command)
    assert (folder / "r.pftrace").exists(), done.stderr
    return check_perfetto.problems(json.loads((folder / "r.json").read_text()), folder / "r.pftrace")


@pytest.mark.parametrize("command", [
    ["demo_zombie", "--hold", "50ms"],
    ["demo_zombie", "--hold", "50ms", "--no-wait"],
    ["demo_orphan"],
    ["demo_daemon"],
    ["demo_pool", "--task", "20ms"],
    ["demo_queue"],
    [PROGRAMS / "threads"],
    [PROGRAMS / "stopped"],
    [PYTHON, ROOT / "src" / "course" / "pool" / "twin.py"],
    ["sh", "-c", "for i in $(seq 50); do /bin/true; done"],
    [str(PROGRAMS / "account"), "pingpong", "5000"],
], ids=lambda command: "-".join(os.path.basename(str(word)) for word in command[:3]).replace(" ", "")[:30])
def test_the_trace_says_what_json_says(tmp_path, command):
    assert both(tmp_path, *command) == []
    later = tmp_path / "later.pftrace"
    assert run_procwatch("report", "-r", f"perfetto={later}", tmp_path / "r.pwt").status == 0
    assert later.read_bytes() == (tmp_path / "r.pftrace").read_bytes()


def test_the_whole_system(tmp_path):
    done = run_procwatch("attach", "-a", "-q", "-d", "300ms", "-r", f"json={tmp_path / 'r.json'}",
                         "-r", f"perfetto={tmp_path / 'r.pftrace'}")
    assert done.status == 0, done.stderr
    report = json.loads((tmp_path / "r.json").read_text())
    assert check_perfetto.problems(report, tmp_path / "r.pftrace", any_events=bool(report["events"]["lost"])) == []


def test_a_storm_that_is_there_before(tmp_path):
    """Between the hooks and the begin of the window children are born and reaped, too."""
    storm = subprocess.Popen(["stress-ng", "--fork", "1", "--vfork", "1", "-t", "3", "-q"], start_new_session=True)
    try:
        time.sleep(0.3)
        done = run_procwatch("attach", "-a", "-q", "-d", "50ms", "-r", f"json={tmp_path / 'r.json'}",
                             "-r", f"perfetto={tmp_path / 'r.pftrace'}")
    finally:
        storm.terminate()
        storm.wait(30)
    assert done.status == 0, done.stderr
    report = json.loads((tmp_path / "r.json").read_text())
    unclear = bool(report["events"]["lost"] or report["events"]["contradictions"])
    assert len(report["processes"]) > 100
    assert check_perfetto.problems(report, tmp_path / "r.pftrace", any_events=unclear) == []


def test_any_name(tmp_path):
    """A program may call itself, its file and its arguments what it likes."""
    script = "import ctypes, os, sys, time\n" \
             "ctypes.CDLL(None).prctl(15, b'\\xff\\x1b[2J\"}{\\n\\\\', 0, 0, 0)\n" \
             "time.sleep(0.01)\n" \
             "if len(sys.argv) < 3: os.execv(sys.executable, [b'\\xfe\\x00'[:1], '-c', sys.argv[1], sys.argv[1], b'\\xe2\\x80\\xae'])\n"
    assert both(tmp_path, PYTHON, "-c", script, script) == []
    trace = Trace(tmp_path / "r.pftrace")
    assert "\\xff\\x1b[2J\"}{\\x0a\\\\" in {thread.name for thread in trace.threads}
    assert any("\\xfe" in (process.cmdline or []) for process in trace.processes)


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    path = tmp_path_factory.mktemp("recording") / "pool.pwt"
    assert run_procwatch("run", "-o", path, "-r", "none", "demo_pool", "--task", "50ms").status == 0
    return path


def render(pool, path, *options):
    done = run_procwatch("report", "-r", f"perfetto={path}", *options, pool)
    assert (done.status, done.stderr) == (0, "")
    return Trace(path)


def test_top_and_sort(tmp_path, pool):
    """The processes that JSON has, in its order, which the tracks' ranks give."""
    for options in (["--top", "3"], ["--sort", "cpu", "--top", "2"], ["--sort", "pid"]):
        trace = render(pool, tmp_path / "t.pftrace", *options)
        whole = json.loads(run_procwatch("report", "-r", "json", *options, pool).stdout)
        tracks = sorted((d["sibling_order_rank"][0], d["process"][0]["pid"][0])
                        for d in trace.descriptors.values() if "process" in d)
        assert [pid for _, pid in tracks] == [process["pid"] for process in whole["processes"]]
        assert {t.process.pid for t in trace.threads if t.process and t.rows} == {pid for _, pid in tracks}


def test_since_and_until(tmp_path, pool):
    (since, until) = (60_000_000, 90_000_000)
    trace = render(pool, tmp_path / "t.pftrace", "--since", "60ms", "--until", "90ms")
    whole = json.loads(run_procwatch("report", "-r", "json", "--since", "60ms", "--until", "90ms", pool).stdout)
    zero = whole["window"]["start_ns"]
    assert {ts - zero for ts, *_ in trace.queue} <= set(range(since, until + 1))
    for process in whole["processes"]:
        for thread in process["threads"]:
            spans = [(s["from_ns"], s["cpu"]) for s in thread["intervals"] if s["state"] == "running"]
            (made,) = [t for t in trace.threads if t.tid == thread["tid"] and t.process.pid == process["pid"]]
            assert [(r.begin - zero, r.cpu) for r in made.rows if r.state == "Running"] == spans
    assert len(trace.flows) < len(render(pool, tmp_path / "u.pftrace").flows)
    assert all(len(ends) == 2 for ends in trace.flows.values())


def test_nothing_for_a_terminal(tmp_path, pool):
    (ours, theirs) = pty.openpty()
    for command in (["report", "-r", "perfetto", pool], ["run", "-r", "perfetto", "touch", tmp_path / "ran"]):
        done = subprocess.run([PROCWATCH, *command], stdout=theirs, stderr=subprocess.PIPE, text=True, timeout=60)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "perfetto=FILE" in done.stderr
    os.set_blocking(ours, False)
    with pytest.raises(BlockingIOError):
        os.read(ours, 1)
    assert not (tmp_path / "ran").exists()


def test_standard_output_and_bad_targets(tmp_path, pool):
    path = tmp_path / "t.pftrace"
    render(pool, path)
    done = run_procwatch("report", "-r", "perfetto", pool, text=False)
    assert (done.status, done.stderr, done.stdout) == (0, b"", path.read_bytes())
    for (target, status) in ((tmp_path, 125), (tmp_path / "no" / "t", 125), ("/dev/full", 125), (pool, 2)):
        done = run_procwatch("report", "-r", f"perfetto={target}", pool, env=os.environ | {"TMPDIR": str(tmp_path)})
        assert (done.status, done.stderr.count("\n")) == (status, 1), target
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".pftrace", ".pftrace"]


def peak(*command) -> int:
    """The most memory a command took, in KiB."""
    child = subprocess.Popen([PROCWATCH, *map(str, command)])
    (_, status, usage) = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    return usage.ru_maxrss


def test_memory_does_not_grow_with_the_intervals(tmp_path):
    """Over a million intervals take no more than the CSV report does, which keeps nothing, and a buffer or two."""
    recording = tmp_path / "r.pwt"
    run_procwatch("run", "-o", recording, "-r", "none", "--", PROGRAMS / "account", "pingpong", "230000", timeout=120)
    rows = peak("report", "-r", f"csv={tmp_path / 'r.csv'}", recording)
    written = peak("report", "-r", f"perfetto={tmp_path / 'r.pftrace'}", recording)
    with open(tmp_path / "r.csv", "rb") as table:
        intervals = sum(1 for _ in table) - 1
    assert intervals > 1_000_000
    assert written < rows + 4096
    assert (tmp_path / "r.pftrace").stat().st_size < 40 * intervals
