// SPDX-License-Identifier: GPL-2.0-only
/*
 * The index: from a tid to all who ever had it, the newest first. Open
 * addressing with linear probing; what is not kept any more goes by making it anew.
 */
#include <errno.h>
#include <stdlib.h>

#include "internal.h"

static size_t slot_of(const struct index *ix, uint32_t tid)
{
	size_t mask = ix->n_slots - 1;
	size_t i = (tid * UINT64_C(0x9e3779b97f4a7c15) >> 32) & mask;

	while (ix->slots[i] && ix->owners[ix->slots[i] - 1].tid != tid)
		i = (i + 1) & mask;
	return i;
}

struct owner *pw_index_newest(const struct index *ix, uint32_t tid)
{
	uint32_t slot = ix->n_slots ? ix->slots[slot_of(ix, tid)] : 0;

	return slot ? &ix->owners[slot - 1] : NULL;
}

struct owner *pw_index_older(const struct index *ix, const struct owner *o)
{
	return o->older ? &ix->owners[o->older - 1] : NULL;
}

struct owner *pw_index_find(const struct index *ix, uint32_t tid, uint64_t start)
{
	struct owner *o = pw_index_newest(ix, tid);

	while (o && o->start != start)
		o = pw_index_older(ix, o);
	return o;
}

static int grow_slots(struct index *ix)
{
	struct index bigger = *ix;

	bigger.n_slots = ix->n_slots ? ix->n_slots * 2 : 256;
	bigger.slots = calloc(bigger.n_slots, sizeof(*bigger.slots));
	if (!bigger.slots)
		return -ENOMEM;
	for (size_t i = 0; i < ix->n_slots; i++)
		if (ix->slots[i])
			bigger.slots[slot_of(&bigger, ix->owners[ix->slots[i] - 1].tid)] = ix->slots[i];
	free(ix->slots);
	*ix = bigger;
	return 0;
}

int pw_index_add(struct index *ix, uint32_t tid, uint64_t start, uint64_t from, struct thread *t,
		 struct process *p)
{
	struct owner *owners = pw_grow(ix->owners, ix->n_owners, &ix->max_owners, sizeof(*owners));
	size_t slot;

	if (!owners)
		return -ENOMEM;
	ix->owners = owners;
	if (ix->n_used * 2 >= ix->n_slots && grow_slots(ix))
		return -ENOMEM;
	slot = slot_of(ix, tid);
	if (!ix->slots[slot])
		ix->n_used++;
	owners[ix->n_owners] = (struct owner){.tid = tid,
					      .older = ix->slots[slot],
					      .start = start,
					      .from = from,
					      .to = UINT64_MAX,
					      .thread = t,
					      .process = p};
	ix->slots[slot] = (uint32_t)++ix->n_owners;
	return 0;
}

static bool is_folded(const struct owner *o)
{
	return o->process->folded || (o->thread && o->thread->folded);
}

int pw_index_sweep(struct index *ix)
{
	struct index swept = {0};

	for (size_t i = 0; i < ix->n_owners; i++) {
		const struct owner *o = &ix->owners[i];
		int r = is_folded(o) ? 0
				     : pw_index_add(&swept, o->tid, o->start, o->from, o->thread, o->process);

		if (r) {
			pw_index_free(&swept);
			return r;
		}
		if (!is_folded(o))
			swept.owners[swept.n_owners - 1].to = o->to;
	}
	pw_index_free(ix);
	*ix = swept;
	return 0;
}

void pw_index_free(struct index *ix)
{
	free(ix->slots);
	free(ix->owners);
}
