// SPDX-License-Identifier: GPL-2.0-only
#include "report/perfetto/threads.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "report/perfetto/bundle.h"
#include "report/perfetto/cursor.h"
#include "report/perfetto/tracks.h"

/* A heap: the one whose change comes next is first. */
struct sweep {
	const struct pw_view_filter *filter;
	struct pw_trace *trace;
	struct pw_bundles bundles;
	struct pw_cursor *at;
	size_t count;
	uint64_t unseen; /* tracks of what no scheduling event can tell */
};

/* Seen to run, or proven to have run: it is the same stint. */
static bool on_same_cpu(const struct pw_cursor *c)
{
	return pw_span_on_cpu(&c->was) && pw_span_on_cpu(&c->is) && c->was.cpu == c->is.cpu;
}

/* ---- the heap */

/* At one moment who leaves a CPU comes first: who takes it is told together with him. */
static bool is_before(const struct pw_cursor *a, const struct pw_cursor *b)
{
	const bool a_leaves = a->had && pw_span_on_cpu(&a->was), b_leaves = b->had && pw_span_on_cpu(&b->was);

	if (a->at != b->at)
		return a->at < b->at;
	if (a_leaves != b_leaves)
		return a_leaves;
	return a->thread->start != b->thread->start ? a->thread->start < b->thread->start : a->tid < b->tid;
}

static void sink(struct sweep *s, size_t i)
{
	const struct pw_cursor moving = s->at[i];

	for (size_t child; (child = 2 * i + 1) < s->count; i = child) {
		if (child + 1 < s->count && is_before(&s->at[child + 1], &s->at[child]))
			child++;
		if (!is_before(&s->at[child], &moving))
			break;
		s->at[i] = s->at[child];
	}
	s->at[i] = moving;
}

static int gather(struct sweep *s, const struct pw_model *model)
{
	size_t room = 1;

	for (size_t i = 0; i < s->filter->n_processes; i++)
		room += pw_model_process(model, s->filter->processes[i])->n_threads;
	s->at = malloc(room * sizeof(*s->at));
	if (!s->at)
		return -ENOMEM;
	for (size_t i = 0; i < s->filter->n_processes; i++) {
		const struct pw_process *process = pw_model_process(model, s->filter->processes[i]);

		for (const struct pw_thread *t = process->threads; t && s->count < room; t = t->next)
			s->count += pw_cursor_begin(&s->at[s->count], s->filter, i, process, t);
	}
	for (size_t i = s->count / 2; i-- > 0;)
		sink(s, i);
	return 0;
}

/* ---- states in Perfetto's words */

/* What the tracepoint prints for the state a task leaves its CPU in: TASK_REPORT's bits, since 4.14. */
static uint32_t printed_state(const struct pw_cursor *c)
{
	static const uint32_t details[] = {
		[PW_TAKEN_OFF] = 0x100, [PW_INTERRUPTIBLE] = 0x1, [PW_UNINTERRUPTIBLE] = 0x2,
		[PW_IDLE] = 0x80,	[PW_PARKED] = 0x40,	  [PW_SIGNALLED] = 0x4,
		[PW_TRACED] = 0x8,	[PW_REPAIRED] = 0,
	};
	/* No state at all to the importer, which shows it as "Unknown". */
	const uint32_t unknown = 0x8000;

	if (!c->has)
		return 0x10; /* EXIT_DEAD */
	if (c->is.state == PW_ZOMBIE)
		return 0x20;
	if (c->is.state == PW_UNKNOWN || (c->is.state == PW_RUNNING && !pw_span_on_cpu(&c->is)))
		return unknown;
	return details[c->is.detail];
}

/* TaskStateEnum; 0: it has no word for it. */
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

/* A state that is entered without leaving a CPU, which no event of the scheduler's tells. */
static void tell_state(struct sweep *s, const struct pw_cursor *c)
{
	const unsigned int state = c->has ? task_state(&c->is) : 0;

	if (state)
		pw_trace_task_state(s->trace, c->at, c->tid, state);
}

/* ---- one change */

/* Told just before it ends, as the kernel does, so that it surely belongs to it. */
static void tell_reason(struct sweep *s, const struct pw_cursor *c)
{
	const uint64_t ts = c->was.to - (c->was.to - c->was.from > 1);

	if (c->had && c->was.state == PW_BLOCKED && c->was.syscall >= 0)
		pw_bundle_blocked_in(&s->bundles, c, ts, c->was.syscall);
}

static bool is_wakeup(const struct pw_cursor *c)
{
	return c->has && c->is.state == PW_READY && c->is.detail == PW_WOKEN && c->is.by != PW_NO_WAKER;
}

static void describe_unseen(struct sweep *s, const struct pw_cursor *c)
{
	char name[64];

	snprintf(name, sizeof(name), "not seen, thread %" PRIu32, c->tid);
	pw_track_describe(s->trace, c->at, c->unseen, pw_track_process(c->rank), name);
}

/* Lost stretches, and runs on a CPU nobody knows. */
static void tell_unseen(struct sweep *s, struct pw_cursor *c)
{
	if (!c->has || (c->is.state != PW_UNKNOWN && (c->is.state != PW_RUNNING || pw_span_on_cpu(&c->is))))
		return;
	if (!c->unseen) {
		c->unseen = pw_track_unseen(++s->unseen);
		describe_unseen(s, c);
	}
	pw_track_slice(s->trace, c->unseen, &c->is,
		       c->is.state == PW_UNKNOWN ? PW_NAME_UNKNOWN : PW_NAME_NO_CPU);
}

/* The names the process had until then. */
static void tell_names(struct sweep *s, struct pw_cursor *c, uint64_t until)
{
	const struct pw_process *process = c->process;

	for (; c->thread == process->threads && c->named < process->n_names; c->named++) {
		const struct pw_name *name = &process->names[c->named];

		if (name->at > until)
			return;
		pw_bundle_rename(&s->bundles, c, name->at > s->filter->from ? name->at : s->filter->from,
				 name->comm);
	}
}

/* How it came by the state it is in now, whose last one it left its CPU with, or not. */
static void tell_entry(struct sweep *s, struct pw_cursor *c, bool left)
{
	if (c->has && pw_span_on_cpu(&c->is)) {
		c->cpu = c->is.cpu;
		pw_bundle_on(&s->bundles, c);
	} else if (!left && is_wakeup(c)) {
		pw_bundle_waking(&s->bundles, c, c->is.by == PW_IRQ_WAKER ? 0 : c->is.by);
	} else if (!left) {
		tell_state(s, c);
	} else if (!c->has) {
		pw_bundle_free(&s->bundles, c);
	}
}

static void tell_change(struct sweep *s, struct pw_cursor *c)
{
	bool left = false;

	tell_names(s, c, c->at);
	if (c->had && c->has && (on_same_cpu(c) || (c->was.state == PW_ZOMBIE && c->is.state == PW_ZOMBIE)))
		return;
	tell_reason(s, c);
	if (c->had && pw_span_on_cpu(&c->was))
		left = pw_bundle_off(&s->bundles, c, printed_state(c));
	tell_entry(s, c, left);
	tell_unseen(s, c);
}

int pw_trace_threads(struct pw_trace *trace, const struct pw_report *r, const struct pw_view_filter *filter,
		     uint64_t end)
{
	struct sweep s = {.filter = filter, .trace = trace};
	int err = gather(&s, r->model), ended;

	pw_bundles_begin(&s.bundles, trace, r->model);
	while (!err && s.count && !ferror_unlocked(trace->out)) {
		struct pw_cursor *first = &s.at[0];

		tell_change(&s, first);
		if (!pw_cursor_next(first, filter)) {
			tell_reason(&s, first);
			tell_names(&s, first, filter->to);
			*first = s.at[--s.count];
		}
		sink(&s, 0);
	}
	ended = pw_bundles_end(&s.bundles, end);
	free(s.at);
	return err ? err : ended;
}
