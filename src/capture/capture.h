/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Capture: loads and attaches the BPF programs, drains their ring, hands on
 * events in order of time. The only place that knows libbpf.
 */
#ifndef PW_CAPTURE_H
#define PW_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "shared/event.h"
#include "util/clock.h"
#include "util/error.h"

struct pw_capture;

/* Which running processes, and which later ones, are watched; all zero: only what is launched. */
struct pw_selection {
	const uint32_t *pids; /* thread groups, numbers of procwatch's own PID namespace */
	size_t n_pids;
	uint64_t asked_at; /* who began later has somebody else's number */
	bool all; /* everything but procwatch itself */
	bool no_children; /* not what they fork */
	const char *name; /* glob on the name; NULL: any. With user and cgroup: all must match */
	bool by_user;
	uint32_t uid;
	uint64_t cgroup_id; /* itself and all below it; 0: any */
};

struct pw_capture_options {
	struct pw_selection select;
	size_t ring_bytes; /* 0: the default; else a power of two, at least a page */
	const char *hooks; /* one of pw_hook_rungs; NULL: the best that works */
	int verbose; /* 1: say which hooks were tried; 2: libbpf's own messages too */
};

/* Called for each event, in order of ts; the event exists only during the call. Negative stops the drain. */
typedef int (*pw_event_fn)(void *context, const struct pw_event *event);

/*
 * Loads and attaches every hook. Nothing is watched yet. *capture is freed with
 * pw_capture_close. Negative errno with error filled (-EPERM: which capability
 * is missing; -ENOTSUP: the kernel lacks something).
 */
int pw_capture_open(struct pw_capture **capture, const struct pw_capture_options *options,
		    struct pw_error *error);

/* What the user should know of it, in a line ("the ring is smaller than asked for: ..."); NULL: nothing. */
const char *pw_capture_notice(const struct pw_capture *capture);
/* The capabilities (caps.h) still needed once the seeds have settled: to look through the running processes again. */
uint64_t pw_capture_caps(const struct pw_capture *capture);

/* From now on every process that launcher forks is watched, with all its descendants. */
void pw_capture_watch_children_of(struct pw_capture *capture, pid_t launcher);
/* The launcher has launched: its later children are its own business. */
void pw_capture_launched(struct pw_capture *capture);

/*
 * Makes what is selected and running already known: an event for each task, by as
 * many passes over all tasks as it takes until one finds nobody new. *found
 * becomes the number of tasks. Negative errno with error filled.
 */
int pw_capture_seed(struct pw_capture *capture, size_t *found, struct pw_error *error);

/*
 * After that: the number in the initial PID namespace of a thread group that was
 * asked for; 0: it has gone, and *reused says whether somebody else has its number.
 */
uint32_t pw_capture_target(const struct pw_capture *capture, uint32_t number, bool *reused);

/*
 * Listens to the marks of a file before anyone runs it, so that none is missed.
 * Those of all other files that watched processes execute from are found when
 * they begin to (docs/marks.md). Never fails: pw_capture_stats tells what could
 * not be listened to.
 */
void pw_capture_marks_of(struct pw_capture *capture, const char *path);

/* A descriptor that becomes readable when the ring has filled past its threshold: for poll(), beside a timeout. */
int pw_capture_fd(const struct pw_capture *capture);

/*
 * Drains the ring and hands on all events older than the drain's own beginning,
 * so that the order by ts is final. Call it every PW_CAPTURE_INTERVAL_MS or
 * sooner. Returns 0 or the first negative number of fn, or a negative errno.
 */
#define PW_CAPTURE_INTERVAL_MS 50
int pw_capture_drain(struct pw_capture *capture, pw_event_fn fn, void *context);

/* Drains until every event up to now has been handed on. */
int pw_capture_settle(struct pw_capture *capture, pw_event_fn fn, void *context);

/*
 * Ends the capture now: hands on every event up to this moment, which goes to
 * *end_ns. The hooks stay attached until pw_capture_close, since detaching takes
 * a good part of a second; what they send from now on is nobody's.
 */
int pw_capture_stop(struct pw_capture *capture, pw_event_fn fn, void *context, uint64_t *end_ns);

/* Records lost until now, those included that no event has told of yet. */
uint64_t pw_capture_lost(const struct pw_capture *capture);
/* Program runs the kernel skipped until now; and whether it counts them (5.12 and later do). */
uint64_t pw_capture_skipped(const struct pw_capture *capture);
bool pw_capture_counts_skips(const struct pw_capture *capture);

struct pw_capture_stats {
	uint64_t received; /* records taken from the ring */
	uint64_t lost; /* records that found no room in the ring */
	uint64_t skipped; /* program runs the kernel skipped (recursion_misses, real on 7.x) */
	const char *skipped_by; /* the programs, "on_exit=2 on_wait4=1" */
	const char *hook_reap, *hook_reparent, *hook_switch; /* what is attached, in words */
	size_t marks_missed; /* places with marks that could not be listened to */
	const char *why_marks_missed; /* the first of them; belongs to the capture */
};
void pw_capture_stats(const struct pw_capture *capture, struct pw_capture_stats *stats);

void pw_capture_close(struct pw_capture *capture);

/* Whether procwatch is in a PID namespace whose own numbers its /proc shows, not those of the events. */
bool pw_proc_is_inner(void);
/* Whether procwatch's own numbers of processes are those of all events. */
bool pw_in_initial_pid_namespace(void);

#endif
