# SPDX-License-Identifier: GPL-2.0-only
"""Least privilege: which capabilities procwatch needs and keeps, and that the command gets none."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess

import pytest

from conftest import PROCWATCH
from terminal import wait_until

THREE = ("bpf", "perfmon", "dac_read_search")
BITS = {"chown": 0, "dac_override": 1, "dac_read_search": 2, "fowner": 3, "kill": 5, "setgid": 6, "setuid": 7,
        "sys_admin": 21, "sys_resource": 24, "perfmon": 38, "bpf": 39}
NOBODY = ("--reuid=65534", "--regid=65534", "--clear-groups")


def mask(*caps: str) -> int:
    return sum(1 << BITS[cap] for cap in caps)


def status_of(pid: int) -> dict[str, int]:
    """The capability sets of a process (CapEff and others) from the kernel."""
    text = pathlib.Path(f"/proc/{pid}/status").read_text()
    return {name: int(value, 16) for name, value in re.findall(r"^(Cap\w+):\s*(\w+)", text, re.M)}


def children_of(pid: int) -> list[int]:
    return [int(child) for task in pathlib.Path(f"/proc/{pid}/task").iterdir()
            for child in (task / "children").read_text().split()]


def comm_of(pid: int) -> str:
    return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()


class Running:
    """A run in progress: the launcher, the recorder and the command, which sleeps."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process = process
        self.launcher = process.pid
        wait_until(lambda: "sleep" in map(comm_of, children_of(self.launcher)), timeout=20, what="the command")
        # The command may run a moment before the launcher knows.
        few = mask("kill", "chown", "dac_override", "fowner")
        wait_until(lambda: not status_of(self.launcher)["CapPrm"] & ~few, timeout=20, what="capabilities given up")
        self.command = next(pid for pid in children_of(self.launcher) if comm_of(pid) == "sleep")
        self.recorder = next(pid for pid in children_of(self.launcher) if comm_of(pid) == "procwatch")

    def held(self, pid: int) -> tuple[int, int]:
        caps = status_of(pid)
        return caps["CapEff"], caps["CapPrm"]


@pytest.fixture
def start():
    """start(*words): runs a command that ends in a sleep; at the end stops it and checks its output."""
    processes = []

    def run(*words, **kwargs) -> Running:
        processes.append(subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                          **kwargs))
        return Running(processes[-1])

    yield run
    for process in processes:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
        assert process.returncode == 128 + signal.SIGINT, err


@pytest.fixture
def place(tmp_path_factory):
    """A folder that every user can write to, on a filesystem that stores capabilities."""
    folder = pathlib.Path(subprocess.check_output(["mktemp", "-d", "/var/tmp/procwatch-XXXXXX"], text=True).strip())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def with_caps(place):
    """with_caps(TEXT): a copy of procwatch with these file capabilities."""

    def make(text: str) -> pathlib.Path:
        path = place / "procwatch"
        shutil.copy(PROCWATCH, path)
        done = subprocess.run(["setcap", text, str(path)], capture_output=True, text=True)
        if done.returncode:
            pytest.skip(f"no file can have capabilities here: {done.stderr.strip()}")
        return path

    return make


def ambient(*caps: str) -> list[str]:
    words = ",".join(f"+{cap}" for cap in caps)
    return ["setpriv", *NOBODY, f"--inh-caps={words}", f"--ambient-caps={words}"]


# ---- what is kept


def test_roots_recorder_keeps_nothing_and_its_launcher_may_kill(start):
    run = start(PROCWATCH, "run", "sleep", "30")
    assert run.held(run.recorder) == (0, 0)
    assert run.held(run.launcher) == (mask("kill"),) * 2
    assert status_of(run.command) == status_of(os.getpid()), "the command is root as we are"


def test_roots_reports_in_files_take_two_more(start, tmp_path):
    run = start(PROCWATCH, "run", "-r", f"json={tmp_path}/report", "sleep", "30")
    assert run.held(run.recorder) == (mask("dac_override", "fowner"),) * 2


def test_a_report_in_a_folder_of_another_user(place, tmp_path):
    """Root keeps only the capabilities that finishing the report needs."""
    os.chown(place, 65534, 65534)
    place.chmod(0o755)
    path = place / "report.json"
    for again in (False, True):
        done = subprocess.run([PROCWATCH, "run", "-r", f"json={path}", "-o", place / "x.pwt", "true"], capture_output=True,
                              text=True, env=os.environ | {"SUDO_UID": "65534", "SUDO_GID": "65534"}, timeout=60)
        assert (done.returncode, done.stderr) == (0, ""), f"{again}: {done.stderr}"
        assert path.stat().st_uid == 65534 and json.loads(path.read_text())["processes"][0]["reap"]
    assert sorted(os.listdir(place)) == ["report.json", "x.pwt"]


def test_attach_gives_up_everything_once_it_has_looked(start):
    sleeper = subprocess.Popen(["sleep", "30"])
    watcher = subprocess.Popen([PROCWATCH, "attach", "-p", str(sleeper.pid)], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True)
    try:
        wait_until(lambda: status_of(watcher.pid)["CapEff"] == 0, timeout=20, what="capabilities given up")
        assert status_of(watcher.pid)["CapPrm"] == 0
    finally:
        sleeper.terminate()
        sleeper.wait()
        out, err = watcher.communicate(timeout=30)
    assert (watcher.returncode, err) == (0, "") and "1 process" in out


def test_the_three_of_a_user(start):
    run = start(*ambient(*THREE), PROCWATCH, "run", "sleep", "30")
    assert run.held(run.recorder) == (0, 0) and run.held(run.launcher) == (0, 0)
    assert status_of(run.command)["CapEff"] == mask(*THREE), "ambient ones are the caller's own"


# ---- capabilities of the file


def test_capabilities_of_the_file_are_not_for_the_command(start, with_caps):
    path = with_caps("cap_bpf,cap_perfmon,cap_dac_read_search=ep")
    run = start("setpriv", *NOBODY, path, "run", "sleep", "30")
    assert run.held(run.recorder) == (0, 0) and run.held(run.launcher) == (0, 0)
    caps = status_of(run.command)
    assert caps["CapEff"] == caps["CapPrm"] == caps["CapInh"] == caps["CapAmb"] == 0


def test_the_command_of_a_file_with_capabilities_finds_its_environment(with_caps):
    """The C library removes these variables from a program with more privileges than its caller."""
    path = with_caps("cap_bpf,cap_perfmon,cap_dac_read_search=ep")
    env = {"PATH": os.environ["PATH"], "LD_LIBRARY_PATH": "/nowhere", "TMPDIR": "/tmp", "NAME": "a b\n=c", "EMPTY": ""}
    script = 'tr "\\0" "|" </proc/self/environ'
    run = ["setpriv", *NOBODY, path, "run", "-r", "none", "--", "sh", "-c", script]
    done = subprocess.run(run, env=env, capture_output=True, text=True, timeout=60)
    bare = subprocess.run(run[:4] + ["sh", "-c", script], env=env, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(done.stdout.split("|")) == sorted(bare.stdout.split("|"))


def test_capabilities_of_the_file_open_no_door(with_caps, place):
    """File capabilities allow reading what the user may not; they reach neither the report's folder nor the command."""
    path = with_caps("cap_bpf,cap_perfmon,cap_dac_read_search=ep")
    secret = place / "secret"
    secret.mkdir(mode=0o700)
    shutil.copy("/bin/true", secret / "true")
    (secret / "file.pwt").write_bytes(b"secret")
    (secret / "open").mkdir()
    (secret / "open").chmod(0o777)
    user = ["setpriv", *NOBODY, path]
    for words in (["run", secret / "true"], ["run", "-o", secret / "open" / "x", "true"], ["report", secret / "file.pwt"],
                  ["run", "-r", f"json={secret}/open/x", "true"]):
        done = subprocess.run([*user, *map(str, words)], capture_output=True, text=True, timeout=60)
        assert done.returncode in (125, 126) and "ermission denied" in done.stderr, (words, done.stdout, done.stderr)
    assert os.listdir(secret / "open") == []


@pytest.mark.parametrize("lack, name", [("cap_bpf", "CAP_BPF"), ("cap_perfmon", "CAP_PERFMON")])
def test_the_missing_one_is_named(with_caps, lack, name):
    caps = ",".join(f"cap_{cap}" for cap in THREE if f"cap_{cap}" != lack)
    done = subprocess.run(["setpriv", *NOBODY, with_caps(f"{caps}=ep"), "run", "true"], capture_output=True, text=True,
                          timeout=60)
    assert done.returncode == 125 and done.stderr.count("\n") == 1
    assert re.search(rf"who lacks {name}: run it with sudo, or give it to procwatch \(sudo setcap", done.stderr)


def test_set_user_id_is_refused(with_caps, place):
    path = place / "procwatch"
    shutil.copy(PROCWATCH, path)
    path.chmod(0o4755)
    done = subprocess.run(["setpriv", *NOBODY, path, "run", "id"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 125 and done.stdout == "" and "set-user-ID" in done.stderr and "setcap" in done.stderr


# ---- what launching takes


def test_another_user_takes_setuid_and_setgid():
    done = subprocess.run(["setpriv", "--bounding-set=-setuid", "--inh-caps=-setuid", PROCWATCH, "run", "--user", "nobody", "id"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 125 and "CAP_SETUID and CAP_SETGID" in done.stderr


def test_sudos_command_gets_its_signals_all_the_same(start):
    """The command runs as another user, and the launcher keeps the capability to signal it."""
    run = start(PROCWATCH, "run", "sleep", "30", env=os.environ | {"SUDO_UID": "65534", "SUDO_GID": "65534"})
    assert run.held(run.launcher) == (mask("kill", "chown"),) * 2 and run.held(run.recorder) == (mask("chown"),) * 2
    assert pathlib.Path(f"/proc/{run.command}").stat().st_uid == 65534
    assert status_of(run.command)["CapEff"] == 0


def test_nothing_of_bpf_is_asked_for_afterwards(start, tmp_path):
    """Once the hooks are attached, everything up to the last report works without capabilities and bpf()."""
    trace = tmp_path / "trace"
    done = subprocess.run(["strace", "-f", "-e", "trace=bpf,capset,perf_event_open", "-o", trace, PROCWATCH, "run", "-r", "json",
                           "--", "sh", "-c", "true; true"], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["events"]["skipped_by"] == [] and len(report["processes"]) == 1
    lines = trace.read_text().splitlines()
    recorder = next(line.split()[0] for line in lines if " bpf(BPF_PROG_LOAD" in line)
    own = [line for line in lines if line.startswith(f"{recorder} ")]
    last = max(i for i, line in enumerate(own) if "capset(" in line)
    assert "effective=0" in own[last], own[last]
    assert [line for line in own[last + 1:] if "bpf(" in line] == []


# ---- nothing stays behind


def programs_of(pid: int) -> set[int]:
    """The ids of the BPF programs that a process has open."""
    texts = (path.read_text() for path in pathlib.Path(f"/proc/{pid}/fdinfo").iterdir())
    return {int(number) for text in texts for number in re.findall(r"^prog_id:\s*(\d+)", text, re.M)}


def programs_of_all() -> set[int]:
    bpftool = shutil.which("bpftool", path=os.environ["PATH"] + ":/usr/sbin")
    done = subprocess.run([bpftool, "-j", "prog", "show"], capture_output=True, text=True, check=True)
    return {program["id"] for program in json.loads(done.stdout)}


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_kernel_lets_go_of_every_program(how):
    """The kernel closes the programs in the background, where it can."""
    process = subprocess.Popen([PROCWATCH, "run", "-r", "none", "sleep", "30"], stderr=subprocess.DEVNULL)
    run = Running(process)
    ours = programs_of(run.recorder)
    assert len(ours) >= 10 and ours <= programs_of_all()
    os.kill(run.command, how)
    if how == signal.SIGKILL:
        os.kill(run.recorder, how)
    process.wait(timeout=30)
    wait_until(lambda: not ours & programs_of_all(), timeout=20, what="the end of the programs")
