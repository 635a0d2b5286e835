/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Streams: histories as text, one event a line, for the tests that compare whole reports. Times (T) are in ms
 * since the start of the recording.
 *
 *	demo NAME | command WORD... | attach PID... | system     what was recorded
 *	hook WORDS          skipped N                            how, and the program runs that the kernel skipped
 *	claim held|not ID TEXT EVIDENCE                          one line of the lesson
 *	keep MS                                                  only the last MS of intervals are kept
 *	outside PID NAME                                         a task that is not watched
 *
 *	T fork PARENT PID NAME      T thread BY TID              T seed PARENT TID TGID AGE STATE
 *	T on CPU TID                T off TID STATE              T switch PREV STATE NEXT
 *	T wake TID BY|irq           T exit TID STATUS [ignored|nocldwait]
 *	T notice TID PARENT         T die TID zombie|dead        T free TID
 *	T signal FROM TO SIGNAL [CODE]                           T reap PID BY wait|release
 *	T reparent TID NEW init|subreaper|none [CHILD]
 *	T rename TID NAME           T exec PID EXE [ARG...]      T takeover TID
 *	T lost CPU FIRST LAST COUNT                              T end
 *	T named NUMBER NAME         T mark TID NUMBER [VALUE]    a name for marks, and a mark
 *
 *	hide ... show                                            it happens, and no event is raised: a missed switch
 *	repeat N STEP ... done                                   N times, STEP ms apart; +PID is one more each time
 *
 * STATE is R S D T t V (vfork) I (idle) P (parked), or S:SYSCALL. STATUS is 7, SIGTERM or SIGSEGV+core. A word may
 * be "quoted" and have \xNN in it; # begins a comment.
 */
#ifndef TESTS_LIB_STREAM_H
#define TESTS_LIB_STREAM_H

#include "course/course.h"
#include "lib/events.h"
#include "report/report.h"

#define STREAM_START UINT64_C(1000000000000)
#define STREAM_WORDS 64
#define STREAM_LINES 4096

struct stream {
	struct event_list events;
	uint64_t end;
	struct pw_session session;
	/* count 0: none */
	struct pw_lesson lesson;
	const char *command[STREAM_WORDS + 1];
	uint32_t pids[STREAM_WORDS];
	/* The strings that the members above point to. */
	char *kept[STREAM_LINES];
	size_t n_kept;
	struct event_source *source;
	struct pw_keep keep;
	/* The line that is being read. */
	const char *path;
	size_t line;
	char *word[STREAM_WORDS];
	size_t words;
	/* Of this round of a repeat. */
	uint64_t offset;
	uint32_t round;
};

/* Reads a stream. What is wrong in it goes to standard error, and the program is aborted. */
void stream_load(struct stream *s, const char *path);
/* The finished model of a stream. The caller frees it with pw_model_free. */
struct pw_model *stream_model(struct stream *s);
void stream_free(struct stream *s);

#endif
