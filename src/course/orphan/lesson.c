/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/judge.h"

const char pw_page_orphan[] =
	N_("A parent works for 300 ms and ends. Its child works for a second and is still\n"
	   "at it.\n"
	   "\n"
	   "The child does not end with its parent. At that moment the kernel gives it\n"
	   "another one: the nearest ancestor that has declared itself a subreaper, as\n"
	   "service managers and container runtimes do, or else init, process 1. The\n"
	   "adopter waits for whatever it has adopted, so an orphan does no harm: it ends,\n"
	   "is reaped, and is gone.\n"
	   "\n"
	   "Look for the moment the child's parent changes: it is the end of the parent's\n"
	   "own line. Some adopters reap at once, some only every second or two; until then\n"
	   "the child that has ended is a zombie, as any other.\n"
	   "\n"
	   "Options:\n"
	   "  --parent TIME  how long the parent works (300ms)\n"
	   "  --child TIME   how long the child works (1s)\n"
	   "  --spoil KIND   do it wrong, to see a claim not held: wait (the parent does)\n");

enum { CHILD };

static bool goes_on(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD], *parent = s->main;
	const uint64_t child_end = child->exited ? child->exit_begun : pw_process_end(child);

	if (!parent->exited) {
		pw_say(why, "the parent %u had not ended when the recording did", parent->pid);
		return false;
	}
	if (child_end <= pw_last_moment(parent)) {
		pw_say(why, "%u ended %s before its parent %u", child->pid,
		       pw_from_to(child_end, parent->exit_at).s, parent->pid);
		return false;
	}

	const uint64_t ran = pw_ran_after(child, pw_last_moment(parent));

	pw_say(why, "%u outlived its parent %u by %s and was on a CPU for %s of it", child->pid, parent->pid,
	       pw_from_to(parent->exit_at, child_end).s, pw_dur(ran).s);
	return ran > 0;
}

static bool is_adopted(const struct pw_demo_run *s, struct pw_evidence *why)
{
	return pw_adopted(s->role[CHILD], s->main, why);
}

static bool is_reaped(const struct pw_demo_run *s, struct pw_evidence *why)
{
	return pw_reaped_by_adopter(s->role[CHILD], why);
}

/* The parent's own reap is not the matter here: whoever started the demo does that. */
static bool leaves_nothing(const struct pw_demo_run *s, struct pw_evidence *why)
{
	size_t count = 0, left = 0;

	for (size_t i = 0; i < pw_model_count(s->m); i++) {
		const struct pw_process *process = pw_model_process(s->m, i);

		if (process == s->main || !pw_descends(s->m, process, s->main))
			continue;
		count++;
		if (process->exited && process->reaped != PW_REAPED_NOT && process->reap_at)
			continue;
		left++;
		pw_say(why, "%u is %s; ", process->pid,
		       process->exited ? _("still a zombie") : _("still alive"));
	}
	pw_say(why, "ended and released: %zu of %zu", count - left, count);
	return count > 0 && left == 0;
}

static const struct pw_claim_def claims[] = {
	{"goes-on", N_("an orphan goes on when its parent ends"), goes_on},
	{"adopted", N_("its parent changes at that moment: to init or the nearest subreaper"), is_adopted},
	{"reaped", N_("in the end the adopter reaps it"), is_reaped},
	{"harmless", N_("an orphan is harmless: nothing of it is left behind"), leaves_nothing},
};

int pw_judge_orphan(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_orphan", .roles = {"child"}, .claims = claims, .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
