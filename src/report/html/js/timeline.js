// SPDX-License-Identifier: GPL-2.0-only
// The canvas: axis, bars, what is written on them, marks.

import { drawArrows } from "./arrows.js";
import { duration, shown, tickName, tickStep } from "./format.js";
import { Painter } from "./paint.js";
import { drawPoints } from "./points.js";
import { ROW } from "./rows.js";
import { kindWords, LETTERS, LOOKS } from "./words.js";

export const AXIS = 30;
const BAR = 16;
const FONT = "11px system-ui, sans-serif";

// Makes a canvas as sharp as the screen; true when its size changed.
export function fitCanvas(canvas, width, height, ratio) {
	const w = Math.max(1, Math.round(width * ratio)), h = Math.max(1, Math.round(height * ratio));
	if (canvas.width === w && canvas.height === h)
		return false;
	canvas.width = w;
	canvas.height = h;
	return true;
}

// Measuring a text costs more than drawing it, and the same few come again and again.
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
		const scene = {
			width, height, bar: BAR, ratio, scale,
			first: Math.floor(top / ROW), last: Math.min(app.rows.length, Math.ceil((top + height) / ROW)),
			x: time => (time - app.view.from) * scale,
			time: x => app.view.from + x / scale,
			middle: row => row * ROW - top + ROW / 2,
		};
		fitCanvas(this.bars, width, height, ratio);
		fitCanvas(this.axis, width, AXIS, ratio);
		this.step = tickStep(app.view.to - app.view.from, width, 110);
		this.drawAxis(scene);
		this.drawBars(scene);
		this.bars.dataset.frames = String(++this.frames);
		return scene;
	}

	// Moments of the axis that are in view.
	*ticks() {
		const {from, to} = this.app.view;
		for (let n = Math.ceil(from / this.step); n * this.step <= to; n++)
			yield n * this.step;
	}

	drawAxis(scene) {
		const ctx = this.axis.getContext("2d"), {colours, view} = this.app;
		ctx.setTransform(scene.ratio, 0, 0, scene.ratio, 0, 0);
		ctx.fillStyle = colours.card;
		ctx.fillRect(0, 0, scene.width, AXIS);
		ctx.font = FONT;
		ctx.textAlign = "center";
		for (const at of this.ticks()) {
			const x = Math.round(scene.x(at)) + 0.5, name = tickName(at, this.step), half = ctx.measureText(name).width / 2;
			ctx.fillStyle = colours.line;
			ctx.fillRect(x - 0.5, AXIS - 7, 1, 7);
			ctx.fillStyle = colours.muted;
			ctx.fillText(name, Math.min(scene.width - half - 2, Math.max(half + 2, x)), AXIS - 12);
		}
		ctx.fillStyle = colours.line;
		ctx.fillRect(0, AXIS - 1, scene.width, 1);
		this.drawMarkFlags(ctx, scene, view);
	}

	drawMarkFlags(ctx, scene) {
		const {colours, marks} = this.app;
		ctx.font = `600 ${FONT}`;
		marks.forEach((at, n) => {
			const x = scene.x(at);
			ctx.fillStyle = colours.accent;
			ctx.fillRect(x - 8, AXIS - 16, 16, 16);
			ctx.fillStyle = colours.card;
			ctx.fillText("AB"[n], x, AXIS - 4);
		});
		if (marks.length === 2) {
			const text = `Δt ${duration(Math.abs(marks[1] - marks[0]))}`, x = scene.x((marks[0] + marks[1]) / 2);
			const half = ctx.measureText(text).width / 2 + 6;
			ctx.fillStyle = colours.accent;
			ctx.fillRect(x - half, 0, 2 * half, 15);
			ctx.fillStyle = colours.card;
			ctx.fillText(text, x, 11);
		}
	}

	drawBars(scene) {
		const ctx = this.bars.getContext("2d"), {width, height} = this.bars;
		if (this.image?.width !== width || this.image?.height !== height) {
			this.image = ctx.createImageData(width, height);
			this.pixels = new Uint32Array(this.image.data.buffer);
		}
		this.wide = [];
		this.drawGround(scene);
		this.painter.begin(this.pixels, width, this.app.colours, this.app.view.from, scene.scale * scene.ratio, scene.ratio);
		const lines = Math.round(BAR * scene.ratio);
		for (let n = scene.first; n < scene.last; n++) {
			const track = this.app.recording.trackOf(this.app.rows[n]);
			const y = Math.round((scene.middle(n) - BAR / 2) * scene.ratio);
			if (y >= 0 && y + lines <= height)
				this.painter.row(track, y, lines, 13 * scene.ratio, (i, a, b) => this.wide.push([n, track, i, a, b]));
			else
				this.drawCut(track, y, lines, height);
		}
		ctx.putImageData(this.image, 0, 0);
		ctx.setTransform(scene.ratio, 0, 0, scene.ratio, 0, 0);
		this.drawOver(ctx, scene);
	}

	// A row at the edge of the canvas: painted beside it, and copied as far as it is in view.
	drawCut(track, y, lines, height) {
		const {width} = this.bars, whole = new Uint32Array(width * lines).fill(this.app.colours.packed.card);
		const {pixels} = this.painter;
		this.painter.pixels = whole;
		this.painter.row(track, 0, lines, Infinity, () => {});
		this.painter.pixels = pixels;
		for (let line = Math.max(0, -y); line < lines && y + line < height; line++)
			pixels.set(whole.subarray(line * width, (line + 1) * width), (y + line) * width);
	}

	drawGround(scene) {
		const {width, height} = this.bars, {packed} = this.app.colours, {ratio} = scene;
		this.pixels.fill(packed.card);
		for (const [from, to] of this.app.recording.doc.lost_ranges)
			this.fillColumns(scene.x(from) * ratio, scene.x(to) * ratio + 1, 0, height, packed.lost);
		for (const at of this.ticks()) {
			const x = Math.round(scene.x(at) * ratio);
			for (let y = 0; x >= 0 && x < width && y < height; y++)
				this.pixels[y * width + x] = packed.grid;
		}
		const row = this.app.selectedRow(), n = row ? this.app.rowNumber(row.process, row.thread) : -1;
		if (n >= scene.first && n < scene.last)
			this.fillColumns(0, width, (scene.middle(n) - ROW / 2) * ratio, (scene.middle(n) + ROW / 2) * ratio, packed.selected);
	}

	fillColumns(left, right, top, bottom, colour) {
		const {width, height} = this.bars;
		const a = Math.max(0, Math.round(left)), b = Math.min(width, Math.round(right));
		for (let y = Math.max(0, Math.round(top)); y < Math.min(height, Math.round(bottom)) && a < b; y++)
			this.pixels.fill(colour, y * width + a, y * width + b);
	}

	drawOver(ctx, scene) {
		ctx.font = FONT;
		ctx.textBaseline = "middle";
		for (const [n, track, i, a, b] of this.wide)
			this.drawWords(ctx, scene, n, track, i, a / scene.ratio, b / scene.ratio);
		for (let n = scene.first; n < scene.last; n++)
			this.drawMoments(ctx, scene, this.app.rows[n], n);
		if (this.app.arrows)
			drawArrows(ctx, scene, this.app);
		this.drawChosen(ctx, scene);
		this.drawMarks(ctx, scene);
	}

	// As much of "Z zombie 500 ms" as fits; on the thin line of a blocked one it interrupts the line.
	drawWords(ctx, scene, n, track, i, left, right) {
		const kind = this.app.kindOf(track, i), look = LOOKS[kind.look], {colours} = this.app;
		const letter = LETTERS[look], room = right - left - 8, words = kindWords(kind);
		// No character is narrower than 4 pixels on average: most texts need no measuring to be too long.
		const choices = room < 4 * words.length ? [letter]
			: [`${letter}  ${words}  ${duration(track.at[i + 1] - track.at[i])}`, `${letter}  ${words}`, letter];
		const text = choices.find(t => 4 * t.length <= room + 8 && widthOf(ctx, t) <= room);
		if (!text || !letter)
			return;
		const y = scene.middle(n) + 0.5, x = (left + right) / 2;
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

	// What happened to a process at one moment: exec, adoption, end, reap.
	drawMoments(ctx, scene, row, n) {
		drawPoints(ctx, scene, row, scene.middle(n), this.app.colours);
		if (row.thread)
			return;
		const {process} = row, {colours} = this.app, y = scene.middle(n);
		this.drawBeyond(ctx, scene, process, y);
		if (process.adoption)
			this.drawOrphan(ctx, scene, process, y);
		for (const exec of process.execs)
			if (exec.at_ns !== null)
				this.drawExec(ctx, scene.x(exec.at_ns), y);
		if (process.reap && process.reap.at_ns !== null) {
			const x = Math.round(scene.x(process.reap.at_ns));
			ctx.fillStyle = colours.ink;
			ctx.fillRect(x - 1, y - BAR / 2 - 2, 2, BAR + 4);
		}
	}

	// A process that is not in view: a tip at the edge beyond which it lies.
	drawBeyond(ctx, scene, process, y) {
		const {from, to} = this.app.view, before = process.end < from;
		if (!before && process.start_ns <= to)
			return;
		const tip = before ? 4 : scene.width - 4, base = before ? 9 : scene.width - 9;
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

	// An orphan is underlined from the moment it lost its parent.
	drawOrphan(ctx, scene, process, y) {
		const x = scene.x(process.adoption.from_ns), end = scene.x(process.end), {colours} = this.app;
		const text = `↪ ${process.adoption.pid} ${shown(process.adoption.comm ?? "")}`;
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

	// The chosen interval, framed.
	drawChosen(ctx, scene) {
		const row = this.app.selectedRow(), n = row ? this.app.rowNumber(row.process, row.thread) : -1;
		if (n < 0 || this.app.slice < 0)
			return;
		const track = this.app.recording.trackOf(row);
		const left = Math.max(-4, scene.x(track.at[this.app.slice])), right = Math.min(scene.width + 4, scene.x(track.at[this.app.slice + 1]));
		ctx.strokeStyle = this.app.colours.accent;
		ctx.lineWidth = 2;
		ctx.strokeRect(left - 1, scene.middle(n) - BAR / 2 - 3, Math.max(3, right - left + 2), BAR + 6);
		ctx.lineWidth = 1;
	}

	drawMarks(ctx, scene) {
		const {marks, colours, cursor} = this.app;
		if (cursor !== null) {
			ctx.fillStyle = colours.muted;
			ctx.globalAlpha = 0.6;
			ctx.fillRect(Math.round(scene.x(cursor)), 0, 1, scene.height);
			ctx.globalAlpha = 1;
		}
		if (marks.length === 2) {
			const [a, b] = marks.map(scene.x).sort((p, q) => p - q);
			ctx.fillStyle = colours.accent;
			ctx.globalAlpha = 0.08;
			ctx.fillRect(a, 0, b - a, scene.height);
			ctx.globalAlpha = 1;
		}
		ctx.fillStyle = colours.accent;
		for (const at of marks)
			ctx.fillRect(Math.round(scene.x(at)) - 1, 0, 2, scene.height);
	}
}
