// SPDX-License-Identifier: GPL-2.0-only
// Search by name, pid or state. A state's name finds whoever was ever in it.

import { shown } from "./format.js";
import { STATES } from "./words.js";

const SPECIAL = {
	orphan: life => life.adoption !== null,
	unreaped: life => life.exit !== null && life.reap === null,
	alive: life => life.exit === null,
	killed: life => life.exit !== null && life.exit.signal !== null,
	failed: life => life.exit !== null && (life.exit.signal !== null || life.exit.code > 0),
};

function wordTest(word) {
	const lower = word.toLowerCase();
	const byState = STATES.includes(lower) ? life => life.totals_ns[lower] > 0 : SPECIAL[lower];
	const byPid = /^\d+$/.test(word) ? life => String(life.pid) === word || life.threads.some(t => String(t.tid) === word) : null;
	const byName = life => shown(life.name).toLowerCase().includes(lower) ||
		life.execs.some(exec => exec.argv?.some(arg => shown(arg).toLowerCase().includes(lower)));
	return life => byState?.(life) || byPid?.(life) || byName(life);
}

// Every word has to be found.
export function findLives(lives, query) {
	const tests = query.trim().split(/\s+/).filter(word => word).map(wordTest);
	return new Set(tests.length ? lives.filter(life => tests.every(test => test(life))) : []);
}
