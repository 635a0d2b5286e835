/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>
#include <sys/wait.h>

#include "course/lib/judge.h"

const char pw_page_exit[] =
	N_("Four children end in four ways. The first returns from main: exit code 0. The\n"
	   "second fails: exit code 1. The third writes where it has no memory, and the\n"
	   "kernel ends it with SIGSEGV. The fourth would work for ever; main ends it with\n"
	   "SIGKILL.\n"
	   "\n"
	   "wait gives the parent a status of 16 bits, from which it can tell all this: the\n"
	   "low 7 bits are the signal, or 0; the 8th says that a core file was written; the\n"
	   "high 8 bits are the exit code. Python's exitcode says it in one number: 0, 1,\n"
	   "-11, -9. A shell says 0, 1, 139, 137.\n"
	   "\n"
	   "Look at the last column of each line.\n"
	   "\n"
	   "Options:\n"
	   "  --core        let the fatal error leave a core file, where this system puts it\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: caught (each end is made\n"
	   "                to look like another)\n");

enum { NORMAL, ERROR, FATAL, KILLED };

static bool ended_with(const struct pw_process *process, int code, struct pw_evidence *why)
{
	pw_evidence_exit(process, why);
	if (process->status_known)
		pw_say(why, ": status %u", process->wait_status);
	return pw_exited_with(process, code);
}

static bool is_normal(const struct pw_demo_run *s, struct pw_evidence *why)
{
	return ended_with(s->role[NORMAL], 0, why);
}

static bool is_error(const struct pw_demo_run *s, struct pw_evidence *why)
{
	return ended_with(s->role[ERROR], 1, why);
}

static bool is_fatal(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *process = s->role[FATAL];
	const bool core = process->exited && WIFSIGNALED((int)process->wait_status) &&
			  WCOREDUMP((int)process->wait_status);

	pw_evidence_exit(process, why);
	if (!process->status_known)
		return false;
	pw_say(why, "%s: status %u", core ? _(", with a core file") : _(", without a core file"),
	       process->wait_status);
	return pw_killed_by(process, SIGSEGV) && !pw_sent(s, s->main, process, SIGSEGV);
}

static bool is_killed(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *process = s->role[KILLED];
	const struct pw_signal_record *kill = pw_sent(s, s->main, process, SIGKILL);

	pw_evidence_exit(process, why);
	if (!process->status_known)
		return false;
	pw_say(why, ": status %u; ", process->wait_status);
	if (kill)
		pw_say(why, "SIGKILL came from main %u, %s before", s->main->pid,
		       pw_from_to(kill->at, process->exit_at).s);
	else
		pw_say(why, "main %u sent it no SIGKILL", s->main->pid);
	return kill && pw_killed_by(process, SIGKILL);
}

static bool are_told_apart(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const uint32_t normal = s->role[NORMAL]->wait_status, error = s->role[ERROR]->wait_status;
	const uint32_t fatal = s->role[FATAL]->wait_status, killed = s->role[KILLED]->wait_status;

	/* What is not known is 0, as what is normal. */
	for (size_t i = NORMAL; i <= KILLED; i++) {
		if (s->role[i]->status_known)
			continue;
		pw_evidence_exit(s->role[i], why);
		return false;
	}
	pw_say(why, "wait statuses %u, %u, %u and %u", normal, error, fatal, killed);
	return normal == 0 && error == 1 << 8 && (fatal & 0x7f) == SIGSEGV && killed == SIGKILL;
}

static const struct pw_claim_def claims[] = {
	{"normal", N_("a normal end is exit code 0"), is_normal},
	{"error", N_("an error is an exit code of its own: 1"), is_error},
	{"fatal", N_("a fatal error ends a process by a signal of the kernel: SIGSEGV"), is_fatal},
	{"killed", N_("another process can end it: SIGKILL"), is_killed},
	{"status", N_("the wait status tells the four apart"), are_told_apart},
};

int pw_judge_exit(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {.demo = "demo_exit",
						  .roles = {"normal", "error", "fatal", "killed"},
						  .claims = claims,
						  .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
