/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "course/lib/judge.h"

const char pw_page_coroutine[] =
	N_("Three tasks take turns of 1 ms, 20 each, inside one thread. When a task hands\n"
	   "over, its registers are kept and those of the next are put in place; each has a\n"
	   "stack of its own. The kernel is not asked. Python's await does the same.\n"
	   "\n"
	   "To the kernel this is one thread that computes for 60 ms. It sees no switch\n"
	   "between the tasks, so it cannot run two of them at once; and should one of them\n"
	   "sleep in the kernel, all of them do. Only because each task sets the thread's\n"
	   "name at its turn can its record show whose turn it was.\n"
	   "\n"
	   "Look at the number of switches in the table, and in the JSON report at the names\n"
	   "the process had: task-1, task-2, task-3, task-1, ...\n"
	   "\n"
	   "Options:\n"
	   "  --turns N     how often each task is on (20)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: in-turn (no task hands\n"
	   "                over before it is done), threads (three of them) or sleep (in\n"
	   "                the kernel, before handing over)\n");

/* The turns, as the names of the thread tell them. */
struct turns {
	size_t count, tasks; /* and how many different tasks */
	size_t handed_over; /* how often another task was on than before */
	uint64_t from, to; /* from the first turn's begin to the last one's */
};

static struct turns turns_of(const struct pw_process *process)
{
	struct turns t = {0};
	const char *last = "";

	for (size_t i = 0; i < process->n_names; i++) {
		const struct pw_name *name = &process->names[i];
		bool is_new = true;

		if (strncmp(name->comm, "task-", strlen("task-")) != 0)
			continue;
		for (size_t j = 0; j < i; j++)
			is_new = is_new && strcmp(process->names[j].comm, name->comm) != 0;
		t.tasks += is_new;
		t.handed_over += *last && strcmp(last, name->comm) != 0;
		t.from = t.from ? t.from : name->at;
		t.to = name->at;
		t.count++;
		last = name->comm;
	}
	return t;
}

static bool is_one_thread(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set others = pw_process_set_of(s, "");

	pw_say(why,
	       pw_lang_count("%u had %zu thread and %zu children", "%u had %zu threads and %zu children",
			     s->main->n_threads),
	       s->main->pid, s->main->n_threads, others.count);
	return s->main->n_threads == 1 && others.count == 0;
}

static bool take_turns(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct turns t = turns_of(s->main);

	pw_say(why, "%zu tasks; the thread went from one to another %zu times", t.tasks, t.handed_over);
	return t.tasks == 3 && t.handed_over > 3;
}

/* Taken off the CPU it may be, by whoever else wants it; but it never gives it up to hand over. */
static bool without_the_kernel(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct turns t = turns_of(s->main);
	size_t gave_up = 0, taken_off = 0;
	struct pw_thread_iter it;
	struct pw_span span;

	if (t.handed_over == 0) {
		pw_say(why, "no task ever handed over to another");
		return false;
	}
	pw_thread_iter_init(&it, s->main->threads);
	while (pw_thread_iter_next(&it, &span)) {
		if (span.from < t.from || span.from >= t.to)
			continue;
		gave_up += pw_is_asleep(&span);
		taken_off += span.state == PW_READY && span.detail == PW_TAKEN_OFF;
	}
	pw_say(why,
	       "%zu times one task handed over to another; meanwhile the thread gave up the CPU %zu times",
	       t.handed_over, gave_up);
	if (taken_off)
		pw_say(why,
		       pw_lang_count(" (and lost it %zu time to others)",
				     " (and lost it %zu times to others)", taken_off),
		       taken_off);
	return gave_up < t.handed_over / 10;
}

static const struct pw_claim_def claims[] = {
	{"one-thread", N_("to the kernel, three tasks are one thread"), is_one_thread},
	{"turns", N_("they are concurrent all the same: they take turns"), take_turns},
	{"no-switch", N_("the kernel's scheduler has no part in it: a turn is no switch"),
	 without_the_kernel},
};

int pw_judge_coroutine(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_coroutine", .roles = {NULL}, .claims = claims, .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
