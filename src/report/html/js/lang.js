// SPDX-License-Identifier: GPL-2.0-only
// The page's words in the language of its report, which carries them; the English text is their key.

let words = new Map();

export function speak({lang, words: carried}) {
	words = new Map(Object.entries(carried));
	document.documentElement.lang = lang;
}

const fill = (text, values) => text.replace(/\{(\d)\}/g, (hole, n) => values[n] ?? hole);

// The text, with {0}, {1}, ... filled in.
export function T(text, ...values) {
	return fill(words.get(text) ?? text, values);
}

// The same of n things, which is {0}: one text for one, another for more.
export function Tn(n, one, more, ...values) {
	return fill(words.get(one) ?? (n === 1 ? one : more), values);
}

// Marks a text that is translated where it is used, because it is a constant.
export const msg = text => text;

// What stands in the page from the beginning, told to readers of screens too.
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
