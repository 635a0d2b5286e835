// SPDX-License-Identifier: GPL-2.0-only
// Starts the page: loads the recording, creates the App and connects the controls.

import { App } from "./app.js";
import { load } from "./data.js";
import { setLanguage, T, translatePage } from "./lang.js";
import { Recording } from "./processes.js";
import { KEYS, startKeys, startMinimap, startPointer } from "./input.js";
import { byId, make, readColours, startTheme } from "./theme.js";
import { readLink } from "./link.js";
import { showSummary } from "./summary.js";

function startTools(app) {
	byId("zoom-in").addEventListener("click", () => app.zoom(1 / 1.5));
	byId("zoom-out").addEventListener("click", () => app.zoom(1.5));
	byId("fit").addEventListener("click", () => app.fit());
	byId("show-help").addEventListener("click", () => app.help.showModal());
	byId("arrows").addEventListener("change", () => app.toggleArrows());
	byId("only").addEventListener("change", event => app.search(app.query, event.target.checked));
	byId("query").addEventListener("input", event => app.search(event.target.value));
	byId("query").addEventListener("keydown", event => {
		if (event.key === "Enter")
			app.nextMatch(event.shiftKey ? -1 : 1);
		else if (event.key === "Escape")
			app.tree.focus();
	});
	byId("keys").replaceChildren(...KEYS.flatMap(([key, what]) => [make("dt", {}, key), make("dd", {}, T(what))]));
}

function startWindow(app) {
	app.scroller.addEventListener("scroll", () => app.invalidate());
	new ResizeObserver(() => app.resize()).observe(byId("frame"));
	addEventListener("hashchange", () => readLink(app));
	// Print uses light colours, and shows more rows because paper does not scroll.
	const print = on => {
		app.printing = on;
		document.documentElement.classList.toggle("printing", on);
		app.colours = readColours();
		app.resize();
		app.draw();
	};
	addEventListener("beforeprint", () => print(true));
	addEventListener("afterprint", () => print(false));
}

async function start() {
	const loaded = await load();
	setLanguage(loaded.doc);
	translatePage();
	const app = new App(new Recording(loaded));
	startTheme(byId("theme"), () => {
		app.colours = readColours();
		app.invalidate();
	});
	showSummary(app);
	byId("loading").remove();
	byId("page").hidden = false;
	app.rebuildRows();
	app.table.draw();
	startTools(app);
	startKeys(app);
	startPointer(app, byId("bars"), app.scroller);
	startMinimap(app, app.minimap);
	startWindow(app);
	readLink(app);
	app.draw();
	document.documentElement.dataset.ready = "yes";
	setTimeout(() => {
		app.minimap.survey();
		app.invalidate();
	});
}

start().catch(error => {
	byId("loading").textContent = T("This report cannot be shown: {0}", error.message);
	throw error;
});
