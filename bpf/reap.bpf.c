/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The reap. One of the hooks below is attached, the best that works (docs/hooks.md), and
 * sched_process_free always.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "compat.bpf.h"
#include "emit.bpf.h"
#include "maps.bpf.h"
#include "task.bpf.h"
#include "watch.bpf.h"

static __always_inline void send_reap(__u32 pid, __u64 start, __u32 hook)
{
	struct pw_reap *e = reserve(sizeof(*e), PW_EV_REAP, pid, start);

	if (!e)
		return;
	e->by_tid = current_tid();
	e->by_tgid = current_tgid();
	e->hook = hook;
	e->pad = 0;
	BPF_CORE_READ_STR_INTO(&e->by_comm, current_task(), group_leader, comm);
	submit(e);
}

/*
 * Whether the current task can have released that leader: as its parent, as itself, or
 * while dying, for an adopter that ignores SIGCHLD. Any other match by address or PID is a
 * stale entry of a process whose reap was missed.
 */
static __always_inline bool may_have_reaped(struct task_struct *leader)
{
	pid_t tgid = current_tgid();

	return BPF_CORE_READ(leader, real_parent, tgid) == tgid || BPF_CORE_READ(leader, tgid) == tgid ||
	       (BPF_CORE_READ(current_task(), flags) & PF_EXITING);
}

/* ---- by fentry or kprobe */

/*
 * release_task calls this function only for the leader of a thread group, once per
 * process, under tasklist_lock. release_task itself is entered once for two tasks when an
 * ignored leader is released together with its last thread (5.10 to 7.3).
 */
static __always_inline int released(struct task_struct *leader)
{
	__u32 pid = BPF_CORE_READ(leader, pid);

	if (is_watched(pid))
		send_reap(pid, BPF_CORE_READ(leader, start_time), PW_REAP_RELEASE);
	return 0;
}

SEC("?fentry/posix_cpu_timers_exit_group")
int BPF_PROG(on_release_fentry, struct task_struct *leader)
{
	return released(leader);
}

SEC("?kprobe/posix_cpu_timers_exit_group")
int BPF_KPROBE(on_release_kprobe, struct task_struct *leader)
{
	return released(leader);
}

/* ---- by the free of the process's table of signal handlers */

/* The call site in the kernel (__cleanup_sighand) that frees them; 0 until one was seen. */
static __u64 sighand_free_site;

/*
 * For kernels where no program may attach to a function: release_task frees the process's
 * table of signal handlers (__exit_signal, __cleanup_sighand; 5.10 to 7.3) at once and in
 * the reaper's context, and kmem_cache_free passes its address to all listeners. A table
 * shared with another process (CLONE_SIGHAND without CLONE_THREAD) is freed with the last
 * of them. Nearly all frees of the machine come from other call sites; each address is
 * looked up only until the site is known.
 */
static __always_inline int slab_freed(__u64 site, __u64 object)
{
	struct task_struct *leader;
	struct zombie *z;

	if (sighand_free_site && site != sighand_free_site)
		return 0;
	z = bpf_map_lookup_elem(&zombie_sighands, &object);
	if (!z)
		return 0;
	leader = (struct task_struct *)z->task;
	if (BPF_CORE_READ(leader, start_time) == z->start && may_have_reaped(leader)) {
		sighand_free_site = site;
		send_reap(z->pid, z->start, PW_REAP_RELEASE);
	}
	bpf_map_delete_elem(&zombie_sighands, &object);
	return 0;
}

/* Not tp_btf: until 6.13 the verifier does not know arguments of type const void * there. */
SEC("?raw_tp/kmem_cache_free")
int on_slab_free(struct bpf_raw_tracepoint_args *ctx)
{
	return slab_freed(ctx->args[0], ctx->args[1]);
}

/*
 * Since 7.0 the raw form can be preempted, and until it has finished, the kernel skips it
 * for every other task on that CPU. The classic form runs with preemption off: a free by
 * release_task, which no interrupt calls, always finds it idle.
 */
SEC("?tp/kmem/kmem_cache_free")
int on_slab_free_classic(struct trace_event_raw_kmem_cache_free *ctx)
{
	return slab_freed(ctx->call_site, (__u64)ctx->ptr);
}

/* Where the classic form is not available: see on_wait4_again. */
SEC("?raw_tp/kmem_cache_free")
int on_slab_free_again(struct bpf_raw_tracepoint_args *ctx)
{
	return slab_freed(ctx->args[0], ctx->args[1]);
}

/* ---- by the return of wait4 and waitid */

/*
 * A returned PID proves nothing: waitid may only have looked (WNOWAIT), and a tracer that
 * is not the parent gets the PID first, the parent later. The exit_state of the task itself
 * decides.
 */
static __always_inline void wait_returned(__u32 pid)
{
	struct pid *waiter = BPF_CORE_READ(current_task(), thread_pid);
	struct zombie_key key = {.pid = pid};
	struct task_struct *leader;
	struct zombie *z;
	struct upid *upid;
	__u32 level;

	if (!waiter)
		return;
	level = BPF_CORE_READ(waiter, level);
	upid = upid_at(waiter, level);
	key.pid_ns = (__u64)BPF_CORE_READ(upid, ns);
	z = bpf_map_lookup_elem(&zombies, &key);
	if (!z)
		return;
	leader = (struct task_struct *)z->task;
	if (BPF_CORE_READ(leader, start_time) != z->start || BPF_CORE_READ(leader, exit_state) != EXIT_DEAD)
		return;
	if (may_have_reaped(leader))
		send_reap(z->pid, z->start, PW_REAP_WAIT);
	bpf_map_delete_elem(&zombies, &key);
}

static __always_inline int wait4_returned(struct trace_event_raw_sys_exit *ctx)
{
	if (ctx->ret > 0)
		wait_returned(ctx->ret);
	return 0;
}

/* waitid returns 0 and the PID in the caller's siginfo: si_pid, at offset 16 on 64-bit machines. */
#define SI_PID_OFFSET 16

static __always_inline int waitid_returned(struct trace_event_raw_sys_exit *ctx)
{
	unsigned long info = third_argument();
	__s32 pid = 0;

	if (ctx->ret || !info)
		return 0;
	if (!bpf_probe_read_user(&pid, sizeof(pid), (void *)(info + SI_PID_OFFSET)) && pid > 0)
		wait_returned(pid);
	return 0;
}

SEC("?tp/syscalls/sys_exit_wait4")
int on_wait4(struct trace_event_raw_sys_exit *ctx)
{
	return wait4_returned(ctx);
}

SEC("?tp/syscalls/sys_exit_waitid")
int on_waitid(struct trace_event_raw_sys_exit *ctx)
{
	return waitid_returned(ctx);
}

/*
 * Since 7.0 these two can be preempted, and until such a run has finished, the kernel skips
 * the program for every other task on that CPU (trace_call_bpf_faultable). So each is
 * attached twice: whichever runs first removes the zombie from the map, and the other
 * finds nothing to report.
 */
SEC("?tp/syscalls/sys_exit_wait4")
int on_wait4_again(struct trace_event_raw_sys_exit *ctx)
{
	return wait4_returned(ctx);
}

SEC("?tp/syscalls/sys_exit_waitid")
int on_waitid_again(struct trace_event_raw_sys_exit *ctx)
{
	return waitid_returned(ctx);
}

/* ---- the upper bound */

/*
 * An RCU callback, up to tens of milliseconds after the reap; the current task has nothing
 * to do with it. An upper bound and nothing more.
 */
SEC("tp_btf/sched_process_free")
int BPF_PROG(on_free, struct task_struct *t)
{
	struct pw_free *e;

	if (!is_watched(t->pid))
		return 0;
	e = reserve(sizeof(*e), PW_EV_FREE, t->pid, t->start_time);
	if (e)
		submit(e);
	return 0;
}
