// SPDX-License-Identifier: GPL-2.0-only
// Lives, their tree, and the rows that are open in it.

import { duration } from "./format.js";
import { makeKind } from "./words.js";
import { processTrack } from "./tracks.js";

// A life that was adopted by another process than the one that made it.
function adoption(life) {
	return life.parents.findLast((p, i) => i > 0 && p.why === "reparent" && p.adopter !== "thread") ?? null;
}

function endOf(life, windowEnd) {
	if (life.reap && life.reap.at_ns !== null)
		return life.reap.at_ns;
	if (life.zombie && life.zombie.to_ns === null)
		return windowEnd;
	return life.exit && life.exit.at_ns !== null ? life.exit.at_ns : windowEnd;
}

function makeThreads(recording, intervals) {
	let first = 0;
	const made = [];
	for (const [life, tid, comm, start, exit, from, n, voluntary, involuntary, wakeups, migrations] of recording.doc.threads) {
		const track = {...intervals, first, last: first + n};
		first += n + 1;
		const thread = {life: recording.lives[life], tid, comm, start, exit, from, track, points: [],
			end: n ? track.at[track.last] : start, switches: {voluntary, involuntary}, wakeups, migrations};
		thread.life.threads.push(thread);
		made.push(thread);
	}
	for (const [thread, at, name, value] of recording.doc.points)
		made[thread].points.push({at, name, value});
}

export class Recording {
	constructor({doc, intervals}) {
		this.doc = doc;
		this.kinds = doc.kinds.map(makeKind);
		this.special = {zombie: this.kinds.length, bound: this.kinds.length + 1, gone: this.kinds.length + 2};
		this.kinds.push(makeKind(["zombie", "", null]), makeKind(["zombie", "bounded", null]), makeKind(["gone", "", null]));
		this.lives = doc.lives;
		this.end = doc.duration_ns; // of the recording; from and to are what is shown of it
		this.to = doc.until_ns ?? this.end;
		this.longZombies = new Set(doc.long_zombies);
		this.stopped = new Set(doc.stopped);
		this.byPid = new Map();
		this.byTid = new Map();
		this.lives.forEach((life, index) => this.prepare(life, index));
		makeThreads(this, intervals);
		this.lives.forEach(life => this.finishLife(life));
		this.plant();
		this.from = doc.since_ns ?? this.lives.reduce((least, life) => life.seeded ? least : Math.min(least, life.start_ns), 0);
	}

	prepare(life, index) {
		Object.assign(life, {index, threads: [], children: [], above: null, depth: 0, folded: false, open: false,
			adoption: adoption(life), end: endOf(life, this.end), name: life.comm ?? "?"});
		this.remember(this.byPid, life.pid, life);
	}

	remember(map, key, value) {
		const list = map.get(key);
		if (list)
			list.push(value);
		else
			map.set(key, [value]);
	}

	finishLife(life) {
		for (const thread of life.threads)
			this.remember(this.byTid, thread.tid, thread);
		life.points = life.threads.length === 1 ? life.threads[0].points
			: life.threads.flatMap(thread => thread.points).sort((a, b) => a.at - b.at);
		// What was before the recording is not drawn: a seeded life begins where it was found.
		life.from = life.threads.reduce((least, t) => Math.min(least, t.from), Infinity);
		if (life.from === Infinity)
			life.from = life.start_ns;
		life.stoppedAtEnd = this.stopped.has(life.index);
		life.open = this.doc.open && life.threads.length > 1;
	}

	// Children stand below the life that forked them, in the order chosen, wherever they went later.
	plant() {
		this.roots = [];
		for (const life of this.lives) {
			const p = life.parents[0];
			const above = p && this.lifeAt(p.pid, life.start_ns);
			if (above && above !== life && above.index < life.index) {
				life.above = above;
				life.depth = above.depth + 1;
				above.children.push(life);
			} else {
				this.roots.push(life);
			}
		}
		if (this.doc.order) {
			const rank = [];
			this.doc.order.forEach((index, n) => rank[index] = n);
			for (const list of [this.roots, ...this.lives.map(life => life.children)])
				list.sort((a, b) => rank[a.index] - rank[b.index]);
		}
	}

	// What is shown of its time as a zombie; null: nothing.
	zombieSpan(life) {
		if (!life.zombie || !this.doc.zombies)
			return null;
		const from = Math.max(life.zombie.from_ns, this.doc.since_ns ?? -Infinity);
		const to = Math.min(life.zombie.to_ns ?? this.end, this.to);
		return to > from ? {from, to} : null;
	}

	// The life that had this pid at this moment.
	lifeAt(pid, time) {
		const list = this.byPid.get(pid);
		return list?.findLast(life => life.start_ns <= time && time <= life.end) ?? null;
	}

	threadAt(tid, time) {
		const list = this.byTid.get(tid);
		return list?.findLast(t => t.start <= time && time <= t.end) ?? null;
	}

	// The process's own states, made when they are first looked at.
	track(life) {
		if (!life.track) {
			const span = this.zombieSpan(life);
			const z = span && {...span, kind: this.zombieBounded(life) ? this.special.bound : this.special.zombie};
			life.track = processTrack(life.threads.map(t => t.track), z, this.kinds, this.special.gone);
		}
		return life.track;
	}

	trackOf(row) {
		return row.thread ? row.thread.track : this.track(row.life);
	}

	zombieNs(life) {
		return life.zombie ? (life.zombie.to_ns ?? this.end) - life.zombie.from_ns : 0;
	}

	// Its reap was noticed later than it happened.
	zombieBounded(life) {
		return life.reap?.precision === "bounded";
	}

	zombieWords(life) {
		return `${this.zombieBounded(life) ? "at most " : ""}${duration(this.zombieNs(life))}`;
	}

	// Long enough to be worth a word; reaping takes a moment even from a parent that waits.
	isLongZombie(life) {
		return this.longZombies.has(life.index);
	}

	// The rows of the tree that are not folded away; keep says which lives are wanted at all.
	rows(keep) {
		const rows = [], stack = this.roots.toReversed();
		while (stack.length) {
			const life = stack.pop();
			if (!keep || keep(life))
				rows.push({life, thread: null});
			if (life.open && (!keep || keep(life)))
				life.threads.forEach(thread => rows.push({life, thread}));
			if (!life.folded || keep)
				for (let i = life.children.length; i-- > 0;)
					stack.push(life.children[i]);
		}
		return rows;
	}
}
