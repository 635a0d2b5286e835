/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The CPUs: which thread runs where. A CPU runs one task at a time, so a switch
 * that contradicts this proves that another switch was missed.
 */
#ifndef PW_MODEL_CPU_H
#define PW_MODEL_CPU_H

#include "model/thread.h"

/* Makes room for this CPU. Returns 0 or -ENOMEM. */
int pw_cpu_add(struct sched *sched, uint16_t cpu);
static inline int pw_cpu_reserve(struct sched *sched, uint16_t cpu)
{
	return cpu < sched->n_cpus ? 0 : pw_cpu_add(sched, cpu);
}
/* The snapshot found t running on t->cpu. Returns 0 or -ENOMEM. */
int pw_cpu_take(struct thread *t);
/* t does not run on the CPU it ran on last. */
static inline void pw_cpu_leave(struct thread *t)
{
	struct sched *sched = t->group->sched;
	struct cpu *cpu = t->cpu < sched->n_cpus ? &sched->cpus[t->cpu] : NULL;

	if (!cpu || cpu->running != t)
		return;
	cpu->running = NULL;
	cpu->left = t;
	/* A closed timeline keeps its end, whichever thread came before that. */
	if (t->timeline.closed && t->pub.end > cpu->free_since)
		cpu->free_since = t->pub.end;
}
/* Something else happened on that CPU before that moment: the thread that runs there, if it is not t, has left. */
void pw_cpu_evict(struct sched *sched, uint16_t cpu, const struct thread *t, uint64_t ts);

/* Since when t can have had this CPU, if its switch-in was missed. */
uint64_t pw_cpu_floor(const struct cpu *cpu, uint16_t number, const struct thread *t);
/* t came to this CPU at that moment, so other, which had it before, had left by then. */
void pw_cpu_make_way(struct thread *other, uint16_t number, const struct thread *t, uint64_t came);
/* Forgets folded threads. */
void pw_cpu_drop_folded(struct sched *sched);

#endif
