/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stage on which the tests play demos by hand: they say who was forked, slept,
 * was woken and died when, and the stage makes the events of it, as the kernel
 * would have raised them. Every actor has a CPU of its own. Times are in
 * microseconds, pids are those of the play.
 */
#ifndef TEST_LESSON_STAGE_H
#define TEST_LESSON_STAGE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

#include "course/course.h"
#include "report/words/words.h"

#define US(n)	((uint64_t)(n)*1000)
#define CURTAIN US(1000000) /* where the play begins */
enum { OUTSIDER = 50, INIT = 1, EVENTS = 4096, ACTORS = 32 };

union any_event {
	struct pw_event h;
	struct pw_birth birth;
	struct pw_switch sw;
	struct pw_exit exit;
	struct pw_signal signal;
	struct pw_reparent reparent;
	struct pw_reap reap;
	struct pw_mark mark;
	struct pw_mark_name mark_name;
};

struct actor {
	uint32_t pid, parent;
	uint64_t start, on_since, runtime;
	uint32_t sleeps, losses, waker;
	uint64_t woken;
	char name[PW_COMM_LEN];
};

struct stage {
	union any_event events[EVENTS];
	size_t count, n_actors;
	struct actor actors[ACTORS];
	const char *said[8]; /* the names of marks */
	uint32_t n_said;
};

/* Each test has a stage of its own. */
static inline int stage_set_up(void **state)
{
	struct stage *st = calloc(1, sizeof(*st));

	assert_non_null(st);
	*state = st;
	return 0;
}

static inline int stage_tear_down(void **state)
{
	free(*state);
	return 0;
}

static inline struct actor *actor(struct stage *st, uint32_t pid)
{
	for (size_t i = 0; i < st->n_actors; i++) {
		if (st->actors[i].pid == pid)
			return &st->actors[i];
	}
	return NULL;
}

static inline union any_event *add_event(struct stage *st, int kind, uint64_t at_us, const struct actor *a)
{
	union any_event *ev = &st->events[st->count++];

	assert_true(st->count < EVENTS);
	memset(ev, 0, sizeof(*ev));
	ev->h = (struct pw_event){.ts = CURTAIN + US(at_us),
				  .kind = (uint8_t)kind,
				  .tid = a->pid,
				  .start = a->start,
				  .cpu = (uint16_t)(a - st->actors)};
	return ev;
}

/* It goes on its CPU, woken as was noted. */
static inline void plays_on(struct stage *st, uint32_t pid, uint64_t at)
{
	struct actor *a = actor(st, pid);
	union any_event *ev = add_event(st, PW_EV_SWITCH, at, a);

	ev->h.tid = 0; /* the idle task leaves */
	ev->h.start = 0;
	ev->h.flags = PW_NEXT_WATCHED | (a->waker == PW_IRQ_WAKER ? PW_WAKER_IRQ : 0);
	ev->sw.next_tid = pid;
	ev->sw.next_start = a->start;
	ev->sw.waker_tid = a->waker;
	ev->sw.woken = a->woken;
	a->on_since = ev->h.ts;
	a->woken = 0;
}

static inline union any_event *goes_off(struct stage *st, uint32_t pid, uint64_t at, uint32_t state)
{
	struct actor *a = actor(st, pid);
	union any_event *ev = add_event(st, PW_EV_SWITCH, at, a);

	a->runtime += ev->h.ts - a->on_since;
	a->sleeps++;
	ev->h.flags = PW_PREV_WATCHED;
	ev->sw.prev_state = state;
	ev->sw.prev_runtime = a->runtime;
	ev->sw.prev_nvcsw = a->sleeps;
	ev->sw.prev_nivcsw = a->losses;
	ev->sw.prev_syscall = -1;
	return ev;
}

/* It loses its CPU at one moment and has it again at another, without having slept. */
static inline void loses_its_cpu(struct stage *st, uint32_t pid, uint64_t from, uint64_t to)
{
	union any_event *ev = goes_off(st, pid, from, 0);

	ev->h.flags |= PW_PREEMPTED;
	ev->sw.prev_nvcsw--;
	ev->sw.prev_nivcsw = ++actor(st, pid)->losses;
	actor(st, pid)->sleeps--;
	plays_on(st, pid, to);
}

/* Somebody is forked at that moment, and runs 20 us later. */
static inline void is_forked(struct stage *st, uint32_t pid, uint32_t parent, const char *name, uint64_t at)
{
	struct actor *a = &st->actors[st->n_actors++];
	const struct actor *p = actor(st, parent);
	union any_event *ev;

	assert_true(st->n_actors < ACTORS);
	*a = (struct actor){.pid = pid, .parent = parent, .start = CURTAIN + US(at)};
	strcpy(a->name, name);
	ev = add_event(st, PW_EV_BIRTH, at, a);
	ev->birth.tgid = ev->birth.ns_pid = pid;
	ev->birth.parent_tid = ev->birth.parent_tgid = parent;
	ev->birth.parent_start = p ? p->start : 1;
	ev->birth.exit_signal = 17;
	strcpy(ev->birth.comm, name);
	strcpy(ev->birth.parent_comm, p ? p->name : "outsider");
	plays_on(st, pid, at + 20);
}

/* It is blocked, in this state; the waker (0: a timer) ends that, and it runs 10 us later. */
static inline void is_blocked(struct stage *st, uint32_t pid, uint32_t how, int syscall, uint64_t from,
			      uint64_t to, uint32_t waker)
{
	struct actor *a = actor(st, pid);

	goes_off(st, pid, from, how)->sw.prev_syscall = (int16_t)syscall;
	a->waker = waker ? waker : PW_IRQ_WAKER;
	a->woken = CURTAIN + US(to);
	plays_on(st, pid, to + 10);
}

/* It sleeps in a system call; the waker ends that. */
static inline void sleeps(struct stage *st, uint32_t pid, int syscall, uint64_t from, uint64_t to,
			  uint32_t waker)
{
	is_blocked(st, pid, 1, syscall, from, to, waker);
}

/* Where it forks or ends, the kernel makes it wait for a lock that the waker has just then. */
static inline void waits_for_the_kernel(struct stage *st, uint32_t pid, int syscall, uint64_t from,
					uint64_t to, uint32_t waker)
{
	is_blocked(st, pid, 2, syscall, from, to, waker);
}

static inline void pauses(struct stage *st, uint32_t pid, uint64_t from, uint64_t to)
{
	sleeps(st, pid, SYS_clock_nanosleep, from, to, 0);
}

/* It begins to exit; 30 us later its parent is told, and 4 us after that it is off the CPU for good. */
static inline void dies(struct stage *st, uint32_t pid, uint32_t status, uint64_t at)
{
	const struct actor *a = actor(st, pid), *p = actor(st, a->parent);
	union any_event *ev = add_event(st, PW_EV_EXIT, at, a);

	ev->h.flags = PW_GROUP_DEAD;
	ev->exit.tgid = pid;
	ev->exit.parent_tgid = a->parent;
	ev->exit.wait_status = status;
	ev->exit.exit_signal = 17;
	strcpy(ev->exit.comm, a->name);

	ev = add_event(st, PW_EV_SIGNAL, at + 30, a);
	ev->signal.from_tgid = pid;
	ev->signal.to_tid = ev->signal.to_tgid = a->parent;
	ev->signal.to_start = p ? p->start : 1;
	ev->signal.sig = 17;
	ev->signal.exit_notice = 1;

	ev = goes_off(st, pid, at + 34, 0x80);
	ev->sw.prev_exit_state = 0x20;
}

static inline void kills(struct stage *st, uint32_t pid, uint32_t victim, int sig, uint64_t at)
{
	union any_event *ev = add_event(st, PW_EV_SIGNAL, at, actor(st, pid));

	ev->signal.from_tgid = pid;
	ev->signal.to_tid = ev->signal.to_tgid = victim;
	ev->signal.to_start = actor(st, victim)->start;
	ev->signal.sig = sig;
}

static inline void reaps(struct stage *st, uint32_t pid, uint32_t child, uint64_t at)
{
	union any_event *ev = add_event(st, PW_EV_REAP, at, actor(st, child));

	ev->reap.by_tid = ev->reap.by_tgid = pid;
	ev->reap.hook = PW_REAP_WAIT;
	strcpy(ev->reap.by_comm, actor(st, pid) ? actor(st, pid)->name : "outsider");
}

/* The released process is freed; nothing else told of its reap. */
static inline void is_freed(struct stage *st, uint32_t pid, uint64_t at)
{
	add_event(st, PW_EV_FREE, at, actor(st, pid));
}

/* The dying one's children go to init. */
static inline void leaves_to_init(struct stage *st, uint32_t pid, uint64_t at)
{
	union any_event *ev = add_event(st, PW_EV_REPARENT, at, actor(st, pid));

	ev->reparent.tgid = pid;
	ev->reparent.new_tid = ev->reparent.new_tgid = INIT;
	ev->reparent.new_start = 1;
	ev->reparent.ns_init = 1;
	strcpy(ev->reparent.comm, "init");
	for (size_t i = 0; i < st->n_actors; i++) {
		if (st->actors[i].parent == pid)
			st->actors[i].parent = INIT;
	}
}

/* It passes a mark. */
static inline void says(struct stage *st, uint32_t pid, const char *name, int64_t value, uint64_t at)
{
	union any_event *ev;
	uint32_t i = 0;

	while (i < st->n_said && strcmp(st->said[i], name) != 0)
		i++;
	if (i == st->n_said) {
		assert_true(i < sizeof(st->said) / sizeof(st->said[0]));
		st->said[st->n_said++] = name;
		ev = add_event(st, PW_EV_MARK_NAME, 0, actor(st, pid));
		ev->mark_name.number = i + 1;
		strcpy(ev->mark_name.name, name);
	}
	ev = add_event(st, PW_EV_MARK, at, actor(st, pid));
	ev->mark.name = i + 1;
	ev->mark.value = (uint64_t)value;
	ev->mark.valued = 1;
}

static inline int earlier(const void *a, const void *b)
{
	const union any_event *x = *(union any_event *const *)a, *y = *(union any_event *const *)b;

	if (x->h.ts != y->h.ts)
		return x->h.ts < y->h.ts ? -1 : 1;
	return x < y ? -1 : 1; /* as they were told */
}

/* Lets a model see the play until it ends. The caller frees it. */
static inline struct pw_model *seen(struct stage *st, uint64_t end)
{
	static const union any_event *order[EVENTS];
	struct pw_model *m = pw_model_new();

	assert_non_null(m);
	for (size_t i = 0; i < st->count; i++)
		order[i] = &st->events[i];
	qsort(order, st->count, sizeof(order[0]), earlier);
	for (size_t i = 0; i < st->count; i++)
		assert_int_equal(pw_model_feed(m, &order[i]->h), 0);
	assert_int_equal(pw_model_finish(m, CURTAIN + US(end)), 0);
	return m;
}

/* The same, and lets the demo's judge see the model. */
static inline struct pw_lesson judged(struct stage *st, const char *demo, const char *option, uint64_t end)
{
	const char *const argv[] = {demo, option, NULL};
	struct pw_lesson lesson = {.demo = demo};
	struct pw_model *m = seen(st, end);

	assert_int_equal(pw_demo_find(demo)->judge(&lesson, m, argv), 0);
	pw_model_free(m);
	return lesson;
}

static inline const struct pw_claim *claim(const struct pw_lesson *lesson, const char *id)
{
	for (size_t i = 0; i < lesson->count; i++) {
		if (strcmp(lesson->claims[i].id, id) == 0)
			return &lesson->claims[i];
	}
	fail_msg("no claim is called %s", id);
	return NULL;
}

/* The evidence for a claim in English, which the caller frees. */
static inline struct pw_text evidence_of(const struct pw_lesson *lesson, const char *id)
{
	struct pw_text words = {0};

	pw_words_evidence(PW_ENGLISH, lesson, claim(lesson, id), &words);
	return words;
}

static inline void assert_held(const struct pw_lesson *lesson, const char *id)
{
	struct pw_text words = evidence_of(lesson, id);

	if (!claim(lesson, id)->held)
		fail_msg("%s should be held: %s", id, pw_text_get(&words));
	pw_text_free(&words);
}

static inline void assert_not_held(const struct pw_lesson *lesson, const char *id)
{
	struct pw_text words = evidence_of(lesson, id);

	if (claim(lesson, id)->held)
		fail_msg("%s should not be held: %s", id, pw_text_get(&words));
	pw_text_free(&words);
}

static inline void assert_all_held(const struct pw_lesson *lesson)
{
	assert_true(lesson->count > 0);
	for (size_t i = 0; i < lesson->count; i++)
		assert_held(lesson, lesson->claims[i].id);
}

static inline void assert_evidence(const struct pw_lesson *lesson, const char *id, const char *part)
{
	struct pw_text words = evidence_of(lesson, id);

	if (!strstr(pw_text_get(&words), part))
		fail_msg("no \"%s\" in the evidence for %s: %s", part, id, pw_text_get(&words));
	pw_text_free(&words);
}

static inline void assert_no_evidence(const struct pw_lesson *lesson, const char *id, const char *part)
{
	struct pw_text words = evidence_of(lesson, id);

	if (strstr(pw_text_get(&words), part))
		fail_msg("\"%s\" in the evidence for %s: %s", part, id, pw_text_get(&words));
	pw_text_free(&words);
}

#endif
