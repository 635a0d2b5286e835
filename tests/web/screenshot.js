// SPDX-License-Identifier: GPL-2.0-only
// A picture of a page for the README: screenshot.js REPORT.html PICTURE.png

import { open, stop } from "./browser.js";

const [html, picture] = process.argv.slice(2);
try {
	const page = await open(html, {viewport: {width: 1440, height: 860}, deviceScaleFactor: 1.25});
	await page.locator("[role=treeitem]").nth(1).click();
	await page.waitForTimeout(500);
	await page.screenshot({path: picture});
} finally {
	await stop();
}
