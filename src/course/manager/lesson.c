/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/marks.h"
#include "course/lib/process_set.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"

const char pw_page_manager[] =
	N_("A manager has a number, 0. Four clients add 1 to it, five times each. No client\n"
	   "can reach the number: to read it, a client sends the manager a request over a\n"
	   "socket and waits for the answer; to write it, it does the same.\n"
	   "\n"
	   "An addition is a read and a write, and another client may come in between. With\n"
	   "a lock around the two the number is 20 in the end; without it (--no-lock)\n"
	   "additions are lost, although only one process ever touched the number. Python's\n"
	   "multiprocessing.Manager works the same way.\n"
	   "\n"
	   "Look at the clients' sleeps in recvfrom, each ended by the manager, and at the\n"
	   "manager's in poll, ended by the clients. Marks say what is asked: ask.begin and\n"
	   "ask.end in a client, answer 2 in the manager when it answers client-2, and saw 5\n"
	   "in a client that got 5 as the answer. Without the lock, two clients see the same\n"
	   "number. The manager ends with the number as its exit code.\n"
	   "\n"
	   "Options:\n"
	   "  --no-lock     the clients do not take turns\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: swap (a lock where\n"
	   "                there should be none, and none where there should be one) or\n"
	   "                share (the number lies in shared memory, and no client asks the\n"
	   "                manager)\n");

static const struct pw_sentence words[] = {
	{.code = "clients_asked",
	 .text = N_(
		 "{asked} of {clients} clients asked the manager {manager.pid} and waited for its answer")},
	{.code = "clients_slept",
	 .text = N_("in {accesses} accesses, the manager woke clients that slept in recvfrom {sleeps} "
		    "{sleeps|time|times}")},
	{.code = "round_trips",
	 .text = N_("{trips} times a client asked, was answered, and only then went on")},
	{.code = "out_of_order", .text = N_("{steps} {steps|step was|steps were} not in that order")},
	{.code = "manager_result",
	 .text = N_("{additions} additions were made, and the manager's exit code is the number in the end")},
	{.code = "numbers_seen_again",
	 .text = N_("{again} of the {seen} numbers that clients saw had been seen before")},
	{0},
};

enum { MANAGER, CLIENTS = 4, ADDITIONS = 5, ACCESSES = CLIENTS * ADDITIONS * 2 };

/* Where a client is in a round trip, by its own marks and the manager's. */
enum step { IDLE, ASKED, ANSWERED };

/* The mark that leads to each step. */
static const char *const steps[] = {[IDLE] = "ask.end", [ASKED] = "ask.begin", [ANSWERED] = "answer"};

/* The round trips that the marks show. */
struct trips {
	size_t made; /* asked, answered, gone on */
	size_t broken; /* steps out of order */
};

/* The index of the client a mark belongs to: its own, or the one the manager answers. */
static size_t client_of(const struct pw_marked *mark, const struct pw_process_set *clients)
{
	size_t i = 0;

	if (!strcmp(mark->name, steps[ANSWERED]))
		return mark->value < 1 ? clients->count : (size_t)mark->value - 1;
	while (i < clients->count && clients->of[i] != mark->process)
		i++;
	return i;
}

static struct trips count_trips(const struct pw_demo_run *run, const struct pw_process_set *clients)
{
	enum step at[CLIENTS] = {IDLE};
	struct trips trips = {0};
	struct pw_mark_iter walk;
	struct pw_marked mark;

	pw_mark_iter_init(&walk, run, NULL);
	while (pw_mark_iter_next(&walk, &mark)) {
		const size_t client = client_of(&mark, clients);

		for (size_t next = IDLE; next <= ANSWERED && client < CLIENTS; next++) {
			if (strcmp(mark.name, steps[next]) != 0)
				continue;
			trips.broken += next != (at[client] + 1) % PW_COUNT(steps);
			trips.made += next == IDLE;
			at[client] = (enum step)next;
		}
	}
	return trips;
}

static bool all_ask_it(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set clients = pw_process_set_of(run, "client-");
	const struct pw_process *manager = run->role[MANAGER];
	size_t asked = 0;

	if (!pw_process_set_counts(&clients, CLIENTS, why))
		return false;
	for (size_t i = 0; i < clients.count; i++)
		asked += pw_sleeps_ended_by(clients.of[i]->threads, SYS_recvfrom, manager->pid) > 0;
	pw_evidence_add(why, "clients_asked",
			PW_VALUES(pw_value_count("asked", asked), pw_value_count("clients", CLIENTS),
				  pw_value_process("manager", manager)));
	return asked == CLIENTS;
}

/*
 * An answer that comes before its client has gone to sleep wakes no process; that is
 * rare. And when the manager takes a request out of the socket, the kernel wakes the
 * client, too, which looks and sleeps on (unix_write_space): so one access may have two
 * sleeps.
 */
static bool is_a_round_trip(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set clients = pw_process_set_of(run, "client-");
	size_t sleeps = 0;

	if (!pw_process_set_counts(&clients, CLIENTS, why))
		return false;

	const struct trips trips = count_trips(run, &clients);

	for (size_t i = 0; i < clients.count; i++)
		sleeps += pw_sleeps_ended_by(clients.of[i]->threads, SYS_recvfrom, run->role[MANAGER]->pid);
	pw_evidence_add(why, "clients_slept",
			PW_VALUES(pw_value_count("accesses", ACCESSES), pw_value_count("sleeps", sleeps)));
	if (trips.made == 0)
		return sleeps >= ACCESSES / 2;
	pw_evidence_add(why, "round_trips", PW_VALUES(pw_value_count("trips", trips.made)));
	if (trips.broken)
		pw_evidence_add(why, "out_of_order", PW_VALUES(pw_value_count("steps", trips.broken)));
	return trips.made == ACCESSES && trips.broken == 0 && sleeps > 0;
}

/* How often a client saw a number that had been seen before: one of the two additions is lost. */
static void add_seen_again(const struct pw_demo_run *run, struct pw_evidence *why)
{
	bool seen[CLIENTS * ADDITIONS] = {false};
	struct pw_mark_iter walk;
	struct pw_marked saw;
	size_t times = 0, again = 0;

	pw_mark_iter_init(&walk, run, "saw");
	for (; pw_mark_iter_next(&walk, &saw); times++) {
		const bool in_range = saw.value >= 0 && saw.value < (int64_t)PW_COUNT(seen);

		again += in_range && seen[saw.value];
		if (in_range)
			seen[saw.value] = true;
	}
	if (times)
		pw_evidence_add(why, "numbers_seen_again",
				PW_VALUES(pw_value_count("again", again), pw_value_count("seen", times)));
}

/* The number in the end, which is the manager's exit code; -1: not known. */
static int sum_of(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *manager = run->role[MANAGER];

	pw_evidence_add(why, "manager_result", PW_VALUES(pw_value_count("additions", CLIENTS * ADDITIONS)));
	pw_evidence_exit(manager, why);
	add_seen_again(run, why);
	return manager->exited && WIFEXITED((int)manager->wait_status)
		       ? WEXITSTATUS((int)manager->wait_status)
		       : -1;
}

static bool is_right(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return sum_of(run, why) == CLIENTS * ADDITIONS;
}

static bool is_too_small(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const int sum = sum_of(run, why);

	return sum > 0 && sum < CLIENTS * ADDITIONS;
}

static const char owner[] = N_("one process owns the data; the others ask it");
static const char trip[] = N_("every access is a round trip: the client sleeps until the manager answers");

static const struct pw_claim_def with_lock[] = {
	{.id = "owner", .text = owner, .holds = all_ask_it},
	{.id = "round-trip", .text = trip, .holds = is_a_round_trip},
	{.id = "sum", .text = N_("with a lock, the sum is right"), .holds = is_right},
};

static const struct pw_claim_def without_lock[] = {
	{.id = "owner", .text = owner, .holds = all_ask_it},
	{.id = "round-trip", .text = trip, .holds = is_a_round_trip},
	{.id = "lost",
	 .text = N_("without a lock, additions are lost, even with a manager"),
	 .holds = is_too_small},
};

int pw_judge_manager(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def with = {.demo = "demo_manager",
						  .roles = {"manager"},
						  .claims = with_lock,
						  .count = PW_COUNT(with_lock),
						  .words = words};
	static const struct pw_lesson_def without = {.demo = "demo_manager",
						     .roles = {"manager"},
						     .claims = without_lock,
						     .count = PW_COUNT(without_lock),
						     .words = words};

	return pw_judge(lesson, m, pw_last_option(argv, "--no-lock") ? &without : &with);
}
