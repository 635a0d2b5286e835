// SPDX-License-Identifier: GPL-2.0-only
#include "report/plot/facts.h"

uint64_t pw_zombie_ns(const struct pw_process *process, uint64_t end)
{
	const uint64_t to = process->zombie_to ? process->zombie_to : end;

	return process->zombie_from && to > process->zombie_from ? to - process->zombie_from : 0;
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
