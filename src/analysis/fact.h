/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A fact: one thing that was found, as a code and named values, in no language.
 * src/analysis and the course's judges make facts; report/words turns them into
 * sentences, and the JSON report prints the values as they are.
 *
 * The name of a value is its key in JSON, so it has its unit in it: "zombie_ns",
 * "limit_bytes". The items of a list are values of one name.
 */
#ifndef PW_FACT_H
#define PW_FACT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/model.h"

enum pw_value_kind {
	PW_VALUE_UNKNOWN, /* null in JSON: it could not be found out */
	PW_VALUE_COUNT,
	PW_VALUE_INTEGER, /* a number the program chose: an exit code, the value of a mark */
	PW_VALUE_NS, /* how long */
	PW_VALUE_MOMENT, /* when, CLOCK_MONOTONIC ns */
	PW_VALUE_PERCENT,
	PW_VALUE_RATIO, /* a quotient: rounds, sleeps per request */
	PW_VALUE_PROCESS,
	PW_VALUE_TID,
	PW_VALUE_SIGNAL, /* its number on the recorded machine */
	PW_VALUE_SYSCALL, /* its number on the recorded machine */
	PW_VALUE_WORD, /* one of a fixed set, which the fact's code implies: "running", "init" */
	PW_VALUE_TEXT, /* bytes from outside: a name, a path */
};

/* How a number relates to the true one. */
enum pw_bound { PW_EXACT, PW_AT_MOST, PW_AT_LEAST };

/* In bytes, with the NUL; a longer text is cut. */
#define PW_VALUE_TEXT_MAX 64

struct pw_value {
	/* Valid as long as the program runs. */
	const char *name;
	enum pw_value_kind kind;
	enum pw_bound bound;
	/* An item of a list, which may be the only one. */
	bool item;
	union {
		uint64_t number; /* COUNT, NS, MOMENT, TID */
		int64_t integer; /* INTEGER, SIGNAL, SYSCALL */
		double percent;
		double ratio;
		const char *word; /* valid as long as the program runs */
		char text[PW_VALUE_TEXT_MAX];
		struct {
			/* 0: unknown. */
			uint64_t start;
			uint32_t pid;
			/* Its name at the moment that the fact is about; "": unknown. */
			char comm[PW_COMM_LEN];
		} process;
	};
};

struct pw_value pw_value_unknown(const char *name);
struct pw_value pw_value_count(const char *name, uint64_t count);
struct pw_value pw_value_integer(const char *name, int64_t integer);
struct pw_value pw_value_ns(const char *name, uint64_t ns);
/* A time of which only a bound was measured. */
struct pw_value pw_value_ns_bound(const char *name, uint64_t ns, enum pw_bound bound);
/* The time from one moment to another; 0 when the second is not later. */
struct pw_value pw_value_between(const char *name, uint64_t from_ns, uint64_t to_ns);
struct pw_value pw_value_moment(const char *name, uint64_t ns);
struct pw_value pw_value_percent(const char *name, double percent);
/* What part of a whole a part is, in percent; 0 of nothing. */
struct pw_value pw_value_share(const char *name, uint64_t part, uint64_t whole);
struct pw_value pw_value_ratio(const char *name, double ratio);
/* A process of the model, with the last name it had. */
struct pw_value pw_value_process(const char *name, const struct pw_process *process);
/* Any process. start: 0 if unknown; comm: "" if unknown. */
struct pw_value pw_value_process_named(const char *name, uint32_t pid, uint64_t start, const char *comm);
struct pw_value pw_value_tid(const char *name, uint32_t tid);
struct pw_value pw_value_signal(const char *name, int signal);
/* Unknown for a negative number. */
struct pw_value pw_value_syscall(const char *name, int syscall);
struct pw_value pw_value_word(const char *name, const char *word);
struct pw_value pw_value_text(const char *name, const char *text);
/* The value as an item of a list: JSON has an array for it, also if it is the only one. */
struct pw_value pw_value_item(struct pw_value value);

#define PW_FACT_VALUES_MAX 16

struct pw_fact {
	/* A fixed word; valid as long as the program runs. */
	const char *code;
	size_t count;
	struct pw_value values[PW_FACT_VALUES_MAX];
};

/* A value beyond PW_FACT_VALUES_MAX is left out; only lists come near that many. */
void pw_fact_add(struct pw_fact *fact, struct pw_value value);
/* The first value of that name; NULL: there is none. */
const struct pw_value *pw_fact_value(const struct pw_fact *fact, const char *name);

/* The values of a fact, as an argument: PW_VALUES(pw_value_count("tasks", 4), ...). */
#define PW_VALUES(...) ((const struct pw_value[]){__VA_ARGS__, {.name = NULL}})
/* values: as PW_VALUES makes them; NULL: none. */
struct pw_fact pw_fact_make(const char *code, const struct pw_value *values);

/* A list of facts, in the order in which a reader should see them. All zero is an empty list. */
struct pw_facts {
	struct pw_fact *at;
	size_t count, room;
	/* -ENOMEM once a fact could not be added; to be checked once, at the end. */
	int err;
};

void pw_facts_add(struct pw_facts *facts, const struct pw_fact *fact);
void pw_facts_free(struct pw_facts *facts);

#endif
