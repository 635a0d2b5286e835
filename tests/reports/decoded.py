# SPDX-License-Identifier: GPL-2.0-only
"""A trace as protoc decodes it, and as Perfetto's importer would take it.

protoc is the decoder; this reads its text. The importer's rules are those of
src/trace_processor in Perfetto's tree: what ends a state, what begins one, to
whom a number belongs at a time, and how slices and flows come about.
"""

import pathlib
import re
import subprocess

SCHEMA = pathlib.Path(__file__).resolve().parent / "trace.proto"
LINE = re.compile(r"^ *(?:(\w+): (.*)|(\w+) \{|(\}))$")
OCTAL = re.compile(rb"\\([0-7]{3}|.)")
ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t"}


class Broken(Exception):
    """The trace is not what an importer takes."""


def text_of(quoted: str) -> str:
    """A quoted string of protoc's; raises when it is not UTF-8."""
    def plain(match):
        found = match.group(1)
        return bytes([int(found, 8)]) if len(found) == 3 else ESCAPES.get(found, found)
    return OCTAL.sub(plain, quoted[1:-1].encode("utf-8", "surrogateescape")).decode("utf-8")


def value_of(word: str):
    if word[0] == '"':
        return text_of(word)
    return int(word, 0) if word.lstrip("-").isdigit() else word


def packets(path) -> list[dict]:
    """Every field is a list of its values, in order."""
    with open(path, "rb") as trace:
        done = subprocess.run(["protoc", "--decode=Trace", f"--proto_path={SCHEMA.parent}", SCHEMA.name],
                              stdin=trace, capture_output=True)
    if done.returncode:
        raise Broken(f"protoc: {done.stderr.decode()}")
    stack = [{}]
    for number, line in enumerate(done.stdout.decode("utf-8", "surrogateescape").splitlines(), 1):
        match = LINE.match(line)
        if not match:
            raise Broken(f"line {number} of protoc's: {line!r}")
        (field, word, message, closes) = match.groups()
        if closes:
            stack.pop()
            continue
        if (field or message).isdigit():
            raise Broken(f"a field the schema does not know: {line.strip()}")
        if field:
            stack[-1].setdefault(field, []).append(value_of(word))
        else:
            stack[-1].setdefault(message, []).append({})
            stack.append(stack[-1][message][-1])
    return stack[0].get("packet", [])


def one(message: dict, field: str, default=None):
    values = message.get(field, [default])
    if len(values) != 1:
        raise Broken(f"{field} is there {len(values)} times")
    return values[0]


class Row:
    """A thread's state from a time on; end None: open."""

    def __init__(self, begin, state, cpu=None, waker=None):
        (self.begin, self.end, self.state, self.cpu, self.waker) = (begin, None, state, cpu, waker)
        self.function = None


class Thread:
    def __init__(self, tid, process=None):
        (self.tid, self.process, self.name, self.ended) = (tid, process, None, None)
        self.rows = []
        self.blocked = None  # the row a reason belongs to

    def push(self, row):
        self.rows.append(row)
        if row.state == "Running":
            self.blocked = None
        elif row.state not in ("R", "R+"):
            self.blocked = row

    def close(self, ts):
        if self.rows:
            self.rows[-1].end = ts


class Process:
    def __init__(self, pid):
        (self.pid, self.parent, self.name, self.cmdline, self.uid) = (pid, None, None, None, None)
        (self.ended, self.track, self.threads) = (None, None, [])


class Slice:
    """A slice, or an instant, of a track; end None: it never ended."""

    def __init__(self, track, ts, name, annotations):
        (self.track, self.begin, self.end, self.name, self.annotations) = (track, ts, None, name, annotations)


STATES = {"TASK_STATE_RUNNABLE": "R", "TASK_STATE_INTERRUPTIBLE_SLEEP": "S",
          "TASK_STATE_UNINTERRUPTIBLE_SLEEP": "D", "TASK_STATE_STOPPED": "T",
          "TASK_STATE_DEAD": "Z", "TASK_STATE_DESTROYED": "X"}


def printed(state: int):
    """The letters of a sched_switch's prev_state since 4.14; None: no state."""
    if state & 0xfe00:
        return None
    letters = {0x1: "S", 0x2: "D", 0x4: "T", 0x8: "t", 0x10: "X", 0x20: "Z", 0x40: "P", 0x80: "I"}
    found = "".join(letter for bit, letter in letters.items() if state & bit)
    return found or ("R+" if state & 0x100 else "R")


class Trace:
    """All of a trace. switches_first: which of two streams comes first at one moment, for Perfetto promises no order."""

    def __init__(self, path, switches_first=True):
        self.switches_first = switches_first
        (self.threads, self.processes, self.slices, self.lost_cpus) = ([], [], [], set())
        (self.flows, self.descriptors, self.uuid_process, self.uuid_thread) = ({}, {}, {}, {})
        (self.live, self.pids, self.swapper) = ({}, {}, Thread(0))
        self.live[0] = self.swapper
        (self.cpus, self.sched, self.open, self.names) = ({}, [], {}, {})
        (self.clocks, self.system, self.reused) = ({}, {}, [])
        self.queue = []
        self.tokenize(packets(path))
        for (ts, _, _, handle, argument) in sorted(self.queue, key=lambda event: event[:3]):
            handle(ts, argument)

    # ---- packets, in the order of the file

    def later(self, ts, stream, handle, argument):
        self.queue.append((ts, stream, len(self.queue), handle, argument))

    def tokenize(self, all_packets):
        for number, packet in enumerate(all_packets):
            ts = one(packet, "timestamp")
            flags = one(packet, "sequence_flags")
            if ts is None or one(packet, "trusted_packet_sequence_id") != 1:
                raise Broken("a packet without time or sequence")
            if bool(flags & 1) != (number == 0) or not flags & 2:
                raise Broken("the state of the sequence is not cleared at its begin, or later")
            for data in packet.get("interned_data", []):
                self.intern(data)
            self.dispatch(ts, packet)

    def intern(self, data):
        for kind, field in (("event_names", "name"), ("debug_annotation_names", "name"), ("kernel_symbols", "str")):
            for entry in data.get(kind, []):
                if not one(entry, "iid") or (kind, one(entry, "iid")) in self.names:
                    raise Broken(f"{kind}: {entry} is no new number")
                self.names[kind, one(entry, "iid")] = one(entry, field)

    def dispatch(self, ts, packet):
        if "clock_snapshot" in packet:
            snapshot = one(packet, "clock_snapshot")
            self.clocks = {one(c, "clock_id"): one(c, "timestamp") for c in snapshot["clocks"]}
        if "system_info" in packet:
            self.system = one(packet, "system_info")
        if "process_tree" in packet:
            self.later(ts, 0, self.tree, one(packet, "process_tree"))
        if "generic_kernel_task_state_event" in packet:
            self.later(ts, 0, self.task_state, one(packet, "generic_kernel_task_state_event"))
        if "track_descriptor" in packet:
            descriptor = one(packet, "track_descriptor")
            if one(descriptor, "uuid") in self.descriptors:
                raise Broken(f"track {descriptor} is described twice")
            self.descriptors[one(descriptor, "uuid")] = descriptor
            self.later(ts, 0, self.resolve, one(descriptor, "uuid"))
        if "track_event" in packet:
            event = one(packet, "track_event")
            self.later(ts, 1, self.track_event, (event, self.name_of(event), self.annotations_of(event)))
        if "ftrace_events" in packet:
            self.bundle(one(packet, "ftrace_events"))

    def name_of(self, event):
        iid = one(event, "name_iid")
        return one(event, "name") if iid is None else self.names["event_names", iid]

    def annotations_of(self, event, field="debug_annotations"):
        """A dictionary, as the UI shows it."""
        return {self.names["debug_annotation_names", one(note, "name_iid")]: self.annotation_value(note)
                for note in event.get(field, [])}

    def annotation_value(self, note):
        if "dict_entries" in note:
            return self.annotations_of(note, "dict_entries")
        if "array_values" in note:
            return [self.annotation_value(entry) for entry in note["array_values"]]
        for field in ("string_value", "uint_value", "int_value"):
            if field in note:
                return one(note, field)
        return one(note, "bool_value") == "true"

    def bundle(self, bundle):
        cpu = one(bundle, "cpu")
        if one(bundle, "lost_events") == "true":
            self.lost_cpus.add(cpu)
        for event in bundle.get("event", []):
            caller = one(one(event, "sched_blocked_reason", {}), "caller")
            self.later(one(event, "timestamp"), 3, self.ftrace,
                       (event, self.names["kernel_symbols", caller] if caller else None))
        compact = one(bundle, "compact_sched")
        if not compact:
            return
        columns = [compact[f"switch_{name}"] for name in ("timestamp", "prev_state", "next_pid", "next_prio",
                                                          "next_comm_index")]
        if len({len(column) for column in columns}) != 1:
            raise Broken("the columns of a bundle differ in length")
        ts = 0
        for (delta, state, pid, _, index) in zip(*columns):
            ts += delta
            self.later(ts, 2 if self.switches_first else 4, self.switch,
                       (cpu, state, pid, compact["intern_table"][index]))

    # ---- events, in order of time

    def thread(self, tid):
        if tid not in self.live:
            self.live[tid] = Thread(tid)
            self.threads.append(self.live[tid])
        return self.live[tid]

    def switch(self, ts, event):
        (cpu, state, pid, comm) = event
        following = self.thread(pid)
        following.name = comm
        if cpu not in self.cpus:  # the first only says who is there
            self.cpus[cpu] = [following, None]
            return
        (previous, run) = self.cpus[cpu]
        letters = printed(state)
        if run:
            run[2] = ts
        if previous is not self.swapper:
            if previous.rows and previous.rows[-1].state == "Running":
                previous.close(ts)
            elif previous.rows:
                raise Broken(f"{previous.tid} left a CPU at {ts} and did not run")
            previous.push(Row(ts, letters))
        run = None
        if following is not self.swapper:
            following.close(ts)
            following.push(Row(ts, "Running", cpu))
            run = [following, ts, None, cpu]
            self.sched.append(run)
        self.cpus[cpu] = [following, run]

    def ftrace(self, ts, argument):
        (event, function) = argument
        if "sched_waking" in event:
            waking = one(event, "sched_waking")
            wakee = self.thread(one(waking, "pid"))
            wakee.name = one(waking, "comm")
            waker = self.thread(one(event, "pid"))
            if wakee.rows and wakee.rows[-1].state in ("R", "R+", "Running"):
                return  # spurious
            wakee.close(ts)
            wakee.push(Row(ts, "R", waker=waker.tid))
        elif "sched_blocked_reason" in event:
            blocked = self.thread(one(one(event, "sched_blocked_reason"), "pid")).blocked
            if blocked:
                blocked.function = function
        elif "task_rename" in event:
            rename = one(event, "task_rename")
            named = self.thread(one(rename, "pid"))
            named.name = one(rename, "newcomm")
            if named.process and named.process.pid == named.tid:
                named.process.name = named.name
        elif "sched_process_free" in event:
            self.end_thread(ts, one(one(event, "sched_process_free"), "pid"))
        else:
            raise Broken(f"an event without an event: {event}")

    def end_thread(self, ts, tid):
        if tid not in self.live:
            return
        gone = self.live.pop(tid)
        gone.ended = ts
        if gone.process and gone.process.pid == tid:
            gone.process.ended = ts
            self.pids.pop(tid, None)
            for other in gone.process.threads:
                if self.live.get(other.tid) is other:
                    del self.live[other.tid]

    def task_state(self, ts, event):
        (tid, state) = (one(event, "tid"), STATES[one(event, "state")])
        thread = self.thread(tid)
        last = thread.rows[-1].state if thread.rows else None
        if state == "X":
            self.end_thread(ts, tid)
        elif last == "Z":
            raise Broken(f"{tid} does something at {ts}, and is dead")
        if thread.rows and thread.rows[-1].begin == ts:
            raise Broken(f"two states of {tid} at {ts}")
        thread.close(ts)
        thread.push(Row(ts, state))

    def process(self, pid):
        if pid not in self.pids:
            self.pids[pid] = Process(pid)
            self.processes.append(self.pids[pid])
            self.associate(pid, self.pids[pid])
        return self.pids[pid]

    def associate(self, tid, process):
        thread = self.live.get(tid)
        if not thread or thread.process not in (None, process):
            thread = Thread(tid)
            self.threads.append(thread)
            self.live[tid] = thread
        if not thread.process:
            thread.process = process
            process.threads.append(thread)
        return thread

    def tree(self, ts, tree):
        for entry in tree.get("processes", []):
            parent = self.process(one(entry, "ppid"))
            process = self.process(one(entry, "pid"))
            process.parent = process.parent or parent
            process.cmdline = entry["cmdline"]
            process.name = entry["cmdline"][0]
            process.uid = one(entry, "uid")
        for entry in tree.get("threads", []):
            thread = self.associate(one(entry, "tid"), self.process(one(entry, "tgid")))
            thread.name = one(entry, "name")

    def resolve(self, ts, uuid):
        """Tracks belong to the process that has the number when they are described."""
        descriptor = self.descriptors[uuid]
        if "process" in descriptor:
            process = self.process(one(one(descriptor, "process"), "pid"))
            if process.track is not None:  # taken for another with the same number
                self.pids.pop(process.pid)
                self.live.pop(process.pid, None)
                self.reused.append(process.pid)
                process = self.process(process.pid)
            process.track = uuid
            self.uuid_process[uuid] = process
        elif "thread" in descriptor:
            named = one(descriptor, "thread")
            self.uuid_thread[uuid] = self.associate(one(named, "tid"), self.process(one(named, "pid")))
        elif "parent_uuid" in descriptor:
            parent = one(descriptor, "parent_uuid")
            if parent not in self.uuid_process:
                raise Broken(f"track {uuid} is described before its parent {parent}")
            self.uuid_process[uuid] = self.uuid_process[parent]

    def track_event(self, ts, argument):
        (event, name, annotations) = argument
        track = one(event, "track_uuid")
        if track not in self.descriptors:
            raise Broken(f"an event of track {track}, which nobody described")
        stack = self.open.setdefault(track, [])
        kind = one(event, "type")
        if kind == "TYPE_SLICE_END":
            if not stack:
                raise Broken(f"an end without a begin on track {track} at {ts}")
            stack[-1].annotations |= annotations
            stack.pop().end = ts
            return
        made = Slice(track, ts, name, annotations)
        self.slices.append(made)
        if kind == "TYPE_SLICE_BEGIN":
            stack.append(made)
        elif kind == "TYPE_INSTANT":
            made.end = ts
        else:
            raise Broken(f"an event of no type: {event}")
        for flow in event.get("flow_ids", []):
            if flow in self.flows:
                raise Broken(f"flow {flow} begins twice")
            self.flows[flow] = [made]
        for flow in event.get("terminating_flow_ids", []):
            if len(self.flows.get(flow, [])) != 1:
                raise Broken(f"flow {flow} ends without a begin, or twice")
            self.flows[flow].append(made)
