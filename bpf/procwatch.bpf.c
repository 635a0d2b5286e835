// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel side: one short program per hook. docs/hooks.md says what each hook
 * is good for, on which kernels, and why it was chosen over its neighbours.
 */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "shared/event.h"
#include "shared/glob.h"
#include "shared/mark_site.h"

#include "maps.h"
#include "shared/cpu_ring.h"

#include "compat.h"
#include "emit.h"
#include "filter.h"

char LICENSE[] SEC("license") = "GPL";

static __always_inline struct task_struct *current_task(void)
{
	return (struct task_struct *)bpf_get_current_task();
}

static __always_inline __u32 current_tid(void)
{
	return (__u32)bpf_get_current_pid_tgid();
}

static __always_inline __u32 current_tgid(void)
{
	return bpf_get_current_pid_tgid() >> 32;
}

#include "birth.h"
#include "death.h"
#include "mark.h"
#include "reap.h"
#include "switch.h"
