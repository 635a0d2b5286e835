// SPDX-License-Identifier: GPL-2.0-only
// Decodes the blocks of data in the page into arrays. src/report/html/columns.h describes the columns.

function fromBase64(text) {
	if (Uint8Array.fromBase64)
		return Uint8Array.fromBase64(text);
	return Uint8Array.from(atob(text), c => c.charCodeAt(0));
}

async function unpack(id) {
	const block = document.getElementById(id);
	const packed = new Blob([fromBase64(block.textContent)]);
	block.remove(); // megabytes of text that are not needed any more
	const stream = packed.stream().pipeThrough(new DecompressionStream("deflate"));
	return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Returns a function that reads one LEB128 number a call. Numbers go up to 2^53, where shifts stop at 32 bits.
function numbers(bytes) {
	let at = 0;
	return () => {
		let byte = bytes[at++];
		if (byte < 0x80)
			return byte;
		let value = byte & 0x7f, scale = 128;
		do {
			byte = bytes[at++];
			value += (byte & 0x7f) * scale;
			scale *= 128;
		} while (byte >= 0x80);
		return value;
	};
}

const unzigzag = n => n % 2 ? -(n + 1) / 2 : n / 2;

export const NO_CPU = 0xffff;
export const NO_WAKER = 0, IRQ_WAKER = 1; // any other number is the tid plus two

/*
 * All intervals share one index space: interval i lasts from at[i] to at[i + 1]. Each
 * thread has one more index than intervals, which holds the end of its last interval.
 */
function decodeColumns(doc, columns) {
	const room = doc.threads.reduce((sum, thread) => sum + thread[6] + 1, 0);
	const all = {
		at: new Float64Array(room), kind: new Uint16Array(room),
		cpu: new Uint16Array(room).fill(NO_CPU), by: new Uint32Array(room),
	};
	const [nextKind, nextNs, nextCpu, nextBy] = columns.map(numbers);
	const hasCpu = doc.kinds.map(kind => kind[3]), hasBy = doc.kinds.map(kind => kind[4]);
	let i = 0, waker = 0;

	for (const thread of doc.threads) {
		let now = thread[5];
		for (let left = thread[6]; left > 0; left--, i++) {
			const kind = nextKind();
			all.at[i] = now;
			now += nextNs();
			all.kind[i] = kind;
			if (hasCpu[kind])
				all.cpu[i] = nextCpu();
			if (hasBy[kind]) {
				waker += unzigzag(nextBy());
				all.by[i] = waker + 1;
			}
		}
		all.at[i++] = now;
	}
	return all;
}

export async function load() {
	const [text, ...columns] = await Promise.all(
		["data-document", "data-kind", "data-ns", "data-cpu", "data-by"].map(unpack));
	const doc = JSON.parse(new TextDecoder().decode(text));
	return {doc, intervals: decodeColumns(doc, columns)};
}
