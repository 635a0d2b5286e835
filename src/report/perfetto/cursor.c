// SPDX-License-Identifier: GPL-2.0-only
#include "report/perfetto/cursor.h"

#include "model/questions.h"

#define FORMER_LEADERS (UINT32_C(1) << 30)
#define PID_BITS       22 /* PID_MAX_LIMIT */

bool pw_span_on_cpu(const struct pw_span *span)
{
	return span->state == PW_RUNNING && span->cpu < PW_TRACE_CPUS;
}

static bool is_former_leader(const struct pw_process *process, const struct pw_thread *thread)
{
	return thread != process->threads && (thread->start == process->start || thread->tid == process->pid);
}

uint32_t pw_thread_number(const struct pw_process *process, const struct pw_thread *thread)
{
	uint32_t which = 0;

	if (!is_former_leader(process, thread))
		return thread->tid;
	for (const struct pw_thread *t = process->threads; t != thread; t = t->next)
		which += is_former_leader(process, t);
	return FORMER_LEADERS | which << PID_BITS | (process->pid & ((UINT32_C(1) << PID_BITS) - 1));
}

/* Where the leader's zombie state begins, which stands for its process's; 0: it has none that lasts. */
static uint64_t zombie_from(const struct pw_process *process, const struct pw_thread *thread)
{
	uint64_t from = process->zombie_from;

	if (thread != process->threads || !from)
		return 0;
	if (thread->exit && thread->first)
		from = thread->exit;
	return process->zombie_to && process->zombie_to <= from ? 0 : from;
}

uint64_t pw_thread_gone(const struct pw_process *process, const struct pw_thread *thread, bool *from_cpu)
{
	const struct pw_block *block = thread->last;
	const struct pw_interval *last = block && block->count ? &block->at[block->count - 1] : NULL;

	*from_cpu = false;
	if (zombie_from(process, thread))
		return process->zombie_to;
	*from_cpu = last && last->state == PW_RUNNING && last->cpu < PW_TRACE_CPUS;
	return thread->exit;
}

static bool zombie_span(struct pw_cursor *c, struct pw_span *out)
{
	const uint64_t from = zombie_from(c->process, c->thread);

	if (c->zombie_told || !from)
		return false;
	c->zombie_told = true;
	*out = (struct pw_span){
		.from = from,
		.to = c->process->zombie_to ? c->process->zombie_to : pw_process_end(c->process),
		.by = PW_NO_WAKER,
		.syscall = -1,
		.cpu = PW_NO_CPU,
		.state = PW_ZOMBIE,
	};
	return true;
}

/* A state track has no holes: whatever the states chosen are, it shows all. */
static bool next_span(struct pw_cursor *c, const struct pw_view_filter *filter, struct pw_span *out)
{
	const struct pw_view_filter times = {.from = filter->from, .to = filter->to};

	while (pw_thread_iter_next(&c->it, out))
		if (pw_view_filter_cut(&times, out))
			return true;
	return zombie_span(c, out) && pw_view_filter_cut(&times, out);
}

bool pw_cursor_begin(struct pw_cursor *c, const struct pw_view_filter *filter, size_t rank,
		     const struct pw_process *process, const struct pw_thread *thread)
{
	*c = (struct pw_cursor){
		.rank = rank,
		.process = process,
		.thread = thread,
		.tid = pw_thread_number(process, thread),
	};
	pw_thread_iter_init(&c->it, thread);
	c->has = next_span(c, filter, &c->is);
	c->at = c->is.from;
	return c->has;
}

bool pw_cursor_next(struct pw_cursor *c, const struct pw_view_filter *filter)
{
	bool from_cpu;

	c->had = c->has;
	if (!c->has)
		return false;
	c->was = c->is;
	c->has = next_span(c, filter, &c->is);
	c->at = c->has ? c->is.from : pw_thread_gone(c->process, c->thread, &from_cpu);
	if (!c->has && c->at && c->at < c->was.to)
		c->at = c->was.to;
	return c->has || (c->at && c->at <= filter->to);
}
