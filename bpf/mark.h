/* SPDX-License-Identifier: GPL-2.0-only */
/* Marks: what a program says of itself, at the places of its USDT probes. */
#ifndef PW_BPF_MARK_H
#define PW_BPF_MARK_H

/* The compiler would take a register's place in ctx for an offset the verifier knows. */
static __always_inline __u64 register_at(struct pt_regs *ctx, __u16 place)
{
	__u64 value = 0;

	if (place != PW_NO_REGISTER)
		bpf_probe_read_kernel(&value, sizeof(value), (void *)ctx + place);
	return value;
}

/* The lowest bytes of a register hold a value of fewer than eight, on the machines there are. */
static __always_inline __u64 cut_to_size(__u64 value, const struct pw_operand *o)
{
	__u32 spare = (64 - 8 * o->size) & 63;

	value <<= spare;
	return o->is_signed ? (__u64)((__s64)value >> spare) : value >> spare;
}

/* False: it cannot be read (its page is not in memory). */
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
 * Attached to each place by itself, with the number of its site as cookie (5.15,
 * 7adfc6c9b315). The same file may be run by others, who are not watched.
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

#endif
