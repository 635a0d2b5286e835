// SPDX-License-Identifier: GPL-2.0-only
// The panel beside the timeline: the selected interval, and everything known of its process.

import { IRQ_WAKER, NO_CPU } from "./data.js";
import { count, duration, exact, printable } from "./format.js";
import { msg, T } from "./lang.js";
import { marksOf, markWords } from "./marks.js";
import { make } from "./theme.js";
import { totals } from "./tracks.js";
import { exitWords, kindWords, LETTERS, pidAndName, reapWords, reasonWords, STATES } from "./words.js";

const ADOPTERS = {init: "init", subreaper: msg("a subreaper"), thread: msg("another thread of the parent")};
const MOST_SIGNALS = 40, MOST_THREADS = 20, MOST_MARKS = 200;

const commandLine = exec => exec.argv?.length ? exec.argv.map(printable).join(" ") : printable(exec.exe ?? "?");

// The waker of an interval in words; null: unknown.
export function wakerWords(app, track, i) {
	const by = track.by[i];
	if (by < IRQ_WAKER)
		return null;
	if (by === IRQ_WAKER)
		return T("an interrupt");
	const waker = app.recording.threadAt(by - 2, track.at[i]);
	return waker ? pidAndName(by - 2, waker.comm || waker.process.name) : String(by - 2);
}

// Everything known of one interval, as pairs [word, text].
export function intervalFacts(app, track, i) {
	const kind = app.kindOf(track, i), reason = reasonWords(kind), waker = wakerWords(app, track, i);
	const facts = [[T("state"), kindWords(kind)]];
	if (reason)
		facts.push([T("reason"), reason]);
	facts.push([T("from"), exact(track.at[i])], [T("to"), exact(track.at[i + 1])],
		[T("duration"), duration(track.at[i + 1] - track.at[i])]);
	if (track.cpu[i] !== NO_CPU)
		facts.push([T("CPU"), String(track.cpu[i])]);
	if (waker)
		facts.push([T("woken by"), waker]);
	return facts;
}

export function factList(facts) {
	return make("dl", {}, ...facts.flatMap(([word, text]) => [make("dt", {}, word), make("dd", {}, text)]));
}

// The events of a process, in order of time: [time, sign, text].
function eventsOf(app, {process, thread}) {
	const {doc} = app.recording, events = [];
	const add = (at, sign, text) => at !== null && at !== undefined && events.push([at, sign, text]);
	process.parents.forEach((p, i) => {
		const by = pidAndName(p.pid, p.comm), bound = p.precision === "bounded" ? T(", observed later than it happened") : "";
		if (p.why === "reparent")
			add(p.from_ns, "↪", (p.adopter ? T("its parent exited: adopted by {0} ({1})", by, T(ADOPTERS[p.adopter])) : T("passed to {0}", by)) + bound);
		else
			add(i ? p.from_ns : process.start_ns, "↳", process.seeded ? T("started before the recording; its parent is {0}", by) : T("forked by {0}", by));
	});
	process.execs.forEach(exec => add(exec.at_ns, "E", `exec: ${commandLine(exec)}`));
	process.names.slice(1).forEach(name => add(name.at_ns, "✎", T("renamed to {0}", printable(name.comm ?? "?"))));
	process.threads.slice(1, MOST_THREADS).forEach(t => add(t.start, "+", T("thread {0} {1} starts", t.tid, printable(t.comm))));
	process.threads.slice(1, MOST_THREADS).forEach(t => add(t.exit, "−", T("thread {0} exits", t.tid)));
	doc.signals.filter(s => s[3] === process.pid && s[0] >= process.start_ns && s[0] <= process.end).slice(0, MOST_SIGNALS)
		.forEach(([at, name, from]) => add(at, "!", T("{0} from {1}", name, from || T("the kernel"))));
	marksOf({process, thread}).slice(0, MOST_MARKS).forEach(mark => add(mark.at, "◆", markWords(mark)));
	addEnd(app, process, add);
	// Events at one time stay in the order above, in which they happen.
	return events.sort((a, b) => a[0] - b[0]);
}

function addEnd(app, process, add) {
	const {exit, zombie, reap} = process;
	if (exit) {
		add(exit.begun_ns, "×", T("starts to exit"));
		add(exit.notified_ns, "!", T("its exit signal is sent to the parent"));
		add(exit.at_ns, "×", T("has exited: {0}", exitWords(process, app.recording.doc.signal_names)));
	}
	if (zombie)
		add(zombie.from_ns, "Z", app.recording.zombieWords(process, msg("is a zombie for {0}"), msg("is a zombie for at most {0}")));
	if (reap)
		add(reap.at_ns, "┤", reapWords(process));
	else if (exit)
		add(app.recording.end, "Z", T("not reaped when the recording ended"));
}

function eventList(app, row) {
	return make("ol", {class: "events"}, ...eventsOf(app, row).map(([at, sign, text]) => make("li", {},
		make("button", {type: "button", class: "time", title: T("show this moment"), onclick: () => app.showTime(at)}, exact(at)),
		make("span", {class: "sign", "aria-hidden": "true"}, sign), make("span", {}, text))));
}

// A bar of the shares of the states, and below it the same numbers as text.
function totalsBar(sums) {
	const whole = Object.values(sums).reduce((a, b) => a + b, 0) || 1;
	const bar = make("div", {class: "shares", "aria-hidden": "true"});
	const list = make("dl", {class: "totals"});
	for (const state of STATES.filter(s => sums[s] > 0)) {
		const part = make("span", {class: `share ${state}`});
		part.style.flexGrow = String(Math.max(0.004, sums[state] / whole));
		bar.append(part);
		list.append(make("dt", {}, make("span", {class: `letter ${state}`, "aria-hidden": "true"}, LETTERS[state]), T(state)),
			make("dd", {}, `${duration(sums[state])} · ${(sums[state] / whole * 100).toFixed(1)} %`));
	}
	return [bar, list];
}

function processFacts(app, process) {
	const exec = process.execs.at(-1), parent = process.parents.at(-1);
	return [
		[T("command"), exec ? commandLine(exec) : null],
		[T("parent"), parent ? pidAndName(parent.pid, parent.comm) : null],
		[T("marks"), process.marks.length ? count(process.marks.length) : null],
		[T("children"), process.children.length ? count(process.children.length) : null],
		[T("threads"), process.threads.length > 1 ? count(process.threads.length) : null],
		[T("CPU time"), duration(process.cpu_ns)],
		[T("switches"), T("{0} voluntary, {1} involuntary", count(process.switches.voluntary), count(process.switches.involuntary))],
		[T("wake-ups"), count(process.wakeups)], [T("migrations"), count(process.migrations)],
		[T("pid in its namespace"), process.ns_pid !== null && process.ns_pid !== process.pid ? String(process.ns_pid) : null],
		[T("user"), String(process.uid)], [T("control group"), process.cgroup ? printable(process.cgroup) : null],
	].filter(([, text]) => text !== null);
}

function intervalPart(app) {
	const row = app.selectedRow();
	if (!row || app.interval < 0)
		return [];
	const track = app.recording.trackOf(row), by = track.by[app.interval];
	const waker = by > IRQ_WAKER ? app.recording.threadAt(by - 2, track.at[app.interval]) : null;
	const buttons = make("div", {class: "buttons"},
		make("button", {type: "button", onclick: () => app.step(-1)}, T("‹ Previous")),
		make("button", {type: "button", onclick: () => app.step(1)}, T("Next ›")),
		make("button", {type: "button", onclick: () => app.zoomToInterval()}, T("Zoom to interval")));
	if (waker)
		buttons.append(make("button", {type: "button", onclick: () => app.selectProcess(waker.process)}, T("Go to the waker")));
	return [make("h3", {}, T("This interval")), factList(intervalFacts(app, track, app.interval)), buttons];
}

export function showDetails(app, panel) {
	const {selected} = app;
	panel.hidden = !selected;
	if (!selected) {
		panel.replaceChildren();
		return;
	}
	const {process, thread} = selected;
	const title = thread ? T("Thread {0} {1}", thread.tid, printable(thread.comm)) : `${process.pid} ${printable(process.name)}`;
	const sums = thread ? totals(thread.track, app.recording.kinds) : process.totals_ns;
	panel.replaceChildren(
		make("div", {class: "panel-head"}, make("h2", {}, title),
			make("button", {type: "button", class: "plain", "aria-label": T("Close the details"), onclick: () => app.select(null)}, "×")),
		make("p", {class: "verdict"}, [exitWords(process, app.recording.doc.signal_names), reapWords(process)].filter(t => t).join(T(", "))),
		...intervalPart(app),
		make("h3", {}, T("Time in each state")), ...totalsBar(sums),
		make("h3", {}, T("Timeline of events")), eventList(app, selected),
		make("h3", {}, T("Properties")), factList(processFacts(app, process)));
}
