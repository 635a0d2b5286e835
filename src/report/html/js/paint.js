// SPDX-License-Identifier: GPL-2.0-only
/*
 * Paints bars pixel by pixel. A row of a million intervals costs one loop over them
 * instead of a million calls to the canvas, and edges lie on device pixels at any zoom.
 */

import { LOOKS } from "./words.js";
import { findInterval } from "./tracks.js";

const N = LOOKS.length;
const [RUNNING, READY, BLOCKED, DISK, STOPPED, ZOMBIE, UNKNOWN, GONE] = LOOKS.keys();
// The looks that are higher than the thin line of a blocked interval.
const RAISED = [RUNNING, READY, DISK, STOPPED, UNKNOWN, ZOMBIE];
// The height of a look that has a pixel to itself: shape distinguishes states where colour cannot.
const HEIGHT = {[RUNNING]: 1, [READY]: 0.56, [DISK]: 1, [STOPPED]: 0.78, [ZOMBIE]: 1, [UNKNOWN]: 0.78};
const THIN = 0.16;
// The least height in a shared pixel: a rare state stays visible however short it is.
const LEAST = {[RUNNING]: 0.25, [READY]: 0.12, [DISK]: 0.3, [STOPPED]: 0.3, [ZOMBIE]: 0.6, [UNKNOWN]: 0.3};
const STRIPED = new Set([DISK, STOPPED, ZOMBIE, UNKNOWN]);

export class Painter {
	constructor(kinds) {
		this.looks = Uint8Array.from(kinds, kind => kind.look);
		this.share = new Float32Array(0);
	}

	// Sets the target: device pixels, their colours, and the time at the left edge.
	begin(pixels, width, colours, from, scale, ratio) {
		Object.assign(this, {pixels, width, colours, from, scale, ratio});
		this.phase = Math.round(from * scale % 4096);
		if (this.share.length < width * N)
			this.share = new Float32Array(width * N);
	}

	// Paints a row's bar in the lines [top, top + height). Calls wide(i, left, right) for intervals with room for text.
	row(track, top, height, room, wide) {
		this.share.fill(0, 0, this.width * N);
		const to = this.from + this.width / this.scale;
		for (let i = findInterval(track, this.from); i < track.last && track.at[i] < to; i++) {
			const left = (track.at[i] - this.from) * this.scale;
			const right = (track.at[i + 1] - this.from) * this.scale;
			const look = this.looks[track.kind[i]];
			if (right - left < 2) {
				this.addShort(look, left, right);
				continue;
			}
			const a = Math.max(0, Math.round(left)), b = Math.min(this.width, Math.round(right));
			for (let x = a; x < b; x++)
				this.share[x * N + look] = 1;
			if (b - a >= room)
				wide(i, a, b);
		}
		this.render(top, height);
	}

	// An interval below two pixels adds to each pixel the share that it covers.
	addShort(look, left, right) {
		const x = Math.floor(left);
		for (let n = x; n < right && n < this.width; n++)
			if (n >= 0)
				this.share[n * N + look] += Math.min(right, n + 1) - Math.max(left, n);
	}

	// Paints neighbouring pixels with equal shares as one rectangle.
	render(top, height) {
		let start = 0;
		for (let x = 1; x <= this.width; x++) {
			if (x < this.width && this.same(start, x))
				continue;
			this.column(start, x, top, height);
			start = x;
		}
	}

	same(a, b) {
		const share = this.share;
		a *= N;
		b *= N;
		for (let n = 0; n < N; n++)
			if (share[a + n] !== share[b + n])
				return false;
		return true;
	}

	column(from, to, top, height) {
		const base = from * N, share = this.share;
		let sum = 0, states = 0, only = 0;
		for (let n = 0; n < N; n++) {
			if (share[base + n] > 0) {
				sum += share[base + n];
				states++;
				only = n;
			}
		}
		if (states === 0 || (states === 1 && only === GONE))
			return;
		if (share[base + BLOCKED] > 0)
			this.block(BLOCKED, from, to, top, height, Math.max(2, Math.round(height * THIN)));
		if (states === 1 && only !== BLOCKED)
			this.block(only, from, to, top, height, Math.round(height * HEIGHT[only]));
		else if (states > 1)
			this.nest(from, to, top, height, Math.max(1, sum));
	}

	// Shares become heights, each at least as high as the eye can find; the lower is painted over the higher.
	nest(from, to, top, height, sum) {
		const parts = [];
		for (const look of RAISED) {
			const share = Math.min(1, this.share[from * N + look] / sum);
			if (share > 0)
				parts.push([look, Math.round(height * HEIGHT[look] * (LEAST[look] + (1 - LEAST[look]) * share))]);
		}
		parts.sort((a, b) => b[1] - a[1]);
		for (const [look, size] of parts)
			this.block(look, from, to, top, height, Math.max(2, size));
	}

	// A rectangle around the middle of the row.
	block(look, from, to, top, height, size) {
		const y = top + Math.round((height - size) / 2);
		const fill = this.colours.fill[look];
		for (let line = y; line < y + size; line++)
			this.pixels.fill(fill, line * this.width + from, line * this.width + to);
		if (STRIPED.has(look))
			this.stripes(look, from, to, y, size);
	}

	// Slanted lines that move with the time axis.
	stripes(look, from, to, y, size) {
		const colour = this.colours.stripe[look], period = Math.round(6 * this.ratio), width = Math.round(1.5 * this.ratio);
		const slope = look === STOPPED ? 0 : 1;
		for (let line = y; line < y + size; line++) {
			let at = ((from + this.phase + slope * line) % period + period) % period;
			for (let x = from; x < to; x++) {
				if (at < width)
					this.pixels[line * this.width + x] = colour;
				at = at + 1 === period ? 0 : at + 1;
			}
		}
	}
}
