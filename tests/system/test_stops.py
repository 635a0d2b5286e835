# SPDX-License-Identifier: GPL-2.0-only
"""Stops, when a run ends, and the company it is in: a shell's jobs, pipes, children it was born with."""

import os
import signal
import subprocess
import time

import pytest

from conftest import PROCWATCH
from terminal import command_of, state_of, wait_until

pytestmark = pytest.mark.usefixtures("nobody_is_left")


# ---- stops


def test_a_command_that_stops_itself_is_seen_stopped_and_continued(session):
    """Whoever waits for procwatch sees it stopped, and continues it with the command by one SIGCONT."""
    s = session("sh", "-c", "kill -STOP $$; echo went on; exit 6")
    wait_until(lambda: state_of(s.pid) == "T", what="the stop of the launcher")
    time.sleep(0.3)
    s.send(signal.SIGCONT)
    assert s.line() == "went on"
    assert s.finish()[0] == 6
    process = s.report()["processes"][0]
    assert 250e6 < process["totals_ns"]["stopped"] < 2e9


def test_a_command_continued_by_someone_else(session):
    """procwatch continues with it, though nothing continued procwatch."""
    s = session("sh", "-c", "kill -STOP $$; echo went on; exit 6")
    command = s.command("sh")
    wait_until(lambda: state_of(s.pid) == "T" and state_of(command) == "T")
    os.kill(command, signal.SIGCONT)
    assert s.line() == "went on"
    assert s.finish()[0] == 6


def test_a_stopped_command_that_is_killed(session):
    s = session("sh", "-c", "kill -STOP $$")
    command = s.command("sh")
    wait_until(lambda: state_of(s.pid) == "T")
    os.kill(command, signal.SIGKILL)
    assert s.finish()[0] == 137


def test_sigtstp_to_procwatch_stops_the_command(session):
    # A process group of its own beside ours: the kernel stops none that is orphaned, as that of a CI runner may be.
    s = session("sh", "-c", "echo $$; sleep 60; exit 6", process_group=0)
    command = int(s.line())
    s.send(signal.SIGTSTP)
    wait_until(lambda: state_of(command) == "T", what="the stop of the command")
    wait_until(lambda: state_of(s.pid) == "T", what="the stop of the launcher")
    s.send(signal.SIGCONT)
    os.kill(command_of(command, "sleep"), signal.SIGKILL)
    assert s.finish()[0] == 6


def test_the_duration_ends_while_all_is_stopped(session):
    """The command stays stopped, and procwatch does not."""
    s = session("sh", "-c", "echo $$; kill -STOP $$", options=["-d", "700ms"])
    pid = int(s.line())
    status, out, err = s.finish()
    assert (status, err) == (0, "procwatch: the recording has ended, but 1 process is still running\n")
    assert state_of(pid) == "T"
    os.kill(pid, signal.SIGKILL)


# ---- when it ends


def test_wait_leader_leaves_the_daemon_alone(session):
    s = session("sh", "-c", "sleep 30 & echo $!; sleep 0.1; exit 4", options=["--wait", "leader"])
    daemon = int(s.line())
    status, out, err = s.finish()
    assert (status, err) == (4, "procwatch: the recording has ended, but 1 process is still running\n")
    assert state_of(daemon) == "S"
    os.kill(daemon, signal.SIGKILL)


def test_wait_tree_outlasts_the_command(record):
    run = record("sh", "-c", "sleep 0.4 & exit 4")
    assert run.status == 4
    assert run.one("sleep")["exit"]["code"] == 0


def test_duration(session):
    """Never less. How much more, the machine decides that has other things to do: not every time, though."""
    longest_allowed, lasted = 0.8e9, []
    while not lasted or (min(lasted) >= longest_allowed and len(lasted) < 5):
        s = session("sh", "-c", "echo $$; exec sleep 30", options=["-d", "500ms"])
        pid = int(s.line())
        status, out, err = s.finish()
        assert (status, err) == (0, "procwatch: the recording has ended, but 1 process is still running\n")
        assert state_of(pid) == "S"
        os.kill(pid, signal.SIGKILL)
        lasted.append(s.report()["window"]["duration_ns"])
        assert lasted[-1] >= 0.5e9
    assert min(lasted) < longest_allowed


# ---- company


def test_in_the_background_of_a_script():
    """A shell without job control: SIGINT is ignored there, input is /dev/null, and wait gets the status."""
    script = f"{PROCWATCH} run sh -c 'cat; trap' & wait $!; echo status $?"
    done = subprocess.run(["sh", "-c", script], text=True, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
    assert "status 0" in done.stdout and "2 processes in" in done.stdout and done.stderr == ""


def test_a_reader_that_goes_away():
    for reader in ("head -1", "true"):
        done = subprocess.run(["bash", "-c", f"{PROCWATCH} run -- true | {reader}; echo ${{PIPESTATUS[0]}}"], text=True,
                              capture_output=True, timeout=60)
        assert done.stdout.splitlines()[-1] == "0" and done.stderr == ""
    done = subprocess.run(["bash", "-c", f"{PROCWATCH} run -r json=- -- seq 3000 2>/dev/null | head -c 10"], text=True,
                          capture_output=True, timeout=60)
    assert done.stdout == '{"schema":' and done.stderr == ""


def test_children_procwatch_was_born_with():
    """exec keeps children; they are not taken for the command."""
    done = subprocess.run(["sh", "-c", f"(sleep 0.2; exit 9) & exec {PROCWATCH} run -- sh -c 'sleep 1; exit 3'"], text=True,
                          capture_output=True, timeout=60)
    assert done.returncode == 3 and "2 processes in" in done.stdout
