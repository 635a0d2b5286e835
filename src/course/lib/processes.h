/* SPDX-License-Identifier: GPL-2.0-only */
/* Processes of a demo: their parents, their ends, their reaping, the signals they send. */
#ifndef PW_PROCESSES_H
#define PW_PROCESSES_H

#include "course/lib/evidence.h"
#include "course/lib/roles.h"
#include "model/model.h"

/* True if the process is the ancestor or one of its descendants, by fork parents. */
bool pw_descends(const struct pw_model *m, const struct pw_process *process,
		 const struct pw_process *ancestor);
/* When it left its CPU for the last time, after which it can do nothing more; exit_at if that is later. */
uint64_t pw_last_moment(const struct pw_process *process);
/* CPU time from a moment on, over all threads, in ns. */
uint64_t pw_ran_after(const struct pw_process *process, uint64_t at);

/* ---- exits ---- */

/* True if it exited by itself with this code, and its status was observed. */
bool pw_exited_with(const struct pw_process *process, int code);
/* True if this signal killed it. */
bool pw_killed_by(const struct pw_process *process, int sig);
/* Adds how it exited: with a code, by a signal, unobserved, or not at all. */
void pw_evidence_exit(const struct pw_process *process, struct pw_evidence *why);
/* Adds its wait status, which must be known. */
void pw_evidence_wait_status(const struct pw_process *process, struct pw_evidence *why);
/* True if its exit is in the record; if not, the evidence says so. */
bool pw_has_ended(const struct pw_process *process, struct pw_evidence *why);

/* ---- parents and reaping ---- */

struct pw_value pw_value_parent(const char *name, const struct pw_parent *parent);
/* The last parent the kernel gave it; NULL: it still has the one that forked it. */
const struct pw_parent *pw_adoption(const struct pw_process *process);
/*
 * True if init or a subreaper became the child's parent when its parent exited.
 * Adds the change of parents.
 */
bool pw_adopted(const struct pw_process *child, const struct pw_process *parent, struct pw_evidence *why);
/* True if the process of that pid reaped it, or if no other process can have. */
bool pw_was_reaped_by(const struct pw_process *process, uint32_t pid);
/* Adds who reaped it and when, or that nobody has. */
void pw_evidence_reap(const struct pw_process *process, struct pw_evidence *why);
/* Both. */
bool pw_reaped_by(const struct pw_process *process, uint32_t pid, struct pw_evidence *why);
/* True if its adopter reaped it, or ignores SIGCHLD so that the kernel released it. Adds which. */
bool pw_reaped_by_adopter(const struct pw_process *process, struct pw_evidence *why);

/* ---- signals ---- */

/* The first signal of that number that one process sent to the other; NULL: it sent none. */
const struct pw_signal_record *pw_sent(const struct pw_demo_run *run, const struct pw_process *from,
				       const struct pw_process *to, int sig);

#endif
