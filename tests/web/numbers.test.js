// SPDX-License-Identifier: GPL-2.0-only
// The page shows the numbers of the JSON report of the same model.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { fromStream, large, open, stop } from "./browser.js";
import { duration, exact, printable } from "./lib/format.js";
import { LETTERS } from "./lib/words.js";

after(stop);

const NAMES = ["zombie", "orphan", "pool", "threads", "stopped", "unreaped", "lost", "chain", "daemon", "nowait", "storm", "make"];

// The cells of the table, by the heads of their columns.
const table = page => page.evaluate(() => {
	const heads = [...document.querySelectorAll("#table thead th")].map(th => th.textContent.trim());
	return [...document.querySelectorAll("#table tbody tr")].map(tr =>
		Object.fromEntries([...tr.children].map((cell, n) => [heads[n], cell.textContent])));
});

// Steps through the intervals and reads each from the details panel.
async function walk(page, limit) {
	const listed = [];
	for (let n = 0; n < limit; n++) {
		await page.keyboard.press(n ? "." : ".");
		const words = await page.$$eval("#details h3 + dl dt", (items) => items.map(dt => [dt.textContent, dt.nextSibling.textContent]));
		const facts = Object.fromEntries(words);
		if (listed.length && listed.at(-1).from === facts.from)
			break;
		listed.push(facts);
	}
	return listed;
}

test("the table has every process with its times, end and reap", async () => {
	for (const name of NAMES) {
		const {html, json} = fromStream(name);
		const page = await open(html), lines = await table(page);
		assert.equal(lines.length, Math.min(100, json.processes.length));
		lines.forEach((line, n) => {
			const p = json.processes[n];
			assert.equal(line.pid, String(p.pid));
			assert.equal(line.name, printable(p.comm ?? "?"));
			for (const state of ["running", "ready", "blocked", "zombie"])
				assert.equal(line[state].replace("≤ ", ""), p.totals_ns[state] ? duration(p.totals_ns[state]) : "–", `${name} ${p.pid} ${state}`);
			if (p.exit && p.exit.code !== null)
				assert.equal(line.ended, `exit ${p.exit.code}`);
			if (p.reap?.how === "wait" && p.zombie)
				assert.match(line.reaped, new RegExp(`by ${p.reap.by_pid} .*after (at most )?${duration(p.zombie.ns)}$`));
		});
		await page.context().close();
	}
});

test("every interval of a thread: state, times, CPU, system call, waker", async () => {
	for (const name of ["zombie", "pool", "threads"]) {
		const {html, json} = fromStream(name), process = json.processes.find(p => p.threads.length > 1) ?? json.processes[0];
		const page = await open(html), n = process.threads.length - 1, thread = process.threads[n];
		await page.fill("#query", String(process.pid));
		await page.keyboard.press("Enter");
		await page.focus("#tree");
		await page.keyboard.press("t");
		for (let down = 0; down <= n; down++)
			await page.keyboard.press("ArrowDown");
		assert.match(await page.textContent("#details h2"), new RegExp(`^Thread ${thread.tid} `));
		const listed = await walk(page, 300);
		assert.equal(listed.length, Math.min(300, thread.intervals.length));
		listed.forEach((facts, i) => {
			const span = thread.intervals[i];
			assert.equal(facts.from, exact(span.from_ns));
			assert.equal(facts.to, exact(span.to_ns));
			assert.ok(facts.state.startsWith(span.state), `${facts.state}, not ${span.state}`);
			assert.equal(facts.CPU, span.cpu === null ? undefined : String(span.cpu));
			const call = span.detail?.split(":")[1];
			if (call)
				assert.ok(facts.reason.endsWith(`in ${call}`));
			if (typeof span.by === "number")
				assert.ok(facts["woken by"].startsWith(String(span.by)));
			else
				assert.equal(facts["woken by"], span.by === "irq" ? "an interrupt" : undefined);
		});
		await page.context().close();
	}
});

test("a process of several threads is running if any thread runs: its intervals add up to its totals", async () => {
	const {html, json} = fromStream("threads");
	const page = await open(html);
	for (const process of json.processes) {
		await page.keyboard.press("Escape");
		await page.fill("#query", String(process.pid));
		await page.keyboard.press("Enter");
		await page.focus("#tree");
		const listed = await walk(page, 1000), sums = {};
		for (const facts of listed) {
			const state = facts.state.split(" ")[0], ns = text => Number(text.replace(/[^\d.]/g, "")) * 1e6;
			sums[state] = (sums[state] ?? 0) + Math.round(ns(facts.to) - ns(facts.from));
		}
		for (const [state, ns] of Object.entries(process.totals_ns))
			assert.ok(Math.abs((sums[state] ?? 0) - ns) <= listed.length, `${process.pid} ${state}: ${sums[state]}, not ${ns}`);
		await page.keyboard.press("Escape");
		await page.keyboard.press("Escape");
	}
	await page.context().close();
});

test("findings and lesson are there, word for word", async () => {
	for (const name of NAMES) {
		const {html, json} = fromStream(name);
		const page = await open(html), cards = (await page.textContent("#cards")).replace(/\s+/g, " ");
		for (const finding of json.findings.slice(0, 6))
			assert.ok(cards.includes(printable(finding.text).replace(/\s+/g, " ")), finding.text);
		for (const claim of json.lesson?.claims ?? [])
			assert.ok(cards.includes(claim.text) && cards.includes(claim.evidence), claim.id);
		await page.context().close();
	}
});

test("the canvas shows what the numbers say: each state's colour where it was", async () => {
	const {html, json} = fromStream("zombie");
	const page = await open(html);
	const zombie = json.processes.find(p => p.zombie?.ns > 0.3 * json.window.duration_ns), n = json.processes.indexOf(zombie);
	const seen = await page.evaluate(row => {
		const canvas = document.getElementById("bars"), ctx = canvas.getContext("2d");
		const style = getComputedStyle(document.documentElement), line = ctx.getImageData(0, row * 26 + 7, canvas.width, 1).data;
		const want = ["zombie", "zombie-stripe"].map(name => style.getPropertyValue(`--${name}`).trim());
		let pixels = 0;
		for (let x = 0; x < canvas.width; x++) {
			const colour = "#" + [0, 1, 2].map(c => line[4 * x + c].toString(16).padStart(2, "0")).join("");
			pixels += want.includes(colour) ? 1 : 0;
		}
		return pixels / canvas.width;
	}, n);
	const wanted = zombie.zombie.ns / (json.window.duration_ns * 1.02);
	assert.ok(Math.abs(seen - wanted) < 0.02, `${seen}, not ${wanted}`);
	assert.equal(LETTERS.zombie, "Z");
	await page.context().close();
});

test("a generated report of 100 processes", async () => {
	const {html, json} = large(100, 10000);
	const page = await open(html), lines = await table(page);
	lines.forEach((line, n) => assert.equal(line.running, duration(json.processes[n].totals_ns.running)));
	await page.context().close();
});

test("the marks of a program: all of them among the events, the near ones under the pointer, diamonds on the bar", async () => {
	const {html, json} = fromStream("marks"), page = await open(html);
	const process = json.processes.find(p => p.comm === "producer"), marks = process.threads.flatMap(t => t.marks);
	await page.fill("#query", String(process.pid));
	await page.keyboard.press("Enter");
	const listed = await page.$$eval(".events li", items => items.filter(li => li.querySelector(".sign").textContent === "◆")
		.map(li => [li.querySelector(".time").textContent, li.lastChild.textContent]));
	// JSON.parse rounds numbers past 2^53; the page has every digit.
	const value = mark => mark.value === null ? "" : mark.value > 2 ** 53 - 1 ? " 9007199254740993" : ` ${mark.value}`;
	assert.deepEqual(listed, marks.map(mark => [exact(mark.at_ns), printable(mark.name) + value(mark)]));
	const bars = await page.locator("#bars").boundingBox(), name = page.locator(`[role=treeitem][aria-selected=true]`);
	const row = await name.boundingBox(), [from, to] = [json.window.duration_ns * -0.01, json.window.duration_ns * 1.01];
	await page.mouse.move(bars.x + (marks[0].at_ns - from) / (to - from) * bars.width, row.y + row.height / 2);
	assert.match(await page.textContent("#tip"), /mark.*put 1 at /);
	await page.fill("#query", "consumer");
	await page.keyboard.press("Enter");
	const hostile = json.processes.find(p => p.comm === "consumer").threads[0].marks[0].name;
	assert.ok((await page.textContent(".events")).includes(printable(hostile)) && printable(hostile) !== hostile);
	assert.match(await page.textContent(".events"), /get -9223372036854775808/);
	assert.deepEqual(page.trouble, []);
	await page.context().close();
});
