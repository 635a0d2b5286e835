/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/judge.h"

const char pw_page_zombie[] =
	N_("A child ends at once, with exit code 7. Its parent does something else for\n"
	   "500 ms, and only then waits for it.\n"
	   "\n"
	   "When a process ends, the kernel takes back its memory and its files. It keeps\n"
	   "the process's entry in the process table, in which the exit code stands, until\n"
	   "the parent has asked for it with wait(). In the meantime the child is a zombie.\n"
	   "\n"
	   "Look for the long row of Z in the child's line. It ends where the parent's\n"
	   "sleep ends. A zombie costs no CPU and no memory worth mentioning, only its\n"
	   "pid; but pids are limited, and a server that forgets its children runs out.\n"
	   "\n"
	   "Options:\n"
	   "  --hold TIME  how long the parent is busy (500ms)\n"
	   "  --no-wait    the parent ends without ever waiting: another process, init or a\n"
	   "               subreaper, becomes the zombie's parent and reaps it\n"
	   "  --spoil KIND do it wrong, to see a claim not held: reap-at-once (the parent\n"
	   "               waits first) or ignore (it has said that it does not want to\n"
	   "               know)\n");

enum { CHILD };

static bool stays_a_zombie(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];

	if (!child->zombie_from) {
		pw_say(why, "%u was never a zombie", child->pid);
		return false;
	}
	return pw_reaped_by(child, s->main->pid, why);
}

/* --no-wait: the zombie is still there when its parent goes. */
static bool stays_without_wait(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];
	const uint64_t parent_end = s->main->exit_begun;
	const uint64_t zombie_to = child->zombie_to ? child->zombie_to : UINT64_MAX;

	if (!child->zombie_from) {
		pw_say(why, "%u was never a zombie", child->pid);
		return false;
	}
	if (!s->main->exited || child->zombie_from > parent_end) {
		pw_say(why, "%u had not ended before its parent %u did", child->pid, s->main->pid);
		return false;
	}
	if (zombie_to < parent_end) {
		pw_say(why, "%u was gone %s before its parent %u ended", child->pid,
		       pw_from_to(zombie_to, parent_end).s, s->main->pid);
		return false;
	}
	pw_say(why, "%u was a zombie for the last %s of its parent %u", child->pid,
	       pw_from_to(child->zombie_from, parent_end).s, s->main->pid);
	return true;
}

/*
 * A process becomes waitable microseconds before it is switched off the CPU for
 * the last time. Were a dead one switched to again, the model would have counted
 * that as a contradiction, for it cannot be.
 */
static bool uses_no_cpu(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];
	const uint64_t end = pw_process_end(child);
	const uint64_t zombie = end > child->zombie_from ? end - child->zombie_from : 0;
	const uint64_t ran = pw_ran_after(child, child->zombie_from);

	if (!child->zombie_from || zombie == 0) {
		pw_say(why, "%u was never a zombie", child->pid);
		return false;
	}
	pw_say(why, "%s on a CPU in %s%s as a zombie", pw_dur(ran).s,
	       child->reap_bounded ? _("at most ") : "", pw_dur(zombie).s);
	if (child->contradictions > 0)
		pw_say(why, ", but %llu events of it say otherwise",
		       (unsigned long long)child->contradictions);
	return ran < zombie / 100 && child->contradictions == 0;
}

static bool is_freed(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];

	if (!child->zombie_to) {
		pw_say(why,
		       child->exited && !child->zombie_from ? _("%u was never a zombie")
		       : child->exited ? _("%u was still a zombie when the recording ended")
				       : _("%u had not ended when the recording did"),
		       child->pid);
		return false;
	}
	if (pw_model_find(s->m, child->pid, child->zombie_to + 1) == child) {
		pw_say(why, "%u was still there after its reap", child->pid);
		return false;
	}
	pw_say(why, "%u is gone, %s%s after it had ended", child->pid,
	       child->reap_bounded ? _("at most ") : "", pw_from_to(child->exit_at, child->zombie_to).s);
	return true;
}

/* From the end of the parent's pause to the reap, the parent may be ready or running, but must not block. */
static bool lasts_as_the_parent_takes(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *child = s->role[CHILD];
	struct pw_sleep pause;

	if (!child->zombie_from || !child->reap_at) {
		pw_say(why, "%u was not seen as a zombie and reaped", child->pid);
		return false;
	}
	if (!pw_last_pause(s->main, child->reap_at, &pause) || pause.to <= child->zombie_from) {
		pw_say(why, "the parent %u was not busy while %u was a zombie", s->main->pid, child->pid);
		return false;
	}
	pw_say(why, "the parent was busy for %s of the zombie's %s",
	       pw_from_to(child->zombie_from, pause.to).s, pw_from_to(child->zombie_from, child->reap_at).s);
	/* The two moments are told by different hooks, and a line with a hole in it is exact to microseconds only. */
	if (child->reap_at + (child->reap_at - child->zombie_from) / 100 < pause.to) {
		pw_say(why, ", but the reap came %s before it was done",
		       pw_from_to(child->reap_at, pause.to).s);
		return false;
	}

	const struct pw_blocked blocked = pw_blocked_between(s->main, pause.to, child->reap_at);

	pw_say(why, ", and reaped it %s later", pw_from_to(pause.to, child->reap_at).s);
	if (blocked.other > 0)
		pw_say(why, ", but blocked for %s before it did", pw_dur(blocked.other).s);
	return blocked.other == 0;
}

static bool is_adopted_and_reaped(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const bool adopted = pw_adopted(s->role[CHILD], s->main, why);

	pw_say(why, "; ");
	return pw_reaped_by_adopter(s->role[CHILD], why) && adopted;
}

static const struct pw_claim_def with_wait[] = {
	{"zombie", N_("a child that has ended stays a zombie until its parent reaps it"), stays_a_zombie},
	{"no-cpu", N_("a zombie uses no CPU"), uses_no_cpu},
	{"lasts", N_("a zombie lasts as long as its parent takes"), lasts_as_the_parent_takes},
	{"freed", N_("reaping frees it"), is_freed},
};

static const struct pw_claim_def without_wait[] = {
	{"zombie", N_("a child that has ended stays a zombie while its parent is alive and does not wait"),
	 stays_without_wait},
	{"no-cpu", N_("a zombie uses no CPU"), uses_no_cpu},
	{"adopted", N_("when its parent ends, an adopter becomes the zombie's parent and reaps it"),
	 is_adopted_and_reaped},
	{"freed", N_("reaping frees it"), is_freed},
};

int pw_judge_zombie(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_zombie", .roles = {"child"}, .claims = with_wait, .count = PW_COUNT(with_wait)};
	static const struct pw_lesson_def no_wait = {.demo = "demo_zombie",
						     .roles = {"child"},
						     .claims = without_wait,
						     .count = PW_COUNT(without_wait)};

	return pw_judge(lesson, m, pw_last_option(argv, "--no-wait") ? &no_wait : &plan);
}
