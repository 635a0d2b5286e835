/* SPDX-License-Identifier: GPL-2.0-only */
/* Until each lesson includes what it uses, and until all make facts. */
#ifndef PW_JUDGE_H
#define PW_JUDGE_H

#include "course/course.h"
#include "course/lib/births.h"
#include "course/lib/claims.h"
#include "course/lib/evidence.h"
#include "course/lib/marks.h"
#include "course/lib/process_set.h"
#include "course/lib/processes.h"
#include "course/lib/roles.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"
#include "course/lib/together.h"
#include "util/format.h"

#define pw_most_told_inside pw_most_inside_or_pausing
#define pw_settled	    pw_on_last_cpu_since

/* Adds to it, in the language spoken: the format is marked as it stands, and translated here. */
void pw_say(struct pw_evidence *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

struct pw_words {
	char s[PW_FORMAT_MAX];
};
/* A duration, for use within one expression: pw_dur(ns).s */
struct pw_words pw_dur(uint64_t ns);
/* From one moment to a later one; 0 when it is not later. */
struct pw_words pw_from_to(uint64_t from, uint64_t to);
/* Who ended a sleep: a tid, or that it was an interrupt, or not seen. */
struct pw_words pw_waker(uint32_t by);
/* A process's name, printable characters only. */
struct pw_words pw_printable(const char *comm);
/* The thread's share of a whole, in percent. */
double pw_percent(uint64_t part, uint64_t whole);

#endif
