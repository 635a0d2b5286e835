/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/process_set.h"

#include <string.h>

#include "course/lib/processes.h"
#include "course/lib/sleeps.h"

struct pw_process_set pw_process_set_of(const struct pw_demo_run *run, const char *begin)
{
	struct pw_process_set group = {0};

	for (size_t i = 0; i < pw_model_count(run->m) && group.count < PW_PROCESS_SET_MAX; i++) {
		const struct pw_process *process = pw_model_process(run->m, i);

		if (process != run->main && strncmp(process->comm, begin, strlen(begin)) == 0 &&
		    pw_descends(run->m, process, run->main))
			group.of[group.count++] = process;
	}
	return group;
}

bool pw_process_set_counts(const struct pw_process_set *group, size_t count, struct pw_evidence *why)
{
	if (group->count != count)
		pw_evidence_add(why, "number_started",
				PW_VALUES(pw_value_count("started", group->count),
					  pw_value_count("expected", count)));
	return group->count == count;
}

bool pw_process_set_ended(const struct pw_process_set *group, struct pw_evidence *why)
{
	size_t ended = 0;

	for (size_t i = 0; i < group->count; i++)
		ended += group->of[i]->exited;
	if (ended < group->count)
		pw_evidence_add(why, "some_not_exited",
				PW_VALUES(pw_value_count("alive", group->count - ended),
					  pw_value_count("all", group->count)));
	return ended == group->count;
}

bool pw_process_set_reaped(const struct pw_process_set *group, const struct pw_process *main,
			   struct pw_evidence *why)
{
	size_t reaped = 0;
	uint64_t last = 0;

	for (size_t i = 0; i < group->count; i++) {
		const struct pw_process *process = group->of[i];

		if (pw_was_reaped_by(process, main->pid)) {
			reaped++;
			last = process->reap_at > last ? process->reap_at : last;
		} else if (reaped == i) { /* one example is enough */
			pw_evidence_reap(process, why);
		}
	}

	const bool all = reaped == group->count && main->exited;

	pw_evidence_add(why, "reaped_of_all",
			PW_VALUES(pw_value_count("reaped", reaped), pw_value_count("all", group->count),
				  pw_value_process("reaper", main),
				  all ? pw_value_between("last_before_exit_ns", last, main->exit_begun)
				      : pw_value_unknown("last_before_exit_ns")));
	return group->count > 0 && all && last <= main->exit_begun;
}

/* How many of them were in a pause at a moment. */
static size_t pausing_at(const struct pw_process_set *group, uint64_t at)
{
	size_t count = 0;

	for (size_t i = 0; i < group->count; i++) {
		struct pw_sleeps all;
		struct pw_sleep sleep;

		pw_sleeps_init(&all, group->of[i]);
		while (pw_sleeps_next(&all, &sleep))
			count += pw_is_pause(sleep.syscall) && sleep.from <= at && at < sleep.to;
	}
	return count;
}

/* Their number is highest at a moment at which a pause begins. */
size_t pw_most_at_once(const struct pw_process_set *group, size_t *pauses)
{
	size_t most = 0;

	*pauses = 0;
	for (size_t i = 0; i < group->count; i++) {
		struct pw_sleeps all;
		struct pw_sleep sleep;

		pw_sleeps_init(&all, group->of[i]);
		while (pw_sleeps_next(&all, &sleep)) {
			if (!pw_is_pause(sleep.syscall))
				continue;

			const size_t now = pausing_at(group, sleep.from);

			most = now > most ? now : most;
			(*pauses)++;
		}
	}
	return most;
}

size_t pw_woken_by_each_other(const struct pw_process_set *group, int syscall)
{
	size_t count = 0;

	for (size_t i = 0; i < group->count; i++) {
		bool woken = false;

		for (size_t j = 0; j < group->count && !woken; j++)
			woken = j != i &&
				pw_sleeps_ended_by(group->of[i]->threads, syscall, group->of[j]->pid) > 0;
		count += woken;
	}
	return count;
}
