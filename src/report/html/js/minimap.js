// SPDX-License-Identifier: GPL-2.0-only
// The minimap shows the whole recording: how many processes ran, how many were zombies, and where the view is.

import { fitCanvas } from "./timeline.js";

export const MINIMAP = 44;
const BUCKETS = 480;

// Adds an interval to the buckets it overlaps, to each the share of the bucket that it covers.
function addSpan(sums, from, to, start, width) {
	let n = Math.max(0, Math.floor((from - start) / width));
	for (; n < BUCKETS && start + n * width < to; n++)
		sums[n] += (Math.min(to, start + (n + 1) * width) - Math.max(from, start + n * width)) / width;
}

function survey(recording) {
	const running = new Float64Array(BUCKETS), zombie = new Float64Array(BUCKETS);
	const width = (recording.to - recording.from) / BUCKETS;
	const runs = recording.kinds.map(kind => kind.state === "running");
	for (const process of recording.processes) {
		for (const {track} of process.threads)
			for (let i = track.first; i < track.last; i++)
				if (runs[track.kind[i]])
					addSpan(running, track.at[i], track.at[i + 1], recording.from, width);
		const span = recording.zombieSpan(process);
		if (span)
			addSpan(zombie, span.from, span.to, recording.from, width);
	}
	return {running, zombie};
}

export class Minimap {
	constructor(app, canvas) {
		this.app = app;
		this.canvas = canvas;
		this.sums = null;
	}

	draw(width) {
		const {app, canvas} = this, ratio = devicePixelRatio || 1, ctx = canvas.getContext("2d");
		fitCanvas(canvas, width, MINIMAP, ratio);
		if (!this.picture || this.picture.width !== canvas.width || this.picture.height !== canvas.height || this.painted !== app.colours)
			this.paint(width, ratio);
		ctx.setTransform(1, 0, 0, 1, 0, 0);
		ctx.drawImage(this.picture, 0, 0);
		ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
		this.window(ctx, width);
	}

	// The areas do not depend on the view, so they are painted once and kept.
	paint(width, ratio) {
		const {app} = this;
		this.picture = document.createElement("canvas");
		fitCanvas(this.picture, width, MINIMAP, ratio);
		const ctx = this.picture.getContext("2d");
		ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
		ctx.fillStyle = app.colours.paper;
		ctx.fillRect(0, 0, width, MINIMAP);
		if (this.sums) {
			this.area(ctx, width, this.sums.running, app.colours.bars.running, false);
			this.area(ctx, width, this.sums.zombie, app.colours.bars.zombie, true);
		}
		this.painted = app.colours;
	}

	// Reads every interval, so it runs after the page is shown.
	survey() {
		this.sums = survey(this.app.recording);
		this.picture = null;
	}

	// Running grows from below, zombies hang from above.
	area(ctx, width, sums, colour, above) {
		const most = Math.max(1, ...sums), room = MINIMAP / 2 - 3;
		ctx.fillStyle = colour;
		ctx.beginPath();
		ctx.moveTo(0, above ? 0 : MINIMAP);
		sums.forEach((sum, n) => {
			const high = sum > 0 ? Math.max(1.5, sum / most * room) : 0, y = above ? high : MINIMAP - high;
			ctx.lineTo(n / BUCKETS * width, y);
			ctx.lineTo((n + 1) / BUCKETS * width, y);
		});
		ctx.lineTo(width, above ? 0 : MINIMAP);
		ctx.fill();
	}

	window(ctx, width) {
		const {view, recording, colours} = this.app, span = recording.to - recording.from;
		const left = Math.max(0, (view.from - recording.from) / span * width);
		const right = Math.min(width, Math.max(left + 3, (view.to - recording.from) / span * width));
		ctx.fillStyle = colours.paper;
		ctx.globalAlpha = 0.72;
		ctx.fillRect(0, 0, left, MINIMAP);
		ctx.fillRect(right, 0, width - right, MINIMAP);
		ctx.globalAlpha = 1;
		ctx.strokeStyle = colours.accent;
		ctx.strokeRect(Math.round(left) + 0.5, 0.5, Math.max(2, Math.round(right - left) - 1), MINIMAP - 1);
	}

	timeAt(x) {
		const {recording} = this.app;
		return recording.from + x / this.canvas.clientWidth * (recording.to - recording.from);
	}
}
