/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tasks whose birth was not seen: those that ran when the recording began, found
 * by the iterator, and those that come to match a filter later.
 */
#ifndef PW_SEED_H
#define PW_SEED_H

/*
 * The time is taken (in reserve) before the state is read: a switch in between
 * then comes after the seed in the stream, and its counters show that the seed
 * has it already. Whether it had ended was read before that.
 */
static __always_inline void fill_account(struct pw_birth *e, struct task_struct *t, int exit_state)
{
	__u8 on_cpu = 0; /* an int until 7.2, a byte since 7.3: its first byte serves both */

	e->h.flags |= PW_SEEDED;
	e->state = task_state_probed(t);
	e->exit_state = exit_state;
	e->exit_code = group_wait_status(t);
	bpf_probe_read_kernel(&on_cpu, sizeof(on_cpu), (void *)t + bpf_core_field_offset(t->on_cpu));
	e->on_cpu = on_cpu;
	e->h.cpu = BPF_CORE_READ(t, wake_cpu); /* set_task_cpu keeps it at the task's CPU */
	e->runtime = BPF_CORE_READ(t, se.sum_exec_runtime);
	e->nvcsw = BPF_CORE_READ(t, nvcsw);
	e->nivcsw = BPF_CORE_READ(t, nivcsw);
}

static __always_inline void remember_zombie(struct task_struct *t);

/* It is being released right now: nothing more is to be seen of it than that it is freed. */
static __always_inline bool is_being_released(struct task_struct *t, int exit_state)
{
	return exit_state & EXIT_DEAD || (exit_state && BPF_CORE_READ(t, pid) != BPF_CORE_READ(t, tgid));
}

/*
 * From now on the task is watched, and user space knows it. Its end is either what
 * is found here or an event, not both: who had ended before it was watched.
 */
static __always_inline bool tell_seed(struct task_struct *t, __u32 tid)
{
	int exit_state = BPF_CORE_READ(t, exit_state);
	__u8 *w = watch_byte(tid);
	struct pw_birth *e;

	if (!w || is_being_released(t, exit_state))
		return false;
	e = reserve(sizeof(*e), PW_EV_BIRTH, tid, BPF_CORE_READ(t, start_time));
	*w = WATCHED | TOLD; /* after the seed's time: nothing else of the task may come before it */
	__sync_fetch_and_add(&seeds_told, 1);
	if (!e)
		return true;
	fill_birth(e, t);
	fill_account(e, t, exit_state);
	submit(e);
	if (group_is_dead(t)) /* it may have passed its exit unwatched and be no zombie yet */
		remember_zombie(t);
	return true;
}

/* Whether an unwatched process that just got a name matches now. Its other threads are found by another pass. */
static __always_inline bool joins_as(struct task_struct *t, const char *name)
{
	char comm[PW_COMM_LEN] = "";

	if (!attached || is_ours(t, own_tgid))
		return false;
	bpf_probe_read_kernel_str(comm, sizeof(comm), name);
	if (!matches_filters(t, comm))
		return false;
	if (BPF_CORE_READ(t, signal, nr_threads) > 1)
		rescan_wanted = 1;
	return tell_seed(t, BPF_CORE_READ(t, pid));
}

static __always_inline bool joins(struct task_struct *t)
{
	return (only_names || only_uids || only_cgroup) &&
	       joins_as(t, (void *)t + bpf_core_field_offset(t->comm));
}

/* A process moved into the control group. */
SEC("?tp_btf/cgroup_attach_task")
int BPF_PROG(on_cgroup_attach, struct cgroup *to, const char *path, struct task_struct *leader)
{
	if (!is_watched(leader->pid))
		joins(leader);
	return 0;
}

static __always_inline bool is_target(struct task_struct *t, __u32 tgid)
{
	__u32 number = number_for_us(t);
	struct pw_target_slot *target = bpf_map_lookup_elem(&targets, &number);

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

	if (is_ours(t, own_tgid))
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

static __always_inline bool is_told(__u32 tid)
{
	__u8 *w = watch_byte(tid);

	return !w || (*w & TOLD);
}

/*
 * While the passes are made: who ends before one comes to it is told of, too. As
 * their parent may be watched already, it would else be a death without a process.
 */
static __always_inline bool is_told_at_its_end(struct task_struct *t, __u32 tid)
{
	return seeding && is_selected(t, tid, BPF_CORE_READ(t, tgid)) && tell_seed(t, tid);
}

/*
 * One pass over all tasks, in order of their numbers. A child may be visited
 * before its parent is marked, so passes are made until one finds nobody new. A
 * thread may be visited before its leader, who goes first all the same: a process
 * begins with its leader.
 */
SEC("iter/task")
int seed_pass(struct bpf_iter__task *ctx)
{
	struct task_struct *t = ctx->task;
	__u32 tid, tgid;

	if (!t)
		return 0;
	tid = BPF_CORE_READ(t, pid);
	tgid = BPF_CORE_READ(t, tgid);
	if (is_told(tid) || (!is_watched(tid) && !is_selected(t, tid, tgid)))
		return 0;
	if (tid != tgid && !is_told(tgid))
		tell_seed(BPF_CORE_READ(t, group_leader), tgid);
	tell_seed(t, tid);
	return 0;
}

#endif
