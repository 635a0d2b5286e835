// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the recording does not know: lost records, switches the kernel never
 * reported, events that contradict each other, reaps nobody saw.
 */
#include "analysis/finder.h"

static void find_lost(struct finder *f)
{
	const uint64_t lost = pw_model_stats(f->model)->lost;
	const size_t stretches = pw_model_lost_count(f->model);
	struct pw_text t = {0};
	uint64_t longest = 0;

	if (lost == 0)
		return;
	for (size_t i = 0; i < stretches; i++) {
		const struct pw_lost_range *r = pw_model_lost(f->model, i);

		if (r->to > r->from && r->to - r->from > longest)
			longest = r->to - r->from;
	}
	pw_text_format(&t,
		       pw_lang_count("%s record was lost because the ring was full, in ",
				     "%s records were lost because the ring was full, in ", lost),
		       number(lost).s);
	pw_text_format(&t, pw_lang_count("%s stretch", "%s stretches", stretches), number(stretches).s);
	if (longest > 0)
		pw_text_format(&t, stretches == 1 ? _(" of %s") : _(" of up to %s"), lasting(longest).s);
	pw_text_add(&t, _(". What they said and nothing else proves is shown as unknown; a larger --ringbuf "
			  "loses less."));
	finder_add(f, "lost", PW_WARNING, NULL, &t);
}

static void find_holes(struct finder *f)
{
	const uint64_t holes = pw_model_stats(f->model)->holes;
	struct pw_text t = {0};

	if (holes == 0)
		return;
	pw_text_format(
		&t,
		pw_lang_count("%s switch was never reported by the kernel, and found by the tasks' own "
			      "counters; the time they ran is theirs all the same.",
			      "%s switches were never reported by the kernel, and found by the tasks' own "
			      "counters; the time they ran is theirs all the same.",
			      holes),
		number(holes).s);
	finder_add(f, "holes", PW_NOTE, NULL, &t);
}

static void find_contradictions(struct finder *f)
{
	const uint64_t n = pw_model_stats(f->model)->contradictions;
	struct pw_text t = {0};

	if (n == 0)
		return;
	pw_text_format(
		&t,
		pw_lang_count("%s event contradicts the others; the stretches around are shown as unknown.",
			      "%s events contradict the others; the stretches around are shown as unknown.",
			      n),
		number(n).s);
	finder_add(f, "contradictions", PW_WARNING, NULL, &t);
}

static void find_unobserved(struct finder *f)
{
	const struct pw_process *only = NULL;
	struct pw_text t = {0};
	uint64_t most = 0;
	size_t n = 0;

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_process *process = pw_model_process(f->model, i);

		/* Of the long ones find_zombies tells it. */
		if (process->reaped != PW_REAPED_UNOBSERVED || pw_zombie_is_long(process, f->end - f->begin))
			continue;
		only = process;
		n++;
		if (process->zombie_from && process->zombie_to > process->zombie_from + most)
			most = process->zombie_to - process->zombie_from;
	}
	if (n == 0)
		return;
	if (!most) /* they are known to be gone, and no more */
		pw_text_format(&t,
			       n == 1 ? _("Who reaped %s was not observed, and neither was its end.")
				      : _("Who reaped %s processes was not observed, and neither were their "
					  "ends."),
			       n == 1 ? who(only->pid, only->comm).s : number(n).s);
	else if (n == 1)
		pw_text_format(&t, _("Who reaped %s was not observed: it was gone at most %s after its end."),
			       who(only->pid, only->comm).s, lasting(most).s);
	else
		pw_text_format(&t,
			       _("Who reaped %s processes was not observed: they were gone at most %s after "
				 "their ends."),
			       number(n).s, lasting(most).s);
	finder_add(f, "unobserved", PW_NOTE, n == 1 ? only : NULL, &t);
}

void find_doubts(struct finder *f)
{
	find_lost(f);
	find_holes(f);
	find_contradictions(f);
	find_unobserved(f);
}
