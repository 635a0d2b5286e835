# SPDX-License-Identifier: GPL-2.0-only
"""What every system test uses: procwatch itself, run as a user would, and its JSON report."""

import json
import os
import pathlib
import signal
import subprocess
import sys
from dataclasses import dataclass, field

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = pathlib.Path(os.environ.get("PW_BUILD", ROOT / "build"))
PROCWATCH = BUILD / "procwatch"
PROGRAMS = BUILD / "tests" / "programs"
PYTHON = "/usr/bin/python3"
# What the course's Python programs share.
os.environ["PYTHONPATH"] = str(ROOT / "src" / "course" / "lib")

# What is ignored here stays so in all that is started: under nohup, or in a script's background.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)

sys.path.insert(0, str(ROOT / "tests" / "reports"))
import check_report  # noqa: E402
from attaching import Watch  # noqa: E402
from session import Session  # noqa: E402
from terminal import Terminal, children_of, processes, wait_until  # noqa: E402


@dataclass
class Run:
    """One run of procwatch: what it printed, how it ended, what it reported."""

    status: int
    stdout: str
    stderr: str
    report: dict = field(default_factory=dict)

    @property
    def processes(self) -> list[dict]:
        return self.report["processes"]

    def named(self, comm: str) -> list[dict]:
        return [entry for entry in self.processes if entry["comm"] == comm]

    def one(self, comm: str) -> dict:
        found = self.named(comm)
        assert len(found) == 1, f"{len(found)} processes named {comm}: {[p['comm'] for p in self.processes]}"
        return found[0]

    def process_of(self, pid: int) -> dict:
        found = [entry for entry in self.processes if entry["pid"] == pid]
        assert len(found) == 1, f"{len(found)} processes with pid {pid}"
        return found[0]

    def assert_sound(self) -> None:
        """Every invariant a report can show, and nothing lost."""
        assert check_report.problems(self.report) == []
        assert self.report["events"]["lost"] == 0


def run_procwatch(*args, timeout: float = 60, text: bool = True, **kwargs) -> Run:
    done = subprocess.run([PROCWATCH, *map(str, args)], timeout=timeout, text=text,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, **kwargs)
    return Run(done.returncode, done.stdout, done.stderr)


@pytest.fixture
def record(tmp_path):
    """record(*command, options=[...]): `procwatch run` with a JSON report, checked to be sound."""

    def run(*command, options=(), sound=True, **kwargs) -> Run:
        path = tmp_path / "report.json"
        result = run_procwatch("run", "-r", f"json={path}", *options, "--", *command, **kwargs)
        assert path.exists(), result.stderr
        result.report = json.loads(path.read_text())
        if sound:
            result.assert_sound()
        return result

    return run


@pytest.fixture
def start():
    """start(*command): a process in a group of its own, gone when the test is."""
    started = []

    def run(*command, **kwargs):
        process = subprocess.Popen(command, start_new_session=True, stdout=subprocess.PIPE, text=True, **kwargs)
        started.append(process)
        return process

    yield run
    for process in started:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        process.stdout.close()


@pytest.fixture
def watch(tmp_path):
    """watch(*options): `procwatch attach` in the background; gone when the test is."""
    begun = []

    def begin(*options, **kwargs):
        begun.append(Watch(tmp_path / "report.json", *options, **kwargs))
        return begun[-1]

    yield begin
    for watched in begun:
        if watched.process.poll() is None:
            watched.process.kill()
        watched.process.communicate()


@pytest.fixture
def nobody_is_left():
    """After the test: no procwatch, alive or dead."""
    before = set(processes())
    yield
    left = {}

    def gone() -> bool:
        left.clear()
        left.update({pid: line for pid, line in processes().items() if pid not in before and str(PROCWATCH) in line})
        return not left

    wait_until(gone, timeout=20, what=f"the end of {left}")


@pytest.fixture
def session(tmp_path):
    begun = []

    def begin(*command, **kwargs) -> Session:
        begun.append(Session(tmp_path, *command, **kwargs))
        return begun[-1]

    yield begin
    for s in begun:
        if s.process.poll() is None:  # the test has failed: nobody may stay behind
            for pid in [*children_of(s.pid), s.pid]:
                os.kill(pid, signal.SIGKILL)
            s.process.wait()


@pytest.fixture
def terminal():
    begun = []

    def begin(*args, **kwargs) -> Terminal:
        begun.append(Terminal(*args, **kwargs))
        return begun[-1]

    yield begin
    for t in begun:
        t.close()


@pytest.fixture
def mount_namespace():
    """Skips where no mount namespace can be made: in a chroot the root is no mount point, and unshare refuses."""
    done = subprocess.run(["unshare", "-m", "true"], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no mount namespace can be made here: {done.stderr.strip()}")


@pytest.fixture(scope="session", autouse=True)
def needs_root():
    if os.geteuid():
        pytest.skip("the system tests need root", allow_module_level=True)
