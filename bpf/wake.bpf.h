/* SPDX-License-Identifier: GPL-2.0-only */
/* Pending wake-ups: from the waker's call to the task's next switch-in. */
#ifndef PW_BPF_WAKE_H
#define PW_BPF_WAKE_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "config.bpf.h"
#include "maps.bpf.h"

static __always_inline struct wake_slot *wake_slot_of(__u32 tid)
{
	__u32 i = tid & wake_slot_mask;

	return bpf_map_lookup_elem(&wake_slots, &i);
}

#endif
