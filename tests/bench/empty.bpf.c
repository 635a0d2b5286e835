/* SPDX-License-Identifier: GPL-2.0-only */
/* The least a program on these hooks can cost: what procwatch's own are measured against. */
#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

char LICENSE[] SEC("license") = "GPL";

SEC("tp_btf/sched_switch")
int empty_switch(__u64 *ctx)
{
	return 0;
}

SEC("tp_btf/sched_waking")
int empty_waking(__u64 *ctx)
{
	return 0;
}
