// SPDX-License-Identifier: GPL-2.0-only
// Search by name, pid or state. A state's name finds whoever was ever in it.

import { shown } from "./format.js";
import { msg, T } from "./lang.js";
import { STATES } from "./words.js";

const SPECIAL = {
	[msg("orphan")]: life => life.adoption !== null,
	[msg("unreaped")]: life => life.exit !== null && life.reap === null,
	[msg("alive")]: life => life.exit === null,
	[msg("killed")]: life => life.exit !== null && life.exit.signal !== null,
	[msg("failed")]: life => life.exit !== null && (life.exit.signal !== null || life.exit.code > 0),
};

function wordTest(word) {
	const lower = word.toLowerCase();
	const state = STATES.find(name => name === lower || T(name) === word), special = Object.keys(SPECIAL).find(name => name === lower || T(name) === word);
	const byState = state ? life => life.totals_ns[state] > 0 : SPECIAL[special];
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
