// SPDX-License-Identifier: GPL-2.0-only
// The marks of programs: points on their bars. (What the user marks to measure is something else.)

import { exact, shown } from "./format.js";
import { T } from "./lang.js";

const HALF = 4; // pixels, of the sign

// "put 5"; the value is a number, or a string where a number would not hold it.
export function pointWords({name, value}) {
	return value === null ? shown(name) : `${shown(name)} ${value}`;
}

// Those of a row, in order of time.
export function pointsOf({process, thread}) {
	return thread ? thread.points : process.points;
}

// The first of them that is not before this moment.
function findPoint(points, time) {
	let low = 0, high = points.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (points[middle].at < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

// [word, text] of the points around a moment, the nearest ones first.
export function pointFacts(row, time, reach, most) {
	const points = pointsOf(row), near = [];
	for (let i = findPoint(points, time - reach); i < points.length && points[i].at <= time + reach; i++)
		near.push(points[i]);
	return near.sort((a, b) => Math.abs(a.at - time) - Math.abs(b.at - time)).slice(0, most)
		.sort((a, b) => a.at - b.at).map(point => [T("mark"), T("{0} at {1}", pointWords(point), exact(point.at))]);
}

// A diamond at the upper edge of the bar; those on one pixel are one.
export function drawPoints(ctx, scene, row, y, colours) {
	const points = pointsOf(row), top = y - scene.bar / 2;
	ctx.fillStyle = colours.ink;
	ctx.strokeStyle = colours.card;
	// From one to the next that is a pixel away: a million of them cost no more than the pixels.
	for (let i = findPoint(points, scene.time(-HALF)); i < points.length; i = findPoint(points, points[i].at + 1 / scene.scale)) {
		const x = scene.x(points[i].at);
		if (x > scene.width + HALF)
			break;
		ctx.beginPath();
		ctx.moveTo(x, top - HALF);
		ctx.lineTo(x + HALF, top);
		ctx.lineTo(x, top + HALF);
		ctx.lineTo(x - HALF, top);
		ctx.closePath();
		ctx.stroke();
		ctx.fill();
	}
}
