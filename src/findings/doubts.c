// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the recording does not know: lost records, switches the kernel never
 * reported, events that contradict each other, reaps nobody saw.
 */
#include "findings/finder.h"

static void say_times(struct pw_text *t, uint64_t n, const char *one, const char *many)
{
	say_number(t, n);
	pw_text_add(t, n == 1 ? one : many);
}

static void find_lost(struct finder *f)
{
	const uint64_t lost = pw_model_stats(f->model)->lost;
	struct pw_text t = {0};
	uint64_t longest = 0;

	if (lost == 0)
		return;
	for (size_t i = 0; i < pw_model_lost_count(f->model); i++) {
		const struct pw_lost_range *r = pw_model_lost(f->model, i);

		if (r->to > r->from && r->to - r->from > longest)
			longest = r->to - r->from;
	}
	say_times(&t, lost, " record was lost", " records were lost");
	pw_text_add(&t, " because the ring was full, in ");
	say_times(&t, pw_model_lost_count(f->model), " stretch", " stretches");
	if (longest > 0) {
		pw_text_add(&t, pw_model_lost_count(f->model) == 1 ? " of " : " of up to ");
		say_duration(&t, longest);
	}
	pw_text_add(&t, ". What they said and nothing else proves is shown as unknown; a larger --ringbuf "
			"loses less.");
	finder_add(f, "lost", PW_WARNING, NULL, &t);
}

static void find_holes(struct finder *f)
{
	const uint64_t holes = pw_model_stats(f->model)->holes;
	struct pw_text t = {0};

	if (holes == 0)
		return;
	say_times(&t, holes, " switch was", " switches were");
	pw_text_add(&t, " never reported by the kernel, and found by the tasks' own counters; the time they "
			"ran is theirs all the same.");
	finder_add(f, "holes", PW_NOTE, NULL, &t);
}

static void find_contradictions(struct finder *f)
{
	const uint64_t n = pw_model_stats(f->model)->contradictions;
	struct pw_text t = {0};

	if (n == 0)
		return;
	say_times(&t, n, " event contradicts", " events contradict");
	pw_text_add(&t, " the others; the stretches around are shown as unknown.");
	finder_add(f, "contradictions", PW_WARNING, NULL, &t);
}

static void find_unobserved(struct finder *f)
{
	const struct pw_life *only = NULL;
	struct pw_text t = {0};
	uint64_t most = 0;
	size_t n = 0;

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_life *life = pw_model_life(f->model, i);

		/* Of the long ones find_zombies tells it. */
		if (life->reaped != PW_REAPED_UNOBSERVED || pw_zombie_is_long(life, f->end - f->begin))
			continue;
		only = life;
		n++;
		if (life->zombie_from && life->zombie_to > life->zombie_from + most)
			most = life->zombie_to - life->zombie_from;
	}
	if (n == 0)
		return;
	pw_text_add(&t, "Who reaped ");
	if (n == 1) {
		say_process(&t, only->pid, only->comm);
	} else {
		say_number(&t, n);
		pw_text_add(&t, " processes");
	}
	if (!most) { /* they are known to be gone, and no more */
		pw_text_add(&t, n == 1 ? " was not observed, and neither was its end."
				       : " was not observed, and neither were their ends.");
		finder_add(f, "unobserved", PW_NOTE, n == 1 ? only : NULL, &t);
		return;
	}
	pw_text_add(&t, n == 1 ? " was not observed: it was gone at most "
			       : " was not observed: they were gone at most ");
	say_duration(&t, most);
	pw_text_add(&t, n == 1 ? " after its end." : " after their ends.");
	finder_add(f, "unobserved", PW_NOTE, n == 1 ? only : NULL, &t);
}

void find_doubts(struct finder *f)
{
	find_lost(f);
	find_holes(f);
	find_contradictions(f);
	find_unobserved(f);
}
