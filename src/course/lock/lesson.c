/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/marks.h"
#include "course/lib/process_set.h"
#include "course/lib/processes.h"

const char pw_page_lock[] =
	N_("10 buyers want 3 tickets. Each one looks how many are left, pays, which takes\n"
	   "20 ms, and notes that there is one less.\n"
	   "\n"
	   "With a lock around the three steps, the buyers go through them one after the\n"
	   "other, and 3 tickets are sold. The others are blocked meanwhile: they sleep in\n"
	   "futex, and each buyer that leaves wakes the next. Without a lock (--no-lock) all\n"
	   "of them look while there are 3, all pay, and all believe they have a ticket.\n"
	   "\n"
	   "Each buyer marks when it is inside (inside.begin, inside.end) and how many\n"
	   "tickets it saw. Look at the sleeps in clock_nanosleep, in which they pay: with\n"
	   "the lock they form a staircase, without it they lie one below the other. A buyer\n"
	   "that has a ticket ends with exit code 1.\n"
	   "\n"
	   "Options:\n"
	   "  --no-lock     the buyers do not take turns\n"
	   "  --pay TIME    how long it takes to look and pay (20ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: swap (a lock where\n"
	   "                there should be none, and none where there should be one) or\n"
	   "                spin (each buyer tries the lock again and again instead of\n"
	   "                sleeping)\n");

static const struct pw_sentence words[] = {
	{.code = "tickets_sold",
	 .text = N_("{sold} of {buyers} buyers exited with code 1: they have a ticket")},
	{.code = "tickets_left_seen", .text = N_("one after the other, the buyers saw {left} left")},
	{.code = "buyers_inside",
	 .text = N_("buyers were inside {times} {times|time|times}, at most {most} at once")},
	{.code = "buyers_woken",
	 .text = N_("{woken} of {buyers} buyers were blocked in futex until another buyer woke them")},
	{0},
};

enum { BUYERS = 10, TICKETS = 3 };

static bool find_buyers(const struct pw_demo_run *run, struct pw_process_set *buyers, struct pw_evidence *why)
{
	*buyers = pw_process_set_of(run, "buyer-");
	return pw_process_set_counts(buyers, BUYERS, why);
}

/* A buyer that is still running may yet buy a ticket, or wait for another buyer. */
static bool find_all_done(const struct pw_demo_run *run, struct pw_process_set *buyers,
			  struct pw_evidence *why)
{
	return find_buyers(run, buyers, why) && pw_process_set_ended(buyers, why);
}

/* What each buyer saw, by its marks: with a lock, one ticket less than the buyer before. */
static void add_tickets_seen(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pw_fact fact = pw_fact_make("tickets_left_seen", NULL);
	struct pw_mark_iter walk;
	struct pw_marked mark;

	pw_mark_iter_init(&walk, run, "saw");
	while (pw_mark_iter_next(&walk, &mark))
		pw_fact_add(&fact, pw_value_item(pw_value_integer("left", mark.value)));
	if (fact.count > 0)
		pw_facts_add(&why->facts, &fact);
}

static size_t sold(const struct pw_demo_run *run, const struct pw_process_set *buyers,
		   struct pw_evidence *why)
{
	size_t count = 0;

	for (size_t i = 0; i < buyers->count; i++)
		count += pw_exited_with(buyers->of[i], 1);
	pw_evidence_add(why, "tickets_sold",
			PW_VALUES(pw_value_count("sold", count), pw_value_count("buyers", buyers->count)));
	add_tickets_seen(run, why);
	return count;
}

static bool three_are_sold(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pw_process_set buyers;

	return find_all_done(run, &buyers, why) && sold(run, &buyers, why) == TICKETS;
}

static bool too_many_are_sold(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pw_process_set buyers;

	return find_buyers(run, &buyers, why) && sold(run, &buyers, why) > TICKETS;
}

/* The most buyers that were inside at once, and how often one was. */
struct inside {
	size_t most, times;
};

static bool find_inside(const struct pw_demo_run *run, struct inside *out, struct pw_evidence *why)
{
	struct pw_process_set buyers;

	if (!find_buyers(run, &buyers, why))
		return false;
	out->most = pw_most_inside_or_pausing(run, &buyers, &out->times);
	pw_evidence_add(why, "buyers_inside",
			PW_VALUES(pw_value_count("times", out->times), pw_value_count("most", out->most)));
	return true;
}

static bool one_pays(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct inside inside;

	return find_inside(run, &inside, why) && inside.times == BUYERS && inside.most == 1;
}

static bool several_pay(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct inside inside;

	return find_inside(run, &inside, why) && inside.most > 1;
}

static size_t count_woken(const struct pw_process_set *buyers, struct pw_evidence *why)
{
	const size_t woken = pw_woken_by_each_other(buyers, SYS_futex);

	pw_evidence_add(why, "buyers_woken",
			PW_VALUES(pw_value_count("woken", woken), pw_value_count("buyers", BUYERS)));
	return woken;
}

static bool others_are_blocked(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pw_process_set buyers;

	if (!find_buyers(run, &buyers, why))
		return false;
	/* All but the first; and one may come just when another leaves. */
	return count_woken(&buyers, why) + 2 >= BUYERS;
}

static bool nobody_waits(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pw_process_set buyers;

	return find_all_done(run, &buyers, why) && count_woken(&buyers, why) == 0;
}

static const struct pw_claim_def with_lock[] = {
	{.id = "sold",
	 .text = N_("with a lock, exactly as many tickets are sold as there are: 3"),
	 .holds = three_are_sold},
	{.id = "alone", .text = N_("no two processes hold the lock at once"), .holds = one_pays},
	{.id = "blocked",
	 .text = N_("the others are blocked meanwhile, and each one wakes the next"),
	 .holds = others_are_blocked},
};

static const struct pw_claim_def without_lock[] = {
	{.id = "sold",
	 .text = N_("without a lock, more tickets are sold than there are"),
	 .holds = too_many_are_sold},
	{.id = "together", .text = N_("several buyers are inside at once"), .holds = several_pay},
	{.id = "no-wait", .text = N_("no buyer waits for another"), .holds = nobody_waits},
};

int pw_judge_lock(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def with = {.demo = "demo_lock",
						  .roles = {NULL},
						  .claims = with_lock,
						  .count = PW_COUNT(with_lock),
						  .words = words};
	static const struct pw_lesson_def without = {.demo = "demo_lock",
						     .roles = {NULL},
						     .claims = without_lock,
						     .count = PW_COUNT(without_lock),
						     .words = words};

	return pw_judge(lesson, m, pw_last_option(argv, "--no-lock") ? &without : &with);
}
