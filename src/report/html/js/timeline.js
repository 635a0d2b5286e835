// SPDX-License-Identifier: GPL-2.0-only
// The canvases of the timeline: the axis, the bars and their text, instants, marks and cursors.

import { drawArrows } from "./arrows.js";
import { duration, printable, tickName, tickStep } from "./format.js";
import { Painter } from "./paint.js";
import { drawMarks } from "./marks.js";
import { ROW } from "./rows.js";
import { kindWords, LETTERS, LOOKS } from "./words.js";

export const AXIS = 30;
const BAR = 16;
const FONT = "11px system-ui, sans-serif";

// Sizes a canvas in device pixels. Returns whether the size changed.
export function fitCanvas(canvas, width, height, ratio) {
	const w = Math.max(1, Math.round(width * ratio)), h = Math.max(1, Math.round(height * ratio));
	if (canvas.width === w && canvas.height === h)
		return false;
	canvas.width = w;
	canvas.height = h;
	return true;
}

// Measuring a text costs more than drawing it, and a few texts repeat again and again.
const widths = new Map();
function widthOf(ctx, text) {
	let width = widths.get(text);
	if (width === undefined) {
		if (widths.size > 5000)
			widths.clear();
		width = ctx.measureText(text).width;
		widths.set(text, width);
	}
	return width;
}

export class Timeline {
	constructor(app, bars, axis) {
		this.app = app;
		this.bars = bars;
		this.axis = axis;
		this.painter = new Painter(app.recording.kinds);
		this.frames = 0;
	}

	draw(width, height, top) {
		const {app} = this, ratio = devicePixelRatio || 1;
		const scale = width / (app.view.to - app.view.from);
		const layout = {
			width, height, bar: BAR, ratio, scale,
			first: Math.floor(top / ROW), last: Math.min(app.rows.length, Math.ceil((top + height) / ROW)),
			x: time => (time - app.view.from) * scale,
			time: x => app.view.from + x / scale,
			middle: row => row * ROW - top + ROW / 2,
		};
		fitCanvas(this.bars, width, height, ratio);
		fitCanvas(this.axis, width, AXIS, ratio);
		this.step = tickStep(app.view.to - app.view.from, width, 110);
		this.drawAxis(layout);
		this.drawBars(layout);
		this.bars.dataset.frames = String(++this.frames);
		return layout;
	}

	// The times of the ticks in view.
	*ticks() {
		const {from, to} = this.app.view;
		for (let n = Math.ceil(from / this.step); n * this.step <= to; n++)
			yield n * this.step;
	}

	drawAxis(layout) {
		const ctx = this.axis.getContext("2d"), {colours} = this.app;
		ctx.setTransform(layout.ratio, 0, 0, layout.ratio, 0, 0);
		ctx.fillStyle = colours.card;
		ctx.fillRect(0, 0, layout.width, AXIS);
		ctx.font = FONT;
		ctx.textAlign = "center";
		for (const at of this.ticks()) {
			const x = Math.round(layout.x(at)) + 0.5, name = tickName(at, this.step), half = ctx.measureText(name).width / 2;
			ctx.fillStyle = colours.line;
			ctx.fillRect(x - 0.5, AXIS - 7, 1, 7);
			ctx.fillStyle = colours.muted;
			ctx.fillText(name, Math.min(layout.width - half - 2, Math.max(half + 2, x)), AXIS - 12);
		}
		ctx.fillStyle = colours.line;
		ctx.fillRect(0, AXIS - 1, layout.width, 1);
		this.drawCursorFlags(ctx, layout);
	}

	drawCursorFlags(ctx, layout) {
		const {colours, cursors} = this.app;
		ctx.font = `600 ${FONT}`;
		cursors.forEach((at, n) => {
			const x = layout.x(at);
			ctx.fillStyle = colours.accent;
			ctx.fillRect(x - 8, AXIS - 16, 16, 16);
			ctx.fillStyle = colours.card;
			ctx.fillText("AB"[n], x, AXIS - 4);
		});
		if (cursors.length === 2) {
			const text = `Δt ${duration(Math.abs(cursors[1] - cursors[0]))}`, x = layout.x((cursors[0] + cursors[1]) / 2);
			const half = ctx.measureText(text).width / 2 + 6;
			ctx.fillStyle = colours.accent;
			ctx.fillRect(x - half, 0, 2 * half, 15);
			ctx.fillStyle = colours.card;
			ctx.fillText(text, x, 11);
		}
	}

	drawBars(layout) {
		const ctx = this.bars.getContext("2d"), {width, height} = this.bars;
		if (this.image?.width !== width || this.image?.height !== height) {
			this.image = ctx.createImageData(width, height);
			this.pixels = new Uint32Array(this.image.data.buffer);
		}
		this.wide = [];
		this.drawGround(layout);
		this.painter.begin(this.pixels, width, this.app.colours, this.app.view.from, layout.scale * layout.ratio, layout.ratio);
		const lines = Math.round(BAR * layout.ratio);
		for (let n = layout.first; n < layout.last; n++) {
			const track = this.app.recording.trackOf(this.app.rows[n]);
			const y = Math.round((layout.middle(n) - BAR / 2) * layout.ratio);
			if (y >= 0 && y + lines <= height)
				this.painter.row(track, y, lines, 13 * layout.ratio, (i, a, b) => this.wide.push([n, track, i, a, b]));
			else
				this.drawCut(track, y, lines, height);
		}
		ctx.putImageData(this.image, 0, 0);
		ctx.setTransform(layout.ratio, 0, 0, layout.ratio, 0, 0);
		this.drawOver(ctx, layout);
	}

	// A row that the edge of the canvas cuts is painted aside, and the part in view is copied.
	drawCut(track, y, lines, height) {
		const {width} = this.bars, whole = new Uint32Array(width * lines).fill(this.app.colours.packed.card);
		const {pixels} = this.painter;
		this.painter.pixels = whole;
		this.painter.row(track, 0, lines, Infinity, () => {});
		this.painter.pixels = pixels;
		for (let line = Math.max(0, -y); line < lines && y + line < height; line++)
			pixels.set(whole.subarray(line * width, (line + 1) * width), (y + line) * width);
	}

	drawGround(layout) {
		const {width, height} = this.bars, {packed} = this.app.colours, {ratio} = layout;
		this.pixels.fill(packed.card);
		for (const [from, to] of this.app.recording.doc.lost_ranges)
			this.fillColumns(layout.x(from) * ratio, layout.x(to) * ratio + 1, 0, height, packed.lost);
		for (const at of this.ticks()) {
			const x = Math.round(layout.x(at) * ratio);
			for (let y = 0; x >= 0 && x < width && y < height; y++)
				this.pixels[y * width + x] = packed.grid;
		}
		const row = this.app.selectedRow(), n = row ? this.app.rowNumber(row.process, row.thread) : -1;
		if (n >= layout.first && n < layout.last)
			this.fillColumns(0, width, (layout.middle(n) - ROW / 2) * ratio, (layout.middle(n) + ROW / 2) * ratio, packed.selected);
	}

	fillColumns(left, right, top, bottom, colour) {
		const {width, height} = this.bars;
		const a = Math.max(0, Math.round(left)), b = Math.min(width, Math.round(right));
		for (let y = Math.max(0, Math.round(top)); y < Math.min(height, Math.round(bottom)) && a < b; y++)
			this.pixels.fill(colour, y * width + a, y * width + b);
	}

	drawOver(ctx, layout) {
		ctx.font = FONT;
		ctx.textBaseline = "middle";
		for (const [n, track, i, a, b] of this.wide)
			this.drawWords(ctx, layout, n, track, i, a / layout.ratio, b / layout.ratio);
		for (let n = layout.first; n < layout.last; n++)
			this.drawInstants(ctx, layout, this.app.rows[n], n);
		if (this.app.arrows)
			drawArrows(ctx, layout, this.app);
		this.drawSelected(ctx, layout);
		this.drawCursors(ctx, layout);
	}

	// As much of "Z zombie 500 ms" as fits. On a blocked interval the text interrupts the thin line.
	drawWords(ctx, layout, n, track, i, left, right) {
		const kind = this.app.kindOf(track, i), look = LOOKS[kind.look], {colours} = this.app;
		const letter = LETTERS[look], room = right - left - 8, words = kindWords(kind);
		// A character is 4 pixels wide on average at least, so most texts are too long without measuring.
		const choices = room < 4 * words.length ? [letter]
			: [`${letter}  ${words}  ${duration(track.at[i + 1] - track.at[i])}`, `${letter}  ${words}`, letter];
		const text = choices.find(t => 4 * t.length <= room + 8 && widthOf(ctx, t) <= room);
		if (!text || !letter)
			return;
		const y = layout.middle(n) + 0.5, x = (left + right) / 2;
		ctx.textAlign = "center";
		if (look === "blocked") {
			const half = widthOf(ctx, text) / 2 + 5;
			ctx.fillStyle = this.app.isSelected(this.app.rows[n]) ? colours.selected : colours.card;
			ctx.fillRect(x - half, y - 7, 2 * half, 14);
			ctx.fillStyle = colours.muted;
		} else {
			if (look !== "running" && look !== "ready") {
				const half = widthOf(ctx, text) / 2 + 3;
				ctx.fillStyle = colours.bars[look];
				ctx.fillRect(x - half, y - 8, 2 * half, 15);
			}
			ctx.fillStyle = colours.on[look];
		}
		ctx.fillText(text, x, y);
	}

	// Marks, execs, the adoption and the reap.
	drawInstants(ctx, layout, row, n) {
		drawMarks(ctx, layout, row, layout.middle(n), this.app.colours);
		if (row.thread)
			return;
		const {process} = row, {colours} = this.app, y = layout.middle(n);
		this.drawBeyond(ctx, layout, process, y);
		if (process.adoption)
			this.drawOrphan(ctx, layout, process, y);
		for (const exec of process.execs)
			if (exec.at_ns !== null)
				this.drawExec(ctx, layout.x(exec.at_ns), y);
		if (process.reap && process.reap.at_ns !== null) {
			const x = Math.round(layout.x(process.reap.at_ns));
			ctx.fillStyle = colours.ink;
			ctx.fillRect(x - 1, y - BAR / 2 - 2, 2, BAR + 4);
		}
	}

	// A process outside the times in view has a tip at the edge beyond which it lies.
	drawBeyond(ctx, layout, process, y) {
		const {from, to} = this.app.view, before = process.end < from;
		if (!before && process.start_ns <= to)
			return;
		const tip = before ? 4 : layout.width - 4, base = before ? 9 : layout.width - 9;
		ctx.fillStyle = this.app.colours.muted;
		ctx.beginPath();
		ctx.moveTo(tip, y);
		ctx.lineTo(base, y - 4);
		ctx.lineTo(base, y + 4);
		ctx.fill();
	}

	drawExec(ctx, x, y) {
		ctx.fillStyle = this.app.colours.ink;
		ctx.beginPath();
		ctx.moveTo(x, y - BAR / 2 - 1);
		ctx.lineTo(x - 3.5, y - BAR / 2 - 5);
		ctx.lineTo(x + 3.5, y - BAR / 2 - 5);
		ctx.fill();
	}

	// An orphan is underlined from the time its parent exited.
	drawOrphan(ctx, layout, process, y) {
		const x = layout.x(process.adoption.from_ns), end = layout.x(process.end), {colours} = this.app;
		const text = `↪ ${process.adoption.pid} ${printable(process.adoption.comm ?? "")}`;
		ctx.fillStyle = colours.orphan;
		ctx.fillRect(x, y + BAR / 2 + 1, Math.max(2, end - x), 2);
		ctx.fillRect(Math.round(x) - 1, y - BAR / 2 - 2, 2, BAR + 5);
		const wide = ctx.measureText(text).width;
		if (end - x > wide + 90) {
			ctx.textAlign = "left";
			ctx.fillStyle = colours.card;
			ctx.fillRect(x + 5, y - 8, wide + 6, 15);
			ctx.fillStyle = colours.ink;
			ctx.fillText(text, x + 8, y + 0.5);
		}
	}

	// A frame around the selected interval.
	drawSelected(ctx, layout) {
		const row = this.app.selectedRow(), n = row ? this.app.rowNumber(row.process, row.thread) : -1;
		if (n < 0 || this.app.interval < 0)
			return;
		const track = this.app.recording.trackOf(row);
		const left = Math.max(-4, layout.x(track.at[this.app.interval])), right = Math.min(layout.width + 4, layout.x(track.at[this.app.interval + 1]));
		ctx.strokeStyle = this.app.colours.accent;
		ctx.lineWidth = 2;
		ctx.strokeRect(left - 1, layout.middle(n) - BAR / 2 - 3, Math.max(3, right - left + 2), BAR + 6);
		ctx.lineWidth = 1;
	}

	drawCursors(ctx, layout) {
		const {cursors, colours, pointerTime} = this.app;
		if (pointerTime !== null) {
			ctx.fillStyle = colours.muted;
			ctx.globalAlpha = 0.6;
			ctx.fillRect(Math.round(layout.x(pointerTime)), 0, 1, layout.height);
			ctx.globalAlpha = 1;
		}
		if (cursors.length === 2) {
			const [a, b] = cursors.map(layout.x).sort((p, q) => p - q);
			ctx.fillStyle = colours.accent;
			ctx.globalAlpha = 0.08;
			ctx.fillRect(a, 0, b - a, layout.height);
			ctx.globalAlpha = 1;
		}
		ctx.fillStyle = colours.accent;
		for (const at of cursors)
			ctx.fillRect(Math.round(layout.x(at)) - 1, 0, 2, layout.height);
	}
}
