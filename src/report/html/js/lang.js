// SPDX-License-Identifier: GPL-2.0-only
// The page's texts in the language of the report. The report carries the translations; the English text is the key.

let words = new Map();

export function setLanguage({lang, words: carried}) {
	words = new Map(Object.entries(carried));
	document.documentElement.lang = lang;
}

const fill = (text, values) => text.replace(/\{(\d)\}/g, (hole, n) => values[n] ?? hole);

// Translates a text and fills in {0}, {1}, ...
export function T(text, ...values) {
	return fill(words.get(text) ?? text, values);
}

// Translates a text about n things: `one` if n is 1, else `more`.
export function Tn(n, one, more, ...values) {
	return fill(words.get(one) ?? (n === 1 ? one : more), values);
}

// Marks a constant text for xgettext; T translates it where it is used.
export const msg = text => text;

// Translates the texts of page.html, among them those only a screen reader reads.
export function translatePage() {
	const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	while (texts.nextNode()) {
		const node = texts.currentNode, text = node.data.trim();
		if (words.has(text))
			node.data = node.data.replace(text, () => words.get(text));
	}
	for (const name of ["aria-label", "placeholder", "title"])
		for (const element of document.body.querySelectorAll(`[${name}]`))
			element.setAttribute(name, T(element.getAttribute(name)));
}
