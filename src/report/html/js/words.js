// SPDX-License-Identifier: GPL-2.0-only
// Words for states, exits and reaps. The text report uses the same.

import { duration, printable } from "./format.js";
import { msg, T } from "./lang.js";

export const STATES = [msg("running"), msg("ready"), msg("blocked"), msg("stopped"), msg("zombie"), msg("unknown")];
// What the eye distinguishes: D has its own look; "gone" is the time between a thread's exit and the zombie interval.
export const LOOKS = ["running", "ready", "blocked", "disk", "stopped", "zombie", "unknown", "gone"];
export const LETTERS = {running: "R", ready: "r", blocked: "S", disk: "D", stopped: "T", zombie: "Z", unknown: "?", gone: ""};
export const MEANINGS = {
	running: msg("on a CPU"), ready: msg("runnable, waiting for a CPU"), blocked: msg("asleep until something happens"),
	disk: msg("asleep, and no signal can wake it"), stopped: msg("by a signal or a tracer"),
	zombie: msg("ended, not yet reaped"), unknown: msg("records were lost"),
};

const DETAILS = {
	bounded: msg("the reap happened within this time"),
	"new": msg("has not run yet"), woken: msg("woken"), preempted: msg("preempted"),
	interruptible: msg("interruptible"), uninterruptible: msg("uninterruptible"), idle: msg("idle kernel thread"),
	parked: msg("parked kernel thread"), stopped: msg("by a signal"), traced: msg("held by a tracer"),
};

// A kind of interval: its state, detail and system call, and its look.
export function makeKind([state, detail, call]) {
	const disk = state === "blocked" && detail === "uninterruptible";
	return {state, detail, call, look: LOOKS.indexOf(disk ? "disk" : state)};
}

// "blocked in clock_nanosleep"
export function kindWords(kind) {
	if (kind.detail === "bounded")
		return T("zombie, or gone");
	const name = kind.look === LOOKS.indexOf("disk") ? T("blocked (D)") : T(kind.state || msg("gone"));
	return kind.call ? T("{0} in {1}", name, kind.call) : name;
}

export function reasonWords(kind) {
	const detail = T(DETAILS[kind.detail] ?? kind.detail);
	return kind.call ? T("{0}, in {1}", detail, kind.call) : detail;
}

export function exitWords(process, signalNames) {
	const end = process.exit;
	if (!end)
		return process.stoppedAtEnd ? T("still stopped") : T("still alive");
	if (end.signal !== null) {
		const name = signalNames[end.signal] ?? T("signal {0}", end.signal);
		return T("killed by {0}", name) + (end.core_dumped ? T(", core dumped") : "");
	}
	return end.code === null ? T("ended, exit status unknown") : T("exit {0}", end.code);
}

// "4711 demo_zombie"
export function pidAndName(pid, comm) {
	return comm ? `${pid} ${printable(comm)}` : String(pid);
}

// The sentences of a reap: {0} is the reaper, {1} the reaping latency.
const REAPED_BY = {
	untimed: msg("reaped by {0}"), after: msg("reaped by {0} after {1}"), atMost: msg("reaped by {0} after at most {1}"),
};
const REAPED_UNOBSERVED = {
	untimed: msg("reaped by an unobserved reaper"), after: msg("reaped by an unobserved reaper after {1}"),
	atMost: msg("reaped by an unobserved reaper after at most {1}"),
};

export function reapWords(process) {
	const {reap, zombie, exit} = process;
	if (!exit)
		return "";
	if (!reap)
		return T("not reaped");
	if (reap.how === "auto")
		return reap.by_pid === process.pid || reap.by_pid === null ? T("released at once (its parent ignores SIGCHLD or set SA_NOCLDWAIT)")
			: T("released when its parent exited");
	const seen = reap.how !== "unobserved", texts = seen ? REAPED_BY : REAPED_UNOBSERVED;
	const by = seen ? pidAndName(reap.by_pid, reap.by_comm) : "";
	if (!zombie || zombie.ns === null)
		return T(texts.untimed, by);
	const text = reap.precision === "bounded" ? texts.atMost : texts.after;
	return T(text, by, duration(zombie.ns));
}
