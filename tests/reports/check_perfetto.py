#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compare Perfetto traces with the JSON reports of the same recordings.

check_perfetto.py [--any-events|--decode-only] REPORT.json...; REPORT.pftrace stands beside each.
--any-events: the recordings may contradict themselves, so a trace cannot show every state.
--decode-only: the recordings are random; only check that protoc decodes the traces.
"""

import json
import pathlib
import sys
import unicodedata

from decoded import Broken, Trace, packets

CPUS = 1024
LETTERS = {"signalled": "T", "traced": "tT", "idle": "ID", "parked": "PD"}


def letters(span) -> str | None:
    """The states of a row that shows this interval; None: no row can show it."""
    kind = (span["detail"] or "").partition(":")[0]
    if span["state"] == "running":
        return "Running" if seen_on_cpu(span) else None
    if span["state"] == "ready":
        return "R+"
    if span["state"] == "blocked":
        return {"interruptible": "S", "uninterruptible": "D"}.get(kind) or LETTERS[kind]
    if span["state"] == "stopped":
        return LETTERS[kind]
    return "Z" if span["state"] == "zombie" else None


def seen_on_cpu(span) -> bool:
    return span["state"] == "running" and span["cpu"] is not None and span["cpu"] < CPUS


def shows(row, span, left=False) -> bool:
    """Whether the row shows the interval. left: the thread left a CPU, so the row has the scheduler's own letter."""
    expected = letters(span)
    if left and expected in LETTERS.values():
        return row.state == expected[0]
    if expected == "Running":
        return row.state == "Running" and row.cpu == span["cpu"]
    return row.state in ("R", "R+") if expected == "R+" else row.state is not None and row.state in expected


def plain(text) -> bool:
    """Whether the two formats write the text alike."""
    return text is not None and not any(c in "\\\ufffd" or unicodedata.category(c)[0] in "CMZ" and c != " "
                                        for c in text)


def trace_tids(entry) -> list[int]:
    """The tid each thread has in the trace. A leader whose tid was taken over by exec has a synthetic one."""
    (found, former) = ([], 0)
    for index, thread in enumerate(entry["threads"]):
        if index and (thread["start_ns"] == entry["start_ns"] or thread["tid"] == entry["pid"]):
            found.append(1 << 30 | former << 22 | entry["pid"])
            former += 1
        else:
            found.append(thread["tid"])
    return found


def sharing_a_tid(report) -> set[int]:
    """The indexes of processes that share a tid with another process at one time, because exits were lost."""
    (found, owners) = (set(), {})
    for place, entry in enumerate(report["processes"]):
        over = (entry["reap"] or entry["exit"] or {}).get("at_ns")
        over = report["window"]["duration_ns"] if over is None or not entry["reap"] else over
        for tid in {entry["pid"], *trace_tids(entry)}:
            begin = min([entry["start_ns"]] + [t["start_ns"] for t in entry["threads"] if t["tid"] == tid])
            for (other, since, until) in owners.setdefault(tid, []):
                if begin < until and since < over:
                    found |= {place, other}
            owners[tid].append((place, begin, over))
    return found


class Comparison:
    def __init__(self, report, trace, any_events=False):
        (self.report, self.trace, self.any_events) = (report, trace, any_events)
        self.zero = report["window"]["start_ns"]
        self.end = self.zero + report["window"]["duration_ns"]
        self.found_problems = []
        (self.slices, self.tracks, self.not_seen) = ({}, {}, {})
        for made in trace.slices:
            self.slices.setdefault(made.track, []).append(made)
        for uuid, descriptor in trace.descriptors.items():
            name = descriptor.get("name", [""])[0]
            if name == "lifecycle":
                self.tracks.setdefault(trace.uuid_process[uuid], []).append(uuid)
            elif name.startswith("not observed, "):
                self.not_seen.setdefault((name, trace.uuid_process[uuid].pid), []).append(uuid)
        self.reaps = {(s.begin, s.annotations.get("pid")): s.track for s in trace.slices if s.name.startswith("reap ")}

    def expect(self, true, *words):
        if not true:
            self.found_problems.append(" ".join(map(str, words)))

    def at(self, ns):
        return None if ns is None else ns + self.zero

    # ---- threads

    def joined(self, thread):
        """Join adjacent intervals that a trace shows as one: two runs on one CPU."""
        spans = []
        for span in thread["intervals"]:
            last = spans[-1] if spans else None
            if last and seen_on_cpu(last) and seen_on_cpu(span) and last["cpu"] == span["cpu"]:
                last["to_ns"] = span["to_ns"]
            else:
                spans.append(dict(span))
        return spans

    def thread(self, entry, thread, made):
        name = f"thread {made.tid} of {entry['pid']}"
        rows = list(made.rows)
        unseen = self.unseen(entry, made.tid)
        (before, spans) = (None, self.joined(thread))
        for span in spans:
            (begin, end) = (self.at(span["from_ns"]), self.at(span["to_ns"]))
            if letters(span) is None:
                self.expect((begin, end) in unseen, name, "not seen at", begin, "has no slice")
                if rows and rows[0].begin == begin and rows[0].state is None:
                    before = rows.pop(0)
                elif before and before.state == "Running":
                    self.expect(False, name, "runs on at", begin, "where the report has no run")
                continue
            if not rows or rows[0].begin != begin:
                self.expect(before and shows(before, span), name, span, "has no row; next", rows and vars(rows[0]))
                continue
            left = before is not None and before.state == "Running"
            before = rows.pop(0)
            self.expect(shows(before, span, left), name, span, "is", vars(before))
            self.row(name, span, before)
            following = rows[0].begin if rows else None
            self.expect(before.end == following, name, vars(before), "is not closed by", following)
            if following is None:
                later = spans[spans.index(span) + 1:]
                self.expect(not any(letters(s) for s in later) and end <= self.end, name, "ends with", span)
        self.after(entry, thread, rows, name)
        self.marks(thread, made, name)
        if plain(thread["comm"]):
            self.expect(made.name == thread["comm"], name, "has the name", made.name)

    def may_be(self, thread, made) -> bool:
        first = next((span for span in thread["intervals"] if letters(span)), None)
        return not made.rows or not first or made.rows[0].begin == self.at(first["from_ns"])

    def row(self, name, span, row):
        """Check the waker, and the system call of a sleep."""
        if span["detail"] == "woken" and row.state == "R" and row.waker is not None:
            self.expect(row.waker == (0 if span["by"] == "irq" else span["by"]), name, span, "woken by", row.waker)
        elif span["detail"] == "woken":
            self.expect(span["by"] is None or self.any_events, name, span, "has no waker")
        (kind, _, call) = (span["detail"] or "").partition(":")
        if span["state"] == "blocked" and not call.startswith("syscall_"):
            self.expect(row.function == (call or None), name, span, "sleeps in", row.function)

    def after(self, entry, thread, rows, name):
        """Check the rows after the last interval: a zombie until the reap, and dead from then on."""
        leader = thread is entry["threads"][0]
        zombie = entry["zombie"] if leader else None
        states = [row.state for row in rows]
        if zombie and states[:1] == ["Z"]:
            dead = rows.pop(0)
            self.expect(dead.end == self.at(zombie["to_ns"]), name, "is a zombie until", dead.end, zombie)
        if rows:
            last = rows.pop(0)
            ends = [self.at(thread["exit_ns"]), self.at((entry["reap"] or {}).get("at_ns")),
                    self.at(zombie["to_ns"]) if zombie else None]
            self.expect(last.state == "X" and last.begin in ends, name, "ends with", vars(last), "of", ends)
        self.expect(not rows, name, "has rows after its end:", [vars(row) for row in rows])

    def unseen(self, entry, tid):
        tracks = self.not_seen.get((f"not observed, thread {tid}", entry["pid"]), [])
        return {(s.begin, s.end) for uuid in tracks for s in self.slices.get(uuid, [])}

    # ---- marks

    def sections(self, marks):
        """All slices [begin, end, name, value, end_value] and instants [at, at, name, value, None], unordered."""
        (open_, made) = ([], [])
        for mark in marks:
            (name, _, half) = mark["name"].rpartition(".")
            if half == "begin" and name:
                open_.append((name, mark))
                continue
            depth = max((i for i, (other, _) in enumerate(open_) if half == "end" and other == name), default=None)
            if depth is None:
                made.append(mark)
                continue
            begin = open_.pop(depth)[1]
            if depth == len(open_):
                made.append((begin, mark, name))
            else:  # it crosses another
                made += [begin, mark]
        made += [mark for (_, mark) in open_]
        return [[self.at(m["at_ns"]), self.at(m["at_ns"]), m["name"], m["value"], None] if isinstance(m, dict) else
                [self.at(m[0]["at_ns"]), self.at(m[1]["at_ns"]), m[2], m[0]["value"], m[1]["value"]] for m in made]

    def marks(self, thread, made, name):
        tracks = [uuid for uuid, owner in self.trace.uuid_thread.items() if owner is made]
        self.expect(len(tracks) == bool(thread["marks"]), name, "has", len(tracks), "tracks of marks")
        found = [[s.begin, s.end, s.name, s.annotations.get("value"), s.annotations.get("end_value")]
                 for uuid in tracks for s in self.slices.get(uuid, [])]
        wanted = self.sections(thread["marks"])
        if all(plain(mark["name"]) for mark in thread["marks"]):
            self.expect(sorted(map(repr, found)) == sorted(map(repr, wanted)),
                        name, "has the marks", found, "not", wanted)

    # ---- processes

    def entry(self, entry, process):
        name = f"process {entry['pid']}"
        made = {}
        for thread in process.threads:
            made.setdefault(thread.tid, []).append(thread)
        wanted = trace_tids(entry)
        self.expect(self.any_events or set(made) == set(wanted) | {entry["pid"]}, name, "has threads", sorted(made))
        for tid, thread in zip(wanted, entry["threads"]):
            candidates = [t for t in made.get(tid, []) if self.may_be(thread, t)]
            if candidates:
                made[tid].remove(candidates[0])
                self.thread(entry, thread, candidates[0])
            else:
                self.expect(False, name, "has no thread", tid, thread["intervals"][:1])
        if plain(entry["comm"]):
            self.expect(process.name == entry["comm"], name, "has the name", process.name)
        if entry["fork_parent"]:
            self.expect(process.parent.pid == entry["fork_parent"]["pid"], name, "has the parent", process.parent.pid)
        self.expect(process.uid & 0xffffffff == entry["uid"], name, "has uid", process.uid)
        self.lifecycle(entry, process, name)

    def found(self, entry):
        """The time at which the snapshot found a seeded process."""
        first = entry["threads"][0]["intervals"] if entry["threads"] else []
        return first[0]["from_ns"] if first else entry["zombie"]["from_ns"] if entry["zombie"] else 0

    def lifecycle(self, entry, process, name):
        tracks = self.tracks.get(process, [])
        self.expect(len(tracks) == 1, name, "has", len(tracks), "tracks")
        slices = self.slices.get(tracks[0], []) if tracks else []
        begin = self.at(self.found(entry) if entry["seeded"] else entry["start_ns"])
        whole = [s for s in slices if s.annotations.get("totals_ns")]
        self.expect(len(whole) == 1 and whole[0].begin == begin, name, "begins", [s.begin for s in whole])
        if whole:
            self.expect(whole[0].annotations["totals_ns"] == entry["totals_ns"], name, whole[0].annotations)
            self.expect(whole[0].annotations["pid"] == entry["pid"], name, whole[0].annotations)
            self.exit_annotations(entry, whole[0].annotations, name)
            self.over(entry, whole[0], name)
        self.zombie(entry, slices, name)
        self.ending(entry, [s for s in slices if s.begin == s.end], name)
        adopted = [s for s in slices if s.name.startswith("adopted by ")]
        moves = [p for p in entry["parents"] if p["why"] == "reparent" and self.at(p["from_ns"]) >= begin]
        self.expect([(s.begin, s.annotations["pid"]) for s in adopted] ==
                    [(self.at(p["from_ns"]), p["pid"]) for p in moves],
                    name, "was adopted", [s.name for s in adopted])
        execs = [s for s in slices if s.name.startswith("exec ")]
        times = [self.at(e["at_ns"]) for e in entry["execs"] if e["at_ns"] is not None]
        expected = [at for at in times if at >= begin]
        self.expect([s.begin for s in execs] == expected, name, "execs", [s.name for s in execs])

    def over(self, entry, whole, name):
        end = None
        if entry["reap"]:
            end = self.at(entry["reap"]["at_ns"])
        elif entry["exit"] and not entry["zombie"]:
            end = self.at(entry["exit"]["at_ns"])
        self.expect(whole.end == end, name, "ends", whole.end, "not", end)

    def exit_annotations(self, entry, annotations, name):
        end = entry["exit"] or {"code": None, "signal": None}
        self.expect(annotations.get("exit_code") == end["code"], name, annotations)
        self.expect(("signal" in annotations) == (end["signal"] is not None), name, annotations)

    def zombie(self, entry, slices, name):
        made = [s for s in slices if s.name.startswith("zombie")]
        if not entry["zombie"]:
            self.expect(not made, name, "was no zombie", len(made))
            return
        (begin, end) = (self.at(entry["zombie"]["from_ns"]), self.at(entry["zombie"]["to_ns"]))
        self.expect([(s.begin, s.end) for s in made] == [(begin, end)], name, "zombie", [vars(s) for s in made])
        words = {None: "zombie, not reaped", "exact": "zombie", "bounded": "zombie (upper bound)"}
        precision = (entry["reap"] or {}).get("precision")
        for s in made:
            self.expect(s.name == words[precision if end else None], name, s.name, precision)
            self.expect(s.annotations.get("precision") == precision, name, s.annotations)

    def ending(self, entry, instants, name):
        if entry["exit"] and entry["exit"]["at_ns"] is not None:
            at = self.at(entry["exit"]["at_ns"])
            code = entry["exit"]["code"]
            words = [s.name for s in instants if s.begin == at]
            if code is not None:
                self.expect(f"exit {code}" in words, name, "ended with", words)
            elif entry["exit"]["signal"]:
                self.expect(any(w.startswith("killed by SIG") for w in words) or self.any_events, name, words)
        if entry["reap"]:
            words = {"wait": "reaped by ", "auto": "released at once, without a zombie interval",
                     "unobserved": "reap not observed"}
            found = [s for s in instants if s.begin == self.at(entry["reap"]["at_ns"])
                     and s.name.startswith(words[entry["reap"]["how"]])]
            self.expect(found, name, "has no reap")

    # ---- arrows

    def arrows(self, entries):
        """Check the flows from each fork in the report to the first run, and from each exit to the reap."""
        pairs = set()
        for flow, ends in self.trace.flows.items():
            self.expect(len(ends) == 2, "flow", flow, "has", len(ends), "ends")
            if len(ends) == 2:
                self.expect(ends[0].begin <= ends[1].begin, "flow", flow, "goes back in time")
                pairs.add((ends[0].track, ends[0].begin, ends[0].name, ends[1].track, ends[1].begin, ends[1].name))
        tracks = {owner: uuids[0] for owner, uuids in self.tracks.items()}
        by_start = {(entry["pid"], entry["start_ns"]): (entry, process) for entry, process in entries}
        expected = {arrow for entry, process in entries
                    for arrow in (self.fork_arrow(entry, tracks.get(process), tracks, by_start),
                                  self.exit_arrow(entry, tracks.get(process))) if arrow}
        found = {(source, begin, name.split(" ")[0], to, end, word.split(" ")[0])
                 for source, begin, name, to, end, word in pairs}
        if not self.any_events:
            self.expect(found == expected, "arrows", found - expected, "not", expected - found)

    def fork_arrow(self, entry, track, tracks, by_start):
        parent = entry["fork_parent"]
        (source, owner) = by_start.get((parent["pid"], parent["start_ns"]), (None, None)) if parent else (None, None)
        first = entry["threads"][0] if entry["threads"] else None
        if not owner or not first or first["start_ns"] != entry["start_ns"]:
            return None
        if source["seeded"] and self.found(source) > entry["start_ns"]:
            return None  # the snapshot found the parent a moment after its child was watched
        for span in first["intervals"]:
            if span["state"] == "unknown":
                return None
            if span["state"] == "running":
                return (tracks[owner], self.at(entry["start_ns"]), "fork", track, self.at(span["from_ns"]), "first")
        return None

    def exit_arrow(self, entry, track):
        (end, reap) = (entry["exit"], entry["reap"])
        if not end or not reap or end["at_ns"] is None:
            return None
        word = "exit" if end["code"] is not None else "killed" if end["signal"] else "ended"
        source = (track, self.at(end["at_ns"]), word)
        at = self.at(reap["at_ns"])
        reaper = self.reaps.get((at, entry["pid"])) if reap["how"] == "wait" else None
        if reaper is not None:
            owner = self.trace.uuid_process[reaper]
            self.expect(owner.pid == reap["by_pid"], "lifecycle", entry["pid"], "is reaped by", owner.pid)
            return (*source, reaper, at, "reap")
        return (*source, track, at, {"wait": "reaped", "auto": "released", "unobserved": "reap"}[reap["how"]])

    # ---- the recording

    def recording(self):
        (report, trace) = (self.report, self.trace)
        found = sorted((s.begin, s.end, s.annotations["count"], s.annotations["cpu"]) for s in trace.slices
                       if s.name == "records lost")
        lost = report["events"]["lost_ranges"]
        self.expect(found == sorted((self.at(r["from_ns"]), self.at(r["to_ns"]), r["count"], r["cpu"]) for r in lost),
                    "lost", found)
        self.expect(trace.lost_cpus == {r["cpu"] for r in lost if r["cpu"] < CPUS}, "lost on", trace.lost_cpus)
        whole = [s for s in trace.slices if trace.descriptors[s.track].get("name") == ["procwatch"]]
        self.expect([(s.begin, s.end) for s in whole] == [(self.zero, self.end)], "the recording", len(whole))
        annotations = whole[0].annotations
        self.expect(annotations["procwatch"] == report["version"], annotations)
        self.expect(annotations["records"] == report["events"]["received"], annotations)
        findings = annotations.get("findings", [])
        self.expect(len(findings) == len(report["findings"]), "findings", findings)
        lesson = report["lesson"] or {"claims": []}
        claims = [(c["id"], c["held"]) for c in annotations.get("the_course_says", [])]
        self.expect(claims == [(c["id"], c["held"]) for c in lesson["claims"]], "claims", claims)
        release = trace.system["utsname"][0].get("release")
        self.expect(release == [report["host"]["kernel"]], "kernel", release)
        self.expect(trace.clocks[3] == trace.clocks[6] == self.zero, "clocks", trace.clocks)

    def cpus(self):
        """Check that each CPU runs one thread at a time."""
        last = {}
        for (thread, begin, end, cpu) in sorted(self.trace.sched, key=lambda run: run[1]):
            self.expect(last.get(cpu, 0) is not None and last.get(cpu, 0) <= begin, "CPU", cpu, "runs two at", begin)
            self.expect(thread.tid, "a run has no thread at", begin)
            last[cpu] = end

    def entries(self):
        """Pair the report's processes with the trace's, in order of birth, because a pid may be reused."""
        made = {}
        for process in self.trace.processes:
            if process.track is not None:
                made.setdefault(process.pid, []).append(process)
        entries = []
        for entry in self.report["processes"]:
            if made.get(entry["pid"]):
                entries.append((entry, made[entry["pid"]].pop(0)))
            else:
                self.expect(False, "no process", entry["pid"])
        self.expect(not any(made.values()), "processes that are not in the report:", made)
        return entries

    def problems(self):
        self.recording()
        self.cpus()
        entries = self.entries()
        self.expect(self.any_events or not self.trace.reused, "tids reused without an exit:", self.trace.reused)
        unclear = sharing_a_tid(self.report) if self.any_events else set()
        for place, (entry, process) in enumerate(entries):
            if place not in unclear:
                self.entry(entry, process)
        self.arrows(entries)
        return self.found_problems


def check_text(trace) -> list[str]:
    """Check that no name has a control or invisible character."""
    names = [s.name for s in trace.slices] + [t.name or "" for t in trace.threads]
    names += [word for p in trace.processes for word in p.cmdline or []]
    return [f"not printable: {name!r}" for name in names
            if any(unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") for c in name)]


def problems(report, path, any_events=False) -> list[str]:
    wrong = []
    for switches_first in (True, False):
        try:
            trace = Trace(path, switches_first)
            wrong += Comparison(report, trace, any_events).problems() + check_text(trace)
        except (Broken, UnicodeDecodeError) as error:
            wrong.append(f"{type(error).__name__}: {error}")
    return wrong


def decodes(path) -> list[str]:
    try:
        return [] if packets(path) else ["no packet"]
    except (Broken, UnicodeDecodeError) as error:
        return [f"{type(error).__name__}: {error}"]


def main() -> int:
    any_events = "--any-events" in sys.argv
    failed = 0
    for name in sys.argv[1:]:
        if name.startswith("--"):
            continue
        path = pathlib.Path(name)
        trace = path.with_suffix(".pftrace")
        wrong = decodes(trace) if "--decode-only" in sys.argv else \
            problems(json.loads(path.read_text()), trace, any_events)
        for line in wrong[:10]:
            print(f"{name}: {line}", file=sys.stderr)
        failed += bool(wrong)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
