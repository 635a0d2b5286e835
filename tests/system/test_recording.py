# SPDX-License-Identifier: GPL-2.0-only
"""Recordings: rendered later they give the same reports as the live run, and what is no recording is refused."""

import contextlib
import csv
import io
import json
import os
import pty
import re
import signal
import struct
import subprocess
import time
import zlib

import pytest

from conftest import PROCWATCH, PROGRAMS, PYTHON, ROOT, check_report, run_procwatch

FORMATS = ("text", "json", "jsonl", "csv")


def wants(folder, formats=FORMATS):
    return [word for name in formats for word in ("-r", f"{name}={folder / name}")]


def report(*args, **kwargs):
    return run_procwatch("report", *args, **kwargs)


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    """A small one, and the bytes of it."""
    path = tmp_path_factory.mktemp("recording") / "zombie.pwt"
    done = run_procwatch("run", "-o", path, "-r", "none", "demo_zombie", "--hold", "50ms")
    assert done.status == 0, done.stderr
    return path.read_bytes()


@pytest.mark.parametrize("command", [
    ["demo_zombie"],
    ["demo_orphan"],
    ["demo_pool", "--task", "20ms"],
    [PROGRAMS / "threads"],
    [PYTHON, ROOT / "src" / "course" / "pool" / "twin.py"],
    ["sh", "-c", "for i in $(seq 200); do /bin/true; done"],
    [str(PROGRAMS / "account"), "pingpong", "20000"],
], ids=lambda command: os.path.basename(str(command[0])))
def test_reports_are_those_of_the_live_run(tmp_path, command):
    (live, later) = tmp_path / "live", tmp_path / "later"
    live.mkdir()
    later.mkdir()
    done = run_procwatch("run", "-o", tmp_path / "run.pwt", *wants(live), "--", *command)
    assert (live / "json").exists(), done.stderr
    assert not (tmp_path / "run.pwt.partial").exists()
    rendered = report(*wants(later), tmp_path / "run.pwt")
    assert (rendered.status, rendered.stderr) == (0, "")
    for name in FORMATS:
        assert (live / name).read_bytes() == (later / name).read_bytes()
    assert check_report.problems(json.loads((later / "json").read_text())) == []


def test_attach(tmp_path):
    (live, later) = tmp_path / "live", tmp_path / "later"
    live.mkdir()
    later.mkdir()
    done = run_procwatch("attach", "-a", "-d", "300ms", "-o", tmp_path / "a.pwt", *wants(live))
    assert done.status == 0, done.stderr
    assert report(*wants(later), tmp_path / "a.pwt").status == 0
    for name in FORMATS:
        assert (live / name).read_bytes() == (later / name).read_bytes()


def test_through_pipes_and_without_root(tmp_path):
    """-o - makes standard output the recording; report needs neither seeking nor privilege."""
    run = subprocess.Popen([PROCWATCH, "run", "-o", "-", "--", "sh", "-c", "echo words"],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    done = run_procwatch("report", "-r", "json", "-", stdin=run.stdout, user=65534, group=65534, extra_groups=[])
    assert b"words" in run.communicate()[1]
    assert (run.returncode, done.status, done.stderr) == (0, 0, "")
    assert check_report.problems(json.loads(done.stdout)) == []


def test_jsonl_and_csv_say_what_json_says(tmp_path, recording):
    (tmp_path / "r.pwt").write_bytes(recording)
    assert report(*wants(tmp_path), tmp_path / "r.pwt").status == 0
    whole = json.loads((tmp_path / "json").read_text())
    processes = [json.loads(line) for line in (tmp_path / "jsonl").read_text().splitlines()]
    assert processes == [{key: value for key, value in process.items() if key != "threads"} for process in whole["processes"]]
    rows = list(csv.DictReader(io.StringIO((tmp_path / "csv").read_bytes().decode(), newline="")))
    for process in whole["processes"]:
        for state, total in process["totals_ns"].items():
            own = [int(r["to_ns"]) - int(r["from_ns"]) for r in rows
                   if int(r["pid"]) == process["pid"] and r["state"] == state]
            assert sum(own) == total


# ---- views


@pytest.fixture(scope="module")
def pool(tmp_path_factory):
    path = tmp_path_factory.mktemp("recording") / "pool.pwt"
    run_procwatch("run", "-o", path, "-r", "none", "demo_pool", "--task", "50ms")
    return path


def processes_of(path, *options):
    return json.loads(report("-r", "json", *options, path).stdout)["processes"]


def test_sort_and_top(pool):
    every = processes_of(pool)
    for key, value in (("pid", lambda p: p["pid"]), ("cpu", lambda p: -p["cpu_ns"]), ("name", lambda p: p["comm"]),
                       ("zombie", lambda p: -p["totals_ns"]["zombie"]), ("start", lambda p: p["start_ns"])):
        expected = [process["pid"] for process in sorted(every, key=value)]
        assert [process["pid"] for process in processes_of(pool, "--sort", key)] == expected
        assert [process["pid"] for process in processes_of(pool, "--sort", key, "--top", "2")] == expected[:2]
        lines = report("-r", "jsonl", "--sort", key, "--top", "3", pool).stdout.splitlines()
        assert [json.loads(line)["pid"] for line in lines] == expected[:3]


def test_since_and_until(pool):
    (since, until) = (60_000_000, 90_000_000)
    chosen = processes_of(pool, "--since", "60ms", "--until", "90ms")
    for process in chosen:
        for thread in process["threads"]:
            for span in thread["intervals"]:
                assert since <= span["from_ns"] < span["to_ns"] <= until
    whole = [[span for span in thread["intervals"] if span["from_ns"] < until and span["to_ns"] > since]
             for process in processes_of(pool) for thread in process["threads"]]
    assert sum(map(len, whole)) == sum(len(t["intervals"]) for process in chosen for t in process["threads"])
    rows = list(csv.DictReader(io.StringIO(report("-r", "csv", "--since", "60ms", pool).stdout)))
    assert rows and min(int(row["from_ns"]) for row in rows) >= since
    assert "No process was alive in this window" in report("--since", "1h", pool).stdout
    assert "60" in report("--since", "60ms", "--until", "90ms", pool).stdout


def test_state(pool):
    rows = list(csv.DictReader(io.StringIO(report("-r", "csv", "--state", "running,zombie", pool).stdout)))
    assert {row["state"] for row in rows} == {"running", "zombie"}


# ---- ends that come too early


def children_of(pid):
    with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
        return [int(word) for word in f.read().split()]


def test_killed_recorder_leaves_what_it_wrote(tmp_path):
    path, partial = tmp_path / "k.pwt", tmp_path / "k.pwt.partial"
    run = subprocess.Popen([PROCWATCH, "run", "-o", path, "-r", "none", "--", "sh", "-c", "while :; do sleep 0.001; done"],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and not (partial.exists() and partial.stat().st_size > 10_000):
            time.sleep(0.1)
        recorder = [pid for pid in children_of(run.pid) if os.readlink(f"/proc/{pid}/exe") == str(PROCWATCH.resolve())]
        os.kill(recorder[0], signal.SIGKILL)
    finally:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait(30)
    assert not path.exists()
    done = report("-r", "json", partial)
    assert done.status == 0
    assert done.stderr.count("\n") == 1 and "cut short" in done.stderr
    assert json.loads(done.stdout)["events"]["received"] > 100


@contextlib.contextmanager
def small_disk(folder, size):
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def record_ping_pong(path, tmp_path, spare):
    return run_procwatch("run", "-o", path, "-r", f"json={tmp_path / 'json'}", "--", PROGRAMS / "account", "pingpong", "100000",
                         env=os.environ | {"TMPDIR": str(spare)})


def test_full_disk(tmp_path):
    """It goes on where temporary files go, and is whole there."""
    spare = tmp_path / "spare"
    spare.mkdir()
    with small_disk(tmp_path / "small", "64k") as disk:
        done = record_ping_pong(disk / "f.pwt", tmp_path, spare)
        assert done.status == 125
        saved, = spare.iterdir()
        assert done.stderr == f"procwatch: cannot write the recording '{disk}/f.pwt': No space left on device; it was saved as '{saved}' instead\n"
        assert list(disk.iterdir()) == []
    assert json.loads((tmp_path / "json").read_text())["events"]["received"] > 100_000
    rendered = report("-r", "json", saved)
    assert (rendered.status, rendered.stderr) == (0, "")
    assert rendered.stdout == (tmp_path / "json").read_text()


def test_full_disks(tmp_path):
    """What fits stays readable: the beginning where it should be, and with what the other disk took."""
    with small_disk(tmp_path / "small", "64k") as disk, small_disk(tmp_path / "spare", "320k") as spare:
        done = record_ping_pong(disk / "f.pwt", tmp_path, spare)
        partial, (rest,) = disk / "f.pwt.partial", spare.iterdir()
        assert done.status == 125 and done.stderr.count("\n") == 1
        assert f"No space left on device; to join its two parts: dd if={partial} of={rest} conv=notrunc" in done.stderr
        assert "cut short" in report(partial).stderr
        both = bytearray(rest.read_bytes())
        both[:partial.stat().st_size] = partial.read_bytes()
        (tmp_path / "both").write_bytes(both)
    assert json.loads((tmp_path / "json").read_text())["events"]["received"] > 100_000
    rendered = report("-r", "json", tmp_path / "both")
    assert rendered.status == 0 and "cut short" in rendered.stderr
    assert json.loads(rendered.stdout)["events"]["received"] > 10_000
    with small_disk(tmp_path / "third", "64k") as disk:
        done = record_ping_pong(disk / "f.pwt", tmp_path, disk)
        assert done.status == 125 and f"the part before that is in '{disk}/f.pwt.partial'" in done.stderr
        assert [p.name for p in disk.iterdir()] == ["f.pwt.partial"]


def test_nothing_is_left_of_what_never_ran(tmp_path):
    assert run_procwatch("run", "-o", tmp_path / "n.pwt", "--", "/no/such/command").status == 127
    assert list(tmp_path.iterdir()) == []


def test_cut_anywhere(tmp_path, recording):
    path = tmp_path / "cut.pwt"
    for length in range(0, len(recording), max(1, len(recording) // 60)):
        path.write_bytes(recording[:length])
        done = report("-r", "json", path)
        assert done.stderr.count("\n") == 1
        if done.status == 0:
            assert "cut short" in done.stderr
            json.loads(done.stdout)
        else:
            assert done.status == 125 and done.stdout == ""


def test_flip_any_byte(tmp_path, recording):
    path = tmp_path / "flip.pwt"
    for at in range(0, len(recording), max(1, len(recording) // 150)):
        path.write_bytes(recording[:at] + bytes([recording[at] ^ 0x10]) + recording[at + 1:])
        done = report("-r", "none", path)
        assert (done.status, done.stdout, done.stderr.count("\n")) == (125, "", 1)


# ---- what is no recording


def changed(recording, major=1, minor=0):
    head = recording[:8] + struct.pack("<HH", major, minor)
    return head + struct.pack("<I", zlib.crc32(head)) + recording[16:]


def refused(path, words, **kwargs):
    done = report("-r", "json", path, **kwargs)
    assert (done.status, done.stdout) == (125, "")
    assert done.stderr.count("\n") == 1 and words in done.stderr


def test_not_a_recording(tmp_path, recording):
    def file(content):
        path = tmp_path / "bad.pwt"
        path.write_bytes(content)
        return path

    refused(file(b""), "empty")
    refused(file(b"x"), "not a recording")
    refused(file(b"#!/bin/sh\necho a script, longer than any head\n"), "not a recording")
    refused(file(changed(recording, major=2)), "version 2")
    refused(tmp_path, "directory")
    refused(tmp_path / "none", "No such file")
    sparse = tmp_path / "zeros"
    with open(sparse, "wb") as f:
        f.truncate(10 << 30)
    refused(sparse, "not a recording")
    locked = file(recording)
    locked.chmod(0)
    tmp_path.chmod(0o755)
    assert report("-r", "none", file(changed(recording, minor=9))).status == 0


@pytest.mark.parametrize("words", [[], ["a", "b"], ["--bogus", "a"], ["-o", "x", "a"], ["-r", "nothing", "a"],
                                   ["--since", "5", "a"], ["--until", "0s", "a"], ["--sort", "x", "a"],
                                   ["--top", "0", "a"], ["--state", "run", "a"]])
def test_usage(words):
    done = report(*words)
    assert (done.status, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_the_recording_is_not_overwritten(tmp_path, recording):
    path = tmp_path / "r.pwt"
    path.write_bytes(recording)
    assert report("-r", f"json={path}", path).status == 2
    assert path.read_bytes() == recording
    both = tmp_path / "both"
    assert run_procwatch("run", "-o", both, "-r", f"json={both}", "true").status == 2
    assert not both.exists()


def test_a_recording_of_another_machine_names_no_system_call(recording, tmp_path):
    """Their numbers differ; everything else is the same."""
    path = tmp_path / "zombie.pwt"
    path.write_bytes(recording)
    command = [PROCWATCH, "report", "-r", "json", path]
    own, other = (subprocess.run([*words, *command], capture_output=True, text=True, timeout=60)
                  for words in ([], ["setarch", "i686"]))
    assert (own.returncode, other.returncode, own.stderr) == (0, 0, "")
    assert "another architecture (x86_64)" in other.stderr and other.stderr.count("\n") == 1
    assert '"interruptible:clock_nanosleep"' in own.stdout and "clock_nanosleep" not in other.stdout
    assert [process["totals_ns"] for process in json.loads(own.stdout)["processes"]] == \
        [process["totals_ns"] for process in json.loads(other.stdout)["processes"]]


# ---- progress


@pytest.fixture(scope="module")
def switches(tmp_path_factory):
    path = tmp_path_factory.mktemp("recording") / "pingpong.pwt"
    done = run_procwatch("run", "-q", "-o", path, "-r", "none", "--", PROGRAMS / "account", "pingpong", "40000")
    assert done.status == 0, done.stderr
    return path.read_bytes()


def render_slowly(data, *options):
    """Feeds `report -` for two seconds from a pipe, its standard error a terminal; what was shown there."""
    (near, far) = pty.openpty()
    child = subprocess.Popen([PROCWATCH, "report", *options, "-r", "json", "-"], stdin=subprocess.PIPE,
                             stdout=subprocess.DEVNULL, stderr=far, env=os.environ | {"TERM": "xterm"})
    os.close(far)
    for n in range(20):
        child.stdin.write(data[len(data) * n // 20:len(data) * (n + 1) // 20])
        child.stdin.flush()
        time.sleep(0.1)
    child.stdin.close()
    assert child.wait(30) == 0
    shown = b""
    with contextlib.suppress(OSError):  # the other side is closed
        while piece := os.read(near, 65536):
            shown += piece
    os.close(near)
    return shown.decode()


def test_progress_of_a_long_reading(switches):
    shown = render_slowly(switches)
    assert re.search(r"\rreading: 0\.\d million events, \d+\.\d million/s\x1b\[K", shown)
    assert shown.endswith("\r\x1b[K"), "the line is taken back"
    assert render_slowly(switches, "-q") == ""


def test_no_progress_without_a_terminal_or_within_a_second(tmp_path, switches):
    (tmp_path / "x.pwt").write_bytes(switches)
    assert report("-r", "none", tmp_path / "x.pwt").stderr == ""
