/* SPDX-License-Identifier: GPL-2.0-only */
/* Who is watched: by descent, by number, by name, user or control group. */
#ifndef PW_FILTER_H
#define PW_FILTER_H

#define WATCHED 1 /* its events are sent */
#define TOLD	2 /* its birth, or its seed, has been sent */

static __always_inline __u8 *all_watch_bytes(void)
{
	__u32 only = 0;

	return bpf_map_lookup_elem(&watch_bytes, &only);
}

/* What is compared is what is added, and only then: else the verifier sees no bound. */
static __always_inline __u8 *byte_in(__u8 *bytes, __u64 tid)
{
	barrier_var(tid);
	if (tid >= tid_limit)
		return NULL;
	barrier_var(bytes);
	return bytes + tid;
}

static __always_inline bool is_watched_in(__u8 *bytes, __u32 tid)
{
	__u8 *w = byte_in(bytes, tid);

	return w && *w;
}

static __always_inline __u8 *watch_byte(__u32 tid)
{
	__u8 *bytes = all_watch_bytes();

	return bytes ? byte_in(bytes, tid) : NULL;
}

static __always_inline bool is_watched(__u32 tid)
{
	__u8 *w = watch_byte(tid);

	return w && *w;
}

/* ---- the filters: -n, -u and --cgroup; a process must match all that are given */

/* Deeper than any control group tree in use; each level costs a few loads, at births only. */
#define MAX_CGROUP_LEVELS 32

static __always_inline bool in_cgroup(struct task_struct *t)
{
	struct cgroup_subsys_state *css;
	struct cgroup *group = BPF_CORE_READ(t, cgroups, dfl_cgrp);

	for (int i = 0; i < MAX_CGROUP_LEVELS && group; i++) {
		if (BPF_CORE_READ(group, kn, id) == only_cgroup)
			return true;
		css = BPF_CORE_READ(group, self.parent);
		group = css ? (void *)css - bpf_core_field_offset(struct cgroup, self) : NULL;
	}
	return false;
}

static __always_inline bool matches_filters(struct task_struct *t, const char *comm)
{
	if (!only_names && !only_uids && !only_cgroup)
		return false;
	if (only_uids && BPF_CORE_READ(t, cred, uid.val) != only_uid)
		return false;
	if (only_cgroup && !in_cgroup(t))
		return false;
	return !only_names || pw_glob_matches((const volatile struct pw_glob *)only_name, comm);
}

#define MAX_PID_NS_LEVELS 33 /* MAX_PID_NS_LEVEL and the initial one (pid_namespace.h) */

/* Whether a thread group is the one with this number in procwatch's PID namespace. */
static __always_inline bool is_ours(struct task_struct *t, __u32 number)
{
	struct upid *upid;
	struct pid *pid;
	__u32 level;

	if (!number)
		return false;
	pid = BPF_CORE_READ(t, group_leader, thread_pid);
	if (!pid)
		return false;
	level = BPF_CORE_READ(pid, level);
	upid = upid_at(pid, level);
	return (__u32)BPF_CORE_READ(upid, nr) == number && BPF_CORE_READ(upid, ns, ns.inum) == own_pid_ns;
}

/* The number of a task's process in procwatch's PID namespace; 0: it is not in it. */
static __always_inline __u32 number_for_us(struct task_struct *t)
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

/*
 * A task forked now is watched if its creator is, or is launching, or if the
 * filters say so. Its byte is written either way: nothing else clears it.
 */
static __always_inline bool adopt_into_watch(struct task_struct *child, __u32 creator_tid)
{
	struct task_struct *creator = (struct task_struct *)bpf_get_current_task();
	bool process = child->pid == child->tgid;
	bool watched = is_watched(creator_tid) && (follow_children || !process);
	char comm[PW_COMM_LEN] = "";
	__u8 *w = watch_byte(child->pid), mark;

	if (process && !watched && attached) {
		BPF_CORE_READ_STR_INTO(&comm, child, comm);
		watched = is_ours(creator, launcher_tgid) || (watch_all && !is_ours(creator, own_tgid)) ||
			  matches_filters(child, comm);
	}
	mark = watched ? WATCHED | TOLD : 0;
	if (w && *w != mark) /* most births of a machine are nobody's: do not dirty their cache lines */
		*w = mark;
	return w && watched;
}

#endif
