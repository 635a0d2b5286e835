// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names that changed while a process ran. A new name with a new program is
 * ordinary, and so is one that a child takes at once: neither is told.
 */
#include "analysis/finder.h"

#define AT_ONCE_NS UINT64_C(10000000)

static bool is_near(uint64_t a, uint64_t b)
{
	return (a > b ? a - b : b - a) < AT_ONCE_NS;
}

static bool is_of_exec(const struct pw_process *process, uint64_t at)
{
	for (size_t i = 0; i < process->n_execs; i++)
		if (is_near(process->execs[i].at, at))
			return true;
	return false;
}

static void say_renamed(struct finder *f, const struct candidate *c)
{
	const struct pw_name *name = &c->process->names[1];
	struct pw_text t = {0};

	while (name->at != c->at)
		name++;
	pw_text_format(&t,
		       c->process->seeded ? _("%s took the name %s %s into the recording.")
					  : _("%s took the name %s %s after its birth."),
		       who(c->process->pid, name[-1].comm).s, quoted(name->comm).s, lasting(c->ns).s);
	finder_add(f, "renamed", PW_NOTE, c->process, &t);
}

static void say_renamed_many(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	struct pw_text t = {0};

	if (same_key)
		pw_text_format(&t, _("%s times %s took another name while it ran."), number(count).s,
			       who(c->process->pid, c->process->comm).s);
	else
		pw_text_format(&t, _("%s times processes took other names while they ran."), number(count).s);
	finder_add(f, "renamed", PW_NOTE, same_key ? c->process : NULL, &t);
}

void find_names(struct finder *f)
{
	struct candidates list = {0};

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_process *process = pw_model_process(f->model, i);
		const uint64_t born = process->n_names ? process->names[0].at : 0;

		for (size_t k = 1; k < process->n_names; k++) {
			const struct candidate c = {
				.process = process,
				.key = process->pid,
				.at = process->names[k].at,
				.ns = process->names[k].at > born ? process->names[k].at - born : 0,
			};

			if ((process->seeded || !is_near(c.at, born)) && !is_of_exec(process, c.at))
				finder_collect(f, &list, &c);
		}
	}
	finder_say(f, &list, say_renamed, say_renamed_many);
}
