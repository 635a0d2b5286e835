/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/judge.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* Adoption and exit are seen by different hooks, microseconds apart. */
#define SAME_MOMENT UINT64_C(1000000)

void pw_say(struct pw_evidence *why, const char *format, ...)
{
	const size_t used = strlen(why->text);
	va_list args;

	va_start(args, format);
	vsnprintf(why->text + used, sizeof(why->text) - used, _(format), args);
	va_end(args);
}

void pw_evidence_add(struct pw_evidence *why, const char *code, const struct pw_value *values)
{
	const struct pw_fact fact = pw_fact_make(code, values);

	pw_facts_add(&why->facts, &fact);
}

/* ---- the plan ---- */

static const struct pw_process *find_main(const struct pw_model *m, const char *demo)
{
	for (size_t i = 0; i < pw_model_count(m); i++) {
		if (strcmp(pw_model_process(m, i)->comm, demo) == 0)
			return pw_model_process(m, i);
	}
	return NULL;
}

static const struct pw_process *find_role(const struct pw_demo_run *s, const char *name)
{
	for (size_t i = 0; i < pw_model_count(s->m); i++) {
		const struct pw_process *process = pw_model_process(s->m, i);

		if (strcmp(process->comm, name) == 0 && pw_descends(s->m, process, s->main))
			return process;
	}
	return NULL;
}

/* The name of somebody who is not in the record; NULL when all are there. */
static const char *set_scene(struct pw_demo_run *s, const struct pw_lesson_def *plan)
{
	s->main = find_main(s->m, plan->demo);
	if (!s->main)
		return plan->demo;
	for (size_t i = 0; i < PW_CAST_MAX && plan->cast[i]; i++) {
		s->role[i] = find_role(s, plan->cast[i]);
		if (!s->role[i])
			return plan->cast[i];
	}
	return NULL;
}

int pw_judge(struct pw_lesson *lesson, const struct pw_model *m, const struct pw_lesson_def *plan)
{
	struct pw_demo_run scene = {.m = m};
	const char *missing = set_scene(&scene, plan);
	const struct pw_demo *demo = pw_demo_find(plan->demo);
	int err = 0;

	lesson->title = demo ? demo->title : NULL;
	lesson->words[0] = plan->words ? plan->words : pw_course_words;
	lesson->words[1] = pw_course_words;
	for (size_t i = 0; i < plan->count && !err; i++) {
		const struct pw_claim_def *saying = &plan->claims[i];
		struct pw_evidence why = {.text = ""};
		bool held = false;

		if (missing)
			pw_say(&why, "no process named %s is in the record", missing);
		else
			held = saying->holds(&scene, &why);
		err = why.facts.err;
		if (!err)
			err = pw_claim(lesson, saying->id, saying->text, held, "%s", why.text);
		if (err)
			pw_facts_free(&why.facts);
		else
			lesson->claims[lesson->count - 1].facts = why.facts;
	}
	return err;
}

size_t pw_last_option(const char *const *argv, const char *option)
{
	size_t last = 0;

	for (size_t i = 0; argv && argv[i]; i++) {
		if (strcmp(argv[i], option) == 0)
			last = i + 1;
	}
	return last;
}

/* ---- processes ---- */

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

static const char *adopter_kind(const struct pw_parent *adopter)
{
	if (adopter->adopter == PW_ADOPTER_SUBREAPER)
		return _("a subreaper");
	if (adopter->adopter == PW_ADOPTER_INIT || adopter->pid == 1)
		return _("init");
	return NULL;
}

bool pw_adopted(const struct pw_process *child, const struct pw_process *parent, struct pw_evidence *why)
{
	const struct pw_parent *adopter = pw_adoption(child);

	if (!adopter) {
		pw_say(why, "the parent of %u was never seen to change", child->pid);
		return false;
	}

	const char *kind = adopter_kind(adopter);
	const bool in_time = parent->exited && adopter->from + SAME_MOMENT >= parent->exit_begun &&
			     (adopter->bounded || adopter->from <= pw_last_moment(parent) + SAME_MOMENT);

	pw_say(why, "from %u to %u (%s, %s)", parent->pid, adopter->pid, pw_printable(adopter->comm).s,
	       kind ? kind : _("neither init nor a subreaper"));
	if (!parent->exited)
		pw_say(why, ", although %u had not ended", parent->pid);
	else if (adopter->bounded)
		pw_say(why, ", noticed %s after the exit of %u", pw_from_to(parent->exit_at, adopter->from).s,
		       parent->pid);
	else if (in_time)
		pw_say(why, " as %u ended", parent->pid);
	else
		pw_say(why, ", but not as %u ended", parent->pid);
	return kind && in_time && adopter->pid != parent->pid;
}

bool pw_reaped_by(const struct pw_process *process, uint32_t pid, struct pw_evidence *why)
{
	const struct pw_parent *parent;

	switch (process->reaped) {
	case PW_REAPED_WAIT:
		pw_say(why, "%u reaped by %u with wait %s after its end", process->pid, process->reaper_pid,
		       pw_from_to(process->exit_at, process->reap_at).s);
		return process->reaper_pid == pid;
	case PW_REAPED_AUTO:
		pw_say(why, "%u released by the kernel at its end, nobody had to wait for it", process->pid);
		return false;
	case PW_REAPED_UNOBSERVED:
		/* Nobody but the parent can reap, so whose it was is known although the reap was not seen. */
		parent = pw_process_parent_at(process, process->reap_at);
		pw_say(why, "%u released at most %s after its end; by whom was not seen, its parent was %u",
		       process->pid, pw_from_to(process->exit_at, process->reap_at).s,
		       parent ? parent->pid : 0);
		return process->reap_at != 0 && parent && parent->pid == pid;
	case PW_REAPED_NOT:
		break;
	}
	pw_say(why,
	       process->exited ? _("%u was not reaped when the recording ended")
			       : _("%u had not ended when the recording did"),
	       process->pid);
	return false;
}

bool pw_reaped_by_adopter(const struct pw_process *process, struct pw_evidence *why)
{
	const struct pw_parent *adopter = pw_adoption(process);

	if (!adopter) {
		pw_say(why, "%u was never adopted", process->pid);
		return false;
	}
	if (process->reaped == PW_REAPED_AUTO) {
		pw_say(why, "%u released at its end: its adopter %u (%s) ignores SIGCHLD", process->pid,
		       adopter->pid, pw_printable(adopter->comm).s);
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

void pw_say_end(const struct pw_process *process, struct pw_evidence *why)
{
	const int status = (int)process->wait_status;

	if (!process->exited)
		pw_say(why, "%u had not ended", process->pid);
	else if (!process->status_known)
		pw_say(why, "%u ended, how was not seen", process->pid);
	else if (WIFSIGNALED(status))
		pw_say(why, "%u ended by signal %d", process->pid, WTERMSIG(status));
	else
		pw_say(why, "%u ended with exit code %d", process->pid, WEXITSTATUS(status));
}

bool pw_has_ended(const struct pw_process *process, struct pw_evidence *why)
{
	if (!process->exited)
		pw_say(why, "%u had not ended when the recording did", process->pid);
	return process->exited;
}
