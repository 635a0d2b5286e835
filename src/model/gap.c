/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Gaps: a thread left its CPU in a switch that was missed. Its timeline is unknown
 * from its last switch-in on, until its account shows how long it ran.
 */
#include "model/thread.h"

static void open_gap(struct thread *t, uint64_t until)
{
	struct timeline *tl = &t->timeline;

	if (tl->gap) {
		while (tl->count > tl->gap)
			pw_timeline_pop(tl);
		return;
	}
	t->gap_cpu = pw_timeline_tail(tl)->cpu;
	t->gap_from = pw_timeline_tail(tl)->from;
	t->gap_until = until;
	pw_timeline_forget_tail(tl);
	tl->gap = tl->count;
}

void pw_thread_left_unobserved(struct thread *t, uint64_t until)
{
	struct timeline *tl = &t->timeline;
	uint64_t exit = t->pub.exit;

	if (t->dead || t->finalized || !tl->count || pw_timeline_tail(tl)->state != PW_RUNNING)
		return;
	if (!tl->closed) {
		open_gap(t, until);
	} else if (!t->ran_to_end &&
		   until < exit) { /* its process has ended, its last switch-out is still to come */
		pw_timeline_reopen(tl);
		open_gap(t, until);
		pw_timeline_close(tl, exit);
	}
}
