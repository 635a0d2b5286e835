// SPDX-License-Identifier: GPL-2.0-only
#include "report/plot/facts.h"

uint64_t pw_zombie_ns(const struct pw_life *life, uint64_t end)
{
	const uint64_t to = life->zombie_to ? life->zombie_to : end;

	return life->zombie_from && to > life->zombie_from ? to - life->zombie_from : 0;
}

const struct pw_parent *pw_last_adoption(const struct pw_life *life)
{
	for (size_t i = life->n_parents; i-- > 1;) {
		const struct pw_parent *p = &life->parents[i];

		if (p->why == PW_BY_REPARENT && p->adopter != PW_ADOPTER_THREAD)
			return p;
	}
	return NULL;
}

bool pw_unreaped(const struct pw_life *life)
{
	return life->exited && life->reaped == PW_REAPED_NOT;
}

bool pw_stopped_at_end(const struct pw_life *life)
{
	const struct pw_block *last = life->threads ? life->threads->last : NULL;

	return !life->exited && last && last->count > 0 && last->at[last->count - 1].state == PW_STOPPED;
}
