/* SPDX-License-Identifier: GPL-2.0-only */
/* Lost records: each CPU reports its own. */
#include "emit.bpf.h"

/* Hidden: the verifier then treats it like a static function, as part of its caller. */
__hidden __noinline void send_losses(void)
{
	__u32 cpu = bpf_get_smp_processor_id();
	struct pw_cpu_loss *loss = bpf_map_lookup_elem(&losses, &cpu);
	struct pw_lost *e;

	if (!loss || !loss->pending)
		return;
	e = bpf_ringbuf_reserve(&ring, sizeof(*e), 0);
	if (!e)
		return;
	e->h = (struct pw_event){.ts = bpf_ktime_get_ns(), .cpu = cpu, .kind = PW_EV_LOST};
	e->count = loss->pending;
	e->first = loss->first;
	e->last = loss->last;
	__sync_fetch_and_add(&loss->pending, -e->count);
	bpf_ringbuf_submit(e, BPF_RB_NO_WAKEUP);
}
