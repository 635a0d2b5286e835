/* SPDX-License-Identifier: GPL-2.0-only */
/* The one definition of what config.bpf.h and maps.bpf.h declare. */
#include "maps.bpf.h"

#include "config.bpf.h"

char LICENSE[] SEC("license") = "GPL";

const volatile __s32 switch_state_arg = -1;
const volatile __u32 ring_wake_bytes = 2 << 20;
const volatile __u32 switch_ring_shift = 0;
const volatile __u32 wake_slot_mask = 0;
const volatile __u32 tid_limit = 1;
const volatile __u32 kernel_stack_bytes = 16384;
const volatile __s32 preempt_count_from_rq = 0;
const volatile __u32 interrupt_bits = 0;
const volatile __u32 own_tgid = 0;
const volatile __u32 own_pid_ns = 0;
const volatile bool watch_all = false;
const volatile bool follow_children = true;
const volatile __u64 targets_asked_at = 0;
const volatile bool only_names = false;
const volatile __u64 only_name[sizeof(struct pw_glob) / 8] = {};
const volatile bool only_uids = false;
const volatile __u32 only_uid = 0;
const volatile __u64 only_cgroup = 0;
const volatile bool track_waits = false;
const volatile bool track_sighands = false;
const volatile bool walk_children = false;

__u32 attached = 0;
__u32 launcher_tgid = 0;
__u32 seeding = 0;
__u32 seeds_sent = 0;
__u32 rescan_wanted = 0;

struct ring_map ring SEC(".maps");
struct cpus_map cpus SEC(".maps");
struct switches_map switches SEC(".maps");
struct losses_map losses SEC(".maps");
struct watch_bytes_map watch_bytes SEC(".maps");
struct wake_slots_map wake_slots SEC(".maps");
struct targets_map targets SEC(".maps");
struct zombies_map zombies SEC(".maps");
struct zombie_sighands_map zombie_sighands SEC(".maps");
struct dying_parents_map dying_parents SEC(".maps");
