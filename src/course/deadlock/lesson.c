/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>
#include <sys/syscall.h>

#include "course/lib/judge.h"

const char pw_page_deadlock[] =
	N_("Two want to eat noodles, with the one fork there is. The first takes the noodles\n"
	   "and then wants the fork; the second has the fork and wants the noodles. Neither\n"
	   "gives back what it has before it has eaten. Both wait for ever: a deadlock.\n"
	   "After 800 ms a watchdog ends them.\n"
	   "\n"
	   "Look at the two lines: from the moment at which each wants the second lock, both\n"
	   "are blocked in futex, use no CPU, and nothing wakes them but the watchdog. It\n"
	   "looks like two processes that wait for something; only nobody is left who could\n"
	   "bring it.\n"
	   "\n"
	   "Two cures. If all take the locks in the same order (--ordered), whoever has the\n"
	   "first one gets the second. Or there is one lock for both (--recursive), which\n"
	   "its holder may take a second time; with an ordinary lock it would wait for\n"
	   "itself.\n"
	   "\n"
	   "Options:\n"
	   "  --ordered        cure: both take the noodles first\n"
	   "  --recursive      cure: noodles and fork are one lock, which can be taken twice\n"
	   "  --patience TIME  when the watchdog ends whoever is left (800ms)\n"
	   "  --spoil KIND     do it wrong, to see a claim not held: swap (the cure where\n"
	   "                   there should be none, and none where there should be) or spin\n"
	   "                   (try again and again instead of sleeping)\n");

enum { ONE, OTHER };

/* The sleep in which it was when the watchdog came; false: it was in none. */
static bool last_wait(const struct pw_demo_run *s, const struct pw_process *eater, struct pw_sleep *out)
{
	const struct pw_signal_record *term = pw_sent(s, s->main, eater, SIGTERM);
	struct pw_sleeps all;

	pw_sleeps_init(&all, eater);
	while (term && pw_sleeps_next(&all, out)) {
		/* The signal and the wake-up it makes are one moment, seen by two hooks. */
		if (out->syscall == SYS_futex && out->from < term->at && out->to + 1000000 > term->at)
			return true;
	}
	return false;
}

static bool both_waits(const struct pw_demo_run *s, struct pw_sleep w[2], struct pw_evidence *why)
{
	for (size_t i = ONE; i <= OTHER; i++) {
		if (last_wait(s, s->role[i], &w[i]))
			continue;
		pw_say(why, "%u was not blocked in futex when the watchdog came", s->role[i]->pid);
		return false;
	}
	return true;
}

static bool both_block(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_sleep w[2];

	if (!both_waits(s, w, why))
		return false;
	pw_say(why, "%u was blocked in futex for %s, %u for %s, both until the watchdog ended them",
	       s->role[ONE]->pid, pw_from_to(w[ONE].from, w[ONE].to).s, s->role[OTHER]->pid,
	       pw_from_to(w[OTHER].from, w[OTHER].to).s);
	return w[ONE].from < w[OTHER].to && w[OTHER].from < w[ONE].to;
}

/* Neither was woken by the other: a signal ended both sleeps and both processes. */
static bool is_for_good(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct pw_sleep w[2];

	if (!both_waits(s, w, why))
		return false;
	pw_evidence_exit(s->role[ONE], why);
	pw_say(why, ", ");
	pw_evidence_exit(s->role[OTHER], why);
	pw_say(why, "; the watchdog %u woke %s", s->main->pid,
	       w[ONE].by == s->main->pid && w[OTHER].by == s->main->pid ? _("both") : _("not both"));
	return pw_killed_by(s->role[ONE], SIGTERM) && pw_killed_by(s->role[OTHER], SIGTERM) &&
	       w[ONE].by != s->role[OTHER]->pid && w[OTHER].by != s->role[ONE]->pid;
}

/* From the moment at which the later one wants its second lock to the watchdog's first signal. */
static bool uses_no_cpu(const struct pw_demo_run *s, struct pw_evidence *why)
{
	uint64_t from = 0, to = UINT64_MAX, ran = 0;
	struct pw_sleep pause;

	for (size_t i = ONE; i <= OTHER; i++) {
		const struct pw_signal_record *term = pw_sent(s, s->main, s->role[i], SIGTERM);

		if (!term || !pw_last_pause(s->role[i], term->at, &pause)) {
			pw_say(why, "%u ended without the watchdog", s->role[i]->pid);
			return false;
		}
		from = pause.to > from ? pause.to : from;
		to = term->at < to ? term->at : to;
	}
	for (size_t i = ONE; i <= OTHER; i++)
		ran += pw_spent(s->role[i]->threads, PW_RUNNING, from, to);
	pw_say(why, "in the %s in which both wanted their second lock, both together were running for %s",
	       pw_from_to(from, to).s, pw_dur(ran).s);
	return to > from && ran < (to - from) / 20;
}

static bool both_end(const struct pw_demo_run *s, struct pw_evidence *why)
{
	pw_evidence_exit(s->role[ONE], why);
	pw_say(why, ", ");
	pw_evidence_exit(s->role[OTHER], why);
	return pw_exited_with(s->role[ONE], 0) && pw_exited_with(s->role[OTHER], 0);
}

static bool one_waits(const struct pw_demo_run *s, struct pw_evidence *why)
{
	for (size_t i = ONE; i <= OTHER; i++) {
		const struct pw_process *eater = s->role[i], *other = s->role[OTHER - i];
		struct pw_sleep sleep;

		if (!pw_longest_sleep(eater->threads, SYS_futex, &sleep) || sleep.by != other->pid)
			continue;
		pw_say(why, "%u was blocked in futex for %s, until %u gave the lock back", eater->pid,
		       pw_from_to(sleep.from, sleep.to).s, other->pid);
		return true;
	}
	pw_say(why, "neither was woken by the other");
	return false;
}

static bool is_left_alone(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const bool ended = pw_sent(s, s->main, s->role[ONE], SIGTERM) ||
			   pw_sent(s, s->main, s->role[OTHER], SIGTERM);

	if (!pw_has_ended(s->role[ONE], why) || !pw_has_ended(s->role[OTHER], why))
		return false;
	pw_say(why, ended ? _("the watchdog %u sent SIGTERM") : _("the watchdog %u sent no signal"),
	       s->main->pid);
	return !ended;
}

static const struct pw_claim_def deadlock[] = {
	{"both", N_("each waits for the lock the other has: both are blocked"), both_block},
	{"for-good", N_("for good: only a signal from outside ends it"), is_for_good},
	{"no-cpu", N_("a deadlock uses no CPU"), uses_no_cpu},
};

static const struct pw_claim_def cure[] = {
	{"end", N_("cured, both come to their end by themselves"), both_end},
	{"wait", N_("the one that comes second waits until the other gives the lock back"), one_waits},
	{"alone", N_("the watchdog has nothing to do"), is_left_alone},
};

int pw_judge_deadlock(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def ill = {.demo = "demo_deadlock",
						 .roles = {"eater-1", "eater-2"},
						 .claims = deadlock,
						 .count = PW_COUNT(deadlock)};
	static const struct pw_lesson_def cured = {.demo = "demo_deadlock",
						   .roles = {"eater-1", "eater-2"},
						   .claims = cure,
						   .count = PW_COUNT(cure)};
	const bool is_cured = pw_last_option(argv, "--ordered") || pw_last_option(argv, "--recursive");

	return pw_judge(lesson, m, is_cured ? &cured : &ill);
}
