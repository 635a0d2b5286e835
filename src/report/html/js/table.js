// SPDX-License-Identifier: GPL-2.0-only
// The processes as a table: for screen readers, for copying, for print.

import { count, duration, printable } from "./format.js";
import { msg, T } from "./lang.js";
import { make } from "./theme.js";
import { exitWords, reapWords } from "./words.js";

const PAGE = 100;

// A bounded reap makes the time as a zombie an upper bound.
function stateTime(process, state, app) {
	const ns = process.totals_ns[state];
	return ns ? `${state === "zombie" && app.recording.zombieBounded(process) ? "≤ " : ""}${duration(ns)}` : "–";
}

const endedText = (process, app) => exitWords(process, app.recording.doc.signal_names);

const COLUMNS = [
	{name: msg("pid"), value: process => process.pid, text: process => String(process.pid), number: true},
	{name: msg("name"), value: process => process.name, text: process => printable(process.name)},
	{name: msg("started"), value: process => process.start_ns, text: process => process.start_ns < 0 ? T("before") : duration(process.start_ns), number: true},
	...["running", "ready", "blocked", "stopped", "zombie", "unknown"].map(state => ({name: state, number: true,
		value: process => process.totals_ns[state], text: (process, app) => stateTime(process, state, app)})),
	{name: msg("switches"), value: process => process.switches.voluntary + process.switches.involuntary,
		text: process => T("{0} v {1} i", count(process.switches.voluntary), count(process.switches.involuntary)), number: true},
	{name: msg("ended"), value: endedText, text: endedText},
	{name: msg("reaped"), value: reapWords, text: process => reapWords(process) || "–"},
];

export class ProcessTable {
	constructor(app, section) {
		this.app = app;
		this.section = section;
		this.sort = null;
		this.down = false;
		this.page = 0;
		this.columns = COLUMNS.filter(c => !["stopped", "unknown"].includes(c.name) || app.recording.processes.some(l => c.value(l) > 0));
	}

	order() {
		const processes = this.app.query ? this.app.recording.processes.filter(l => this.app.matches.has(l)) : [...this.app.recording.processes];
		if (this.sort) {
			const {value} = this.sort, sign = this.down ? -1 : 1;
			const compare = (a, b) => Number(a > b) - Number(a < b);
			processes.sort((a, b) => sign * compare(value(a, this.app), value(b, this.app)) || a.index - b.index);
		}
		return processes;
	}

	sortBy(column) {
		this.down = this.sort === column ? !this.down : column.number === true && column.name !== "pid";
		this.sort = column;
		this.page = 0;
		this.draw();
		this.section.querySelector(`[data-column="${column.name}"]`).focus();
	}

	headCell(column) {
		const sorted = this.sort === column;
		return make("th", {scope: "col", class: column.number ? "number" : null, "aria-sort": sorted ? (this.down ? "descending" : "ascending") : "none"},
			make("button", {type: "button", "data-column": column.name, onclick: () => this.sortBy(column)},
				T(column.name), sorted ? (this.down ? " ↓" : " ↑") : ""));
	}

	row(process) {
		const {app} = this;
		const cells = this.columns.map(column => {
			const hot = column.name === "zombie" && app.recording.isLongZombie(process);
			const text = column.text(process, app);
			const show = column.name === "name" ? make("button", {type: "button", class: "link", onclick: () => app.selectProcess(process, true)}, text) : text;
			return make(column.name === "pid" ? "th" : "td", {scope: column.name === "pid" ? "row" : null,
				class: [column.number ? "number" : "", hot ? "hot" : ""].join(" ").trim() || null}, show);
		});
		return make("tr", {}, ...cells);
	}

	turn(by) {
		this.page += by;
		this.draw();
	}

	draw() {
		const processes = this.order(), pages = Math.max(1, Math.ceil(processes.length / PAGE));
		this.page = Math.min(this.page, pages - 1);
		const first = this.page * PAGE, part = processes.slice(first, first + PAGE);
		const caption = processes.length ? T("Processes {0} to {1} of {2}", count(first + 1), count(first + part.length), count(processes.length))
			: T("No process matches the search");
		const table = make("table", {}, make("caption", {}, caption),
			make("thead", {}, make("tr", {}, ...this.columns.map(c => this.headCell(c)))),
			make("tbody", {}, ...part.map(process => this.row(process))));
		const turn = (by, words) => make("button", {type: "button", disabled: this.page + by < 0 || this.page + by >= pages,
			onclick: () => this.turn(by)}, words);
		this.section.replaceChildren(make("div", {class: "wide", tabindex: "0", role: "region", "aria-label": T("Table of processes")}, table),
			...pages > 1 ? [make("div", {class: "buttons"}, turn(-1, T("‹ Previous")), turn(1, T("Next ›")))] : []);
	}
}
