/* SPDX-License-Identifier: GPL-2.0-only */
/* Birth: a task was forked. */
#include "birth.bpf.h"

#include <bpf/bpf_tracing.h>

#include "emit.bpf.h"
#include "filter.bpf.h"
#include "watch.bpf.h"

/*
 * A new task is watched if its creator is watched or is the launcher, or if the filters
 * select it. Writes the watch byte either way, for nothing else clears what an earlier
 * task with this tid left there.
 */
static __always_inline bool watch_if_selected(struct task_struct *child, __u32 creator_tid)
{
	struct task_struct *creator = current_task();
	bool is_process = child->pid == child->tgid;
	bool watched = is_watched(creator_tid) && (follow_children || !is_process);
	char comm[PW_COMM_LEN] = "";
	__u8 *byte = watch_byte(child->pid), value;

	if (is_process && !watched && attached) {
		BPF_CORE_READ_STR_INTO(&comm, child, comm);
		watched = is_in_process(creator, launcher_tgid) || (watch_all && !is_procwatch(creator)) ||
			  matches_filters(child, comm);
	}
	value = watched ? WATCHED | SEEDED : 0;
	if (byte && *byte != value) /* most births are not watched: do not dirty their cache lines */
		*byte = value;
	return byte && watched;
}

/* The kernel's account of a task that has not run yet. */
static __always_inline void fill_new_account(struct pw_birth *e)
{
	e->state = e->exit_state = e->exit_code = e->on_cpu = 0;
	e->runtime = e->nvcsw = e->nivcsw = 0;
}

/*
 * The new task is complete and has not run. Unlike sched_process_fork this hook reports
 * io_uring workers too. 7.x skips no run of it: it is raised with interrupts off.
 */
SEC("tp_btf/sched_wakeup_new")
int BPF_PROG(on_birth, struct task_struct *t)
{
	struct pw_birth *e;

	if (!watch_if_selected(t, current_tid()))
		return 0;
	e = reserve(sizeof(*e), PW_EV_BIRTH, t->pid, t->start_time);
	if (!e)
		return 0;
	fill_birth(e, t);
	fill_new_account(e);
	submit(e);
	return 0;
}
