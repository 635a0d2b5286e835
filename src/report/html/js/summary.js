// SPDX-License-Identifier: GPL-2.0-only
// What stands on top: what was recorded, what was found, what the course says.

import { count, duration, plural, shown } from "./format.js";
import { make } from "./theme.js";
import { LETTERS, LOOKS, MEANINGS } from "./words.js";

const SIGNS = [["▾", "exec"], ["↪", "adopted"], ["┃", "reaped"], ["◆", "mark of the program"], ["│", "fork"], ["┆", "reap, to the reaper"]];
const FIRST = 6; // findings shown before the rest is asked for

function title(doc) {
	if (doc.demo)
		return doc.demo;
	if (doc.target.command?.length)
		return doc.target.command.map(shown).join(" ");
	return doc.target.kind === "system" ? "The whole system" : `pid ${doc.target.pids.join(", ")}`;
}

function lossWords(doc) {
	return doc.lost + doc.skipped + doc.holes === 0 ? "none lost"
		: [[doc.lost, "lost"], [doc.skipped, "skipped by the kernel"], [doc.holes, "never raised"]]
			.filter(([n]) => n > 0).map(([n, how]) => `${count(n)} ${how}`).join(", ");
}

// What was dropped to bound the memory.
function keptWords(doc) {
	if (doc.kept_from_ns === null)
		return "";
	const sums = doc.earlier_lives ? `; ${plural(doc.earlier_lives, "earlier life is", "earlier lives are")} left out` : "";
	return `intervals are kept from ${duration(doc.kept_from_ns)} on, totals and ends of the whole${sums}`;
}

// Figures worth a glance: [number, word, class].
function figures(recording) {
	const {lives, doc} = recording;
	const zombies = lives.filter(life => recording.isLongZombie(life));
	const longest = lives.reduce((most, life) => Math.max(most, recording.zombieNs(life)), 0);
	const bounded = longest > 0 && lives.some(life => recording.zombieNs(life) === longest && recording.zombieBounded(life));
	const orphans = lives.filter(life => life.adoption).length, unreaped = lives.filter(life => life.exit && !life.reap).length;
	const failed = lives.filter(life => life.exit && (life.exit.signal !== null || life.exit.code > 0)).length;
	return [
		[duration(doc.duration_ns), "recorded", ""],
		[count(lives.length), lives.length === 1 ? "life" : "lives", ""],
		[`${bounded ? "≤ " : ""}${duration(longest)}`, zombies.length > 1 ? `longest of ${count(zombies.length)} long zombies` : "longest as a zombie",
			zombies.length ? "zombie" : ""],
		[count(orphans), orphans === 1 ? "orphan" : "orphans", orphans ? "orphan" : ""],
		[count(unreaped), "not reaped", unreaped ? "zombie" : ""],
		[count(failed), "exit not 0, or killed", ""],
	];
}

function findingItem(app, finding) {
	const life = finding.pid ? app.recording.byPid.get(finding.pid)?.find(l => l.start_ns === finding.start_ns) : null;
	const item = make("li", {class: finding.severity}, make("span", {class: "flag"}, finding.severity === "warning" ? "!" : "·"),
		make("span", {}, shown(finding.text)));
	if (life)
		item.append(" ", make("button", {type: "button", class: "link", "aria-label": `Show ${finding.pid} in the timeline`,
			onclick: () => app.selectLife(life, true)}, "Show"));
	return item;
}

function findingsCard(app, findings) {
	const list = make("ul", {class: "findings"}, ...findings.slice(0, FIRST).map(f => findingItem(app, f)));
	const card = make("section", {class: "card", "aria-labelledby": "happened"}, make("h2", {id: "happened"}, "What happened"), list);
	if (!findings.length)
		list.append(make("li", {class: "note"}, make("span", {class: "flag"}, "·"), make("span", {}, "Nothing that deserves a word.")));
	if (findings.length > FIRST)
		card.append(make("button", {type: "button", onclick: event => {
			list.append(...findings.slice(FIRST, FIRST + 200).map(f => findingItem(app, f)));
			event.target.remove();
		}}, `Show ${count(Math.min(200, findings.length - FIRST))} more`));
	return card;
}

function lessonCard(lesson) {
	const claims = lesson.claims.map(claim => make("li", {class: claim.held ? "held" : "broken"},
		make("span", {class: "flag"}, claim.held ? "✓" : "✗"),
		make("span", {}, make("strong", {}, claim.held ? "Held: " : "Not held: "), claim.text, make("br"),
			make("span", {class: "evidence"}, shown(claim.evidence ?? "")))));
	return make("section", {class: "card", "aria-labelledby": "course"},
		make("h2", {id: "course"}, "The course says"), make("ul", {class: "claims"}, ...claims));
}

export function showSummary(app) {
	const {doc} = app.recording;
	const wall = new Date(doc.start_wall_ms).toISOString().replace("T", " ").slice(0, 19);
	document.title = `${title(doc)} · procwatch`;
	document.getElementById("title").textContent = title(doc);
	document.getElementById("title").classList.toggle("long", title(doc).length > 60);
	document.getElementById("subtitle").textContent = [doc.lesson?.title, `${plural(doc.received, "event", "events")}, ${lossWords(doc)}`, keptWords(doc),
		`Linux ${doc.kernel} on ${plural(doc.cpus, "CPU", "CPUs")}`, `${wall} UTC`, doc.shown && `shown: ${doc.shown}`].filter(t => t).join(" · ");
	document.getElementById("figures").replaceChildren(...figures(app.recording).map(([number, word, look]) =>
		make("div", {class: `figure ${look}`}, make("dt", {}, word), make("dd", {}, number))));
	document.getElementById("cards").replaceChildren(findingsCard(app, doc.findings), ...doc.lesson ? [lessonCard(doc.lesson)] : []);
	document.getElementById("version").textContent = `procwatch ${doc.version}`;
	document.getElementById("legend").replaceChildren(...LOOKS.filter(look => MEANINGS[look]).map(look =>
		make("li", {title: MEANINGS[look]}, make("span", {class: `letter ${look}`, "aria-hidden": "true"}, LETTERS[look]),
			look === "disk" ? "blocked, uninterruptible" : look)),
		...SIGNS.map(([sign, words]) => make("li", {}, make("span", {class: "sign", "aria-hidden": "true"}, sign), words)));
}
