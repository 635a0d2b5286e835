/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>
#include <sys/wait.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"

const char pw_page_exit[] =
	N_("Four children exit in four ways. The first returns from main: exit code 0. The\n"
	   "second fails: exit code 1. The third writes where it has no memory, and the\n"
	   "kernel kills it with SIGSEGV. The fourth would work forever; main kills it with\n"
	   "SIGKILL.\n"
	   "\n"
	   "wait returns to the parent a status of 16 bits, which holds all of this: the low\n"
	   "7 bits are the signal, or 0; the 8th says that a core file was written; the high\n"
	   "8 bits are the exit code. Python's exitcode says it in one number: 0, 1, -11,\n"
	   "-9. A shell says 0, 1, 139, 137.\n"
	   "\n"
	   "Look at the last column of each line.\n"
	   "\n"
	   "Options:\n"
	   "  --core        let the fatal error leave a core file, where this system puts it\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: caught (each exit is\n"
	   "                made to look like another)\n");

// clang-format off
static const struct pw_sentence words[] = {
	{.code = "core_file", .text = N_("it left a core file")},
	{.code = "no_core_file", .text = N_("it left no core file")},
	{.code = "sent_sigkill", .text = N_("main {main.pid} sent it SIGKILL {before_exit_ns} before it exited")},
	{.code = "sent_no_sigkill", .text = N_("main {main.pid} sent it no SIGKILL")},
	{.code = "wait_statuses", .text = N_("the wait statuses are {normal}, {error}, {fatal} and {killed}")},
	{0},
};
// clang-format on

enum { NORMAL, ERROR, FATAL, KILLED };

static bool ended_with(const struct pw_process *process, int code, struct pw_evidence *why)
{
	pw_evidence_exit(process, why);
	if (process->status_known)
		pw_evidence_wait_status(process, why);
	return pw_exited_with(process, code);
}

static bool is_normal(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return ended_with(run->role[NORMAL], 0, why);
}

static bool is_error(const struct pw_demo_run *run, struct pw_evidence *why)
{
	return ended_with(run->role[ERROR], 1, why);
}

static bool is_fatal(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *process = run->role[FATAL];
	const int status = (int)process->wait_status;
	const bool core = process->exited && WIFSIGNALED(status) && WCOREDUMP(status);

	pw_evidence_exit(process, why);
	if (!process->status_known)
		return false;
	pw_evidence_add(why, core ? "core_file" : "no_core_file", NULL);
	pw_evidence_wait_status(process, why);
	return pw_killed_by(process, SIGSEGV) && !pw_sent(run, run->main, process, SIGSEGV);
}

static bool is_killed(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *process = run->role[KILLED];
	const struct pw_signal_record *kill = pw_sent(run, run->main, process, SIGKILL);
	const struct pw_value main_value = pw_value_process("main", run->main);

	pw_evidence_exit(process, why);
	if (!process->status_known)
		return false;
	pw_evidence_wait_status(process, why);
	if (kill)
		pw_evidence_add(why, "sent_sigkill",
				PW_VALUES(main_value,
					  pw_value_between("before_exit_ns", kill->at, process->exit_at)));
	else
		pw_evidence_add(why, "sent_no_sigkill", PW_VALUES(main_value));
	return kill && pw_killed_by(process, SIGKILL);
}

static bool are_told_apart(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const uint32_t normal = run->role[NORMAL]->wait_status, error = run->role[ERROR]->wait_status;
	const uint32_t fatal = run->role[FATAL]->wait_status, killed = run->role[KILLED]->wait_status;

	/* An unknown status is 0, as that of a normal exit. */
	for (size_t i = NORMAL; i <= KILLED; i++) {
		if (run->role[i]->status_known)
			continue;
		pw_evidence_exit(run->role[i], why);
		return false;
	}
	pw_evidence_add(why, "wait_statuses",
			PW_VALUES(pw_value_integer("normal", normal), pw_value_integer("error", error),
				  pw_value_integer("fatal", fatal), pw_value_integer("killed", killed)));
	return normal == 0 && error == 1 << 8 && (fatal & 0x7f) == SIGSEGV && killed == SIGKILL;
}

static const struct pw_claim_def claims[] = {
	{"normal", N_("a normal exit has exit code 0"), is_normal},
	{"error", N_("an error has an exit code of its own: 1"), is_error},
	{"fatal", N_("after a fatal error the kernel kills the process with a signal: SIGSEGV"), is_fatal},
	{"killed", N_("another process can kill it: SIGKILL"), is_killed},
	{"status", N_("the wait status tells the four apart"), are_told_apart},
};

int pw_judge_exit(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_exit",
						 .roles = {"normal", "error", "fatal", "killed"},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
