/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/lib/judge.h"

const char pw_page_event[] =
	N_("5 waiters wait for an event. A setter works for 300 ms and sets it. Then all\n"
	   "five go on, in whatever order the scheduler likes.\n"
	   "\n"
	   "An event is a flag in shared memory, and a place to sleep for those who find it\n"
	   "down. The place is a futex: the kernel keeps a list of those who sleep there,\n"
	   "and setting the event wakes them all.\n"
	   "\n"
	   "Look at the end of the five sleeps: it is the same moment, and the setter woke\n"
	   "them. Before that they used no CPU, which is the difference to asking again and\n"
	   "again.\n"
	   "\n"
	   "Options:\n"
	   "  --after TIME  when the setter does (300ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: poll (waiters ask every\n"
	   "                5 ms), wake-one (the setter does) or set-before (it is set from\n"
	   "                the beginning)\n");

enum { SETTER, WAITERS = 5 };

/* The setter's work is a pause; when it is on a CPU again, it sets the event. */
static bool find_setting(const struct pw_demo_run *s, struct pw_sleep *work, struct pw_evidence *why)
{
	const struct pw_process *setter = s->role[SETTER];

	if (!pw_longest_sleep(setter->threads, SYS_clock_nanosleep, work)) {
		pw_say(why, "the setter %u was not seen at work", setter->pid);
		return false;
	}
	if (pw_ran_after(setter, work->to) > 0)
		return true;
	pw_say(why, "the setter %u had not set the event when the recording ended", setter->pid);
	return false;
}

static bool wait_blocked(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(s, "waiter-");
	size_t asleep = 0;
	uint64_t ran = 0;
	struct pw_sleep work, sleep;

	if (!pw_process_set_counts(&all, WAITERS, why) || !find_setting(s, &work, why))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct pw_thread *t = all.of[i]->threads;

		ran += pw_spent(t, PW_RUNNING, work.from, work.to);
		asleep += pw_longest_sleep(t, SYS_futex, &sleep) && sleep.from < work.to &&
			  sleep.to >= work.to;
	}
	pw_say(why,
	       "%zu of %d waiters were blocked in futex until the event was set; in the %s before that all "
	       "of "
	       "them were running for %s",
	       asleep, WAITERS, pw_from_to(work.from, work.to).s, pw_dur(ran).s);
	return asleep == WAITERS && ran < (work.to - work.from) / 20;
}

static bool setter_wakes_all(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(s, "waiter-");
	size_t woken = 0;
	uint64_t first = UINT64_MAX, last = 0;
	struct pw_sleep sleep;

	if (!pw_process_set_counts(&all, WAITERS, why))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		if (!pw_longest_sleep(all.of[i]->threads, SYS_futex, &sleep) ||
		    sleep.by != s->role[SETTER]->pid)
			continue;
		woken++;
		first = sleep.to < first ? sleep.to : first;
		last = sleep.to > last ? sleep.to : last;
	}
	pw_say(why, "the setter woke %zu of %d", woken, WAITERS);
	if (woken > 0)
		pw_say(why, ", all within %s", pw_from_to(first, last).s);
	return woken == WAITERS;
}

static bool all_go_on(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(s, "waiter-");
	size_t went_on = 0;
	struct pw_sleep work;

	if (!pw_process_set_counts(&all, WAITERS, why) || !find_setting(s, &work, why))
		return false;
	for (size_t i = 0; i < all.count; i++)
		went_on += pw_exited_with(all.of[i], 0) && all.of[i]->exit_begun > work.to &&
			   pw_ran_after(all.of[i], work.to) > 0;
	pw_say(why, "%zu of %d ran on after it and ended with exit code 0", went_on, WAITERS);
	return went_on == WAITERS;
}

static const struct pw_claim_def claims[] = {
	{"blocked", N_("all waiters are blocked until the event is set"), wait_blocked},
	{"woken", N_("setting it wakes them all at once"), setter_wakes_all},
	{"go-on", N_("then all go on"), all_go_on},
};

int pw_judge_event(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_event", .roles = {"setter"}, .claims = claims, .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
