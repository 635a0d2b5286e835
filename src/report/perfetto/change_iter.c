/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/perfetto/change_iter.h"

#include "model/questions.h"

#define FORMER_LEADERS (UINT32_C(1) << 30)
#define PID_BITS       22 /* PID_MAX_LIMIT is 2^22 */

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

/* Where the process's zombie interval begins, if the thread is its leader; 0: it has none, or an empty one. */
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

static bool zombie_span(struct pw_change_iter *it, struct pw_span *out)
{
	const uint64_t from = zombie_from(it->process, it->thread);

	if (it->zombie_done || !from)
		return false;
	it->zombie_done = true;
	*out = (struct pw_span){
		.from = from,
		.to = it->process->zombie_to ? it->process->zombie_to : pw_process_end(it->process),
		.by = PW_NO_WAKER,
		.syscall = -1,
		.cpu = PW_NO_CPU,
		.state = PW_ZOMBIE,
	};
	return true;
}

/* Cuts by time only: a track of states has no gaps, so the view's choice of states does not apply. */
static bool next_span(struct pw_change_iter *it, const struct pw_view_filter *filter, struct pw_span *out)
{
	const struct pw_view_filter times = {.from = filter->from, .to = filter->to};

	while (pw_thread_iter_next(&it->intervals, out))
		if (pw_view_filter_cut(&times, out))
			return true;
	return zombie_span(it, out) && pw_view_filter_cut(&times, out);
}

bool pw_change_iter_init(struct pw_change_iter *it, const struct pw_view_filter *filter, size_t rank,
			 const struct pw_process *process, const struct pw_thread *thread)
{
	*it = (struct pw_change_iter){
		.rank = rank,
		.process = process,
		.thread = thread,
		.tid = pw_thread_number(process, thread),
	};
	pw_thread_iter_init(&it->intervals, thread);
	it->has_after = next_span(it, filter, &it->after);
	it->at = it->after.from;
	return it->has_after;
}

bool pw_change_iter_next(struct pw_change_iter *it, const struct pw_view_filter *filter)
{
	bool from_cpu;

	it->has_before = it->has_after;
	if (!it->has_after)
		return false;
	it->before = it->after;
	it->has_after = next_span(it, filter, &it->after);
	it->at = it->has_after ? it->after.from : pw_thread_gone(it->process, it->thread, &from_cpu);
	if (!it->has_after && it->at && it->at < it->before.to)
		it->at = it->before.to;
	return it->has_after || (it->at && it->at <= filter->to);
}
