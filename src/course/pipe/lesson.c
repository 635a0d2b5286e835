/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>
#include <sys/wait.h>

#include "course/lib/judge.h"

const char pw_page_pipe[] =
	N_("A writer sends 20 messages down a pipe; two readers share them. A message is a\n"
	   "byte that says how long it is, and 8 bytes more; to read it takes two reads.\n"
	   "\n"
	   "A pipe knows only bytes. Without a lock (--no-lock) both readers sleep in read;\n"
	   "one gets the first byte of a message, the other the rest, and neither can make\n"
	   "sense of it. With a lock around the two reads, one reader sleeps in read and the\n"
	   "other for the lock, in futex: each message comes whole. A queue is a pipe and a\n"
	   "lock.\n"
	   "\n"
	   "Look on the HTML page (-r html=FILE) at what the readers sleep in. The kernel\n"
	   "does not know what a message is, so the demo says it by marks: put 1 and get 1,\n"
	   "and message.begin and message.end around what a reader does between its two\n"
	   "reads. A reader ends with the number of whole messages as its exit code, or with\n"
	   "100 when one was torn.\n"
	   "\n"
	   "Options:\n"
	   "  --no-lock     the readers do not take turns\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: swap (a lock where there\n"
	   "                should be none, and the other way round)\n");

enum { ONE, OTHER, WRITER, MESSAGES = 20, TORN = 100 };

/* How long both slept in read at the same time. */
static uint64_t both_in_read(const struct pw_demo_run *s)
{
	struct pw_sleeps all;
	struct pw_sleep sleep;
	uint64_t sum = 0;

	pw_sleeps_init(&all, s->role[ONE]);
	while (pw_sleeps_next(&all, &sleep)) {
		if (sleep.syscall == SYS_read)
			sum += pw_slept_in(s->role[OTHER]->threads, SYS_read, sleep.from, sleep.to);
	}
	return sum;
}

static void say_codes(const struct pw_demo_run *s, struct pw_evidence *why)
{
	pw_evidence_exit(s->role[ONE], why);
	pw_say(why, ", ");
	pw_evidence_exit(s->role[OTHER], why);
}

static bool are_whole(const struct pw_demo_run *s, struct pw_evidence *why)
{
	int sum = 0;

	for (size_t i = ONE; i <= OTHER; i++) {
		const int status = (int)s->role[i]->wait_status;

		sum += s->role[i]->exited && WIFEXITED(status) ? WEXITSTATUS(status) : TORN;
	}
	const bool told = pw_count_marks(s, "put") || pw_count_marks(s, "get");
	const bool same = !told || pw_got_as_put(s, why);

	say_codes(s, why);
	return same && sum == MESSAGES;
}

static bool are_torn(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const size_t put = pw_count_marks(s, "put");

	if (put)
		pw_say(why, "%zu put, %zu got whole, %zu torn; ", put, pw_count_marks(s, "get"),
		       pw_count_marks(s, "torn"));
	say_codes(s, why);
	return pw_exited_with(s->role[ONE], TORN) || pw_exited_with(s->role[OTHER], TORN);
}

static void say_reading(const struct pw_demo_run *s, uint64_t both, struct pw_evidence *why)
{
	uint64_t when;

	pw_say(why, "asleep in read for %s and %s, both at the same time for %s",
	       pw_dur(pw_slept_in(s->role[ONE]->threads, SYS_read, 0, UINT64_MAX)).s,
	       pw_dur(pw_slept_in(s->role[OTHER]->threads, SYS_read, 0, UINT64_MAX)).s, pw_dur(both).s);
	if (pw_count_marks(s, "message.begin"))
		pw_say(why, "; at most %zu in the middle of a message at once",
		       pw_most_inside(s, "message", &when));
}

static bool both_have_ended(const struct pw_demo_run *s, struct pw_evidence *why)
{
	return pw_has_ended(s->role[ONE], why) && pw_has_ended(s->role[OTHER], why);
}

static bool one_reads(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const uint64_t both = both_in_read(s);
	uint64_t when;

	if (!both_have_ended(s, why))
		return false;
	say_reading(s, both, why);
	return both == 0 && pw_most_inside(s, "message", &when) <= 1;
}

static bool both_read(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const uint64_t both = both_in_read(s);

	say_reading(s, both, why);
	return both > 0;
}

static bool one_waits_for_the_lock(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set readers = pw_process_set_of(s, "reader-");
	const size_t woken = pw_woken_by_each_other(&readers, SYS_futex);

	pw_say(why, "asleep in futex for %s and %s, and %zu of them woken there by the other",
	       pw_dur(pw_slept_in(s->role[ONE]->threads, SYS_futex, 0, UINT64_MAX)).s,
	       pw_dur(pw_slept_in(s->role[OTHER]->threads, SYS_futex, 0, UINT64_MAX)).s, woken);
	return woken > 0;
}

static bool nobody_waits(const struct pw_demo_run *s, struct pw_evidence *why)
{
	return both_have_ended(s, why) && !one_waits_for_the_lock(s, why);
}

static const struct pw_claim_def with_lock[] = {
	{"whole", N_("a pipe and a lock are a queue: every message comes whole, and once"), are_whole},
	{"one-reads", N_("never two are asleep in read at the same time"), one_reads},
	{"lock", N_("the other waits for the lock, and is woken by who gives it back"),
	 one_waits_for_the_lock},
};

static const struct pw_claim_def without_lock[] = {
	{"torn", N_("without a lock, messages are torn"), are_torn},
	{"both-read", N_("both readers sleep in read at the same time"), both_read},
	{"no-wait", N_("neither waits for the other"), nobody_waits},
};

int pw_judge_pipe(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def with = {.demo = "demo_pipe",
						  .roles = {"reader-1", "reader-2", "writer"},
						  .claims = with_lock,
						  .count = PW_COUNT(with_lock)};
	static const struct pw_lesson_def without = {.demo = "demo_pipe",
						     .roles = {"reader-1", "reader-2", "writer"},
						     .claims = without_lock,
						     .count = PW_COUNT(without_lock)};

	return pw_judge(lesson, m, pw_last_option(argv, "--no-lock") ? &without : &with);
}
