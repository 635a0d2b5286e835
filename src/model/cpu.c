/* SPDX-License-Identifier: GPL-2.0-only */
#include "model/cpu.h"

#include <string.h>

#include "util/array.h"

int pw_cpu_add(struct sched *sched, uint16_t cpu)
{
	size_t need = (size_t)cpu + 1;
	int err = pw_array_reserve(&sched->cpus, &sched->cpus_room, need, sizeof(*sched->cpus));

	if (err)
		return err;
	memset(sched->cpus + sched->n_cpus, 0, (need - sched->n_cpus) * sizeof(*sched->cpus));
	sched->n_cpus = need;
	return 0;
}

int pw_cpu_take(struct thread *t)
{
	int err = pw_cpu_reserve(t->group->sched, t->cpu);

	if (err)
		return err;
	t->group->sched->cpus[t->cpu].running = t;
	return 0;
}

void pw_cpu_evict(struct sched *sched, uint16_t cpu, const struct thread *t, uint64_t ts)
{
	struct thread *other = cpu < sched->n_cpus ? sched->cpus[cpu].running : NULL;

	if (!other || other == t)
		return;
	pw_thread_left_unobserved(other, ts);
	pw_cpu_leave(other);
}

/* When other, which was on this CPU before t, last came to it; 0: it was not there, or left observed. */
static uint64_t last_seen_here(const struct thread *other, uint16_t number, const struct thread *t)
{
	const struct pw_interval *tail = other && other != t ? pw_timeline_tail(&other->timeline) : NULL;

	if (!tail)
		return 0;
	if (tail->state == PW_RUNNING && tail->cpu == number)
		return other->ran_to_end ? other->pub.exit : tail->from;
	return other->timeline.gap && other->gap_cpu == number ? other->gap_from : 0;
}

uint64_t pw_cpu_floor(const struct cpu *cpu, uint16_t number, const struct thread *t)
{
	uint64_t left = last_seen_here(cpu->left, number, t);
	uint64_t running = last_seen_here(cpu->running, number, t);
	uint64_t floor = cpu->free_since;

	if (left > floor)
		floor = left;
	return running > floor ? running : floor;
}

void pw_cpu_make_way(struct thread *other, uint16_t number, const struct thread *t, uint64_t came)
{
	const struct pw_interval *tail = other && other != t ? pw_timeline_tail(&other->timeline) : NULL;

	if (!tail)
		return;
	if (tail->state == PW_RUNNING && tail->cpu == number)
		pw_thread_left_unobserved(other, came);
	else if (other->timeline.gap && other->gap_cpu == number && came < other->gap_until)
		other->gap_until = came;
}

void pw_cpu_drop_folded(struct sched *sched)
{
	for (size_t i = 0; i < sched->n_cpus; i++) {
		struct cpu *cpu = &sched->cpus[i];

		if (cpu->running && cpu->running->folded)
			cpu->running = NULL;
		if (cpu->left && cpu->left->folded)
			cpu->left = NULL;
	}
}
