# SPDX-License-Identifier: GPL-2.0-only
"""Attaching to what people run: a load, a pre-fork server, a shell's jobs, a tree that loses its middle, a zombie."""

import http.client
import os
import shutil
import signal
import subprocess
import threading
import time

import pytest
from conftest import PYTHON
from terminal import children_of, state_of, wait_until

MS = 1_000_000


def by_pid(report):
    return {process["pid"]: process for process in report["processes"]}


def time_on_cpu(pid):
    """The kernel's account, and the moments before and after it was read."""
    before = time.monotonic_ns()
    account = int(open(f"/proc/{pid}/schedstat").read().split()[0])
    return before, account, time.monotonic_ns()


def ran_within(process, begin, end, zero):
    spans = [(i["from_ns"] + zero, i["to_ns"] + zero) for i in process["threads"][0]["intervals"] if i["state"] == "running"]
    return sum(max(0, min(to, end) - max(since, begin)) for since, to in spans)


def test_a_running_stress_ng(watch, start):
    """Its workers' time on a CPU, against the kernel's own account of them before and after."""
    if not shutil.which("stress-ng"):
        pytest.skip("stress-ng is not installed")
    load = start("stress-ng", "--cpu", "2", "--vm", "1", "--vm-bytes", "16M", "-t", "20", stderr=subprocess.DEVNULL)
    time.sleep(1)
    watched = watch("-p", load.pid)
    watched.wait_until_attached()
    workers = [int(pid) for pid in open(f"/proc/{load.pid}/task/{load.pid}/children").read().split()]
    begun = {pid: time_on_cpu(pid) for pid in workers}
    time.sleep(2)
    ended = {pid: time_on_cpu(pid) for pid in workers}
    watched.process.send_signal(signal.SIGINT)
    report = watched.report()
    processes, zero = by_pid(report), report["window"]["start_ns"]
    assert set(workers) <= set(processes) and processes[load.pid]["comm"] == "stress-ng"
    assert sum(process["comm"].startswith("stress-ng-cpu") for process in processes.values()) == 2
    for pid in workers:
        if not processes[pid]["comm"].startswith("stress-ng-cpu"):
            continue
        (early, first, begin), (end, last, late) = begun[pid], ended[pid]
        # Between two readings; the kernel's account of the running task is up to a tick old.
        assert ran_within(processes[pid], begin, end, zero) * 0.98 - 15 * MS <= last - first
        assert last - first <= ran_within(processes[pid], early, late, zero) * 1.02 + 15 * MS


def server_configuration(folder):
    (folder / "index.html").write_text("x" * 1000)
    configuration = folder / "nginx.conf"
    configuration.write_text(f"""
user root; worker_processes 2; daemon off; pid {folder}/pid; error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{ access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
        uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
        server {{ listen unix:{folder}/socket; root {folder}; }} }}
""")
    return configuration


class UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self.path = path

    def connect(self):
        import socket
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect(str(self.path))


def ask(path, until, answers):
    while time.monotonic() < until:
        connection = UnixConnection(path)
        connection.request("GET", "/index.html")
        answers.append(connection.getresponse().status)
        connection.close()


def test_a_pre_fork_server_under_load(watch, start, tmp_path):
    """nginx: a master and two workers serve, and are replaced when told to."""
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"
    if not os.path.exists(nginx):
        pytest.skip("nginx is not installed (nginx-light)")
    tmp_path.chmod(0o755)
    master = start(nginx, "-p", tmp_path, "-c", server_configuration(tmp_path), stderr=subprocess.DEVNULL)
    while not (tmp_path / "socket").exists():
        time.sleep(0.01)
    wait_until(lambda: len(children_of(master.pid)) == 2)
    old = children_of(master.pid)
    watched = watch("-p", master.pid)
    watched.wait_until_attached()
    answers, until = [], time.monotonic() + 1
    askers = [threading.Thread(target=ask, args=(tmp_path / "socket", until, answers)) for _ in range(2)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    os.kill(master.pid, signal.SIGHUP)
    deadline = time.monotonic() + 10
    while set(old) & set(children_of(master.pid)) and time.monotonic() < deadline:
        time.sleep(0.05)
    new = children_of(master.pid)
    watched.process.send_signal(signal.SIGINT)
    processes = by_pid(watched.report())
    assert set(answers) == {200} and len(answers) > 100
    # A worker sleeps until a request wakes it: never oftener than a few times for each.
    assert len(answers) / 10 < sum(processes[pid]["wakeups"] for pid in old) < 10 * len(answers)
    assert all(processes[pid]["seeded"] and processes[pid]["comm"] == "nginx" for pid in [master.pid, *old])
    for pid in old:
        assert processes[pid]["exit"]["code"] == 0 and processes[pid]["reap"]["by_pid"] == master.pid
    for pid in new:
        assert not processes[pid]["seeded"] and processes[pid]["fork_parent"]["pid"] == master.pid
    assert {process["pid"] for process in processes.values()} == {master.pid, *old, *new}


JOBS = """
set -m
sleep 60 & first=$!
sleep 61 & second=$!
echo ready $first $second
read go
echo $EPOCHREALTIME; kill -STOP %1
until grep -q "State:.T" /proc/$first/status; do :; done; echo $EPOCHREALTIME
read go
echo $EPOCHREALTIME; kill -CONT %1; echo $EPOCHREALTIME
read go
kill %1 %2
wait
"""


def test_a_shells_jobs_stopped_and_continued(watch, start):
    """How long the job was stopped, against the shell's own clock."""
    if not shutil.which("bash"):
        pytest.skip("bash is not installed")
    shell = start("bash", "-c", JOBS, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    first, second = (int(word) for word in shell.stdout.readline().split()[1:])

    def say_go():
        shell.stdin.write("go\n")
        shell.stdin.flush()

    def told():
        return float(shell.stdout.readline()) * 1e9

    watched = watch("-p", shell.pid)
    watched.wait_until_attached()
    say_go()
    stopping, stopped = told(), told()
    time.sleep(0.6)
    say_go()
    continuing, continued = told(), told()
    time.sleep(0.2)
    say_go()
    shell.wait()
    processes = by_pid(watched.report())
    spans = [i for i in processes[first]["threads"][0]["intervals"] if i["state"] == "stopped"]
    assert [i["detail"] for i in spans] == ["signalled"]
    assert continuing - stopped - 5 * MS <= processes[first]["totals_ns"]["stopped"] <= continued - stopping + 5 * MS
    assert processes[second]["totals_ns"]["stopped"] == 0
    assert "T" in watched.text and "stopped" in watched.text
    assert processes[first]["exit"]["signal"] == signal.SIGTERM and processes[first]["reap"]["by_pid"] == shell.pid


MIDDLE = """
import ctypes, os, sys, time
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: the orphan stays in the tree
def child(work):
    pid = os.fork()
    if not pid:
        work()
        os._exit(0)
    return pid
def middle():
    leaf = child(sys.stdin.readline)
    print(os.getpid(), leaf, flush=True)
    time.sleep(60)
child(middle)
while True:
    try: os.wait()
    except ChildProcessError: break
time.sleep(60)
"""


def parent_of(pid):
    return int(next(line for line in open(f"/proc/{pid}/status") if line.startswith("PPid")).split()[1])


def test_a_tree_whose_middle_is_killed(watch, start):
    root = start(PYTHON, "-c", MIDDLE, stdin=subprocess.PIPE)
    middle, leaf = map(int, root.stdout.readline().split())
    watched = watch("-p", root.pid)
    watched.wait_until_attached()
    killed = time.monotonic_ns()
    os.kill(middle, signal.SIGKILL)
    adopter = wait_until(lambda: (parent := parent_of(leaf)) != middle and parent)
    adopted = time.monotonic_ns()
    root.stdin.close()
    wait_until(lambda: not state_of(leaf), what="the reap of the leaf")
    watched.process.send_signal(signal.SIGINT)
    report = watched.report()
    processes = by_pid(report)
    assert processes[middle]["exit"]["signal"] == signal.SIGKILL
    assert processes[middle]["reap"]["by_pid"] == root.pid
    assert [parent["pid"] for parent in processes[leaf]["parents"]] == [middle, adopter]
    moved = processes[leaf]["parents"][1]
    assert moved["why"] == "reparent" and moved["adopter"] == "subreaper" and adopter == root.pid
    assert killed < moved["from_ns"] + report["window"]["start_ns"] < adopted
    assert processes[leaf]["exit"]["code"] == 0 and processes[leaf]["reap"]["by_pid"] == adopter
    sender = f"sent by {os.getpid()}"
    assert sender in watched.text and f"adopted by {adopter}" in watched.text


ZOMBIE = """
import os, sys, time
pid = os.fork()
if not pid: os._exit(7)
os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
print(pid, flush=True)
sys.stdin.readline()
before = time.monotonic_ns()
os.waitpid(pid, 0)
print(before, time.monotonic_ns(), flush=True)
time.sleep(60)
"""


def test_a_zombie_at_attach_is_bounded(watch, start):
    root = start(PYTHON, "-c", ZOMBIE, stdin=subprocess.PIPE)
    zombie = int(root.stdout.readline())
    watched = watch("-p", root.pid)
    watched.wait_until_attached()
    time.sleep(0.3)
    root.stdin.close()
    before, after = map(int, root.stdout.readline().split())
    watched.process.send_signal(signal.SIGINT)
    report = watched.report()
    process, zero = by_pid(report)[zombie], report["window"]["start_ns"]
    assert process["exit"]["code"] == 7 and process["exit"]["begun_ns"] is None
    assert process["exit"]["precision"] == "bounded" and 0 <= process["exit"]["at_ns"] < process["reap"]["at_ns"] - 300 * MS
    assert process["zombie"]["from_ns"] == process["exit"]["at_ns"]
    assert process["reap"]["by_pid"] == root.pid and process["reap"]["precision"] == "exact"
    assert before < process["reap"]["at_ns"] + zero < after
    assert "at least" in watched.text and "It had exited before the recording began" in watched.text


NAMES = """
import ctypes, os, sys, threading, time
libc = ctypes.CDLL(None)
def rename(name): libc.prctl(15, name, 0, 0, 0)
print("ready", flush=True)
sys.stdin.readline()
rename(b"first"); time.sleep(0.05); rename(b"second")
thread = threading.Thread(target=rename, args=(b"a-thread",)); thread.start(); thread.join()
time.sleep(0.05); os.execv("/bin/sleep", ["sleep", "0.2"])
"""


def test_names_and_arguments_over_time(watch, start):
    root = start(PYTHON, "-c", NAMES, stdin=subprocess.PIPE)
    root.stdout.readline()
    watched = watch("-p", root.pid)
    watched.wait_until_attached()
    root.stdin.write("go\n")
    root.stdin.close()
    root.wait()
    process = by_pid(watched.report())[root.pid]
    assert f"{root.pid} python3 renamed itself first" in watched.text
    assert f"{root.pid} first renamed itself second" in watched.text and "renamed itself sleep" not in watched.text
    assert [name["comm"] for name in process["names"]] == ["python3", "first", "second", "sleep"]
    assert process["names"][2]["at_ns"] - process["names"][1]["at_ns"] > 50 * MS
    assert [(exec["at_ns"] is None, exec["argv"]) for exec in process["execs"]] == [
        (True, [PYTHON, "-c", NAMES]), (False, ["sleep", "0.2"])]
    assert process["comm"] == "sleep" and process["argv"] == ["sleep", "0.2"]
