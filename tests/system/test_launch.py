# SPDX-License-Identifier: GPL-2.0-only
"""A command behaves as it would without procwatch: same streams, descriptors, signals, limits, user."""

import json
import os
import pwd
import resource
import signal
import stat
import subprocess

import pytest

from conftest import PROCWATCH, PYTHON, run_procwatch
from terminal import Terminal

NOBODY = pwd.getpwnam("nobody")


def run_quietly(*command, **kwargs):
    """Only the command's own output and status, without a report."""
    return run_procwatch("run", "-r", "none", "--", *command, **kwargs)


def with_and_without(*command, **kwargs) -> tuple:
    """The command's output, launched directly and by procwatch."""
    plain = subprocess.run(command, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=60, **kwargs)
    watched = run_quietly(*command, **kwargs)
    return (plain.returncode, plain.stdout, plain.stderr), (watched.status, watched.stdout, watched.stderr)


pytestmark = pytest.mark.usefixtures("nobody_is_left")


# ---- the first event


def test_the_report_begins_with_the_fork_of_the_command(record):
    run = record("sh", "-c", "sleep 0.05 & wait")
    first = run.processes[0]
    assert first["start_ns"] == 0, "times are relative to the beginning of the window"
    assert first["fork_parent"]["comm"] == "procwatch"
    assert [e["argv"][0] for e in first["execs"]] == ["sh"]
    assert first["execs"][0]["at_ns"] > 0
    assert len(run.processes) == 2


# ---- exit status


def test_every_exit_code_is_returned(tmp_path):
    """Many statuses in one test, because each start takes a good part of a second."""
    for code in (0, 1, 2, 3, 41, 124, 125, 126, 127, 128, 130, 200, 254, 255):
        assert run_quietly("sh", "-c", f"exit {code}").status == code


@pytest.mark.parametrize("name", ["HUP", "INT", "QUIT", "ILL", "ABRT", "FPE", "KILL", "SEGV", "PIPE", "TERM", "USR1",
                                  "XCPU", "SYS", "RTMIN"])
def test_a_deadly_signal_is_128_plus_its_number(name):
    number = signal.Signals[f"SIG{name}"].value
    run = run_quietly("sh", "-c", f"ulimit -c 0; kill -{number} $$")
    assert run.status == 128 + number
    assert run.stderr == ""


# ---- streams and descriptors


def test_standard_streams_pass_through():
    run = run_quietly("sh", "-c", "cat; echo error >&2", input="line 1\nline 2\n")
    assert (run.status, run.stdout, run.stderr) == (0, "line 1\nline 2\n", "error\n")


def test_stdin_is_not_read_ahead():
    """The next command can read what this one has left unread."""
    script = f"{PROCWATCH} run -r none -- head -c 2; cat"
    done = subprocess.run(["sh", "-c", script], input="abcd", text=True, capture_output=True, timeout=60)
    assert done.stdout == "abcd"


def test_no_descriptor_leaks_into_the_command(tmp_path):
    list_open = "import os; print(sorted(int(n) for n in os.listdir('/proc/self/fd'))[:-1])"
    with open(tmp_path / "kept", "w") as kept:
        plain, watched = with_and_without(PYTHON, "-c", list_open, pass_fds=[kept.fileno()])
    assert watched == plain
    report = tmp_path / "report.json"
    run = run_procwatch("run", "-r", f"json={report}", "-r", "text", "--", PYTHON, "-c", list_open)
    assert run.stdout.startswith("[0, 1, 2]\n")


@pytest.mark.parametrize("closed", ["0", "1", "2", "012"])
def test_a_closed_standard_stream_stays_closed(tmp_path, closed):
    """No report is written into a file that got the number of the closed stream."""
    report = tmp_path / "report.json"
    seen = tmp_path / "seen"
    redirections = " ".join(f"{fd}>&-" for fd in closed)
    inner = f"ls -l /proc/self/fd > {seen}" if "1" not in closed else f"ls /proc/$$/fd | tr '\\n' ' ' > {seen}"
    script = f"{PROCWATCH} run -r json={report} -- sh -c \"{inner}\" {redirections}"
    done = subprocess.run(["sh", "-c", script], timeout=60, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(report.read_text())["schema"] == "procwatch.report/1"


def test_nobody_else_keeps_the_commands_descriptors_open():
    """A reader of a pipe waits only for the command to close its end, not for procwatch."""
    reader, writer = os.pipe()
    command = [PROCWATCH, "run", "-r", "none", "--", "bash", "-c", f"exec {writer}>&-; exec sleep 1.5"]
    with subprocess.Popen(command, pass_fds=[writer]) as child:
        os.close(writer)
        assert os.read(reader, 1) == b""
        assert child.poll() is None, "the end of the pipe came only with the end of procwatch"
        assert child.wait(timeout=60) == 0
    os.close(reader)


def test_a_document_on_standard_output_is_alone_there():
    run = run_procwatch("run", "-r", "json=-", "--", "sh", "-c", "echo words; echo others >&2")
    assert json.loads(run.stdout)["processes"][0]["exit"]["code"] == 0
    assert run.stderr == "words\nothers\n"


@pytest.mark.parametrize("path", ["/dev/stdout", "/proc/self/fd/1", "/dev/fd/1"])
def test_another_name_of_standard_output_is_standard_output(path, tmp_path):
    for stdout in (subprocess.PIPE, open(tmp_path / "out", "w+")):
        done = subprocess.run([PROCWATCH, "run", "-r", f"json={path}", "--", "echo", "words"], text=True,
                              stdout=stdout, stderr=subprocess.PIPE, timeout=60)
        text = done.stdout if stdout == subprocess.PIPE else (tmp_path / "out").read_text()
        assert (done.returncode, done.stderr) == (0, "words\n")
        assert json.loads(text)["schema"] == "procwatch.report/1"


def test_text_follows_the_commands_own_words():
    run = run_procwatch("run", "echo", "words", stdin=subprocess.DEVNULL)
    assert run.stdout.startswith("words\n") and ": 1 process in" in run.stdout
    assert run.stderr == ""


# ---- what a process inherits


def test_directory_environment_and_umask(tmp_path):
    env = os.environ | {"PW_TEST": "a b\nc", "EMPTY": ""}
    plain, watched = with_and_without(
        "sh", "-c", "pwd; umask; env -0 | sort -z", cwd=tmp_path, env=env, preexec_fn=lambda: os.umask(0o027))
    assert watched == plain


def test_signal_mask_and_dispositions():
    """Blocked signals stay blocked, ignored ones ignored (nohup), all others have the default (SIGPIPE)."""

    def unusual() -> None:
        signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGUSR2, signal.SIGTERM})
        for sig in (signal.SIGHUP, signal.SIGQUIT, signal.SIGCHLD, signal.SIGTSTP):
            signal.signal(sig, signal.SIG_IGN)
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)

    for preexec in (unusual, lambda: signal.signal(signal.SIGPIPE, signal.SIG_DFL)):
        plain, watched = with_and_without("grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status", preexec_fn=preexec)
        assert watched == plain
        assert plain[0] == 0


def test_an_ignored_sigchld_does_not_lose_the_exit_status():
    run = run_quietly("sh", "-c", "exit 7", preexec_fn=lambda: signal.signal(signal.SIGCHLD, signal.SIG_IGN))
    assert run.status == 7


def test_limits_and_nice():

    def lower() -> None:
        os.nice(5)
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 512))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    plain, watched = with_and_without("sh", "-c", "cat /proc/self/limits; nice", preexec_fn=lower)
    assert watched == plain


def test_process_group_and_session():
    """The command is in procwatch's group, so signals to the group reach it."""
    script = "ps -o pgid=,sid=,tpgid= -p $$"
    done = subprocess.run(["sh", "-c", f"ps -o pgid=,sid=,tpgid= -p $$; {PROCWATCH} run -r none sh -c '{script}'; :"],
                          text=True, capture_output=True, timeout=60)
    shell, command = done.stdout.splitlines()
    assert shell == command


def test_the_terminal_is_the_commands():
    """The command is in the foreground, knows the size, and can read the terminal."""
    script = "test -t 0 && test -t 1 && ps -o pgid=,tpgid= -p $$; stty size; read line; echo \"got $line\""
    terminal = Terminal([PROCWATCH, "run", "-r", "none", "sh", "-c", script])
    try:
        pgid, tpgid = terminal.expect(r"(\d+) +(\d+)\n").groups()
        assert pgid == tpgid
        terminal.expect(r"\d+ \d+\n")
        terminal.type("hello\n")
        terminal.expect("got hello\n")
        assert terminal.finish() == 0
    finally:
        terminal.close()


# ---- the user it runs as


def sudo(user: pwd.struct_passwd = NOBODY, **more) -> dict:
    """The environment under sudo."""
    return os.environ | {"SUDO_UID": str(user.pw_uid), "SUDO_GID": str(user.pw_gid), "SUDO_USER": user.pw_name,
                         "HOME": "/root", **more}


ID = "id -u; id -g; id -G; echo $HOME; echo $USER"


def test_under_sudo_the_command_runs_as_the_caller():
    run = run_quietly("sh", "-c", ID, env=sudo())
    groups = " ".join(map(str, os.getgrouplist(NOBODY.pw_name, NOBODY.pw_gid)))
    assert run.stdout.splitlines() == [str(NOBODY.pw_uid), str(NOBODY.pw_gid), groups, NOBODY.pw_dir, NOBODY.pw_name]


def test_the_callers_capabilities_are_gone():
    run = run_quietly("grep", "CapEff", "/proc/self/status", env=sudo())
    assert int(run.stdout.split()[1], 16) == 0


def test_user_root_overrides():
    run = run_procwatch("run", "-r", "none", "--user", "root", "sh", "-c", "id -u; echo $HOME", env=sudo())
    assert run.stdout == "0\n/root\n"


@pytest.mark.parametrize("name", ["daemon", "1"])
def test_user_by_name_and_by_number(name):
    daemon = pwd.getpwnam("daemon")
    run = run_procwatch("run", "-r", "none", "--user", name, "sh", "-c", ID)
    assert run.stdout.splitlines()[0] == str(daemon.pw_uid) and run.stdout.splitlines()[3] == daemon.pw_dir


def test_a_caller_nobody_knows_is_still_not_root():
    """In a container the uid of the caller may have no name."""
    run = run_quietly("sh", "-c", "id -u; id -g; id -G; echo $HOME",
                      env=os.environ | {"SUDO_UID": "54321", "SUDO_GID": "54322"})
    assert run.stdout == "54321\n54322\n54322\n/\n"


@pytest.mark.parametrize("uid", ["", "x", "-1", "4294967295", "0x10", "99999999999"])
def test_a_sudo_uid_that_is_none_is_refused(uid):
    run = run_quietly("id", "-u", env=os.environ | {"SUDO_UID": uid})
    assert run.status == 125 and "SUDO_UID" in run.stderr and run.stdout == ""


def test_unknown_user():
    run = run_procwatch("run", "--user", "no-such-user", "true")
    assert (run.status, run.stderr) == (125, "procwatch: unknown user 'no-such-user'\n")


# ---- the files


def test_files_belong_to_the_caller_of_sudo(tmp_path):
    for user in ([], ["--user", "root"]):
        report = tmp_path / f"report{len(user)}.json"
        run = run_procwatch("run", "-r", f"json={report}", *user, "true", env=sudo())
        assert run.status == 0, run.stderr
        assert (report.stat().st_uid, report.stat().st_gid) == (NOBODY.pw_uid, NOBODY.pw_gid)


@pytest.mark.parametrize("mask, mode", [(0o022, 0o644), (0o077, 0o600), (0, 0o666)])
def test_a_new_file_has_the_mode_of_the_umask(tmp_path, mask, mode):
    report = tmp_path / "report.json"
    run_procwatch("run", "-r", f"json={report}", "true", preexec_fn=lambda: os.umask(mask))
    assert stat.S_IMODE(report.stat().st_mode) == mode
    assert report.stat().st_uid == 0


def test_an_old_file_is_replaced_whole_and_keeps_its_mode_and_owner(tmp_path):
    report = tmp_path / "report.json"
    report.write_text("x" * 1000000)
    report.chmod(0o640)
    os.chown(report, NOBODY.pw_uid, NOBODY.pw_gid)
    run_procwatch("run", "-r", f"json={report}", "true")
    assert json.loads(report.read_text())
    assert stat.S_IMODE(report.stat().st_mode) == 0o640
    assert report.stat().st_uid == NOBODY.pw_uid


@pytest.mark.parametrize("target", ["target.json", "sub/target.json"])
def test_a_link_is_followed(tmp_path, target):
    """A dangling link, too, is followed, as by a shell's >."""
    (tmp_path / "sub").mkdir()
    link = tmp_path / "link.json"
    link.symlink_to(target)
    run_procwatch("run", "-r", f"json={link}", "true")
    assert link.is_symlink() and json.loads((tmp_path / target).read_text())


def test_fifo_and_null_are_written_in_place(tmp_path):
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    with subprocess.Popen(["cat", fifo], stdout=subprocess.PIPE) as reader:
        run = run_procwatch("run", "-r", f"json={fifo}", "-r", "json=/dev/null", "-r", "text=/dev/null", "true")
        assert json.loads(reader.communicate(timeout=60)[0])
    assert run.status == 0 and stat.S_ISFIFO(fifo.stat().st_mode)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


# ---- how the text looks where it goes


def width(text: str) -> int:
    return max(map(len, text.splitlines()))


def test_width_comes_from_the_option_then_columns():
    for options, env, columns in ([], {}, 100), ([], {"COLUMNS": "60"}, 60), (["--width", "50"], {"COLUMNS": "60"}, 50), \
            ([], {"COLUMNS": "nonsense"}, 100), ([], {"COLUMNS": "1"}, 40):
        clean = {k: v for k, v in os.environ.items() if k != "COLUMNS"}
        run = run_procwatch("run", *options, "sleep", "0.02", env=clean | env)
        assert columns - 25 <= width(run.stdout) <= columns, run.stdout


def test_ascii_where_the_locale_knows_no_more():
    for options, env in ([], {"LC_ALL": "C"}), (["--ascii"], {}):
        run = run_procwatch("run", *options, "sleep", "0.02", env=os.environ | env)
        assert run.stdout.isascii() and run.status == 0
    assert not run_procwatch("run", "sleep", "0.02", env=os.environ | {"LC_ALL": "C.UTF-8"}).stdout.isascii()


@pytest.mark.parametrize("options, env, colored", [
    ([], {}, True), ([], {"NO_COLOR": "1"}, False), ([], {"NO_COLOR": ""}, True), ([], {"TERM": "dumb"}, False),
    (["--color", "never"], {}, False), (["--color", "always"], {"NO_COLOR": "1", "TERM": "dumb"}, True)])
def test_color_on_a_terminal(options, env, colored, tmp_path):
    report = tmp_path / "report.txt"
    terminal = Terminal([PROCWATCH, "run", "-r", f"text={report}", "-r", "text", *options, "true"], env)
    try:
        assert terminal.finish() == 0
        assert ("\x1b[" in terminal.shown) == colored
        assert ("\x1b[" in report.read_text()) == ("always" in options), "the file is no terminal"
    finally:
        terminal.close()


def test_no_color_in_a_pipe():
    assert "\x1b" not in run_procwatch("run", "true").stdout
    assert "\x1b[" in run_procwatch("run", "--color", "always", "true").stdout


def test_quiet_has_no_remarks():
    for options, remarks in (["-q"], ""), ([], "procwatch: the recording has ended, but 1 process is still running\n"):
        run = run_procwatch("run", *options, "-d", "100ms", "--", "sleep", "1")
        assert (run.status, run.stderr) == (0, remarks)
