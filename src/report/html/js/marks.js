// SPDX-License-Identifier: GPL-2.0-only
// The marks of programs, drawn on the bars. (The user measures with cursors.)

import { exact, printable } from "./format.js";
import { T } from "./lang.js";

const HALF = 4; // half the size of a diamond, in pixels

// "put 5". The value is a number, or a string of digits when a number cannot hold it exactly.
export function markWords({name, value}) {
	return value === null ? printable(name) : `${printable(name)} ${value}`;
}

// The marks of a row, in order of time.
export function marksOf({process, thread}) {
	return thread ? thread.marks : process.marks;
}

// The index of the first mark at or after this time.
function findMark(marks, time) {
	let low = 0, high = marks.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if (marks[middle].at < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

// The `most` marks nearest to a time and at most `reach` ns away, as pairs [word, text] in order of time.
export function markFacts(row, time, reach, most) {
	const marks = marksOf(row), near = [];
	for (let i = findMark(marks, time - reach); i < marks.length && marks[i].at <= time + reach; i++)
		near.push(marks[i]);
	return near.sort((a, b) => Math.abs(a.at - time) - Math.abs(b.at - time)).slice(0, most)
		.sort((a, b) => a.at - b.at).map(mark => [T("mark"), T("{0} at {1}", markWords(mark), exact(mark.at))]);
}

// A diamond at the upper edge of the bar. Marks on one pixel share one.
export function drawMarks(ctx, layout, row, y, colours) {
	const marks = marksOf(row), top = y - layout.bar / 2;
	ctx.fillStyle = colours.ink;
	ctx.strokeStyle = colours.card;
	// Skips to the next mark that is a pixel away, so that a million marks cost no more than the pixels.
	for (let i = findMark(marks, layout.time(-HALF)); i < marks.length; i = findMark(marks, marks[i].at + 1 / layout.scale)) {
		const x = layout.x(marks[i].at);
		if (x > layout.width + HALF)
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
