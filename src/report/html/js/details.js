// SPDX-License-Identifier: GPL-2.0-only
// The panel beside the timeline: the chosen interval, and the whole story of its process.

import { IRQ_WAKER, NO_CPU } from "./data.js";
import { count, duration, exact, shown } from "./format.js";
import { msg, T } from "./lang.js";
import { pointsOf, pointWords } from "./points.js";
import { make } from "./theme.js";
import { totals } from "./tracks.js";
import { kindWords, LETTERS, reapWords, reasonWords, STATES, verdict, who } from "./words.js";

const ADOPTERS = {init: "init", subreaper: msg("a subreaper"), thread: msg("another thread of the parent")};
const MOST_SIGNALS = 40, MOST_THREADS = 20, MOST_POINTS = 200;

const commandLine = exec => exec.argv?.length ? exec.argv.map(shown).join(" ") : shown(exec.exe ?? "?");

// Who woke it, in words; null when nobody is known to.
export function wakerWords(app, track, i) {
	const by = track.by[i];
	if (by < IRQ_WAKER)
		return null;
	if (by === IRQ_WAKER)
		return T("an interrupt");
	const waker = app.recording.threadAt(by - 2, track.at[i]);
	return waker ? who(by - 2, waker.comm || waker.process.name) : String(by - 2);
}

// [word, text] of everything known of one interval.
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

// Everything that happened to a process: [time, sign, text].
function story(app, {process, thread}) {
	const {doc} = app.recording, events = [];
	const tell = (at, sign, text) => at !== null && at !== undefined && events.push([at, sign, text]);
	process.parents.forEach((p, i) => {
		const by = who(p.pid, p.comm), bound = p.precision === "bounded" ? T(", observed later than it happened") : "";
		if (p.why === "reparent")
			tell(p.from_ns, "↪", (p.adopter ? T("its parent exited: adopted by {0} ({1})", by, T(ADOPTERS[p.adopter])) : T("passed to {0}", by)) + bound);
		else
			tell(i ? p.from_ns : process.start_ns, "↳", process.seeded ? T("started before the recording; its parent is {0}", by) : T("forked by {0}", by));
	});
	process.execs.forEach(exec => tell(exec.at_ns, "E", `exec: ${commandLine(exec)}`));
	process.names.slice(1).forEach(name => tell(name.at_ns, "✎", T("renamed to {0}", shown(name.comm ?? "?"))));
	process.threads.slice(1, MOST_THREADS).forEach(t => tell(t.start, "+", T("thread {0} {1} starts", t.tid, shown(t.comm))));
	process.threads.slice(1, MOST_THREADS).forEach(t => tell(t.exit, "−", T("thread {0} exits", t.tid)));
	doc.signals.filter(s => s[3] === process.pid && s[0] >= process.start_ns && s[0] <= process.end).slice(0, MOST_SIGNALS)
		.forEach(([at, name, from]) => tell(at, "!", T("{0} from {1}", name, from || T("the kernel"))));
	pointsOf({process, thread}).slice(0, MOST_POINTS).forEach(point => tell(point.at, "◆", pointWords(point)));
	tellEnd(app, process, tell);
	// Where two share a moment, the order above is that in which they happen.
	return events.sort((a, b) => a[0] - b[0]);
}

function tellEnd(app, process, tell) {
	const {exit, zombie, reap} = process;
	if (exit) {
		tell(exit.begun_ns, "×", T("starts to exit"));
		tell(exit.notified_ns, "!", T("its exit signal is sent to the parent"));
		tell(exit.at_ns, "×", T("has exited: {0}", verdict(process, app.recording.doc.signal_names)));
	}
	if (zombie)
		tell(zombie.from_ns, "Z", T("is a zombie for {0}", app.recording.zombieWords(process)));
	if (reap)
		tell(reap.at_ns, "┤", reapWords(process));
	else if (exit)
		tell(app.recording.end, "Z", T("not reaped when the recording ended"));
}

function storyList(app, row) {
	return make("ol", {class: "story"}, ...story(app, row).map(([at, sign, text]) => make("li", {},
		make("button", {type: "button", class: "time", title: T("show this moment"), onclick: () => app.showMoment(at)}, exact(at)),
		make("span", {class: "sign", "aria-hidden": "true"}, sign), make("span", {}, text))));
}

// A bar of the six states, with the same numbers in words below it.
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
		[T("parent"), parent ? who(parent.pid, parent.comm) : null],
		[T("marks"), process.points.length ? count(process.points.length) : null],
		[T("children"), process.children.length ? count(process.children.length) : null],
		[T("threads"), process.threads.length > 1 ? count(process.threads.length) : null],
		[T("CPU time"), duration(process.cpu_ns)],
		[T("switches"), T("{0} voluntary, {1} involuntary", count(process.switches.voluntary), count(process.switches.involuntary))],
		[T("wake-ups"), count(process.wakeups)], [T("migrations"), count(process.migrations)],
		[T("pid in its namespace"), process.ns_pid !== null && process.ns_pid !== process.pid ? String(process.ns_pid) : null],
		[T("user"), String(process.uid)], [T("control group"), process.cgroup ? shown(process.cgroup) : null],
	].filter(([, text]) => text !== null);
}

function slicePart(app) {
	const row = app.selectedRow();
	if (!row || app.slice < 0)
		return [];
	const track = app.recording.trackOf(row), by = track.by[app.slice];
	const waker = by > IRQ_WAKER ? app.recording.threadAt(by - 2, track.at[app.slice]) : null;
	const buttons = make("div", {class: "buttons"},
		make("button", {type: "button", onclick: () => app.step(-1)}, T("‹ Previous")),
		make("button", {type: "button", onclick: () => app.step(1)}, T("Next ›")),
		make("button", {type: "button", onclick: () => app.zoomToSlice()}, T("Zoom to interval")));
	if (waker)
		buttons.append(make("button", {type: "button", onclick: () => app.selectLife(waker.process)}, T("Go to the waker")));
	return [make("h3", {}, T("This interval")), factList(intervalFacts(app, track, app.slice)), buttons];
}

export function showDetails(app, panel) {
	const {selected} = app;
	panel.hidden = !selected;
	if (!selected) {
		panel.replaceChildren();
		return;
	}
	const {process, thread} = selected;
	const title = thread ? T("Thread {0} {1}", thread.tid, shown(thread.comm)) : `${process.pid} ${shown(process.name)}`;
	const sums = thread ? totals(thread.track, app.recording.kinds) : process.totals_ns;
	panel.replaceChildren(
		make("div", {class: "panel-head"}, make("h2", {}, title),
			make("button", {type: "button", class: "plain", "aria-label": T("Close the details"), onclick: () => app.select(null)}, "×")),
		make("p", {class: "verdict"}, [verdict(process, app.recording.doc.signal_names), reapWords(process)].filter(t => t).join(", ")),
		...slicePart(app),
		make("h3", {}, T("Time in each state")), ...totalsBar(sums),
		make("h3", {}, T("Timeline of events")), storyList(app, selected),
		make("h3", {}, T("Properties")), factList(processFacts(app, process)));
}
