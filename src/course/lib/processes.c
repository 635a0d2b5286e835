/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/processes.h"

#include <string.h>
#include <sys/wait.h>

#include "model/questions.h"
#include "util/lang.h"

/* Adoption and exit are observed by different hooks, microseconds apart. */
#define SAME_MOMENT UINT64_C(1000000)

bool pw_descends(const struct pw_model *m, const struct pw_process *process,
		 const struct pw_process *ancestor)
{
	/* Every step goes to a process born earlier, so it ends. */
	while (process && process != ancestor && process->n_parents > 0) {
		const struct pw_process *parent = pw_model_find(m, process->parents[0].pid, process->start);

		process = parent && parent->start < process->start ? parent : NULL;
	}
	return process == ancestor;
}

uint64_t pw_last_moment(const struct pw_process *process)
{
	uint64_t last = process->exit_at;

	for (const struct pw_thread *t = process->threads; t; t = t->next) {
		if (t->exit > last)
			last = t->exit;
	}
	return last;
}

const struct pw_parent *pw_adoption(const struct pw_process *process)
{
	const struct pw_parent *last = process->n_parents > 0 ? &process->parents[process->n_parents - 1]
							      : NULL;

	return last && last->why == PW_BY_REPARENT ? last : NULL;
}

/* The kind of adopter the kernel chooses: unknown for any other process. */
static struct pw_value adopter_kind(const struct pw_parent *adopter)
{
	if (adopter->adopter == PW_ADOPTER_SUBREAPER)
		return pw_value_word("adopter_kind", N_("subreaper"));
	if (adopter->adopter == PW_ADOPTER_INIT || adopter->pid == 1)
		return pw_value_word("adopter_kind", "init");
	return pw_value_unknown("adopter_kind");
}

struct pw_value pw_value_parent(const char *name, const struct pw_parent *parent)
{
	return pw_value_process_named(name, parent->pid, parent->start, parent->comm);
}

bool pw_adopted(const struct pw_process *child, const struct pw_process *parent, struct pw_evidence *why)
{
	const struct pw_parent *adopter = pw_adoption(child);

	if (!adopter) {
		pw_evidence_add(why, "parent_unchanged", PW_VALUES(pw_value_process("child", child)));
		return false;
	}

	const struct pw_value kind = adopter_kind(adopter);
	const bool noticed = parent->exited && adopter->bounded;
	const bool in_time = parent->exited && adopter->from + SAME_MOMENT >= parent->exit_begun &&
			     (noticed || adopter->from <= pw_last_moment(parent) + SAME_MOMENT);
	const char *when = !parent->exited ? "parent_alive"
			   : noticed	   ? "noticed"
			   : in_time	   ? "exit"
					   : "other";

	pw_evidence_add(
		why, "reparented",
		PW_VALUES(pw_value_process("child", child), pw_value_process("parent", parent),
			  pw_value_parent("adopter", adopter), kind, pw_value_word("when", when),
			  noticed ? pw_value_between("noticed_after_ns", parent->exit_at, adopter->from)
				  : pw_value_unknown("noticed_after_ns")));
	return kind.kind == PW_VALUE_WORD && in_time && adopter->pid != parent->pid;
}

bool pw_was_reaped_by(const struct pw_process *process, uint32_t pid)
{
	const struct pw_parent *parent;

	if (process->reaped == PW_REAPED_WAIT)
		return process->reaper_pid == pid;
	if (process->reaped != PW_REAPED_UNOBSERVED || !process->reap_at)
		return false;
	/* Only a parent can reap, so the reaper is known although the reap was not observed. */
	parent = pw_process_parent_at(process, process->reap_at);
	return parent && parent->pid == pid;
}

void pw_evidence_reap(const struct pw_process *process, struct pw_evidence *why)
{
	const struct pw_value who = pw_value_process("process", process);
	const struct pw_parent *parent;

	switch (process->reaped) {
	case PW_REAPED_WAIT:
		pw_evidence_add(
			why, "reaped",
			PW_VALUES(who,
				  pw_value_process_named("reaper", process->reaper_pid, 0,
							 process->reaper_comm),
				  pw_value_between("after_exit_ns", process->exit_at, process->reap_at)));
		break;
	case PW_REAPED_AUTO:
		pw_evidence_add(why, "released_by_kernel", PW_VALUES(who));
		break;
	case PW_REAPED_UNOBSERVED:
		parent = pw_process_parent_at(process, process->reap_at);
		pw_evidence_add(
			why, "reap_unobserved",
			PW_VALUES(who,
				  pw_value_ns_bound("after_exit_ns",
						    process->reap_at > process->exit_at
							    ? process->reap_at - process->exit_at
							    : 0,
						    PW_AT_MOST),
				  parent ? pw_value_parent("parent", parent) : pw_value_unknown("parent")));
		break;
	case PW_REAPED_NOT:
		pw_evidence_add(why, process->exited ? "not_reaped" : "not_exited", PW_VALUES(who));
		break;
	}
}

bool pw_reaped_by(const struct pw_process *process, uint32_t pid, struct pw_evidence *why)
{
	pw_evidence_reap(process, why);
	return pw_was_reaped_by(process, pid);
}

bool pw_reaped_by_adopter(const struct pw_process *process, struct pw_evidence *why)
{
	const struct pw_value who = pw_value_process("process", process);
	const struct pw_parent *adopter = pw_adoption(process);

	if (!adopter) {
		pw_evidence_add(why, "not_adopted", PW_VALUES(who));
		return false;
	}
	if (process->reaped == PW_REAPED_AUTO) {
		pw_evidence_add(why, "released_for_adopter",
				PW_VALUES(who, pw_value_parent("adopter", adopter)));
		return true;
	}
	return pw_reaped_by(process, adopter->pid, why);
}

uint64_t pw_ran_after(const struct pw_process *process, uint64_t at)
{
	uint64_t sum = 0;

	for (const struct pw_thread *t = process->threads; t; t = t->next) {
		struct pw_thread_iter it;
		struct pw_span span;

		pw_thread_iter_init(&it, t);
		while (pw_thread_iter_next(&it, &span)) {
			if (span.state == PW_RUNNING && span.to > at)
				sum += span.to - (span.from > at ? span.from : at);
		}
	}
	return sum;
}

bool pw_exited_with(const struct pw_process *process, int code)
{
	const int status = (int)process->wait_status;

	return process->status_known && WIFEXITED(status) && WEXITSTATUS(status) == code;
}

bool pw_killed_by(const struct pw_process *process, int sig)
{
	const int status = (int)process->wait_status;

	return process->exited && WIFSIGNALED(status) && WTERMSIG(status) == sig;
}

void pw_evidence_exit(const struct pw_process *process, struct pw_evidence *why)
{
	const struct pw_value who = pw_value_process("process", process);
	const int status = (int)process->wait_status;

	if (!process->exited)
		pw_evidence_add(why, "not_exited", PW_VALUES(who));
	else if (!process->status_known)
		pw_evidence_add(why, "exit_status_unobserved", PW_VALUES(who));
	else if (WIFSIGNALED(status))
		pw_evidence_add(why, "killed", PW_VALUES(who, pw_value_signal("signal", WTERMSIG(status))));
	else
		pw_evidence_add(why, "exited",
				PW_VALUES(who, pw_value_integer("exit_code", WEXITSTATUS(status))));
}

void pw_evidence_wait_status(const struct pw_process *process, struct pw_evidence *why)
{
	pw_evidence_add(why, "wait_status",
			PW_VALUES(pw_value_process("process", process),
				  pw_value_integer("wait_status", process->wait_status)));
}

bool pw_has_ended(const struct pw_process *process, struct pw_evidence *why)
{
	if (!process->exited)
		pw_evidence_add(why, "not_exited", PW_VALUES(pw_value_process("process", process)));
	return process->exited;
}

const struct pw_signal_record *pw_sent(const struct pw_demo_run *run, const struct pw_process *from,
				       const struct pw_process *to, int sig)
{
	for (size_t i = 0; i < pw_model_signal_count(run->m); i++) {
		const struct pw_signal_record *record = pw_model_signal(run->m, i);

		if (record->sig == sig && record->to_pid == to->pid && record->from_pid == from->pid)
			return record;
	}
	return NULL;
}
