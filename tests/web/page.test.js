// SPDX-License-Identifier: GPL-2.0-only
// Everything docs/html.md promises works by mouse and by keyboard.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fromStream, link, middle, open, rows, stop, view } from "./browser.js";

after(stop);

test("opens from disk without a word on the console, and asks no network", async () => {
	for (const name of ["zombie", "orphan", "threads", "lost", "stopped", "unreaped", "empty", "names", "many", "marks"]) {
		const page = await open(fromStream(name).html);
		await page.waitForTimeout(100);
		assert.deepEqual(page.trouble, [], name);
		await page.context().close();
	}
});

test("the wheel zooms at the pointer, dragging pans, F fits", async () => {
	const page = await open(fromStream("pool").html);
	const {x, y, box} = await middle(page);
	await page.mouse.move(box.x + box.width / 4, y);
	await page.mouse.wheel(0, -400);
	const zoomed = await view(page);
	const whole = await page.evaluate(() => document.getElementById("span").textContent);
	assert.ok(zoomed, "the view changed");
	const span = zoomed[1] - zoomed[0];
	await page.mouse.move(x, y);
	await page.mouse.down();
	await page.mouse.move(x - 100, y, {steps: 4});
	await page.mouse.up();
	const panned = await view(page);
	assert.ok(Math.abs(panned[1] - panned[0] - span) <= 2, "panning keeps the width");
	assert.ok(Math.abs(panned[0] - zoomed[0] - span * 100 / box.width) < span * 0.01, "it follows the pointer");
	await page.keyboard.press("f");
	assert.equal(await view(page), null);
	assert.notEqual(await page.textContent("#span"), whole);
	await page.context().close();
});

test("the point under the pointer stays where it is", async () => {
	const page = await open(fromStream("zombie").html);
	const {box, y} = await middle(page), at = 0.7;
	const before = await page.evaluate(() => document.getElementById("bars").clientWidth);
	await page.mouse.move(box.x + before * at, y);
	await page.mouse.wheel(0, -300);
	const one = await view(page);
	await page.mouse.wheel(0, -300);
	const two = await view(page);
	const moment = v => v[0] + (v[1] - v[0]) * at;
	assert.ok(Math.abs(moment(one) - moment(two)) < (one[1] - one[0]) * 0.01);
	await page.context().close();
});

test("by keyboard alone: rows, intervals, zoom, marks, folding, help", async () => {
	const page = await open(fromStream("pool").html);
	const all = await rows(page);
	await page.focus("#tree");
	await page.keyboard.press("ArrowDown");
	assert.equal(await page.getAttribute("[role=treeitem][aria-selected=true]", "aria-posinset"), "1");
	assert.ok(await page.getAttribute("#tree", "aria-activedescendant"));
	assert.ok(await page.isVisible("#details"));
	await page.keyboard.press("ArrowLeft");
	assert.equal((await rows(page)).length, 1, "folded");
	assert.ok((await link(page)).has("f"));
	await page.keyboard.press("ArrowRight");
	assert.deepEqual(await rows(page), all, "unfolded");
	await page.keyboard.press(".");
	const first = await page.textContent("#status");
	await page.keyboard.press(".");
	const second = await page.textContent("#status");
	assert.notEqual(first, second);
	await page.keyboard.press(",");
	assert.equal(await page.textContent("#status"), first);
	await page.keyboard.press("m");
	await page.keyboard.press(".");
	await page.keyboard.press("m");
	assert.match(await page.textContent("#status"), /^Δt /);
	await page.keyboard.press("w");
	const near = await view(page);
	await page.keyboard.press("d");
	const later = await view(page);
	assert.ok(later[0] > near[0]);
	await page.keyboard.press("s");
	const far = await view(page);
	assert.ok(!far || far[1] - far[0] > later[1] - later[0]);
	await page.keyboard.press("?");
	assert.ok(await page.isVisible("#help"));
	await page.keyboard.press("Escape");
	assert.ok(!await page.isVisible("#help"));
	await page.keyboard.press("Escape");
	await page.keyboard.press("Escape");
	await page.keyboard.press("Escape");
	assert.ok(!await page.isVisible("#details"));
	assert.deepEqual(page.trouble, []);
	await page.context().close();
});

test("Tab reaches every tool, and nothing keeps the focus", async () => {
	const page = await open(fromStream("zombie").html);
	const seen = new Set();
	for (let n = 0; n < 40; n++) {
		await page.keyboard.press("Tab");
		seen.add(await page.evaluate(() => document.activeElement.id || document.activeElement.textContent));
	}
	for (const id of ["theme", "show-help", "query", "only", "arrows", "zoom-in", "zoom-out", "fit", "tree"])
		assert.ok(seen.has(id), id);
	await page.context().close();
});

test("finds by name, pid and state", async () => {
	const {html, json} = fromStream("pool");
	const page = await open(html), {processes} = json;
	const count = async words => {
		await page.fill("#query", words);
		return parseInt(await page.textContent("#found"), 10);
	};
	assert.equal(await count(String(processes[1].pid)), processes.filter(p => p.pid === processes[1].pid ||
		p.threads.some(t => t.tid === processes[1].pid)).length);
	assert.equal(await count("zombie"), processes.filter(p => p.totals_ns.zombie > 0 || p.comm.includes("zombie")).length);
	assert.equal(await count("no such name"), 0);
	await page.fill("#query", "");
	await page.focus("#tree");
	await page.keyboard.press("/");
	await page.keyboard.type(String(processes[2].pid));
	await page.keyboard.press("Enter");
	assert.match(await page.textContent("#details h2"), new RegExp(`^${processes[2].pid} `));
	await page.context().close();
});

test("threads are there on demand", async () => {
	const {html, json} = fromStream("threads");
	const page = await open(html), many = json.processes.find(p => p.threads.length > 1);
	const before = (await rows(page)).length;
	await page.fill("#query", String(many.pid));
	await page.keyboard.press("Enter");
	await page.focus("#tree");
	await page.keyboard.press("t");
	assert.equal((await rows(page)).length, before + many.threads.length);
	await page.context().close();
});

test("a link shows what its sender saw", async () => {
	const {html} = fromStream("zombie");
	const page = await open(html), {x, y} = await middle(page);
	await page.mouse.move(x, y);
	await page.mouse.wheel(0, -500);
	await page.mouse.click(x, y);
	await page.keyboard.press("m");
	await page.fill("#query", "child");
	const sent = await link(page), title = await page.textContent("#details h2");
	const other = await open(html, {hash: `#${sent}`});
	assert.deepEqual([...await link(other)], [...sent]);
	assert.equal(await other.textContent("#details h2"), title);
	const odd = await open(html, {hash: "#v=NaN~5&s=1@2@3&f=x y&m=~&i=zz&q=%3Cimg%3E"});
	assert.deepEqual(odd.trouble, []);
	for (const p of [page, other, odd])
		await p.context().close();
});

test("light, dark, print and few columns leave no error", async () => {
	const {html} = fromStream("orphan");
	for (const options of [{colorScheme: "dark"}, {colorScheme: "light"}, {viewport: {width: 420, height: 800}}, {deviceScaleFactor: 2.5}]) {
		const page = await open(html, options);
		await page.click("#theme");
		const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
		assert.ok(wide <= 0, `${wide} pixels beyond the window`);
		await page.pdf();
		assert.deepEqual(page.trouble, []);
		await page.context().close();
	}
});

test("the view options: a window, threads open, an order, states left out", async () => {
	const whole = await open(fromStream("threads").html);
	const part = fromStream("threads", undefined, "since=100", "until=200", "threads=1");
	const page = await open(part.html);
	assert.deepEqual(page.trouble, []);
	assert.match(await page.textContent("#subtitle"), /shown: 100 ms to 200 ms/);
	assert.equal(await page.textContent("#span"), "102 ms", "the window, and a margin");
	assert.ok((await rows(page)).length > (await rows(whole)).length, "threads are open");
	const text = await page.evaluate(() => document.getElementById("table").textContent);
	assert.equal(text, await whole.evaluate(() => document.getElementById("table").textContent), "totals are of whole processes");
	await page.context().close();
	await whole.context().close();

	const few = await open(fromStream("pool", undefined, "sort=4", "top=3", "states=1").html);
	assert.deepEqual(few.trouble, []);
	assert.match(await few.textContent("#subtitle"), /the first 3 of 5 processes by cpu; running/);
	assert.deepEqual(await rows(few), ["worker-4", "worker-3", "worker-2"]);
	await few.context().close();
});
