// SPDX-License-Identifier: GPL-2.0-only
// Shared by the tests: a browser, a report to open in it, and the JSON report of the same model.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync"];

export const folder = mkdtempSync(join(tmpdir(), "procwatch-web-"));
let browser = null;

export async function stop() {
	await browser?.close();
	rmSync(folder, {recursive: true, force: true});
}

// Makes a report from the stream of a golden test, or from a text of the test's own.
export function fromStream(name, text, ...options) {
	const stream = join(folder, `${name}.stream`), html = join(folder, `${name}.html`), json = join(folder, `${name}.json`);
	writeFileSync(stream, text ?? readFileSync(join(process.env.PW_ROOT, "tests/golden", `${name}.stream`)));
	execFileSync("./stream_report", [stream, html, json, ...options]);
	return {html, json: JSON.parse(readFileSync(json))};
}

export function large(processes, intervals) {
	const html = join(folder, `large-${processes}.html`), json = join(folder, `large-${processes}.json`);
	const wanted = intervals < 100000 ? [json] : [];
	const made = JSON.parse(execFileSync("./large_report", [String(processes), String(intervals), html, ...wanted]));
	return {html, ...made, json: wanted.length ? JSON.parse(readFileSync(json)) : null};
}

// Opens a report from disk. Console messages, errors, dialogs and network requests are kept in page.trouble.
export async function open(html, {hash = "", init, ...options} = {}) {
	browser ??= await chromium.launch({executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", headless: true, args: FLAGS});
	const context = await browser.newContext({viewport: {width: 1440, height: 900}, reducedMotion: "reduce", ...options});
	const page = await context.newPage();
	page.trouble = [];
	page.on("console", message => page.trouble.push(`${message.type()}: ${message.text()}`));
	page.on("pageerror", error => page.trouble.push(error.message));
	page.on("request", request => request.url().startsWith("file:") || page.trouble.push(`asked for ${request.url()}`));
	page.on("dialog", dialog => {
		page.trouble.push(`dialog: ${dialog.message()}`);
		dialog.dismiss();
	});
	if (init)
		await page.addInitScript(init);
	await page.goto(`file://${html}${hash}`);
	await page.waitForSelector("html[data-ready]", {timeout: 30000});
	return page;
}

// The view in the address, once the page has written it.
export async function link(page) {
	await page.waitForTimeout(400);
	return new URLSearchParams(new URL(page.url()).hash.slice(1));
}

export async function view(page) {
	const v = (await link(page)).get("v");
	return v ? v.split("~").map(Number) : null;
}

// The names of the rows in view, from top to bottom, once they are drawn.
export const rows = page => page.evaluate(async () => {
	await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
	return [...document.querySelectorAll("[role=treeitem]")].map(item => item.querySelector(".name").textContent);
});

// The middle of the canvas.
export async function middle(page) {
	await page.locator("#bars").scrollIntoViewIfNeeded();
	const box = await page.locator("#bars").boundingBox();
	return {x: box.x + box.width / 2, y: box.y + Math.min(box.height, 200) / 2, box};
}
