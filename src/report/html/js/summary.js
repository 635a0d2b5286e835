// SPDX-License-Identifier: GPL-2.0-only
// The top of the page: the recording, the findings, and the claims of the course.

import { count, duration, plural, printable } from "./format.js";
import { msg, T } from "./lang.js";
import { byId, make } from "./theme.js";
import { LETTERS, LOOKS, MEANINGS } from "./words.js";

const SIGNS = [["▾", msg("exec")], ["↪", msg("adopted")], ["┃", msg("reaped")], ["◆", msg("mark set by the program")], ["│", msg("fork")], ["┆", msg("reap (arrow to the reaper)")]];
const FIRST = 6; // so many findings are shown; a button shows more
const MANY = 3; // more findings than this stand side by side where there is room

function title(doc) {
	if (doc.demo)
		return doc.demo;
	if (doc.target.command?.length)
		return doc.target.command.map(printable).join(" ");
	return doc.target.kind === "system" ? T("The whole system") : `pid ${doc.target.pids.join(", ")}`;
}

function lossWords(doc) {
	const losses = [];
	if (doc.lost)
		losses.push(T("{0} lost", count(doc.lost)));
	if (doc.skipped)
		losses.push(T("{0} skipped by the kernel", count(doc.skipped)));
	if (doc.holes)
		losses.push(plural(doc.holes, "{0} switch not reported", "{0} switches not reported"));
	return losses.length ? losses.join(T(", ")) : T("none lost");
}

// What --keep dropped to bound the memory.
function keptWords(doc) {
	if (doc.kept_from_ns === null)
		return "";
	const sums = doc.earlier_processes ? plural(doc.earlier_processes, "; {0} earlier process is not listed", "; {0} earlier processes are not listed") : "";
	return T("intervals are kept from {0} on; totals and exits cover the whole run", duration(doc.kept_from_ns)) + sums;
}

// The figures below the title: [number, word, class].
function figures(recording) {
	const {processes, doc} = recording;
	const zombies = processes.filter(process => recording.isLongZombie(process));
	const longest = processes.reduce((most, process) => Math.max(most, recording.zombieNs(process)), 0);
	const bounded = longest > 0 && processes.some(process => recording.zombieNs(process) === longest && recording.zombieBounded(process));
	const orphans = processes.filter(process => process.adoption).length, unreaped = processes.filter(process => process.exit && !process.reap).length;
	const failed = processes.filter(process => process.exit && (process.exit.signal !== null || process.exit.code > 0)).length;
	return [
		[duration(doc.duration_ns), T("recorded"), ""],
		[count(processes.length), processes.length === 1 ? T("process") : T("processes"), ""],
		[`${bounded ? "≤ " : ""}${duration(longest)}`, zombies.length > 1 ? T("longest of {0} long zombies", count(zombies.length)) : T("longest zombie interval"),
			zombies.length ? "zombie" : ""],
		[count(orphans), orphans === 1 ? T("orphan") : T("orphans"), orphans ? "orphan" : ""],
		[count(unreaped), T("not reaped"), unreaped ? "zombie" : ""],
		[count(failed), T("exit code not 0, or killed"), ""],
	];
}

function findingItem(app, finding) {
	const process = finding.pid ? app.recording.byPid.get(finding.pid)?.find(l => l.start_ns === finding.start_ns) : null;
	const item = make("li", {class: finding.severity}, make("span", {class: "flag"}, finding.severity === "warning" ? "!" : "·"),
		make("span", {}, printable(finding.text)));
	if (process)
		item.append(" ", make("button", {type: "button", class: "link", "aria-label": T("Show {0} in the timeline", finding.pid),
			onclick: () => app.selectProcess(process, true)}, T("Show")));
	return item;
}

function findingsCard(app, findings) {
	const list = make("ul", {class: findings.length > MANY ? "findings many" : "findings"}, ...findings.slice(0, FIRST).map(f => findingItem(app, f)));
	const card = make("section", {class: "card", "aria-labelledby": "happened"}, make("h2", {id: "happened"}, T("What happened")), list);
	if (!findings.length)
		list.append(make("li", {class: "note"}, make("span", {class: "flag"}, "·"), make("span", {}, T("Nothing unusual."))));
	if (findings.length > FIRST)
		card.append(make("button", {type: "button", onclick: event => {
			list.append(...findings.slice(FIRST, FIRST + 200).map(f => findingItem(app, f)));
			event.target.remove();
		}}, T("Show {0} more", count(Math.min(200, findings.length - FIRST)))));
	return card;
}

function lessonCard(lesson) {
	const claims = lesson.claims.map(claim => make("li", {class: claim.held ? "held" : "broken"},
		make("span", {class: "flag"}, claim.held ? "✓" : "✗"),
		make("span", {}, make("strong", {}, claim.held ? T("Holds: ") : T("Does not hold: ")), claim.text, make("br"),
			make("span", {class: "evidence"}, printable(claim.evidence ?? "")))));
	return make("section", {class: "card", "aria-labelledby": "course"},
		make("h2", {id: "course"}, T("Course claims, checked against this run")), make("ul", {class: "claims"}, ...claims));
}

export function showSummary(app) {
	const {doc} = app.recording;
	const wall = new Date(doc.start_wall_ms).toISOString().replace("T", " ").slice(0, 19);
	document.title = `${title(doc)} · procwatch`;
	byId("title").textContent = title(doc);
	byId("title").classList.toggle("long", title(doc).length > 60);
	byId("subtitle").textContent = [doc.lesson?.title, plural(doc.received, "{0} event", "{0} events") + T(", ") + lossWords(doc), keptWords(doc),
		plural(doc.cpus, "Linux {1} on {0} CPU", "Linux {1} on {0} CPUs", doc.kernel), `${wall} UTC`, doc.shown && T("shown: {0}", doc.shown)].filter(t => t).join(" · ");
	byId("figures").replaceChildren(...figures(app.recording).map(([number, word, look]) =>
		make("div", {class: `figure ${look}`}, make("dt", {}, word), make("dd", {}, number))));
	// Beside a lesson, an empty list of findings is left out.
	byId("cards").replaceChildren(...doc.findings.length || !doc.lesson ? [findingsCard(app, doc.findings)] : [],
		...doc.lesson ? [lessonCard(doc.lesson)] : []);
	byId("version").textContent = `procwatch ${doc.version}`;
	byId("legend").replaceChildren(...LOOKS.filter(look => MEANINGS[look]).map(look =>
		make("li", {title: T(MEANINGS[look])}, make("span", {class: `letter ${look}`, "aria-hidden": "true"}, LETTERS[look]),
			look === "disk" ? T("blocked, uninterruptible") : T(look))),
		...SIGNS.map(([sign, words]) => make("li", {}, make("span", {class: "sign", "aria-hidden": "true"}, sign), T(words))));
}
