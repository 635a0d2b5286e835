// SPDX-License-Identifier: GPL-2.0-only
// The view in the address, so that a link shows what its sender saw: #v=FROM-TO&s=PID@START&q=WORDS&m=A,B&f=PID@START,...

const nameOf = process => `${process.pid}@${process.start_ns}`;

export function writeLink(app) {
	const parts = new URLSearchParams(), {view, recording, selected} = app;
	if (view.from !== app.whole.from || view.to !== app.whole.to)
		parts.set("v", `${Math.round(view.from)}~${Math.round(view.to)}`);
	if (selected)
		parts.set("s", nameOf(selected.process) + (selected.thread ? `@${selected.thread.tid}` : ""));
	if (selected && app.slice >= 0)
		parts.set("i", String(recording.trackOf(selected).at[app.slice]));
	if (app.query)
		parts.set("q", app.query);
	if (app.onlyMatches)
		parts.set("only", "1");
	if (app.marks.length)
		parts.set("m", app.marks.map(Math.round).join("~"));
	const list = test => recording.processes.filter(test).slice(0, 200).map(nameOf).join(" ");
	const folded = list(process => process.folded), open = list(process => process.open);
	if (folded)
		parts.set("f", folded);
	if (open)
		parts.set("t", open);
	const hash = `#${parts}`;
	if (hash !== location.hash && (hash !== "#" || location.hash))
		history.replaceState(null, "", hash);
}

// Whatever a link says is looked up, never believed: what is not there is passed over.
export function readLink(app) {
	const parts = new URLSearchParams(location.hash.slice(1)), {recording} = app;
	const find = name => {
		const [pid, start] = name.split("@").map(Number);
		return recording.byPid.get(pid)?.find(process => process.start_ns === start) ?? null;
	};
	const numbers = key => (parts.get(key) ?? "").split("~").map(Number).filter(n => Number.isFinite(n));
	(parts.get("f") ?? "").split(" ").map(find).forEach(process => process && (process.folded = true));
	(parts.get("t") ?? "").split(" ").map(find).forEach(process => process && (process.open = true));
	if (parts.has("q"))
		app.search(parts.get("q"), parts.get("only") === "1");
	if (parts.has("v") && numbers("v").length === 2 && numbers("v")[1] > numbers("v")[0])
		app.setView(...numbers("v"));
	if (parts.has("m"))
		app.marks = numbers("m").slice(0, 2);
	const process = parts.has("s") ? find(parts.get("s")) : null;
	if (!process)
		return;
	const tid = parts.get("s").split("@")[2];
	const thread = tid ? process.threads.find(t => String(t.tid) === tid) ?? null : null;
	app.selectLife(process, false, thread);
	if (parts.has("i"))
		app.selectSliceAt(Number(parts.get("i")));
}
