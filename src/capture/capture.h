/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Capture: loads and attaches the BPF programs, drains their rings and hands on the events
 * in order of time. The only folder that knows libbpf.
 */
#ifndef PW_CAPTURE_H
#define PW_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "capture/selection.h"
#include "shared/event.h"
#include "util/error.h"

struct pw_capture;

struct pw_capture_options {
	struct pw_selection select;
	/* The size of all rings together: 0 for the default, else a power of two, at least a page. */
	size_t ring_bytes;
	/* One of pw_hook_fallbacks; NULL: the best that works. */
	const char *hooks;
	/* From 2 on libbpf prints its messages. */
	int verbose;
};

/*
 * Loads the programs and attaches every hook. Nothing is watched yet. *capture is freed
 * with pw_capture_close in any case. Returns 0 or a negative errno with error filled
 * (-EPERM: which capability is missing; -ENOTSUP: what the kernel lacks).
 */
int pw_capture_open(struct pw_capture **capture, const struct pw_capture_options *options,
		    struct pw_error *error);

/* A line that the user should read ("the ring buffer is smaller than ..."); NULL: none. */
const char *pw_capture_notice(const struct pw_capture *capture);
/* The capabilities (caps.h) that are still needed after the first seeds: those for further passes over the tasks. */
uint64_t pw_capture_caps(const struct pw_capture *capture);

/* From now on every process that the launcher forks is watched, with all its descendants. */
void pw_capture_watch_children_of(struct pw_capture *capture, pid_t launcher);
/* The launcher has launched its command: children that it forks from now on are not watched. */
void pw_capture_launched(struct pw_capture *capture);

/*
 * Takes the snapshot: a seed event for each selected task that runs already. Makes as many
 * passes over all tasks as it takes until one finds no new task. *found becomes the number
 * of tasks. Returns 0 or a negative errno with error filled.
 */
int pw_capture_seed(struct pw_capture *capture, size_t *found, struct pw_error *error);

/*
 * Call it after the seeds. Returns the PID in the initial namespace of a selected process,
 * given its PID in procwatch's namespace. Returns 0 if it has ended; *reused says whether
 * another process has its PID now.
 */
uint32_t pw_capture_target(const struct pw_capture *capture, uint32_t pid, bool *reused);

/*
 * Attaches to the marks of a file before any process runs it, so that none is missed. Those
 * of all other files are attached to when a watched process first executes from them
 * (docs/marks.md). Never fails: pw_capture_stats reports what could not be attached to.
 */
void pw_capture_marks_of(struct pw_capture *capture, const char *path);

/* A descriptor that becomes readable when a ring fills up: for poll(), together with a timeout. */
int pw_capture_fd(const struct pw_capture *capture);

/*
 * Hands on all events older than the moment at which the drain began, so that their order by
 * ts is final. Call it every PW_CAPTURE_INTERVAL_MS or sooner. Returns 0, the first negative
 * number of fn, or a negative errno.
 */
#define PW_CAPTURE_INTERVAL_MS 50
int pw_capture_drain(struct pw_capture *capture, pw_event_fn fn, void *context);

/* Drains until every event that precedes this call has been handed on. Returns the same. */
int pw_capture_catch_up(struct pw_capture *capture, pw_event_fn fn, void *context);

/*
 * Ends the capture: hands on every event up to this moment, which *end_ns becomes. The
 * hooks stay attached until pw_capture_close, because detaching takes a good part of a
 * second; what they send from now on is ignored. Returns the same.
 */
int pw_capture_stop(struct pw_capture *capture, pw_event_fn fn, void *context, uint64_t *end_ns);

/* Records lost until now, including those that no event has reported yet. */
uint64_t pw_capture_lost(const struct pw_capture *capture);
/* Program runs that the kernel skipped until now, and whether it counts them (since 5.12). */
uint64_t pw_capture_skipped(const struct pw_capture *capture);
bool pw_capture_counts_skips(const struct pw_capture *capture);

struct pw_capture_stats {
	/* Records taken from the rings. */
	uint64_t received;
	/* Records that found no room in a ring. */
	uint64_t lost;
	/* Program runs that the kernel skipped (recursion_misses, real on 7.x), and of which programs: "on_exit=2". */
	uint64_t skipped;
	const char *skipped_by;
	/* What is attached, in words. */
	const char *hook_reap, *hook_reparent, *hook_switch;
	/* Places with marks that could not be attached to, and why the first of them; belongs to the capture. */
	size_t marks_missed;
	const char *why_marks_missed;
};
void pw_capture_stats(const struct pw_capture *capture, struct pw_capture_stats *stats);

/* NULL is allowed. */
void pw_capture_close(struct pw_capture *capture);

#endif
