// SPDX-License-Identifier: GPL-2.0-only
// axe-core finds no violation, in light and in dark, with and without the details.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { after, test } from "node:test";
import { fromStream, open, stop } from "./browser.js";

after(stop);

const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

async function check(page, what) {
	const {violations, passes} = await page.evaluate(() => window.axe.run(document, {resultTypes: ["violations"]}));
	const found = violations.map(v => `${what}: ${v.id}: ${v.nodes.map(n => `${n.target} ${n.failureSummary}`).slice(0, 3).join(" | ")}`);
	assert.deepEqual(found, []);
	return passes.length;
}

for (const colorScheme of ["light", "dark"]) {
	test(`accessible, ${colorScheme}`, async () => {
		for (const name of ["zombie", "orphan", "threads", "many", "unreaped"]) {
			const page = await open(fromStream(name).html, {colorScheme, init: {path: axe}});
			await check(page, name);
			await page.focus("#tree");
			await page.keyboard.press("ArrowDown");
			await page.keyboard.press(".");
			await page.waitForTimeout(60);
			await check(page, `${name} with details`);
			await page.keyboard.press("?");
			await check(page, `${name} with the keys`);
			await page.context().close();
		}
	});
}
