// SPDX-License-Identifier: GPL-2.0-only
/* Questions about one life. */
#include "model/life.h"

uint64_t pw_life_end(const struct pw_life *life)
{
	uint64_t end = life->exit_at;

	if (life->reaped)
		return life->reap_at;
	if (life->end)
		return life->end;
	for (const struct pw_thread *t = life->threads; t; t = t->next)
		if (t->end > end)
			end = t->end;
	return end;
}

bool pw_life_found_dead(const struct pw_life *life)
{
	return life->seeded && life->exited && life->status_known && !life->exit_begun;
}

const char *pw_life_comm_at(const struct pw_life *life, uint64_t at)
{
	size_t i = life->n_names;

	while (i > 1 && life->names[i - 1].at > at)
		i--;
	return i ? life->names[i - 1].comm : life->comm;
}

const struct pw_exec_record *pw_life_image(const struct pw_life *life)
{
	if (life->n_execs)
		return &life->execs[life->n_execs - 1];
	return life->image_of ? &life->image_of->execs[life->image_index] : NULL;
}

const struct pw_parent *pw_life_parent_at(const struct pw_life *life, uint64_t at)
{
	size_t i = life->n_parents;

	while (i > 1 && life->parents[i - 1].from > at)
		i--;
	return i ? &life->parents[i - 1] : NULL;
}

bool pw_life_span_at(const struct pw_life *life, uint64_t at, struct pw_span *out)
{
	struct pw_life_iter *it = pw_life_iter_new(life);
	bool found = false;

	if (!it)
		return false;
	while (!found && pw_life_iter_next(it, out) && out->from <= at)
		found = at < out->to;
	pw_life_iter_free(it);
	return found;
}

bool pw_life_end_seen(const struct pw_life *life)
{
	return life->exit_begun && !(life->reap_bounded && life->reap_at == life->exit_at);
}
