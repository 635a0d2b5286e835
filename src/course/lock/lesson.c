/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/lib/judge.h"

const char pw_page_lock[] =
	N_("10 buyers want 3 tickets. Each looks how many are left, pays, which takes 20 ms,\n"
	   "and notes that there is one less.\n"
	   "\n"
	   "With a lock around the three steps, one buyer after the other goes through them,\n"
	   "and 3 tickets are sold. The others are blocked meanwhile: they sleep in futex,\n"
	   "and whoever is done wakes the next. Without it (--no-lock) they all look while\n"
	   "there are 3, all pay, and all believe they have one.\n"
	   "\n"
	   "Each buyer marks when it is inside (inside.begin, inside.end) and how many\n"
	   "tickets it saw. Look at the sleeps in clock_nanosleep, in which they pay: with\n"
	   "the lock they make a staircase, without it they lie one below the other. A buyer\n"
	   "ends with exit code 1 if it has a ticket.\n"
	   "\n"
	   "Options:\n"
	   "  --no-lock     they do not take turns\n"
	   "  --pay TIME    how long it takes to look and pay (20ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: swap (a lock where there\n"
	   "                should be none, and the other way round) or spin (each asks for\n"
	   "                its turn again and again instead of sleeping)\n");

enum { BUYERS = 10, TICKETS = 3 };

static bool find_buyers(const struct pw_demo_run *s, struct pw_process_set *buyers, struct pw_evidence *why)
{
	*buyers = pw_process_set_of(s, "buyer-");
	return pw_process_set_counts(buyers, BUYERS, why);
}

/* Whoever is still at it may yet buy a ticket, or wait for another. */
static bool find_all_done(const struct pw_demo_run *s, struct pw_process_set *buyers, struct pw_evidence *why)
{
	return find_buyers(s, buyers, why) && pw_process_set_ended(buyers, why);
}

/* What each saw, by its marks: with a lock, one ticket less than the one before. */
static void say_what_they_saw(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_mark_iter walk;
	struct pw_marked mark;
	size_t n = 0;

	pw_mark_iter_init(&walk, s, "saw");
	while (pw_mark_iter_next(&walk, &mark) && n <= BUYERS)
		pw_say(why, "%s%lld", n++ ? _(", ") : _("; one after the other they saw "),
		       (long long)mark.value);
	if (n)
		pw_say(why, " left");
}

static size_t sold(const struct pw_demo_run *s, const struct pw_process_set *buyers, struct pw_evidence *why)
{
	size_t count = 0;

	for (size_t i = 0; i < buyers->count; i++)
		count += pw_exited_with(buyers->of[i], 1);
	pw_say(why, "%zu of %zu buyers ended with exit code 1: they have a ticket", count, buyers->count);
	say_what_they_saw(s, why);
	return count;
}

static bool three_are_sold(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set buyers;

	return find_all_done(s, &buyers, why) && sold(s, &buyers, why) == TICKETS;
}

static bool too_many_are_sold(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set buyers;

	return find_buyers(s, &buyers, why) && sold(s, &buyers, why) > TICKETS;
}

static bool one_pays(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set buyers;
	size_t pauses, most;

	if (!find_buyers(s, &buyers, why))
		return false;
	most = pw_most_told_inside(s, &buyers, &pauses);
	pw_say(why, "%zu times one paid, at most %zu at the same time", pauses, most);
	return pauses == BUYERS && most == 1;
}

static bool several_pay(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set buyers;
	size_t pauses, most;

	if (!find_buyers(s, &buyers, why))
		return false;
	most = pw_most_told_inside(s, &buyers, &pauses);
	pw_say(why, "%zu times one paid, %zu at the same time", pauses, most);
	return most > 1;
}

static bool others_are_blocked(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set buyers;
	size_t woken;

	if (!find_buyers(s, &buyers, why))
		return false;
	woken = pw_woken_by_each_other(&buyers, SYS_futex);
	pw_say(why, "%zu of %d were blocked in futex until another of them woke them", woken, BUYERS);
	/* All but the first; and one may come just when another leaves. */
	return woken + 2 >= BUYERS;
}

static bool nobody_waits(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set buyers;
	size_t woken;

	if (!find_all_done(s, &buyers, why))
		return false;
	woken = pw_woken_by_each_other(&buyers, SYS_futex);
	pw_say(why, "%zu of %d were blocked until another of them woke them", woken, BUYERS);
	return woken == 0;
}

static const struct pw_claim_def with_lock[] = {
	{"sold", N_("with a lock, exactly as many are sold as there are: 3"), three_are_sold},
	{"alone", N_("never two are inside the lock at once"), one_pays},
	{"blocked", N_("the others are blocked meanwhile, and one wakes the next"), others_are_blocked},
};

static const struct pw_claim_def without_lock[] = {
	{"sold", N_("without a lock, more are sold than there are"), too_many_are_sold},
	{"together", N_("several are inside at once"), several_pay},
	{"no-wait", N_("nobody waits for anybody"), nobody_waits},
};

int pw_judge_lock(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def with = {
		.demo = "demo_lock", .roles = {NULL}, .claims = with_lock, .count = PW_COUNT(with_lock)};
	static const struct pw_lesson_def without = {.demo = "demo_lock",
						     .roles = {NULL},
						     .claims = without_lock,
						     .count = PW_COUNT(without_lock)};

	return pw_judge(lesson, m, pw_last_option(argv, "--no-lock") ? &without : &with);
}
