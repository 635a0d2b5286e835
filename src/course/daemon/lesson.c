/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"

const char pw_page_daemon[] =
	N_("Two things are called a daemon.\n"
	   "\n"
	   "In Python's multiprocessing, a daemon is a child that must not keep the program\n"
	   "from exiting. Main starts a daemon, which works forever, and an ordinary child,\n"
	   "which works for 800 ms; main runs its own code for 300 ms. When that code is\n"
	   "done, main is not: it ends the daemon with SIGTERM and reaps it, waits for the\n"
	   "ordinary child, and only then exits itself.\n"
	   "\n"
	   "Look for three ends in a row: the daemon's where main's first sleep ends, the\n"
	   "worker's 500 ms later, and then main's.\n"
	   "\n"
	   "In Unix, a daemon is a process that is detached from its session and terminal\n"
	   "(--unix). Main forks a go-between; the go-between opens a session of its own,\n"
	   "forks the daemon and exits. So the daemon becomes an orphan on purpose, belongs\n"
	   "to no terminal, and outlives main: it goes on until main has exited, and for\n"
	   "300 ms more. Its last act is to compare its session with main's: exit code 0\n"
	   "means that it is a different one, and that the daemon does not lead it.\n"
	   "\n"
	   "Options:\n"
	   "  --code TIME    how long main's own code runs (300ms)\n"
	   "  --worker TIME  how long the ordinary child works (800ms)\n"
	   "  --unix         the other kind: fork twice, setsid, outlive main\n"
	   "  --after TIME   with --unix: how long the daemon outlives main (300ms)\n"
	   "  --spoil KIND   break it on purpose, to see a claim fail: kill-last (main ends\n"
	   "                 the daemon only after the worker has exited), no-wait (main\n"
	   "                 does not wait for the worker) or, with --unix, stay (the\n"
	   "                 go-between opens no session and waits for the daemon)\n");

// clang-format off
static const struct pw_sentence words[] = {
	{.code = "no_sigterm", .text = N_("main {main.pid} never sent SIGTERM to the daemon {daemon.pid}")},
	{.code = "no_code", .text = N_("main {main.pid} was not observed to run code of its own before SIGTERM")},
	{.code = "not_killed", .text = N_("the daemon {daemon.pid} was not killed by SIGTERM")},
	{.code = "sigterm_after_code", .text = N_("main sent SIGTERM {after_code_ns} after its code was done")},
	{.code = "blocked_before_sigterm", .text = N_("main was blocked for {blocked_ns} before it sent SIGTERM")},
	{.code = "killed_after_sigterm", .text = N_("the daemon exited {after_sigterm_ns} after SIGTERM")},
	{.code = "main_went_on", .text = N_("main went on for {after_daemon_ns} after that")},
	{.code = "main_exited_first", .text = N_("main exited before the daemon did")},

	{.code = "waited_for_worker", .text = N_("main was blocked for {blocked_ns} until the worker exited")},
	{.code = "never_blocked_for_worker", .text = N_("main did not block for the worker")},
	{.code = "main_exited_after_reap", .text = N_("main exited {after_reap_ns} after it had reaped the worker")},
	{.code = "main_not_exited_after_reap", .text = N_("main did not exit after it had reaped the worker")},

	{.code = "worker_went_on", .text = N_("the worker went on for {longer_ns} after the daemon had exited")},
	{.code = "daemon_went_on", .text = N_("the daemon went on for {longer_ns} after the worker had exited")},

	{.code = "another_session",
	 .text = N_("the daemon {daemon.pid} compared its session with main's and exited with code 0")},
	{.code = "not_another_session", .text = N_("the daemon {daemon.pid} did not exit with code 0")},
	{.code = "exited_before_main", .text = N_("the daemon exited {before_ns} before main")},
	{.code = "outlived_main", .text = N_("the daemon outlived main by {outlived_ns} and ran for {cpu_ns} of that time")},
	{0},
};
// clang-format on

enum { DAEMON, WORKER, GO_BETWEEN = WORKER };

/* ---- the daemon of multiprocessing ---- */

/* The SIGTERM that main sent to its daemon, and the pause, main's own code, that came before it. */
struct daemon_end {
	const struct pw_signal_record *term;
	struct pw_sleep code;
};

static bool find_ending(const struct pw_demo_run *run, struct daemon_end *end, struct pw_evidence *why)
{
	const struct pw_value main_value = pw_value_process("main", run->main);

	end->term = pw_sent(run, run->main, run->role[DAEMON], SIGTERM);
	if (!end->term) {
		pw_evidence_add(why, "no_sigterm",
				PW_VALUES(main_value, pw_value_process("daemon", run->role[DAEMON])));
		return false;
	}
	if (!pw_last_pause(run->main, end->term->at, &end->code) || end->code.to > end->term->at) {
		pw_evidence_add(why, "no_code", PW_VALUES(main_value));
		return false;
	}
	return true;
}

/* How long main was blocked between the end of its code and SIGTERM, except in pauses. */
static uint64_t blocked_before_sigterm(const struct pw_demo_run *run, const struct daemon_end *end,
				       struct pw_evidence *why)
{
	const uint64_t blocked = pw_blocked_between(run->main, end->code.to, end->term->at).other;

	if (blocked > 0)
		pw_evidence_add(why, "blocked_before_sigterm", PW_VALUES(pw_value_ns("blocked_ns", blocked)));
	return blocked;
}

static bool ends_with_mains_code(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *daemon = run->role[DAEMON], *main = run->main;
	const uint64_t main_end = main->exited ? main->exit_begun : pw_process_end(main);
	struct daemon_end end;
	uint64_t blocked;

	if (!find_ending(run, &end, why))
		return false;
	if (!pw_killed_by(daemon, SIGTERM)) {
		pw_evidence_add(why, "not_killed", PW_VALUES(pw_value_process("daemon", daemon)));
		return false;
	}
	pw_evidence_add(why, "sigterm_after_code",
			PW_VALUES(pw_value_between("after_code_ns", end.code.to, end.term->at)));
	blocked = blocked_before_sigterm(run, &end, why);
	pw_evidence_add(why, "killed_after_sigterm",
			PW_VALUES(pw_value_between("after_sigterm_ns", end.term->at, daemon->exit_at)));
	if (main->exited && main->exit_begun <= daemon->exit_at) {
		pw_evidence_add(why, "main_exited_first", NULL);
		return false;
	}
	pw_evidence_add(why, "main_went_on",
			PW_VALUES(pw_value_between("after_daemon_ns", daemon->exit_at, main_end)));
	return blocked == 0;
}

static bool waits_for_the_other(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *worker = run->role[WORKER];
	struct daemon_end end;
	uint64_t waited;

	if (!find_ending(run, &end, why) || !pw_has_ended(worker, why))
		return false;
	waited = pw_blocked_between(run->main, end.term->at, worker->exit_at).other;
	if (waited > 0)
		pw_evidence_add(why, "waited_for_worker", PW_VALUES(pw_value_ns("blocked_ns", waited)));
	else
		pw_evidence_add(why, "never_blocked_for_worker", NULL);
	if (!pw_reaped_by(worker, run->main->pid, why))
		return false;
	if (!run->main->exited || run->main->exit_begun < worker->reap_at) {
		pw_evidence_add(why, "main_not_exited_after_reap", NULL);
		return false;
	}
	pw_evidence_add(why, "main_exited_after_reap",
			PW_VALUES(pw_value_between("after_reap_ns", worker->reap_at, run->main->exit_begun)));
	/* Main must have waited for a worker that was still at work when main's code was done. */
	return waited > 0 || worker->exit_begun < end.term->at;
}

/* If main waited for any process before it sent SIGTERM, the daemon's end would depend on that process. */
static bool depends_on_no_other(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *daemon = run->role[DAEMON], *worker = run->role[WORKER];
	const uint64_t worker_end = worker->exited ? worker->exit_begun : pw_process_end(worker);
	struct daemon_end end;

	if (!find_ending(run, &end, why) || !pw_has_ended(daemon, why))
		return false;
	if (worker_end > daemon->exit_at)
		pw_evidence_add(why, "worker_went_on",
				PW_VALUES(pw_value_between("longer_ns", daemon->exit_at, worker_end)));
	else
		pw_evidence_add(why, "daemon_went_on",
				PW_VALUES(pw_value_between("longer_ns", worker_end, daemon->exit_at)));
	return blocked_before_sigterm(run, &end, why) == 0;
}

/* ---- the daemon of Unix ---- */

static bool ends_up_adopted(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return pw_adopted(run->role[DAEMON], run->role[GO_BETWEEN], why);
}

static bool has_its_own_session(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *daemon = run->role[DAEMON];
	const bool has = pw_exited_with(daemon, 0);

	pw_evidence_add(why, has ? "another_session" : "not_another_session",
			PW_VALUES(pw_value_process("daemon", daemon)));
	return has;
}

static bool outlives_main(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *daemon = run->role[DAEMON];
	const uint64_t end = daemon->exited ? daemon->exit_begun : pw_process_end(daemon);

	if (!pw_has_ended(run->main, why))
		return false;
	if (end <= pw_last_moment(run->main)) {
		pw_evidence_add(why, "exited_before_main",
				PW_VALUES(pw_value_between("before_ns", end, run->main->exit_at)));
		return false;
	}

	const uint64_t ran = pw_ran_after(daemon, pw_last_moment(run->main));

	pw_evidence_add(why, "outlived_main",
			PW_VALUES(pw_value_between("outlived_ns", run->main->exit_at, end),
				  pw_value_ns("cpu_ns", ran)));
	return ran > 0;
}

static bool both_are_reaped(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const bool first = pw_reaped_by(run->role[GO_BETWEEN], run->main->pid, why);

	return pw_reaped_by_adopter(run->role[DAEMON], why) && first;
}

static const struct pw_claim_def of_python[] = {
	{"code-done", N_("main ends its daemon with SIGTERM when its own code is done, not when it exits"),
	 ends_with_mains_code},
	{"waits", N_("main waits for its ordinary child and reaps it, then exits"), waits_for_the_other},
	{"independent", N_("the daemon's end does not depend on the other child"), depends_on_no_other},
};

static const struct pw_claim_def of_unix[] = {
	{"adopted", N_("forked twice, the daemon ends up with an adopter as its parent"), ends_up_adopted},
	{"session", N_("the daemon is in a session of its own, and does not lead it"), has_its_own_session},
	{"outlives", N_("the daemon outlives main"), outlives_main},
	{"reaped", N_("main reaps the go-between, and the adopter reaps the daemon"), both_are_reaped},
};

int pw_judge_daemon(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def python = {.demo = "demo_daemon",
						    .roles = {"daemon", "worker"},
						    .claims = of_python,
						    .count = PW_COUNT(of_python),
						    .words = words};
	static const struct pw_lesson_def unix_kind = {.demo = "demo_daemon",
						       .roles = {"daemon", "go-between"},
						       .claims = of_unix,
						       .count = PW_COUNT(of_unix),
						       .words = words};

	return pw_judge(lesson, m, pw_last_option(argv, "--unix") ? &unix_kind : &python);
}
