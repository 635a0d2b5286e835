# SPDX-License-Identifier: GPL-2.0-only
"""Signals and kills: the command gets every signal it would get without procwatch, and there is a report."""

import json
import os
import re
import signal
import subprocess
import time

import pytest

from attaching import links
from conftest import PROCWATCH, PYTHON
from terminal import await_taken, children_of, command_of, state_of, wait_until

pytestmark = pytest.mark.usefixtures("nobody_is_left")

# Prints the signals it gets, and ends after SIGALRM (or the signal of its first argument).
# A handler may interrupt a print(), so it calls write(). It may also run just before the wait for
# it, because Python delays handlers; so the program waits on a pipe that the signal fills.
TELLER = """
import os, select, signal, sys, time
last = signal.Signals[sys.argv[1]] if len(sys.argv) > 1 else signal.SIGALRM
def tell(number, frame):
    os.write(1, (signal.Signals(number).name + "\\n").encode())
    if number == last:
        time.sleep(0.1)
        sys.exit(3)
for s in signal.Signals:
    if s not in (signal.SIGKILL, signal.SIGSTOP, signal.SIGCHLD, signal.SIGCONT):
        signal.signal(s, tell)
woken, wake = os.pipe2(os.O_NONBLOCK)
signal.set_wakeup_fd(wake)
print("ready", flush=True)
while True:
    select.select([woken], [], [])
    os.read(woken, 100)
"""


# ---- the keyboard


def test_ctrl_c_reaches_the_command_once_and_the_report_is_printed(terminal):
    t = terminal([PROCWATCH, "run", PYTHON, "-c", TELLER, "SIGINT"])
    t.expect("ready\n")
    t.type("\x03")
    t.expect(r"\^C")
    assert t.finish() == 3
    assert t.shown.count("SIGINT\n") == 1
    assert "1 process in" in t.shown and "exit 3" in t.shown


def test_ctrl_c_of_a_plain_command(terminal):
    t = terminal([PROCWATCH, "run", "sleep", "10"])
    command_of(t.pid, "sleep")
    time.sleep(0.1)
    t.type("\x03")
    assert t.finish() == 130
    assert "SIGINT" in t.shown and "1 process in" in t.shown


def test_ctrl_backslash_is_the_commands_affair(terminal):
    t = terminal([PROCWATCH, "run", PYTHON, "-c", TELLER])
    t.expect("ready\n")
    t.type("\x1c")
    t.expect("SIGQUIT\n")
    os.kill(t.pid, signal.SIGALRM)
    assert t.finish() == 3
    assert "SIGQUIT" not in t.shown.split("1 process")[0]


def test_ctrl_z_and_fg_in_a_shell(terminal):
    """The shell sees the job stop, and the report shows the command as stopped."""
    t = terminal(["bash", "--norc", "--noediting", "-i"], env={"PS1": "prompt> ", "HISTFILE": "/dev/null"})
    t.expect("prompt> ")
    t.type(f"{PROCWATCH} run --width 100 -- sh -c 'echo go; read line; echo got $line'\n")
    t.expect("\ngo\n")
    t.type("\x1a")
    t.expect("Stopped")
    t.expect("prompt> ")
    time.sleep(0.3)
    t.type("jobs\n")
    t.expect("Stopped")
    t.expect("prompt> ")
    t.type("fg\n")
    t.expect("procwatch run.*\n")
    t.type("words\n")
    t.expect("got words\n")
    t.expect(r"T+")
    t.expect(r"stopped")
    t.expect("prompt> ")
    t.type("exit 5\n")
    assert t.finish() == 5


def test_a_command_in_the_background_that_reads_the_terminal_is_stopped(terminal):
    t = terminal(["bash", "--norc", "--noediting", "-i"], env={"PS1": "prompt> ", "HISTFILE": "/dev/null"})
    t.expect("prompt> ")
    t.type(f"{PROCWATCH} run -r none -- sh -c 'read line; echo got $line' &\n")
    t.expect("prompt> ")
    t.type_until("\n", r"Stopped")
    t.type("fg\n")
    t.expect("procwatch run.*\n")
    t.type("words\n")
    t.expect("got words\n")
    t.expect("prompt> ")
    t.type("exit\n")
    assert t.finish() == 0


def test_a_closed_terminal_hangs_up_the_command(terminal, tmp_path):
    """procwatch is the session leader here, so only procwatch gets the kernel's SIGHUP."""
    report = tmp_path / "report.json"
    t = terminal([PROCWATCH, "run", "-r", f"json={report}", "-r", "text", "sleep", "10"])
    pid = command_of(t.pid, "sleep")
    time.sleep(0.1)
    os.close(t.fd)
    t.fd = -1
    wait_until(t.ended, what="the end of procwatch")
    status = os.waitstatus_to_exitcode(os.waitpid(t.pid, 0)[1])
    t.pid = 0
    assert status == 128 + signal.SIGHUP
    process = json.loads(report.read_text())["processes"][0]
    assert (process["pid"], process["exit"]["signal"]) == (pid, signal.SIGHUP)


def test_nohup_survives_the_terminal(terminal, tmp_path):
    report = tmp_path / "report.json"
    t = terminal(["nohup", PROCWATCH, "run", "-r", f"json={report}", "sleep", "1"],
                 preexec=lambda: os.chdir(tmp_path))  # where nohup puts its nohup.out
    command_of(t.pid, "sleep")
    os.close(t.fd)
    t.fd = -1
    wait_until(t.ended, what="the end of procwatch")
    assert os.waitpid(t.pid, 0)[1] == 0
    t.pid = 0
    assert json.loads(report.read_text())["processes"][0]["exit"]["code"] == 0


# ---- kill


@pytest.mark.parametrize("sig", ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGQUIT", "SIGWINCH", "SIGRTMIN"])
def test_what_is_sent_to_procwatch_is_passed_on_once(session, sig):
    s = session(PYTHON, "-c", TELLER, sig)
    assert s.line() == "ready"
    s.send(signal.Signals[sig])
    status, out, err = s.finish()
    assert (status, err) == (3, "")
    assert out.split("\n")[0] == sig and out.count(sig + "\n") == 1
    assert s.report()["processes"][0]["exit"]["code"] == 3


@pytest.mark.parametrize("sig", ["SIGTERM", "SIGINT", "SIGHUP", "SIGUSR1", "SIGWINCH"])
def test_what_is_sent_to_the_group_arrives_once(session, sig):
    """A sender outside the group, too: a shell's kill %1."""
    s = session(PYTHON, "-c", TELLER, sig, start_new_session=True)
    assert s.line() == "ready"
    os.killpg(s.pid, signal.Signals[sig])
    status, out, err = s.finish()
    assert (status, err) == (3, "")
    assert out.count(sig + "\n") == 1


def test_several_signals_in_a_row(session):
    s = session(PYTHON, "-c", TELLER, start_new_session=True)
    assert s.line() == "ready"
    for n in range(3):
        s.send(signal.SIGUSR1)
        assert s.line() == "SIGUSR1"
        os.killpg(s.pid, signal.SIGUSR2)
        assert s.line() == "SIGUSR2"
    s.send(signal.SIGALRM)
    status, out, _ = s.finish()
    assert status == 3 and out.startswith("SIGALRM\n") and "SIGUSR" not in out.split("1 process")[0]


def test_a_plain_command_dies_of_sigterm(session):
    s = session("sleep", "10")
    s.command("sleep")
    s.send(signal.SIGTERM)
    status, out, err = s.finish()
    assert (status, err) == (143, "") and "1 process in" in out


def test_timeout_around_procwatch():
    """timeout sends SIGTERM to its child and again to the group: that is one request, not two."""
    for _ in range(2):
        done = subprocess.run(["timeout", "3", PROCWATCH, "run", "sleep", "10"], text=True, capture_output=True, timeout=60)
        assert done.returncode == 124, done.stderr
        assert "1 process in" in done.stdout and done.stderr == ""


def test_timeout_inside_procwatch(record):
    run = record("timeout", "-s", "KILL", "0.3", "sleep", "10")
    assert run.status == 137
    assert run.one("sleep")["exit"]["signal"] == 9


def test_sigterm_while_only_descendants_are_left(session):
    """The command has ended with 4; its descendant is left running."""
    s = session("sh", "-c", "sleep 3 & echo $!; exit 4")
    child = int(s.line())
    wait_until(lambda: children_of(s.pid) == [s.recorder()])
    s.send(signal.SIGTERM)
    status, out, err = s.finish()
    assert (status, err) == (4, "procwatch: the recording has ended, but 1 process is still running\n")
    assert state_of(child) == "S"
    os.kill(child, signal.SIGKILL)


def start_and_halt():
    """A run whose recorder is stopped before it has loaded anything, and the pid of that recorder."""
    while True:
        run = subprocess.Popen([PROCWATCH, "run", "echo", "words"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        recorder = wait_until(lambda: children_of(run.pid))[0]
        os.kill(recorder, signal.SIGSTOP)
        if not any("bpf" in link for link in links(recorder)):
            return run, recorder
        os.kill(recorder, signal.SIGCONT)
        run.communicate()


def test_before_anything_is_launched():
    """Ctrl-C while the hooks are being attached: nothing runs, and there is no report."""
    run, recorder = start_and_halt()
    run.send_signal(signal.SIGINT)
    await_taken(run.pid, signal.SIGINT)
    os.kill(recorder, signal.SIGCONT)
    assert run.communicate(timeout=60) == (b"", b"")
    assert run.returncode == 130


# ---- commands that ignore signals


def test_a_command_that_ignores_sigint_is_left_alone(terminal):
    t = terminal([PROCWATCH, "run", "sh", "-c", "trap '' INT HUP; echo $$; exec sleep 30"])
    pid = int(t.expect(r"(\d+)\n").group(1))
    time.sleep(0.1)
    begun = time.monotonic()
    t.type("\x03")
    t.expect("1 process in")
    assert 0.8 < time.monotonic() - begun < 2.5
    t.expect("procwatch: the recording has ended, but 1 process is still running\n")
    assert t.finish() == 130
    assert state_of(pid) == "S"
    os.kill(pid, signal.SIGKILL)


def test_a_second_ctrl_c_aborts(terminal, tmp_path):
    report = tmp_path / "report.json"
    t = terminal([PROCWATCH, "run", "-r", f"json={report}", "-r", "text", "sh", "-c", "trap '' INT; echo $$; exec sleep 30"])
    pid = int(t.expect(r"(\d+)\n").group(1))
    t.type("\x03")
    t.expect(r"\^C")
    await_taken(t.pid, signal.SIGINT)
    time.sleep(0.4)
    t.type("\x03")
    t.expect("procwatch: aborted; there is no report\n")
    assert t.finish() == 130
    assert "1 process" not in t.shown
    assert os.listdir(tmp_path) == [], "neither a report nor a piece of one"
    os.kill(pid, signal.SIGKILL)


def test_a_second_sigterm_aborts(session):
    s = session("sh", "-c", "trap '' TERM; echo $$; exec sleep 30")
    pid = int(s.line())
    s.send(signal.SIGTERM)
    await_taken(s.pid, signal.SIGTERM)
    time.sleep(0.4)
    s.send(signal.SIGTERM)
    assert s.finish() == (143, "", "procwatch: aborted; there is no report\n")
    assert os.listdir(s.folder) == []
    os.kill(pid, signal.SIGKILL)


# ---- kills


def test_a_command_that_kills_its_own_process_group(session):
    """The launcher dies, too; the recorder is in another group and reports."""
    for script in ("kill -9 0", "sleep 0.2; kill -9 0"):
        s = session("sh", "-c", script, start_new_session=True)
        status, out, err = s.finish()
        assert status == 137 and re.search(r"process(es)? in ", out)
        assert err == "procwatch: procwatch run was killed; the report shows what was recorded until then\n"
        process = s.report()["processes"][0]
        assert process["exit"]["signal"] == 9
        s.path.unlink()


def test_only_the_launcher_is_killed(session):
    s = session("sleep", "30")
    pid = s.command("sleep")
    time.sleep(0.1)
    s.send(signal.SIGKILL)
    status, out, err = s.finish()
    assert status == 137 and "1 process in" in out
    assert err.splitlines() == ["procwatch: procwatch run was killed; the report shows what was recorded until then",
                                "procwatch: the recording has ended, but 1 process is still running"]
    assert s.report()["processes"][0]["pid"] == pid
    assert state_of(pid) == "S"
    os.kill(pid, signal.SIGKILL)


def test_only_the_recorder_is_killed(session):
    """The command keeps its parent."""
    s = session("sh", "-c", "echo go; sleep 1; echo done")
    assert s.line() == "go"
    os.kill(s.recorder(), signal.SIGKILL)
    status, out, err = s.finish()
    assert (status, out, err) == (125, "done\n", "procwatch: the recorder was killed by SIGKILL (by a user or the OOM killer; check memory.max of its control group); there is no report\n")
    assert os.listdir(s.folder) == []


def test_all_of_procwatch_is_killed(session):
    """Nothing is left behind, not even a partial file."""
    s = session("sleep", "0.3")
    s.command("sleep")
    os.kill(s.recorder(), signal.SIGKILL)
    s.send(signal.SIGKILL)
    assert s.finish()[0] == 137
    assert os.listdir(s.folder) == []
