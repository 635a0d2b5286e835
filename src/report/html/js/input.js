// SPDX-License-Identifier: GPL-2.0-only
// Mouse and keyboard: which key or movement calls which method of the App (app.js).

import { exact } from "./format.js";
import { factList, intervalFacts } from "./details.js";
import { msg } from "./lang.js";
import { markFacts } from "./marks.js";
import { make } from "./theme.js";

export const KEYS = [
	["W / S", msg("zoom in, out (at the pointer)")], ["A / D", msg("move to earlier, later times")], ["F", msg("fit the whole recording")],
	["↑ ↓ Home End", msg("select a row")], ["← →", msg("fold, unfold")], ["Enter", msg("zoom to the selected interval or process")],
	[", .", msg("previous, next interval of the row")], ["T", msg("threads of the row")], ["/", msg("search")], ["N / P", msg("next, previous match")],
	["M", msg("set a cursor; two cursors show Δt")], ["X", msg("show or hide arrows")], ["Esc", msg("close, clear")], ["?", msg("show this list")],
];

const ZOOM = 1.5, PAN = 0.15;

function keyActions(app) {
	return {
		w: () => app.zoom(1 / ZOOM), s: () => app.zoom(ZOOM), "+": () => app.zoom(1 / ZOOM), "-": () => app.zoom(ZOOM),
		a: () => app.pan(-PAN), d: () => app.pan(PAN), f: () => app.fit(),
		".": () => app.step(1), ",": () => app.step(-1), t: () => app.toggleThreads(), "/": () => app.focusSearch(),
		n: () => app.nextMatch(1), p: () => app.nextMatch(-1), m: () => app.setCursor(), x: () => app.toggleArrows(),
		"?": () => app.help.showModal(), escape: () => app.clear(),
	};
}

function treeActions(app) {
	return {
		arrowdown: () => app.moveRow(1), arrowup: () => app.moveRow(-1), home: () => app.moveRow(-Infinity), end: () => app.moveRow(Infinity),
		pagedown: () => app.moveRow(15), pageup: () => app.moveRow(-15),
		arrowright: () => app.unfold(), arrowleft: () => app.foldOrUp(), enter: () => app.zoomToSelected(), " ": () => app.toggleFold(app.selected?.process),
	};
}

const typing = element => element.matches("input[type=search], select, textarea");

export function startKeys(app) {
	const anywhere = keyActions(app), inTree = treeActions(app);
	document.addEventListener("keydown", event => {
		if (event.ctrlKey || event.metaKey || event.altKey || app.help.open || typing(event.target))
			return;
		const key = event.key.toLowerCase(), tree = app.tree.contains(event.target) || event.target === document.body;
		const action = anywhere[key] ?? (tree ? inTree[key] : undefined);
		if (!action)
			return;
		event.preventDefault();
		action();
	});
}

// Dragging pans in both directions; with Shift it measures.
export function startPointer(app, canvas, scroller) {
	let drag = null;
	const timeAt = event => app.timeAt(event.clientX - canvas.getBoundingClientRect().left);
	canvas.addEventListener("pointerdown", event => {
		if (event.button !== 0)
			return;
		canvas.setPointerCapture(event.pointerId);
		drag = {x: event.clientX, y: event.clientY, view: {...app.view}, top: scroller.scrollTop, moved: false,
			measure: event.shiftKey, from: timeAt(event)};
	});
	canvas.addEventListener("pointermove", event => {
		app.setPointer(event.clientX - canvas.getBoundingClientRect().left);
		if (!drag) {
			hover(app, canvas, event);
			return;
		}
		const dx = event.clientX - drag.x, dy = event.clientY - drag.y;
		drag.moved ||= Math.abs(dx) + Math.abs(dy) > 3;
		if (!drag.moved)
			return;
		hideTip(app);
		if (drag.measure) {
			app.cursors = [drag.from, timeAt(event)];
			app.invalidate();
			return;
		}
		const shift = dx / canvas.clientWidth * (drag.view.to - drag.view.from);
		app.setView(drag.view.from - shift, drag.view.to - shift);
		scroller.scrollTop = drag.top - dy;
	});
	canvas.addEventListener("pointerup", event => {
		if (drag && !drag.moved)
			app.click(event.clientY - canvas.getBoundingClientRect().top, timeAt(event));
		else if (drag?.measure)
			app.announce(`Δt ${exact(Math.abs(app.cursors[1] - app.cursors[0]))}`);
		drag = null;
	});
	canvas.addEventListener("pointercancel", () => drag = null);
	canvas.addEventListener("pointerleave", () => {
		app.setPointer(null);
		hideTip(app);
	});
	startWheel(app, canvas, scroller);
}

// The wheel zooms at the pointer, pans when it turns sideways, and scrolls the rows with Shift.
function startWheel(app, canvas, scroller) {
	canvas.addEventListener("wheel", event => {
		event.preventDefault();
		const lines = event.deltaMode === 1 ? 20 : 1;
		if (event.shiftKey)
			scroller.scrollTop += (event.deltaY || event.deltaX) * lines;
		else if (Math.abs(event.deltaX) > Math.abs(event.deltaY))
			app.pan(event.deltaX * lines / canvas.clientWidth, true);
		else
			app.zoom(Math.exp(event.deltaY * lines / 400), true);
		hideTip(app);
	}, {passive: false});
}

function hover(app, canvas, event) {
	const box = canvas.getBoundingClientRect();
	const time = app.timeAt(event.clientX - box.left), found = app.at(event.clientY - box.top, time);
	if (!found) {
		hideTip(app);
		return;
	}
	const {row, track, i} = found, {tip} = app;
	tip.replaceChildren(make("strong", {}, app.rowName(row)), factList([...intervalFacts(app, track, i),
		...markFacts(row, time, 5 * (app.view.to - app.view.from) / app.width, 3)]));
	tip.hidden = false;
	tip.style.left = `${Math.min(event.clientX + 16, innerWidth - tip.offsetWidth - 8)}px`;
	tip.style.top = `${event.clientY + 20 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 12 : event.clientY + 20}px`;
}

function hideTip(app) {
	app.tip.hidden = true;
}

// A press or drag in the minimap moves the view there.
export function startMinimap(app, minimap) {
	const {canvas} = minimap;
	const move = event => {
		if (event.buttons & 1)
			app.centre(minimap.timeAt(event.clientX - canvas.getBoundingClientRect().left));
	};
	canvas.addEventListener("pointerdown", event => {
		canvas.setPointerCapture(event.pointerId);
		move(event);
	});
	canvas.addEventListener("pointermove", move);
}
