// SPDX-License-Identifier: GPL-2.0-only
// Searches by name, argument, pid or state. The name of a state finds every process that was ever in it.

import { printable } from "./format.js";
import { msg, T } from "./lang.js";
import { STATES } from "./words.js";

const SPECIAL = {
	[msg("orphan")]: process => process.adoption !== null,
	[msg("unreaped")]: process => process.exit !== null && process.reap === null,
	[msg("alive")]: process => process.exit === null,
	[msg("killed")]: process => process.exit !== null && process.exit.signal !== null,
	[msg("failed")]: process => process.exit !== null && (process.exit.signal !== null || process.exit.code > 0),
};

function wordTest(word) {
	const lower = word.toLowerCase();
	const state = STATES.find(name => name === lower || T(name) === word), special = Object.keys(SPECIAL).find(name => name === lower || T(name) === word);
	const byState = state ? process => process.totals_ns[state] > 0 : SPECIAL[special];
	const byPid = /^\d+$/.test(word) ? process => String(process.pid) === word || process.threads.some(t => String(t.tid) === word) : null;
	const byName = process => printable(process.name).toLowerCase().includes(lower) ||
		process.execs.some(exec => exec.argv?.some(arg => printable(arg).toLowerCase().includes(lower)));
	return process => byState?.(process) || byPid?.(process) || byName(process);
}

// Returns the set of processes that match every word.
export function findProcesses(processes, query) {
	const tests = query.trim().split(/\s+/).filter(word => word).map(wordTest);
	return new Set(tests.length ? processes.filter(process => tests.every(test => test(process))) : []);
}
