/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Identity: which thread an event is about. It is the one that the index finds by
 * (tid, start), unless a thread other than the leader calls exec: that thread waits
 * for all others to end and then takes over the leader's tid and start time
 * (de_thread, fs/exec.c); the old leader gets the thread's tid and is released.
 * From then on the new leader's events carry the old one's identity, some even
 * before the EXEC record, and the old leader's last switch-out may carry the new
 * leader's.
 */
#ifndef PW_MODEL_IDENTITY_H
#define PW_MODEL_IDENTITY_H

#include "model/processes.h"

/* What the task did. */
enum act { ACT_SWITCH_IN, ACT_SWITCH_OUT, ACT_LAST_SWITCH, ACT_EXIT, ACT_OTHER };

/*
 * The thread that did this, by the name (tid, start) that the event h gives it;
 * *out NULL: an unknown task, which is counted. Finds out on the way that a thread
 * has replaced its leader. Returns 0 or -ENOMEM.
 */
int pw_identify(struct process_table *table, const struct pw_event *h, uint32_t tid, uint64_t start,
		enum act act, struct thread **out);

/* t becomes its process's leader. Returns 0 or -ENOMEM. */
int pw_leader_replace(struct thread *t, uint64_t ts);

#endif
