/* SPDX-License-Identifier: GPL-2.0-only */
/* The sentences of findings: every code has some, and every alternative reads as it should. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <signal.h>
#include <sys/syscall.h>

#include "report/words/words.h"

#define MS UINT64_C(1000000)

static char *render(enum pw_language language, const char *code, const struct pw_value *values)
{
	const struct pw_finding finding = {.fact = pw_fact_make(code, values)};
	struct pw_text text = {0};

	if (!pw_words_finding(language, &finding, &text))
		fail_msg("no sentences for %s", code);
	assert_false(text.failed);
	return text.at;
}

static void reads_in(enum pw_language language, const char *code, const struct pw_value *values,
		     const char *expected)
{
	char *text = render(language, code, values);

	assert_string_equal(text, expected);
	free(text);
}

static void reads(const char *code, const struct pw_value *values, const char *expected)
{
	reads_in(PW_ENGLISH, code, values, expected);
}

static void reads_zh(const char *code, const struct pw_value *values, const char *expected)
{
	reads_in(PW_CHINESE, code, values, expected);
}

static struct pw_value count_of(uint64_t n)
{
	return pw_value_count("count", n);
}

static struct pw_value process(const char *name, uint32_t pid, const char *comm)
{
	return pw_value_process_named(name, pid, 1, comm);
}

static struct pw_value word(const char *name, const char *is)
{
	return pw_value_word(name, is);
}

/* A code without rows has no sentence, whatever its values; one with rows has an alternative that needs none. */
static void test_every_code(void **state)
{
	(void)state;
	for (int code = 0; code < PW_FINDING_CODE_COUNT; code++) {
		for (int language = 0; language < PW_LANGUAGE_COUNT; language++) {
			const char *name = pw_finding_code_name((enum pw_finding_code)code);
			char *text = render((enum pw_language)language, name, PW_VALUES(count_of(3)));

			assert_non_null(text);
			free(text);
		}
	}
}

static void test_limits(void **state)
{
	const struct pw_value one = pw_value_count("stretches", 1), two = pw_value_count("stretches", 2);
	const struct pw_value ms = pw_value_ns("longest_ns", 3 * MS), none = pw_value_unknown("longest_ns");
#define BECAUSE	  " lost because the ring was full"
#define THEREFORE "Time that no other record accounts for is shown as unknown; raise --ringbuf to lose fewer."

	(void)state;
	reads("lost", PW_VALUES(pw_value_count("lost", 1), one, ms),
	      "1 record was" BECAUSE ", in 1 stretch of 3.00 ms. " THEREFORE);
	reads("lost", PW_VALUES(pw_value_count("lost", 12345), two, ms),
	      "12 345 records were" BECAUSE ", in 2 stretches of up to 3.00 ms. " THEREFORE);
	reads("lost", PW_VALUES(pw_value_count("lost", 4), one, none),
	      "4 records were" BECAUSE ", in 1 stretch. " THEREFORE);
	reads("lost", PW_VALUES(pw_value_count("lost", 4), pw_value_count("stretches", 0), none),
	      "4 records were" BECAUSE ". " THEREFORE);
	reads("holes", PW_VALUES(count_of(1)),
	      "The kernel did not report 1 context switch, which was recovered from the tasks' counters; "
	      "their CPU time is still counted.");
	reads("holes", PW_VALUES(count_of(2)),
	      "The kernel did not report 2 context switches, which were recovered from the tasks' counters; "
	      "their CPU time is still counted.");
	reads("contradictions", PW_VALUES(count_of(1)),
	      "1 event contradicts the others; the time around it is shown as unknown.");
	reads("contradictions", PW_VALUES(count_of(2)),
	      "2 events contradict the others; the time around them is shown as unknown.");
}

static void test_unobserved(void **state)
{
	const struct pw_value child = process("process", 11, "child");
	const struct pw_value gone = pw_value_ns_bound("gone_after_ns", 20 * MS, PW_AT_MOST);

	(void)state;
	reads("unobserved", PW_VALUES(count_of(1), child, gone),
	      "The reap of 11 child was not observed; the process was gone at most 20.0 ms after its exit.");
	reads_zh("unobserved", PW_VALUES(count_of(1), child, gone),
		 "未观察到 11 child 被回收；该进程在退出后至多 20.0 ms 消失。");
	reads("unobserved", PW_VALUES(count_of(1), child),
	      "Neither the exit nor the reap of 11 child was observed.");
	reads("unobserved", PW_VALUES(count_of(2), gone),
	      "The reaps of 2 processes were not observed; the processes were gone at most 20.0 ms after "
	      "their exits.");
	reads("unobserved", PW_VALUES(count_of(5), pw_value_count("exits_unobserved", 2), gone),
	      "The reaps of 5 processes were not observed, nor were the exits of 2 of them; the others were "
	      "gone "
	      "at most 20.0 ms after their exits.");
	reads("unobserved", PW_VALUES(count_of(2)),
	      "Neither the exits nor the reaps of 2 processes were observed.");
}

/* What one parent did, behind the first sentence. */
static void parent_reads(const struct pw_value *doing, const char *expected)
{
	struct pw_fact fact = pw_fact_make("unreaped", doing);
	struct pw_finding finding = {0};
	struct pw_text text = {0};

	pw_fact_add(&fact, process("process", 11, "child"));
	pw_fact_add(&fact, process("parent", 10, "parent"));
	pw_fact_add(&fact, pw_value_ns("zombie_ns", 90 * MS));
	finding.fact = fact;
	assert_true(pw_words_finding(PW_ENGLISH, &finding, &text));
	assert_non_null(strstr(pw_text_get(&text), "recording. "));
	assert_string_equal(strstr(pw_text_get(&text), "recording. ") + strlen("recording. "), expected);
	pw_text_free(&text);
}

static void test_parents(void **state)
{
	const struct pw_value most = word("parent_extent", "most");
	const struct pw_value blocked = word("parent_doing", "blocked");
	const struct pw_value deep = word("parent_sleep", "uninterruptible");

	(void)state;
	parent_reads(PW_VALUES(word("parent_doing", "unwatched")),
		     "Its parent 10 parent was not watched, so its activity in that time is unknown.");
	parent_reads(PW_VALUES(word("parent_doing", "dropped")),
		     "Its parent 10 parent was watched, but --keep has dropped its activity in that time.");
	parent_reads(PW_VALUES(word("parent_doing", "unknown"), most),
		     "Its parent 10 parent was mostly not observed in that time.");
	parent_reads(PW_VALUES(word("parent_doing", "running")),
		     "Meanwhile its parent 10 parent was running and did not wait.");
	parent_reads(PW_VALUES(word("parent_doing", "ready"), most),
		     "Meanwhile its parent 10 parent was mostly ready but got no CPU.");
	parent_reads(PW_VALUES(word("parent_doing", "stopped")),
		     "Meanwhile its parent 10 parent was stopped and could not wait.");
	parent_reads(PW_VALUES(word("parent_doing", "zombie")),
		     "Meanwhile its parent 10 parent was a zombie itself.");
	parent_reads(PW_VALUES(blocked, most, pw_value_syscall("parent_syscall", SYS_waitid)),
		     "Meanwhile its parent 10 parent was mostly blocked in waitid, perhaps for another "
		     "child, and did not reap this one.");
	parent_reads(PW_VALUES(blocked, most, pw_value_syscall("parent_syscall", SYS_read)),
		     "Meanwhile its parent 10 parent mostly slept in read and did not wait.");
	parent_reads(PW_VALUES(blocked, deep, pw_value_syscall("parent_syscall", SYS_read)),
		     "Meanwhile its parent 10 parent slept uninterruptibly in read and did not wait.");
	parent_reads(PW_VALUES(blocked, deep, pw_value_syscall("parent_syscall", -1)),
		     "Meanwhile its parent 10 parent was blocked uninterruptibly and did not wait.");
	parent_reads(PW_VALUES(word("parent_doing", "running"), process("adopter", 1, "init")),
		     "Meanwhile its parent 10 parent was running and did not wait. When the parent exited, "
		     "1 init adopted the zombie.");
}

static void test_zombies(void **state)
{
	const struct pw_value child = process("process", 11, "child");
	const struct pw_value most = pw_value_ns_bound("zombie_ns", 5 * MS, PW_AT_MOST);
	const struct pw_value least = pw_value_ns_bound("zombie_ns", 5 * MS, PW_AT_LEAST);
	const struct pw_value seen = word("exit_observed", "yes"), wait = word("reap_how", "wait");

	(void)state;
	reads("zombie", PW_VALUES(child, most, word("exit_observed", "no"), word("reap_how", "unobserved")),
	      "11 child was a zombie for at most 5.00 ms. Its parent is unknown. Its exit was not observed. "
	      "Its reaper was not observed.");
	reads_zh("zombie",
		 PW_VALUES(child, most, word("exit_observed", "no"), word("reap_how", "unobserved")),
		 "11 child 处于僵尸状态至多 5.00 ms。其父进程未知。未观察到它的退出。未观察到由谁回收。");
	reads("zombie",
	      PW_VALUES(child, least, word("exit_observed", "before_recording"), wait,
			process("reaper", 7, "tracer"), word("reaper_role", "other")),
	      "11 child was a zombie for at least 5.00 ms. Its parent is unknown. It had exited before the "
	      "recording began. In the end 7 tracer reaped it.");
	reads("zombie",
	      PW_VALUES(child, pw_value_ns("zombie_ns", 5 * MS), process("parent", 10, ""),
			word("parent_doing", "unwatched"), seen, word("reap_how", "auto")),
	      "11 child was a zombie for 5.00 ms. Its parent 10 was not watched, so its activity in that "
	      "time "
	      "is unknown. The parent was sent no exit signal. It was released when its parent exited, "
	      "because its new parent ignores SIGCHLD.");
	reads("zombie",
	      PW_VALUES(child, pw_value_ns("zombie_ns", 5 * MS), process("parent", 10, ""),
			word("parent_doing", "unwatched"), seen, pw_value_signal("exit_signal", SIGCHLD),
			pw_value_ns("notified_after_ns", 0), wait, word("reaper_role", "parent")),
	      "11 child was a zombie for 5.00 ms. Its parent 10 was not watched, so its activity in that "
	      "time "
	      "is unknown. SIGCHLD reached the parent as the exit began. In the end the parent reaped it.");
}

static void test_many_zombies(void **state)
{
	const struct pw_value from = pw_value_ns("shortest_ns", 5 * MS);
	const struct pw_value to = pw_value_ns("longest_ns", 9 * MS);
	const struct pw_value longest = process("longest", 15, "child");

	(void)state;
	reads("zombie",
	      PW_VALUES(count_of(5), word("parents", "several"), from, to, pw_value_count("upper_bounds", 1),
			pw_value_count("lower_bounds", 2), longest),
	      "5 processes were zombies for 5.00–9.00 ms. 1 of these times is an upper bound: the moment of "
	      "the reap was not observed. 2 of these times are lower bounds: the exit was before the "
	      "recording. 15 child was one for the longest time. Its parent is unknown.");
	reads("unreaped",
	      PW_VALUES(count_of(5), word("parents", "one"), from, to, longest,
			process("parent", 10, "parent"), word("parent_doing", "running")),
	      "5 children of 10 parent were not reaped: they were zombies for the last 5.00–9.00 ms of the "
	      "recording. 15 child was one for the longest time. Meanwhile its parent 10 parent was running "
	      "and did not wait.");
	reads("unreaped", PW_VALUES(count_of(5), word("parents", "several"), from, to, longest),
	      "5 processes were not reaped: they were zombies for the last 5.00–9.00 ms of the recording. "
	      "15 child was one for the longest time. Its parent is unknown.");
}

static void test_orphans(void **state)
{
	const struct pw_value child = process("process", 11, "child"),
			      parent = process("parent", 10, "parent");
	const struct pw_value age = pw_value_ns_bound("age_ns", 5 * MS, PW_AT_MOST);
	const struct pw_value by = process("adopter", 1, "init"), init = word("adopter_kind", "init");
	const struct pw_value wait = word("reap_how", "wait"), after = pw_value_ns("reaped_after_ns", MS);
#define LOST "lost its parent 10 parent at most 5.00 ms after it was forked and was adopted by 1 init"

	(void)state;
	reads("orphan",
	      PW_VALUES(child, parent, age, by, init, word("process_state", "zombie"), wait, after,
			word("reaper_role", "adopter"), word("reaped_after", "adoption")),
	      "11 child, already a zombie, " LOST " (init). The adopter reaped it 1.00 ms later.");
	reads_zh("orphan",
		 PW_VALUES(child, parent, age, by, init, word("process_state", "zombie"), wait, after,
			   word("reaper_role", "adopter"), word("reaped_after", "adoption")),
		 "已是僵尸进程的 11 child 在创建后至多 5.00 ms 失去父进程 10 parent，由 1 "
		 "init（init）收养。收养者在 1.00 ms 后将其回收。");
	reads("orphan",
	      PW_VALUES(child, parent, age, by, word("adopter_kind", "namespace_init"), wait, after,
			word("reaper_role", "other"), process("reaper", 7, ""), word("reaped_after", "exit")),
	      "11 child " LOST " (init of its PID namespace). 7 reaped it 1.00 ms after its exit.");
	reads("orphan",
	      PW_VALUES(child, parent, age, by, word("adopter_kind", "subreaper"), wait, after,
			word("reaper_role", "other"), process("reaper", 7, ""),
			word("reaped_after", "adoption")),
	      "11 child " LOST " (a subreaper). 7 reaped it 1.00 ms later.");
	reads("orphan", PW_VALUES(child, parent, age, by, word("reap_how", "auto")),
	      "11 child " LOST ". The adopter ignores SIGCHLD, so no wait was needed.");
	reads("orphan", PW_VALUES(child, parent, age, by, word("reap_how", "not_reaped")),
	      "11 child " LOST ". The adopter has not reaped it.");
	reads("orphan", PW_VALUES(child, parent, age, by, word("reap_how", "unobserved")),
	      "11 child " LOST ".");
}

static void test_many_orphans(void **state)
{
	const struct pw_value parent = process("parent", 10, "parent"), by = process("adopter", 1, "init");
	const struct pw_value left = pw_value_count("unreaped", 1), none = pw_value_count("unreaped", 0);
#define MANY "5 processes lost their parent 10 parent and were adopted"

	(void)state;
	reads("orphan", PW_VALUES(count_of(5), parent, by, word("adopter_kind", "init"), left),
	      MANY " by 1 init (init). 1 of them exited and was not reaped.");
	reads("orphan",
	      PW_VALUES(count_of(5), parent, by, word("adopter_kind", "namespace_init"),
			pw_value_count("unreaped", 2)),
	      MANY " by 1 init (init of their PID namespace). 2 of them exited and were not reaped.");
	reads("orphan", PW_VALUES(count_of(5), parent, by, word("adopter_kind", "subreaper"), none),
	      MANY " by 1 init (a subreaper).");
	reads("orphan", PW_VALUES(count_of(5), parent, by, none), MANY " by 1 init.");
	reads("orphan", PW_VALUES(count_of(5), parent, none), MANY ".");
	reads("orphan", PW_VALUES(count_of(5), none), "5 processes lost their parents and were adopted.");
}

static void test_names(void **state)
{
	const struct pw_value server = process("process", 10, "server"),
			      after = pw_value_ns("after_ns", 5 * MS);
	const struct pw_value name = pw_value_text("new_name", "tmux: server");

	(void)state;
	reads("renamed", PW_VALUES(server, name, after, word("after", "fork")),
	      "10 server renamed itself \"tmux: server\" 5.00 ms after it was forked.");
	reads("renamed", PW_VALUES(server, name, after, word("after", "recording")),
	      "10 server renamed itself \"tmux: server\" 5.00 ms into the recording.");
	reads("renamed", PW_VALUES(count_of(4), server), "10 server renamed itself 4 times while it ran.");
	reads("renamed", PW_VALUES(count_of(4)), "Processes renamed themselves 4 times while they ran.");
}

static void test_killed(void **state)
{
	const struct pw_value child = process("process", 11, "child"),
			      sig = pw_value_signal("signal", SIGSEGV);
	const struct pw_value sender = process("sender", 10, "parent");
	static const struct {
		const char *origin, *one, *many;
	} rows[] = {
		{"unobserved", "whose sender was not observed", "whose senders were not observed"},
		{"kernel", "sent by the kernel", "sent by the kernel"},
		{"itself", "raised in its own context", "each raised in the process's own context"},
		{"fault", "caused by a fault of its own", "each caused by a fault of the process itself"},
		{"process", "sent by 10 parent", "sent by 10 parent"},
	};
	char expected[160];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct pw_value origin = word("origin", rows[i].origin);

		snprintf(expected, sizeof(expected), "11 child was killed by SIGSEGV, %s.", rows[i].one);
		reads("killed", PW_VALUES(child, sig, origin, sender), expected);
		snprintf(expected, sizeof(expected), "11 child was killed by SIGSEGV, %s. It dumped core.",
			 rows[i].one);
		reads("core-dumped", PW_VALUES(child, sig, origin, sender), expected);
		snprintf(expected, sizeof(expected), "5 processes were killed by SIGSEGV, %s.", rows[i].many);
		reads("killed", PW_VALUES(count_of(5), sig, origin, sender), expected);
	}
	reads("core-dumped", PW_VALUES(count_of(5), pw_value_count("core_dumps", 2)),
	      "5 processes were killed by signals. 2 of them dumped core.");
}

static void test_leaders(void **state)
{
	const struct pw_value child = process("process", 11, "child"), gap = pw_value_ns("gap_ns", 20 * MS);

	(void)state;
	reads("leader-ended", PW_VALUES(child, gap, word("process_state", "exited")),
	      "The main thread of 11 child exited 20.0 ms before its last thread. In that time the process "
	      "looked like a zombie, but could not be reaped.");
	reads("leader-ended", PW_VALUES(child, gap, word("process_state", "alive")),
	      "The main thread of 11 child exited 20.0 ms before the recording ended. While other threads "
	      "run, "
	      "the process looks like a zombie, but cannot be reaped.");
	reads("leader-ended",
	      PW_VALUES(count_of(4), pw_value_ns("shortest_ns", 20 * MS), pw_value_ns("longest_ns", 20 * MS)),
	      "The main threads of 4 processes exited 20.0 ms before the other threads. In that time the "
	      "processes looked like zombies, but could not be reaped.");
}

static void test_autoreap(void **state)
{
	const struct pw_value child = process("process", 11, "child"),
			      parent = process("parent", 10, "parent");
	const struct pw_value flag = word("cause", "SA_NOCLDWAIT"), ignored = word("cause", "SIG_IGN");
#define ONE   "11 child was reaped automatically at its exit"
#define ALL   "were reaped automatically at their exits: "
#define NEVER " It was never a zombie, and its exit status is discarded."
#define NONE  " They were never zombies, and their exit statuses are discarded."

	(void)state;
	reads("autoreap", PW_VALUES(child, parent, flag),
	      ONE ": its parent 10 parent set SA_NOCLDWAIT." NEVER);
	reads("autoreap", PW_VALUES(child, parent, ignored),
	      ONE ": its parent 10 parent ignores SIGCHLD." NEVER);
	reads("autoreap", PW_VALUES(child, ignored), ONE "." NEVER);
	reads("autoreap", PW_VALUES(count_of(4), parent, flag),
	      "4 children of 10 parent " ALL "the parent set SA_NOCLDWAIT." NONE);
	reads("autoreap", PW_VALUES(count_of(4), parent, ignored),
	      "4 children of 10 parent " ALL "the parent ignores SIGCHLD." NONE);
	reads("autoreap", PW_VALUES(count_of(4)),
	      "4 processes " ALL "their parents ignore SIGCHLD or set SA_NOCLDWAIT." NONE);
}

static void test_alive(void **state)
{
	const struct pw_value child = process("process", 11, "child");

	(void)state;
	reads("alive", PW_VALUES(child), "11 child was still alive when the recording ended.");
	reads("alive", PW_VALUES(count_of(4)), "4 processes were still alive when the recording ended.");
	reads("stopped", PW_VALUES(child), "11 child was still stopped when the recording ended.");
	reads("stopped", PW_VALUES(count_of(4)), "4 processes were still stopped when the recording ended.");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_code), cmocka_unit_test(test_limits),
		cmocka_unit_test(test_unobserved), cmocka_unit_test(test_parents),
		cmocka_unit_test(test_zombies),	   cmocka_unit_test(test_many_zombies),
		cmocka_unit_test(test_orphans),	   cmocka_unit_test(test_many_orphans),
		cmocka_unit_test(test_names),	   cmocka_unit_test(test_killed),
		cmocka_unit_test(test_leaders),	   cmocka_unit_test(test_autoreap),
		cmocka_unit_test(test_alive),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
