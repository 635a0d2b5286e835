/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/process_set.h"
#include "course/lib/sleeps.h"

const char pw_page_coroutine[] =
	N_("Three tasks take turns of 1 ms, 20 each, inside one thread. When a task hands\n"
	   "over, its registers are saved and those of the next are loaded; each task has a\n"
	   "stack of its own. The kernel is not asked. Python's await does the same.\n"
	   "\n"
	   "To the kernel this is one thread that computes for 60 ms. It sees no switch\n"
	   "between the tasks, so it cannot run two of them at once; and if one of them\n"
	   "sleeps in the kernel, all of them do. The recording shows whose turn it was only\n"
	   "because each task sets the thread's name at its turn.\n"
	   "\n"
	   "Look at the number of switches in the table, and in the JSON report at the names\n"
	   "the process had: task-1, task-2, task-3, task-1, ...\n"
	   "\n"
	   "Options:\n"
	   "  --turns N     how many turns each task has (20)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: in-turn (no task hands\n"
	   "                over before it is done), threads (the tasks are three threads)\n"
	   "                or sleep (each task sleeps in the kernel before it hands over)\n");

static const struct pw_sentence words[] = {
	{.code = "threads_and_children",
	 .text = N_("{process.pid} had {threads} {threads|thread|threads} and {children} "
		    "{children|child|children}")},
	{.code = "tasks_alternate",
	 .text = N_("there were {tasks} tasks, and the thread went from one to another {handovers} times")},
	{.code = "no_handover", .text = N_("no task ever handed over to another")},
	{.code = "gave_up_the_cpu",
	 .text = N_("while one task handed over to another {handovers} times, the thread gave up the CPU "
		    "{gave_up} {gave_up|time|times}")},
	{.code = "preempted", .text = N_("the thread was preempted {preempted} {preempted|time|times}")},
	{0},
};

/* The turns, which the names of the thread show. */
struct turns {
	size_t tasks; /* different ones */
	size_t handed_over; /* how often the next turn was another task's */
	uint64_t from, to; /* when the first turn begins, and when the last one begins */
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
		last = name->comm;
	}
	return t;
}

static bool is_one_thread(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set others = pw_process_set_of(run, "");

	pw_evidence_add(why, "threads_and_children",
			PW_VALUES(pw_value_process("process", run->main),
				  pw_value_count("threads", run->main->n_threads),
				  pw_value_count("children", others.count)));
	return run->main->n_threads == 1 && others.count == 0;
}

static bool take_turns(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct turns t = turns_of(run->main);

	pw_evidence_add(
		why, "tasks_alternate",
		PW_VALUES(pw_value_count("tasks", t.tasks), pw_value_count("handovers", t.handed_over)));
	return t.tasks == 3 && t.handed_over > 3;
}

/* Other processes may preempt the thread, but it never gives up the CPU to hand over. */
static bool without_the_kernel(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct turns t = turns_of(run->main);
	size_t gave_up = 0, preempted = 0;
	struct pw_thread_iter it;
	struct pw_span span;

	if (t.handed_over == 0) {
		pw_evidence_add(why, "no_handover", NULL);
		return false;
	}
	pw_thread_iter_init(&it, run->main->threads);
	while (pw_thread_iter_next(&it, &span)) {
		if (span.from < t.from || span.from >= t.to)
			continue;
		gave_up += pw_is_asleep(&span);
		preempted += span.state == PW_READY && span.detail == PW_TAKEN_OFF;
	}
	pw_evidence_add(
		why, "gave_up_the_cpu",
		PW_VALUES(pw_value_count("handovers", t.handed_over), pw_value_count("gave_up", gave_up)));
	if (preempted)
		pw_evidence_add(why, "preempted", PW_VALUES(pw_value_count("preempted", preempted)));
	return gave_up < t.handed_over / 10;
}

static const struct pw_claim_def claims[] = {
	{.id = "one-thread", .text = N_("to the kernel, three tasks are one thread"), .holds = is_one_thread},
	{.id = "turns", .text = N_("they are still concurrent: they take turns"), .holds = take_turns},
	{.id = "no-switch",
	 .text = N_("the kernel's scheduler has no part in it: a turn is not a context switch"),
	 .holds = without_the_kernel},
};

int pw_judge_coroutine(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_coroutine",
						 .roles = {NULL},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
