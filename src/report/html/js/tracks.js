// SPDX-License-Identifier: GPL-2.0-only
// Tracks: the intervals of a thread, or of a process as a whole.

import { NO_CPU } from "./data.js";

/*
 * A track is a stretch [first, last) of the arrays at, kind, cpu and by;
 * at[last] is the end of its last interval.
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

// The interval at this moment; -1 before the first and after the last.
export function intervalAt(track, time) {
	const i = findInterval(track, time);
	return i < track.last && track.at[i] <= time ? i : -1;
}

// A list of spans grows here until it becomes a track.
class Builder {
	constructor() {
		this.at = [];
		this.kind = [];
		this.cpu = [];
		this.by = [];
		this.end = null;
	}

	// Neighbours alike in kind are one; a hole between two becomes an interval of its own.
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

// running if any thread runs, else unknown if any is (it may have run), else ready, and so on.
const PRECEDENCE = ["running", "unknown", "ready", "blocked", "stopped", "zombie"];

// Of many threads, which is the first in each state: asked once for every change.
class Crowd {
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

	// The thread that speaks for the process; -1: none is alive.
	spokesman() {
		const rank = this.members.findIndex(n => n > 0);
		return rank < 0 ? -1 : this.least[rank];
	}
}

// All changes of all threads in order of time: [time, thread, interval or -1 at its end].
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
	const crowd = new Crowd(threads.length, kinds), current = new Int32Array(threads.length).fill(-1);

	for (let n = 0; n < order.length;) {
		const now = times[order[n]];
		for (; n < order.length && times[order[n]] === now; n++) {
			const owner = owners[order[n]], i = intervals[order[n]];
			current[owner] = i;
			crowd.move(owner, i < 0 ? -1 : threads[owner].kind[i]);
		}
		const speaker = crowd.spokesman();
		if (speaker < 0 || n === order.length)
			continue;
		const track = threads[speaker], i = current[speaker];
		builder.add(now, times[order[n]], track.kind[i], track.cpu[i], track.by[i], gone);
	}
}

// The process's own states from its birth to its reap, the zombie interval last.
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

// How long it was in each state.
export function totals(track, kinds, from = -Infinity, to = Infinity) {
	const sums = {};
	for (let i = findInterval(track, from); i < track.last && track.at[i] < to; i++) {
		const state = kinds[track.kind[i]].state;
		sums[state] = (sums[state] ?? 0) + Math.min(track.at[i + 1], to) - Math.max(track.at[i], from);
	}
	return sums;
}
