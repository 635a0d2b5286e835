/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/perfetto/threads.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/perfetto/bundle.h"
#include "report/perfetto/change_iter.h"
#include "report/perfetto/tracks.h"
#include "util/heap.h"

struct change_merge {
	const struct pw_view_filter *filter;
	struct pw_trace *trace;
	struct pw_bundles bundles;
	/* One iterator for each thread; the heap orders them by their next change. */
	struct pw_change_iter *iters;
	struct pw_heap heap;
	/* How many tracks were made for what no scheduling event can show. */
	uint64_t unseen_tracks;
};

/* ---- the heap */

static bool leaves_cpu(const struct pw_change_iter *it)
{
	return it->has_before && pw_span_on_cpu(&it->before);
}

/* On equal times a switch-out comes first, so that it and the switch-in become one sched_switch. */
static bool is_before(const void *context, uint32_t a, uint32_t b)
{
	const struct pw_change_iter *iters = context, *x = &iters[a], *y = &iters[b];

	if (x->at != y->at)
		return x->at < y->at;
	if (leaves_cpu(x) != leaves_cpu(y))
		return leaves_cpu(x);
	if (x->thread->start != y->thread->start)
		return x->thread->start < y->thread->start;
	return x->tid < y->tid;
}

static int init_iters(struct change_merge *m, const struct pw_model *model)
{
	size_t room = 0;
	uint32_t n = 0;
	int err;

	for (size_t i = 0; i < m->filter->n_processes; i++)
		room += pw_model_process(model, m->filter->processes[i])->n_threads;
	m->iters = calloc(room ? room : 1, sizeof(*m->iters));
	if (!m->iters)
		return -ENOMEM;
	err = pw_heap_init(&m->heap, room);
	if (err)
		return err;
	for (size_t i = 0; i < m->filter->n_processes; i++) {
		const struct pw_process *process = pw_model_process(model, m->filter->processes[i]);

		for (const struct pw_thread *t = process->threads; t && n < room; t = t->next)
			if (pw_change_iter_init(&m->iters[n], m->filter, i, process, t))
				pw_heap_add(&m->heap, n++);
	}
	pw_heap_build(&m->heap, is_before, m->iters);
	return 0;
}

/* ---- states as Perfetto encodes them */

/* The state in which a task leaves its CPU, as sched_switch prints it: the bits of TASK_REPORT since 4.14. */
static uint32_t printed_state(const struct pw_change_iter *it)
{
	static const uint32_t details[] = {
		[PW_TAKEN_OFF] = 0x100, [PW_INTERRUPTIBLE] = 0x1, [PW_UNINTERRUPTIBLE] = 0x2,
		[PW_IDLE] = 0x80,	[PW_PARKED] = 0x40,	  [PW_SIGNALLED] = 0x4,
		[PW_TRACED] = 0x8,	[PW_REPAIRED] = 0,
	};
	/* The importer knows no such state and shows "Unknown". */
	const uint32_t unknown = 0x8000;

	if (!it->has_after)
		return 0x10; /* EXIT_DEAD */
	if (it->after.state == PW_ZOMBIE)
		return 0x20;
	if (it->after.state == PW_UNKNOWN || (it->after.state == PW_RUNNING && !pw_span_on_cpu(&it->after)))
		return unknown;
	return details[it->after.detail];
}

/* The state as a TaskStateEnum; 0: that enum has no value for it. */
static unsigned int task_state(const struct pw_span *span)
{
	switch (span->state) {
	case PW_READY:
		return TASK_RUNNABLE;
	case PW_BLOCKED:
		return span->detail == PW_INTERRUPTIBLE ? TASK_INTERRUPTIBLE : TASK_UNINTERRUPTIBLE;
	case PW_STOPPED:
		return TASK_STOPPED;
	case PW_ZOMBIE:
		return TASK_DEAD;
	default:
		return 0;
	}
}

/* Writes a state the thread entered off a CPU, for which the scheduler has no event. */
static void write_task_state(struct change_merge *m, const struct pw_change_iter *it)
{
	const unsigned int state = it->has_after ? task_state(&it->after) : 0;

	if (state)
		pw_trace_task_state(m->trace, it->at, it->tid, state);
}

/* ---- one change */

/* The kernel writes the reason just before the sleep ends; so the importer assigns it to that sleep. */
static void write_blocked_reason(struct change_merge *m, const struct pw_change_iter *it)
{
	const struct pw_span *sleep = &it->before;
	const uint64_t ts = sleep->to - (sleep->to - sleep->from > 1);

	if (it->has_before && sleep->state == PW_BLOCKED && sleep->syscall >= 0)
		pw_bundle_blocked_in(&m->bundles, it, ts, sleep->syscall);
}

static bool is_wakeup(const struct pw_change_iter *it)
{
	return it->has_after && it->after.state == PW_READY && it->after.detail == PW_WOKEN &&
	       it->after.by != PW_NO_WAKER;
}

static void describe_unseen_track(struct change_merge *m, const struct pw_change_iter *it)
{
	char name[64];

	snprintf(name, sizeof(name), "not observed, thread %" PRIu32, it->tid);
	pw_track_describe(m->trace, it->at, it->unseen_track, pw_track_process(it->rank), name);
}

/* Writes intervals no scheduling event can show: unknown ones, and runs on an unknown CPU. */
static void write_unseen(struct change_merge *m, struct pw_change_iter *it)
{
	const bool unknown = it->has_after && it->after.state == PW_UNKNOWN;
	const bool no_cpu = it->has_after && it->after.state == PW_RUNNING && !pw_span_on_cpu(&it->after);

	if (!unknown && !no_cpu)
		return;
	if (!it->unseen_track) {
		it->unseen_track = pw_track_unseen(++m->unseen_tracks);
		describe_unseen_track(m, it);
	}
	pw_track_slice(m->trace, it->unseen_track, &it->after, unknown ? PW_NAME_UNKNOWN : PW_NAME_NO_CPU);
}

/* Writes the names the process got until this time, with the events of its leader. */
static void write_names(struct change_merge *m, struct pw_change_iter *it, uint64_t until)
{
	const struct pw_process *process = it->process;

	if (it->thread != process->threads)
		return;
	for (; it->names_written < process->n_names; it->names_written++) {
		const struct pw_name *name = &process->names[it->names_written];

		if (name->at > until)
			return;
		pw_bundle_rename(&m->bundles, it, name->at > m->filter->from ? name->at : m->filter->from,
				 name->comm);
	}
}

/* Writes how the thread entered its state, unless its switch-out has shown that already. */
static void write_entry(struct change_merge *m, struct pw_change_iter *it, bool switched_out)
{
	if (it->has_after && pw_span_on_cpu(&it->after)) {
		it->cpu = it->after.cpu;
		pw_bundle_switch_in(&m->bundles, it);
	} else if (!switched_out && is_wakeup(it)) {
		pw_bundle_waking(&m->bundles, it, it->after.by == PW_IRQ_WAKER ? 0 : it->after.by);
	} else if (!switched_out) {
		write_task_state(m, it);
	} else if (!it->has_after) {
		pw_bundle_free(&m->bundles, it);
	}
}

/* A run that was observed and one that was repaired may adjoin, as may a leader's zombie and its process's. */
static bool is_no_change(const struct pw_change_iter *it)
{
	const struct pw_span *before = &it->before, *after = &it->after;

	if (!it->has_before || !it->has_after)
		return false;
	if (pw_span_on_cpu(before) && pw_span_on_cpu(after) && before->cpu == after->cpu)
		return true;
	return before->state == PW_ZOMBIE && after->state == PW_ZOMBIE;
}

static void write_change(struct change_merge *m, struct pw_change_iter *it)
{
	bool switched_out = false;

	write_names(m, it, it->at);
	if (is_no_change(it))
		return;
	write_blocked_reason(m, it);
	if (leaves_cpu(it))
		switched_out = pw_bundle_switch_out(&m->bundles, it, printed_state(it));
	write_entry(m, it, switched_out);
	write_unseen(m, it);
}

static void write_changes(struct change_merge *m)
{
	while (m->heap.count && !ferror_unlocked(m->trace->out)) {
		struct pw_change_iter *it = &m->iters[pw_heap_first(&m->heap)];

		write_change(m, it);
		if (pw_change_iter_next(it, m->filter)) {
			pw_heap_sink(&m->heap, 0, is_before, m->iters);
			continue;
		}
		write_blocked_reason(m, it);
		write_names(m, it, m->filter->to);
		pw_heap_pop(&m->heap, is_before, m->iters);
	}
}

int pw_trace_threads(struct pw_trace *trace, const struct pw_report *r, const struct pw_view_filter *filter,
		     uint64_t end)
{
	struct change_merge m = {.filter = filter, .trace = trace};
	int err = init_iters(&m, r->model);

	if (!err) {
		pw_bundles_init(&m.bundles, trace, r->model);
		write_changes(&m);
		err = pw_bundles_finish(&m.bundles, end);
	}
	pw_heap_free(&m.heap);
	free(m.iters);
	return err;
}
