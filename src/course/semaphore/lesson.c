/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/marks.h"
#include "course/lib/process_set.h"

const char pw_page_semaphore[] =
	N_("8 guests want to be in a room for 60 ms each; 3 may be inside at a time.\n"
	   "\n"
	   "A semaphore counts permits. A guest that enters takes one, or sleeps in futex\n"
	   "while there is none; a guest that leaves gives it back and wakes one of those\n"
	   "that sleep. So three at a time are inside, and eight guests need three rounds.\n"
	   "\n"
	   "Look at the sleeps in clock_nanosleep, in which a guest is inside (it says so\n"
	   "with the marks inside.begin and inside.end): there are never more than three one\n"
	   "below the other.\n"
	   "\n"
	   "Options:\n"
	   "  --stay TIME   how long each guest is inside (60ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: no-limit (a permit for\n"
	   "                each guest), one-permit or poll (guests try again and again\n"
	   "                instead of sleeping)\n");

static const struct pw_sentence words[] = {
	{.code = "guests_inside",
	 .text = N_("{visits} {visits|guest was|guests were} inside, at most {most} at once")},
	{.code = "guests_woken",
	 .text = N_("{woken} of {guests} guests were blocked in futex until a guest that left woke them")},
	{0},
};

enum { GUESTS = 8, PERMITS = 3 };

static bool find_guests(const struct pw_demo_run *run, struct pw_process_set *guests, struct pw_evidence *why)
{
	*guests = pw_process_set_of(run, "guest-");
	return pw_process_set_counts(guests, GUESTS, why);
}

/* The most guests that were inside at once, and how often one was. */
struct guests_inside {
	size_t most, visits;
};

static bool find_inside(const struct pw_demo_run *run, struct guests_inside *out, struct pw_evidence *why)
{
	struct pw_process_set guests;

	if (!find_guests(run, &guests, why))
		return false;
	out->most = pw_most_inside_or_pausing(run, &guests, &out->visits);
	pw_evidence_add(why, "guests_inside",
			PW_VALUES(pw_value_count("visits", out->visits), pw_value_count("most", out->most)));
	return true;
}

static bool at_most_three(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct guests_inside inside;

	return find_inside(run, &inside, why) && inside.visits == GUESTS && inside.most <= PERMITS;
}

static bool three_at_once(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct guests_inside inside;

	return find_inside(run, &inside, why) && inside.most == PERMITS;
}

static bool others_are_blocked(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pw_process_set guests;
	size_t woken;

	if (!find_guests(run, &guests, why))
		return false;
	woken = pw_woken_by_each_other(&guests, SYS_futex);
	pw_evidence_add(why, "guests_woken",
			PW_VALUES(pw_value_count("woken", woken), pw_value_count("guests", GUESTS)));
	/* The first three find a permit; some may come just when another leaves. */
	return woken + PERMITS + 2 >= GUESTS && woken <= GUESTS - PERMITS;
}

static const struct pw_claim_def claims[] = {
	{.id = "at-most-3",
	 .text = N_("with 3 permits, never more than 3 guests are inside"),
	 .holds = at_most_three},
	{.id = "three",
	 .text = N_("a semaphore is not a lock: 3 guests are inside at once"),
	 .holds = three_at_once},
	{.id = "blocked",
	 .text = N_("the others are blocked until a guest leaves and wakes one of them"),
	 .holds = others_are_blocked},
};

int pw_judge_semaphore(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_semaphore",
						 .roles = {NULL},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
