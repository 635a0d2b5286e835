/* SPDX-License-Identifier: GPL-2.0-only */
#include "model/questions.h"

/* A zombie interval that is long. */
#define LONG_NS UINT64_C(10000000)
/* Long as well, if it is at least a hundredth of the recording. */
#define LONG_SHARE_NS UINT64_C(1000000)
/* A bound comes with the task's memory, which RCU frees up to 60 ms after the reap. */
#define LONG_BOUND_NS UINT64_C(100000000)

uint64_t pw_process_end(const struct pw_process *process)
{
	uint64_t end = process->exit_at;

	if (process->reaped)
		return process->reap_at;
	if (process->end)
		return process->end;
	for (const struct pw_thread *t = process->threads; t; t = t->next)
		if (t->end > end)
			end = t->end;
	return end;
}

bool pw_process_found_dead(const struct pw_process *process)
{
	return process->seeded && process->exited && process->status_known && !process->exit_begun;
}

const char *pw_process_comm_at(const struct pw_process *process, uint64_t at)
{
	size_t i = process->n_names;

	while (i > 1 && process->names[i - 1].at > at)
		i--;
	return i ? process->names[i - 1].comm : process->comm;
}

const struct pw_exec_record *pw_process_image(const struct pw_process *process)
{
	if (process->n_execs)
		return &process->execs[process->n_execs - 1];
	return process->image_of ? &process->image_of->execs[process->image_index] : NULL;
}

const struct pw_parent *pw_process_parent_at(const struct pw_process *process, uint64_t at)
{
	size_t i = process->n_parents;

	while (i > 1 && process->parents[i - 1].from > at)
		i--;
	return i ? &process->parents[i - 1] : NULL;
}

bool pw_process_span_at(const struct pw_process *process, uint64_t at, struct pw_span *out)
{
	struct pw_process_iter *it = pw_process_iter_new(process);
	bool found = false;

	if (!it)
		return false;
	while (!found && pw_process_iter_next(it, out) && out->from <= at)
		found = at < out->to;
	pw_process_iter_free(it);
	return found;
}

bool pw_process_end_seen(const struct pw_process *process)
{
	return process->exit_begun && !(process->reap_bounded && process->reap_at == process->exit_at);
}

const struct pw_parent *pw_last_adoption(const struct pw_process *process)
{
	for (size_t i = process->n_parents; i-- > 1;) {
		const struct pw_parent *p = &process->parents[i];

		if (p->why == PW_BY_REPARENT && p->adopter != PW_ADOPTER_THREAD)
			return p;
	}
	return NULL;
}

bool pw_unreaped(const struct pw_process *process)
{
	return process->exited && process->reaped == PW_REAPED_NOT;
}

bool pw_stopped_at_end(const struct pw_process *process)
{
	const struct pw_block *last = process->threads ? process->threads->last : NULL;

	return !process->exited && last && last->count > 0 && last->at[last->count - 1].state == PW_STOPPED;
}

uint64_t pw_zombie_ns(const struct pw_process *process, uint64_t end)
{
	const uint64_t to = process->zombie_to ? process->zombie_to : end;

	return process->zombie_from && to > process->zombie_from ? to - process->zombie_from : 0;
}

bool pw_zombie_is_long(const struct pw_process *process, uint64_t recording_ns)
{
	const uint64_t ns = pw_zombie_ns(process, pw_process_end(process));

	if (process->reap_bounded)
		return ns >= LONG_BOUND_NS;
	return ns >= LONG_NS || (ns >= LONG_SHARE_NS && ns >= recording_ns / 100);
}
