/* SPDX-License-Identifier: GPL-2.0-only */
/* Marks: a program passes one of its USDT probes. */
#include "vmlinux.h"

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>

#include "emit.bpf.h"
#include "shared/mark_site.h"
#include "task.bpf.h"
#include "watch.bpf.h"

/* What each probed place means; the key is the cookie of its attachment. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, PW_MARK_SITES);
	__type(key, __u32);
	__type(value, struct pw_mark_site);
} mark_sites SEC(".maps");

/* Read by a helper: the verifier allows no access to ctx at an offset it does not know. */
static __always_inline __u64 register_at(struct pt_regs *ctx, __u16 offset)
{
	__u64 value = 0;

	if (offset != PW_NO_REGISTER)
		bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx + offset);
	return value;
}

/* A value of fewer than eight bytes is in the lowest bytes of its register: both machines are little-endian. */
static __always_inline __u64 cut_to_size(__u64 value, const struct pw_operand *o)
{
	__u32 spare = (64 - 8 * o->size) & 63;

	value <<= spare;
	return o->is_signed ? (__u64)((__s64)value >> spare) : value >> spare;
}

/* False: the value cannot be read, for its page is not in memory. */
static __always_inline bool read_value(struct pt_regs *ctx, const struct pw_operand *o, __u64 *value)
{
	__u32 size = o->size;
	__u64 at;

	*value = 0;
	switch (o->kind) {
	case PW_OPERAND_CONSTANT:
		*value = o->offset;
		return true;
	case PW_OPERAND_REGISTER:
		*value = cut_to_size(register_at(ctx, o->base), o);
		return true;
	case PW_OPERAND_MEMORY:
		at = register_at(ctx, o->base) + o->offset;
		at += register_at(ctx, o->index) << (o->scale & 3);
		if (size > sizeof(*value) || bpf_probe_read_user(value, size, (void *)at))
			return false;
		*value = cut_to_size(*value, o);
		return true;
	default:
		return false;
	}
}

/*
 * Attached to each place separately, with the number of its site as cookie (5.15,
 * 7adfc6c9b315). Processes that are not watched may run the same file.
 */
SEC("?uprobe")
int on_mark(struct pt_regs *ctx)
{
	__u32 site_number, tid = current_tid();
	struct pw_mark_site *site;
	struct pw_mark *e;
	__u64 value;
	bool valued;

	if (!is_watched(tid))
		return 0;
	site_number = bpf_get_attach_cookie(ctx);
	site = bpf_map_lookup_elem(&mark_sites, &site_number);
	if (!site)
		return 0;
	valued = read_value(ctx, &site->value, &value);
	e = reserve(sizeof(*e), PW_EV_MARK, tid, BPF_CORE_READ(current_task(), start_time));
	if (!e)
		return 0;
	e->value = value;
	e->name = site->name;
	e->valued = valued;
	__builtin_memset(e->pad, 0, sizeof(e->pad));
	submit(e);
	return 0;
}
