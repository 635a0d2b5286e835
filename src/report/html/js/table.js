// SPDX-License-Identifier: GPL-2.0-only
// The same lives as a table: for reading aloud, for copying, for print.

import { count, duration, shown } from "./format.js";
import { msg, T } from "./lang.js";
import { make } from "./theme.js";
import { reapWords, verdict } from "./words.js";

const PAGE = 100;

// A zombie whose reap was noticed late was one for at most that long.
function stateTime(life, state, app) {
	const ns = life.totals_ns[state];
	return ns ? `${state === "zombie" && app.recording.zombieBounded(life) ? "≤ " : ""}${duration(ns)}` : "–";
}

const ended = (life, app) => verdict(life, app.recording.doc.signal_names);

const COLUMNS = [
	{name: msg("pid"), value: life => life.pid, text: life => String(life.pid), number: true},
	{name: msg("name"), value: life => life.name, text: life => shown(life.name)},
	{name: msg("began"), value: life => life.start_ns, text: life => life.start_ns < 0 ? T("before") : duration(life.start_ns), number: true},
	...["running", "ready", "blocked", "stopped", "zombie", "unknown"].map(state => ({name: state, number: true,
		value: life => life.totals_ns[state], text: (life, app) => stateTime(life, state, app)})),
	{name: msg("switches"), value: life => life.switches.voluntary + life.switches.involuntary,
		text: life => T("{0} v {1} i", count(life.switches.voluntary), count(life.switches.involuntary)), number: true},
	{name: msg("ended"), value: ended, text: ended},
	{name: msg("reaped"), value: reapWords, text: life => reapWords(life) || "–"},
];

export class LifeTable {
	constructor(app, section) {
		this.app = app;
		this.section = section;
		this.sort = null;
		this.down = false;
		this.page = 0;
		this.columns = COLUMNS.filter(c => !["stopped", "unknown"].includes(c.name) || app.recording.lives.some(l => c.value(l) > 0));
	}

	order() {
		const lives = this.app.query ? this.app.recording.lives.filter(l => this.app.matches.has(l)) : [...this.app.recording.lives];
		if (this.sort) {
			const {value} = this.sort, sign = this.down ? -1 : 1;
			const compare = (a, b) => a < b ? -1 : a > b ? 1 : 0;
			lives.sort((a, b) => sign * compare(value(a, this.app), value(b, this.app)) || a.index - b.index);
		}
		return lives;
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

	row(life) {
		const {app} = this;
		const cells = this.columns.map(column => {
			const hot = column.name === "zombie" && app.recording.isLongZombie(life);
			const text = column.text(life, app);
			const show = column.name === "name" ? make("button", {type: "button", class: "link", onclick: () => app.selectLife(life, true)}, text) : text;
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
		const lives = this.order(), pages = Math.max(1, Math.ceil(lives.length / PAGE));
		this.page = Math.min(this.page, pages - 1);
		const first = this.page * PAGE, part = lives.slice(first, first + PAGE);
		const caption = lives.length ? T("Lives {0} to {1} of {2}", count(first + 1), count(first + part.length), count(lives.length))
			: T("No life matches the search");
		const table = make("table", {}, make("caption", {}, caption),
			make("thead", {}, make("tr", {}, ...this.columns.map(c => this.headCell(c)))),
			make("tbody", {}, ...part.map(life => this.row(life))));
		const turn = (by, words) => make("button", {type: "button", disabled: this.page + by < 0 || this.page + by >= pages,
			onclick: () => this.turn(by)}, words);
		this.section.replaceChildren(make("div", {class: "wide", tabindex: "0", role: "region", "aria-label": T("Table of lives")}, table),
			...pages > 1 ? [make("div", {class: "buttons"}, turn(-1, T("‹ Before")), turn(1, T("After ›")))] : []);
	}
}
