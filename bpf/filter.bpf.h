/* SPDX-License-Identifier: GPL-2.0-only */
/* The filters -n, -u and --cgroup, and procwatch itself, which is never watched. */
#ifndef PW_BPF_FILTER_H
#define PW_BPF_FILTER_H

#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#include "compat.bpf.h"
#include "config.bpf.h"
#include "shared/glob.h"

/* Deeper than any cgroup tree in use. Each level costs a few loads, at births only. */
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

static __always_inline bool has_filters(void)
{
	return only_names || only_uids || only_cgroup;
}

/* A process must match every filter that is given; without any, none matches. */
static __always_inline bool matches_filters(struct task_struct *t, const char *comm)
{
	if (!has_filters())
		return false;
	if (only_uids && BPF_CORE_READ(t, cred, uid.val) != only_uid)
		return false;
	if (only_cgroup && !in_cgroup(t))
		return false;
	return !only_names || pw_glob_matches((const volatile struct pw_glob *)only_name, comm);
}

/* Whether a task belongs to the process with this PID in procwatch's PID namespace. 0 is no process. */
static __always_inline bool is_in_process(struct task_struct *t, __u32 own_pid)
{
	struct upid *upid;
	struct pid *pid;
	__u32 level;

	if (!own_pid)
		return false;
	pid = BPF_CORE_READ(t, group_leader, thread_pid);
	if (!pid)
		return false;
	level = BPF_CORE_READ(pid, level);
	upid = upid_at(pid, level);
	return (__u32)BPF_CORE_READ(upid, nr) == own_pid && BPF_CORE_READ(upid, ns, ns.inum) == own_pid_ns;
}

static __always_inline bool is_procwatch(struct task_struct *t)
{
	return is_in_process(t, own_tgid);
}

#endif
