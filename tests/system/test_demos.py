# SPDX-License-Identifier: GPL-2.0-only
"""The demos, watched: every claim of the course holds, and the report behind it is complete."""

import contextlib
import json
import os
import subprocess
import sys

import pytest

from accounts import assert_clean
from conftest import BUILD, PROCWATCH, PROGRAMS, ROOT, run_procwatch

LONG = bool(os.environ.get("PW_LONG"))
RUNS = 20 if LONG else 1

SPOILT_RUNS = 3


def read_runs(path):
    """The runs of a demo: (command, claims that must fail) each; and the claims that no program can break."""
    name = f"demo_{path.parent.name}"
    lines = [line for line in path.read_text().splitlines() if line and not line.startswith("#")]
    runs, unbreakable = [], set()
    for line in lines:
        words, _, claims = line.partition(":")
        kind, *options = words.split()
        assert kind in ("run", "unbreakable"), f"{path}: {line}"
        if kind == "run":
            runs.append(([name, *options], set(claims.split())))
        else:
            unbreakable |= set(claims.split())
    return runs, unbreakable


def read_course():
    """Each demo's runs.txt: runs in which every claim holds, runs done wrong with the claims that fail, and the rest."""
    demos, spoilt, unbreakable = [], [], {}
    for path in sorted((ROOT / "src" / "course").glob("*/runs.txt")):
        runs, unbreakable[f"demo_{path.parent.name}"] = read_runs(path)
        demos += [command for command, claims in runs if not claims]
        spoilt += [(command, claims) for command, claims in runs if claims]
    return demos, spoilt, unbreakable


DEMOS, SPOILT, UNBREAKABLE = read_course()


@contextlib.contextmanager
def every_cpu_busy():
    """One endless loop for each CPU this test may use."""
    loops = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in os.sched_getaffinity(0)]
    try:
        yield
    finally:
        for loop in loops:
            loop.kill()
            loop.wait()


def claims_of(run, command):
    lesson = run.report["lesson"]
    assert lesson["demo"] == command[0] and lesson["claims"]
    return lesson["claims"]


def not_held(claims):
    return [f"{claim['id']}: {claim['text']}: {claim['evidence']}" for claim in claims if not claim["held"]]


@pytest.mark.parametrize("machine", ["quiet", "busy"] if LONG else ["quiet"])
@pytest.mark.parametrize("command", DEMOS, ids=" ".join)
@pytest.mark.parametrize("number", range(RUNS))
def test_claims_hold(record, command, number, machine):
    with every_cpu_busy() if machine == "busy" else contextlib.nullcontext():
        run = record(*command)
    assert run.status == 0, run.stderr
    assert_clean(run)
    assert not_held(claims_of(run, command)) == []


@pytest.mark.parametrize("command, spoilt", SPOILT, ids=[" ".join(command) for command, _ in SPOILT])
def test_spoilt_claims_do_not_hold(record, command, spoilt):
    """
    On a CPU that others keep busy, two without a lock may take turns all the same:
    what was done wrong must come out in one of a few runs.
    """
    still_held = spoilt
    for _ in range(SPOILT_RUNS):
        claims = claims_of(record(*command), command)
        assert spoilt <= {claim["id"] for claim in claims}
        still_held = still_held - {claim["id"] for claim in claims if not claim["held"]}
        if not still_held:
            return
    assert still_held == set()


@pytest.mark.parametrize("name", sorted({command[0] for command in DEMOS}))
def test_options_of_a_demo(name):
    """Each demo has a help page with its mistakes (--spoil), and refuses unknown arguments in one line."""
    def alone(*args):
        return subprocess.run([BUILD / "demos" / name, *args], timeout=30, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    assert alone("--help").returncode == 0 and "--spoil" in alone("--help").stdout
    for wrong in (["--spoil"], ["--spoil", "nonsense"], ["--spoil="], ["--nonsense"], ["nonsense"]):
        refused = alone(*wrong)
        assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1), wrong


def evidence(claims):
    return {claim["id"]: claim["evidence"] for claim in claims if not claim["held"]}


def test_io_uring_refused(tmp_path):
    """Where the kernel refuses, the demo goes on, and the lesson gives the reason why the claim does not hold."""
    path = tmp_path / "report.json"
    done = subprocess.run([PROGRAMS / "no_io_uring", PROCWATCH, "run", "-r", f"json={path}", "demo_iomodel"],
                          timeout=60, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert done.returncode == 0, done.stderr
    assert "the kernel refuses io_uring: Operation not permitted" in done.stdout
    missing = evidence(json.loads(path.read_text())["lesson"]["claims"])
    assert list(missing) == ["asynchronous"] and "the kernel refused io_uring" in missing["asynchronous"]


def test_real_time_refused(record):
    run = record("demo_sched", options=["--user", "nobody"])
    assert run.status == 0, run.stderr
    assert "refused, this needs root" in run.stdout
    missing = evidence(claims_of(run, ["demo_sched"]))
    assert set(missing) == {"fcfs", "rr", "wait"}
    assert all("needs root or CAP_SYS_NICE" in why for why in missing.values())


@pytest.fixture(scope="module")
def known_demos():
    """The demos procwatch lists, each with the claims of its page, one list for each variant of it."""
    names = [line.split()[0] for line in run_procwatch("demos").stdout.splitlines() if line.startswith("  demo_")]
    return {name: run_procwatch("demos", name).stdout for name in names}


def test_every_demo_is_here(known_demos):
    assert set(known_demos) == {command[0] for command in DEMOS}


def test_pages_fit_a_terminal(known_demos):
    """80 columns; but where the program and its source lie is as long as it is."""
    for page in [[], *([name] for name in known_demos)]:
        lines = run_procwatch("demos", "--lang", "en", *page).stdout.splitlines()
        assert [line for line in lines if len(line) > 80 and str(BUILD.parent) not in line] == []


def test_every_claim_is_spoilt(record, known_demos):
    """No claim that could not be false: each fails in a run of its demo's runs.txt. With --help a demo does nothing, and is judged."""
    for name in known_demos:
        spoilt = UNBREAKABLE[name].union(*(ids for command, ids in SPOILT if command[0] == name))
        claims = {claim["id"] for command in DEMOS if command[0] == name and not command[-1].endswith("ms")
                  for claim in claims_of(record(*command, "--help"), command)}
        assert spoilt == claims, name


@pytest.mark.parametrize("args, words", [
    (["demo_zombie", "--bad"], "unknown option '--bad'"),
    (["demo_zombie", "much"], "unexpected argument 'much'"),
    (["demo_zombie", "--hold"], "a time must follow '--hold'"),
    (["demo_zombie", "--hold=5"], "a time is written 500ms, 5s or 2m, not '5'"),
    (["demo_zombie", "--spoil"], "a kind must follow '--spoil'"),
    (["demo_zombie", "--spoil=so"], "unknown --spoil kind 'so'"),
    (["demo_coroutine", "--turns"], "a number must follow '--turns'"),
    (["demo_coroutine", "--turns=0"], "--turns takes a number from 1 to 1000, not '0'"),
    # What would change nothing: the demo must not look as if it had been spoilt.
    (["demo_daemon", "--spoil", "stay"], "without --unix there is no --spoil kind 'stay'"),
    (["demo_daemon", "--unix", "--spoil", "no-wait"], "with --unix there is no --spoil kind 'no-wait'"),
    (["demo_queue", "--pipe", "--spoil", "last-first"], "with --pipe there is no --spoil kind 'last-first'"),
    (["demo_lock", "--no-lock", "--spoil", "spin"], "with --no-lock there is no --spoil kind 'spin'"),
])
def test_what_a_demo_does_not_understand(args, words):
    done = subprocess.run([BUILD / "demos" / args[0], *args[1:]], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"{args[0]}: {words} (see --help)\n"


def test_an_option_and_its_value_in_one_word():
    done = subprocess.run([BUILD / "demos" / "demo_coroutine", "--turns=2"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0 and "took 2 turns each" in done.stdout
