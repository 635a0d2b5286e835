// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address holds the view, so that a copied link shows what its sender saw:
 *
 *	v=FROM~TO		the times in view
 *	s=PID@START[@TID]	the selected row, and i=TIME its selected interval
 *	q=WORDS			the search, and only=1 when only matches are shown
 *	m=A~B			the cursors
 *	f=PID@START ...		the folded processes
 *	t=PID@START ...		the processes whose threads are shown
 */

const processId = process => `${process.pid}@${process.start_ns}`;

export function writeLink(app) {
	const parts = new URLSearchParams(), {view, recording, selected} = app;
	if (view.from !== app.whole.from || view.to !== app.whole.to)
		parts.set("v", `${Math.round(view.from)}~${Math.round(view.to)}`);
	if (selected)
		parts.set("s", processId(selected.process) + (selected.thread ? `@${selected.thread.tid}` : ""));
	if (selected && app.interval >= 0)
		parts.set("i", String(recording.trackOf(selected).at[app.interval]));
	if (app.query)
		parts.set("q", app.query);
	if (app.onlyMatches)
		parts.set("only", "1");
	if (app.cursors.length)
		parts.set("m", app.cursors.map(Math.round).join("~"));
	const list = test => recording.processes.filter(test).slice(0, 200).map(processId).join(" ");
	const folded = list(process => process.folded), open = list(process => process.open);
	if (folded)
		parts.set("f", folded);
	if (open)
		parts.set("t", open);
	const hash = `#${parts}`;
	if (hash !== location.hash && (hash !== "#" || location.hash))
		history.replaceState(null, "", hash);
}

// A link is untrusted: what it names is looked up, and what is not found is ignored.
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
		app.cursors = numbers("m").slice(0, 2);
	const process = parts.has("s") ? find(parts.get("s")) : null;
	if (!process)
		return;
	const tid = parts.get("s").split("@")[2];
	const thread = tid ? process.threads.find(t => String(t.tid) === tid) ?? null : null;
	app.selectProcess(process, false, thread);
	if (parts.has("i"))
		app.selectIntervalAt(Number(parts.get("i")));
}
