// SPDX-License-Identifier: GPL-2.0-only
// The recording: processes, their tree, and the rows of the tree that are open.

import { T } from "./lang.js";
import { duration } from "./format.js";
import { makeKind } from "./words.js";
import { processTrack } from "./tracks.js";

// The last adoption by another process; null: the process is no orphan.
function adoption(process) {
	return process.parents.findLast((p, i) => i > 0 && p.why === "reparent" && p.adopter !== "thread") ?? null;
}

function endOf(process, windowEnd) {
	if (process.reap && process.reap.at_ns !== null)
		return process.reap.at_ns;
	if (process.zombie && process.zombie.to_ns === null)
		return windowEnd;
	return process.exit && process.exit.at_ns !== null ? process.exit.at_ns : windowEnd;
}

function makeThreads(recording, intervals) {
	let first = 0;
	const made = [];
	for (const [process, tid, comm, start, exit, from, n, voluntary, involuntary, wakeups, migrations] of recording.doc.threads) {
		const track = {...intervals, first, last: first + n};
		first += n + 1;
		const thread = {process: recording.processes[process], tid, comm, start, exit, from, track, marks: [],
			end: n ? track.at[track.last] : start, switches: {voluntary, involuntary}, wakeups, migrations};
		thread.process.threads.push(thread);
		made.push(thread);
	}
	for (const [thread, at, name, value] of recording.doc.marks)
		made[thread].marks.push({at, name, value});
}

export class Recording {
	constructor({doc, intervals}) {
		this.doc = doc;
		this.kinds = doc.kinds.map(makeKind);
		this.special = {zombie: this.kinds.length, bound: this.kinds.length + 1, gone: this.kinds.length + 2};
		this.kinds.push(makeKind(["zombie", "", null]), makeKind(["zombie", "bounded", null]), makeKind(["gone", "", null]));
		this.processes = doc.processes;
		this.end = doc.duration_ns; // the end of the recording; from and to are the part that is shown
		this.to = doc.until_ns ?? this.end;
		this.longZombies = new Set(doc.long_zombies);
		this.stopped = new Set(doc.stopped);
		this.byPid = new Map();
		this.byTid = new Map();
		this.processes.forEach((process, index) => this.prepare(process, index));
		makeThreads(this, intervals);
		this.processes.forEach(process => this.finishProcess(process));
		this.buildTree();
		this.from = doc.since_ns ?? this.processes.reduce((least, process) => process.seeded ? least : Math.min(least, process.start_ns), 0);
	}

	prepare(process, index) {
		Object.assign(process, {index, threads: [], children: [], above: null, depth: 0, folded: false, open: false,
			adoption: adoption(process), end: endOf(process, this.end), name: process.comm ?? "?"});
		this.remember(this.byPid, process.pid, process);
	}

	remember(map, key, value) {
		const list = map.get(key);
		if (list)
			list.push(value);
		else
			map.set(key, [value]);
	}

	finishProcess(process) {
		for (const thread of process.threads)
			this.remember(this.byTid, thread.tid, thread);
		process.marks = process.threads.length === 1 ? process.threads[0].marks
			: process.threads.flatMap(thread => thread.marks).sort((a, b) => a.at - b.at);
		// Time before the recording is not drawn: a seeded process begins where the snapshot found it.
		process.from = process.threads.reduce((least, t) => Math.min(least, t.from), Infinity);
		if (process.from === Infinity)
			process.from = process.start_ns;
		process.stoppedAtEnd = this.stopped.has(process.index);
		process.open = this.doc.open && process.threads.length > 1;
	}

	// A child stays below the process that forked it, also after an adoption.
	buildTree() {
		this.roots = [];
		for (const process of this.processes) {
			const p = process.parents[0];
			const above = p && this.processAt(p.pid, process.start_ns);
			if (above && above !== process && above.index < process.index) {
				process.above = above;
				process.depth = above.depth + 1;
				above.children.push(process);
			} else {
				this.roots.push(process);
			}
		}
		if (this.doc.order) {
			const rank = [];
			this.doc.order.forEach((index, n) => rank[index] = n);
			for (const list of [this.roots, ...this.processes.map(process => process.children)])
				list.sort((a, b) => rank[a.index] - rank[b.index]);
		}
	}

	// The part of the zombie interval that is shown; null: none.
	zombieSpan(process) {
		if (!process.zombie || !this.doc.zombies)
			return null;
		const from = Math.max(process.zombie.from_ns, this.doc.since_ns ?? -Infinity);
		const to = Math.min(process.zombie.to_ns ?? this.end, this.to);
		return to > from ? {from, to} : null;
	}

	// The process that had this pid at this time.
	processAt(pid, time) {
		const list = this.byPid.get(pid);
		return list?.findLast(process => process.start_ns <= time && time <= process.end) ?? null;
	}

	threadAt(tid, time) {
		const list = this.byTid.get(tid);
		return list?.findLast(t => t.start <= time && time <= t.end) ?? null;
	}

	// The states of the process as a whole, computed on first use.
	track(process) {
		if (!process.track) {
			const span = this.zombieSpan(process);
			const z = span && {...span, kind: this.zombieBounded(process) ? this.special.bound : this.special.zombie};
			process.track = processTrack(process.threads.map(t => t.track), z, this.kinds, this.special.gone);
		}
		return process.track;
	}

	trackOf(row) {
		return row.thread ? row.thread.track : this.track(row.process);
	}

	zombieNs(process) {
		return process.zombie ? (process.zombie.to_ns ?? this.end) - process.zombie.from_ns : 0;
	}

	// The reap was observed later than it happened.
	zombieBounded(process) {
		return process.reap?.precision === "bounded";
	}

	// How long it was a zombie, in the text for an exact reap or in that for a bounded one.
	zombieWords(process, exactText, boundedText) {
		return T(this.zombieBounded(process) ? boundedText : exactText, duration(this.zombieNs(process)));
	}

	// Reaping takes a moment even from a parent that waits, so a short zombie interval is not reported.
	isLongZombie(process) {
		return this.longZombies.has(process.index);
	}

	// The rows of the tree that are not folded away. With `keep`, only processes for which it is true, folded or not.
	rows(keep) {
		const rows = [], stack = this.roots.toReversed();
		while (stack.length) {
			const process = stack.pop();
			if (!keep || keep(process))
				rows.push({process, thread: null});
			if (process.open && (!keep || keep(process)))
				process.threads.forEach(thread => rows.push({process, thread}));
			if (!process.folded || keep)
				for (let i = process.children.length; i-- > 0;)
					stack.push(process.children[i]);
		}
		return rows;
	}
}
