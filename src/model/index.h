/* SPDX-License-Identifier: GPL-2.0-only */
/* The index: for each tid, all the threads that ever had it, the newest first. */
#ifndef PW_MODEL_INDEX_H
#define PW_MODEL_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct process;
struct thread;

/* An owner of a tid, and the time for which it had the tid. */
struct owner {
	uint32_t tid;
	/* The owner before, plus one; 0: none. */
	uint32_t older;
	/* Events name the owner by (tid, start); 0: not known yet. */
	uint64_t start;
	uint64_t from, to;
	/* NULL: only the process is known, not this thread. */
	struct thread *thread;
	struct process *process;
};

struct index {
	/* A hash table: the newest owner of a tid, plus one. */
	uint32_t *slots;
	size_t n_slots, n_used;
	struct owner *owners;
	size_t n_owners, owners_room;
};

/* An owner is valid until the next pw_index_add; NULL: there is none. */
struct owner *pw_index_newest(const struct index *ix, uint32_t tid);
struct owner *pw_index_older(const struct index *ix, const struct owner *o);
struct owner *pw_index_find(const struct index *ix, uint32_t tid, uint64_t start);
/* Returns 0 or -ENOMEM. */
int pw_index_add(struct index *ix, uint32_t tid, uint64_t start, uint64_t from, struct thread *t,
		 struct process *p);
/* Drops owners. Returns 0, or -ENOMEM: none is dropped. */
int pw_index_drop(struct index *ix, bool (*is_dropped)(const struct owner *o));
void pw_index_free(struct index *ix);

#endif
