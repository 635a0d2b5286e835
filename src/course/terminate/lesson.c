/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>

#include "course/lib/judge.h"

const char pw_page_terminate[] =
	N_("A child works for ever. Main sends it SIGTERM, looks at it at once, does\n"
	   "something else for 200 ms, looks again, and reaps it.\n"
	   "\n"
	   "terminate only asks. The signal is noted down in the child's entry and the child\n"
	   "is woken; it must become ready, be given a CPU, find the note and go through its\n"
	   "own exit. All that takes a moment, in which is_alive still says yes.\n"
	   "\n"
	   "Look at the child's last wake-up, by main, and at the row of Z that follows: a\n"
	   "process that was terminated is a zombie as any other until it is reaped.\n"
	   "\n"
	   "Options:\n"
	   "  --look TIME   how long after that it is looked at again (200ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: too-late (the child has\n"
	   "                ended before), deaf (it ignores SIGTERM) or reap-at-once (main\n"
	   "                waits for it instead of looking)\n");

enum { CHILD };

static const struct pw_signal_record *asked(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_signal_record *term = pw_sent(s, s->main, s->role[CHILD], SIGTERM);

	if (!term)
		pw_say(why, "main %u never sent SIGTERM to the child %u", s->main->pid, s->role[CHILD]->pid);
	return term;
}

static bool only_asks(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];
	const struct pw_signal_record *term = asked(s, why);

	if (!term || !pw_has_ended(child, why))
		return false;
	if (child->exit_begun <= term->at) {
		pw_say(why, "%u had ended %s before SIGTERM came", child->pid,
		       pw_from_to(child->exit_begun, term->at).s);
		return false;
	}

	const uint64_t ready = pw_spent(child->threads, PW_READY, term->at, child->exit_at);
	const uint64_t running = pw_spent(child->threads, PW_RUNNING, term->at, child->exit_at);

	pw_say(why, "from the SIGTERM to its end %u lived for %s: ready for %s, running for %s", child->pid,
	       pw_from_to(term->at, child->exit_at).s, pw_dur(ready).s, pw_dur(running).s);
	return running > 0;
}

static bool is_its_end(const struct pw_demo_run *s, struct pw_evidence *why)
{
	if (!asked(s, why))
		return false;
	pw_evidence_exit(s->role[CHILD], why);
	return pw_killed_by(s->role[CHILD], SIGTERM);
}

/* The moment: from the signal to the end of the pause that main makes then. */
static bool second_look(const struct pw_demo_run *s, struct pw_sleep *pause, struct pw_evidence *why)
{
	const struct pw_signal_record *term = asked(s, why);

	if (!term)
		return false;
	if (pw_last_pause(s->main, pw_process_end(s->main), pause) && pause->from > term->at)
		return true;
	pw_say(why, "main did not look again");
	return false;
}

static bool is_dead_later(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];
	struct pw_sleep pause;

	if (!second_look(s, &pause, why) || !pw_has_ended(child, why))
		return false;
	if (child->exit_at >= pause.to) {
		pw_say(why, "%u was still alive %s later", child->pid, pw_from_to(pause.from, pause.to).s);
		return false;
	}
	pw_say(why, "%u ended %s before main looked again", child->pid,
	       pw_from_to(child->exit_at, pause.to).s);
	return true;
}

static bool is_a_zombie(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];
	struct pw_sleep pause;

	if (!second_look(s, &pause, why) || !pw_reaped_by(child, s->main->pid, why))
		return false;
	if (child->reap_at < pause.to)
		pw_say(why, ", %s before main looked again", pw_from_to(child->reap_at, pause.to).s);
	return child->zombie_from > 0 && child->zombie_from < pause.to && child->reap_at >= pause.to;
}

static const struct pw_claim_def claims[] = {
	{"asks", N_("terminate only asks: the child is still alive then, and must run once more to end"),
	 only_asks},
	{"signal", N_("what ended it is SIGTERM, and its wait status says so"), is_its_end},
	{"dead", N_("a moment later it is dead"), is_dead_later},
	{"zombie", N_("it is a zombie until it is looked after"), is_a_zombie},
};

int pw_judge_terminate(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_terminate", .roles = {"child"}, .claims = claims, .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
