/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>

#include "course/lib/judge.h"

const char pw_page_daemon[] =
	N_("Two things are called a daemon.\n"
	   "\n"
	   "In Python's multiprocessing, a daemon is a child that must not keep the program\n"
	   "from ending. Main starts a daemon, which works for ever, and an ordinary child,\n"
	   "which works for 800 ms; it runs its own code for 300 ms. When that code is done,\n"
	   "main is not: it ends the daemon with SIGTERM and reaps it, waits for the\n"
	   "ordinary child, and only then ends itself.\n"
	   "\n"
	   "Look for three ends in a row: the daemon's where main's first sleep ends, the\n"
	   "worker's 500 ms later, and then main's.\n"
	   "\n"
	   "In Unix, a daemon is a process without ties (--unix). Main forks a go-between;\n"
	   "the go-between opens a session of its own, forks the daemon and ends. So the\n"
	   "daemon becomes an orphan on purpose, belongs to no terminal, and outlives main:\n"
	   "it goes on until main has ended, and for 300 ms more. Its last act is to compare\n"
	   "its session with main's: exit code 0 says that it is another one, and that the\n"
	   "daemon does not lead it.\n"
	   "\n"
	   "Options:\n"
	   "  --code TIME    how long main's own code runs (300ms)\n"
	   "  --worker TIME  how long the ordinary child works (800ms)\n"
	   "  --unix         the other kind: fork twice, setsid, outlive main\n"
	   "  --after TIME   with --unix: how long the daemon outlives main (300ms)\n"
	   "  --spoil KIND   do it wrong, to see a claim not held: kill-last (the daemon is\n"
	   "                 ended when the worker has), no-wait (main does not wait for the\n"
	   "                 worker) or, with --unix, stay (the go-between opens no session\n"
	   "                 and waits for the daemon)\n");

enum { DAEMON, WORKER, GO_BETWEEN = WORKER };

/* ---- the daemon of multiprocessing ---- */

/* The SIGTERM main sent to its daemon, and the pause, main's own code, that came before it. */
struct ending {
	const struct pw_signal_record *term;
	struct pw_sleep code;
};

static bool find_ending(const struct pw_demo_run *s, struct ending *end, struct pw_evidence *why)
{
	end->term = pw_sent(s, s->main, s->role[DAEMON], SIGTERM);
	if (!end->term) {
		pw_say(why, "main %u never sent SIGTERM to the daemon %u", s->main->pid,
		       s->role[DAEMON]->pid);
		return false;
	}
	if (!pw_last_pause(s->main, end->term->at, &end->code) || end->code.to > end->term->at) {
		pw_say(why, "main %u was not seen to run code of its own before the SIGTERM", s->main->pid);
		return false;
	}
	return true;
}

static bool ends_with_mains_code(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *daemon = s->role[DAEMON];
	struct ending end;

	if (!find_ending(s, &end, why))
		return false;
	if (!pw_killed_by(daemon, SIGTERM)) {
		pw_say(why, "the daemon %u was not ended by SIGTERM", daemon->pid);
		return false;
	}

	const struct pw_blocked between = pw_blocked_between(s->main, end.code.to, end.term->at);

	pw_say(why, "SIGTERM %s after main's code was done, ", pw_from_to(end.code.to, end.term->at).s);
	if (between.other > 0)
		pw_say(why, "but main had blocked for %s of it, ", pw_dur(between.other).s);
	pw_say(why, "the daemon ended %s after it, ", pw_from_to(end.term->at, daemon->exit_at).s);
	if (!s->main->exited || s->main->exit_begun > daemon->exit_at) {
		pw_say(why, "main lived on for %s",
		       pw_from_to(daemon->exit_at,
				  s->main->exited ? s->main->exit_begun : pw_process_end(s->main))
			       .s);
		return between.other == 0;
	}
	pw_say(why, "but main ended first");
	return false;
}

static bool waits_for_the_other(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *worker = s->role[WORKER];
	struct ending end;
	uint64_t waited;

	if (!find_ending(s, &end, why))
		return false;
	if (!worker->exited) {
		pw_say(why, "the worker %u had not ended when the recording did", worker->pid);
		return false;
	}
	waited = pw_blocked_between(s->main, end.term->at, worker->exit_at).other;
	if (waited > 0)
		pw_say(why, "main was blocked for %s until the worker ended; ", pw_dur(waited).s);
	else
		pw_say(why, "main did not block for the worker; ");
	if (!pw_reaped_by(worker, s->main->pid, why))
		return false;
	if (!s->main->exited || s->main->exit_begun < worker->reap_at) {
		pw_say(why, "; but main did not end after that");
		return false;
	}
	pw_say(why, "; main ended %s later", pw_from_to(worker->reap_at, s->main->exit_begun).s);
	/* A worker that was still at work when main's code was done must have been waited for. */
	return waited > 0 || worker->exit_begun < end.term->at;
}

/* If main had waited for anybody before it sent SIGTERM, that would be somebody the daemon's end depends on. */
static bool depends_on_no_other(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *daemon = s->role[DAEMON], *worker = s->role[WORKER];
	struct ending end;

	if (!find_ending(s, &end, why))
		return false;
	if (!daemon->exited) {
		pw_say(why, "the daemon %u did not end", daemon->pid);
		return false;
	}

	const uint64_t worker_end = worker->exited ? worker->exit_begun : pw_process_end(worker);
	const uint64_t waited = pw_blocked_between(s->main, end.code.to, end.term->at).other;

	if (worker_end > daemon->exit_at)
		pw_say(why, "the worker went on for %s after the daemon's end",
		       pw_from_to(daemon->exit_at, worker_end).s);
	else
		pw_say(why, "the daemon went on for %s after the worker's end",
		       pw_from_to(worker_end, daemon->exit_at).s);
	if (waited > 0)
		pw_say(why, ", but main blocked for %s before it sent SIGTERM", pw_dur(waited).s);
	return waited == 0;
}

/* ---- the daemon of Unix ---- */

static bool ends_up_adopted(const struct pw_demo_run *s, struct pw_evidence *why)
{
	return pw_adopted(s->role[DAEMON], s->role[GO_BETWEEN], why);
}

static bool has_its_own_session(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *daemon = s->role[DAEMON];

	if (pw_exited_with(daemon, 0)) {
		pw_say(why, "the daemon %u compared its session with main's and ended with 0", daemon->pid);
		return true;
	}
	pw_say(why, "the daemon %u did not end with 0", daemon->pid);
	return false;
}

static bool outlives_main(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *daemon = s->role[DAEMON];
	const uint64_t end = daemon->exited ? daemon->exit_begun : pw_process_end(daemon);

	if (!s->main->exited) {
		pw_say(why, "main %u had not ended when the recording did", s->main->pid);
		return false;
	}
	if (end <= pw_last_moment(s->main)) {
		pw_say(why, "the daemon ended %s before main", pw_from_to(end, s->main->exit_at).s);
		return false;
	}

	const uint64_t ran = pw_ran_after(daemon, pw_last_moment(s->main));

	pw_say(why, "by %s, and was on a CPU for %s of it", pw_from_to(s->main->exit_at, end).s,
	       pw_dur(ran).s);
	return ran > 0;
}

static bool both_are_reaped(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const bool first = pw_reaped_by(s->role[GO_BETWEEN], s->main->pid, why);

	pw_say(why, "; ");
	return pw_reaped_by_adopter(s->role[DAEMON], why) && first;
}

static const struct pw_claim_def of_python[] = {
	{"code-done", N_("a daemon is ended with SIGTERM when main's code is done, not when main ends"),
	 ends_with_mains_code},
	{"waits", N_("main waits for its ordinary child and reaps it, then ends"), waits_for_the_other},
	{"independent", N_("the daemon's end does not depend on the other child"), depends_on_no_other},
};

static const struct pw_claim_def of_unix[] = {
	{"adopted", N_("forked twice, the daemon ends up with an adopter as its parent"), ends_up_adopted},
	{"session", N_("it is in a session of its own, and not its leader"), has_its_own_session},
	{"outlives", N_("it outlives main"), outlives_main},
	{"reaped", N_("main reaps the go-between, the adopter the daemon"), both_are_reaped},
};

int pw_judge_daemon(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def python = {.demo = "demo_daemon",
						    .roles = {"daemon", "worker"},
						    .claims = of_python,
						    .count = PW_COUNT(of_python)};
	static const struct pw_lesson_def unix_kind = {.demo = "demo_daemon",
						       .roles = {"daemon", "go-between"},
						       .claims = of_unix,
						       .count = PW_COUNT(of_unix)};

	return pw_judge(lesson, m, pw_last_option(argv, "--unix") ? &unix_kind : &python);
}
