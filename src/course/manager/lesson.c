/* SPDX-License-Identifier: GPL-2.0-only */
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "course/lib/judge.h"

const char pw_page_manager[] =
	N_("A manager has a number, 0. Four clients add 1 to it, five times each. No client\n"
	   "can reach the number: to read it, it sends the manager a request over a socket\n"
	   "and waits for the answer; to write it, the same.\n"
	   "\n"
	   "An addition is a read and a write, and somebody else may come in between. With a\n"
	   "lock around the two the number is 20 in the end; without it (--no-lock)\n"
	   "additions are lost, although only one process ever touched the number. So it is\n"
	   "with Python's multiprocessing.Manager.\n"
	   "\n"
	   "Look at the clients' sleeps in recvfrom, each ended by the manager, and at the\n"
	   "manager's in poll, ended by the clients. Marks say what is asked for: ask.begin\n"
	   "and ask.end in a client, answer 2 in the manager when it answers client-2, and\n"
	   "saw 5 in a client that was told 5. Without the lock, two see the same number.\n"
	   "The manager ends with the number as its exit code.\n"
	   "\n"
	   "Options:\n"
	   "  --no-lock     they do not take turns\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: swap (a lock where there\n"
	   "                should be none, and the other way round) or share (the number\n"
	   "                lies in shared memory, and nobody asks the manager)\n");

enum { MANAGER, CLIENTS = 4, ADDITIONS = 5, ACCESSES = CLIENTS * ADDITIONS * 2 };

/* Where a client is with what it asks, by its marks and the manager's. */
enum step { IDLE, ASKED, ANSWERED };

static const char *const steps[] = {"ask.end", "ask.begin", "answer"};

/* How many round trips there were, as they are told: asked, answered, gone on; and how many steps out of turn. */
struct trips {
	size_t made, broken;
};

/* The client of a mark: its own, or the one the manager answers. */
static size_t client_of(const struct pw_marked *mark, const struct pw_process_set *clients)
{
	size_t i = 0;

	if (!strcmp(mark->name, steps[ANSWERED]))
		return mark->value < 1 ? clients->count : (size_t)mark->value - 1;
	while (i < clients->count && clients->of[i] != mark->process)
		i++;
	return i;
}

static struct trips told_trips(const struct pw_demo_run *s, const struct pw_process_set *clients)
{
	enum step at[CLIENTS] = {IDLE};
	struct trips trips = {0};
	struct pw_mark_iter walk;
	struct pw_marked mark;

	pw_mark_iter_init(&walk, s, NULL);
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

static bool all_ask_it(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set clients = pw_process_set_of(s, "client-");
	const struct pw_process *manager = s->role[MANAGER];
	size_t asked = 0;

	if (!pw_process_set_counts(&clients, CLIENTS, why))
		return false;
	for (size_t i = 0; i < clients.count; i++)
		asked += pw_sleeps_ended_by(clients.of[i]->threads, SYS_recvfrom, manager->pid) > 0;
	pw_say(why, "%zu of %d clients asked the manager %u and waited for its answer", asked, CLIENTS,
	       manager->pid);
	return asked == CLIENTS;
}

/*
 * An answer that comes before its client has gone to sleep needs to wake nobody; that
 * is rare. And a manager that takes a request out of the socket wakes the client, too,
 * which looks and sleeps on (unix_write_space): so there may be two sleeps for one access.
 */
static bool is_a_round_trip(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set clients = pw_process_set_of(s, "client-");
	size_t trips = 0;

	if (!pw_process_set_counts(&clients, CLIENTS, why))
		return false;

	const struct trips told = told_trips(s, &clients);

	for (size_t i = 0; i < clients.count; i++)
		trips += pw_sleeps_ended_by(clients.of[i]->threads, SYS_recvfrom, s->role[MANAGER]->pid);
	pw_say(why, "for %d accesses, clients slept in recvfrom until the manager woke them %zu times",
	       ACCESSES, trips);
	if (told.made == 0)
		return trips >= ACCESSES / 2;
	pw_say(why, "; %zu times one asked, was answered, and only then went on", told.made);
	if (told.broken)
		pw_say(why, " (%zu times not in that order)", told.broken);
	return told.made == ACCESSES && told.broken == 0 && trips > 0;
}

/* How often a client saw a number that was seen before: one of the two additions is lost. */
static void say_seen_again(const struct pw_demo_run *s, struct pw_evidence *why)
{
	bool seen[CLIENTS * ADDITIONS] = {false};
	struct pw_mark_iter walk;
	struct pw_marked saw;
	size_t times = 0, again = 0;

	pw_mark_iter_init(&walk, s, "saw");
	for (; pw_mark_iter_next(&walk, &saw); times++) {
		const bool known = saw.value >= 0 && saw.value < (int64_t)PW_COUNT(seen);

		again += known && seen[saw.value];
		if (known)
			seen[saw.value] = true;
	}
	if (times)
		pw_say(why, "; %zu of the %zu numbers clients saw had been seen before", again, times);
}

static int sum_of(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *manager = s->role[MANAGER];

	pw_say(why, "%d additions; the manager ", CLIENTS * ADDITIONS);
	pw_evidence_exit(manager, why);
	say_seen_again(s, why);
	return manager->exited && WIFEXITED((int)manager->wait_status)
		       ? WEXITSTATUS((int)manager->wait_status)
		       : -1;
}

static bool is_right(const struct pw_demo_run *s, struct pw_evidence *why)
{
	return sum_of(s, why) == CLIENTS * ADDITIONS;
}

static bool is_too_small(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const int sum = sum_of(s, why);

	return sum > 0 && sum < CLIENTS * ADDITIONS;
}

static const char owner[] = N_("one process owns the data; the others ask it");
static const char trip[] = N_("every access is a round trip: the client sleeps until the manager answers");

static const struct pw_claim_def with_lock[] = {
	{"owner", owner, all_ask_it},
	{"round-trip", trip, is_a_round_trip},
	{"sum", N_("with a lock, the sum is right"), is_right},
};

static const struct pw_claim_def without_lock[] = {
	{"owner", owner, all_ask_it},
	{"round-trip", trip, is_a_round_trip},
	{"lost", N_("without a lock, additions are lost, manager or not"), is_too_small},
};

int pw_judge_manager(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def with = {.demo = "demo_manager",
						  .roles = {"manager"},
						  .claims = with_lock,
						  .count = PW_COUNT(with_lock)};
	static const struct pw_lesson_def without = {.demo = "demo_manager",
						     .roles = {"manager"},
						     .claims = without_lock,
						     .count = PW_COUNT(without_lock)};

	return pw_judge(lesson, m, pw_last_option(argv, "--no-lock") ? &without : &with);
}
