// SPDX-License-Identifier: GPL-2.0-only
// Tracks: the timeline of a thread, or of a process as a whole.

import { NO_CPU } from "./data.js";

/*
 * A track is the range [first, last) of the arrays at, kind, cpu and by; at[last] is the
 * end of its last interval. Returns the first interval that ends after this time.
 */
export function findInterval(track, time) {
	let low = track.first, high = track.last;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (track.at[middle + 1] <= time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

// The interval at this time; -1 before the first and after the last.
export function intervalAt(track, time) {
	const i = findInterval(track, time);
	return i < track.last && track.at[i] <= time ? i : -1;
}

// Collects spans and makes a track of them.
class Builder {
	constructor() {
		this.at = [];
		this.kind = [];
		this.cpu = [];
		this.by = [];
		this.end = null;
	}

	// Joins neighbours of one kind; a gap between two becomes an interval of the kind `gone`.
	add(from, to, kind, cpu, by, gone) {
		if (this.end !== null && from > this.end)
			this.push(this.end, gone, NO_CPU, 0);
		if (this.kind.at(-1) !== kind || from > this.end)
			this.push(from, kind, cpu, by);
		this.end = to;
	}

	push(at, kind, cpu, by) {
		this.at.push(at);
		this.kind.push(kind);
		this.cpu.push(cpu);
		this.by.push(by);
	}

	track() {
		const last = this.at.length;
		if (this.end !== null)
			this.at.push(this.end);
		return {at: Float64Array.from(this.at), kind: Uint16Array.from(this.kind), cpu: Uint16Array.from(this.cpu),
			by: Uint32Array.from(this.by), first: 0, last};
	}
}

// A process is in the first of these states that any of its threads is in; an unknown one may have run.
const PRECEDENCE = ["running", "unknown", "ready", "blocked", "stopped", "zombie"];

// Keeps the states of all threads, and for each state the first thread that is in it.
class ThreadStates {
	constructor(size, kinds) {
		this.rankOf = kinds.map(kind => PRECEDENCE.indexOf(kind.state));
		this.rank = new Int8Array(size).fill(-1);
		this.members = PRECEDENCE.map(() => 0);
		this.least = PRECEDENCE.map(() => size);
	}

	move(thread, kind) {
		const old = this.rank[thread];
		if (old >= 0)
			this.members[old]--;
		const rank = kind < 0 ? -1 : this.rankOf[kind];
		this.rank[thread] = rank;
		if (old >= 0 && this.least[old] === thread)
			this.least[old] = this.next(old, thread + 1);
		if (rank >= 0) {
			this.members[rank]++;
			this.least[rank] = Math.min(this.least[rank], thread);
		}
	}

	next(rank, from) {
		while (from < this.rank.length && this.rank[from] !== rank)
			from++;
		return from;
	}

	// The thread whose state is that of the process; -1: all have exited.
	representative() {
		const rank = this.members.findIndex(n => n > 0);
		return rank < 0 ? -1 : this.least[rank];
	}
}

// All changes of all threads, as parallel arrays and their order in time. The interval is -1 at a thread's end.
function changes(threads) {
	const times = [], owners = [], intervals = [];
	threads.forEach((track, n) => {
		for (let i = track.first; i <= track.last && track.last > track.first; i++) {
			times.push(track.at[i]);
			owners.push(n);
			intervals.push(i < track.last ? i : -1);
		}
	});
	const order = Uint32Array.from(times, (_, i) => i).sort((a, b) => times[a] - times[b]);
	return {times, owners, intervals, order};
}

function mergeThreads(builder, threads, kinds, gone) {
	const {times, owners, intervals, order} = changes(threads);
	const states = new ThreadStates(threads.length, kinds), current = new Int32Array(threads.length).fill(-1);

	for (let n = 0; n < order.length;) {
		const now = times[order[n]];
		for (; n < order.length && times[order[n]] === now; n++) {
			const owner = owners[order[n]], i = intervals[order[n]];
			current[owner] = i;
			states.move(owner, i < 0 ? -1 : threads[owner].kind[i]);
		}
		const thread = states.representative();
		if (thread < 0 || n === order.length)
			continue;
		const track = threads[thread], i = current[thread];
		builder.add(now, times[order[n]], track.kind[i], track.cpu[i], track.by[i], gone);
	}
}

// The states of a process from its fork to its reap; the zombie interval is the last.
export function processTrack(threads, zombie, kinds, gone) {
	if (threads.length === 1 && !zombie)
		return threads[0];
	const builder = new Builder();
	if (threads.length === 1) {
		const t = threads[0];
		for (let i = t.first; i < t.last; i++)
			builder.add(t.at[i], t.at[i + 1], t.kind[i], t.cpu[i], t.by[i], gone);
	} else {
		mergeThreads(builder, threads, kinds, gone);
	}
	if (zombie && zombie.to > zombie.from)
		builder.add(zombie.from, zombie.to, zombie.kind, NO_CPU, 0, gone);
	return builder.track();
}

// The ns in each state between two times.
export function totals(track, kinds, from = -Infinity, to = Infinity) {
	const sums = {};
	for (let i = findInterval(track, from); i < track.last && track.at[i] < to; i++) {
		const state = kinds[track.kind[i]].state;
		sums[state] = (sums[state] ?? 0) + Math.min(track.at[i + 1], to) - Math.max(track.at[i], from);
	}
	return sums;
}
