/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Seeds: BIRTH records of tasks whose fork was not observed. The iterator finds those that
 * ran when the recording began; others match a filter later.
 */
#ifndef PW_BPF_SEED_H
#define PW_BPF_SEED_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "birth.bpf.h"
#include "emit.bpf.h"
#include "filter.bpf.h"
#include "watch.bpf.h"
#include "zombie.bpf.h"

/* ---- sending a seed */

/*
 * The record's time was read (in reserve) before the state is read here. A switch in
 * between comes after the seed in the stream, and its counters show that the seed already
 * includes it. exit_state was read before either.
 */
static __always_inline void fill_account(struct pw_birth *e, struct task_struct *t, int exit_state)
{
	e->h.flags |= PW_SEEDED;
	e->state = task_state_probed(t);
	e->exit_state = exit_state;
	e->exit_code = group_wait_status(t);
	e->on_cpu = task_on_cpu(t);
	e->h.cpu = BPF_CORE_READ(t, wake_cpu); /* set_task_cpu keeps it equal to the task's CPU */
	e->runtime = BPF_CORE_READ(t, se.sum_exec_runtime);
	e->nvcsw = BPF_CORE_READ(t, nvcsw);
	e->nivcsw = BPF_CORE_READ(t, nivcsw);
}

/* The task is being released right now: nothing but its free will be observed. */
static __always_inline bool is_being_released(struct task_struct *t, int exit_state)
{
	return exit_state & EXIT_DEAD || (exit_state && BPF_CORE_READ(t, pid) != BPF_CORE_READ(t, tgid));
}

/*
 * Watches the task from now on and reports it to user space. A task's end comes either from
 * this record or from an EXIT event, never from both: what ended before it was watched is
 * read here.
 */
static __always_inline bool send_seed(struct task_struct *t, __u32 tid)
{
	int exit_state = BPF_CORE_READ(t, exit_state);
	__u8 *byte = watch_byte(tid);
	struct pw_birth *e;

	if (!byte || is_being_released(t, exit_state))
		return false;
	e = reserve(sizeof(*e), PW_EV_BIRTH, tid, BPF_CORE_READ(t, start_time));
	*byte = WATCHED | SEEDED; /* after the seed's time: no other event of the task may precede it */
	__sync_fetch_and_add(&seeds_sent, 1);
	if (!e)
		return true;
	fill_birth(e, t);
	fill_account(e, t, exit_state);
	submit(e);
	if (group_is_dead(t)) /* it may have passed its exit unwatched and be no zombie yet */
		remember_zombie(t);
	return true;
}

static __always_inline bool is_seeded(__u32 tid)
{
	__u8 *byte = watch_byte(tid);

	return !byte || (*byte & SEEDED);
}

/* ---- a process that comes to match the filters */

/* Seeds an unwatched process that just got this name, if it now matches. Another pass finds its other threads. */
static __always_inline bool seed_if_name_matches(struct task_struct *t, const char *name)
{
	char comm[PW_COMM_LEN] = "";

	if (!attached || is_procwatch(t))
		return false;
	bpf_probe_read_kernel_str(comm, sizeof(comm), name);
	if (!matches_filters(t, comm))
		return false;
	if (BPF_CORE_READ(t, signal, nr_threads) > 1)
		rescan_wanted = 1;
	return send_seed(t, BPF_CORE_READ(t, pid));
}

static __always_inline bool seed_if_matches(struct task_struct *t)
{
	return has_filters() && seed_if_name_matches(t, (void *)t + bpf_core_field_offset(t->comm));
}

/* ---- the tasks that run when the recording begins */

#define MAX_PID_NS_LEVELS 33 /* MAX_PID_NS_LEVEL and the initial one (pid_namespace.h) */

/* The PID of a task's process in procwatch's PID namespace; 0: it is not visible there. */
static __always_inline __u32 pid_for_procwatch(struct task_struct *t)
{
	struct pid *pid = BPF_CORE_READ(t, group_leader, thread_pid);
	__u32 deepest = pid ? BPF_CORE_READ(pid, level) : 0;

	for (__u32 level = 0; pid && level <= deepest && level < MAX_PID_NS_LEVELS; level++) {
		struct upid *upid = upid_at(pid, level);

		if (BPF_CORE_READ(upid, ns, ns.inum) == own_pid_ns)
			return BPF_CORE_READ(upid, nr);
	}
	return 0;
}

static __always_inline bool is_target(struct task_struct *t, __u32 tgid)
{
	__u32 pid = pid_for_procwatch(t);
	struct pw_target_slot *target = bpf_map_lookup_elem(&targets, &pid);

	if (!target)
		return false;
	if (BPF_CORE_READ(t, group_leader, start_time) > targets_asked_at) {
		target->reused = 1;
		return false;
	}
	target->tgid = tgid;
	return true;
}

static __always_inline bool is_selected(struct task_struct *t, __u32 tid, __u32 tgid)
{
	struct task_struct *parent = BPF_CORE_READ(t, real_parent);
	char comm[PW_COMM_LEN] = "";

	if (is_procwatch(t))
		return false;
	if (watch_all || is_target(t, tgid))
		return true;
	if (tid != tgid)
		return is_watched(tgid);
	if (follow_children && is_watched(BPF_CORE_READ(parent, tgid)))
		return true;
	BPF_CORE_READ_STR_INTO(&comm, t, comm);
	return matches_filters(t, comm);
}

/*
 * A task that exits before a pass reaches it is seeded from its exit. Its parent may be
 * watched already, and the model would then see an exit without a birth.
 */
static __always_inline bool seed_at_exit(struct task_struct *t, __u32 tid)
{
	return seeding && is_selected(t, tid, BPF_CORE_READ(t, tgid)) && send_seed(t, tid);
}

#endif
