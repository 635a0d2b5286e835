/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/preempt.h"

#include <bpf/btf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The offset of a variable in the kernel's per-CPU section; -1: the BTF does not say. */
static long percpu_offset(const struct btf *btf, const char *name)
{
	__s32 section = btf__find_by_name_kind(btf, ".data..percpu", BTF_KIND_DATASEC);
	__s32 var = btf__find_by_name_kind(btf, name, BTF_KIND_VAR);
	const struct btf_type *t = section > 0 ? btf__type_by_id(btf, (__u32)section) : NULL;

	for (int i = 0; t && var > 0 && i < btf_vlen(t); i++)
		if (btf_var_secinfos(t)[i].type == (__u32)var)
			return btf_var_secinfos(t)[i].offset;
	return -1;
}

/* preempt_count is a variable of its own, except from 6.2 (64701838bf05) to 6.13: there it is a member of pcpu_hot. */
static long preempt_count_offset(const struct btf *btf)
{
	long offset = percpu_offset(btf, "__preempt_count"), hot = percpu_offset(btf, "pcpu_hot");
	__s32 id = btf__find_by_name_kind(btf, "pcpu_hot", BTF_KIND_STRUCT);
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;
	const struct btf_type *inner;

	if (offset >= 0 || hot < 0 || !t || !btf_vlen(t))
		return offset;
	/* struct pcpu_hot is a union of padding and an anonymous struct that holds the members. */
	inner = btf__type_by_id(btf, btf_members(t)[0].type);
	if (btf_is_composite(inner) && btf_vlen(inner))
		inner = btf__type_by_id(btf, btf_members(inner)[0].type);
	for (int i = 0; btf_is_composite(inner) && i < btf_vlen(inner); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_members(inner)[i].name_off), "preempt_count"))
			return hot + btf_members(inner)[i].offset / 8;
	return -1;
}

#if defined(__x86_64__)
/*
 * The BTF of 5.10 has no per-CPU variables, but its symbols include them. If this process
 * may not see addresses, all of them are zero, and so is the distance.
 */
static int distance_of_symbols(void)
{
	uint64_t address, count = 0, run_queue = 0;
	FILE *f = fopen("/proc/kallsyms", "re");
	char line[512], name[64];

	while (f && !(count && run_queue) && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%" SCNx64 " %*c %63s", &address, name) != 2)
			continue;
		if (!strcmp(name, "__preempt_count"))
			count = address;
		else if (!strcmp(name, "runqueues"))
			run_queue = address;
	}
	if (f)
		fclose(f);
	return count && run_queue ? (int)(count - run_queue) : 0;
}
#else
/* It is in the task itself: there is nothing to look for. */
static int distance_of_symbols(void)
{
	return 0;
}
#endif

int pw_preempt_count_from_rq(const struct btf *btf)
{
	long count = preempt_count_offset(btf), run_queue = percpu_offset(btf, "runqueues");

	return count < 0 || run_queue < 0 ? distance_of_symbols() : (int)(count - run_queue);
}

/* 7.3 counts in the bits from 16 up how often interrupts are disabled, and moved the others up (9634d860ac15). */
uint32_t pw_preempt_interrupt_bits(const struct btf *btf)
{
	return percpu_offset(btf, "local_interrupt_disable_state") < 0 ? 0x00ff0100 : 0x1f000100;
}
