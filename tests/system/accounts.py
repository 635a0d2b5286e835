# SPDX-License-Identifier: GPL-2.0-only
"""Independent accounts of a program's processes, to compare a report with: the program itself, and strace."""

import pathlib
import re
import signal
import subprocess
from collections import Counter, defaultdict
from dataclasses import dataclass, field

MS = 1_000_000
US = 1_000


# ---- what a program prints about itself


def told(run, word):
    """The lines "word key=value ..." of a program's standard output, as dictionaries."""
    lines = [line.split() for line in run.stdout.splitlines()]
    facts = [dict(fact.split("=", 1) for fact in line[1:]) for line in lines if line and line[0] == word]
    return [{key: int(value) if value.lstrip("-").isdigit() else value for key, value in fact.items()}
            for fact in facts]


def told_once(run, word):
    found = told(run, word)
    assert len(found) == 1, f"{len(found)} lines of {word!r}: {run.stdout}"
    return found[0]


# ---- what a report says


def at(run, ns):
    """A time of the report on the clock the programs read."""
    return run.report["window"]["start_ns"] + ns


def end_of(entry):
    """How a process ended: ("exit", 3) or ("signal", 9)."""
    end = entry["exit"]
    assert end, f"{entry['pid']} {entry['comm']} did not end"
    return ("signal", end["signal"]) if end["signal"] is not None else ("exit", end["code"])


def end_of_status(status):
    """The same, from a wait status."""
    return ("signal", status & 127) if status & 127 else ("exit", status >> 8)


def holes(entry):
    return sum(thread["holes"] for thread in entry["threads"])


def assert_clean(run):
    """
    Nothing lost, nothing contradictory, every process complete. Time may be unknown
    only where the kernel never raised a switch, which the report then counts.
    """
    events = run.report["events"]
    assert {key: events[key] for key in ("lost", "skipped", "contradictions", "strangers")} == {
        "lost": 0, "skipped": 0, "contradictions": 0, "strangers": 0}
    assert events["lost_ranges"] == []
    watched = {(entry["pid"], entry["start_ns"]) for entry in run.processes}
    for entry in run.processes:
        who, parent = f"{entry['pid']} {entry['comm']}", entry["parents"][-1]
        assert entry["exit"] is not None, f"{who} has no end"
        # An adopter outside may take its time; the recording waits only so long.
        if (parent["pid"], parent["start_ns"]) in watched or parent["comm"] == "procwatch":
            assert entry["reap"] is not None, f"{who} was never reaped"
        else:
            assert entry["reap"] or entry["zombie"]
        assert not entry["totals_ns"]["unknown"] or holes(entry), f"{who}: {entry['totals_ns']['unknown']} ns unknown"


def assert_reaped(run, entry, by, before, after):
    """by waited for it, and the reap lies between two readings of the reaper's own clock."""
    reap = entry["reap"]
    assert (reap["how"], reap["by_pid"], reap["precision"]) == ("wait", by, "exact")
    assert before <= at(run, reap["at_ns"]) <= after, "the reap lies outside the wait that made it"


def assert_reaped_itself(entry):
    assert entry["reap"]["how"] == "auto"
    assert entry["zombie"] is None and entry["totals_ns"]["zombie"] == 0


# ---- a report's account up to a moment, to compare with what the process read then


@dataclass
class Seen:
    """What a report shows a thread to have done up to a moment."""

    time: Counter
    switches: dict
    ins: int
    doubt: int  # ns that may have been spent otherwise than shown


def until(run, thread, moment):
    """
    What a thread had done up to a moment of the programs' clock. The counts are
    the report's own, less what its intervals show to have come later, so that they
    hold where a switch was not raised but counted. In doubt is unknown time, and a
    sleep from which nobody is seen to wake the thread: it may have been ready for a
    part of it.
    """
    moment -= run.report["window"]["start_ns"]
    time, later, later_ins, doubt = Counter(), Counter(), 0, 0
    for interval, follower in zip(thread["intervals"], thread["intervals"][1:] + [None]):
        state, follows = interval["state"], follower["state"] if follower else None
        spent = max(0, min(interval["to_ns"], moment) - interval["from_ns"])
        time[state] += spent
        if state == "unknown" or (state == "blocked" and follows == "running"):
            doubt += spent
        if state == "running" and interval["from_ns"] >= moment:
            later_ins += 1
        if state == "running" and interval["to_ns"] > moment and follower:
            later["involuntary" if follower["detail"] == "preempted" else "voluntary"] += 1
    switches = {kind: thread["switches"][kind] - later[kind] for kind in ("voluntary", "involuntary")}
    return Seen(time, switches, thread["switch_ins"] - later_ins, doubt)


# ---- strace


@dataclass
class Task:
    process: int
    parent: int | None
    end: tuple | None = None


@dataclass
class StraceAccount:
    """Each process's parent, its exit and its reaper, by strace -ff."""

    root: int
    tasks: dict = field(default_factory=dict)
    waits: dict = field(default_factory=dict)  # pid: who waited for it

    @property
    def processes(self):
        return {tid: task for tid, task in self.tasks.items() if task.process == tid}


BORN = re.compile(r"^(fork|vfork|clone|clone3)\((.*)\)\s+= (\d+)")
EXITED = re.compile(r"^\+\+\+ exited with (\d+) \+\+\+")
KILLED = re.compile(r"^\+\+\+ killed by (SIG\w+)")
WAITED = re.compile(r"^wait4\(.*\)\s+= (\d+)")
WAITED_ID = re.compile(r"^waitid\(.*si_pid=(\d+).*\)\s+= 0")


def read_strace(prefix: pathlib.Path, root: int | None = None) -> StraceAccount:
    logs = {int(path.suffix[1:]): path.read_text(errors="replace").splitlines()
            for path in prefix.parent.glob(prefix.name + ".*")}
    born = {}
    for tid, lines in logs.items():
        for line in lines:
            if match := BORN.match(line):
                assert "CLONE_PARENT" not in match[2].replace("CLONE_PARENT_SETTID", "")
                born[int(match[3])] = (tid, "CLONE_THREAD" in match[2])
    roots = [tid for tid in logs if tid not in born]
    assert len(roots) == 1, f"strace followed {roots} from nowhere"
    account = StraceAccount(root=roots[0])

    def process_of(tid):
        while tid in born and born[tid][1]:
            tid = born[tid][0]
        return tid

    for tid, lines in logs.items():
        task = Task(process_of(tid), process_of(born[tid][0]) if tid in born else None)
        account.tasks[tid] = task
        for line in lines:
            if match := EXITED.match(line):
                task.end = ("exit", int(match[1]))
            elif match := KILLED.match(line):
                task.end = ("signal", signal.Signals[match[1]].value)
            elif "WNOWAIT" not in line and (match := WAITED.match(line) or WAITED_ID.match(line)):
                if int(match[1]):
                    account.waits[int(match[1])] = task.process
    return account


def strace_command(prefix: pathlib.Path):
    return ["strace", "-ff", "-q", "-e", "trace=process", "-o", prefix]


def straced(tmp_path, *command, **kwargs) -> StraceAccount:
    """The program's processes, in a run of their own without procwatch."""
    prefix = tmp_path / "alone" / "trace"
    prefix.parent.mkdir()
    subprocess.run([*map(str, strace_command(prefix)), *map(str, command)], check=False, timeout=60,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **kwargs)
    return read_strace(prefix)


# ---- shapes: a family without its numbers, to compare two runs


def _shape(pid, children, end, waited):
    below = sorted(_shape(child, children, end, waited) for child in children[pid])
    return (end(pid), waited(pid), tuple(below))


def shape_of_strace(account):
    """How each process ended, whether its own parent waited for it, and the same of its children."""
    children = defaultdict(list)
    for pid, task in account.processes.items():
        if task.parent is not None:
            children[task.parent].append(pid)

    def waited(pid):
        return pid != account.root and account.waits.get(pid) == account.tasks[pid].parent

    return _shape(account.root, children, lambda pid: account.tasks[pid].end, waited)


def shape_of_report(run, root=None):
    entries = {entry["pid"]: entry for entry in run.processes}
    assert len(entries) == len(run.processes), "a pid was used twice"
    children = defaultdict(list)
    for pid, entry in entries.items():
        children[entry["fork_parent"]["pid"]].append(pid)
    root = root or run.processes[0]["pid"]

    def waited(pid):
        reap = entries[pid]["reap"]
        return pid != root and reap["how"] == "wait" and reap["by_pid"] == entries[pid]["fork_parent"]["pid"]

    return _shape(root, children, lambda pid: end_of(entries[pid]), waited)


def count(shape):
    return 1 + sum(map(count, shape[2]))
