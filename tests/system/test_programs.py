# SPDX-License-Identifier: GPL-2.0-only
"""
Real programs. For each, the report must agree with an account that procwatch had
no part in: the program's own words, the wait statuses its parents got, or strace.
"""

import json
import pathlib
import subprocess
from collections import Counter

import pytest

from accounts import (MS, assert_clean, assert_reaped, assert_reaped_itself, at, count, end_of, end_of_status,
                      read_strace, shape_of_report, shape_of_strace, strace_command, straced, told, told_once)
from conftest import PROGRAMS, PYTHON, ROOT

COURSE = ROOT / "src" / "course"
PROCESS_JOIN = pathlib.Path(__file__).parent / "python" / "process_join.py"
C = PROGRAMS


@pytest.fixture
def watch(record):
    """record(), of a run that must be complete and without contradiction."""

    def run(*command, **kwargs):
        result = record(*command, **kwargs)
        assert_clean(result)
        return result

    return run


@pytest.fixture
def watch_python(watch, tmp_path):
    """A Python program of the course, and what it printed about its own processes."""

    def run(script):
        facts = tmp_path / "facts.json"
        result = watch(PYTHON, script, facts)
        assert result.status == 0, result.stderr
        return result, json.loads(facts.read_text())

    return run


def exit_code(python_code):
    """multiprocessing's exitcode: negative for a signal."""
    return ("signal", -python_code) if python_code < 0 else ("exit", python_code)


def assert_child_of(run, pid, parent, end):
    """Made by it, ended so, and reaped by it."""
    entry = run.process_of(pid)
    assert entry["fork_parent"]["pid"] == parent
    assert [p["pid"] for p in entry["parents"]] == [parent]
    assert end_of(entry) == end
    assert (entry["reap"]["how"], entry["reap"]["by_pid"]) == ("wait", parent)
    return entry


# ---- Python's multiprocessing


def test_python_process_join(watch_python):
    run, facts = watch_python(PROCESS_JOIN)
    assert len(run.processes) == 1 + len(facts["children"]) == 4
    for child in facts["children"]:
        assert_child_of(run, child["pid"], facts["main"], exit_code(child["exitcode"]))
    assert end_of(run.process_of(facts["main"])) == ("exit", 0)


def test_python_terminate(watch_python):
    run, facts = watch_python(COURSE / "terminate" / "twin.py")
    assert len(run.processes) == 2
    child = facts["children"][0]
    entry = assert_child_of(run, child["pid"], facts["main"], exit_code(child["exitcode"]))
    assert end_of(entry) == ("signal", 15)
    # It was joined 200 ms after terminate(), and it ended at once: a zombie meanwhile.
    assert entry["zombie"]["ns"] > 100 * MS


def test_python_daemon(watch_python):
    run, facts = watch_python(COURSE / "daemon" / "twin.py")
    assert len(run.processes) == 3
    daemon = assert_child_of(run, facts["daemon"], facts["main"], ("signal", 15))
    worker = assert_child_of(run, facts["worker"], facts["main"], ("exit", 0))
    main = run.process_of(facts["main"])
    assert daemon["exit"]["at_ns"] < worker["exit"]["at_ns"] < main["exit"]["at_ns"]


def test_python_pool(watch_python):
    run, facts = watch_python(COURSE / "pool" / "twin.py")
    assert len(run.processes) == 1 + len(set(facts["workers"])) == 5
    for pid in facts["workers"]:
        # close() and join() let a worker go by itself; leaving "with" may terminate it before.
        entry = assert_child_of(run, pid, facts["main"], end_of(run.process_of(pid)))
        assert end_of(entry) in (("exit", 0), ("signal", 15))
    assert {task["pid"] for task in facts["tasks"]} <= set(facts["workers"])
    # The pool's own three helper threads live in main.
    assert len(run.process_of(facts["main"])["threads"]) == 4


def test_python_queue(watch_python):
    run, facts = watch_python(COURSE / "queue" / "twin.py")
    assert len(run.processes) == 3
    for role in ("producer", "consumer"):
        assert_child_of(run, facts[role]["pid"], facts["main"], exit_code(facts[role]["exitcode"]))
    # The queue's feeder thread runs where something is put.
    assert len(run.process_of(facts["producer"]["pid"])["threads"]) == 2
    assert len(run.process_of(facts["consumer"]["pid"])["threads"]) == 1


# ---- a family as strace sees it, in a run of its own and in the same run

MAKEFILE = """\
.PHONY: all
all: program fails
program: $(patsubst %.c,%.o,$(wildcard *.c))
\t$(CC) $^ -o $@
%.o: %.c
\t$(CC) -c $< -o $@
fails:
\t-exit 3
"""


@pytest.fixture
def project(tmp_path):
    """A small C project; make and its children do the same every time it is built from nothing."""

    def make(name):
        where = tmp_path / name
        where.mkdir()
        (where / "Makefile").write_text(MAKEFILE)
        for part in range(5):
            body = f"int part{part}(void) {{ return {part}; }}\n"
            (where / f"part{part}.c").write_text(body)
        (where / "main.c").write_text("int main(void) { return 0; }\n")
        return where

    return make


def test_make(watch, project, tmp_path):
    command = ["make", "-s", "-j4", "CC=gcc", "all"]
    truth = straced(tmp_path, *command, cwd=project("one"))
    run = watch(*command, cwd=project("two"))
    assert run.status == 0, run.stderr
    assert count(shape_of_strace(truth)) == len(run.processes) > 20
    assert shape_of_report(run) == shape_of_strace(truth)


PIPELINE = "seq 1000 | sort -r | head -3; (exit 5); sh -c 'kill -TERM $$'; true | false"


@pytest.mark.parametrize("command", [
    ["sh", "-c", PIPELINE],
    ["bash", "-c", "for i in 1 2 3; do (exit $i) & done; wait; coproc cat; echo >&${COPROC[1]}; kill $!; wait"],
    [C / "storm", "40", "5"],
    [C / "threads", "many", "10"],
    [C / "threads", "leader"],
    [C / "threads", "fork"],
    [C / "threads", "killed"],
    [C / "children", "peek"],
    [C / "children", "vfork"],
    [C / "children", "spawn"],
    [C / "children", "ignored"],
    [C / "children", "nocldwait"],
    [C / "orphan"],
], ids=lambda command: " ".join(map(str, [pathlib.Path(command[0]).name, *command[1:]]))[:24])
def test_as_strace_sees_it(watch, tmp_path, command):
    truth = straced(tmp_path, *command)
    run = watch(*command)
    assert shape_of_report(run) == shape_of_strace(truth)


def assert_strace_agrees(run, truth):
    """Both recorded the same run: every pid, its parent, its exit, its reaper, its threads."""
    traced = {truth.root}
    for entry in run.processes:
        if entry["fork_parent"]["pid"] in traced:
            traced.add(entry["pid"])
    assert traced == set(truth.processes)
    for pid, task in truth.processes.items():
        entry = run.process_of(pid)
        assert end_of(entry) == task.end
        if pid != truth.root:
            assert entry["fork_parent"]["pid"] == task.parent
        if pid in truth.waits:
            assert (entry["reap"]["how"], entry["reap"]["by_pid"]) == ("wait", truth.waits[pid])
        threads = Counter(t.process for t in truth.tasks.values())
        assert len(entry["threads"]) == threads[pid]


STRESS = {
    "fork": ["--fork", "2", "--fork-ops", "40"],
    "vfork": ["--vfork", "1", "--vfork-ops", "40"],
    "zombie": ["--zombie", "1", "--zombie-ops", "40"],
    "daemon": ["--daemon", "1", "--daemon-ops", "20"],
    "pthread": ["--pthread", "1", "--pthread-ops", "60"],
}


@pytest.mark.parametrize("kind", STRESS)
def test_stress_ng(watch, kind, tmp_path):
    run = watch("stress-ng", "--temp-path", tmp_path, *STRESS[kind])
    assert run.status == 0, run.stderr
    made = len(run.processes) if kind != "pthread" else sum(len(entry["threads"]) for entry in run.processes)
    assert made > int(STRESS[kind][-1])


@pytest.mark.parametrize("kind", STRESS)
def test_stress_ng_under_strace(watch, kind, tmp_path):
    """Tracer and procwatch watch the same processes; the tracer sees each end before the parent does."""
    prefix = tmp_path / "trace"
    run = watch(*strace_command(prefix), "stress-ng", "--temp-path", tmp_path, *STRESS[kind])
    assert_strace_agrees(run, read_strace(prefix))


def test_pipeline_under_strace(watch, tmp_path):
    prefix = tmp_path / "trace"
    run = watch(*strace_command(prefix), "sh", "-c", PIPELINE)
    assert_strace_agrees(run, read_strace(prefix))


def test_tracer(watch):
    """Held by a tracer is stopped, and a tracer that is the parent reaps."""
    run = watch("strace", "-f", "-o", "/dev/null", "true")
    assert run.status == 0
    entry = run.one("true")
    assert entry["totals_ns"]["stopped"] > 0
    stops = {i["detail"] for i in entry["threads"][0]["intervals"] if i["state"] == "stopped"}
    assert stops <= {"traced", "signalled"} and "traced" in stops
    assert (entry["reap"]["how"], entry["reap"]["by_pid"]) == ("wait", run.processes[0]["pid"])


# ---- ends from outside


def test_timeout_kill(watch):
    command = ["timeout", "-s", "KILL", "0.2", "sleep", "30"]
    alone = subprocess.run(command, check=False)
    run = watch(*command)
    # subprocess reports a signal as -9, a shell as 137.
    assert run.status == (128 - alone.returncode if alone.returncode < 0 else alone.returncode)
    assert len(run.processes) == 2
    assert end_of(run.one("timeout")) == ("signal", 9)
    assert end_of(run.one("sleep")) == ("signal", 9)


# ---- adoption


def test_subreaper_adopts(watch):
    run = watch("tini", "-s", "--", C / "orphan")
    tini = run.one("tini")
    facts = told_once(run, "orphan")
    entry = run.process_of(facts["pid"])
    assert facts["adopter"] == tini["pid"]
    assert entry["fork_parent"]["pid"] == facts["parent"]
    assert [(p["pid"], p["why"], p["adopter"]) for p in entry["parents"]] == [
        (facts["parent"], "fork", None), (tini["pid"], "reparent", "subreaper")]
    assert facts["since"] <= at(run, entry["parents"][1]["from_ns"]) <= facts["until"]
    assert end_of(entry) == ("exit", 3)
    assert (entry["reap"]["how"], entry["reap"]["by_pid"], entry["reap"]["by_comm"]) == ("wait", tini["pid"], "tini")
    middle = told_once(run, "middle")
    assert end_of(run.process_of(middle["pid"])) == end_of_status(middle["status"]) == ("exit", 2)


def test_init_adopts(watch):
    """Without a subreaper above it: the adopter that the orphan itself prints."""
    run = watch(C / "orphan")
    facts = told_once(run, "orphan")
    entry = run.process_of(facts["pid"])
    assert [p["pid"] for p in entry["parents"]] == [facts["parent"], facts["adopter"]]
    assert entry["parents"][1]["adopter"] == ("init" if facts["adopter"] == 1 else "subreaper")
    assert facts["since"] <= at(run, entry["parents"][1]["from_ns"]) <= facts["until"]
    assert end_of(entry) == ("exit", 3)
    assert entry["reap"]["by_pid"] in (facts["adopter"], None)


def test_pid_namespace(watch, mount_namespace):
    """Its init adopts, and every process has a number of its own inside."""
    run = watch("unshare", "--pid", "--fork", "--mount-proc", "tini", "--", C / "orphan")
    facts, middle = told_once(run, "orphan"), told_once(run, "middle")
    tini = run.one("tini")
    assert tini["ns_pid"] == 1
    inside = {entry["ns_pid"]: entry for entry in run.processes if entry["comm"] == "orphan"}
    assert len(inside) == 3
    entry = inside[facts["pid"]]
    assert facts["adopter"] == 1
    assert [(p["pid"], p["adopter"]) for p in entry["parents"]] == [
        (inside[middle["pid"]]["pid"], None), (tini["pid"], "init")]
    assert facts["since"] <= at(run, entry["parents"][1]["from_ns"]) <= facts["until"]
    assert (entry["reap"]["how"], entry["reap"]["by_pid"]) == ("wait", tini["pid"])
    assert end_of(inside[middle["pid"]]) == end_of_status(middle["status"])
    assert run.one("unshare")["ns_pid"] == run.one("unshare")["pid"]


def test_pid_namespace_ends_with_its_init(watch):
    """When the init of a namespace ends, the kernel kills all the others in it."""
    run = watch("unshare", "--pid", "--fork", "sh", "-c", "sleep 30 & sleep 30 & exit 4")
    init = [entry for entry in run.processes if entry["ns_pid"] == 1]
    others = [entry for entry in run.processes if entry["ns_pid"] in (2, 3)]
    assert run.status == 4 and len(run.processes) == 4
    assert [end_of(entry) for entry in init] == [("exit", 4)]
    assert [end_of(entry) for entry in others] == [("signal", 9)] * 2


# ---- threads


def test_many_threads(watch):
    run = watch(C / "threads", "many", "200")
    tids = {fact["tid"] for fact in told(run, "thread")}
    entry = run.processes[0]
    assert len(run.processes) == 1 and len(tids) == 200
    assert {thread["tid"] for thread in entry["threads"]} == tids | {entry["pid"]}
    assert all(thread["exit_ns"] is not None for thread in entry["threads"])


def test_leader_ends_first(watch):
    """A leader that ended before its threads is no zombie that anyone could reap."""
    run = watch(C / "threads", "leader")
    child, last = told_once(run, "child"), told_once(run, "last")
    entry = run.process_of(child["pid"])
    leader = entry["threads"][0]
    assert {thread["tid"] for thread in entry["threads"]} == {child["pid"], last["tid"]}
    assert [i["state"] for i in leader["intervals"]][-1] == "zombie"
    assert leader["intervals"][-1]["detail"] == "leader-ended"
    # It is still on the CPU when it already looks like a zombie: the end of that is invisible from outside.
    assert leader["intervals"][-1]["to_ns"] == entry["exit"]["at_ns"]
    assert child["before"] < at(run, entry["exit"]["at_ns"]) == at(run, entry["zombie"]["from_ns"])
    assert end_of(entry) == end_of_status(child["status"])
    assert_reaped(run, entry, run.processes[0]["pid"], child["before"], child["after"])


def test_exec_by_another_thread(watch):
    """It takes the process over: one process, the same pid, the leader's thread gone."""
    run = watch(C / "threads", "exec")
    before, after = told_once(run, "before"), told_once(run, "after")
    assert before["tid"] != before["pid"] == after["pid"] == after["tid"]
    assert len(run.processes) == 1
    entry = run.process_of(after["pid"])
    assert run.status == 9 and end_of(entry) == ("exit", 9)
    assert entry["argv"][1:] == ["after"]
    survivor = entry["threads"][0]
    assert survivor["tid"] == after["pid"] and survivor["exit_ns"] == max(t["exit_ns"] for t in entry["threads"])
    assert len(entry["threads"]) == 3
    executed = entry["execs"][-1]["at_ns"]
    assert all(t["exit_ns"] <= executed for t in entry["threads"][1:])


def test_thread_forks_and_ends(watch):
    """The child goes to another thread of its parent: to the outside nothing has changed."""
    run = watch(C / "threads", "fork")
    child, reaped = told_once(run, "child"), told_once(run, "reaped")
    assert child["pid"] == reaped["pid"]
    entry = assert_child_of(run, child["pid"], child["parent"], end_of_status(reaped["status"]))
    assert len(entry["parents"]) == 1


def test_exit_takes_threads_along(watch):
    run = watch(C / "threads", "killed")
    assert run.status == 8
    assert len(run.processes[0]["threads"]) == 5
    assert end_of(run.processes[0]) == ("exit", 8)


# ---- every way to make a child, every way to be rid of one


@pytest.mark.parametrize("how", ["ignored", "nocldwait"])
def test_nobody_wants_to_know(watch, how):
    run = watch(C / "children", how)
    children = told(run, "child")
    assert len(children) == 3 and len(run.processes) == 4
    for child in children:
        entry = run.process_of(child["pid"])
        assert end_of(entry) == ("exit", child["code"])
        assert_reaped_itself(entry)
        assert child["before"] <= at(run, entry["reap"]["at_ns"]) <= child["after"]


@pytest.mark.parametrize("how", ["peek", "vfork", "spawn", "clone3", "silent", "usr1"])
def test_child(watch, how):
    run = watch(C / "children", how)
    child = told_once(run, "child")
    assert run.status == 0 and len(run.processes) == 2
    parent = run.processes[0]
    entry = assert_child_of(run, child["pid"], parent["pid"], ("exit", child["code"]))
    assert_reaped(run, entry, parent["pid"], child["before"], child["after"])
    if how == "vfork":
        blocked = {i["detail"] for i in parent["threads"][0]["intervals"] if i["state"] == "blocked"}
        assert "uninterruptible:vfork" in blocked
    if how == "silent":
        assert entry["exit"]["notified_ns"] is None
    if how == "peek":
        assert entry["zombie"]["ns"] > 2 * 30 * MS


def test_sibling(watch):
    """CLONE_PARENT: made by one, a child of that one's parent."""
    run = watch(C / "children", "sibling")
    sibling, middle = told_once(run, "sibling"), told_once(run, "child")
    parent = run.processes[0]["pid"]
    assert len(run.processes) == 3
    assert_child_of(run, sibling["pid"], parent, ("exit", 37))
    assert_child_of(run, middle["pid"], parent, ("exit", 36))


# ---- stopped and continued


@pytest.mark.parametrize("how", ["busy", "asleep"])
def test_stopped(watch, how):
    run = watch(C / "stopped", how, "200")
    facts = told_once(run, "stop")
    entry = run.process_of(facts["pid"])
    assert end_of(entry) == end_of_status(facts["status"]) == ("exit", 4)
    stops = [i for i in entry["threads"][0]["intervals"] if i["state"] == "stopped"]
    assert [i["detail"] for i in stops] == ["signalled"]
    assert facts["asked"] <= at(run, stops[0]["from_ns"])
    assert facts["continued"] <= at(run, stops[0]["to_ns"]) <= facts["resumed"]
    assert entry["totals_ns"]["stopped"] >= 200 * MS


# ---- one pid, many processes


def test_pid_reuse(watch):
    run = watch(C / "pid_reuse", "30")
    told_entries = told(run, "process")
    entries = [entry for entry in run.processes if entry["pid"] == told_entries[0]["pid"]]
    assert len(told_entries) == len(entries) == 30
    parent = run.processes[0]
    for fact, entry in zip(told_entries, entries):
        assert end_of(entry) == ("exit", fact["code"])
        assert fact["before"] <= at(run, entry["start_ns"])
        assert_reaped(run, entry, parent["pid"], fact["before"], fact["after"])
    # The number was a thread's before.
    assert entries[0]["pid"] in {thread["tid"] for thread in parent["threads"]}
