# SPDX-License-Identifier: GPL-2.0-only
"""Attaching to what runs already: taken in whole, left untouched, nothing missed or doubled at the seam."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
from collections import Counter

import pytest
from conftest import PROCWATCH, PYTHON, run_procwatch

import check_report
from attaching import has_begun, links
from terminal import state_of, wait_until


@pytest.fixture
def attach(tmp_path):
    """attach(*options): a finished `procwatch attach` with its JSON report, checked to be sound."""

    def run(*options, sound=True):
        path = tmp_path / "attach.json"
        result = run_procwatch("attach", "-r", f"json={path}", *options)
        assert result.status == 0, result.stderr
        result.report = json.loads(path.read_text())
        if sound:
            result.assert_sound()
        return result

    return run


def python(code: str) -> list[str]:
    return [PYTHON, "-c", code]


def await_line(process) -> str:
    """What a test program prints when it is ready."""
    return process.stdout.readline().strip()


def await_name(pid: int, name: str) -> None:
    while open(f"/proc/{pid}/comm").read().strip() != name:
        time.sleep(0.01)


def test_takes_in_the_tree_with_its_real_start_names_and_arguments(attach, start):
    root = start("sh", "-c", "sleep 60 & sleep 61 & echo ready; wait")
    await_line(root)
    result = attach("-p", root.pid, "-d", "300ms")
    assert len(result.processes) == 3
    shell = result.process_of(root.pid)
    assert shell["argv"][:2] == ["sh", "-c"] and shell["exe"].endswith("sh")
    assert all(entry["seeded"] and entry["start_ns"] < 0 for entry in result.processes)
    for entry in result.named("sleep"):
        ticks = int(open(f"/proc/{entry['pid']}/stat").read().rsplit(")", 1)[1].split()[19])
        boot_ns = time.clock_gettime_ns(time.CLOCK_BOOTTIME) - time.monotonic_ns()
        start_ns = entry["start_ns"] + result.report["window"]["start_ns"] + boot_ns
        assert abs(start_ns / 1e9 - ticks / os.sysconf("SC_CLK_TCK")) < 0.02
        assert entry["parents"][0]["pid"] == root.pid


def test_sees_each_state_at_the_moment_of_attaching(attach, start):
    code = """
import os, signal, subprocess, sys, time
spin = os.fork()
if not spin:
    while True: pass
stopped = os.fork()
if not stopped: time.sleep(60)
os.kill(stopped, signal.SIGSTOP)
os.waitpid(stopped, os.WUNTRACED)
zombie = os.fork()
if not zombie: os._exit(3)
os.waitid(os.P_PID, zombie, os.WEXITED | os.WNOWAIT)
print(spin, stopped, zombie, flush=True)
time.sleep(60)
"""
    root = start(*python(code))
    spin, stopped, zombie = map(int, await_line(root).split())
    wait_until(lambda: state_of(root.pid) == "S")
    result = attach("-p", root.pid, "-d", "400ms")
    first = {entry["pid"]: entry["threads"][0]["intervals"][0] for entry in result.processes if entry["threads"][0]["intervals"]}
    assert first[spin]["state"] in ("running", "ready")
    assert first[stopped]["state"] == "stopped"
    assert first[root.pid]["state"] == "blocked"
    dead = result.process_of(zombie)
    assert dead["zombie"] is not None and dead["zombie"]["to_ns"] is None
    assert dead["exit"]["code"] == 3
    assert result.process_of(stopped)["totals_ns"]["stopped"] > 350e6


def test_a_thread_means_its_process(attach, start):
    code = "import threading, time; t = threading.Thread(target=time.sleep, args=(60,)); t.start(); print(t.native_id, flush=True)"
    root = start(*python(code))
    tid = int(await_line(root))
    result = attach("-p", tid, "-d", "200ms")
    assert [entry["pid"] for entry in result.processes] == [root.pid]
    assert {thread["tid"] for thread in result.processes[0]["threads"]} == {root.pid, tid}


def end_of(watched):
    watched.process.send_signal(signal.SIGINT)
    return watched.report()["processes"]


def test_no_children_watches_the_process_alone(watch, start):
    root = start("sh", "-c", "while read line; do sleep 0.01; echo done; done", stdin=subprocess.PIPE)
    for options, names in ((["--no-children"], ["sh"]), ([], ["sh", "sleep", "sleep"])):
        watched = watch("-p", root.pid, *options)
        watched.wait_until_attached()
        for _ in range(2):
            root.stdin.write("go\n")
            root.stdin.flush()
            assert await_line(root) == "done"
        assert sorted(entry["comm"] for entry in end_of(watched)) == names


def test_a_name_matches_now_and_later(watch, start, tmp_path):
    for name in ("pwname1", "pwname2"):
        shutil.copy("/bin/sleep", tmp_path / name)
    already = start(tmp_path / "pwname1", "60")
    await_name(already.pid, "pwname1")
    watched = watch("-n", "pwname?")
    watched.wait_until_attached()
    later = start("sh", "-c", f"{tmp_path}/pwname2 0.2; echo done")
    assert await_line(later) == "done"
    first, second = sorted(end_of(watched), key=lambda entry: entry["comm"])
    assert (first["pid"], first["comm"]) == (already.pid, "pwname1")
    assert (second["exit"]["code"], second["comm"]) == (0, "pwname2")


@pytest.mark.parametrize("pattern", ["*wname*", "*p*n*m*", "p?n?m*", "*" + "?" * 6 + "*", "*" * 50 + "pwname3"])
def test_no_pattern_is_too_much_for_the_verifier(attach, start, tmp_path, pattern):
    """It sees the pattern as a constant, and may follow every way to match it."""
    shutil.copy("/bin/sleep", tmp_path / "pwname3")
    process = start(tmp_path / "pwname3", "60")
    await_name(process.pid, "pwname3")
    result = attach("-n", pattern, "-u", "root", "-d", "100ms")
    assert process.pid in [entry["pid"] for entry in result.processes]


def test_a_user(attach, start):
    await_name(start("setpriv", "--reuid=61234", "--clear-groups", "sleep", "60").pid, "sleep")
    result = attach("-u", "61234", "-d", "200ms")
    assert [entry["comm"] for entry in result.processes] == ["sleep"]
    assert result.processes[0]["uid"] == 61234


def test_a_user_that_a_process_becomes(watch, start):
    """Without an exec, as a server's workers do; its threads too."""
    code = "import os, sys, threading, time; threading.Thread(target=time.sleep, args=(60,)).start(); " \
           "sys.stdin.readline(); os.setuid(61235); time.sleep(60)"
    process = start(*python(code), stdin=subprocess.PIPE)
    watched = watch("-u", "61235", "--wait")
    watched.wait_until_attached()
    process.stdin.write("go\n")
    process.stdin.flush()
    time.sleep(3)
    entry, = end_of(watched)
    assert (entry["pid"], entry["uid"], len(entry["threads"])) == (process.pid, 61235, 2)


def test_nothing_is_done_to_the_target(attach, start):
    """No signal, no stop, no tracer: it counts its own interruptions and looks at its own status."""
    code = """
import signal, time
caught = []
for s in set(signal.Signals) - {signal.SIGKILL, signal.SIGSTOP}:
    signal.signal(s, lambda n, f: caught.append(n))
print("ready", flush=True)
end = time.monotonic() + 1.5
tracers = set()
while time.monotonic() < end:
    tracers.add([l for l in open("/proc/self/status") if l.startswith("TracerPid")][0].split()[1])
    time.sleep(0.01)
print(caught, tracers, flush=True)
"""
    root = start(*python(code))
    await_line(root)
    attach("-p", root.pid, "-d", "700ms")
    assert await_line(root) == "[] {'0'}"


STORM = """
import os, sys, threading, time
over = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), over.set())).start()
count = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY)
out = []
while not over.is_set():
    os.pwrite(count, b"%9d" % len(out), 0)
    if not out: print("ready", flush=True)
    before = time.monotonic_ns()
    pid = os.fork()
    if not pid: os._exit(0)
    after = time.monotonic_ns()
    os.waitpid(pid, 0)
    out.append((before, after, time.monotonic_ns(), pid))
for row in out: print(*row)
"""


def test_a_fork_storm_in_progress_is_neither_lost_nor_doubled(tmp_path):
    """The storm prints its forks and reaps: the report has each process since the attach once, and no other."""
    for _ in range(int(os.environ.get("PW_ATTACHES", "3"))):
        path, count = tmp_path / "storm.json", tmp_path / "count"
        storm = subprocess.Popen([*python(STORM), count], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        storm.stdout.readline()
        watcher = subprocess.Popen([PROCWATCH, "attach", "-p", str(storm.pid), "-r", f"json={path}"])
        while not has_begun(watcher.pid):
            pass
        enough = int(count.read_text()) + 400
        while int(count.read_text()) < enough:
            time.sleep(0.01)
        watcher.send_signal(signal.SIGINT)
        assert watcher.wait(timeout=60) == 0
        storm.stdin.close()
        rows = [tuple(map(int, line.split())) for line in storm.stdout]
        assert storm.wait() == 0
        storm.stdout.close()
        report = json.loads(path.read_text())
        assert check_report.problems(report, schema=False) == [] and report["events"]["lost"] == 0
        zero = report["window"]["start_ns"]
        end = zero + report["window"]["duration_ns"]
        own = next(entry for entry in report["processes"] if entry["pid"] == storm.pid)
        first = own["threads"][0]["intervals"][0]
        found, watched = zero + first["from_ns"], zero + first["to_ns"]  # watched at the latest by what is seen of it first
        born = Counter(entry["pid"] for entry in report["processes"] if entry is not own)
        inside = Counter(pid for before, after, _, pid in rows if watched < before and after < end)
        touching = Counter(pid for before, _, reaped, pid in rows if found < reaped and before < end)
        assert inside.total() > 300
        assert inside <= born <= touching


def test_everything(attach, start):
    """-a: this very test is in it, kernel threads are, procwatch is not."""
    start("sleep", "60")
    result = attach("-a", "-d", "500ms")
    names = {entry["comm"] for entry in result.processes}
    assert "sleep" in names and "kthreadd" in names
    own = [entry["pid"] for entry in result.processes if entry["parents"][0]["pid"] == os.getpid() and entry["comm"] == "procwatch"]
    assert own == []
    assert result.report["target"]["kind"] == "system"
    assert os.getpid() in {entry["pid"] for entry in result.processes}


@pytest.mark.parametrize("everything", [True, False])
def test_the_reader_runs_before_all_else(watch, start, tmp_path, everything):
    """A reader that waits for a CPU behind its tasks would lose records; the writer of a report is in no hurry."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    target = ["-a"] if everything else ["-p", str(start("sleep", "60").pid)]
    watched = watch(*target, "-r", f"jsonl={fifo}")
    watched.wait_until_attached()
    assert os.sched_getscheduler(watched.process.pid) & ~os.SCHED_RESET_ON_FORK == os.SCHED_RR
    watched.process.send_signal(signal.SIGINT)
    wait_until(lambda: os.sched_getscheduler(watched.process.pid) & ~os.SCHED_RESET_ON_FORK == os.SCHED_OTHER)
    watched.process.kill()
    os.close(reader)


def test_a_control_group(watch, start):
    """What is in it, what is born in it, and what is moved into it later."""
    root = next((line.split()[1] for line in open("/proc/mounts") if line.split()[2] == "cgroup2"), None)
    if not root:
        pytest.skip("no control groups of version 2 are mounted")
    group = pathlib.Path(root) / f"procwatch-test-{os.getpid()}"
    group.mkdir()
    try:
        first = start("sleep", "60")
        outside = start("sh", "-c", "read line; sleep 0.1; exit 5", stdin=subprocess.PIPE)
        (group / "cgroup.procs").write_text(str(first.pid))
        watched = watch("--cgroup", group, "--width", "400")
        watched.wait_until_attached()
        (group / "cgroup.procs").write_text(str(outside.pid))
        outside.stdin.close()
        outside.wait()
        entries = {entry["pid"]: entry for entry in end_of(watched)}
        assert {first.pid, outside.pid} < set(entries) and len(entries) == 3
        assert entries[first.pid]["cgroup"] == entries[outside.pid]["cgroup"] == f"/{group.name}"
        born, = (entry for entry in entries.values() if not entry["seeded"])
        assert born["comm"] == "sleep" and born["fork_parent"]["pid"] == outside.pid
        assert f"control group {group}" in watched.text
        first.kill()
        first.wait()
    finally:
        time.sleep(0.1)
        group.rmdir()


@pytest.mark.parametrize("options, status, words", [
    (["-p", "4194303"], 125, "no process 4194303"),
    (["-p", "12abc"], 2, "value '12abc'"),
    (["-p", ""], 2, "value ''"),
    (["-p", "2"], 2, "kernel thread"),
    (["-p", "-1"], 2, "value '-1'"),
    (["-p", "0"], 2, "value '0'"),
    (["-p", "99999999999999999999"], 2, "process numbers"),
    (["-p", "1,,2"], 2, "value ''"),
    (["-p", ",".join(["1"] * 9999 + ["4194303"])], 125, "no process 4194303"),
    (["-p", "1", "--wait"], 2, "'--wait' needs something to wait for"),
    (["-n", ""], 2, "for '--name'"),
    (["-n", "gnome-terminal-server", "--wait"], 2, "cuts names after 15 bytes"),
    (["-n", "*longer-than-15*??", "-d", "1s"], 2, "cuts names after 15 bytes"),
    (["-n", "*exactly-15-long*", "-d", "1s"], 125, "no running process matches"),
    (["-a", "--no-children"], 2, "leave out --no-children"),
    (["--cgroup", ""], 2, "expected the directory of a cgroup"),
    (["--cgroup", "/sys/fs/cgroup/no-such-group-here"], 2, "expected the directory of a cgroup"),
    ([], 2, "nothing to record"),
    (["-a", "-p", "1"], 2, "'-a' already selects everything"),
    (["-n", "no-such-name", "-d", "1s"], 125, "no running process matches"),
    (["-u", "no-such-user"], 2, "unknown user 'no-such-user'"),
    (["--cgroup", "/no/such/group"], 2, "expected the directory of a cgroup"),
    (["--cgroup", "/tmp"], 2, "expected the directory of a cgroup"),
    (["1234"], 2, "unexpected argument '1234'; did you mean '-p 1234'?"),
])
def test_bad_input_gets_one_line_and_its_status(options, status, words):
    result = run_procwatch("attach", *options)
    assert result.status == status, result.stderr
    assert len(result.stderr.splitlines()) == 1 and words in result.stderr
    assert result.stdout == ""


def test_procwatch_itself_is_refused():
    done = subprocess.run(["sh", "-c", f"exec {PROCWATCH} attach -p $$"], capture_output=True, text=True)
    assert done.returncode == 2 and len(done.stderr.splitlines()) == 1 and "is procwatch itself" in done.stderr


def meanwhile(pid, change, *options):
    """Attaches to pid, and makes the change when procwatch has looked it up and begun to load."""
    watcher = subprocess.Popen([PROCWATCH, "attach", "-p", str(pid), *options], stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    while not any(link.startswith("anon_inode:bpf") for link in links(watcher.pid)):
        pass
    watcher.send_signal(signal.SIGSTOP)
    if has_begun(watcher.pid):  # too late: this machine held up the test
        end(watcher)
        return meanwhile(pid, change, *options)
    change()
    watcher.send_signal(signal.SIGCONT)
    out, err = watcher.communicate(timeout=30)
    return watcher.returncode, out, err


def end(process):
    process.kill()
    process.wait()


def test_a_target_that_dies_while_being_attached(start):
    target = start("sleep", "60")
    status, out, err = meanwhile(target.pid, lambda: end(target))
    assert (status, out) == (125, "")
    assert err == f"procwatch: process {target.pid} ended before it could be watched\n"


def test_one_of_two_that_dies_while_being_attached(start, tmp_path):
    first, second = start("sleep", "60"), start("sleep", "60")
    path = tmp_path / "one.json"
    status, out, err = meanwhile(f"{first.pid},{second.pid}", lambda: end(first), "-d", "300ms", "-r", f"json={path}")
    assert status == 0, err
    assert err == "procwatch: 1 of 2 processes ended before they could be watched\n"
    report = json.loads(path.read_text())
    assert report["target"]["pids"] == [second.pid] == [entry["pid"] for entry in report["processes"]]


def test_a_number_that_is_used_again_while_being_attached(start):
    """Whoever has the number now was not asked for."""
    last_pid = pathlib.Path("/proc/sys/kernel/ns_last_pid")
    target, other = start("sleep", "60"), []

    def take_the_number():
        end(target)
        for _ in range(50):
            last_pid.write_text(str(target.pid - 1))
            other.append(start("sleep", "60"))
            if other[-1].pid == target.pid:
                return

    if not last_pid.exists():
        pytest.skip("this kernel cannot be told the next number (CONFIG_CHECKPOINT_RESTORE)")
    status, out, err = meanwhile(target.pid, take_the_number)
    if other[-1].pid != target.pid:
        pytest.skip("the number was not to be had")
    assert (status, out) == (125, "")
    assert err == f"procwatch: process {target.pid} ended before it could be watched; its pid now belongs to another process\n"


def test_waits_for_a_match_when_asked_to(watch, start, tmp_path):
    shutil.copy("/bin/sleep", tmp_path / "pwlater")
    watched = watch("-n", "pwlater", "--wait")
    watched.wait_until_attached()
    start(tmp_path / "pwlater", "0.3").wait()
    entry, = end_of(watched)
    assert entry["exit"]["code"] == 0


def test_ten_thousand_numbers(attach, start):
    processes = [start("sleep", "60") for _ in range(3)]
    listed = ",".join(str(processes[i % 3].pid) for i in range(10_000))
    result = attach("-p", listed, "-d", "200ms")
    assert sorted(entry["pid"] for entry in result.processes) == sorted(p.pid for p in processes)


def test_in_a_pid_namespace_numbers_are_its_own(tmp_path):
    """There every process has two numbers; the one to attach by is the one its /proc shows."""
    script = f"""sleep 20 & sleeper=$!
        sh -c 'sleep 20 & wait' & tree=$!
        {PROCWATCH} attach -q -p $sleeper -p $tree -d 500ms -r json={tmp_path}/report
        echo $? $sleeper $tree; kill $sleeper $tree"""
    done = subprocess.run(["unshare", "-p", "-f", "--mount-proc", "sh", "-c", script], capture_output=True, text=True, timeout=60)
    if "unshare" in done.stderr:
        pytest.skip(f"no PID namespace can be made here: {done.stderr.strip()}")
    status, sleeper, tree = map(int, done.stdout.split())
    assert (status, done.stderr) == (0, "")
    entries = {entry["ns_pid"]: entry for entry in json.loads((tmp_path / "report").read_text())["processes"]}
    assert {sleeper, tree} < set(entries) and len(entries) == 3
    assert entries[sleeper]["argv"] == ["sleep", "20"] and entries[tree]["exe"] == os.path.realpath("/bin/sh")
    assert all(entry["pid"] != number for number, entry in entries.items())
