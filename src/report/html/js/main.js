// SPDX-License-Identifier: GPL-2.0-only
// The page: what is shown, and everything that changes it.

import { load } from "./data.js";
import { duration, exact, plural, shown } from "./format.js";
import { speak, T, Tn, translatePage } from "./lang.js";
import { Recording } from "./processes.js";
import { intervalFacts, showDetails } from "./details.js";
import { KEYS, startKeys, startMinimap, startPointer } from "./input.js";
import { LifeTable } from "./table.js";
import { Minimap } from "./minimap.js";
import { RowList, ROW } from "./rows.js";
import { Timeline } from "./timeline.js";
import { findInterval, intervalAt } from "./tracks.js";
import { findLives } from "./search.js";
import { make, readColours, startTheme } from "./theme.js";
import { readLink, writeLink } from "./link.js";
import { showSummary } from "./summary.js";

const $ = id => document.getElementById(id);
const LEAST_VIEW = 100; // ns

class App {
	constructor(recording) {
		const margin = (recording.to - recording.from) * 0.01 || 1000;
		this.recording = recording;
		this.whole = {from: recording.from - margin, to: recording.to + margin};
		this.view = {...this.whole};
		this.selected = null; // {process, thread}
		this.slice = -1; // the chosen interval of its track
		this.query = "";
		this.matches = new Set();
		this.onlyMatches = false;
		this.marks = [];
		this.cursor = null; // the time under the pointer
		this.arrows = true;
		this.rows = [];
		this.help = $("help");
		this.tip = $("tip");
		this.tree = $("tree");
		this.scroller = $("scroller");
		this.list = new RowList(this, this.tree);
		this.timeline = new Timeline(this, $("bars"), $("axis"));
		this.minimap = new Minimap(this, $("minimap"));
		this.table = new LifeTable(this, $("table"));
	}

	// ---- what is drawn

	// One drawing per frame, however much changed.
	invalidate() {
		if (this.waiting)
			return;
		this.waiting = requestAnimationFrame(() => {
			this.waiting = null;
			this.draw();
		});
	}

	draw() {
		const width = $("bars").parentElement.clientWidth - this.tree.clientWidth, height = this.scroller.clientHeight;
		const top = this.scroller.scrollTop;
		if (width < 1 || !this.colours)
			return;
		this.width = width;
		const scene = this.timeline.draw(width, height, top);
		this.list.update(scene.first, scene.last, top);
		this.minimap.draw($("minimap").clientWidth);
		const span = duration(Math.round(this.view.to - this.view.from));
		if ($("span").textContent !== span)
			$("span").textContent = span;
		clearTimeout(this.linkTimer);
		this.linkTimer = setTimeout(() => writeLink(this), 250);
	}

	// The rows anew: after folding, searching, opening threads.
	arrange() {
		const keep = this.onlyMatches && this.matches.size ? process => this.matches.has(process) : null;
		this.rows = this.recording.rows(keep);
		this.numbers = new Map(this.rows.map((row, n) => [row.thread ?? row.process, n]));
		this.list.clear();
		$("rows").style.height = `${this.rows.length * ROW}px`;
		this.resize();
	}

	resize() {
		const most = Math.max(8 * ROW, Math.floor(innerHeight * 0.62));
		const height = Math.min(Math.max(this.rows.length, 2) * ROW + 8, this.printing ? 40 * ROW : most);
		this.scroller.style.height = $("stage").style.height = `${height}px`;
		this.invalidate();
	}

	kindOf(track, i) {
		return this.recording.kinds[track.kind[i]];
	}

	rowNumber(process, thread = null) {
		return this.numbers.get(thread && process.open ? thread : process) ?? -1;
	}

	rowName({process, thread}) {
		return thread ? T("{0} {1}, thread of {2}", thread.tid, shown(thread.comm), process.pid) : `${process.pid} ${shown(process.name)}`;
	}

	say(words) {
		$("status").textContent = words;
	}

	// ---- time

	timeAt(x) {
		return this.view.from + x / this.width * (this.view.to - this.view.from);
	}

	setView(from, to) {
		const span = Math.min(Math.max(to - from, LEAST_VIEW), this.whole.to - this.whole.from);
		const start = Math.min(Math.max(from, this.whole.from), this.whole.to - span);
		this.view = {from: start, to: start + span};
		this.invalidate();
	}

	// To a new view in a few steps, so that the eye can follow; at once for those who want no motion.
	glide(from, to) {
		cancelAnimationFrame(this.gliding);
		if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
			this.setView(from, to);
			return;
		}
		const begin = performance.now(), old = {...this.view};
		const move = now => {
			const part = Math.min(1, Math.max(0, (now - begin) / 140)), ease = part * (2 - part);
			this.setView(old.from + (from - old.from) * ease, old.to + (to - old.to) * ease);
			if (part < 1)
				this.gliding = requestAnimationFrame(move);
		};
		this.gliding = requestAnimationFrame(move);
	}

	change(from, to, atOnce) {
		if (atOnce)
			this.setView(from, to);
		else
			this.glide(from, to);
	}

	// Around the pointer; without one around the chosen interval, or the middle.
	zoom(factor, atOnce = false) {
		const {from, to} = this.view, span = to - from;
		const fixed = this.cursor ?? this.chosenMoment() ?? (from + to) / 2;
		const wide = Math.min(Math.max(span * factor, LEAST_VIEW), this.whole.to - this.whole.from);
		const start = fixed - (fixed - from) * wide / span;
		this.change(start, start + wide, atOnce);
	}

	chosenMoment() {
		if (!this.selected || this.slice < 0)
			return null;
		const {at} = this.recording.trackOf(this.selected), middle = (at[this.slice] + at[this.slice + 1]) / 2;
		return middle >= this.view.from && middle <= this.view.to ? middle : null;
	}

	pan(part, atOnce = false) {
		const shift = (this.view.to - this.view.from) * part;
		this.change(this.view.from + shift, this.view.to + shift, atOnce);
	}

	fit() {
		this.glide(this.whole.from, this.whole.to);
	}

	centre(time) {
		const half = (this.view.to - this.view.from) / 2;
		this.setView(time - half, time + half);
	}

	showMoment(at) {
		if (at < this.view.from || at > this.view.to)
			this.centre(at);
		this.cursor = at;
		this.say(exact(at));
		this.invalidate();
	}

	pointer(x) {
		this.cursor = x === null ? null : this.timeAt(x);
		this.invalidate();
	}

	setMark() {
		const chosen = this.selected && this.slice >= 0 ? this.recording.trackOf(this.selected).at[this.slice] : null;
		const at = this.cursor ?? chosen ?? (this.view.from + this.view.to) / 2;
		this.marks = this.marks.length === 2 ? [at] : [...this.marks, at];
		this.say(this.marks.length === 2 ? `Δt ${exact(Math.abs(this.marks[1] - this.marks[0]))}` : T("cursor at {0}", exact(at)));
		this.invalidate();
	}

	// ---- rows

	selectedRow() {
		const row = this.selected;
		return row ? this.rows[this.rowNumber(row.process, row.thread)] ?? null : null;
	}

	isSelected(row) {
		return this.selected !== null && row.process === this.selected.process && row.thread === this.selected.thread;
	}

	select(row, slice = -1) {
		this.selected = row ? {process: row.process, thread: row.thread} : null;
		this.slice = slice;
		if (row)
			this.reveal(this.rowNumber(row.process, row.thread));
		const wasHidden = $("details").hidden;
		showDetails(this, $("details"));
		if (wasHidden !== $("details").hidden)
			this.resize();
		this.invalidate();
	}

	// Selects a process wherever it is: unfolds what is above it.
	selectLife(process, scroll = false, thread = null) {
		for (let above = process.above; above; above = above.above)
			above.folded = false;
		if (this.onlyMatches && !this.matches.has(process))
			this.onlyMatches = $("only").checked = false;
		this.arrange();
		this.select({process, thread});
		if (scroll) {
			$("timeline").scrollIntoView({block: "nearest"});
			this.tree.focus({preventScroll: true});
		}
		if (process.end < this.view.from || process.from > this.view.to)
			this.centre((process.from + process.end) / 2);
	}

	reveal(n) {
		const {scrollTop, clientHeight} = this.scroller;
		if (n < 0)
			return;
		if (n * ROW < scrollTop)
			this.scroller.scrollTop = n * ROW;
		else if ((n + 1) * ROW > scrollTop + clientHeight)
			this.scroller.scrollTop = (n + 1) * ROW - clientHeight;
	}

	moveRow(by) {
		const row = this.selectedRow(), old = row ? this.rowNumber(row.process, row.thread) : -1;
		const n = Math.min(this.rows.length - 1, Math.max(0, old < 0 ? 0 : old + by));
		if (this.rows[n])
			this.select(this.rows[n]);
	}

	toggleFold(process) {
		if (!process?.children.length)
			return;
		process.folded = !process.folded;
		this.arrange();
		this.say(`${process.pid} ${process.folded ? T("folded") : T("unfolded")}, ${plural(this.rows.length, "{0} row", "{0} rows")}`);
	}

	unfold() {
		const process = this.selected?.process;
		if (process?.folded)
			this.toggleFold(process);
		else
			this.moveRow(1);
	}

	foldOrUp() {
		const process = this.selected?.process;
		if (process && !this.selected.thread && process.children.length && !process.folded)
			this.toggleFold(process);
		else if (process)
			this.select({process: this.selected.thread ? process : process.above ?? process, thread: null});
	}

	toggleThreads() {
		const process = this.selected?.process;
		if (!process) {
			this.say(T("Select a row first; then T shows its threads"));
			return;
		}
		process.open = !process.open;
		this.selected.thread = null;
		this.slice = -1;
		this.arrange();
		this.say(process.open ? Tn(process.threads.length, "{0} thread of {1} shown", "{0} threads of {1} shown", process.threads.length, process.pid)
			: Tn(process.threads.length, "{0} thread of {1} hidden", "{0} threads of {1} hidden", process.threads.length, process.pid));
	}

	toggleArrows() {
		this.arrows = $("arrows").checked = !this.arrows;
		this.invalidate();
	}

	// ---- intervals

	// What is under a point of the canvas.
	at(y, time) {
		const row = this.rows[Math.floor((y + this.scroller.scrollTop) / ROW)];
		if (!row)
			return null;
		const track = this.recording.trackOf(row), reach = 2 * (this.view.to - this.view.from) / this.width;
		let i = intervalAt(track, time);
		// An interval too short to hit is taken from two pixels away.
		if (i < 0)
			i = intervalAt(track, time + reach) >= 0 ? intervalAt(track, time + reach) : intervalAt(track, time - reach);
		return i < 0 ? null : {row, track, i};
	}

	click(y, time) {
		const found = this.at(y, time), row = this.rows[Math.floor((y + this.scroller.scrollTop) / ROW)];
		this.tree.focus({preventScroll: true});
		this.select(found?.row ?? row ?? null, found?.i ?? -1);
	}

	selectSliceAt(time) {
		const track = this.recording.trackOf(this.selected);
		this.select(this.selected, intervalAt(track, time));
	}

	step(by) {
		const row = this.selectedRow() ?? this.rows[0];
		if (!row)
			return;
		const track = this.recording.trackOf(row);
		if (track.last === track.first)
			return;
		const old = this.isSelected(row) ? this.slice : -1;
		const start = old >= 0 ? old + by : findInterval(track, this.view.from);
		const i = Math.min(track.last - 1, Math.max(track.first, start));
		this.select(row, i);
		this.follow(track.at[i], track.at[i + 1]);
		this.say(intervalFacts(this, track, i).map(([word, text]) => `${word} ${text}`).join(", "));
	}

	// Moves the view only as far as it must to show an interval.
	follow(from, to) {
		const {view} = this, span = view.to - view.from;
		if (to > view.to)
			this.setView(Math.min(from, to - span * 0.8), Math.min(from, to - span * 0.8) + span);
		else if (from < view.from)
			this.setView(from - span * 0.2, from + span * 0.8);
	}

	zoomToSlice() {
		const {at} = this.recording.trackOf(this.selected), length = at[this.slice + 1] - at[this.slice];
		this.glide(at[this.slice] - length * 0.2, at[this.slice + 1] + length * 0.2);
	}

	zoomToChosen() {
		if (this.selected && this.slice >= 0)
			this.zoomToSlice();
		else if (this.selected)
			this.glide(this.selected.process.from - (this.selected.process.end - this.selected.process.from) * 0.05,
				this.selected.process.end + (this.selected.process.end - this.selected.process.from) * 0.05);
	}

	// ---- search

	search(query, only = this.onlyMatches) {
		this.query = query.trim();
		this.matches = findLives(this.recording.processes, query);
		this.onlyMatches = only;
		if ($("query").value !== query)
			$("query").value = query;
		$("only").checked = only;
		$("found").textContent = this.query ? plural(this.matches.size, "{0} match", "{0} matches") : "";
		this.arrange();
		this.table.page = 0;
		this.table.draw();
	}

	focusSearch() {
		$("query").focus();
		$("query").select();
	}

	nextMatch(by) {
		const found = [...this.matches];
		if (!found.length) {
			this.say(this.query ? T("No match") : T("Search for a name, a pid or a state first"));
			return;
		}
		const old = found.indexOf(this.selected?.process);
		const n = old < 0 ? (by > 0 ? 0 : found.length - 1) : (old + by + found.length) % found.length;
		this.selectLife(found[n]);
		this.say(T("match {0} of {1}: {2}", n + 1, found.length, this.rowName({process: found[n]})));
	}

	clear() {
		if (this.marks.length)
			this.marks = [];
		else if (this.slice >= 0)
			this.select(this.selected, -1);
		else if (this.selected)
			this.select(null);
		else if (this.query)
			this.search("", false);
		this.invalidate();
	}
}

function startTools(app) {
	$("zoom-in").addEventListener("click", () => app.zoom(1 / 1.5));
	$("zoom-out").addEventListener("click", () => app.zoom(1.5));
	$("fit").addEventListener("click", () => app.fit());
	$("show-help").addEventListener("click", () => app.help.showModal());
	$("arrows").addEventListener("change", () => app.toggleArrows());
	$("only").addEventListener("change", event => app.search(app.query, event.target.checked));
	$("query").addEventListener("input", event => app.search(event.target.value));
	$("query").addEventListener("keydown", event => {
		if (event.key === "Enter")
			app.nextMatch(event.shiftKey ? -1 : 1);
		else if (event.key === "Escape")
			app.tree.focus();
	});
	$("keys").replaceChildren(...KEYS.flatMap(([key, what]) => [make("dt", {}, key), make("dd", {}, T(what))]));
}

function startWindow(app) {
	app.scroller.addEventListener("scroll", () => app.invalidate());
	new ResizeObserver(() => app.resize()).observe($("frame"));
	addEventListener("hashchange", () => readLink(app));
	// Paper is white, and shows rows instead of scrolling.
	const print = on => {
		app.printing = on;
		document.documentElement.classList.toggle("printing", on);
		app.colours = readColours();
		app.resize();
		app.draw();
	};
	addEventListener("beforeprint", () => print(true));
	addEventListener("afterprint", () => print(false));
}

async function start() {
	const loaded = await load();
	speak(loaded.doc);
	translatePage();
	const app = new App(new Recording(loaded));
	startTheme($("theme"), () => {
		app.colours = readColours();
		app.invalidate();
	});
	showSummary(app);
	$("loading").remove();
	$("page").hidden = false;
	app.arrange();
	app.table.draw();
	startTools(app);
	startKeys(app);
	startPointer(app, $("bars"), app.scroller);
	startMinimap(app, app.minimap);
	startWindow(app);
	readLink(app);
	app.draw();
	document.documentElement.dataset.ready = "yes";
	setTimeout(() => {
		app.minimap.survey();
		app.invalidate();
	});
}

start().catch(error => {
	$("loading").textContent = T("This report cannot be shown: {0}", error.message);
	throw error;
});
