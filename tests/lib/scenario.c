/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/scenario.h"

#include "model/model.h"
#include "report/words/words.h"

/* ---- the scenario itself */

void scenario_begin(struct scenario *s)
{
	*s = (struct scenario){0};
	ev_begin(&s->source, event_list_sink, &s->events);
	ev_outside(&s->source, OUTSIDER, "outsider");
	ev_outside(&s->source, INIT, "init");
}

void scenario_end(struct scenario *s)
{
	event_list_free(&s->events);
}

void scenario_reset(struct scenario *s)
{
	scenario_end(s);
	scenario_begin(s);
}

int scenario_set_up(void **state)
{
	struct scenario *s = malloc(sizeof(*s));

	assert_non_null(s);
	scenario_begin(s);
	*state = s;
	return 0;
}

int scenario_tear_down(void **state)
{
	scenario_end(*state);
	free(*state);
	return 0;
}

/* ---- what happens */

void is_forked(struct scenario *s, uint32_t pid, uint32_t parent, const char *name, uint64_t at)
{
	struct pw_birth birth = ev_birth(&s->source, AT(at), parent, pid, pid, name);

	birth.h.cpu = ev_task(&s->source, pid)->cpu = s->cpus++;
	ev_emit(&s->source, &birth);
	runs(s, pid, at + 20);
}

void runs(struct scenario *s, uint32_t pid, uint64_t at)
{
	ev_on(&s->source, AT(at), ev_task(&s->source, pid)->cpu, pid);
}

void stops_running(struct scenario *s, uint32_t pid, uint64_t at, uint32_t state, int syscall)
{
	ev_off(&s->source, AT(at), pid, state, syscall);
}

void loses_its_cpu(struct scenario *s, uint32_t pid, uint64_t from, uint64_t to)
{
	ev_preempt(&s->source, AT(from), pid);
	runs(s, pid, to);
}

static void is_blocked(struct scenario *s, uint32_t pid, uint32_t state, int syscall, uint64_t from,
		       uint64_t to, uint32_t waker)
{
	stops_running(s, pid, from, state, syscall);
	ev_wake(&s->source, AT(to), pid, waker ? waker : PW_IRQ_WAKER);
	runs(s, pid, to + 10);
}

void sleeps(struct scenario *s, uint32_t pid, int syscall, uint64_t from, uint64_t to, uint32_t waker)
{
	is_blocked(s, pid, STATE_SLEEP, syscall, from, to, waker);
}

void pauses(struct scenario *s, uint32_t pid, uint64_t from, uint64_t to)
{
	sleeps(s, pid, SYS_clock_nanosleep, from, to, 0);
}

void waits_for_the_kernel(struct scenario *s, uint32_t pid, int syscall, uint64_t from, uint64_t to,
			  uint32_t waker)
{
	is_blocked(s, pid, STATE_DISK, syscall, from, to, waker);
}

void dies(struct scenario *s, uint32_t pid, uint32_t status, uint64_t at)
{
	struct pw_exit exit = ev_exit_event(&s->source, AT(at), pid, status);

	exit.h.flags = PW_GROUP_DEAD;
	ev_emit(&s->source, &exit);
	ev_notice(&s->source, AT(at + 30), pid, ev_task(&s->source, pid)->parent_tid);
	dies_unseen(s, pid, at + 34);
}

void dies_unseen(struct scenario *s, uint32_t pid, uint64_t at)
{
	ev_die(&s->source, AT(at), pid, EXIT_STATE_ZOMBIE);
}

void kills(struct scenario *s, uint32_t pid, uint32_t victim, int sig, uint64_t at)
{
	ev_signal(&s->source, AT(at), pid, victim, sig);
}

void reaps(struct scenario *s, uint32_t pid, uint32_t child, uint64_t at)
{
	ev_reap(&s->source, AT(at), child, pid, PW_REAP_WAIT);
}

void is_freed(struct scenario *s, uint32_t pid, uint64_t at)
{
	ev_free(&s->source, AT(at), pid);
}

void leaves_to_init(struct scenario *s, uint32_t pid, uint64_t at)
{
	ev_reparent(&s->source, AT(at), pid, INIT, 0);
}

void marks(struct scenario *s, uint32_t pid, const char *name, int64_t value, uint64_t at)
{
	uint32_t i = 0;

	while (i < s->n_marks && strcmp(s->marks[i], name) != 0)
		i++;
	if (i == s->n_marks) {
		assert_true(i < sizeof(s->marks) / sizeof(s->marks[0]));
		s->marks[s->n_marks++] = name;
		ev_mark_name(&s->source, AT(0), i + 1, name);
	}
	ev_mark(&s->source, AT(at), pid, i + 1, &value);
}

/* ---- what comes of it */

struct ordered {
	const struct pw_event *event;
	size_t place;
};

/* Events of one moment stay in the order in which the test wrote them. */
static int by_time(const void *a, const void *b)
{
	const struct ordered *x = a, *y = b;

	if (x->event->ts != y->event->ts)
		return x->event->ts < y->event->ts ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

struct pw_model *scenario_model(struct scenario *s, uint64_t end)
{
	const size_t count = s->events.count;
	struct ordered *order = calloc(count + 1, sizeof(*order));
	struct pw_model *m = pw_model_new();

	assert_int_equal(s->source.result, 0);
	assert_non_null(order);
	assert_non_null(m);
	for (size_t i = 0; i < count; i++)
		order[i] = (struct ordered){s->events.at[i], i};
	qsort(order, count, sizeof(*order), by_time);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(pw_model_feed(m, order[i].event), 0);
	free(order);
	assert_int_equal(pw_model_finish(m, AT(end)), 0);
	return m;
}

struct pw_lesson judged(struct scenario *s, const char *demo, const char *option, uint64_t end)
{
	const char *const argv[] = {demo, option, NULL};
	struct pw_lesson lesson = {.demo = demo};
	struct pw_model *m = scenario_model(s, end);

	assert_int_equal(pw_demo_find(demo)->judge(&lesson, m, argv), 0);
	pw_model_free(m);
	return lesson;
}

const struct pw_claim *claim(const struct pw_lesson *lesson, const char *id)
{
	for (size_t i = 0; i < lesson->count; i++) {
		if (strcmp(lesson->claims[i].id, id) == 0)
			return &lesson->claims[i];
	}
	fail_msg("no claim is called %s", id);
	return NULL;
}

/* The evidence for a claim in English, which the caller frees. */
static struct pw_text evidence_of(const struct pw_lesson *lesson, const char *id)
{
	struct pw_text words = {0};

	pw_words_evidence(PW_ENGLISH, lesson, claim(lesson, id), &words);
	return words;
}

void assert_held(const struct pw_lesson *lesson, const char *id)
{
	struct pw_text words = evidence_of(lesson, id);

	if (!claim(lesson, id)->held)
		fail_msg("%s should be held: %s", id, pw_text_get(&words));
	pw_text_free(&words);
}

void assert_not_held(const struct pw_lesson *lesson, const char *id)
{
	struct pw_text words = evidence_of(lesson, id);

	if (claim(lesson, id)->held)
		fail_msg("%s should not be held: %s", id, pw_text_get(&words));
	pw_text_free(&words);
}

void assert_all_held(const struct pw_lesson *lesson)
{
	assert_true(lesson->count > 0);
	for (size_t i = 0; i < lesson->count; i++)
		assert_held(lesson, lesson->claims[i].id);
}

void assert_evidence(const struct pw_lesson *lesson, const char *id, const char *part)
{
	struct pw_text words = evidence_of(lesson, id);

	if (!strstr(pw_text_get(&words), part))
		fail_msg("no \"%s\" in the evidence for %s: %s", part, id, pw_text_get(&words));
	pw_text_free(&words);
}

void assert_no_evidence(const struct pw_lesson *lesson, const char *id, const char *part)
{
	struct pw_text words = evidence_of(lesson, id);

	if (strstr(pw_text_get(&words), part))
		fail_msg("\"%s\" in the evidence for %s: %s", part, id, pw_text_get(&words));
	pw_text_free(&words);
}
