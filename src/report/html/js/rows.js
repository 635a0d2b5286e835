// SPDX-License-Identifier: GPL-2.0-only
// The left side: the tree of processes. Only the rows in view are elements.

import { duration, shown } from "./format.js";
import { T } from "./lang.js";
import { make } from "./theme.js";
import { reapWords, verdict } from "./words.js";

export const ROW = 26; // pixels, as in the style sheet
const INDENT = 14, DEEPEST = 10;

function endClass(process) {
	if (!process.exit)
		return "alive";
	return process.exit.signal !== null || process.exit.code > 0 ? "bad" : "";
}

// What the eye sees on the canvas, for those who listen.
function unseen(app, process) {
	const zombie = app.recording.zombieNs(process);
	const words = [zombie > 0 ? T("zombie for {0}", app.recording.zombieWords(process)) : "", reapWords(process)];
	return make("span", {class: "unseen"}, words.filter(w => w).join(", "));
}

export class RowList {
	constructor(app, element) {
		this.app = app;
		this.element = element;
		this.shown = new Map();
	}

	// Brings the elements in line with what is scrolled into view.
	update(first, last, top) {
		const wanted = new Map();
		for (let n = first; n < last; n++)
			wanted.set(this.app.rows[n], n);
		for (const [row, element] of this.shown) {
			if (!wanted.has(row)) {
				element.remove();
				this.shown.delete(row);
			}
		}
		let before = null;
		for (const [row, n] of wanted) {
			const element = this.shown.get(row) ?? this.build(row);
			element.style.transform = `translateY(${n * ROW - top}px)`;
			this.mark(element, row, n);
			// Readers follow the order of the elements, not where they stand.
			const follows = before ? before.nextSibling : this.element.firstChild;
			if (follows !== element)
				this.element.insertBefore(element, follows);
			before = element;
		}
		const active = this.app.selectedRow() && this.shown.get(this.app.selectedRow());
		if (active)
			this.element.setAttribute("aria-activedescendant", active.id);
		else
			this.element.removeAttribute("aria-activedescendant");
	}

	// Forgets the elements; the next update builds them anew.
	clear() {
		this.shown.forEach(element => element.remove());
		this.shown.clear();
	}

	build(row) {
		const {process, thread} = row;
		const element = make("div", {role: "treeitem", class: thread ? "row thread" : "row",
			id: thread ? `row-${process.index}-${thread.tid}` : `row-${process.index}`});
		const indent = Math.min(thread ? process.depth + 1 : process.depth, DEEPEST) * INDENT;
		const fold = make("span", {class: "fold", "aria-hidden": "true"});
		const pid = make("span", {class: "pid"}, String(thread ? thread.tid : process.pid));
		const name = make("span", {class: "name"}, shown(thread ? thread.comm : process.name));
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
		this.shown.set(row, element);
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
		list.push(make("span", {class: `end ${endClass(process)}`}, verdict(process, this.app.recording.doc.signal_names)),
			unseen(this.app, process));
		return list;
	}

	mark(element, row, n) {
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
