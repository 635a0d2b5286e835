// SPDX-License-Identifier: GPL-2.0-only
#include "report/perfetto/cursor.h"

/* The leader stands for its process, which is a zombie once all of it has ended. */
static bool zombie_span(struct pw_cursor *c, struct pw_span *out)
{
	const struct pw_life *life = c->life;

	if (c->zombie_told || c->thread != life->threads || !life->zombie_from)
		return false;
	c->zombie_told = true;
	*out = (struct pw_span){
		.from = c->thread->exit && c->thread->first ? c->thread->exit : life->zombie_from,
		.to = life->zombie_to ? life->zombie_to : pw_life_end(life),
		.by = PW_NO_WAKER,
		.syscall = -1,
		.cpu = PW_NO_CPU,
		.state = PW_ZOMBIE,
	};
	return true;
}

/* A state track has no holes: whatever the states chosen are, it shows all. */
static bool next_span(struct pw_cursor *c, const struct pw_choice *choice, struct pw_span *out)
{
	const struct pw_choice times = {.from = choice->from, .to = choice->to};

	while (pw_thread_iter_next(&c->it, out))
		if (pw_choice_cut(&times, out))
			return true;
	return zombie_span(c, out) && pw_choice_cut(&times, out);
}

/* When it was gone for good; 0: it was not. A zombie is gone when it is reaped. */
static uint64_t gone_at(const struct pw_cursor *c)
{
	uint64_t at = c->thread->exit;

	if (c->zombie_told && c->was.state == PW_ZOMBIE)
		at = c->life->zombie_to;
	return at && at < c->was.to ? c->was.to : at;
}

bool pw_cursor_begin(struct pw_cursor *c, const struct pw_choice *choice, size_t rank,
		     const struct pw_life *life, const struct pw_thread *thread)
{
	*c = (struct pw_cursor){.rank = rank, .life = life, .thread = thread};
	pw_thread_iter_init(&c->it, thread);
	c->has = next_span(c, choice, &c->is);
	c->at = c->is.from;
	return c->has;
}

bool pw_cursor_next(struct pw_cursor *c, const struct pw_choice *choice)
{
	uint64_t gone;

	c->had = c->has;
	if (!c->has)
		return false;
	c->was = c->is;
	c->has = next_span(c, choice, &c->is);
	gone = gone_at(c);
	c->at = c->has ? c->is.from : gone;
	return c->has || (gone && gone <= choice->to);
}
