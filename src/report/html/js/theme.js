// SPDX-License-Identifier: GPL-2.0-only
// Colours come from the style sheet, so that light, dark and print are decided in one place.

import { T } from "./lang.js";
import { LOOKS } from "./words.js";

const NAMES = ["paper", "card", "ink", "muted", "line", "accent", "selected", "orphan", "wake", "grid", "lost"];

// The elements a page is made of; text only ever enters as text.
export function make(tag, attributes = {}, ...content) {
	const element = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (name.startsWith("on"))
			element.addEventListener(name.slice(2), value);
		else if (value === true)
			element.setAttribute(name, "");
		else if (value !== false && value !== null && value !== undefined)
			element.setAttribute(name, value);
	}
	element.append(...content.filter(c => c !== null && c !== undefined));
	return element;
}

// "#rrggbb" as the bytes of a canvas, which are red, green, blue, alpha in memory.
function packed(colour) {
	const n = parseInt(colour.slice(1, 7), 16);
	const [red, green, blue] = [n >> 16, n >> 8 & 255, n & 255];
	return new Uint32Array(new Uint8Array([red, green, blue, 255]).buffer)[0];
}

export function readColours() {
	const style = getComputedStyle(document.documentElement);
	const colour = name => style.getPropertyValue(`--${name}`).trim();
	const colours = {bars: {}, marks: [], stripes: [], on: {}};
	for (const name of NAMES)
		colours[name] = colour(name);
	for (const look of LOOKS) {
		colours.bars[look] = colour(look) || colours.card;
		colours.on[look] = colour(`on-${look}`) || colours.ink;
	}
	colours.fill = Uint32Array.from(LOOKS, look => packed(colours.bars[look]));
	colours.stripe = Uint32Array.from(LOOKS, look => packed(colour(`${look}-stripe`) || colours.bars[look]));
	colours.packed = Object.fromEntries(["card", "selected", "grid", "lost", "line"].map(n => [n, packed(colours[n])]));
	return colours;
}

// auto follows the system; the choice is kept where the browser allows a file to keep one.
export function startTheme(button, changed) {
	const choices = ["auto", "light", "dark"];
	let choice = "auto";
	try {
		choice = localStorage.getItem("procwatch-theme") ?? "auto";
	} catch {
		// Opened from a place that may keep nothing: auto it is.
	}
	const apply = () => {
		document.documentElement.dataset.theme = choice;
		button.textContent = {auto: T("Theme: auto"), light: T("Theme: light"), dark: T("Theme: dark")}[choice];
		changed();
	};
	button.addEventListener("click", () => {
		choice = choices[(choices.indexOf(choice) + 1) % choices.length];
		try {
			localStorage.setItem("procwatch-theme", choice);
		} catch {
			// As above.
		}
		apply();
	});
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
	if (!choices.includes(choice))
		choice = "auto";
	apply();
}
