// SPDX-License-Identifier: GPL-2.0-only
// Colours come from the style sheet, which alone decides about light, dark and print.

import { T } from "./lang.js";
import { LOOKS } from "./words.js";

const NAMES = ["paper", "card", "ink", "muted", "line", "accent", "selected", "orphan", "wake", "grid", "lost"];

export const byId = id => document.getElementById(id);

// Creates an element. Content is appended as text nodes or elements, never parsed as HTML.
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

// "#rrggbb" as a number whose bytes in memory are red, green, blue, alpha, as a canvas has them.
function packed(colour) {
	const n = parseInt(colour.slice(1, 7), 16);
	const [red, green, blue] = [n >> 16, n >> 8 & 255, n & 255];
	return new Uint32Array(new Uint8Array([red, green, blue, 255]).buffer)[0];
}

export function readColours() {
	const style = getComputedStyle(document.documentElement);
	const colour = name => style.getPropertyValue(`--${name}`).trim();
	const colours = {bars: {}, on: {}};
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

// "auto" follows the system. The choice is stored where the browser lets a file store one.
export function startTheme(button, changed) {
	const choices = ["auto", "light", "dark"];
	let choice = "auto";
	try {
		choice = localStorage.getItem("procwatch-theme") ?? "auto";
	} catch {
		// The browser lets this page store nothing: it stays "auto".
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
			// The browser lets this page store nothing.
		}
		apply();
	});
	matchMedia("(prefers-color-scheme: dark)").addEventListener("change", apply);
	if (!choices.includes(choice))
		choice = "auto";
	apply();
}
