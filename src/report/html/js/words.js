// SPDX-License-Identifier: GPL-2.0-only
// What states, ends and reaps are called; the words are those of the text report.

import { duration, shown } from "./format.js";

export const STATES = ["running", "ready", "blocked", "stopped", "zombie", "unknown"];
// D is a state of its own to the eye; "gone" is between a thread's end and the zombie.
export const LOOKS = ["running", "ready", "blocked", "disk", "stopped", "zombie", "unknown", "gone"];
export const LETTERS = {running: "R", ready: "r", blocked: "S", disk: "D", stopped: "T", zombie: "Z", unknown: "?", gone: ""};
export const MEANINGS = {
	running: "on a CPU", ready: "could run, waits for a CPU", blocked: "asleep until something happens",
	disk: "asleep, not to be interrupted", stopped: "by a signal or a tracer",
	zombie: "ended, not yet reaped", unknown: "records were lost",
};

const DETAILS = {
	bounded: "the reap came at some moment of it",
	"new": "has never run yet", woken: "woken up", preempted: "taken off the CPU",
	interruptible: "interruptible", uninterruptible: "uninterruptible", idle: "idle kernel thread",
	parked: "parked kernel thread", stopped: "by a signal", traced: "held by a tracer",
};

// What the page needs to know of a kind of interval, made once.
export function makeKind([state, detail, call]) {
	const disk = state === "blocked" && detail === "uninterruptible";
	return {state, detail, call, look: LOOKS.indexOf(disk ? "disk" : state)};
}

// "blocked in clock_nanosleep"
export function kindWords(kind) {
	if (kind.detail === "bounded")
		return "zombie, or gone";
	const name = kind.look === LOOKS.indexOf("disk") ? "blocked (D)" : kind.state || "gone";
	return kind.call ? `${name} in ${kind.call}` : name;
}

export function reasonWords(kind) {
	const detail = DETAILS[kind.detail] ?? kind.detail;
	return kind.call ? `${detail}, in ${kind.call}` : detail;
}

export function verdict(life, signalNames) {
	const end = life.exit;
	if (!end)
		return life.stoppedAtEnd ? "still stopped" : "still alive";
	if (end.signal !== null) {
		const name = signalNames[end.signal] ?? `signal ${end.signal}`;
		return `killed by ${name}${end.core_dumped ? ", core dumped" : ""}`;
	}
	return end.code === null ? "ended, status unknown" : `exit ${end.code}`;
}

// "4711 demo_zombie"
export function who(pid, comm) {
	return comm ? `${pid} ${shown(comm)}` : String(pid);
}

export function reapWords(life) {
	const {reap, zombie, exit} = life;
	if (!exit)
		return "";
	if (!reap)
		return "not reaped";
	if (reap.how === "auto")
		return reap.by_pid === life.pid || reap.by_pid === null ? "reaped by itself (nobody was to wait for it)"
			: "released at its parent's end";
	const by = reap.how === "unobserved" ? "by an unseen reaper" : `by ${who(reap.by_pid, reap.by_comm)}`;
	const bound = reap.precision === "bounded" ? "at most " : "";
	return `reaped ${by}${zombie && zombie.ns !== null ? ` after ${bound}${duration(zombie.ns)}` : ""}`;
}
