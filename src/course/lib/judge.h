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

#include "course/course.h"
#include "util/format.h"

#define PW_ROLES_MAX	8
#define PW_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Who plays in a demo, found in the record. */
struct pw_demo_run {
	const struct pw_model *m;
	const struct pw_process *main; /* the demo's own process */
	const struct pw_process *role[PW_ROLES_MAX]; /* its descendants, in the order of the lesson's roles */
};

/* The evidence for one claim, or what is missing: one line. */
struct pw_evidence {
	struct pw_facts facts;
	char text[1024];
};
/* Adds a fact: values as PW_VALUES makes them, or NULL. The lesson's or the course's words say how it reads. */
void pw_evidence_add(struct pw_evidence *why, const char *code, const struct pw_value *values);
/* Adds to it, in the language spoken: the format is marked as it stands, and translated here. */
void pw_say(struct pw_evidence *why, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* One claim: what the course says, and whether this record shows it. */
struct pw_claim_def {
	const char *id, *text; /* the text is marked: N_() */
	bool (*holds)(const struct pw_demo_run *s, struct pw_evidence *why);
};

/* A demo's claims, and whom one must have seen to judge them. */
struct pw_lesson_def {
	const char *demo;
	const char *roles[PW_ROLES_MAX]; /* names of processes, NULL for none */
	const struct pw_claim_def *claims;
	size_t count;
	/* How this lesson's facts read; ends with an empty row. Those that several lessons find are in words.c. */
	const struct pw_sentence *words;
};
/* Facts that the functions below find, and how they read. */
extern const struct pw_sentence pw_course_words[];

/*
 * Judges every claim of the plan. When a process of a role is not in the
 * record, no claim is held, and the evidence says so. Returns 0 or -ENOMEM.
 */
int pw_judge(struct pw_lesson *lesson, const struct pw_model *m, const struct pw_lesson_def *plan);

/* Where the option ("--unix") stands last among the arguments, from 1 on; 0: nowhere. */
size_t pw_last_option(const char *const *argv, const char *option);

/* Those of the demo whose name begins so ("" for all), in order of birth; main is none of them. */
#define PW_PROCESS_SET_MAX 32
struct pw_process_set {
	size_t count;
	const struct pw_process *of[PW_PROCESS_SET_MAX];
};
struct pw_process_set pw_process_set_of(const struct pw_demo_run *s, const char *begin);
/* True if there are so many; else the evidence says how many there are. */
bool pw_process_set_counts(const struct pw_process_set *group, size_t count, struct pw_evidence *why);
/* True if every one of them has ended; else the evidence says how many have not. */
bool pw_process_set_ended(const struct pw_process_set *group, struct pw_evidence *why);
/* True if main reaped every one of them before it ended itself. */
bool pw_process_set_reaped(const struct pw_process_set *group, const struct pw_process *main,
			   struct pw_evidence *why);
/* The most of them that were in a pause at the same moment; *pauses: how many pauses there were in all. */
size_t pw_most_at_once(const struct pw_process_set *group, size_t *pauses);
/* How many of them slept in that system call until another of them woke them. */
size_t pw_woken_by_each_other(const struct pw_process_set *group, int syscall);
/* The first signal of that number that one process sent the other; NULL: it sent none. */
const struct pw_signal_record *pw_sent(const struct pw_demo_run *s, const struct pw_process *from,
				       const struct pw_process *to, int sig);

/* ---- processes ---- */

/* True if process was forked by ancestor, or by a process that was, and so on. */
bool pw_descends(const struct pw_model *m, const struct pw_process *process,
		 const struct pw_process *ancestor);
/* The moment from which the process can do nothing any more: its last switch off the CPU. */
uint64_t pw_last_moment(const struct pw_process *process);
/* The last parent it was given by the kernel after the death of another; NULL: it never was. */
const struct pw_parent *pw_adoption(const struct pw_process *process);
/* True if the adopter is one the kernel would choose, whose kind the evidence names. */
bool pw_adopted(const struct pw_process *child, const struct pw_process *parent, struct pw_evidence *why);
/* True if the process of that pid reaped it, or if no other process can have. */
bool pw_was_reaped_by(const struct pw_process *process, uint32_t pid);
/* Adds who reaped it and when, or that nobody has. */
void pw_evidence_reap(const struct pw_process *process, struct pw_evidence *why);
/* Both. */
bool pw_reaped_by(const struct pw_process *process, uint32_t pid, struct pw_evidence *why);
/* True if the adopter reaped it, or had the kernel do so by ignoring SIGCHLD. */
bool pw_reaped_by_adopter(const struct pw_process *process, struct pw_evidence *why);
/* Time on a CPU from then on, summed over its threads. */
uint64_t pw_ran_after(const struct pw_process *process, uint64_t at);
/* True if the process ended by itself with this exit code. */
bool pw_exited_with(const struct pw_process *process, int code);
/* True if a signal ended it. */
bool pw_killed_by(const struct pw_process *process, int sig);
/* How it ended: with an exit code, by a signal, unseen, or not at all. */
void pw_evidence_exit(const struct pw_process *process, struct pw_evidence *why);
/* True for a process whose end is in the record; else the evidence says that it is not. */
bool pw_has_ended(const struct pw_process *process, struct pw_evidence *why);

/* ---- sleeps ---- */

/*
 * Whether it waits for something it asked the kernel for: it is blocked, but not
 * uninterruptibly. There the kernel makes it wait for a page or for a lock of its
 * own, which whoever forks, ends or touches the same page just then may hold, and
 * give back: that is luck, and nothing a program does.
 */
bool pw_is_asleep(const struct pw_span *span);

/* A stretch for which a process was asleep. */
struct pw_sleep {
	uint64_t from, to;
	int syscall;
	uint32_t by; /* who ended it: a tid, PW_NO_WAKER or PW_IRQ_WAKER */
};
struct pw_sleeps {
	struct pw_thread_iter it;
};
/* Walks the sleeps of a process's first thread, as a rule its only one. */
void pw_sleeps_init(struct pw_sleeps *all, const struct pw_process *process);
void pw_sleeps_of_thread(struct pw_sleeps *all, const struct pw_thread *thread);
bool pw_sleeps_next(struct pw_sleeps *all, struct pw_sleep *out);
/* The longest sleep in a system call; PW_ANY_SYSCALL: in whichever. False: none. */
#define PW_ANY_SYSCALL (-2)
bool pw_longest_sleep(const struct pw_thread *thread, int syscall, struct pw_sleep *out);
/* How many of its sleeps in a system call a thread of this tid ended. */
size_t pw_sleeps_ended_by(const struct pw_thread *thread, int syscall, uint32_t tid);
/* True for the system calls in which a parent waits for a child. */
bool pw_is_wait(int syscall);
/* The first sleep in wait that ends after a moment; the sleep that waits for what happens then. */
bool pw_wait_over(const struct pw_process *process, uint64_t moment, struct pw_sleep *out);

/* True for the system call in which the demos pretend to work. */
bool pw_is_pause(int syscall);
/* The last pause that began before a moment. */
bool pw_last_pause(const struct pw_process *process, uint64_t before, struct pw_sleep *out);
/* Time asleep between two moments: in pauses, and in anything else. */
struct pw_blocked {
	uint64_t pause, other;
};
struct pw_blocked pw_blocked_between(const struct pw_process *process, uint64_t from, uint64_t to);

/* ---- marks: what the programs say of themselves ---- */

/* A mark, and whose it is. */
struct pw_marked {
	uint64_t at;
	const struct pw_process *process;
	const struct pw_thread *thread;
	const char *name;
	int64_t value;
};
/* Walks the marks of the demo's main and all who descend from it, in order of time. */
struct pw_mark_iter {
	const struct pw_demo_run *scene;
	const char *name; /* only these; NULL: all */
	uint64_t at; /* of the one told last */
	size_t rank, index; /* its thread, in the order of the model, and its place there */
	bool begun;
};
void pw_mark_iter_init(struct pw_mark_iter *w, const struct pw_demo_run *s, const char *name);
bool pw_mark_iter_next(struct pw_mark_iter *w, struct pw_marked *out);
/* How many of a name there are, in all processes of the scene. */
size_t pw_count_marks(const struct pw_demo_run *s, const char *name);
/*
 * What was got, by the marks "get", held against what was "put": true for the same
 * numbers in the same order, none before it was put. The evidence says so, or where not.
 */
bool pw_got_as_put(const struct pw_demo_run *s, struct pw_evidence *why);

/*
 * Whether a thread is inside a section at a moment: the last of its marks
 * "NAME.begin" and "NAME.end" was a begin (at that very moment counts), and it has
 * not ended since.
 */
bool pw_is_inside(const struct pw_thread *t, const char *section, uint64_t at);
/* How many threads of the scene are; and the most there ever were, *when: first. */
size_t pw_count_inside(const struct pw_demo_run *s, const char *section, uint64_t at);
size_t pw_most_inside(const struct pw_demo_run *s, const char *section, uint64_t *when);
/*
 * The most of a group that were in the section "inside" at the same moment, by
 * their own marks; *times: how often one was, in all. Where nobody listened to
 * marks it is the pauses, in which the demos pretend to be busy inside, that count.
 */
size_t pw_most_told_inside(const struct pw_demo_run *s, const struct pw_process_set *group, size_t *times);
/* ---- at the same time ---- */

/* Time a thread spent in a state between two moments. */
uint64_t pw_spent(const struct pw_thread *t, enum pw_state state, uint64_t from, uint64_t to);
/* Time it was asleep between two moments; and in that system call. */
uint64_t pw_asleep(const struct pw_thread *t, uint64_t from, uint64_t to);
uint64_t pw_slept_in(const struct pw_thread *t, int syscall, uint64_t from, uint64_t to);
/* Time for which the one was in the one state while the other was in the other. */
uint64_t pw_both(const struct pw_thread *a, enum pw_state a_state, const struct pw_thread *b,
		 enum pw_state b_state);
/* The same, from a moment on. */
uint64_t pw_both_since(uint64_t since, const struct pw_thread *a, enum pw_state a_state,
		       const struct pw_thread *b, enum pw_state b_state);
/* From when on it ran on no other CPU than the one it ran on last: a new process is bound when it runs already. */
uint64_t pw_settled(const struct pw_thread *t);
/* How often another of them ran than the one that ran before. */
size_t pw_turns(const struct pw_thread *const *threads, size_t count);
/* When it was first on a CPU; 0: never. */
uint64_t pw_first_run(const struct pw_thread *t);
/* The thread's share of a whole, in percent. */
double pw_percent(uint64_t part, uint64_t whole);

/* ---- births ---- */

/* When a process made its threads (after the first) or its children: true if there are exactly so many. */
bool pw_thread_births(const struct pw_process *maker, uint64_t *birth, size_t count, struct pw_evidence *why);
bool pw_process_births(const struct pw_demo_run *s, const struct pw_process *maker, uint64_t *birth,
		       size_t count, struct pw_evidence *why);
/*
 * What it cost to make one: the time its maker's first thread was on a CPU between
 * the birth of one and that of the next. The least of them is the one that nothing
 * disturbed.
 */
uint64_t pw_birth_cost(const struct pw_process *maker, const uint64_t *birth, size_t count);

/* ---- words ---- */

struct pw_words {
	char s[PW_FORMAT_MAX];
};
/* A duration, for use within one expression: pw_dur(ns).s */
struct pw_words pw_dur(uint64_t ns);
/* From one moment to a later one; 0 when it is not later. */
struct pw_words pw_from_to(uint64_t from, uint64_t to);
/* Who ended a sleep: a tid, or that it was an interrupt, or not seen. */
struct pw_words pw_waker(uint32_t by);
/* A process's name, printable characters only. */
struct pw_words pw_printable(const char *comm);

/* ---- the lessons ---- */

#define PW_LESSON(name)                                                                                      \
	extern const char pw_page_##name[];                                                                  \
	int pw_judge_##name(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
PW_LESSON(fork);
PW_LESSON(start);
PW_LESSON(join);
PW_LESSON(terminate);
PW_LESSON(isolation);
PW_LESSON(exit);
PW_LESSON(states);
PW_LESSON(parallel);
PW_LESSON(sched);
PW_LESSON(blocking);
PW_LESSON(event);
PW_LESSON(deadlock);
PW_LESSON(lock);
PW_LESSON(semaphore);
PW_LESSON(pipe);
PW_LESSON(manager);
PW_LESSON(callback);
PW_LESSON(threads);
PW_LESSON(gil);
PW_LESSON(coroutine);
PW_LESSON(iomodel);
PW_LESSON(server);
PW_LESSON(zombie);
PW_LESSON(orphan);
PW_LESSON(daemon);
PW_LESSON(pool);
PW_LESSON(queue);

#endif
