/* SPDX-License-Identifier: GPL-2.0-only */
/* Findings: which facts deserve a sentence, and which sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "analysis/findings.h"
#include "lib/events.h"
#include "model/questions.h"
#include "report/words/words.h"

#define MS UINT64_C(1000000)

struct scene {
	struct event_source ev;
	struct pw_model *m;
	struct pw_findings f;
	struct pw_text text;
};

static int setup(void **state)
{
	struct scene *s = test_calloc(1, sizeof(*s));

	s->m = pw_model_new();
	if (!s->m)
		return -1;
	ev_begin(&s->ev, model_sink, s->m);
	*state = s;
	return 0;
}

static int teardown(void **state)
{
	struct scene *s = *state;

	pw_text_free(&s->text);
	pw_findings_free(&s->f);
	pw_model_free(s->m);
	test_free(s);
	return 0;
}

/* Process 10 "parent", on CPU 0 from 1 ms on. */
static struct scene *begin(void **state)
{
	struct scene *s = *state;

	ev_fork(&s->ev, 1 * MS, 1, 10, "parent");
	ev_on(&s->ev, 1 * MS, 0, 10);
	return s;
}

/* A child on CPU 1 that exits at once, at from, and is not reaped yet. */
static void child_ends(struct scene *s, uint64_t from, uint32_t pid, uint32_t status)
{
	ev_fork(&s->ev, from - 1000, 10, pid, "child");
	ev_on(&s->ev, from - 900, 1, pid);
	ev_exit(&s->ev, from - 100, pid, status);
	ev_notice(&s->ev, from, pid, 10);
	ev_die(&s->ev, from + 10, pid, 0x20);
}

/* The sentences of a finding, in English; until the next call. */
static const char *text_of(struct scene *s, const struct pw_finding *f)
{
	pw_text_clear(&s->text);
	assert_true(pw_words_finding(PW_ENGLISH, f, &s->text));
	return pw_text_get(&s->text);
}

/* Every finding has sentences in every language, and no gap in them is empty or unknown. */
static void assert_all_have_words(const struct pw_findings *f)
{
	static const char *const signs[] = {"{", "}", "[", "]", "  ", " ,", " ."};

	for (size_t i = 0; i < f->count; i++) {
		for (int language = 0; language < PW_LANGUAGE_COUNT; language++) {
			struct pw_text text = {0};

			assert_true(pw_words_finding((enum pw_language)language, &f->at[i], &text));
			assert_true(text.length > 0);
			for (size_t k = 0; k < sizeof(signs) / sizeof(signs[0]); k++)
				if (strstr(pw_text_get(&text), signs[k]))
					fail_msg("'%s' is in: %s", signs[k], pw_text_get(&text));
			pw_text_free(&text);
		}
	}
}

static void finish(struct scene *s, uint64_t end)
{
	assert_int_equal(s->ev.result, 0);
	assert_int_equal(pw_model_finish(s->m, end), 0);
	assert_int_equal(pw_findings_make(&s->f, s->m, end), 0);
	assert_all_have_words(&s->f);
}

/* The only finding with this code; the parent outlives every history here, so its own finding does not count. */
static const struct pw_finding *only(struct scene *s, const char *code)
{
	const struct pw_finding *found = NULL;

	for (size_t i = 0; i < s->f.count; i++) {
		const struct pw_finding *f = &s->f.at[i];

		if (strcmp(f->fact.code, code) == 0) {
			assert_null(found);
			found = f;
		} else if (strcmp(f->fact.code, "alive") != 0 || f->pid != 10) {
			fail_msg("%s: %s", f->fact.code, text_of(s, f));
		}
	}
	if (!found)
		fail_msg("no finding %s", code);
	return found;
}

static void assert_says(struct scene *s, const struct pw_finding *f, const char *words)
{
	const char *text = text_of(s, f);

	if (!strstr(text, words))
		fail_msg("'%s' is not in: %s", words, text);
}

static void assert_reads(struct scene *s, const struct pw_finding *f, const char *expected)
{
	assert_string_equal(text_of(s, f), expected);
}

/* The first finding with this code, of several findings. */
static const struct pw_finding *first(const struct scene *s, const char *code)
{
	for (size_t i = 0; i < s->f.count; i++)
		if (strcmp(s->f.at[i].fact.code, code) == 0)
			return &s->f.at[i];
	fail_msg("no finding %s", code);
	return NULL;
}

static void test_prompt_reap(void **state)
{
	struct scene *s = begin(state);

	child_ends(s, 10 * MS, 11, 0);
	ev_reap(&s->ev, 10 * MS + 50000, 11, 10, PW_REAP_WAIT);
	finish(s, 100 * MS);
	only(s, "alive");
}

static void test_zombie_of_a_sleeper(void **state)
{
	struct scene *s = begin(state);
	const struct pw_finding *f;

	ev_off(&s->ev, 9 * MS + 999900, 10, STATE_SLEEP, SYS_clock_nanosleep);
	child_ends(s, 10 * MS, 11, 7 << 8);
	ev_reap(&s->ev, 510 * MS, 11, 10, PW_REAP_WAIT);
	finish(s, 600 * MS);
	f = only(s, "zombie");
	assert_int_equal(f->severity, PW_WARNING);
	assert_int_equal(f->pid, 11);
	assert_reads(s, f,
		     "11 child was a zombie for 500 ms. Meanwhile its parent 10 parent slept in "
		     "clock_nanosleep and did "
		     "not wait. SIGCHLD reached the parent 0.100 µs after the exit began. In the end the "
		     "parent reaped it.");
}

static void test_zombie_of_a_runner(void **state)
{
	struct scene *s = begin(state);

	child_ends(s, 10 * MS, 11, 0);
	ev_reap(&s->ev, 30 * MS, 11, 10, PW_REAP_WAIT);
	finish(s, 100 * MS);
	assert_says(s, only(s, "zombie"), "10 parent was running and did not wait");
}

static void test_zombie_of_one_that_mostly_slept(void **state)
{
	struct scene *s = begin(state);

	ev_off(&s->ev, 9 * MS + 999900, 10, STATE_SLEEP, SYS_poll);
	child_ends(s, 10 * MS, 11, 0);
	ev_wake(&s->ev, 26 * MS, 10, 0);
	ev_on(&s->ev, 26 * MS, 0, 10);
	ev_reap(&s->ev, 30 * MS, 11, 10, PW_REAP_WAIT);
	finish(s, 100 * MS);
	assert_says(s, only(s, "zombie"), "10 parent mostly slept in poll and did not wait");
}

/* The parent exits without having waited, and init reaps. */
static void test_zombie_left_to_another(void **state)
{
	struct scene *s = begin(state);

	ev_outside(&s->ev, 1, "init");
	child_ends(s, 10 * MS, 11, 0);
	ev_exit(&s->ev, 40 * MS, 10, 0);
	ev_reparent(&s->ev, 40 * MS, 10, 1, 0);
	ev_notice(&s->ev, 40 * MS, 10, 1);
	ev_die(&s->ev, 40 * MS, 10, 0x20);
	ev_reap(&s->ev, 40 * MS + 1000, 10, 1, PW_REAP_WAIT);
	ev_reap(&s->ev, 41 * MS, 11, 1, PW_REAP_WAIT);
	finish(s, 100 * MS);
	assert_reads(
		s, first(s, "zombie"),
		"11 child was a zombie for 31.0 ms. Meanwhile its parent 10 parent was running and did not "
		"wait. SIGCHLD reached the parent 0.100 µs after the exit began. When the parent exited, 1 "
		"init adopted the zombie. In the end 1 init reaped it.");
	assert_reads(
		s, first(s, "orphan"),
		"11 child, already a zombie, lost its parent 10 parent 30.0 ms after it was forked and was "
		"adopted by 1 init (init). The adopter reaped it 1.00 ms later.");
}

static void test_zombie_of_one_that_waits_for_another(void **state)
{
	struct scene *s = begin(state);

	ev_off(&s->ev, 9 * MS + 999900, 10, STATE_SLEEP, SYS_wait4);
	child_ends(s, 10 * MS, 11, 0);
	ev_reap(&s->ev, 30 * MS, 11, 10, PW_REAP_WAIT);
	finish(s, 100 * MS);
	assert_says(s, only(s, "zombie"),
		    "10 parent was blocked in wait4, perhaps for another child, and did not reap this one.");
}

static void test_zombie_of_a_stopped_one(void **state)
{
	struct scene *s = begin(state);

	ev_off(&s->ev, 9 * MS + 999900, 10, STATE_STOP, -1);
	child_ends(s, 10 * MS, 11, 0);
	ev_wake(&s->ev, 29 * MS, 10, 1);
	ev_on(&s->ev, 29 * MS, 0, 10);
	ev_reap(&s->ev, 30 * MS, 11, 10, PW_REAP_WAIT);
	finish(s, 100 * MS);
	assert_says(s, only(s, "zombie"), "10 parent was stopped and could not wait");
}

static void test_zombie_of_an_unwatched_one(void **state)
{
	struct scene *s = *state;

	ev_outside(&s->ev, 900, "shell");
	ev_fork(&s->ev, 1 * MS, 900, 11, "child");
	ev_on(&s->ev, 2 * MS, 1, 11);
	ev_exit(&s->ev, 3 * MS, 11, 0);
	ev_notice(&s->ev, 3 * MS, 11, 900);
	ev_die(&s->ev, 3 * MS, 11, 0x20);
	ev_reap(&s->ev, 30 * MS, 11, 900, PW_REAP_WAIT);
	finish(s, 100 * MS);
	assert_says(s, only(s, "zombie"),
		    "Its parent 900 shell was not watched, so its activity in that time is unknown.");
}

/* 1 ms is long in a recording of 20 ms, and short in one of 10 s. */
static void test_zombie_threshold(void **state)
{
	struct scene *s = begin(state);

	child_ends(s, 10 * MS, 11, 0);
	ev_reap(&s->ev, 11 * MS + 100000, 11, 10, PW_REAP_WAIT);
	finish(s, 20 * MS);
	assert_true(pw_zombie_is_long(pw_model_find(s->m, 11, 10 * MS), 20 * MS));
	assert_false(pw_zombie_is_long(pw_model_find(s->m, 11, 10 * MS), 10000 * MS));
	only(s, "zombie");
}

static void test_many_zombies(void **state)
{
	struct scene *s = begin(state);
	const struct pw_finding *f;

	ev_off(&s->ev, 9 * MS, 10, STATE_SLEEP, SYS_poll);
	for (uint32_t i = 0; i < 5; i++)
		child_ends(s, (10 + i) * MS, 11 + i, 0);
	for (uint32_t i = 0; i < 5; i++)
		ev_reap(&s->ev, (30 + 10 * i) * MS, 11 + i, 10, PW_REAP_WAIT);
	finish(s, 100 * MS);
	f = only(s, "zombie");
	assert_int_equal(f->pid, 10);
	assert_says(s, f,
		    "5 children of 10 parent were zombies for 20.0–56.0 ms. 15 child was one for the longest "
		    "time.");
	assert_says(s, f, "slept in poll and did not wait");
}

static void test_unreaped(void **state)
{
	struct scene *s = begin(state);

	child_ends(s, 10 * MS, 11, 0);
	finish(s, 100 * MS);
	assert_says(s, only(s, "unreaped"),
		    "11 child was not reaped: it was a zombie for the last 90.0 ms of the recording.");
}

static void test_bounded_reaps_are_no_zombies(void **state)
{
	struct scene *s = begin(state);

	child_ends(s, 10 * MS, 11, 0);
	ev_free(&s->ev, 30 * MS, 11);
	finish(s, 100 * MS);
	assert_reads(s, only(s, "unobserved"),
		     "The reap of 11 child was not observed; the process was gone at most 20.0 ms after its "
		     "exit.");
}

static void test_orphan(void **state)
{
	struct scene *s = begin(state);
	struct pw_reparent move;

	ev_outside(&s->ev, 1, "init");
	ev_fork(&s->ev, 10 * MS, 10, 11, "tmux: server");
	ev_on(&s->ev, 10 * MS, 1, 11);
	ev_exit(&s->ev, 20 * MS, 10, 0);
	move = ev_reparent_event(&s->ev, 20 * MS, 10, 1, 0);
	ev_emit(&s->ev, &move);
	ev_notice(&s->ev, 20 * MS, 10, 1);
	ev_die(&s->ev, 20 * MS, 10, 0x20);
	ev_reap(&s->ev, 20 * MS + 1000, 10, 1, PW_REAP_WAIT);
	ev_exit(&s->ev, 40 * MS, 11, 0);
	ev_notice(&s->ev, 40 * MS, 11, 1);
	ev_die(&s->ev, 40 * MS, 11, 0x20);
	ev_reap(&s->ev, 40 * MS + 200000, 11, 1, PW_REAP_WAIT);
	finish(s, 100 * MS);
	assert_reads(s, only(s, "orphan"),
		     "11 \"tmux: server\" lost its parent 10 parent 10.0 ms after it was forked and was "
		     "adopted by "
		     "1 init (init). The adopter reaped it 200 µs after its exit.");
}

/* One sentence may name an adopter only if it adopted them all. */
static void many_orphans(struct scene *s, uint32_t other_adopter)
{
	ev_outside(&s->ev, 1, "init");
	ev_outside(&s->ev, 2, "reaper");
	for (uint32_t i = 0; i < 4; i++)
		ev_fork(&s->ev, 10 * MS, 10, 11 + i, "child");
	ev_exit(&s->ev, 20 * MS, 10, 0);
	for (uint32_t i = 0; i < 4; i++)
		ev_reparent(&s->ev, 20 * MS, 10, i == 3 ? other_adopter : 1, 11 + i);
	ev_notice(&s->ev, 20 * MS, 10, 1);
	ev_die(&s->ev, 20 * MS, 10, 0x20);
	ev_reap(&s->ev, 20 * MS + 1000, 10, 1, PW_REAP_WAIT);
	finish(s, 100 * MS);
}

static void test_many_orphans(void **state)
{
	struct scene *s = begin(state);

	many_orphans(s, 1);
	assert_reads(s, first(s, "orphan"),
		     "4 processes lost their parent 10 parent and were adopted by 1 init (init).");
}

static void test_orphans_of_two_adopters(void **state)
{
	struct scene *s = begin(state);

	many_orphans(s, 2);
	assert_reads(s, first(s, "orphan"), "4 processes lost their parent 10 parent and were adopted.");
}

static void killed(struct scene *s, int sig, int code, uint32_t from, uint32_t status)
{
	struct pw_signal ev;

	ev_fork(&s->ev, 9 * MS, 10, 11, "child");
	ev_on(&s->ev, 9 * MS, 1, 11);
	ev = ev_signal_event(&s->ev, 10 * MS, from, 11, sig);
	ev.code = code;
	ev_emit(&s->ev, &ev);
	ev_exit(&s->ev, 11 * MS, 11, status);
	ev_notice(&s->ev, 11 * MS, 11, 10);
	ev_die(&s->ev, 11 * MS, 11, 0x20);
	ev_reap(&s->ev, 11 * MS + 100, 11, 10, PW_REAP_WAIT);
	finish(s, 100 * MS);
}

static void test_killed(void **state)
{
	struct scene *s = begin(state);
	const struct pw_finding *f;

	killed(s, SIGTERM, 0, 10, SIGTERM);
	f = only(s, "killed");
	assert_int_equal(f->severity, PW_NOTE);
	assert_reads(s, f, "11 child was killed by SIGTERM, sent by 10 parent.");
}

static void test_core(void **state)
{
	struct scene *s = begin(state);
	const struct pw_finding *f;

	killed(s, SIGSEGV, 1, 11, SIGSEGV | 0x80);
	f = only(s, "core-dumped");
	assert_int_equal(f->severity, PW_WARNING);
	assert_reads(s, f, "11 child was killed by SIGSEGV, caused by a fault of its own. It dumped core.");
}

/* A task that runs when a timer expires did not send the timer's signal. */
static void test_killed_by_a_timer(void **state)
{
	struct scene *s = begin(state);

	killed(s, SIGALRM, SI_KERNEL, 11, SIGALRM);
	assert_reads(s, only(s, "killed"), "11 child was killed by SIGALRM, sent by the kernel.");
}

static void test_killed_by_the_unseen(void **state)
{
	struct scene *s = begin(state);

	killed(s, SIGUSR1, 0, 10, SIGKILL);
	assert_says(s, only(s, "killed"), "11 child was killed by SIGKILL, whose sender was not observed.");
}

static void test_leader_ended(void **state)
{
	struct scene *s = begin(state);

	ev_fork(&s->ev, 9 * MS, 10, 11, "child");
	ev_on(&s->ev, 9 * MS, 1, 11);
	ev_thread(&s->ev, 10 * MS, 11, 12);
	ev_exit(&s->ev, 20 * MS, 11, 0);
	ev_die(&s->ev, 20 * MS, 11, 0x20);
	ev_on(&s->ev, 20 * MS, 1, 12);
	ev_exit(&s->ev, 220 * MS, 12, 0);
	ev_notice(&s->ev, 220 * MS, 12, 10);
	ev_die(&s->ev, 220 * MS, 12, 0x10);
	ev_reap(&s->ev, 220 * MS + 1000, 11, 10, PW_REAP_WAIT);
	finish(s, 300 * MS);
	assert_says(s, only(s, "leader-ended"),
		    "The main thread of 11 child exited 200 ms before its last thread.");
}

static void test_autoreap(void **state)
{
	struct scene *s = begin(state);

	ev_fork(&s->ev, 9 * MS, 10, 11, "child");
	ev_on(&s->ev, 9 * MS, 1, 11);
	ev_exit_autoreap(&s->ev, 10 * MS, 11, 0, 1);
	ev_die(&s->ev, 10 * MS, 11, 0x10);
	finish(s, 100 * MS);
	assert_says(s, only(s, "autoreap"), "its parent 10 parent ignores SIGCHLD");
}

static void test_stopped(void **state)
{
	struct scene *s = begin(state);

	ev_fork(&s->ev, 9 * MS, 10, 11, "child");
	ev_on(&s->ev, 9 * MS, 1, 11);
	ev_off(&s->ev, 10 * MS, 11, STATE_STOP, -1);
	finish(s, 100 * MS);
	assert_reads(s, only(s, "stopped"), "11 child was still stopped when the recording ended.");
}

static void test_lost(void **state)
{
	struct scene *s = begin(state);
	const struct pw_finding *f;

	ev_lost(&s->ev, 50 * MS, 1, 20 * MS, 30 * MS, 12);
	finish(s, 100 * MS);
	f = only(s, "lost");
	assert_int_equal(f->severity, PW_WARNING);
	assert_says(s, f, "12 records were lost because the ring was full, in 1 stretch of 10.0 ms");
}

static void test_nothing(void **state)
{
	struct scene *s = *state;

	finish(s, 100 * MS);
	assert_int_equal(s->f.count, 0);
}

static void test_found_dead(void **state)
{
	struct scene *s = begin(state);
	struct pw_birth seed = ev_birth(&s->ev, 5 * MS, 10, 11, 11, "late");

	seed.h.flags = PW_SEEDED;
	seed.exit_state = 0x20;
	seed.exit_code = 7 << 8;
	ev_emit(&s->ev, &seed);
	ev_reap(&s->ev, 305 * MS, 11, 10, PW_REAP_RELEASE);
	finish(s, 400 * MS);
	assert_says(s, only(s, "zombie"), "11 late was a zombie for at least 300 ms");
	assert_says(s, only(s, "zombie"),
		    "It had exited before the recording began. In the end the parent reaped it.");
}

static void test_end_not_seen(void **state)
{
	struct scene *s = begin(state);

	ev_fork(&s->ev, 5 * MS, 10, 11, "lost");
	ev_lost(&s->ev, 6 * MS, 1, 5 * MS, 6 * MS, 9);
	ev_free(&s->ev, 20 * MS, 11);
	finish(s, 400 * MS);
	assert_false(pw_model_process(s->m, 1)->status_known);
	for (size_t i = 0; i < s->f.count; i++)
		assert_string_not_equal(s->f.at[i].fact.code, "killed");
}

/* A new name is ordinary right after the fork, and with a new program. */
static void test_renamed(void **state)
{
	struct scene *s = begin(state);

	ev_rename(&s->ev, 2 * MS, 10, "child");
	ev_exec(&s->ev, 50 * MS, 10, "/bin/server");
	ev_rename(&s->ev, 350 * MS, 10, "idle");
	finish(s, 400 * MS);
	assert_reads(s, only(s, "renamed"), "10 server renamed itself idle 349 ms after it was forked.");
}

/* A seeded process was not forked a moment ago: its new name is a finding at once. */
static void test_renamed_as_the_recording_begins(void **state)
{
	struct scene *s = begin(state);

	ev_seed(&s->ev, 5 * MS, 10, 11, 11, 1 * MS, 1, false);
	ev_rename(&s->ev, 8 * MS, 11, "idle");
	finish(s, 400 * MS);
	assert_says(s, only(s, "renamed"), "11 seeded renamed itself idle");
}

/* One sentence about many exits has the severity of the worst of them, whichever comes first. */
static void test_killed_in_many_ways(void **state)
{
	struct scene *s = begin(state);
	const struct pw_finding *f;

	for (uint32_t sig = 1; sig <= 12; sig++) {
		child_ends(s, (9 + sig) * MS, 10 + sig, sig);
		ev_reap(&s->ev, (9 + sig) * MS + 20000, 10 + sig, 10, PW_REAP_WAIT);
	}
	finish(s, 100 * MS);
	f = only(s, "killed");
	assert_says(s, f, "12 processes were killed by signals");
	assert_int_equal(f->severity, PW_WARNING);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_found_dead),
		TEST(test_end_not_seen),
		TEST(test_renamed),
		TEST(test_renamed_as_the_recording_begins),
		TEST(test_prompt_reap),
		TEST(test_zombie_of_a_sleeper),
		TEST(test_zombie_of_a_runner),
		TEST(test_zombie_of_one_that_mostly_slept),
		TEST(test_zombie_left_to_another),
		TEST(test_zombie_of_one_that_waits_for_another),
		TEST(test_zombie_of_a_stopped_one),
		TEST(test_zombie_of_an_unwatched_one),
		TEST(test_zombie_threshold),
		TEST(test_many_zombies),
		TEST(test_unreaped),
		TEST(test_bounded_reaps_are_no_zombies),
		TEST(test_orphan),
		TEST(test_many_orphans),
		TEST(test_orphans_of_two_adopters),
		TEST(test_killed),
		TEST(test_killed_in_many_ways),
		TEST(test_core),
		TEST(test_killed_by_a_timer),
		TEST(test_killed_by_the_unseen),
		TEST(test_leader_ended),
		TEST(test_autoreap),
		TEST(test_stopped),
		TEST(test_lost),
		TEST(test_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
