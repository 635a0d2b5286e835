// SPDX-License-Identifier: GPL-2.0-only
// The page in Chinese: all its texts, and a search in either language.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fromStream, open, rows, stop } from "./browser.js";

after(stop);

const CHINESE = "lang=1";
const OWN = /\b(procwatch|pid|exec|fork|init|Linux|CPU|UTC|wait4|systemd|demo_\w+|child|clock_nanosleep|exit)\b/g;

// The page's own texts, without the names of the recording and its claims, which are in English here.
const said = page => page.evaluate(() => {
	document.querySelectorAll(".claims, .name, #title, .link, noscript, #details dd").forEach(element => element.remove());
	const hidden = [...document.querySelectorAll("[aria-label], [placeholder], [title]")]
		.flatMap(e => [e.getAttribute("aria-label"), e.getAttribute("placeholder"), e.getAttribute("title")]);
	return [document.body.innerText, ...hidden].filter(t => t).join("\n");
});

test("every word of the page is Chinese", async () => {
	for (const name of ["zombie", "orphan", "stopped", "lost", "empty"]) {
		const page = await open(fromStream(name, null, CHINESE).html);
		assert.deepEqual(page.trouble, []);
		assert.equal(await page.getAttribute("html", "lang"), "zh-CN");
		await page.keyboard.press("?");
		const text = (await said(page)).replace(OWN, "");
		assert.match(text, /时间线/);
		assert.match(text, /滚轮在指针处缩放/);
		assert.doesNotMatch(text, /[a-z]{3,} [a-z]{2,} [a-z]{2,}/, name);
		for (const word of ["running", "blocked", "zombie", "Search", "Holds", "reaped by", "adopted", "Theme"])
			assert.ok(!text.includes(word), `${name}: ${word}`);
		await page.context().close();
	}
});

test("details and keys speak Chinese, too", async () => {
	const page = await open(fromStream("zombie", null, CHINESE).html);
	await page.focus("#tree");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("ArrowDown");
	const panel = await page.textContent("#details");
	for (const words of ["经历", "各状态时间", "属性", "由 4711 demo_zombie 创建（fork）", "退出码 7", "回收", "僵尸"])
		assert.ok(panel.includes(words), `${words}: ${panel}`);
	await page.keyboard.press(".");
	assert.match(await page.textContent("#status"), /状态 .*起点 /);
	await page.context().close();
});

test("states are found by either name", async () => {
	const page = await open(fromStream("zombie", null, CHINESE).html);
	await page.check("#only");
	for (const word of ["阻塞", "blocked"]) {
		await page.fill("#query", word);
		assert.deepEqual(await rows(page), ["demo_zombie"], word);
	}
	await page.context().close();
});

test("in English nothing of it is left", async () => {
	const page = await open(fromStream("zombie").html);
	assert.equal(await page.getAttribute("html", "lang"), "en");
	assert.doesNotMatch(await said(page), /[\u4e00-\u9fff]/);
	await page.context().close();
});
