# SPDX-License-Identifier: GPL-2.0-only
"""How attach ends: when all targets have ended, or on request; it always reports what it has recorded."""

import fcntl
import json
import os
import resource
import signal
import subprocess
import time

from conftest import PROCWATCH
from terminal import await_taken

F_SETPIPE_SZ = 1031  # not in Python 3.9's fcntl


def test_ends_when_the_targets_have_gone(watch, start):
    root = start("sh", "-c", "sleep 60 & read line", stdin=subprocess.PIPE)
    watched = watch("-p", root.pid)
    watched.wait_until_attached()
    root.stdin.close()
    root.wait()  # an unreaped zombie still exists
    time.sleep(0.3)
    assert watched.process.poll() is None, "its child processes"
    os.killpg(root.pid, signal.SIGKILL)
    assert {process["comm"] for process in watched.report()["processes"]} == {"sh", "sleep"}


def test_ctrl_c_ends_it_with_a_report(watch, start):
    root = start("sleep", "60")
    watched = watch("-p", root.pid)
    watched.wait_until_attached()
    watched.process.send_signal(signal.SIGINT)
    assert watched.report()["target"] == {"kind": "attach", "command": None, "pids": [root.pid]}
    assert root.poll() is None


def test_a_request_that_comes_as_two_signals_is_one(watch, start):
    """As from timeout(1), which signals its child and then the group."""
    watched = watch("-p", start("sleep", "60").pid)
    watched.wait_until_attached()
    # Stopped, it reads the first signal before it can get the second, however loaded this machine is.
    watched.process.send_signal(signal.SIGSTOP)
    watched.process.send_signal(signal.SIGTERM)
    watched.process.send_signal(signal.SIGCONT)
    await_taken(watched.process.pid, signal.SIGTERM)
    watched.process.send_signal(signal.SIGTERM)
    assert watched.report()["processes"]


def test_a_second_ctrl_c_aborts(watch, tmp_path):
    """While a report is written into a pipe without a reader."""
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    # On a small system the whole report fits into the 64 KiB of a pipe.
    fcntl.fcntl(reader, F_SETPIPE_SZ, 4096)
    watched = watch("-a", "-r", f"jsonl={fifo}", "-o", tmp_path / "recording")
    watched.wait_until_attached()
    watched.process.send_signal(signal.SIGINT)
    await_taken(watched.process.pid, signal.SIGINT)
    time.sleep(0.5)
    assert watched.process.poll() is None
    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(timeout=30) == -signal.SIGINT
    os.close(reader)


def test_what_is_ignored_stays_so(watch, start):
    """Under nohup, and in the background of a script, where Ctrl-C is ignored."""
    def ignore():
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGINT, signal.SIG_IGN)

    watched = watch("-p", start("sleep", "60").pid, preexec_fn=ignore)
    watched.wait_until_attached()
    for sig in (signal.SIGHUP, signal.SIGINT):
        watched.process.send_signal(sig)
    time.sleep(0.3)
    assert watched.process.poll() is None
    watched.process.send_signal(signal.SIGTERM)
    assert watched.report()["window"]["duration_ns"] > 0.3e9


def test_a_reader_that_goes_away(tmp_path):
    report = tmp_path / "report.json"
    script = f"{PROCWATCH} attach -p $$ -d 100ms -r text -r json={report} -o {report}.pwt | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("0\n", "")
    assert json.loads(report.read_text())["processes"]
    shown = subprocess.run(["bash", "-c", f"{PROCWATCH} report {report}.pwt | true; echo ${{PIPESTATUS[0]}}"],
                           capture_output=True, text=True, timeout=60)
    assert (shown.stdout, shown.stderr) == ("0\n", "")


def test_a_limit_on_file_sizes(tmp_path):
    """One error for each file that cannot be written; the report on standard output is printed."""
    done = subprocess.run([PROCWATCH, "attach", "-p", str(os.getpid()), "-d", "100ms", "-r", f"json={tmp_path}/r", "-r", "text"],
                          capture_output=True, text=True, timeout=60,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)))
    assert done.returncode == 125 and "File too large" in done.stderr and done.stderr.count("\n") == 1
    assert "1 process in" in done.stdout and os.listdir(tmp_path) == []
