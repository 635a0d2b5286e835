/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the searches for findings share: the list they add to, and the grouping
 * that makes one finding of many similar processes.
 */
#ifndef PW_FINDER_H
#define PW_FINDER_H

#include "analysis/findings.h"

struct finder {
	struct pw_findings *findings;
	size_t room;
	const struct pw_model *model;
	/* The time of which anything is known. */
	uint64_t begin, end;
	/* The first failure: -ENOMEM. */
	int err;
};

/* A process that a finding may be about. */
struct candidate {
	const struct pw_process *process;
	/* Its parent at the moment that matters; NULL: unknown. */
	const struct pw_parent *parent;
	/* Candidates with the same key and aux can share a finding. Each search gives them a meaning. */
	uint32_t key;
	int aux;
	/* When it happened, and how long it lasted (0: it has no length). */
	uint64_t at, ns;
};

struct candidates {
	struct candidate *at;
	size_t count, room;
};

/* Adds a finding about one candidate. */
typedef void (*finder_one_fn)(struct finder *f, const struct candidate *c);
/* Adds a finding about count > 1 of them, the longest last. alike: all have the same key and aux. */
typedef void (*finder_many_fn)(struct finder *f, const struct candidate *c, size_t count, bool alike);

void finder_collect(struct finder *f, struct candidates *list, const struct candidate *c);
/* Makes few findings of all candidates, and frees the list. */
void finder_report(struct finder *f, struct candidates *list, finder_one_fn one, finder_many_fn many);

/* Adds a finding. subject: the process it is about; NULL: the whole recording. Sets the fact's code. */
void finder_add(struct finder *f, enum pw_finding_code code, enum pw_severity severity,
		const struct pw_process *subject, struct pw_fact *fact);

/* A process with the name it had at a moment. */
struct pw_value finder_process_at(const char *name, const struct pw_process *process, uint64_t at);
/* The process of that pid at a moment. comm: its name if the model does not know the process. */
struct pw_value finder_pid_at(const struct finder *f, const char *name, uint32_t pid, uint64_t at,
			      const char *comm);
/* NULL: unknown. */
struct pw_value finder_parent(const char *name, const struct pw_parent *parent);

void find_limits(struct finder *f);
void find_zombies(struct finder *f);
void find_orphans(struct finder *f);
void find_names(struct finder *f);
void find_ends(struct finder *f);

#endif
