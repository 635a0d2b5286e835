/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The account: every switch-out carries the task's own count of switches and its
 * run time. Switches that the account counts and no event showed were missed.
 */
#include <errno.h>

#include "model/thread.h"
#include "util/array.h"

void pw_account_take(struct thread *t, const struct pw_switch *sw, bool death, struct account *a)
{
	uint32_t voluntary = sw->prev_nvcsw - t->nvcsw, involuntary = sw->prev_nivcsw - t->nivcsw;
	bool blocked = death || (sw->prev_state && !(sw->h.flags & PW_PREEMPTED));
	struct pw_process *process = t->group->process;

	a->growth = voluntary + involuntary;
	a->ran = sw->prev_runtime - t->runtime;
	if (voluntary > INT32_MAX || involuntary > INT32_MAX || !a->growth || sw->prev_runtime < t->runtime) {
		pw_contradiction(t->group);
		voluntary = blocked;
		involuntary = !blocked;
		a->growth = 1;
		if (sw->prev_runtime < t->runtime)
			a->ran = 0;
	}
	a->preempted = a->growth == 2 && involuntary == (blocked ? 1 : 2);
	if (death && voluntary) /* getrusage never shows the last one */
		voluntary--;
	t->pub.switches.voluntary += voluntary;
	t->pub.switches.involuntary += involuntary;
	process->switches.voluntary += voluntary;
	process->switches.involuntary += involuntary;
}

bool pw_account_continues(const struct thread *t, const struct pw_switch *sw)
{
	uint32_t growth = sw->prev_nvcsw + sw->prev_nivcsw - t->nvcsw - t->nivcsw;
	uint64_t wall = sw->h.ts - t->went_on, ran = sw->prev_runtime - t->runtime;
	uint64_t slack = pw_account_slack(wall);

	return growth == 1 && ran <= wall + slack && wall <= ran + slack;
}

int pw_missed_count(struct thread *t, uint64_t count, uint64_t ts)
{
	struct sched *sched = t->group->sched;
	int err;

	if (!count || (sched->any_lost && sched->lost_until >= t->account_at))
		return 0;
	err = pw_array_reserve(&sched->missed, &sched->missed_room, sched->n_missed + 1,
			       sizeof(*sched->missed));
	if (err)
		return err;
	sched->missed[sched->n_missed++] = (struct missed_switches){t, t->account_at, ts, count};
	t->pub.missed_switches += count;
	sched->counters->stats.missed_switches += count;
	return 0;
}

void pw_missed_take_back(struct sched *sched, uint64_t first, uint64_t last)
{
	for (size_t i = sched->n_missed; i-- > 0 && sched->missed[i].to >= first;) {
		struct missed_switches *missed = &sched->missed[i];

		if (missed->from > last)
			continue;
		missed->thread->pub.missed_switches -= missed->count;
		sched->counters->stats.missed_switches -= missed->count;
		missed->count = 0;
	}
}

void pw_missed_drop_before(struct sched *sched, uint64_t at)
{
	size_t kept = 0;

	for (size_t i = 0; i < sched->n_missed; i++)
		if (sched->missed[i].to >= at)
			sched->missed[kept++] = sched->missed[i];
	sched->n_missed = kept;
}

void pw_missed_drop_folded(struct sched *sched)
{
	size_t kept = 0;

	for (size_t i = 0; i < sched->n_missed; i++)
		if (!sched->missed[i].thread->folded)
			sched->missed[kept++] = sched->missed[i];
	sched->n_missed = kept;
}
