// SPDX-License-Identifier: GPL-2.0-only
// Formats numbers, times and names for people.

import { Tn } from "./lang.js";

const UNITS = [[1e3, "µs"], [1e6, "ms"], [1e9, "s"]];

// "16m40s": two units of the clock, for durations from 1000 s on.
function clockForm(ns) {
	for (const [unit, part, names] of [[86400, 3600, "dh"], [3600, 60, "hm"], [60, 1, "ms"]]) {
		const parts = Math.round(ns / 1e9 / part), per = unit / part;
		if (parts >= per || unit === 60)
			return `${Math.floor(parts / per)}${names[0]}${String(parts % per).padStart(2, "0")}${names[1]}`;
	}
	return "";
}

// Three significant digits, never finer than a nanosecond, as in the text report: "12.3 µs".
export function duration(ns) {
	if (ns === 0)
		return "0";
	for (const [unit, name] of UNITS) {
		for (let digits = 3; digits >= 0; digits--) {
			const n = Math.round(ns / unit * 10 ** digits);
			if (n < 1000)
				return `${(n / 10 ** digits).toFixed(digits)} ${name}`;
		}
	}
	return clockForm(ns);
}

// Groups digits by three from 10 000 on, so that pids and counts of four digits look alike.
export function count(n) {
	const text = String(n);
	return text.length < 5 ? text : text.replace(/\B(?=(\d{3})+$)/g, "\u202f");
}

// "1 event", "2 events": texts in which the number is {0}.
export function plural(n, one, more, ...values) {
	return Tn(n, one, more, count(n), ...values);
}

// A time in milliseconds with all its nanoseconds: "501.234 567 ms".
export function exact(ns) {
	const whole = Math.trunc(Math.abs(ns) / 1e6), rest = Math.round(Math.abs(ns) - whole * 1e6);
	const digits = String(rest).padStart(6, "0");
	return `${ns < 0 ? "−" : ""}${count(whole)}.${digits.slice(0, 3)}\u202f${digits.slice(3)} ms`;
}

// Names and arguments are untrusted: characters that would move or hide their neighbours become their numbers.
export function printable(text) {
	return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
		c => `\\u{${c.codePointAt(0).toString(16)}}`);
}

// The step between the ticks of an axis: 1, 2 or 5 times a power of ten, and at least `room` pixels.
export function tickStep(span, pixels, room) {
	const least = span * room / pixels;
	const power = 10 ** Math.floor(Math.log10(Math.max(least, 1)));
	return [1, 2, 5, 10].map(n => n * power).find(step => step >= least) ?? 10 * power;
}

// The label of a tick, in the unit that fits the step and with as many digits as the step needs.
export function tickName(at, step) {
	const [unit, name] = UNITS.findLast(([ns]) => ns <= step) ?? [1, "ns"];
	const digits = Math.max(0, Math.ceil(-Math.log10(step / unit) - 1e-9));
	const [whole, fraction] = (Math.abs(at) / unit).toFixed(digits).split(".");
	return `${at < 0 ? "−" : ""}${count(whole)}${fraction ? "." + fraction : ""} ${name}`;
}
