// SPDX-License-Identifier: GPL-2.0-only
/* Questions about one process. */
#include "model/process.h"

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
