/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the parts of the search share: the list they add to, and how many alike
 * become one sentence.
 */
#ifndef PW_FINDER_H
#define PW_FINDER_H

#include "analysis/findings.h"
#include "util/format.h"
#include "util/lang.h"
#include "util/text.h"

struct finder {
	struct pw_findings *findings;
	size_t room;
	const struct pw_model *model;
	uint64_t begin, end; /* of what is known */
	bool failed; /* memory ran out */
};

/* Something that was found: a process, what it has in common with others, how long it lasted. */
struct candidate {
	const struct pw_process *process;
	const struct pw_parent *parent; /* at the moment that matters; may be NULL */
	uint32_t key; /* of those with the same key a sentence can be made: a pid */
	int aux;
	uint64_t at, ns;
};

struct candidates {
	struct candidate *at;
	size_t count, room;
};

/* Sentences about one, and about count > 1 sorted by length, the longest last; same_key: all have one key. */
typedef void (*say_one_fn)(struct finder *f, const struct candidate *c);
typedef void (*say_many_fn)(struct finder *f, const struct candidate *c, size_t count, bool same_key);

void finder_collect(struct finder *f, struct candidates *list, const struct candidate *c);
/* Says it all in few sentences, and frees the list. */
void finder_say(struct finder *f, struct candidates *list, say_one_fn one, say_many_fn many);

/* Adds a finding and takes the text over. */
void finder_add(struct finder *f, const char *code, enum pw_severity severity,
		const struct pw_process *process, struct pw_text *text);

/*
 * Words, for use within one expression: who(pid, comm).s. Sentences are formats and
 * not put together from them one by one, so that a translation can put them in its
 * own order.
 */
struct words {
	char s[PW_RANGE_MAX];
};
/* "4711 demo_zombie"; a name with a space in it is quoted. */
struct words who(uint32_t pid, const char *comm);
/* A name; quoted likewise. */
struct words quoted(const char *comm);
struct words lasting(uint64_t ns);
/* "1.20–48.0 ms" */
struct words lasting_between(uint64_t least, uint64_t most);
struct words number(uint64_t n);
/* "SIGTERM" or "signal 33". */
struct words signal_words(int sig);

/* The parts of the search, each in a file of its own. */
void find_zombies(struct finder *f);
void find_orphans(struct finder *f);
void find_ends(struct finder *f);
void find_names(struct finder *f);
void find_doubts(struct finder *f);

#endif
