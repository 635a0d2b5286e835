/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/course.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "course/lib/judge.h"
#include "util/wordlist.h"

/* Those of one chapter stand together, and the chapters as in the course. */
const struct pw_demo pw_demos[] = {
	{"demo_fork",
	 N_("Creating processes"),
	 N_("one process becomes two, and one waits for the other"),
	 pw_page_fork,
	 {NULL},
	 pw_judge_fork},
	{"demo_start",
	 N_("Creating processes"),
	 N_("10 children are started, and nobody joins them"),
	 pw_page_start,
	 {NULL},
	 pw_judge_start},
	{"demo_zombie",
	 N_("Ending and reaping"),
	 N_("a child ends, and its parent is in no hurry to wait for it"),
	 pw_page_zombie,
	 {"--no-wait"},
	 pw_judge_zombie},
	{"demo_orphan",
	 N_("Ending and reaping"),
	 N_("a parent ends while its child still works"),
	 pw_page_orphan,
	 {NULL},
	 pw_judge_orphan},
	{"demo_exit",
	 N_("Ending and reaping"),
	 N_("four children end in four ways"),
	 pw_page_exit,
	 {NULL},
	 pw_judge_exit},
	{"demo_terminate",
	 N_("Ending and reaping"),
	 N_("a child is asked to end, and looked at twice"),
	 pw_page_terminate,
	 {NULL},
	 pw_judge_terminate},
	{"demo_daemon",
	 N_("Ending and reaping"),
	 N_("a daemon child, an ordinary child, and who ends when"),
	 pw_page_daemon,
	 {"--unix"},
	 pw_judge_daemon},
	{"demo_join",
	 N_("Waiting"),
	 N_("10 children are joined one after the other"),
	 pw_page_join,
	 {NULL},
	 pw_judge_join},
	{"demo_blocking",
	 N_("Waiting"),
	 N_("four ways to call, synchronous or not, blocking or not"),
	 pw_page_blocking,
	 {NULL},
	 pw_judge_blocking},
	{"demo_callback",
	 N_("Waiting"),
	 N_("a kettle boils, its owner plays on, a callback says when"),
	 pw_page_callback,
	 {NULL},
	 pw_judge_callback},
	{"demo_states",
	 N_("Scheduling"),
	 N_("running, ready, blocked, and what leads from one to another"),
	 pw_page_states,
	 {NULL},
	 pw_judge_states},
	{"demo_parallel",
	 N_("Scheduling"),
	 N_("two processes that compute, on one CPU and on two"),
	 pw_page_parallel,
	 {NULL},
	 pw_judge_parallel},
	{"demo_sched",
	 N_("Scheduling"),
	 N_("the same jobs: first come first served, round robin, default"),
	 pw_page_sched,
	 {NULL},
	 pw_judge_sched},
	{"demo_isolation",
	 N_("Sharing and isolation"),
	 N_("a child counts a number down that its parent has, too"),
	 pw_page_isolation,
	 {"--shared"},
	 pw_judge_isolation},
	{"demo_lock",
	 N_("Synchronisation"),
	 N_("10 buyers, 3 tickets, with and without a lock"),
	 pw_page_lock,
	 {"--no-lock"},
	 pw_judge_lock},
	{"demo_semaphore",
	 N_("Synchronisation"),
	 N_("8 processes, 3 permits"),
	 pw_page_semaphore,
	 {NULL},
	 pw_judge_semaphore},
	{"demo_event",
	 N_("Synchronisation"),
	 N_("many wait for an event, one sets it"),
	 pw_page_event,
	 {NULL},
	 pw_judge_event},
	{"demo_deadlock",
	 N_("Synchronisation"),
	 N_("two processes take two locks, each in its own order"),
	 pw_page_deadlock,
	 {"--ordered", "--recursive"},
	 pw_judge_deadlock},
	{"demo_queue",
	 N_("Communication"),
	 N_("a producer, a consumer, and a queue with room for 3"),
	 pw_page_queue,
	 {NULL},
	 pw_judge_queue},
	{"demo_pipe",
	 N_("Communication"),
	 N_("two readers on one pipe, with and without a lock"),
	 pw_page_pipe,
	 {"--no-lock"},
	 pw_judge_pipe},
	{"demo_manager",
	 N_("Communication"),
	 N_("one process holds the data, the others ask it"),
	 pw_page_manager,
	 {"--no-lock"},
	 pw_judge_manager},
	{"demo_pool", N_("Pools"), N_("4 workers do 10 tasks"), pw_page_pool, {"--apply"}, pw_judge_pool},
	{"demo_threads",
	 N_("Threads"),
	 N_("the same work in 4 threads and in 4 processes"),
	 pw_page_threads,
	 {NULL},
	 pw_judge_threads},
	{"demo_gil",
	 N_("Threads"),
	 N_("two threads under one global lock, and two processes"),
	 pw_page_gil,
	 {NULL},
	 pw_judge_gil},
	{"demo_coroutine",
	 N_("One-thread concurrency"),
	 N_("three tasks take turns inside one thread"),
	 pw_page_coroutine,
	 {NULL},
	 pw_judge_coroutine},
	{"demo_iomodel",
	 N_("I/O models"),
	 N_("one reader, five ways to wait for its data"),
	 pw_page_iomodel,
	 {NULL},
	 pw_judge_iomodel},
	{"demo_server",
	 N_("I/O models"),
	 N_("4 clients, and three ways to serve them"),
	 pw_page_server,
	 {NULL},
	 pw_judge_server},
	{0},
};

const struct pw_demo *pw_demo_find(const char *name)
{
	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		if (strcmp(d->name, name) == 0)
			return d;
	}
	return NULL;
}

/* Slips that still leave a name to be guessed: in one with "demo_", which says something by itself, two. */
enum { SLIPS_WHOLE = 2, SLIPS_PART = 1 };

const struct pw_demo *pw_demo_nearest(const char *name)
{
	const struct pw_demo *best = NULL;
	size_t best_slips = SIZE_MAX;
	char lower[PW_DISTANCE_MAX + 1] = "";

	if (strlen(name) > PW_DISTANCE_MAX)
		return NULL;
	for (size_t i = 0; name[i]; i++)
		lower[i] = (char)tolower((unsigned char)name[i]);
	for (const struct pw_demo *d = pw_demos; d->name; d++) {
		const char *word = d->name + strlen("demo_"); /* "zombie" means demo_zombie, too */
		const size_t whole = pw_edit_distance(lower, d->name), part = pw_edit_distance(lower, word);

		if (whole <= SLIPS_WHOLE && whole < best_slips) {
			best_slips = whole;
			best = d;
		}
		if (part <= SLIPS_PART && part < best_slips) {
			best_slips = part;
			best = d;
		}
	}
	return best;
}

int pw_claim(struct pw_lesson *lesson, const char *id, const char *text, bool held, const char *evidence, ...)
{
	struct pw_claim *claims = realloc(lesson->claims, (lesson->count + 1) * sizeof(*claims));
	struct pw_claim claim = {.id = id, .text = text, .held = held};
	va_list args;
	int length;

	if (!claims)
		return -ENOMEM;
	lesson->claims = claims;
	va_start(args, evidence);
	length = vasprintf(&claim.evidence, evidence, args);
	va_end(args);
	if (length < 0)
		return -ENOMEM;
	claims[lesson->count++] = claim;
	return 0;
}

void pw_lesson_free(struct pw_lesson *lesson)
{
	for (size_t i = 0; i < lesson->count; i++) {
		free(lesson->claims[i].evidence);
		pw_facts_free(&lesson->claims[i].facts);
	}
	free(lesson->claims);
	lesson->claims = NULL;
	lesson->count = 0;
}
