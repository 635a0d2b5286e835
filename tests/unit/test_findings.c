/* SPDX-License-Identifier: GPL-2.0-only */
/* Findings other than zombies: which facts deserve a sentence, and which sentence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <signal.h>
#include <string.h>
#include <sys/syscall.h>

#include "lib/findings.h"
#include "model/questions.h"

static void test_orphan(void **state)
{
	struct findings_test *s = parent_runs(state);
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
	find_all(s, 100 * MS);
	assert_reads(s, only_finding(s, "orphan"),
		     "11 \"tmux: server\" lost its parent 10 parent 10.0 ms after it was forked and was "
		     "adopted by "
		     "1 init (init). The adopter reaped it 200 µs after its exit.");
}

/* One sentence may name an adopter only if it adopted them all. */
static void many_orphans(struct findings_test *s, uint32_t other_adopter)
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
	find_all(s, 100 * MS);
}

static void test_many_orphans(void **state)
{
	struct findings_test *s = parent_runs(state);

	many_orphans(s, 1);
	assert_reads(s, first_finding(s, "orphan"),
		     "4 processes lost their parent 10 parent and were adopted by 1 init (init).");
}

static void test_orphans_of_two_adopters(void **state)
{
	struct findings_test *s = parent_runs(state);

	many_orphans(s, 2);
	assert_reads(s, first_finding(s, "orphan"),
		     "4 processes lost their parent 10 parent and were adopted.");
}

static void killed(struct findings_test *s, int sig, int code, uint32_t from, uint32_t status)
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
	find_all(s, 100 * MS);
}

static void test_killed(void **state)
{
	struct findings_test *s = parent_runs(state);
	const struct pw_finding *f;

	killed(s, SIGTERM, 0, 10, SIGTERM);
	f = only_finding(s, "killed");
	assert_int_equal(f->severity, PW_NOTE);
	assert_reads(s, f, "11 child was killed by SIGTERM, sent by 10 parent.");
}

static void test_core(void **state)
{
	struct findings_test *s = parent_runs(state);
	const struct pw_finding *f;

	killed(s, SIGSEGV, 1, 11, SIGSEGV | 0x80);
	f = only_finding(s, "core-dumped");
	assert_int_equal(f->severity, PW_WARNING);
	assert_reads(s, f, "11 child was killed by SIGSEGV, caused by a fault of its own. It dumped core.");
}

/* A task that runs when a timer expires did not send the timer's signal. */
static void test_killed_by_a_timer(void **state)
{
	struct findings_test *s = parent_runs(state);

	killed(s, SIGALRM, SI_KERNEL, 11, SIGALRM);
	assert_reads(s, only_finding(s, "killed"), "11 child was killed by SIGALRM, sent by the kernel.");
}

static void test_killed_by_the_unseen(void **state)
{
	struct findings_test *s = parent_runs(state);

	killed(s, SIGUSR1, 0, 10, SIGKILL);
	assert_says(s, only_finding(s, "killed"),
		    "11 child was killed by SIGKILL, whose sender was not observed.");
}

static void test_leader_ended(void **state)
{
	struct findings_test *s = parent_runs(state);

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
	find_all(s, 300 * MS);
	assert_says(s, only_finding(s, "leader-ended"),
		    "The main thread of 11 child exited 200 ms before its last thread.");
}

static void test_autoreap(void **state)
{
	struct findings_test *s = parent_runs(state);

	ev_fork(&s->ev, 9 * MS, 10, 11, "child");
	ev_on(&s->ev, 9 * MS, 1, 11);
	ev_exit_autoreap(&s->ev, 10 * MS, 11, 0, 1);
	ev_die(&s->ev, 10 * MS, 11, 0x10);
	find_all(s, 100 * MS);
	assert_says(s, only_finding(s, "autoreap"), "its parent 10 parent ignores SIGCHLD");
}

static void test_stopped(void **state)
{
	struct findings_test *s = parent_runs(state);

	ev_fork(&s->ev, 9 * MS, 10, 11, "child");
	ev_on(&s->ev, 9 * MS, 1, 11);
	ev_off(&s->ev, 10 * MS, 11, STATE_STOP, -1);
	find_all(s, 100 * MS);
	assert_reads(s, only_finding(s, "stopped"), "11 child was still stopped when the recording ended.");
}

static void test_lost(void **state)
{
	struct findings_test *s = parent_runs(state);
	const struct pw_finding *f;

	ev_lost(&s->ev, 50 * MS, 1, 20 * MS, 30 * MS, 12);
	find_all(s, 100 * MS);
	f = only_finding(s, "lost");
	assert_int_equal(f->severity, PW_WARNING);
	assert_says(s, f, "12 records were lost because the ring was full, in 1 stretch of 10.0 ms");
}

static void test_nothing(void **state)
{
	struct findings_test *s = *state;

	find_all(s, 100 * MS);
	assert_int_equal(s->f.count, 0);
}

static void test_end_not_seen(void **state)
{
	struct findings_test *s = parent_runs(state);

	ev_fork(&s->ev, 5 * MS, 10, 11, "lost");
	ev_lost(&s->ev, 6 * MS, 1, 5 * MS, 6 * MS, 9);
	ev_free(&s->ev, 20 * MS, 11);
	find_all(s, 400 * MS);
	assert_false(pw_model_process(s->m, 1)->status_known);
	for (size_t i = 0; i < s->f.count; i++)
		assert_string_not_equal(s->f.at[i].fact.code, "killed");
}

/* A new name is ordinary right after the fork, and with a new program. */
static void test_renamed(void **state)
{
	struct findings_test *s = parent_runs(state);

	ev_rename(&s->ev, 2 * MS, 10, "child");
	ev_exec(&s->ev, 50 * MS, 10, "/bin/server");
	ev_rename(&s->ev, 350 * MS, 10, "idle");
	find_all(s, 400 * MS);
	assert_reads(s, only_finding(s, "renamed"),
		     "10 server renamed itself idle 349 ms after it was forked.");
}

/* A seeded process was not forked a moment ago: its new name is a finding at once. */
static void test_renamed_as_the_recording_begins(void **state)
{
	struct findings_test *s = parent_runs(state);

	ev_seed(&s->ev, 5 * MS, 10, 11, 11, 1 * MS, 1, false);
	ev_rename(&s->ev, 8 * MS, 11, "idle");
	find_all(s, 400 * MS);
	assert_says(s, only_finding(s, "renamed"), "11 seeded renamed itself idle");
}

/* One sentence about many exits has the severity of the worst of them, whichever comes first. */
static void test_killed_in_many_ways(void **state)
{
	struct findings_test *s = parent_runs(state);
	const struct pw_finding *f;

	for (uint32_t sig = 1; sig <= 12; sig++) {
		child_ends(s, (9 + sig) * MS, 10 + sig, sig);
		ev_reap(&s->ev, (9 + sig) * MS + 20000, 10 + sig, 10, PW_REAP_WAIT);
	}
	find_all(s, 100 * MS);
	f = only_finding(s, "killed");
	assert_says(s, f, "12 processes were killed by signals");
	assert_int_equal(f->severity, PW_WARNING);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, findings_setup, findings_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_end_not_seen),
		TEST(test_renamed),
		TEST(test_renamed_as_the_recording_begins),
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

	return cmocka_run_group_tests_name("findings", tests, NULL, NULL);
}
