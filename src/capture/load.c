/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/load.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture/caps.h"
#include "capture/procfs.h"
#include "capture/uprobes.h"
#include "procwatch.skel.h"
#include "shared/cpu_ring.h"
#include "shared/glob.h"

#define MIN_RING_BYTES	 (256u << 10)
#define MIN_SWITCH_SHIFT 4
#define MAX_WAKE_SLOTS	 65536u

/* ---- the maps */

/*
 * One more than the largest PID of the initial PID namespace. Since 6.14 (7863dcc72d0f) the
 * file shows the limit of the reader's own namespace.
 */
static unsigned int read_pid_max(void)
{
	FILE *f = pw_own_pid_namespace() == PW_INIT_PID_NAMESPACE ? fopen("/proc/sys/kernel/pid_max", "re")
								  : NULL;
	unsigned int max = 0;

	if (f) {
		if (fscanf(f, "%u", &max) != 1)
			max = 0;
		fclose(f);
	}
	return max ? max : 4u << 20; /* PID_MAX_LIMIT on 64-bit kernels */
}

static unsigned int power_of_two_at_least(unsigned int n)
{
	unsigned int p = 1;

	while (p < n)
		p <<= 1;
	return p;
}

size_t pw_load_ring_bytes(const struct pw_load *l)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return l->ring_bytes / 2 > page ? l->ring_bytes / 2 : page;
}

uint32_t pw_load_switch_shift(const struct pw_load *l)
{
	size_t fit = l->ring_bytes / 2 / l->cpus / sizeof(struct pw_switch);
	uint32_t shift = MIN_SWITCH_SHIFT;

	while ((size_t)2 << shift <= fit)
		shift++;
	return shift;
}

static int size_maps(struct pw_load *l)
{
	struct procwatch_bpf *bpf = l->bpf;
	unsigned int pid_max = read_pid_max(), slots = power_of_two_at_least(pid_max);
	int err;

	if (slots > MAX_WAKE_SLOTS)
		slots = MAX_WAKE_SLOTS;
	bpf->rodata->wake_slot_mask = slots - 1;
	bpf->rodata->ring_wake_bytes = (uint32_t)(pw_load_ring_bytes(l) / 4);
	bpf->rodata->switch_ring_shift = pw_load_switch_shift(l);
	bpf->rodata->tid_limit = pid_max;
	err = bpf_map__set_value_size(bpf->maps.watch_bytes, pid_max);
	if (err)
		return err;
	err = bpf_map__set_max_entries(bpf->maps.wake_slots, slots);
	if (err)
		return err;
	err = bpf_map__set_max_entries(bpf->maps.losses, l->cpus);
	if (err)
		return err;
	err = bpf_map__set_max_entries(bpf->maps.cpus, l->cpus);
	if (err)
		return err;
	err = bpf_map__set_max_entries(bpf->maps.switches, l->cpus << pw_load_switch_shift(l));
	if (err)
		return err;
	return bpf_map__set_max_entries(bpf->maps.ring, (uint32_t)pw_load_ring_bytes(l));
}

/* ---- the programs */

static void choose_programs(struct pw_load *l)
{
	struct procwatch_bpf *bpf = l->bpf;
	const struct pw_hooks *h = l->hooks;
	bool waits_twice = h->reap == PW_HOOK_WAITS && h->programs_preemptible;
	bool slab = h->reap == PW_HOOK_SLAB;
	bool classic = h->programs_preemptible && h->tracefs;

	bpf->rodata->switch_state_arg = h->switch_state_arg;
	if (sysconf(_SC_PAGESIZE) > (long)bpf->rodata->kernel_stack_bytes)
		bpf->rodata->kernel_stack_bytes = (uint32_t)sysconf(_SC_PAGESIZE);
	bpf->rodata->preempt_count_from_rq = h->preempt_count_from_rq;
	bpf->rodata->interrupt_bits = h->interrupt_bits;
	bpf->rodata->track_waits = h->reap == PW_HOOK_WAITS;
	bpf->rodata->track_sighands = slab;
	bpf->rodata->walk_children = h->reparent == PW_HOOK_CHILDREN;
	bpf_program__set_autoload(bpf->progs.on_switch, h->orders_stores);
	bpf_program__set_autoload(bpf->progs.on_switch_unordered, !h->orders_stores);
	bpf_program__set_autoload(bpf->progs.on_exec, h->tracefs);
	bpf_program__set_autoload(bpf->progs.on_exec_btf, !h->tracefs);
	bpf_program__set_autoload(bpf->progs.on_exit, h->tracefs);
	bpf_program__set_autoload(bpf->progs.on_exit_btf, !h->tracefs);
	bpf_program__set_autoload(bpf->progs.on_release_fentry, h->reap == PW_HOOK_FENTRY);
	bpf_program__set_autoload(bpf->progs.on_release_kprobe, h->reap == PW_HOOK_KPROBE);
	bpf_program__set_autoload(bpf->progs.on_slab_free, slab && !classic);
	bpf_program__set_autoload(bpf->progs.on_slab_free_classic, slab && classic);
	bpf_program__set_autoload(bpf->progs.on_slab_free_again, slab && !classic && h->programs_preemptible);
	bpf_program__set_autoload(bpf->progs.on_wait4, h->reap == PW_HOOK_WAITS);
	bpf_program__set_autoload(bpf->progs.on_waitid, h->reap == PW_HOOK_WAITS);
	bpf_program__set_autoload(bpf->progs.on_wait4_again, waits_twice);
	bpf_program__set_autoload(bpf->progs.on_waitid_again, waits_twice);
	bpf_program__set_autoload(bpf->progs.on_orphan_fentry, h->reparent == PW_HOOK_FENTRY);
	bpf_program__set_autoload(bpf->progs.on_orphan_kprobe, h->reparent == PW_HOOK_KPROBE);
	bpf_program__set_autoload(bpf->progs.on_mark, !h->why_no_marks[0]);
	if (h->marks_at_once)
		bpf_program__set_expected_attach_type(bpf->progs.on_mark,
						      (enum bpf_attach_type)PW_TRACE_UPROBE_MULTI);
}

/* ---- the selection */

/* Some of it is constant for the verifier, so it must be known before loading. */
static int choose_targets(struct pw_load *l, const struct pw_selection *select)
{
	struct procwatch_bpf *bpf = l->bpf;
	bool filters = select->name || select->by_user || select->cgroup_id;
	bool seeds = select->n_pids || select->all || filters;

	bpf->rodata->own_tgid = (uint32_t)getpid();
	bpf->rodata->own_pid_ns = pw_own_pid_namespace();
	bpf->rodata->targets_asked_at = select->asked_at;
	bpf->rodata->watch_all = select->all && !filters;
	bpf->rodata->follow_children = !select->no_children;
	bpf->rodata->only_names = select->name != NULL;
	bpf->rodata->only_uids = select->by_user;
	bpf->rodata->only_uid = select->uid;
	bpf->rodata->only_cgroup = select->cgroup_id;
	if (select->name)
		pw_glob_compile((struct pw_glob *)bpf->rodata->only_name, select->name);
	bpf_program__set_autoload(bpf->progs.seed_pass, seeds);
	bpf_program__set_autoload(bpf->progs.on_cgroup_attach, select->cgroup_id != 0);
	return bpf_map__set_max_entries(bpf->maps.targets, select->n_pids ? (uint32_t)select->n_pids : 1);
}

static int fill_targets(struct pw_load *l, const struct pw_selection *select)
{
	int fd = bpf_map__fd(l->bpf->maps.targets);
	struct pw_target_slot none = {0};

	for (size_t i = 0; i < select->n_pids; i++) {
		int err = bpf_map_update_elem(fd, &select->pids[i], &none, BPF_ANY);

		if (err)
			return err;
	}
	return 0;
}

/* ---- loading, and why it fails */

static int prepare_and_load(struct pw_load *l, const struct pw_selection *select)
{
	int err;

	choose_programs(l);
	err = size_maps(l);
	if (err)
		return err;
	err = choose_targets(l, select);
	if (err)
		return err;
	err = procwatch_bpf__load(l->bpf);
	if (err)
		return err;
	return fill_targets(l, select);
}

static int load_once(struct pw_load *l, const struct pw_selection *select)
{
	int err;

	l->bpf = procwatch_bpf__open();
	if (!l->bpf)
		return -errno;
	err = prepare_and_load(l, select);
	if (err) {
		procwatch_bpf__destroy(l->bpf);
		l->bpf = NULL;
	}
	return err;
}

/* RLIMIT_MEMLOCK, which counts before 5.11, raised as far as this process may; infinite where it does not count. */
static rlim_t locked_memory_limit(const struct pw_load *l)
{
	struct rlimit limit;

	if (!l->hooks->maps_are_locked || getrlimit(RLIMIT_MEMLOCK, &limit))
		return RLIM_INFINITY;
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_MEMLOCK, &limit);
	return limit.rlim_cur;
}

static int fail_for_rights(struct pw_error *error, int err)
{
	const uint64_t must = PW_CAP(CAP_BPF) | PW_CAP(CAP_PERFMON);
	uint64_t missing = pw_caps_missing(PW_CAPS_LOAD);
	char names[96], setcap[PW_SETCAP_LEN];

	pw_caps_names(missing, names, sizeof(names));
	pw_caps_setcap(setcap);
	if (missing & must)
		return pw_fail(
			error, -err,
			"the kernel refuses BPF programs to this user, who lacks %s: run it with sudo, "
			"or give %s to procwatch (%s)",
			names, missing & (missing - 1) ? "them" : "it", setcap);
	if (err == -EACCES) /* the verifier's error; without the right to load at all it is EPERM */
		return pw_fail(error, -err,
			       "this kernel's verifier rejects one of the BPF programs. This is a procwatch "
			       "bug: please report it with the output of -vv");
	return pw_fail(error, -err,
		       "the kernel refuses BPF programs even with CAP_BPF and CAP_PERFMON: lockdown, a "
		       "security module, or a container's system call filter forbids them "
		       "(see 'procwatch check')");
}

static int fail_for_memory(const struct pw_load *l, struct pw_error *error, int err, rlim_t limit)
{
	const size_t ring_kib = l->ring_bytes / 1024;
	char cgroup[192];
	uint64_t bytes;

	if (limit != RLIM_INFINITY)
		return pw_fail(
			error, -err,
			"RLIMIT_MEMLOCK is %llu KiB, and this kernel counts BPF maps against it: raise "
			"it (ulimit -l 65536, as root), or give procwatch CAP_SYS_RESOURCE",
			(unsigned long long)limit / 1024);
	if (pw_cgroup_memory_limit(cgroup, sizeof(cgroup), &bytes))
		return pw_fail(
			error, -err,
			"no memory for the BPF maps, not even with a ring of %zu KiB: the control group "
			"%s may use %" PRIu64 " KiB; raise its memory.max",
			ring_kib, cgroup, bytes / 1024);
	return pw_fail(error, -err,
		       "no memory for the BPF maps, not even with a ring of %zu KiB: free some memory, or "
		       "check memory.max of the control group",
		       ring_kib);
}

/*
 * Where the limit on locked memory (before 5.11) or the cgroup's limit is too low for the
 * rings, smaller ones may fit.
 */
int pw_load(struct pw_load *l, const struct pw_selection *select, struct pw_error *error)
{
	const rlim_t limit = locked_memory_limit(l);
	const size_t wanted = l->ring_bytes;
	const bool counts = limit != RLIM_INFINITY && !pw_caps_missing(PW_CAP(CAP_BPF) | PW_CAP(CAP_PERFMON));
	char modes[64];
	int err = load_once(l, select);

	while ((err == -ENOMEM || (err == -EPERM && counts)) && l->ring_bytes > MIN_RING_BYTES) {
		l->ring_bytes /= 2;
		err = load_once(l, select);
	}
	if (err == -ENOMEM || (err == -EPERM && counts))
		return fail_for_memory(l, error, err, limit);
	if (err && pw_hooks_locked_down(modes, sizeof(modes)))
		return pw_fail(
			error, -err,
			"the kernel is locked down (%s), so BPF cannot read kernel memory: boot without "
			"lockdown=confidentiality",
			modes);
	if (err == -EPERM || err == -EACCES)
		return fail_for_rights(error, err);
	if (err)
		return pw_fail(error, -err, "cannot load the BPF programs: %s (see 'procwatch check')",
			       strerror(-err));
	if (l->ring_bytes < wanted)
		snprintf(l->notice, sizeof(l->notice),
			 "the ring buffer is %zu KiB instead of %zu: %s does not allow more",
			 l->ring_bytes / 1024, wanted / 1024,
			 counts ? "RLIMIT_MEMLOCK" : "the control group's memory limit");
	return 0;
}
