// SPDX-License-Identifier: GPL-2.0-only
// Names and arguments are untrusted bytes: the page shows them, and they do no harm.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { fromStream, open, stop } from "./browser.js";

after(stop);

const EVIL = [`</script><b>`, `<img src=x onerror=alert(1)>`, `<svg/onload=alert(2)>`, `"><script>alert(3)</script>`, `{{7*7}}\${7*7}`,
	`<!--`, `]]>`, `javascript:alert(4)`, `\\x1b[31m`, `\\xff\\xfe`, `\\xe2\\x80\\xae`, `\\xe2\\x80\\xa8`, `__proto__`, `constructor`];

function stream() {
	const word = text => `"${text.replace(/"/g, "\\x22")}"`;
	const lines = ["command demo " + EVIL.map(word).join(" "), "outside 1 " + word("</script>"), "0 fork 1 10 first"];
	EVIL.forEach((evil, n) => {
		lines.push(`${n + 1} fork 10 ${20 + n} ${word(evil.slice(0, 15))}`, `${n + 1} on 0 ${20 + n}`,
			`${n + 1}.2 exec ${20 + n} /bin/x ${word(evil)}`, `${n + 1}.3 rename ${20 + n} ${word(evil.slice(0, 15))}`,
			`${n + 1}.4 exit ${20 + n} 1`, `${n + 1}.5 notice ${20 + n} 10`, `${n + 1}.6 die ${20 + n} zombie`);
	});
	return [...lines, "40 end"].join("\n") + "\n";
}

test("hostile names and arguments", async () => {
	const {html, json} = fromStream("evil", stream());
	const page = await open(html);
	for (const process of json.processes.slice(1)) {
		await page.fill("#query", String(process.pid));
		await page.keyboard.press("Enter");
		await page.waitForTimeout(20);
	}
	await page.fill("#query", "<img");
	await page.mouse.move(900, 700);
	assert.deepEqual(page.trouble, []);
	assert.equal(await page.evaluate(() => document.querySelectorAll("img, svg, iframe, b, #page script").length), 0);
	const cells = await page.$$eval("#tree .name", items => items.map(item => item.textContent));
	for (const evil of ["</script><b>", "<img src=x oner", "__proto__", "\\u{1b}[31m", "\\u{202e}"])
		assert.ok(cells.includes(evil), evil);
	await page.context().close();
});

test("no byte from outside stands in the file as it is", () => {
	const {html} = fromStream("evil2", stream()), file = readFileSync(html, "latin1");
	for (const evil of ["onerror", "alert(", "onload="])
		assert.ok(!file.includes(evil), evil);
	assert.equal(file.match(/<script/g).length, file.match(/<\/script/g).length);
});

test("the policy allows nothing but the page's own script and style", async () => {
	const page = await open(fromStream("zombie").html);
	const policy = await page.getAttribute("meta[http-equiv=Content-Security-Policy]", "content");
	assert.match(policy, /^default-src 'none'; script-src 'sha256-[\w+/=]+'; style-src 'sha256-[\w+/=]+'; base-uri 'none'; form-action 'none'$/);
	const ran = await page.evaluate(async () => {
		const script = document.createElement("script");
		script.textContent = "window.ran = true";
		document.body.append(script);
		await new Promise(done => setTimeout(done, 50));
		return window.ran === true;
	});
	assert.equal(ran, false);
	await page.context().close();
});
