/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>

#include "course/course.h"
#include "course/lib/births.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"

const char pw_page_threads[] =
	N_("Four workers each work for 100 ms and add 1 to a sum that begins with 0. First\n"
	   "they are threads of one process, then processes; each time, the process that\n"
	   "started them ends with the sum it has as its exit code. Then three players throw\n"
	   "a ball on one CPU, two threads of one process and another process, each asleep\n"
	   "until the ball comes. Last is a process with a daemon thread that would work\n"
	   "forever.\n"
	   "\n"
	   "Threads share the memory of their process: the sum is 4. Processes have copies:\n"
	   "the sum of the process that started them stays 0. And the kernel must prepare\n"
	   "the copy (the page tables; here they describe 64 MiB), so a thread is created in\n"
	   "a fraction of the time. When a CPU switches between threads of one process, it\n"
	   "keeps the page tables and the translations it has cached: a turn of the game\n"
	   "takes less time.\n"
	   "\n"
	   "Look at the exit codes of threads and processes, and on the HTML page\n"
	   "(-r html=FILE) at the lines of the single threads. The daemon thread ends where\n"
	   "its process does, in the middle of a sleep.\n"
	   "\n"
	   "Options:\n"
	   "  --work TIME   how long each worker works (100ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: swap (processes\n"
	   "                instead of threads, and threads instead of processes),\n"
	   "                costly-threads (each thread fills as much memory again, and\n"
	   "                they stall when playing ball), share (the sum lies in shared\n"
	   "                memory) or join-daemon (the daemon thread ends and is joined)\n");

static const struct pw_sentence words[] = {
	{.code = "threads_and_children",
	 .text = N_(
		 "{threads.pid} is one process with {thread_count} threads; {processes.pid} has one thread "
		 "and {child_count} children")},
	{.code = "creation_cost",
	 .text = N_(
		 "creating one more took {thread_ns} on a CPU for a thread and {process_ns} for a process")},
	{.code = "turns",
	 .text = N_("a thread's turn (it is switched to, catches, runs about, throws and sleeps) typically "
		    "took {same_ns} after the other thread ({same_turns} turns) and {other_ns} after the "
		    "other process ({other_turns} turns)")},
	{.code = "daemon_not_observed",
	 .text = N_("{owner.pid} was not observed at work with a daemon thread until its end")},
	{.code = "ended_with_its_daemon",
	 .text = N_("{owner.pid} worked for {work_ns}; {later_ns} later it had ended, and its thread "
		    "{daemon} with it")},
	{.code = "waited_for_its_daemon",
	 .text = N_("{owner.pid} waited for {waited_ns} before its thread {daemon} ended")},
	{0},
};

enum { THREADS, PROCESSES, PLAYERS, PLAYER_3, OWNER, WORKERS = 4 };

static bool are_in_one_process(const struct pw_demo_run *run, struct pw_evidence *why)
{
	uint64_t birth[WORKERS];

	if (!pw_thread_births(run->role[THREADS], birth, WORKERS, why) ||
	    !pw_process_births(run, run->role[PROCESSES], birth, WORKERS, why))
		return false;
	pw_evidence_add(why, "threads_and_children",
			PW_VALUES(pw_value_process("threads", run->role[THREADS]),
				  pw_value_count("thread_count", 1 + WORKERS),
				  pw_value_process("processes", run->role[PROCESSES]),
				  pw_value_count("child_count", WORKERS)));
	return run->role[PROCESSES]->n_threads == 1;
}

static bool threads_are_cheaper(const struct pw_demo_run *run, struct pw_evidence *why)
{
	uint64_t birth[WORKERS], thread, process;

	if (!pw_thread_births(run->role[THREADS], birth, WORKERS, why))
		return false;
	thread = pw_birth_cost(run->role[THREADS], birth, WORKERS);
	if (!pw_process_births(run, run->role[PROCESSES], birth, WORKERS, why))
		return false;
	process = pw_birth_cost(run->role[PROCESSES], birth, WORKERS);
	pw_evidence_add(why, "creation_cost",
			PW_VALUES(pw_value_ns("thread_ns", thread), pw_value_ns("process_ns", process)));
	return thread > 0 && thread < process / 2;
}

#define TURNS_MAX 4096

/* How long the turns of the players lasted, each from the switch to a player until it slept again. */
struct thread_turns {
	uint64_t length[TURNS_MAX];
	size_t count;
};

/* Adds the turns of one player that began when the other's ended: the CPU switched from one to the other. */
static void add_turns(struct thread_turns *all, const struct pw_thread *from, const struct pw_thread *to)
{
	struct pw_thread_iter from_it, to_it;
	struct pw_span left, came;
	bool more;

	pw_thread_iter_init(&from_it, from);
	pw_thread_iter_init(&to_it, to);
	more = pw_next_run(&from_it, &left) && pw_next_run(&to_it, &came);
	while (more && all->count < TURNS_MAX) {
		if (left.to == came.from && left.cpu == came.cpu)
			all->length[all->count++] = came.to - came.from;
		more = left.to < came.from ? pw_next_run(&from_it, &left) : pw_next_run(&to_it, &came);
	}
}

static int by_length(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t median(struct thread_turns *all)
{
	qsort(all->length, all->count, sizeof(all->length[0]), by_length);
	return all->count ? all->length[all->count / 2] : 0;
}

/*
 * The two threads get the ball at random from each other and from the other process, and
 * do the same with it each time: any other load lengthens both kinds of turns alike.
 */
static bool switches_are_cheaper(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *players = run->role[PLAYERS];
	const struct pw_thread *one = players->threads, *two = one->next,
			       *three = run->role[PLAYER_3]->threads;
	struct thread_turns same = {.count = 0}, other = {.count = 0};

	if (players->n_threads != 2) {
		pw_evidence_add(why, "number_of_threads",
				PW_VALUES(pw_value_process("process", players),
					  pw_value_count("threads", players->n_threads),
					  pw_value_count("expected", 2)));
		return false;
	}
	add_turns(&same, one, two);
	add_turns(&same, two, one);
	add_turns(&other, three, one);
	add_turns(&other, three, two);
	pw_evidence_add(why, "turns",
			PW_VALUES(pw_value_ns("same_ns", median(&same)),
				  pw_value_count("same_turns", same.count),
				  pw_value_ns("other_ns", median(&other)),
				  pw_value_count("other_turns", other.count)));
	return same.count >= 50 && other.count >= 50 && median(&same) < median(&other);
}

static bool threads_share(const struct pw_demo_run *run, struct pw_evidence *why)
{
	pw_evidence_exit(run->role[THREADS], why);
	return pw_exited_with(run->role[THREADS], WORKERS) && run->role[THREADS]->n_threads == 1 + WORKERS;
}

static bool processes_do_not(const struct pw_demo_run *run, struct pw_evidence *why)
{
	pw_evidence_exit(run->role[PROCESSES], why);
	return pw_exited_with(run->role[PROCESSES], 0) && run->role[PROCESSES]->n_threads == 1;
}

/* When the owner's own work was done, the owner ended without another sleep: it did not wait for its daemon. */
static bool daemon_dies_with_it(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *owner = run->role[OWNER];
	const struct pw_thread *main = owner->threads, *daemon = main->next;
	struct pw_sleep work;
	uint64_t waited;

	if (!pw_has_ended(owner, why))
		return false;
	if (!daemon || !pw_last_pause(owner, pw_process_end(owner), &work)) {
		pw_evidence_add(why, "daemon_not_observed", PW_VALUES(pw_value_process("owner", owner)));
		return false;
	}
	waited = pw_asleep(main, work.to, daemon->exit);
	pw_evidence_add(why, "ended_with_its_daemon",
			PW_VALUES(pw_value_process("owner", owner),
				  pw_value_between("work_ns", work.from, work.to),
				  pw_value_between("later_ns", work.to, owner->exit_at),
				  pw_value_tid("daemon", daemon->tid)));
	if (waited > 0)
		pw_evidence_add(why, "waited_for_its_daemon",
				PW_VALUES(pw_value_process("owner", owner), pw_value_ns("waited_ns", waited),
					  pw_value_tid("daemon", daemon->tid)));
	return pw_exited_with(owner, 0) && daemon->exit > work.to && waited == 0;
}

static const struct pw_claim_def claims[] = {
	{.id = "one-process",
	 .text = N_("four threads belong to one process, four processes are four"),
	 .holds = are_in_one_process},
	{.id = "cheaper",
	 .text = N_("creating a thread takes less than half the time of creating a process"),
	 .holds = threads_are_cheaper},
	{.id = "switch",
	 .text = N_("a switch between threads of one process costs less than one between processes"),
	 .holds = switches_are_cheaper},
	{.id = "share",
	 .text = N_("threads share their memory: together they count to 4"),
	 .holds = threads_share},
	{.id = "apart",
	 .text = N_("processes do not: the sum of the process that started them is still 0"),
	 .holds = processes_do_not},
	{.id = "daemon",
	 .text = N_("a daemon thread ends with its process, whatever it is doing"),
	 .holds = daemon_dies_with_it},
};

int pw_judge_threads(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {
		.demo = "demo_threads",
		.roles = {"threads", "processes", "players", "player-3", "owner"},
		.claims = claims,
		.count = PW_COUNT(claims),
		.words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
