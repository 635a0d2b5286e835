// SPDX-License-Identifier: GPL-2.0-only
// The tree of processes on the left. Only the rows in view exist as elements.

import { duration, printable } from "./format.js";
import { msg, T } from "./lang.js";
import { make } from "./theme.js";
import { exitWords, reapWords } from "./words.js";

export const ROW = 26; // pixels, as in the style sheet
const INDENT = 14, DEEPEST = 10;

function endClass(process) {
	if (!process.exit)
		return "alive";
	return process.exit.signal !== null || process.exit.code > 0 ? "bad" : "";
}

// What the canvas shows, as text for a screen reader.
function hiddenWords(app, process) {
	const zombie = app.recording.zombieNs(process);
	const lasted = zombie > 0 ? app.recording.zombieWords(process, msg("zombie for {0}"), msg("zombie for at most {0}")) : "";
	const words = [lasted, reapWords(process)];
	return make("span", {class: "visually-hidden"}, words.filter(w => w).join(T(", ")));
}

export class RowList {
	constructor(app, element) {
		this.app = app;
		this.element = element;
		this.elements = new Map();
	}

	// Creates and removes elements to match the rows that are scrolled into view.
	update(first, last, top) {
		const wanted = new Map();
		for (let n = first; n < last; n++)
			wanted.set(this.app.rows[n], n);
		for (const [row, element] of this.elements) {
			if (!wanted.has(row)) {
				element.remove();
				this.elements.delete(row);
			}
		}
		let before = null;
		for (const [row, n] of wanted) {
			const element = this.elements.get(row) ?? this.build(row);
			element.style.transform = `translateY(${n * ROW - top}px)`;
			this.setState(element, row, n);
			// A screen reader follows the order of the elements, not their position.
			const follows = before ? before.nextSibling : this.element.firstChild;
			if (follows !== element)
				this.element.insertBefore(element, follows);
			before = element;
		}
		const active = this.app.selectedRow() && this.elements.get(this.app.selectedRow());
		if (active)
			this.element.setAttribute("aria-activedescendant", active.id);
		else
			this.element.removeAttribute("aria-activedescendant");
	}

	// Forgets the elements; the next update builds them anew.
	clear() {
		this.elements.forEach(element => element.remove());
		this.elements.clear();
	}

	build(row) {
		const {process, thread} = row;
		const element = make("div", {role: "treeitem", class: thread ? "row thread" : "row",
			id: thread ? `row-${process.index}-${thread.tid}` : `row-${process.index}`});
		const indent = Math.min(thread ? process.depth + 1 : process.depth, DEEPEST) * INDENT;
		const fold = make("span", {class: "fold", "aria-hidden": "true"});
		const pid = make("span", {class: "pid"}, String(thread ? thread.tid : process.pid));
		const name = make("span", {class: "name"}, printable(thread ? thread.comm : process.name));
		fold.style.marginLeft = `${indent}px`;
		element.append(pid, fold, name);
		if (thread)
			element.append(make("span", {class: "end"}, T("thread")));
		else
			element.append(...this.badges(process));
		element.addEventListener("click", event => {
			this.app.select(row);
			if (event.target === fold)
				this.app.toggleFold(process);
		});
		element.addEventListener("dblclick", () => this.app.toggleFold(process));
		this.elements.set(row, element);
		return element;
	}

	badges(process) {
		const zombie = this.app.recording.zombieNs(process), list = [];
		if (process.threads.length > 1)
			list.push(make("span", {class: "badge threads"}, T("{0} threads", process.threads.length)));
		if (process.adoption)
			list.push(make("span", {class: "badge orphan", title: T("adopted by {0}", process.adoption.pid)}, "↪", make("span", {}, ` ${T("orphan")}`)));
		if (this.app.recording.isLongZombie(process))
			list.push(make("span", {class: "badge zombie"}, `Z ${this.app.recording.zombieBounded(process) ? "≤ " : ""}${duration(zombie)}`));
		list.push(make("span", {class: `end ${endClass(process)}`}, exitWords(process, this.app.recording.doc.signal_names)),
			hiddenWords(this.app, process));
		return list;
	}

	setState(element, row, n) {
		const {process, thread} = row, selected = this.app.isSelected(row);
		element.classList.toggle("selected", selected);
		element.classList.toggle("match", this.app.matches.has(process) && !thread);
		element.setAttribute("aria-selected", String(selected));
		element.setAttribute("aria-level", String((thread ? process.depth + 1 : process.depth) + 1));
		element.setAttribute("aria-posinset", String(n + 1));
		element.setAttribute("aria-setsize", String(this.app.rows.length));
		if (!thread && process.children.length) {
			element.setAttribute("aria-expanded", String(!process.folded));
			element.querySelector(".fold").textContent = process.folded ? "▸" : "▾";
		}
	}
}
