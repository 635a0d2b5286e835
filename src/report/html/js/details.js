// SPDX-License-Identifier: GPL-2.0-only
// The panel beside the timeline: the chosen interval, and the whole story of its life.

import { IRQ_WAKER, NO_CPU } from "./data.js";
import { count, duration, exact, shown } from "./format.js";
import { pointsOf, pointWords } from "./points.js";
import { make } from "./theme.js";
import { totals } from "./tracks.js";
import { kindWords, LETTERS, reapWords, reasonWords, STATES, verdict, who } from "./words.js";

const ADOPTERS = {init: "init", subreaper: "a subreaper", thread: "another thread of it"};
const MOST_SIGNALS = 40, MOST_THREADS = 20, MOST_POINTS = 200;

const commandLine = exec => exec.argv?.length ? exec.argv.map(shown).join(" ") : shown(exec.exe ?? "?");

// Who woke it, in words; null when nobody is known to.
export function wakerWords(app, track, i) {
	const by = track.by[i];
	if (by < IRQ_WAKER)
		return null;
	if (by === IRQ_WAKER)
		return "an interrupt";
	const waker = app.recording.threadAt(by - 2, track.at[i]);
	return waker ? who(by - 2, waker.comm || waker.life.name) : String(by - 2);
}

// [word, text] of everything known of one interval.
export function intervalFacts(app, track, i) {
	const kind = app.kindOf(track, i), reason = reasonWords(kind), waker = wakerWords(app, track, i);
	const facts = [["state", kindWords(kind)]];
	if (reason)
		facts.push(["reason", reason]);
	facts.push(["from", exact(track.at[i])], ["to", exact(track.at[i + 1])],
		["lasted", duration(track.at[i + 1] - track.at[i])]);
	if (track.cpu[i] !== NO_CPU)
		facts.push(["CPU", String(track.cpu[i])]);
	if (waker)
		facts.push(["woken by", waker]);
	return facts;
}

export function factList(facts) {
	return make("dl", {}, ...facts.flatMap(([word, text]) => [make("dt", {}, word), make("dd", {}, text)]));
}

// Everything that happened to a life: [time, sign, text].
function story(app, {life, thread}) {
	const {doc} = app.recording, events = [];
	const tell = (at, sign, text) => at !== null && at !== undefined && events.push([at, sign, text]);
	life.parents.forEach((p, i) => {
		const by = who(p.pid, p.comm), bound = p.precision === "bounded" ? ", noticed later than it happened" : "";
		if (p.why === "reparent")
			tell(p.from_ns, "↪", p.adopter ? `its parent ended: adopted by ${by} (${ADOPTERS[p.adopter]})${bound}` : `handed to ${by}${bound}`);
		else
			tell(i ? p.from_ns : life.start_ns, "↳", life.seeded ? `was there before the recording; its parent is ${by}` : `forked by ${by}`);
	});
	life.execs.forEach(exec => tell(exec.at_ns, "E", `exec: ${commandLine(exec)}`));
	life.names.slice(1).forEach(name => tell(name.at_ns, "✎", `named ${shown(name.comm ?? "?")}`));
	life.threads.slice(1, MOST_THREADS).forEach(t => tell(t.start, "+", `thread ${t.tid} ${shown(t.comm)} begins`));
	life.threads.slice(1, MOST_THREADS).forEach(t => tell(t.exit, "−", `thread ${t.tid} ends`));
	doc.signals.filter(s => s[3] === life.pid && s[0] >= life.start_ns && s[0] <= life.end).slice(0, MOST_SIGNALS)
		.forEach(([at, name, from]) => tell(at, "!", `${name} from ${from || "the kernel"}`));
	pointsOf({life, thread}).slice(0, MOST_POINTS).forEach(point => tell(point.at, "◆", pointWords(point)));
	tellEnd(app, life, tell);
	// Where two share a moment, the order above is that in which they happen.
	return events.sort((a, b) => a[0] - b[0]);
}

function tellEnd(app, life, tell) {
	const {exit, zombie, reap} = life;
	if (exit) {
		tell(exit.begun_ns, "×", "its exit begins");
		tell(exit.notified_ns, "!", "its exit signal reaches the parent");
		tell(exit.at_ns, "×", `has ended: ${verdict(life, app.recording.doc.signal_names)}`);
	}
	if (zombie)
		tell(zombie.from_ns, "Z", `is a zombie for ${app.recording.zombieWords(life)}`);
	if (reap)
		tell(reap.at_ns, "┤", reapWords(life));
	else if (exit)
		tell(app.recording.end, "Z", "still not reaped when the recording ended");
}

function storyList(app, row) {
	return make("ol", {class: "story"}, ...story(app, row).map(([at, sign, text]) => make("li", {},
		make("button", {type: "button", class: "time", title: "show this moment", onclick: () => app.showMoment(at)}, exact(at)),
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
		list.append(make("dt", {}, make("span", {class: `letter ${state}`, "aria-hidden": "true"}, LETTERS[state]), state),
			make("dd", {}, `${duration(sums[state])} · ${(sums[state] / whole * 100).toFixed(1)} %`));
	}
	return [bar, list];
}

function lifeFacts(app, life) {
	const exec = life.execs.at(-1), parent = life.parents.at(-1);
	return [
		["command", exec ? commandLine(exec) : null],
		["parent", parent ? who(parent.pid, parent.comm) : null],
		["marks", life.points.length ? count(life.points.length) : null],
		["children", life.children.length ? count(life.children.length) : null],
		["threads", life.threads.length > 1 ? count(life.threads.length) : null],
		["CPU time", duration(life.cpu_ns)],
		["switches", `${count(life.switches.voluntary)} voluntary, ${count(life.switches.involuntary)} not`],
		["wake-ups", count(life.wakeups)], ["migrations", count(life.migrations)],
		["pid inside", life.ns_pid !== null && life.ns_pid !== life.pid ? String(life.ns_pid) : null],
		["user", String(life.uid)], ["control group", life.cgroup ? shown(life.cgroup) : null],
	].filter(([, text]) => text !== null);
}

function slicePart(app) {
	const row = app.selectedRow();
	if (!row || app.slice < 0)
		return [];
	const track = app.recording.trackOf(row), by = track.by[app.slice];
	const waker = by > IRQ_WAKER ? app.recording.threadAt(by - 2, track.at[app.slice]) : null;
	const buttons = make("div", {class: "buttons"},
		make("button", {type: "button", onclick: () => app.step(-1)}, "‹ Previous"),
		make("button", {type: "button", onclick: () => app.step(1)}, "Next ›"),
		make("button", {type: "button", onclick: () => app.zoomToSlice()}, "Zoom to it"));
	if (waker)
		buttons.append(make("button", {type: "button", onclick: () => app.selectLife(waker.life)}, "Go to the waker"));
	return [make("h3", {}, "This interval"), factList(intervalFacts(app, track, app.slice)), buttons];
}

export function showDetails(app, panel) {
	const {selected} = app;
	panel.hidden = !selected;
	if (!selected) {
		panel.replaceChildren();
		return;
	}
	const {life, thread} = selected;
	const title = thread ? `Thread ${thread.tid} ${shown(thread.comm)}` : `${life.pid} ${shown(life.name)}`;
	const sums = thread ? totals(thread.track, app.recording.kinds) : life.totals_ns;
	panel.replaceChildren(
		make("div", {class: "panel-head"}, make("h2", {}, title),
			make("button", {type: "button", class: "plain", "aria-label": "Close the details", onclick: () => app.select(null)}, "×")),
		make("p", {class: "verdict"}, [verdict(life, app.recording.doc.signal_names), reapWords(life)].filter(t => t).join(", ")),
		...slicePart(app),
		make("h3", {}, "Its time"), ...totalsBar(sums),
		make("h3", {}, "Its story"), storyList(app, selected),
		make("h3", {}, "Facts"), factList(lifeFacts(app, life)));
}
