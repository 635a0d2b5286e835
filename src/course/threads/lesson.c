/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>

#include "course/lib/judge.h"

const char pw_page_threads[] =
	N_("Four workers each work for 100 ms and add 1 to a sum that begins with 0. First\n"
	   "they are threads of one process, then processes; each time, the one that started\n"
	   "them ends with the sum it has as its exit code. Then three play ball on one CPU,\n"
	   "two threads of one process and another process, each asleep until it comes. Last\n"
	   "is a process with a daemon thread that would work for ever.\n"
	   "\n"
	   "Threads share the memory of their process: the sum is 4. Processes have copies:\n"
	   "the sum of the one that started them stays 0. For a process a copy must be\n"
	   "prepared (the tables that say where its memory is; here there are 64 MiB of it),\n"
	   "so a thread is made in a fraction of the time. And where the CPU goes from one\n"
	   "thread to another of the same process, it has no other memory to change over to,\n"
	   "and still knows where everything is: a turn of the game takes less.\n"
	   "\n"
	   "Look at the exit codes of threads and processes, and on the HTML page\n"
	   "(-r html=FILE) at the lines of the single threads. The daemon thread ends where\n"
	   "its process does, in the midst of a sleep.\n"
	   "\n"
	   "Options:\n"
	   "  --work TIME   how long each of them works (100ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: swap (processes for\n"
	   "                threads, and the other way round), dear-threads (with each, as\n"
	   "                much memory is filled again, and at ball they dawdle), share\n"
	   "                (the sum lies in shared memory) or join-daemon (the daemon\n"
	   "                thread comes to an end and is joined)\n");

enum { THREADS, PROCESSES, PLAYERS, PLAYER_3, OWNER, WORKERS = 4 };

static bool are_in_one_process(const struct pw_demo_run *s, struct pw_evidence *why)
{
	uint64_t birth[WORKERS];

	if (!pw_thread_births(s->role[THREADS], birth, WORKERS, why) ||
	    !pw_process_births(s, s->role[PROCESSES], birth, WORKERS, why))
		return false;
	pw_say(why, "%u is one process with %d threads; %u has one thread, and %d children",
	       s->role[THREADS]->pid, 1 + WORKERS, s->role[PROCESSES]->pid, WORKERS);
	return s->role[PROCESSES]->n_threads == 1;
}

static bool threads_are_cheaper(const struct pw_demo_run *s, struct pw_evidence *why)
{
	uint64_t birth[WORKERS], thread, process;

	if (!pw_thread_births(s->role[THREADS], birth, WORKERS, why))
		return false;
	thread = pw_birth_cost(s->role[THREADS], birth, WORKERS);
	if (!pw_process_births(s, s->role[PROCESSES], birth, WORKERS, why))
		return false;
	process = pw_birth_cost(s->role[PROCESSES], birth, WORKERS);
	pw_say(why, "to make one more took %s on a CPU for a thread, %s for a process", pw_dur(thread).s,
	       pw_dur(process).s);
	return thread > 0 && thread < process / 2;
}

#define TURNS_MAX 4096

/* How long the turns of the players lasted: from the moment one was switched to until it slept again. */
struct turns {
	uint64_t length[TURNS_MAX];
	size_t count;
};

static bool next_run(struct pw_thread_iter *it, struct pw_span *out)
{
	while (pw_thread_iter_next(it, out)) {
		if (out->state == PW_RUNNING)
			return true;
	}
	return false;
}

/* The turns of the one that began where the other's ended: the CPU went from this one to that one. */
static void add_turns(struct turns *all, const struct pw_thread *from, const struct pw_thread *to)
{
	struct pw_thread_iter from_it, to_it;
	struct pw_span left, came;
	bool more;

	pw_thread_iter_init(&from_it, from);
	pw_thread_iter_init(&to_it, to);
	more = next_run(&from_it, &left) && next_run(&to_it, &came);
	while (more && all->count < TURNS_MAX) {
		if (left.to == came.from && left.cpu == came.cpu)
			all->length[all->count++] = came.to - came.from;
		more = left.to < came.from ? next_run(&from_it, &left) : next_run(&to_it, &came);
	}
}

static int by_length(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t median(struct turns *all)
{
	qsort(all->length, all->count, sizeof(all->length[0]), by_length);
	return all->count ? all->length[all->count / 2] : 0;
}

/*
 * The two threads get the ball from each other and from the other process, by chance,
 * and do the same with it each time: whatever else there is lengthens both alike.
 */
static bool switches_are_cheaper(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *players = s->role[PLAYERS];
	const struct pw_thread *one = players->threads, *two = one->next, *three = s->role[PLAYER_3]->threads;
	struct turns same = {.count = 0}, other = {.count = 0};

	if (players->n_threads != 2) {
		pw_say(why, "%u had %zu threads, not 2", players->pid, players->n_threads);
		return false;
	}
	add_turns(&same, one, two);
	add_turns(&same, two, one);
	add_turns(&other, three, one);
	add_turns(&other, three, two);
	pw_say(why,
	       "a thread's turn (switched to, it catches, runs about, throws, sleeps) typically took %s "
	       "after the "
	       "other thread (%zu turns), %s after the other process (%zu turns)",
	       pw_dur(median(&same)).s, same.count, pw_dur(median(&other)).s, other.count);
	return same.count >= 50 && other.count >= 50 && median(&same) < median(&other);
}

static bool threads_share(const struct pw_demo_run *s, struct pw_evidence *why)
{
	pw_say(why, "threads: ");
	pw_evidence_exit(s->role[THREADS], why);
	return pw_exited_with(s->role[THREADS], WORKERS) && s->role[THREADS]->n_threads == 1 + WORKERS;
}

static bool processes_do_not(const struct pw_demo_run *s, struct pw_evidence *why)
{
	pw_say(why, "processes: ");
	pw_evidence_exit(s->role[PROCESSES], why);
	return pw_exited_with(s->role[PROCESSES], 0) && s->role[PROCESSES]->n_threads == 1;
}

/* Nobody waited for it: when its owner's own work was done, the owner ended without another sleep. */
static bool daemon_dies_with_it(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *owner = s->role[OWNER];
	const struct pw_thread *main = owner->threads, *daemon = main->next;
	struct pw_sleep work;
	uint64_t waited;

	if (!daemon || !pw_has_ended(owner, why) || !pw_last_pause(owner, pw_process_end(owner), &work)) {
		pw_say(why, "%u was not seen to work, with a daemon thread, and to its end", owner->pid);
		return false;
	}
	waited = pw_asleep(main, work.to, daemon->exit);
	pw_say(why, "%u worked for %s; %s later it had ended, and with it its thread %u", owner->pid,
	       pw_from_to(work.from, work.to).s, pw_from_to(work.to, owner->exit_at).s, daemon->tid);
	if (waited > 0)
		pw_say(why, ", but was waited for, for %s", pw_dur(waited).s);
	return pw_exited_with(owner, 0) && daemon->exit > work.to && waited == 0;
}

static const struct pw_claim_def claims[] = {
	{"one-process", N_("four threads are one process, four processes are four"), are_in_one_process},
	{"cheaper", N_("to make a thread takes less than half of what a process takes"), threads_are_cheaper},
	{"switch", N_("to switch costs less between threads of a process than between processes"),
	 switches_are_cheaper},
	{"share", N_("threads share their memory: together they make 4"), threads_share},
	{"apart", N_("processes do not: the sum of the one that started them is still 0"), processes_do_not},
	{"daemon", N_("a daemon thread dies with its process, wherever it is"), daemon_dies_with_it},
};

int pw_judge_threads(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_threads",
		.roles = {"threads", "processes", "players", "player-3", "owner"},
		.claims = claims,
		.count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
