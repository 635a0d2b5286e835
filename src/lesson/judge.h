/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the judges share: finding who plays which part in a demo, looking at
 * what they did and when, and putting the evidence into words.
 *
 * A judge never compares with an absolute time: on a busy machine everything
 * takes longer. It compares one measured thing with another.
 */
#ifndef PW_JUDGE_H
#define PW_JUDGE_H

#include "lesson/lesson.h"
#include "util/format.h"

#define PW_CAST_MAX	2
#define PW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Who plays in a demo, found in the record. */
struct pw_scene {
	const struct pw_model *m;
	const struct pw_life *main; /* the demo's own process */
	const struct pw_life *role[PW_CAST_MAX]; /* its descendants, in the order of the plan's cast */
};

/* The evidence for one claim, or what is missing: one line. */
struct pw_evidence {
	char text[512];
};
void pw_say(struct pw_evidence *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One claim: what the course says, and whether this record shows it. */
struct pw_saying {
	const char *id, *text;
	bool (*holds)(const struct pw_scene *s, struct pw_evidence *why);
};

/* A demo's claims, and whom one must have seen to judge them. */
struct pw_plan {
	const char *demo;
	const char *cast[PW_CAST_MAX]; /* names of processes, NULL for none */
	const struct pw_saying *sayings;
	size_t count;
};

/*
 * Judges every claim of the plan. When somebody of the cast is not in the
 * record, no claim is held, and the evidence says so. Returns 0 or -ENOMEM.
 */
int pw_judge(struct pw_lesson *lesson, const struct pw_model *m, const struct pw_plan *plan);

/* Where the option ("--unix") stands last among the arguments, from 1 on; 0: nowhere. */
size_t pw_last_option(const char *const *argv, const char *option);

/* ---- lives ---- */

/* True if life was forked by ancestor, or by a process that was, and so on. */
bool pw_descends(const struct pw_model *m, const struct pw_life *life, const struct pw_life *ancestor);
/* The moment from which the process can do nothing any more: its last switch off the CPU. */
uint64_t pw_last_moment(const struct pw_life *life);
/* The last parent it was given by the kernel after the death of another; NULL: it never was. */
const struct pw_parent *pw_adoption(const struct pw_life *life);
/* True if the adopter is one the kernel would choose, whose kind the evidence names. */
bool pw_adopted(const struct pw_life *child, const struct pw_life *parent, struct pw_evidence *why);
/* True if pid reaped it, or if nobody else can have done so. */
bool pw_reaped_by(const struct pw_life *life, uint32_t pid, struct pw_evidence *why);
/* True if the adopter reaped it, or had the kernel do so by ignoring SIGCHLD. */
bool pw_reaped_by_adopter(const struct pw_life *life, struct pw_evidence *why);
/* Time on a CPU from then on, summed over its threads. */
uint64_t pw_ran_after(const struct pw_life *life, uint64_t at);
/* True if the process ended by itself with this exit code. */
bool pw_exited_with(const struct pw_life *life, int code);

/* ---- sleeps ---- */

/* A stretch for which a process was blocked. */
struct pw_sleep {
	uint64_t from, to;
	int syscall;
	uint32_t by; /* who ended it: a tid, PW_NO_WAKER or PW_IRQ_WAKER */
};
struct pw_sleeps {
	struct pw_thread_iter it;
};
/* Walks the sleeps of a process that has one thread, as all the demos' have. */
void pw_sleeps_init(struct pw_sleeps *all, const struct pw_life *life);
bool pw_sleeps_next(struct pw_sleeps *all, struct pw_sleep *out);

/* True for the system call in which the demos pretend to work. */
bool pw_is_pause(int syscall);
/* The last pause that began before a moment. */
bool pw_last_pause(const struct pw_life *life, uint64_t before, struct pw_sleep *out);
/* Time blocked between two moments: in pauses, and in anything else. */
struct pw_blocked {
	uint64_t pause, other;
};
struct pw_blocked pw_blocked_between(const struct pw_life *life, uint64_t from, uint64_t to);

/* ---- marks: what the programs say of themselves ---- */

/* A mark, and whose it is. */
struct pw_marked {
	uint64_t at;
	const struct pw_life *life;
	const struct pw_thread *thread;
	const char *name;
	int64_t value;
};
/* Walks the marks of the demo's main and all who descend from it, in order of time. */
struct pw_marks_walk {
	const struct pw_scene *scene;
	const char *name; /* only these; NULL: all */
	uint64_t at; /* of the one told last */
	size_t rank, index; /* its thread, in the order of the model, and its place there */
	bool begun;
};
void pw_marks_walk_init(struct pw_marks_walk *w, const struct pw_scene *s, const char *name);
bool pw_marks_walk_next(struct pw_marks_walk *w, struct pw_marked *out);
/* How many of a name there are, in all processes of the scene. */
size_t pw_count_marks(const struct pw_scene *s, const char *name);

/*
 * Whether a thread is inside a section at a moment: the last of its marks
 * "NAME.begin" and "NAME.end" was a begin (at that very moment counts), and it has
 * not ended since.
 */
bool pw_is_inside(const struct pw_thread *t, const char *section, uint64_t at);
/* How many threads of the scene are; and the most there ever were, *when: first. */
size_t pw_count_inside(const struct pw_scene *s, const char *section, uint64_t at);
size_t pw_most_inside(const struct pw_scene *s, const char *section, uint64_t *when);

/* ---- words ---- */

struct pw_words {
	char s[PW_FORMAT_MAX];
};
/* A duration, for use within one expression: pw_dur(ns).s */
struct pw_words pw_dur(uint64_t ns);
/* From one moment to a later one; 0 when it is not later. */
struct pw_words pw_from_to(uint64_t from, uint64_t to);
/* A process's name, printable characters only. */
struct pw_words pw_printable(const char *comm);

/* ---- the lessons ---- */

extern const char pw_page_zombie[], pw_page_orphan[], pw_page_daemon[], pw_page_pool[], pw_page_queue[];
int pw_judge_zombie(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv);
int pw_judge_orphan(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv);
int pw_judge_daemon(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv);
int pw_judge_pool(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv);
int pw_judge_queue(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv);

#endif
