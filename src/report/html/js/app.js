// SPDX-License-Identifier: GPL-2.0-only
// The App holds what is shown and selected, and every change of it.

import { duration, exact, plural, printable } from "./format.js";
import { T, Tn } from "./lang.js";
import { intervalFacts, showDetails } from "./details.js";
import { ProcessTable } from "./table.js";
import { Minimap } from "./minimap.js";
import { RowList, ROW } from "./rows.js";
import { Timeline } from "./timeline.js";
import { findInterval, intervalAt } from "./tracks.js";
import { findProcesses } from "./search.js";
import { byId } from "./theme.js";
import { writeLink } from "./link.js";

const LEAST_VIEW = 100; // ns

export class App {
	constructor(recording) {
		const margin = (recording.to - recording.from) * 0.01 || 1000;
		this.recording = recording;
		this.whole = {from: recording.from - margin, to: recording.to + margin};
		this.view = {...this.whole};
		this.selected = null; // {process, thread}
		this.interval = -1; // the selected interval of the row's track
		this.query = "";
		this.matches = new Set();
		this.onlyMatches = false;
		this.cursors = []; // times, at most two
		this.pointerTime = null; // the time under the pointer
		this.arrows = true;
		this.rows = [];
		this.help = byId("help");
		this.tip = byId("tip");
		this.tree = byId("tree");
		this.scroller = byId("scroller");
		this.list = new RowList(this, this.tree);
		this.timeline = new Timeline(this, byId("bars"), byId("axis"));
		this.minimap = new Minimap(this, byId("minimap"));
		this.table = new ProcessTable(this, byId("table"));
	}

	// ---- drawing

	// Draws once in the next frame, however much changes until then.
	invalidate() {
		if (this.waiting)
			return;
		this.waiting = requestAnimationFrame(() => {
			this.waiting = null;
			this.draw();
		});
	}

	draw() {
		const width = byId("bars").parentElement.clientWidth - this.tree.clientWidth, height = this.scroller.clientHeight;
		const top = this.scroller.scrollTop;
		if (width < 1 || !this.colours)
			return;
		this.width = width;
		const layout = this.timeline.draw(width, height, top);
		this.list.update(layout.first, layout.last, top);
		this.minimap.draw(byId("minimap").clientWidth);
		const span = duration(Math.round(this.view.to - this.view.from));
		if (byId("span").textContent !== span)
			byId("span").textContent = span;
		clearTimeout(this.linkTimer);
		this.linkTimer = setTimeout(() => writeLink(this), 250);
	}

	// After folding, a search, or opening threads.
	rebuildRows() {
		const keep = this.onlyMatches && this.matches.size ? process => this.matches.has(process) : null;
		this.rows = this.recording.rows(keep);
		this.numbers = new Map(this.rows.map((row, n) => [row.thread ?? row.process, n]));
		this.list.clear();
		byId("rows").style.height = `${this.rows.length * ROW}px`;
		this.resize();
	}

	resize() {
		const most = Math.max(8 * ROW, Math.floor(innerHeight * 0.62));
		const height = Math.min(Math.max(this.rows.length, 2) * ROW + 8, this.printing ? 40 * ROW : most);
		this.scroller.style.height = byId("visible-rows").style.height = `${height}px`;
		this.invalidate();
	}

	kindOf(track, i) {
		return this.recording.kinds[track.kind[i]];
	}

	rowNumber(process, thread = null) {
		return this.numbers.get(thread && process.open ? thread : process) ?? -1;
	}

	rowName({process, thread}) {
		return thread ? T("{0} {1}, thread of {2}", thread.tid, printable(thread.comm), process.pid) : `${process.pid} ${printable(process.name)}`;
	}

	announce(words) {
		byId("status").textContent = words;
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

	// Moves to a new view in a few steps that the eye can follow, or at once if the user prefers reduced motion.
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

	moveView(from, to, atOnce) {
		if (atOnce)
			this.setView(from, to);
		else
			this.glide(from, to);
	}

	// Zooms around the pointer; without one, around the selected interval or the middle.
	zoom(factor, atOnce = false) {
		const {from, to} = this.view, span = to - from;
		const fixed = this.pointerTime ?? this.selectedTime() ?? (from + to) / 2;
		const wide = Math.min(Math.max(span * factor, LEAST_VIEW), this.whole.to - this.whole.from);
		const start = fixed - (fixed - from) * wide / span;
		this.moveView(start, start + wide, atOnce);
	}

	selectedTime() {
		if (!this.selected || this.interval < 0)
			return null;
		const {at} = this.recording.trackOf(this.selected), middle = (at[this.interval] + at[this.interval + 1]) / 2;
		return middle >= this.view.from && middle <= this.view.to ? middle : null;
	}

	pan(part, atOnce = false) {
		const shift = (this.view.to - this.view.from) * part;
		this.moveView(this.view.from + shift, this.view.to + shift, atOnce);
	}

	fit() {
		this.glide(this.whole.from, this.whole.to);
	}

	centre(time) {
		const half = (this.view.to - this.view.from) / 2;
		this.setView(time - half, time + half);
	}

	showTime(at) {
		if (at < this.view.from || at > this.view.to)
			this.centre(at);
		this.pointerTime = at;
		this.announce(exact(at));
		this.invalidate();
	}

	setPointer(x) {
		this.pointerTime = x === null ? null : this.timeAt(x);
		this.invalidate();
	}

	setCursor() {
		const start = this.selected && this.interval >= 0 ? this.recording.trackOf(this.selected).at[this.interval] : null;
		const at = this.pointerTime ?? start ?? (this.view.from + this.view.to) / 2;
		this.cursors = this.cursors.length === 2 ? [at] : [...this.cursors, at];
		this.announce(this.cursors.length === 2 ? `Δt ${exact(Math.abs(this.cursors[1] - this.cursors[0]))}` : T("cursor at {0}", exact(at)));
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

	select(row, interval = -1) {
		this.selected = row ? {process: row.process, thread: row.thread} : null;
		this.interval = interval;
		if (row)
			this.reveal(this.rowNumber(row.process, row.thread));
		const wasHidden = byId("details").hidden;
		showDetails(this, byId("details"));
		if (wasHidden !== byId("details").hidden)
			this.resize();
		this.invalidate();
	}

	// Selects a process even if it is folded away or does not match the search.
	selectProcess(process, scroll = false, thread = null) {
		for (let above = process.above; above; above = above.above)
			above.folded = false;
		if (this.onlyMatches && !this.matches.has(process))
			this.onlyMatches = byId("only").checked = false;
		this.rebuildRows();
		this.select({process, thread});
		if (scroll) {
			byId("timeline").scrollIntoView({block: "nearest"});
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
		this.rebuildRows();
		this.announce(`${process.pid} ${process.folded ? T("folded") : T("unfolded")}, ${plural(this.rows.length, "{0} row", "{0} rows")}`);
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
			this.announce(T("Select a row first; then T shows its threads"));
			return;
		}
		process.open = !process.open;
		this.selected.thread = null;
		this.interval = -1;
		this.rebuildRows();
		this.announce(process.open ? Tn(process.threads.length, "{0} thread of {1} shown", "{0} threads of {1} shown", process.threads.length, process.pid)
			: Tn(process.threads.length, "{0} thread of {1} hidden", "{0} threads of {1} hidden", process.threads.length, process.pid));
	}

	toggleArrows() {
		this.arrows = byId("arrows").checked = !this.arrows;
		this.invalidate();
	}

	// ---- intervals

	// The row, track and interval at a point of the canvas; null: there is none.
	at(y, time) {
		const row = this.rows[Math.floor((y + this.scroller.scrollTop) / ROW)];
		if (!row)
			return null;
		const track = this.recording.trackOf(row), reach = 2 * (this.view.to - this.view.from) / this.width;
		let i = intervalAt(track, time);
		// A short interval is hard to hit, so one within two pixels counts.
		if (i < 0)
			i = intervalAt(track, time + reach) >= 0 ? intervalAt(track, time + reach) : intervalAt(track, time - reach);
		return i < 0 ? null : {row, track, i};
	}

	click(y, time) {
		const found = this.at(y, time), row = this.rows[Math.floor((y + this.scroller.scrollTop) / ROW)];
		this.tree.focus({preventScroll: true});
		this.select(found?.row ?? row ?? null, found?.i ?? -1);
	}

	selectIntervalAt(time) {
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
		const old = this.isSelected(row) ? this.interval : -1;
		const start = old >= 0 ? old + by : findInterval(track, this.view.from);
		const i = Math.min(track.last - 1, Math.max(track.first, start));
		this.select(row, i);
		this.follow(track.at[i], track.at[i + 1]);
		this.announce(intervalFacts(this, track, i).map(([word, text]) => `${word} ${text}`).join(T(", ")));
	}

	// Moves the view as little as possible to show an interval.
	follow(from, to) {
		const {view} = this, span = view.to - view.from;
		if (to > view.to)
			this.setView(Math.min(from, to - span * 0.8), Math.min(from, to - span * 0.8) + span);
		else if (from < view.from)
			this.setView(from - span * 0.2, from + span * 0.8);
	}

	zoomToInterval() {
		const {at} = this.recording.trackOf(this.selected), length = at[this.interval + 1] - at[this.interval];
		this.glide(at[this.interval] - length * 0.2, at[this.interval + 1] + length * 0.2);
	}

	zoomToSelected() {
		if (this.selected && this.interval >= 0)
			this.zoomToInterval();
		else if (this.selected)
			this.glide(this.selected.process.from - (this.selected.process.end - this.selected.process.from) * 0.05,
				this.selected.process.end + (this.selected.process.end - this.selected.process.from) * 0.05);
	}

	// ---- search

	search(query, only = this.onlyMatches) {
		this.query = query.trim();
		this.matches = findProcesses(this.recording.processes, query);
		this.onlyMatches = only;
		if (byId("query").value !== query)
			byId("query").value = query;
		byId("only").checked = only;
		byId("found").textContent = this.query ? plural(this.matches.size, "{0} match", "{0} matches") : "";
		this.rebuildRows();
		this.table.page = 0;
		this.table.draw();
	}

	focusSearch() {
		byId("query").focus();
		byId("query").select();
	}

	nextMatch(by) {
		const found = [...this.matches];
		if (!found.length) {
			this.announce(this.query ? T("No match") : T("Search for a name, a pid or a state first"));
			return;
		}
		const old = found.indexOf(this.selected?.process);
		const n = old < 0 ? (by > 0 ? 0 : found.length - 1) : (old + by + found.length) % found.length;
		this.selectProcess(found[n]);
		this.announce(T("match {0} of {1}: {2}", n + 1, found.length, this.rowName({process: found[n]})));
	}

	clear() {
		if (this.cursors.length)
			this.cursors = [];
		else if (this.interval >= 0)
			this.select(this.selected, -1);
		else if (this.selected)
			this.select(null);
		else if (this.query)
			this.search("", false);
		this.invalidate();
	}
}
