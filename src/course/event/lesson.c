/* SPDX-License-Identifier: GPL-2.0-only */
#include <sys/syscall.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/process_set.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"

const char pw_page_event[] =
	N_("5 waiters wait for an event. A setter works for 300 ms and sets it. Then all\n"
	   "five go on, in whatever order the scheduler likes.\n"
	   "\n"
	   "An event is a flag in shared memory, and a place to sleep for those that find it\n"
	   "not set. The place is a futex: the kernel keeps a list of the tasks that sleep\n"
	   "there, and setting the event wakes them all.\n"
	   "\n"
	   "Look at the ends of the five sleeps: they lie at the same moment, and the setter\n"
	   "woke them. Until then the waiters used no CPU; that is the difference from\n"
	   "asking again and again.\n"
	   "\n"
	   "Options:\n"
	   "  --after TIME  when the setter sets the event (300ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: poll (waiters ask\n"
	   "                every 5 ms), wake-one (the setter wakes only one) or set-before\n"
	   "                (the event is set from the beginning)\n");

static const struct pw_sentence words[] = {
	{.code = "setter_not_at_work", .text = N_("the setter {setter.pid} was not seen at work")},
	{.code = "event_not_set",
	 .text = N_("the setter {setter.pid} had not set the event when the recording ended")},
	{.code = "waiters_blocked",
	 .text = N_("{asleep} of {waiters} waiters were blocked in futex until the event was set")},
	{.code = "waiters_ran",
	 .text = N_("in the {work_ns} before the event was set, all waiters together were running for "
		    "{running_ns}")},
	{.code = "waiters_woken",
	 .text = N_("the setter woke {woken} of {waiters} waiters[within_ns?, all within {within_ns}]")},
	{.code = "waiters_went_on",
	 .text = N_("{went_on} of {waiters} waiters ran on after it and exited with code 0")},
	{0},
};

enum { SETTER, WAITERS = 5 };

/* The setter's work is a pause. When it runs again, it sets the event. */
static bool find_setting(const struct pw_demo_run *run, struct pw_sleep *work, struct pw_evidence *why)
{
	const struct pw_process *setter = run->role[SETTER];

	if (!pw_longest_sleep(setter->threads, SYS_clock_nanosleep, work)) {
		pw_evidence_add(why, "setter_not_at_work", PW_VALUES(pw_value_process("setter", setter)));
		return false;
	}
	if (pw_ran_after(setter, work->to) > 0)
		return true;
	pw_evidence_add(why, "event_not_set", PW_VALUES(pw_value_process("setter", setter)));
	return false;
}

static bool wait_blocked(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(run, "waiter-");
	size_t asleep = 0;
	uint64_t ran = 0;
	struct pw_sleep work, sleep;

	if (!pw_process_set_counts(&all, WAITERS, why) || !find_setting(run, &work, why))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		const struct pw_thread *t = all.of[i]->threads;

		ran += pw_spent(t, PW_RUNNING, work.from, work.to);
		asleep += pw_longest_sleep(t, SYS_futex, &sleep) && sleep.from < work.to &&
			  sleep.to >= work.to;
	}
	pw_evidence_add(why, "waiters_blocked",
			PW_VALUES(pw_value_count("asleep", asleep), pw_value_count("waiters", WAITERS)));
	pw_evidence_add(
		why, "waiters_ran",
		PW_VALUES(pw_value_between("work_ns", work.from, work.to), pw_value_ns("running_ns", ran)));
	return asleep == WAITERS && ran < (work.to - work.from) / 20;
}

static bool setter_wakes_all(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(run, "waiter-");
	size_t woken = 0;
	uint64_t first = UINT64_MAX, last = 0;
	struct pw_sleep sleep;

	if (!pw_process_set_counts(&all, WAITERS, why))
		return false;
	for (size_t i = 0; i < all.count; i++) {
		if (!pw_longest_sleep(all.of[i]->threads, SYS_futex, &sleep) ||
		    sleep.by != run->role[SETTER]->pid)
			continue;
		woken++;
		first = sleep.to < first ? sleep.to : first;
		last = sleep.to > last ? sleep.to : last;
	}
	pw_evidence_add(why, "waiters_woken",
			PW_VALUES(pw_value_count("woken", woken), pw_value_count("waiters", WAITERS),
				  woken > 0 ? pw_value_between("within_ns", first, last)
					    : pw_value_unknown("within_ns")));
	return woken == WAITERS;
}

static bool all_go_on(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(run, "waiter-");
	size_t went_on = 0;
	struct pw_sleep work;

	if (!pw_process_set_counts(&all, WAITERS, why) || !find_setting(run, &work, why))
		return false;
	for (size_t i = 0; i < all.count; i++)
		went_on += pw_exited_with(all.of[i], 0) && all.of[i]->exit_begun > work.to &&
			   pw_ran_after(all.of[i], work.to) > 0;
	pw_evidence_add(why, "waiters_went_on",
			PW_VALUES(pw_value_count("went_on", went_on), pw_value_count("waiters", WAITERS)));
	return went_on == WAITERS;
}

static const struct pw_claim_def claims[] = {
	{.id = "blocked",
	 .text = N_("all waiters are blocked until the event is set"),
	 .holds = wait_blocked},
	{.id = "woken", .text = N_("setting the event wakes them all at once"), .holds = setter_wakes_all},
	{.id = "go-on", .text = N_("then all of them go on"), .holds = all_go_on},
};

int pw_judge_event(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_event",
						 .roles = {"setter"},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
