/* SPDX-License-Identifier: GPL-2.0-only */
/* Open addressing with linear probing. Dropping owners builds the index anew. */
#include "model/index.h"

#include <errno.h>
#include <stdlib.h>

#include "util/array.h"

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
	int err = pw_array_reserve(&ix->owners, &ix->owners_room, ix->n_owners + 1, sizeof(*ix->owners));
	size_t slot;

	if (err)
		return err;
	if (ix->n_used * 2 >= ix->n_slots)
		err = grow_slots(ix);
	if (err)
		return err;
	slot = slot_of(ix, tid);
	if (!ix->slots[slot])
		ix->n_used++;
	ix->owners[ix->n_owners] = (struct owner){.tid = tid,
						  .older = ix->slots[slot],
						  .start = start,
						  .from = from,
						  .to = UINT64_MAX,
						  .thread = t,
						  .process = p};
	ix->slots[slot] = (uint32_t)++ix->n_owners;
	return 0;
}

int pw_index_drop(struct index *ix, bool (*is_dropped)(const struct owner *o))
{
	struct index kept = {0};

	for (size_t i = 0; i < ix->n_owners; i++) {
		const struct owner *o = &ix->owners[i];
		int err;

		if (is_dropped(o))
			continue;
		err = pw_index_add(&kept, o->tid, o->start, o->from, o->thread, o->process);
		if (err) {
			pw_index_free(&kept);
			return err;
		}
		kept.owners[kept.n_owners - 1].to = o->to;
	}
	pw_index_free(ix);
	*ix = kept;
	return 0;
}

void pw_index_free(struct index *ix)
{
	free(ix->slots);
	free(ix->owners);
}
