# SPDX-License-Identifier: GPL-2.0-only
"""PID namespaces: seen from outside, and from inside."""

import json
import subprocess

import check_report
import pytest
from conftest import PROCWATCH, PYTHON, run_procwatch

NAMESPACE = ["unshare", "--pid", "--fork", "--mount-proc"]

# The namespace's init reaps what it adopts; a grandchild outlives its parent, which exits on request.
TREE = """
import os, sys, time
if os.fork() == 0:
    if os.fork() == 0:
        while os.getppid() != 1: time.sleep(0.01)
        time.sleep(0.1); os._exit(5)
    os.read(0, 1); os._exit(0)
print("ready", flush=True)
while True:
    try: os.wait()
    except ChildProcessError: break
"""

pytestmark = pytest.mark.usefixtures("mount_namespace")


@pytest.fixture
def tree():
    process = subprocess.Popen([*NAMESPACE, PYTHON, "-c", TREE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def number_inside(pid):
    line = next(line for line in open(f"/proc/{pid}/status") if line.startswith("NSpid"))
    return int(line.split()[-1])


def test_both_numbers_and_the_namespaces_own_init(tree, watch):
    watched = watch("-p", tree.pid)
    watched.wait_until_attached()
    children = [int(pid) for pid in open(f"/proc/{tree.pid}/task/{tree.pid}/children").read().split()]
    inside = {pid: number_inside(pid) for pid in children}
    tree.stdin.close()
    tree.wait()  # unreaped it would not be gone
    report, text = watched.report(), watched.text
    entries = {entry["pid"]: entry for entry in report["processes"]}
    init = children[0]
    assert inside[init] == entries[init]["ns_pid"] == 1
    assert entries[tree.pid]["ns_pid"] == tree.pid  # unshare itself stayed outside
    orphan = next(entry for entry in entries.values() if entry["exit"] and entry["exit"]["code"] == 5)
    assert orphan["ns_pid"] not in (None, 1, orphan["pid"])
    assert [parent["pid"] for parent in orphan["parents"]][-1] == init
    assert orphan["parents"][-1]["adopter"] == "init"
    assert orphan["reap"]["by_pid"] == init
    assert "init of its PID namespace" in text
    assert f"pid {orphan['ns_pid']}" in text and "the pid in the process's own PID namespace" in text


def inside(script):
    return subprocess.run([*NAMESPACE, "sh", "-c", script], capture_output=True, text=True, timeout=60)


def test_from_inside_the_numbers_are_those_of_inside(tmp_path):
    path = tmp_path / "inside.json"
    done = inside(f"sleep 20 & echo $!; {PROCWATCH} attach -p $!,1 -d 400ms -r json={path}")
    assert done.returncode == 0, done.stderr
    number = int(done.stdout.split()[0])
    report = json.loads(path.read_text())
    assert check_report.problems(report) == []
    by_inner = {entry["ns_pid"]: entry for entry in report["processes"]}
    assert set(by_inner) >= {1, number}
    assert by_inner[number]["comm"] == "sleep" and by_inner[number]["pid"] != number
    assert by_inner[number]["argv"] == ["sleep", "20"]  # of that process, not of who has the number outside
    assert by_inner[1]["argv"][:2] == ["sh", "-c"]
    assert sorted(report["target"]["pids"]) == sorted(by_inner[n]["pid"] for n in (1, number))
    assert done.stderr.count("\n") == 1 and "inside a PID namespace" in done.stderr


def test_from_inside_what_is_outside_is_seen_only_if_it_starts_later(tmp_path):
    path = tmp_path / "all.json"
    before, later = subprocess.Popen(["sleep", "61"]), subprocess.Popen(["sh", "-c", "while :; do sleep 0.1; done"])
    try:
        done = inside(f"{PROCWATCH} attach -a -d 2s -r json={path}")
    finally:
        for process in (before, later):
            process.kill()
            process.wait()
    assert done.returncode == 0, done.stderr
    assert "only if they start from now on" in done.stderr
    report = json.loads(path.read_text())
    assert check_report.problems(report) == []
    entries = report["processes"]
    assert not {before.pid, later.pid} & {entry["pid"] for entry in entries}
    born = [entry for entry in entries if entry["fork_parent"] and entry["fork_parent"]["pid"] == later.pid]
    assert born and all(entry["argv"] == ["sleep", "0.1"] for entry in born if entry["execs"])
    assert 1 in [entry["ns_pid"] for entry in entries]


def test_from_inside_quiet_and_a_number_nobody_has():
    done = inside(f"sleep 20 & {PROCWATCH} attach -q -p $! -d 200ms -r none")
    assert (done.returncode, done.stderr) == (0, "")
    done = inside(f"{PROCWATCH} attach -p 4000")
    assert done.returncode == 125 and "no process 4000" in done.stderr


def test_a_command_launched_inside(tmp_path):
    path = tmp_path / "run.json"
    done = inside(f"{PROCWATCH} run -r json={path} -- sh -c 'sleep 0.1; exit 3'")
    assert done.returncode == 3, done.stderr
    report = json.loads(path.read_text())
    assert check_report.problems(report) == []
    command = report["processes"][0]
    assert report["target"]["pids"] == [command["pid"]]
    assert command["exit"]["code"] == 3 and command["reap"]["how"] == "wait"
    assert command["ns_pid"] != command["pid"]


def test_the_numbers_of_the_initial_namespace_are_shown_once(tmp_path):
    result = run_procwatch("run", "-r", "text", "--", "sleep", "0.1")
    assert "PID namespace" not in result.stdout + result.stderr
