/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/lib/judge.h"

const char pw_page_semaphore[] =
	N_("8 guests want to be in a room for 60 ms each; 3 may be inside at a time.\n"
	   "\n"
	   "A semaphore counts permits. Whoever enters takes one, or sleeps in futex while\n"
	   "there is none; whoever leaves gives it back and wakes one of those who sleep. So\n"
	   "three at a time are inside, and eight need three rounds.\n"
	   "\n"
	   "Look at the sleeps in clock_nanosleep, in which a guest is inside (it says so by\n"
	   "marks, inside.begin and inside.end): never more than three one below the other.\n"
	   "\n"
	   "Options:\n"
	   "  --stay TIME   how long each is inside (60ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: no-limit (a permit for\n"
	   "                everybody), one-permit or poll (guests ask again and again)\n");

enum { GUESTS = 8, PERMITS = 3 };

static bool find_guests(const struct pw_demo_run *s, struct pw_process_set *guests, struct pw_evidence *why)
{
	*guests = pw_process_set_of(s, "guest-");
	return pw_process_set_counts(guests, GUESTS, why);
}

static bool at_most_three(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set guests;
	size_t visits, most;

	if (!find_guests(s, &guests, why))
		return false;
	most = pw_most_told_inside(s, &guests, &visits);
	pw_say(why, "%zu visits, at most %zu at the same time", visits, most);
	return visits == GUESTS && most <= PERMITS;
}

static bool three_at_once(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set guests;
	size_t visits, most;

	if (!find_guests(s, &guests, why))
		return false;
	most = pw_most_told_inside(s, &guests, &visits);
	pw_say(why, "%zu visits, %zu of them at the same time", visits, most);
	return most == PERMITS;
}

static bool others_are_blocked(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_process_set guests;
	size_t woken;

	if (!find_guests(s, &guests, why))
		return false;
	woken = pw_woken_by_each_other(&guests, SYS_futex);
	pw_say(why, "%zu of %d were blocked in futex until a guest that left woke them", woken, GUESTS);
	/* The first three find a permit; some may come just when another leaves. */
	return woken + PERMITS + 2 >= GUESTS && woken <= GUESTS - PERMITS;
}

static const struct pw_claim_def claims[] = {
	{"at-most-3", N_("with 3 permits, never more than 3 are inside"), at_most_three},
	{"three", N_("it is no lock: 3 are inside at the same time"), three_at_once},
	{"blocked", N_("the others are blocked, until somebody leaves and wakes one"), others_are_blocked},
};

int pw_judge_semaphore(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_semaphore", .roles = {NULL}, .claims = claims, .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
