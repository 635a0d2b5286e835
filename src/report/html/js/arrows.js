// SPDX-License-Identifier: GPL-2.0-only
// Arrows between rows: forks, reaps, and the wake-ups of the selected row.

import { IRQ_WAKER } from "./data.js";
import { findInterval } from "./tracks.js";

const MOST_WAKEUPS = 300;

function head(ctx, x, y, down, size = 4) {
	const back = down ? -size : size;
	ctx.beginPath();
	ctx.moveTo(x, y);
	ctx.lineTo(x - size * 0.75, y + back);
	ctx.lineTo(x + size * 0.75, y + back);
	ctx.fill();
}

// A vertical line at one time, from the middle of one row to the edge of another row's bar.
function arrow(ctx, layout, time, from, to, {colour, dash, strong}) {
	const x = Math.round(layout.x(time)) + 0.5, down = to > from;
	if (x < -5 || x > layout.width + 5)
		return;
	const start = layout.middle(from), end = layout.middle(to) + (down ? -layout.bar / 2 : layout.bar / 2);
	if (Math.max(start, end) < 0 || Math.min(start, end) > layout.height)
		return;
	ctx.globalAlpha = strong ? 1 : 0.5;
	ctx.strokeStyle = ctx.fillStyle = colour;
	ctx.setLineDash(dash ? [3, 3] : []);
	ctx.beginPath();
	ctx.moveTo(x, Math.max(-5, Math.min(layout.height + 5, start)));
	ctx.lineTo(x, Math.max(-5, Math.min(layout.height + 5, end)));
	ctx.stroke();
	ctx.setLineDash([]);
	ctx.beginPath();
	ctx.arc(x, start, 2.5, 0, 7);
	ctx.fill();
	head(ctx, x, end, down);
	ctx.globalAlpha = 1;
}

function familyArrows(ctx, layout, app, row, n) {
	const {process} = row, {colours} = app, strong = app.isSelected(row);
	const parent = process.above ? app.rowNumber(process.above) : -1;
	if (parent >= 0 && !process.seeded)
		arrow(ctx, layout, process.start_ns, parent, n,
			{colour: colours.muted, strong: strong || app.selected?.process === process.above});
	if (!process.reap?.by_pid || process.reap.at_ns === null)
		return;
	const reaper = app.recording.processAt(process.reap.by_pid, process.reap.at_ns);
	const by = reaper && reaper !== process ? app.rowNumber(reaper) : -1;
	if (by >= 0)
		arrow(ctx, layout, process.reap.at_ns, n, by, {colour: colours.bars.zombie, dash: true, strong: strong || app.selected?.process === reaper});
}

function wakeupArrows(ctx, layout, app, row, n) {
	const track = app.recording.trackOf(row);
	const first = findInterval(track, app.view.from), last = Math.min(track.last, findInterval(track, app.view.to) + 1);
	if (last - first > 20 * MOST_WAKEUPS)
		return;
	let drawn = 0, lastWaker = 0;
	for (let i = first; i < last && drawn < MOST_WAKEUPS; i++) {
		const by = track.by[i];
		// A waker is recorded in the ready interval and again in the running one that follows.
		const again = by === lastWaker;
		lastWaker = app.kindOf(track, i).state === "ready" ? by : 0;
		if (by <= IRQ_WAKER || again)
			continue;
		const waker = app.recording.threadAt(by - 2, track.at[i]);
		const from = waker ? app.rowNumber(waker.process, waker) : -1;
		if (from >= 0 && from !== n) {
			arrow(ctx, layout, track.at[i], from, n, {colour: app.colours.wake, strong: true});
			drawn++;
		}
	}
}

export function drawArrows(ctx, layout, app) {
	ctx.lineWidth = 1;
	for (let n = layout.first; n < layout.last; n++)
		if (!app.rows[n].thread)
			familyArrows(ctx, layout, app, app.rows[n], n);
	// The selected row's arrows are drawn even while the row itself is out of view.
	const row = app.selectedRow();
	if (row)
		wakeupArrows(ctx, layout, app, row, app.rowNumber(row.process, row.thread));
}
