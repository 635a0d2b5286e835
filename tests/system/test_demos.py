# SPDX-License-Identifier: GPL-2.0-only
"""The demos, watched: every claim of the course holds, and the report behind it is complete."""

import contextlib
import json
import os
import subprocess
import sys

import pytest

from accounts import assert_clean
from conftest import BUILD, PROCWATCH, PROGRAMS, run_procwatch

LONG = bool(os.environ.get("PW_LONG"))
RUNS = 20 if LONG else 1

DEMOS = [
    ["demo_fork"],
    ["demo_fork", "--child", "200ms", "--parent", "20ms"],
    ["demo_start"],
    ["demo_start", "--work", "150ms"],
    ["demo_zombie"],
    ["demo_zombie", "--hold", "150ms"],
    ["demo_zombie", "--hold", "150ms", "--no-wait"],
    ["demo_orphan"],
    ["demo_orphan", "--parent", "50ms", "--child", "250ms"],
    ["demo_exit"],
    ["demo_terminate"],
    ["demo_terminate", "--look", "50ms"],
    ["demo_daemon"],
    ["demo_daemon", "--code", "100ms", "--worker", "300ms"],
    ["demo_daemon", "--unix"],
    ["demo_daemon", "--unix", "--code", "100ms", "--after", "200ms"],
    ["demo_join"],
    ["demo_join", "--work", "50ms"],
    ["demo_blocking"],
    ["demo_blocking", "--time", "100ms"],
    ["demo_callback"],
    ["demo_callback", "--boil", "100ms"],
    ["demo_states"],
    ["demo_states", "--compute", "60ms", "--sleep", "30ms"],
    ["demo_parallel"],
    ["demo_parallel", "--work", "300ms"],
    ["demo_sched"],
    ["demo_isolation"],
    ["demo_isolation", "--shared"],
    ["demo_lock"],
    ["demo_lock", "--no-lock"],
    ["demo_lock", "--pay", "10ms"],
    ["demo_semaphore"],
    ["demo_semaphore", "--stay", "30ms"],
    ["demo_event"],
    ["demo_event", "--after", "100ms"],
    ["demo_deadlock"],
    ["demo_deadlock", "--ordered"],
    ["demo_deadlock", "--recursive"],
    ["demo_queue"],
    ["demo_queue", "--slow", "30ms"],
    ["demo_queue", "--pipe"],
    ["demo_queue", "--pipe", "--slow", "30ms"],
    ["demo_pipe"],
    ["demo_pipe", "--no-lock"],
    ["demo_manager"],
    ["demo_manager", "--no-lock"],
    ["demo_pool"],
    ["demo_pool", "--async", "--task", "50ms"],
    ["demo_pool", "--apply", "--task", "50ms"],
    ["demo_threads"],
    ["demo_threads", "--work", "30ms"],
    ["demo_gil"],
    ["demo_gil", "--work", "300ms"],
    ["demo_coroutine"],
    ["demo_coroutine", "--turns", "200"],
    ["demo_iomodel"],
    ["demo_iomodel", "--every", "30ms"],
    ["demo_server"],
    ["demo_server", "--think", "2ms"],
]

SPOILT_RUNS = 3

# A demo done wrong, and the claims that cannot hold then.
SPOILT = [
    (["demo_fork", "--spoil", "no-fork"], {"two", "concurrent", "blocked", "status"}),
    (["demo_fork", "--spoil", "wait-first"], {"concurrent"}),
    (["demo_fork", "--spoil", "poll"], {"blocked"}),
    (["demo_fork", "--spoil", "succeed"], {"status"}),
    (["demo_start", "--spoil", "join-each", "--work", "50ms"], {"start", "code-done"}),
    (["demo_start", "--spoil", "in-order"], {"order"}),
    (["demo_start", "--spoil", "long-code"], {"code-done"}),
    (["demo_start", "--spoil", "no-reap"], {"reaped"}),
    (["demo_zombie", "--spoil", "reap-at-once"], {"lasts"}),
    (["demo_zombie", "--spoil", "ignore"], {"zombie", "no-cpu", "lasts", "freed"}),
    (["demo_zombie", "--no-wait", "--spoil", "reap-at-once"], {"zombie", "adopted"}),
    (["demo_zombie", "--no-wait", "--spoil", "ignore"], {"zombie", "no-cpu", "adopted", "freed"}),
    (["demo_orphan", "--spoil", "wait"], {"goes-on", "adopted", "reaped"}),
    (["demo_daemon", "--spoil", "kill-last"], {"code-done", "independent"}),
    (["demo_daemon", "--spoil", "no-wait"], {"waits"}),
    (["demo_daemon", "--unix", "--spoil", "stay"], {"adopted", "session", "outlives", "reaped"}),
    (["demo_queue", "--spoil", "no-limit"], {"full", "wakers"}),
    (["demo_queue", "--spoil", "slow-consumer"], {"empty", "wakers"}),
    (["demo_queue", "--spoil", "last-first"], {"fifo"}),
    (["demo_queue", "--pipe", "--spoil", "no-limit"], {"full", "wakers"}),
    (["demo_queue", "--pipe", "--spoil", "slow-consumer"], {"empty", "wakers"}),
    (["demo_pool", "--spoil", "process-each"], {"at-most-4", "rounds", "reused"}),
    (["demo_pool", "--spoil", "other-way"], {"rounds"}),
    (["demo_pool", "--spoil", "no-join"], {"joined"}),
    (["demo_pool", "--apply", "--spoil", "other-way"], {"rounds"}),
    (["demo_exit", "--spoil", "caught"], {"normal", "error", "fatal", "killed", "status"}),
    (["demo_terminate", "--spoil", "too-late"], {"asks", "signal"}),
    (["demo_terminate", "--spoil", "deaf"], {"signal", "dead"}),
    (["demo_terminate", "--spoil", "reap-at-once"], {"zombie"}),
    (["demo_states", "--spoil", "no-sleep"], {"blocked", "ready"}),
    (["demo_states", "--spoil", "nap"], {"compute"}),
    (["demo_states", "--spoil", "in-turn"], {"slice"}),
    (["demo_isolation", "--spoil", "other-memory"], {"copied"}),
    (["demo_isolation", "--spoil", "look-early"], {"after"}),
    (["demo_isolation", "--spoil", "no-count"], {"child", "copied"}),
    (["demo_isolation", "--shared", "--spoil", "other-memory"], {"shared"}),
    (["demo_isolation", "--shared", "--spoil", "look-early"], {"after", "shared"}),
    (["demo_isolation", "--shared", "--spoil", "no-count"], {"child", "shared"}),
    (["demo_blocking", "--spoil", "poll"], {"input"}),
    (["demo_blocking", "--spoil", "nap"], {"compute"}),
    (["demo_blocking", "--spoil", "wait"], {"start"}),
    (["demo_blocking", "--spoil", "join-all"], {"any"}),
    (["demo_callback", "--spoil", "wait"], {"plays"}),
    (["demo_callback", "--spoil", "no-callback"], {"callback", "goes-on"}),
    (["demo_parallel", "--spoil", "apart"], {"never-at-once"}),
    (["demo_parallel", "--spoil", "in-turn"], {"turns", "parallel"}),
    (["demo_parallel", "--spoil", "one-cpu"], {"parallel"}),
    (["demo_sched", "--spoil", "no-fifo"], {"fcfs"}),
    (["demo_sched", "--spoil", "no-rr"], {"rr"}),
    (["demo_sched", "--spoil", "short-first"], {"wait"}),
    (["demo_sched", "--spoil", "no-nice"], {"nice"}),
    (["demo_sched", "--spoil", "busy-io"], {"io"}),
    (["demo_event", "--spoil", "poll"], {"blocked", "woken"}),
    (["demo_event", "--spoil", "wake-one"], {"woken", "go-on"}),
    (["demo_event", "--spoil", "set-before"], {"blocked", "woken", "go-on"}),
    (["demo_deadlock", "--spoil", "swap"], {"both", "for-good", "no-cpu"}),
    (["demo_deadlock", "--spoil", "spin"], {"both", "no-cpu"}),
    (["demo_deadlock", "--ordered", "--spoil", "swap"], {"end", "wait", "alone"}),
    (["demo_deadlock", "--recursive", "--spoil", "swap"], {"end", "wait", "alone"}),
    (["demo_threads", "--spoil", "swap"], {"one-process", "cheaper", "switch", "share", "apart"}),
    (["demo_threads", "--spoil", "costly-threads"], {"cheaper", "switch"}),
    (["demo_threads", "--spoil", "dear-threads"], {"cheaper", "switch"}),
    (["demo_threads", "--spoil", "share"], {"apart"}),
    (["demo_threads", "--spoil", "join-daemon"], {"daemon"}),
    (["demo_gil", "--spoil", "no-lock"], {"one-runs", "blocked"}),
    (["demo_gil", "--spoil", "in-turn"], {"processes"}),
    (["demo_gil", "--spoil", "shared-lock"], {"processes"}),
    (["demo_coroutine", "--spoil", "in-turn"], {"turns", "no-switch"}),
    (["demo_coroutine", "--spoil", "threads"], {"one-thread", "turns", "no-switch"}),
    (["demo_coroutine", "--spoil", "sleep"], {"no-switch"}),
    (["demo_iomodel", "--spoil", "blocking"], {"blocking"}),
    (["demo_iomodel", "--spoil", "nonblocking"], {"non-blocking"}),
    (["demo_iomodel", "--spoil", "multiplexed"], {"multiplexed"}),
    (["demo_iomodel", "--spoil", "signal"], {"signal"}),
    (["demo_iomodel", "--spoil", "asynchronous"], {"asynchronous"}),
    (["demo_server", "--spoil", "no-fork"], {"process", "cost"}),
    (["demo_server", "--spoil", "no-thread"], {"thread", "cost"}),
    (["demo_server", "--spoil", "thread-loop"], {"loop"}),
    (["demo_server", "--spoil", "poll"], {"request"}),
    (["demo_server", "--spoil", "garble"], {"answers"}),
    (["demo_lock", "--spoil", "swap"], {"sold", "alone", "blocked"}),
    (["demo_lock", "--spoil", "spin"], {"blocked"}),
    (["demo_lock", "--no-lock", "--spoil", "swap"], {"sold", "together", "no-wait"}),
    (["demo_semaphore", "--spoil", "no-limit"], {"at-most-3", "three", "blocked"}),
    (["demo_semaphore", "--spoil", "one-permit"], {"three", "blocked"}),
    (["demo_semaphore", "--spoil", "poll"], {"blocked"}),
    (["demo_pipe", "--spoil", "swap"], {"whole", "one-reads", "lock"}),
    (["demo_pipe", "--no-lock", "--spoil", "swap"], {"torn", "both-read", "no-wait"}),
    (["demo_manager", "--spoil", "swap"], {"sum"}),
    (["demo_manager", "--spoil", "share"], {"owner", "round-trip"}),
    (["demo_manager", "--no-lock", "--spoil", "swap"], {"lost"}),
    (["demo_manager", "--no-lock", "--spoil", "share"], {"owner", "round-trip"}),
    (["demo_join", "--spoil", "one-by-one"], {"longest"}),
    (["demo_join", "--spoil", "poll"], {"blocks"}),
    (["demo_join", "--spoil", "no-join"], {"blocks", "longest", "joined"}),
]

# What no program can do wrong, the unit tests of the judges spoil by hand.
SPOILT_BY_HAND = {"demo_orphan": {"harmless"}}


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
    """Each tells what it does and how it can be spoilt, and refuses what it does not know in one line."""
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
    """Where the kernel refuses, the demo goes on, and the lesson says why the claim is not held."""
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
    """No claim that could not be false: each is in a row of SPOILT. With --help a demo does nothing, and is judged."""
    for name in known_demos:
        spoilt = SPOILT_BY_HAND.get(name, set()).union(*(ids for command, ids in SPOILT if command[0] == name))
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
