/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/hooks.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "capture/preempt.h"

#define RELEASE_FUNCTION "posix_cpu_timers_exit_group"
#define ORPHAN_FUNCTION	 "kill_orphaned_pgrp"

/* ---- what the BTF says */

/* The number of arguments that a tracepoint passes to its probes, without the context pointer; -1: no such tracepoint. */
static int tracepoint_args(const struct btf *btf, const char *typedef_name, const struct btf_type **proto)
{
	__s32 id = btf__find_by_name_kind(btf, typedef_name, BTF_KIND_TYPEDEF);
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;

	while (t && (btf_is_typedef(t) || btf_is_ptr(t)))
		t = btf__type_by_id(btf, t->type);
	if (!t || !btf_is_func_proto(t))
		return -1;
	*proto = t;
	return btf_vlen(t) - 1;
}

/*
 * prev_state came in 5.18 as the second argument (fa2c3254d7cf) and was soon moved to the
 * end (9c2136be0878). It is the argument of type unsigned int.
 */
static int find_switch_state(const struct btf *btf)
{
	const struct btf_type *proto = NULL;
	int n = tracepoint_args(btf, "btf_trace_sched_switch", &proto);

	for (int i = 0; i < n; i++) {
		const struct btf_type *t = btf__type_by_id(btf, btf_params(proto)[i + 1].type);

		if (btf_is_int(t) && t->size == 4 && !(btf_int_encoding(t) & BTF_INT_BOOL))
			return i;
	}
	return -1;
}

/* kmem_cache_free passes the call site and the freed object first; further arguments differ between kernels. */
static int find_slab_free(const struct btf *btf)
{
	const struct btf_type *proto = NULL;

	return tracepoint_args(btf, "btf_trace_kmem_cache_free", &proto) >= 2 ? 0 : -ENOENT;
}

/* Members of anonymous structs and unions count too. */
static bool type_has_member(const struct btf *btf, const struct btf_type *t, const char *member)
{
	for (int i = 0; t && i < btf_vlen(t); i++) {
		const struct btf_member *m = &btf_members(t)[i];
		const char *name = btf__name_by_offset(btf, m->name_off);
		const struct btf_type *inner = btf__type_by_id(btf, m->type);

		if (name && !strcmp(name, member))
			return true;
		if (name && !*name && inner && btf_is_composite(inner) && type_has_member(btf, inner, member))
			return true;
	}
	return false;
}

static bool has_member(const struct btf *btf, const char *structure, const char *member)
{
	__s32 id = btf__find_by_name_kind(btf, structure, BTF_KIND_STRUCT);

	return id > 0 && type_has_member(btf, btf__type_by_id(btf, (__u32)id), member);
}

/* ---- what can be attached */

/* User space has no name for the kernel's own "not supported". */
#define KERNEL_ENOTSUPP 524

/*
 * Loads an empty program and attaches it to the function's entry. The function's BTF and
 * even a successful load prove nothing: arm64 before 6.x refuses to attach, and a
 * locked-down kernel refuses every such program.
 */
static int try_fentry(const struct btf *btf, const char *function)
{
	static const struct bpf_insn empty[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0},
		{.code = BPF_JMP | BPF_EXIT},
	};
	struct bpf_prog_load_opts options = {.sz = sizeof(options), .expected_attach_type = BPF_TRACE_FENTRY};
	__s32 id = btf__find_by_name_kind(btf, function, BTF_KIND_FUNC);
	int program, link;

	if (id < 0)
		return -ENOENT;
	options.attach_btf_id = (__u32)id;
	program = bpf_prog_load(BPF_PROG_TYPE_TRACING, "probe", "GPL", empty, 2, &options);
	if (program < 0)
		return program;
	link = bpf_raw_tracepoint_open(NULL, program);
	close(program);
	if (link < 0)
		return link == -KERNEL_ENOTSUPP ? -ENOTSUP : link;
	close(link);
	return 0;
}

static int try_kprobe(const char *function)
{
	FILE *f = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	struct perf_event_attr attr = {.size = sizeof(attr)};
	unsigned int type = 0;
	long fd;

	if (!f)
		return -EOPNOTSUPP;
	if (fscanf(f, "%u", &type) != 1)
		type = 0;
	fclose(f);
	attr.type = type;
	attr.config1 = (__u64)(uintptr_t)function;
	fd = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd < 0)
		return -errno;
	close((int)fd);
	return 0;
}

static bool has_enumerator(const struct btf *btf, const char *type, const char *name)
{
	const __s32 id = btf__find_by_name_kind(btf, type, BTF_KIND_ENUM);
	const struct btf_type *t = id > 0 ? btf__type_by_id(btf, (__u32)id) : NULL;

	for (int i = 0; t && i < btf_vlen(t); i++)
		if (!strcmp(btf__name_by_offset(btf, btf_enum(t)[i].name_off), name))
			return true;
	return false;
}

/*
 * The cookie of an attachment tells one mark from another; it came in 5.15 (7adfc6c9b315).
 * Not probed by attaching: detaching a uprobe is too slow.
 */
static int find_mark_support(struct pw_hooks *h, const struct btf *btf)
{
	h->marks_at_once = has_enumerator(btf, "bpf_attach_type", "BPF_TRACE_UPROBE_MULTI");
	if (!has_enumerator(btf, "bpf_func_id", "BPF_FUNC_get_attach_cookie"))
		return -EOPNOTSUPP;
	return access("/sys/bus/event_source/devices/uprobe/type", R_OK) ? -errno : 0;
}

/* x86 never reorders stores. Elsewhere an atomic operation that returns a value is needed, which came in 5.12. */
static bool orders_stores(void)
{
#if defined(__x86_64__)
	return true;
#else
	static const struct bpf_insn fetch[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 1},
		{.code = BPF_STX | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10, .src_reg = BPF_REG_0, .off = -8},
		{.code = BPF_STX | BPF_ATOMIC | BPF_DW,
		 .dst_reg = BPF_REG_10,
		 .src_reg = BPF_REG_0,
		 .off = -8,
		 .imm = BPF_ADD | BPF_FETCH},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int program = bpf_prog_load(BPF_PROG_TYPE_RAW_TRACEPOINT, "probe", "GPL", fetch, 4, NULL);

	if (program >= 0)
		close(program);
	return program >= 0;
#endif
}

/* ---- the choice */

/* Keeps the first failure: that is what the user reads. */
static bool works(int err, const char *what, char why[static PW_WHY_LEN])
{
	if (err && !why[0])
		snprintf(why, PW_WHY_LEN, "%s: %s", what, strerror(-err));
	return err == 0;
}

static enum pw_hook_form best_reap(bool fentry, bool kprobe, bool slab, bool tracefs)
{
	if (fentry)
		return PW_HOOK_FENTRY;
	if (kprobe)
		return PW_HOOK_KPROBE;
	if (slab)
		return PW_HOOK_SLAB;
	return tracefs ? PW_HOOK_WAITS : PW_HOOK_FREE;
}

static enum pw_hook_form best_reparent(bool fentry, bool kprobe)
{
	if (fentry)
		return PW_HOOK_FENTRY;
	return kprobe ? PW_HOOK_KPROBE : PW_HOOK_CHILDREN;
}

/* The first fallback that works, for the reap and for the new parent separately. */
static void choose(struct pw_hooks *h, const struct btf *btf)
{
	bool fentry_release = works(try_fentry(btf, RELEASE_FUNCTION), RELEASE_FUNCTION, h->why_no_fentry);
	bool fentry_orphan = works(try_fentry(btf, ORPHAN_FUNCTION), ORPHAN_FUNCTION, h->why_no_fentry);
	bool kprobe_release = works(try_kprobe(RELEASE_FUNCTION), RELEASE_FUNCTION, h->why_no_kprobe);
	bool kprobe_orphan = works(try_kprobe(ORPHAN_FUNCTION), ORPHAN_FUNCTION, h->why_no_kprobe);
	bool slab = works(find_slab_free(btf), "kmem_cache_free", h->why_no_slab);

	h->tracepoint = pw_tracefs_try(h->why_no_tracefs, &h->wanted_for_tracefs);
	h->tracefs = h->tracepoint >= 0;
	works(find_mark_support(h, btf), "uprobes with a cookie", h->why_no_marks);
	h->reap = best_reap(fentry_release, kprobe_release, slab, h->tracefs);
	h->reparent = best_reparent(fentry_orphan, kprobe_orphan);
}

bool pw_hooks_locked_down(char *modes, size_t size)
{
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");

	modes[0] = '\0';
	if (f) {
		if (fgets(modes, (int)size, f))
			modes[strcspn(modes, "\n")] = '\0';
		fclose(f);
	}
	return strstr(modes, "[confidentiality]") != NULL;
}

static int probe(struct pw_hooks *h, const struct btf *btf, struct pw_error *error)
{
	h->switch_state_arg = find_switch_state(btf);
	if (h->switch_state_arg >= 0 && h->switch_state_arg != 3)
		return pw_fail(error, ENOTSUP,
			       "this kernel (5.18.0) uses an unsupported order of sched_switch's arguments: "
			       "boot another one");
	h->preempt_count_from_rq = pw_preempt_count_from_rq(btf);
	h->interrupt_bits = pw_preempt_interrupt_bits(btf);
	h->tells_interrupts = h->preempt_count_from_rq || has_member(btf, "thread_info", "preempt_count");
	h->orders_stores = orders_stores();
	/* Maps count against RLIMIT_MEMLOCK until 5.11, which removed this structure (80ee81e0403c). */
	h->maps_are_locked = btf__find_by_name_kind(btf, "bpf_map_memory", BTF_KIND_STRUCT) > 0;
	h->programs_preemptible = btf__find_by_name_kind(btf, "trace_call_bpf_faultable", BTF_KIND_FUNC) > 0;
	choose(h, btf);
	return 0;
}

int pw_hooks_probe(struct pw_hooks *hooks, struct pw_error *error)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int err;

	*hooks = (struct pw_hooks){.tracepoint = -1};
	if (!btf)
		return pw_fail(error, ENOTSUP,
			       "this kernel has no BTF (/sys/kernel/btf/vmlinux): boot one built with "
			       "CONFIG_DEBUG_INFO_BTF=y");
	err = probe(hooks, btf, error);
	btf__free(btf);
	return err;
}

void pw_hooks_close(struct pw_hooks *hooks)
{
	if (hooks->tracepoint >= 0)
		close(hooks->tracepoint);
	hooks->tracepoint = -1;
}

const char *const pw_hook_fallbacks[] = {"fentry", "kprobe", "slab", "waits", "free", NULL};

int pw_hooks_force(struct pw_hooks *hooks, const char *fallback, struct pw_error *error)
{
	const struct {
		const char *name;
		enum pw_hook_form reap, reparent;
		/* Why it does not work here; empty if it does. */
		const char *why_not;
	} forms[] = {
		// clang-format off
		{"fentry", PW_HOOK_FENTRY, PW_HOOK_FENTRY,   hooks->why_no_fentry},
		{"kprobe", PW_HOOK_KPROBE, PW_HOOK_KPROBE,   hooks->why_no_kprobe},
		{"slab",   PW_HOOK_SLAB,   PW_HOOK_CHILDREN, hooks->why_no_slab},
		{"waits",  PW_HOOK_WAITS,  PW_HOOK_CHILDREN, hooks->why_no_tracefs},
		{"free",   PW_HOOK_FREE,   PW_HOOK_CHILDREN, ""},
		// clang-format on
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		if (strcmp(forms[i].name, fallback) != 0)
			continue;
		if (forms[i].why_not[0])
			return pw_fail(
				error, ENOTSUP,
				"--hooks %s does not work here: %s ('procwatch check' lists what does)",
				fallback, forms[i].why_not);
		hooks->reap = forms[i].reap;
		hooks->reparent = forms[i].reparent;
		return 0;
	}
	return pw_fail(error, EINVAL, "there are no hooks of the name '%s'", fallback);
}

const char *pw_hook_reap_name(const struct pw_hooks *hooks)
{
	switch (hooks->reap) {
	case PW_HOOK_FENTRY:
		return "fentry " RELEASE_FUNCTION;
	case PW_HOOK_KPROBE:
		return "kprobe " RELEASE_FUNCTION;
	case PW_HOOK_SLAB:
		return "kmem_cache_free of its sighand";
	case PW_HOOK_WAITS:
		return "return of wait4 and waitid";
	default:
		return "sched_process_free (upper bound)";
	}
}

const char *pw_hook_reparent_name(const struct pw_hooks *hooks)
{
	switch (hooks->reparent) {
	case PW_HOOK_FENTRY:
		return "fentry " ORPHAN_FUNCTION;
	case PW_HOOK_KPROBE:
		return "kprobe " ORPHAN_FUNCTION;
	default:
		return "children of dying tasks";
	}
}

const char *pw_hook_switch_name(const struct pw_hooks *hooks)
{
	return hooks->switch_state_arg >= 0 ? "tp_btf sched_switch"
					    : "tp_btf sched_switch, state read from the task";
}
