# SPDX-License-Identifier: GPL-2.0-only
"""Every error is one clear line with the right exit status, and no captured data is lost."""

import json
import os
import pathlib
import re
import subprocess

import pytest

import check_report
from conftest import PROCWATCH, PYTHON, run_procwatch


pytestmark = pytest.mark.usefixtures("nobody_is_left")


@pytest.fixture
def spare(tmp_path, monkeypatch) -> pathlib.Path:
    """The folder for temporary files, which receives reports that cannot be written to their file."""
    folder = tmp_path / "spare"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    return folder


def assert_refused(run, status: int, *words: str) -> None:
    """One line on standard error, and no other output."""
    assert run.status == status, run.stderr
    assert re.fullmatch(r"procwatch( [a-z]+)?: [^\n]+\n", run.stderr), run.stderr
    for word in words:
        assert word in run.stderr
    assert run.stdout == ""


# ---- the command line


@pytest.mark.parametrize("args, words", [
    ([], ["no command given"]), (["fly"], ["'fly'"]), (["--fly"], ["unknown option '--fly'"]),
    (["run"], ["nothing to run"]), (["run", "--"], ["nothing to run"]),
    (["run", "--fly", "true"], ["unknown option '--fly'"]), (["run", "-x"], ["unknown option '-x'"]),
    (["run", "-qx", "true"], ["unknown option '-x'"]), (["run", "-q", "--co", "--x"], ["for '--color'", "value '--x'"]),
    (["run", "-d"], ["'-d' needs a value: -d TIME"]), (["run", "--ringbuf"], ["'--ringbuf' needs a value"]),
    (["run", "--quiet=1", "true"], ["'--quiet' takes no value"]),
    (["run", "-d", "10", "true"], ["--duration", "'10'"]), (["run", "-d", "0s", "true"], ["--duration", "'0s'"]),
    (["run", "--wait", "all", "true"], ["value 'all' for '--wait': expected tree or leader"]),
    (["run", "--width", "39", "true"], ["--width", "'39'"]), (["run", "--color", "blue", "true"], ["--color", "'blue'"]),
    (["run", "-r", "pdf", "true"], ["unknown report format 'pdf'"]), (["run", "-r", "json=", "true"], ["no file name"]),
    (["run", "-r", "", "true"], ["unknown report format ''"]), (["run", "-r", "=x", "true"], ["unknown report format ''"]),
    (["run", "-r", "json", "-r", "text", "true"], ["two reports go to 'standard output'"]),
    (["check", "this"], ["'this'"]),
])
def test_usage(args, words):
    assert_refused(run_procwatch(*args), 2, *words)


@pytest.mark.parametrize("size", ["0", "-1", "8X", "1e9", "3000", "4095", "2G", "", "8 M", "0x100000", "many"])
def test_ring_sizes_that_are_none(size):
    assert_refused(run_procwatch("run", "--ringbuf", size, "true"), 2, "--ringbuf", f"'{size}'", "8M")


@pytest.mark.parametrize("size", ["4K", "5000", "64k", "1MiB"])
def test_ring_sizes(size):
    run = run_procwatch("run", "-r", "json=-", "--ringbuf", size, "true")
    assert run.status == 0 and json.loads(run.stdout)["processes"]


def test_a_tiny_ring_loses_events_and_still_ends():
    """procwatch does not wait for exits whose records were lost, and reports the loss."""
    script = "i=0; while [ $i -lt 300 ]; do (:); i=$((i+1)); done; sleep 0.1; exit 4"
    run = run_procwatch("run", "-r", "json=-", "--ringbuf", "4K", "sh", "-c", script, timeout=60)
    report = json.loads(run.stdout)
    assert run.status == 4
    assert report["events"]["lost"] > 0
    assert check_report.problems(report) == []


@pytest.mark.parametrize("name, meant", [("demo_zmobie", "demo_zombie"), ("demo_orphans", "demo_orphan"),
                                         ("DEMO_POOL", "demo_pool")])
def test_an_unknown_demo_is_answered_with_the_nearest(name, meant):
    assert_refused(run_procwatch("run", name), 127, f"'{name}'", f"did you mean '{meant}'")


def test_a_demo_like_nothing():
    assert_refused(run_procwatch("run", "demo_xylophone"), 127, "'demo_xylophone'", "procwatch demos")


def test_a_command_called_like_a_demo(tmp_path):
    """A program in PATH wins over a demo with a similar name."""
    program = tmp_path / "demo_zombies"
    program.write_text("#!/bin/sh\necho mine\n")
    program.chmod(0o755)
    env = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    assert run_procwatch("run", "-r", "none", "demo_zombies", env=env).stdout == "mine\n"
    assert run_procwatch("run", "-r", "none", program).stdout == "mine\n"


def test_commands_that_cannot_be_run(tmp_path):
    plain = tmp_path / "plain"
    plain.write_text("#!/bin/sh\n")
    orphan = tmp_path / "orphan"
    orphan.write_text("#!/no/such/interpreter\n")
    orphan.chmod(0o755)
    for command, status, words in (("no-such-command", 127, "command not found"), (tmp_path / "none", 127, "command not found"),
                                   (plain, 126, "Permission denied"), (tmp_path, 126, "Permission denied"),
                                   (orphan, 126, "its interpreter does not exist"), (plain / "x", 126, "Not a directory"),
                                   ("", 127, "command not found")):
        assert_refused(run_procwatch("run", "--", command), status, f"cannot run '{command}'", words)


def test_a_script_without_an_interpreter_is_the_shells(tmp_path):
    script = tmp_path / "script"
    script.write_text("exit 6\n")
    script.chmod(0o755)
    assert run_procwatch("run", "-r", "none", script).status == 6


def test_errors_are_safe_for_a_terminal():
    """Names are escaped before they reach the terminal, and 100 kB of one still make one line."""
    for name in ("a\x1b[31mb\nc", "x" * 100000, b"\xff\xfe", "\u202ereversed"):
        run = run_procwatch("run", "--", name, text=False) if isinstance(name, bytes) else run_procwatch("run", "--", name)
        err = run.stderr.decode() if isinstance(name, bytes) else run.stderr
        assert run.status in (126, 127)
        assert err.count("\n") == 1 and len(err) < 1000 and not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", err)
    run = run_procwatch("run", "--" + "y" * 100000, "true")
    assert run.status == 2 and len(run.stderr) < 1000 and "--help" in run.stderr
    run = run_procwatch("run", "--", "caf\u00e9", env=os.environ | {"LC_ALL": "C"})
    assert run.stderr.isascii()


# ---- help


@pytest.mark.parametrize("args", [["--help"], ["-h"], ["help"], ["run", "--help"], ["run", "-h"], ["check", "--help"],
                                  ["demos", "--help"], ["attach", "--help"], ["trace", "-h"], ["report", "--help"],
                                  ["-V"], ["--version"], ["run", "-V"], ["attach", "-V"], ["report", "--version"]])
def test_help_and_version(args):
    run = run_procwatch(*args)
    assert (run.status, run.stderr) == (0, "")
    assert all(len(line) <= 80 for line in run.stdout.splitlines())
    if "-V" not in args and "--version" not in args:
        assert "usage" in run.stdout.lower() and "Mandatory" not in run.stdout
    else:
        assert re.fullmatch(r"procwatch \d+\.\d+\.\d+\n", run.stdout)


@pytest.mark.parametrize("command, groups", [
    ("run", ["Selection", "Output", "View", "Capture", "General"]),
    ("attach", ["Selection", "Output", "View", "Capture", "General"]),
    ("report", ["Output", "View", "General"]),
])
def test_the_help_is_grouped_and_has_examples(command, groups):
    lines = run_procwatch(command, "--help").stdout.splitlines()
    headers = [n for n, line in enumerate(lines) if re.fullmatch(r" \S.*:", line)]
    assert [lines[n].strip(" :") for n in headers] == groups
    assert all(re.match(" +-", lines[n + 1]) for n in headers), "no group is empty"
    assert "Examples:" in lines and f"  procwatch {command}" in "\n".join(lines)


def test_the_first_help_has_examples():
    text = run_procwatch("--help").stdout
    assert "Examples:" in text and "sudo procwatch run demo_zombie" in text


def test_help_into_a_full_disk():
    with open("/dev/full", "w") as full:
        for args in (["--help"], ["run", "--help"], ["check"], ["demos"], ["demos", "demo_zombie"]):
            done = subprocess.run([PROCWATCH, *args], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
            assert done.returncode == 125 and "No space left on device" in done.stderr


# ---- destinations


@pytest.mark.parametrize("path, why", [("missing/report.json", "No such file or directory"), (".", "Is a directory"),
                                       ("sub", "Is a directory"), ("new/", "Is a directory"), ("file/x", "Not a directory"),
                                       ("loop", "Too many levels of symbolic links"), ("n" * 300, "File name too long")])
def test_a_destination_that_cannot_be_is_found_before_the_run(tmp_path, path, why):
    (tmp_path / "sub").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to("loop")
    before = sorted(os.listdir(tmp_path))
    run = run_procwatch("run", "-r", f"json={path}", "sh", "-c", "echo ran > ran", cwd=tmp_path)
    assert_refused(run, 125, f"'{path}'", why)
    assert sorted(os.listdir(tmp_path)) == before


def test_a_long_name_that_is_allowed(tmp_path):
    report = tmp_path / ("n" * 255)
    assert run_procwatch("run", "-r", f"json={report}", "true").status == 0
    assert run_procwatch("run", "-r", f"json={report}", "true").status == 0
    assert os.listdir(tmp_path) == [report.name]


def test_two_reports_to_one_file(tmp_path):
    """Different names for one file are noticed."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to("sub")
    (tmp_path / "other.json").symlink_to("sub/r.json")
    for other in ("sub/r.json", "./sub/../sub/r.json", tmp_path / "sub/r.json", "link/r.json", "other.json"):
        run = run_procwatch("run", "-r", "json=sub/r.json", "-r", f"text={other}", "sh", "-c", "echo ran > ran", cwd=tmp_path)
        assert_refused(run, 2, "two reports", str(other))
        assert not (tmp_path / "ran").exists() and os.listdir(tmp_path / "sub") == []


def test_a_full_device(spare):
    run = run_procwatch("run", "-r", "json=/dev/full", "-r", "text", "sh", "-c", "exit 3")
    assert run.status == 125
    saved = re.fullmatch(r"procwatch: cannot write the report '/dev/full': No space left on device; it was saved as '(.*)' instead\n",
                         run.stderr)
    assert saved, run.stderr
    assert json.loads(pathlib.Path(saved[1]).read_text())["processes"][0]["exit"]["code"] == 3
    assert [saved[1]] == [str(p) for p in spare.iterdir()]
    assert "1 process in" in run.stdout, "the other report is written all the same"


def test_standard_output_is_full(spare):
    with open("/dev/full", "w") as full:
        done = subprocess.run([PROCWATCH, "run", "true"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 125
    assert re.match(r"procwatch: cannot write the report 'standard output': No space left on device; it was saved as ", done.stderr)
    assert "1 process in" in next(spare.iterdir()).read_text()


def test_standard_output_is_closed(spare):
    done = subprocess.run(["sh", "-c", f"{PROCWATCH} run true >&-"], stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 125 and "Bad file descriptor" in done.stderr and done.stderr.count("\n") == 1
    assert "1 process in" in next(spare.iterdir()).read_text()


@pytest.fixture
def full_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk], check=True)
    with open(disk / "ballast", "wb", buffering=0) as ballast:
        try:
            while ballast.write(b"x" * 4096):
                pass
        except OSError:
            pass
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk(full_disk, spare):
    """No part of the report stays, under its name or any other."""
    old = full_disk / "old.json"
    old.touch()
    for name in ("new.json", "old.json"):
        run = run_procwatch("run", "-r", f"json={full_disk / name}", "true")
        assert run.status == 125 and "No space left on device; it was saved as" in run.stderr and run.stderr.count("\n") == 1
    assert sorted(os.listdir(full_disk)) == ["ballast", "old.json"] and old.read_text() == ""
    assert len([json.loads(p.read_text()) for p in spare.iterdir()]) == 2


def test_no_disk_at_all(full_disk, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(full_disk))
    run = run_procwatch("run", "-r", "json=/dev/full", "-r", "text", "true")
    assert (run.status, run.stderr) == (125, "procwatch: cannot write the report '/dev/full': No space left on device\n")
    assert os.listdir(full_disk) == ["ballast"] and "1 process in" in run.stdout


def test_a_limit_on_file_sizes(tmp_path, spare):
    script = f"ulimit -f 0; {PROCWATCH} run -r json={tmp_path / 'r.json'} -- true"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, timeout=60)
    assert done.returncode == 125 and "File too large" in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "r.json").exists() and list(spare.iterdir()) == []


def test_a_file_that_is_a_mount_of_its_own(tmp_path, mount_namespace):
    """As in a container: the file can be written but not replaced."""
    outside, inside = tmp_path / "outside.json", tmp_path / "inside.json"
    outside.write_text("x" * 100000)
    inside.touch()
    script = f"mount --bind {outside} {inside} && exec {PROCWATCH} run -r json={inside} true"
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(outside.read_text())


# ---- rights and kernels


def setpriv(*options: str) -> list[str]:
    return ["setpriv", *options, str(PROCWATCH)]


NOBODY = ["--reuid", "65534", "--regid", "65534", "--clear-groups"]


@pytest.fixture
def reachable():
    """Skips the test if an ordinary user cannot execute procwatch."""
    done = subprocess.run([*setpriv(*NOBODY), "-V"], capture_output=True, timeout=60)
    if done.returncode:
        pytest.skip("the build is where an ordinary user cannot reach it")


def test_without_rights(reachable):
    done = subprocess.run([*setpriv(*NOBODY), "run", "echo", "words"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (125, "") and done.stderr.count("\n") == 1
    for word in ("CAP_BPF", "CAP_PERFMON", "CAP_DAC_READ_SEARCH", "sudo"):
        assert word in done.stderr


@pytest.mark.parametrize("without", ["-bpf,-sys_admin", "-perfmon,-sys_admin", "-all"])
def test_root_without_capabilities(without):
    done = subprocess.run([*setpriv(f"--bounding-set={without}", f"--inh-caps={without}"), "run", "true"],
                          capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (125, "") and "CAP_" in done.stderr and done.stderr.count("\n") == 1


def test_the_three_capabilities_are_enough(reachable):
    caps = "+bpf,+perfmon,+dac_read_search"
    done = subprocess.run([*setpriv(*NOBODY, f"--inh-caps={caps}", f"--ambient-caps={caps}"), "run", "id", "-u"],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("65534\n") and "1 process in" in done.stdout


def test_a_user_can_only_be_changed_by_root(reachable):
    done = subprocess.run([*setpriv(*NOBODY), "run", "--user", "root", "true"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 125 and "only root" in done.stderr and done.stderr.count("\n") == 1


def in_namespace(setup: str, *args: str) -> subprocess.CompletedProcess:
    return subprocess.run(["unshare", "-m", "sh", "-c", f'{setup} && exec "$0" "$@"', str(PROCWATCH), *args],
                          capture_output=True, text=True, timeout=60)


def test_a_kernel_without_btf(mount_namespace):
    for args in (["run", "echo", "words"], ["check"]):
        done = in_namespace("mount -t tmpfs tmpfs /sys/kernel/btf", *args)
        assert done.returncode == 125
        assert "CONFIG_DEBUG_INFO_BTF" in done.stderr + done.stdout and "words" not in done.stdout
        assert done.stderr.count("\n") == (1 if args[0] == "run" else 0)


def test_tracefs_is_mounted_for_procwatch_alone(mount_namespace):
    done = in_namespace("! mountpoint -q /sys/kernel/tracing || umount -l /sys/kernel/tracing", "run", "-r", "json=-", "--", "sh", "-c",
                        "ls /sys/kernel/tracing | wc -l >&2")
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["processes"][0]["exit"]["code"] == 0 and "upper bound" not in report["hooks"]["reap"]
    assert done.stderr == "0\n", "the command does not see it"


# ---- check


def test_check_as_root():
    run = run_procwatch("check")
    assert (run.status, run.stderr) == (0, "")
    assert all(len(line) <= 110 for line in run.stdout.splitlines())
    for word in ("kernel", "privileges", "BTF", "tracefs", "reap", "reparent", "loaded and attached"):
        assert word in run.stdout


def test_check_without_rights(reachable):
    done = subprocess.run([*setpriv(*NOBODY), "check"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 125 and done.stderr == ""
    for word in ("missing", "CAP_BPF", "CAP_PERFMON", "CAP_DAC_READ_SEARCH", "sudo"):
        assert word in done.stdout


@pytest.mark.parametrize("cap, name", [("bpf", "CAP_BPF"), ("perfmon", "CAP_PERFMON"), ("dac_read_search", "CAP_DAC_READ_SEARCH")])
def test_check_names_the_one_that_is_missing(reachable, cap, name):
    have = [c for c in ("bpf", "perfmon", "dac_read_search") if c != cap]
    caps = ",".join(f"+{c}" for c in have)
    done = subprocess.run([*setpriv(*NOBODY, f"--inh-caps={caps}", f"--ambient-caps={caps}"), "check"], capture_output=True,
                          text=True, timeout=60)
    line = next(line for line in done.stdout.splitlines() if "missing" in line)
    assert re.findall("CAP_[A-Z_]+", line) == [name]
    assert done.returncode == (0 if cap == "dac_read_search" else 125)


# ---- names and arguments


AWKWARD = ["a\nb", "\x1b[31mred\x1b[0m", 'quo"te', "back\\slash", "t\tab", "\x7f", "\u202etxt", "\x01\x02", "'", "", "é中"]


def test_awkward_arguments_never_break_a_report(tmp_path):
    report = tmp_path / "r.json"
    args = [os.fsencode(a) for a in AWKWARD] + [b"\xff\xfe\x80", b"x" * 100000]
    done = subprocess.run([PROCWATCH, "run", "-r", f"json={report}", "-r", "text", "--", "true", *args], timeout=60,
                          capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    document = json.loads(report.read_text(encoding="utf-8"))
    assert check_report.problems(document) == []
    assert document["target"]["command"][1:1 + len(AWKWARD)] == AWKWARD
    text = done.stdout.decode("utf-8")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f\u202e]", text)
    assert max(len(line) for line in text.splitlines()) <= 100


def test_awkward_names_never_break_a_report(tmp_path):
    report = tmp_path / "r.json"
    names = [b"a\nb", b"\x1b[31mred", b'"\\', b"\xff\xfe\x80", b"sleep) R 1 1", "中中中中中".encode(), b""]
    program = "import ctypes, sys, time\nlibc = ctypes.CDLL(None)\n" \
              f"for name in {names!r}:\n    libc.prctl(15, name, 0, 0, 0)\n    time.sleep(0.01)\n"
    for last in range(len(names)):
        script = program.replace(repr(names), repr(names[:last + 1]))
        done = subprocess.run([PROCWATCH, "run", "-r", f"json={report}", "-r", "text", "--", PYTHON, "-c", script],
                              capture_output=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, b"")
        assert check_report.problems(json.loads(report.read_text(encoding="utf-8"))) == []
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", done.stdout.decode("utf-8"))


def test_an_awkward_program_name(tmp_path):
    program = os.fsencode(tmp_path) + b"/\x1b[7m\n\xff"
    os.symlink("/bin/true", program)
    done = subprocess.run([PROCWATCH, "run", "-r", "text", "--", program], capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", done.stdout.decode("utf-8"))


def test_a_command_that_closes_its_output():
    run = run_procwatch("run", "sh", "-c", "exec >&- 2>&-; sleep 0.05; exit 3")
    assert (run.status, run.stderr) == (3, "") and "2 processes in" in run.stdout
