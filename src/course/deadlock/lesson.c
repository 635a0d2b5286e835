/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>
#include <sys/syscall.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"

const char pw_page_deadlock[] =
	N_("Two eaters want to eat noodles, with the one fork there is. The first takes the\n"
	   "noodles and then wants the fork; the second has the fork and wants the noodles.\n"
	   "Neither gives back what it has before it has eaten. Both wait forever: a\n"
	   "deadlock. After 800 ms a watchdog ends them.\n"
	   "\n"
	   "Look at the two lines: from the moment each wants its second lock, both are\n"
	   "blocked in futex, use no CPU, and nothing wakes them but the watchdog. They look\n"
	   "like any two processes that wait for something, but no process is left that\n"
	   "could bring it.\n"
	   "\n"
	   "There are two cures. If both take the locks in the same order (--ordered), the\n"
	   "one that has the first lock also gets the second. Or there is one lock for both\n"
	   "things (--recursive), which its holder may take a second time; with an ordinary\n"
	   "lock it would wait for itself.\n"
	   "\n"
	   "Options:\n"
	   "  --ordered        cure: both take the noodles first\n"
	   "  --recursive      cure: noodles and fork are one lock, which can be taken twice\n"
	   "  --patience TIME  when the watchdog ends the eaters that are left (800ms)\n"
	   "  --spoil KIND     break it on purpose, to see a claim fail: swap (the cure\n"
	   "                   where there should be none, and none where there should be\n"
	   "                   one) or spin (try again and again instead of sleeping)\n");

static const struct pw_sentence words[] = {
	{.code = "not_blocked", .text = N_("{eater.pid} was not blocked in futex when the watchdog came")},
	{.code = "blocked_until_the_watchdog",
	 .text = N_("{eater.pid} was blocked in futex for {blocked_ns}, until the watchdog ended it")},
	{.code = "watchdog_woke_both", .text = N_("the watchdog {watchdog.pid} woke both")},
	{.code = "watchdog_woke_not_both", .text = N_("the watchdog {watchdog.pid} did not wake both")},
	{.code = "ended_without_watchdog", .text = N_("{eater.pid} ended without the watchdog")},
	{.code = "ran_in_the_deadlock",
	 .text = N_("in the {both_ns} in which both wanted their second lock, the two together were running "
		    "for {running_ns}")},
	{.code = "blocked_until_released",
	 .text = N_(
		 "{eater.pid} was blocked in futex for {blocked_ns}, until {holder.pid} released the lock")},
	{.code = "neither_woke_the_other", .text = N_("neither eater woke the other")},
	{.code = "watchdog_sent_sigterm", .text = N_("the watchdog {watchdog.pid} sent SIGTERM")},
	{.code = "watchdog_sent_nothing", .text = N_("the watchdog {watchdog.pid} sent no signal")},
	{0},
};

enum { ONE, OTHER };

/* The sleep in futex that the watchdog ended; false: there was none. */
static bool last_wait(const struct pw_demo_run *run, const struct pw_process *eater, struct pw_sleep *out)
{
	const struct pw_signal_record *term = pw_sent(run, run->main, eater, SIGTERM);
	struct pw_sleeps all;

	pw_sleeps_init(&all, eater);
	while (term && pw_sleeps_next(&all, out)) {
		/* Two hooks report the signal and the wake-up it causes: at most 1 ms apart they are one moment. */
		if (out->syscall == SYS_futex && out->from < term->at && out->to + 1000000 > term->at)
			return true;
	}
	return false;
}

static bool find_last_waits(const struct pw_demo_run *run, struct pw_sleep waits[2], struct pw_evidence *why)
{
	for (size_t i = ONE; i <= OTHER; i++) {
		if (last_wait(run, run->role[i], &waits[i]))
			continue;
		pw_evidence_add(why, "not_blocked", PW_VALUES(pw_value_process("eater", run->role[i])));
		return false;
	}
	return true;
}

static bool both_block(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct pw_sleep waits[2];

	if (!find_last_waits(run, waits, why))
		return false;
	for (size_t i = ONE; i <= OTHER; i++)
		pw_evidence_add(why, "blocked_until_the_watchdog",
				PW_VALUES(pw_value_process("eater", run->role[i]),
					  pw_value_between("blocked_ns", waits[i].from, waits[i].to)));
	return waits[ONE].from < waits[OTHER].to && waits[OTHER].from < waits[ONE].to;
}

/* Neither woke the other: a signal ended both sleeps and both processes. */
static bool lasts_forever(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *one = run->role[ONE], *other = run->role[OTHER];
	struct pw_sleep waits[2];
	bool both;

	if (!find_last_waits(run, waits, why))
		return false;
	pw_evidence_exit(one, why);
	pw_evidence_exit(other, why);
	both = waits[ONE].by == run->main->pid && waits[OTHER].by == run->main->pid;
	pw_evidence_add(why, both ? "watchdog_woke_both" : "watchdog_woke_not_both",
			PW_VALUES(pw_value_process("watchdog", run->main)));
	return pw_killed_by(one, SIGTERM) && pw_killed_by(other, SIGTERM) && waits[ONE].by != other->pid &&
	       waits[OTHER].by != one->pid;
}

/* From the moment the later one wants its second lock until the watchdog's first signal. */
static bool uses_no_cpu(const struct pw_demo_run *run, struct pw_evidence *why)
{
	uint64_t from = 0, to = UINT64_MAX, ran = 0;
	struct pw_sleep pause;

	for (size_t i = ONE; i <= OTHER; i++) {
		const struct pw_signal_record *term = pw_sent(run, run->main, run->role[i], SIGTERM);

		if (!term || !pw_last_pause(run->role[i], term->at, &pause)) {
			pw_evidence_add(why, "ended_without_watchdog",
					PW_VALUES(pw_value_process("eater", run->role[i])));
			return false;
		}
		from = pause.to > from ? pause.to : from;
		to = term->at < to ? term->at : to;
	}
	for (size_t i = ONE; i <= OTHER; i++)
		ran += pw_spent(run->role[i]->threads, PW_RUNNING, from, to);
	pw_evidence_add(why, "ran_in_the_deadlock",
			PW_VALUES(pw_value_between("both_ns", from, to), pw_value_ns("running_ns", ran)));
	return to > from && ran < (to - from) / 20;
}

static bool both_end(const struct pw_demo_run *run, struct pw_evidence *why)
{
	pw_evidence_exit(run->role[ONE], why);
	pw_evidence_exit(run->role[OTHER], why);
	return pw_exited_with(run->role[ONE], 0) && pw_exited_with(run->role[OTHER], 0);
}

static bool one_waits(const struct pw_demo_run *run, struct pw_evidence *why)
{
	for (size_t i = ONE; i <= OTHER; i++) {
		const struct pw_process *eater = run->role[i], *other = run->role[OTHER - i];
		struct pw_sleep sleep;

		if (!pw_longest_sleep(eater->threads, SYS_futex, &sleep) || sleep.by != other->pid)
			continue;
		pw_evidence_add(why, "blocked_until_released",
				PW_VALUES(pw_value_process("eater", eater),
					  pw_value_between("blocked_ns", sleep.from, sleep.to),
					  pw_value_process("holder", other)));
		return true;
	}
	pw_evidence_add(why, "neither_woke_the_other", NULL);
	return false;
}

static bool watchdog_does_nothing(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const bool sent = pw_sent(run, run->main, run->role[ONE], SIGTERM) ||
			  pw_sent(run, run->main, run->role[OTHER], SIGTERM);

	if (!pw_has_ended(run->role[ONE], why) || !pw_has_ended(run->role[OTHER], why))
		return false;
	pw_evidence_add(why, sent ? "watchdog_sent_sigterm" : "watchdog_sent_nothing",
			PW_VALUES(pw_value_process("watchdog", run->main)));
	return !sent;
}

static const struct pw_claim_def deadlock[] = {
	{.id = "both",
	 .text = N_("each waits for the lock that the other holds: both are blocked"),
	 .holds = both_block},
	{.id = "for-good",
	 .text = N_("they wait forever: only a signal from outside ends it"),
	 .holds = lasts_forever},
	{.id = "no-cpu", .text = N_("a deadlock uses no CPU"), .holds = uses_no_cpu},
};

static const struct pw_claim_def cure[] = {
	{.id = "end", .text = N_("cured, both finish by themselves"), .holds = both_end},
	{.id = "wait",
	 .text = N_("the one that comes second waits until the other releases the lock"),
	 .holds = one_waits},
	{.id = "alone", .text = N_("the watchdog has nothing to do"), .holds = watchdog_does_nothing},
};

int pw_judge_deadlock(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def ill = {.demo = "demo_deadlock",
						 .roles = {"eater-1", "eater-2"},
						 .claims = deadlock,
						 .count = PW_COUNT(deadlock),
						 .words = words};
	static const struct pw_lesson_def cured = {.demo = "demo_deadlock",
						   .roles = {"eater-1", "eater-2"},
						   .claims = cure,
						   .count = PW_COUNT(cure),
						   .words = words};
	const bool is_cured = pw_last_option(argv, "--ordered") || pw_last_option(argv, "--recursive");

	return pw_judge(lesson, m, is_cured ? &cured : &ill);
}
