/* SPDX-License-Identifier: GPL-2.0-only */
/* Which tasks are watched: one byte per tid. */
#ifndef PW_BPF_WATCH_H
#define PW_BPF_WATCH_H

#include "vmlinux.h"

#include <bpf/bpf_helpers.h>

#include "config.bpf.h"
#include "maps.bpf.h"

/* The bits of a watch byte. */
#define WATCHED 1 /* the task's events are sent */
#define SEEDED	2 /* its birth or its seed has been sent */

static __always_inline __u8 *all_watch_bytes(void)
{
	__u32 only = 0;

	return bpf_map_lookup_elem(&watch_bytes, &only);
}

/* Keep the bounded register: the verifier forgets the bound if the compiler reloads tid. */
static __always_inline __u8 *byte_in(__u8 *bytes, __u64 tid)
{
	barrier_var(tid);
	if (tid >= tid_limit)
		return NULL;
	barrier_var(bytes);
	return bytes + tid;
}

static __always_inline bool is_watched_in(__u8 *bytes, __u32 tid)
{
	__u8 *byte = byte_in(bytes, tid);

	return byte && *byte;
}

static __always_inline __u8 *watch_byte(__u32 tid)
{
	__u8 *bytes = all_watch_bytes();

	return bytes ? byte_in(bytes, tid) : NULL;
}

static __always_inline bool is_watched(__u32 tid)
{
	__u8 *byte = watch_byte(tid);

	return byte && *byte;
}

#endif
