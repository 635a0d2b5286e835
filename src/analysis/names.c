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

static bool is_of_exec(const struct pw_life *life, uint64_t at)
{
	for (size_t i = 0; i < life->n_execs; i++)
		if (is_near(life->execs[i].at, at))
			return true;
	return false;
}

static void say_renamed(struct finder *f, const struct candidate *c)
{
	const struct pw_name *name = &c->life->names[1];
	struct pw_text t = {0};

	while (name->at != c->at)
		name++;
	pw_text_format(&t,
		       c->life->seeded ? _("%s took the name %s %s into the recording.")
				       : _("%s took the name %s %s after its birth."),
		       who(c->life->pid, name[-1].comm).s, quoted(name->comm).s, lasting(c->ns).s);
	finder_add(f, "renamed", PW_NOTE, c->life, &t);
}

static void say_renamed_many(struct finder *f, const struct candidate *c, size_t count, bool same_key)
{
	struct pw_text t = {0};

	if (same_key)
		pw_text_format(&t, _("%s times %s took another name while it ran."), number(count).s,
			       who(c->life->pid, c->life->comm).s);
	else
		pw_text_format(&t, _("%s times processes took other names while they ran."), number(count).s);
	finder_add(f, "renamed", PW_NOTE, same_key ? c->life : NULL, &t);
}

void find_names(struct finder *f)
{
	struct candidates list = {0};

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_life *life = pw_model_life(f->model, i);
		const uint64_t born = life->n_names ? life->names[0].at : 0;

		for (size_t k = 1; k < life->n_names; k++) {
			const struct candidate c = {
				.life = life,
				.key = life->pid,
				.at = life->names[k].at,
				.ns = life->names[k].at > born ? life->names[k].at - born : 0,
			};

			if ((life->seeded || !is_near(c.at, born)) && !is_of_exec(life, c.at))
				finder_collect(f, &list, &c);
		}
	}
	finder_say(f, &list, say_renamed, say_renamed_many);
}
