/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the judges make of marks: the order of them over all processes, who is
 * inside a section, and a queue and a pool whose marks say that something is wrong.
 */
#include "test_lesson_stage.h"

#include "course/lib/judge.h"
#include "test_model_help.h"

/* ---- the walk, and sections */

enum { DEMO = 10, CHILD = 11, THREAD = 12, STRANGER = 20 };

static struct pw_demo_run scene(struct fixture *f)
{
	return (struct pw_demo_run){.m = f->model, .main = process_of(f, DEMO)};
}

static void begin_scene(struct fixture *f)
{
	w_fork(&f->w, 100, 1, DEMO, "demo");
	w_on(&f->w, 110, 0, DEMO);
	w_fork(&f->w, 120, DEMO, CHILD, "child");
	w_on(&f->w, 130, 1, CHILD);
	w_thread(&f->w, 140, CHILD, THREAD);
	w_on(&f->w, 150, 2, THREAD);
	w_fork(&f->w, 160, 1, STRANGER, "stranger");
	w_on(&f->w, 170, 3, STRANGER);
	w_mark_name(&f->w, 180, 1, "lock.begin");
	w_mark_name(&f->w, 180, 2, "lock.end");
	w_mark_name(&f->w, 180, 3, "locksmith.begin");
}

static void walks_all_processes_in_order_of_time(void **state)
{
	static const struct {
		uint64_t at;
		uint32_t tid, name;
	} all[] = {{200, CHILD, 1}, {210, DEMO, 3}, {220, THREAD, 1}, {220, CHILD, 2},
		   {220, CHILD, 1}, {220, DEMO, 1}, {230, DEMO, 2},   {240, CHILD, 2}};
	struct fixture *f = *state;
	struct pw_mark_iter walk;
	struct pw_marked mark;
	uint64_t at = 0;
	size_t n = 0;

	begin_scene(f);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const int64_t number = (int64_t)i;

		w_mark(&f->w, all[i].at, all[i].tid, all[i].name, &number);
		w_mark(&f->w, all[i].at, STRANGER, 1, NULL);
	}
	finish(f, 1000);

	const struct pw_demo_run s = scene(f);
	bool seen[8] = {false};

	pw_mark_iter_init(&walk, &s, NULL);
	while (pw_mark_iter_next(&walk, &mark)) {
		assert_true(mark.at >= at);
		assert_int_equal(mark.at, all[mark.value].at);
		assert_int_equal(mark.thread->tid, all[mark.value].tid);
		assert_false(seen[mark.value]);
		/* The two of one thread at one moment stay in their order. */
		assert_true(mark.value != 4 || seen[3]);
		seen[mark.value] = true;
		at = mark.at;
		n++;
	}
	assert_int_equal(n, 8);
	assert_int_equal(pw_count_marks(&s, "lock.begin"), 4);
	assert_int_equal(pw_count_marks(&s, "lock.end"), 3);
	assert_int_equal(pw_count_marks(&s, "nothing"), 0);
}

static void knows_who_is_inside(void **state)
{
	struct fixture *f = *state;
	uint64_t when;

	begin_scene(f);
	w_mark(&f->w, 200, DEMO, 1, NULL);
	w_mark(&f->w, 300, DEMO, 2, NULL);
	w_mark(&f->w, 300, CHILD, 1, NULL); /* as the other leaves */
	w_mark(&f->w, 310, DEMO, 3, NULL); /* another section */
	w_mark(&f->w, 400, CHILD, 2, NULL);
	finish(f, 1000);

	const struct pw_demo_run s = scene(f);

	assert_int_equal(pw_most_inside(&s, "lock", &when), 1);
	assert_int_equal(when, 200);
	assert_int_equal(pw_count_inside(&s, "lock", 199), 0);
	assert_int_equal(pw_count_inside(&s, "lock", 200), 1);
	assert_int_equal(pw_count_inside(&s, "lock", 399), 1);
	assert_int_equal(pw_count_inside(&s, "lock", 400), 0);
	assert_int_equal(pw_most_inside(&s, "door", &when), 0);
}

static void counts_threads_of_any_process(void **state)
{
	struct fixture *f = *state;
	uint64_t when;

	begin_scene(f);
	w_mark(&f->w, 200, DEMO, 1, NULL);
	w_mark(&f->w, 210, STRANGER, 1, NULL);
	w_mark(&f->w, 250, CHILD, 1, NULL);
	w_mark(&f->w, 260, DEMO, 2, NULL);
	w_mark(&f->w, 270, THREAD, 1, NULL);
	w_mark(&f->w, 280, DEMO, 1, NULL);
	w_mark(&f->w, 290, CHILD, 2, NULL);
	finish(f, 1000);

	const struct pw_demo_run s = scene(f);

	assert_int_equal(pw_most_inside(&s, "lock", &when), 3);
	assert_int_equal(when, 280);
}

/* Who dies inside does not stay there for ever. */
static void the_dead_are_outside(void **state)
{
	struct fixture *f = *state;
	uint64_t when;

	begin_scene(f);
	w_mark(&f->w, 200, CHILD, 1, NULL);
	w_exit(&f->w, 300, THREAD, 9);
	w_die(&f->w, 310, THREAD, 0x10);
	w_exit(&f->w, 320, CHILD, 9);
	w_notice(&f->w, 330, CHILD, DEMO);
	w_die(&f->w, 340, CHILD, 0x20);
	w_mark(&f->w, 400, DEMO, 1, NULL);
	finish(f, 1000);

	const struct pw_demo_run s = scene(f);

	assert_int_equal(pw_count_inside(&s, "lock", 319), 1);
	assert_int_equal(pw_count_inside(&s, "lock", 400), 1);
	assert_int_equal(pw_most_inside(&s, "lock", &when), 1);
}

/* ---- a queue that says what it does */

enum { MAIN = 100, PRODUCER = 101, CONSUMER = 102, ITEMS = 12, FULL = 3 };

enum fault {
	NONE,
	SWAPPED, /* two items come in the wrong order */
	LOST, /* one never comes */
	TWICE, /* one comes once more */
	EARLY, /* one comes before it was put */
	GOES_ON, /* the producer does not wait for the consumer */
	SPINS, /* it waits without sleeping */
	TOO_SOON /* it says full when there is room */
};

static int set_up(void **state)
{
	*state = calloc(1, sizeof(struct stage));
	return *state ? 0 : -1;
}

static int tear_down(void **state)
{
	free(*state);
	return 0;
}

/* The consumer takes one every 10 ms, from 10 ms on; the producer fills up what is free at once. */
static struct pw_lesson queue(struct stage *st, enum fault fault)
{
	const uint64_t slot = 10000, end = slot * (ITEMS + 4);
	const int room = fault == TOO_SOON ? FULL - 1 : FULL;
	int put = 0, got = 0;

	is_forked(st, MAIN, OUTSIDER, "demo_queue", 0);
	is_forked(st, PRODUCER, MAIN, "producer", 100);
	is_forked(st, CONSUMER, MAIN, "consumer", 200);
	says(st, CONSUMER, "queue empty", 0, 300);
	sleeps(st, CONSUMER, SYS_futex, 310, 1000, PRODUCER);
	for (uint64_t at = 990; got < ITEMS; at += slot) {
		while (put < ITEMS && put - got < room) {
			put++;
			says(st, PRODUCER, "put", put, at + (uint64_t)(put - got));
		}
		if (put < ITEMS) {
			says(st, PRODUCER, "queue full", 0, at + 6);
			if (fault != SPINS)
				sleeps(st, PRODUCER, SYS_futex, at + 7, at + slot - 20, CONSUMER);
		}
		if (fault == GOES_ON && put == 4)
			says(st, PRODUCER, "put", ++put, at + slot / 2);
		got++;
		if (fault != LOST || got != 5)
			says(st, CONSUMER, "get", fault == SWAPPED && (got == 4 || got == 5) ? 9 - got : got,
			     fault == EARLY && got == 1 ? 500 : at + slot - 30);
		if (fault == TWICE && got == 7)
			says(st, CONSUMER, "get", got, at + slot - 29);
		if (got < ITEMS)
			pauses(st, CONSUMER, at + slot - 25, at + 2 * slot - 60);
	}
	dies(st, PRODUCER, 0, end);
	dies(st, CONSUMER, 0, end);
	reaps(st, MAIN, PRODUCER, end + 100);
	reaps(st, MAIN, CONSUMER, end + 200);
	dies(st, MAIN, 0, end + 300);
	return judged(st, "demo_queue", NULL, end + 1000);
}

static void a_sound_queue_is_held(void **state)
{
	struct pw_lesson lesson = queue(*state, NONE);

	assert_held(&lesson, "fifo");
	assert_held(&lesson, "full");
	assert_held(&lesson, "empty");
	assert_evidence(&lesson, "fifo", "12 items went in and 12 came out");
	assert_evidence(&lesson, "full", "9 times it found 3 items in it; it slept");
	assert_evidence(&lesson, "empty", "1 times it found 0 items in it");
	pw_lesson_free(&lesson);
}

static void is_found_out(struct stage *st, enum fault fault, const char *claim, const char *evidence)
{
	struct pw_lesson lesson;

	memset(st, 0, sizeof(*st));
	lesson = queue(st, fault);
	assert_not_held(&lesson, claim);
	assert_evidence(&lesson, claim, evidence);
	pw_lesson_free(&lesson);
}

static void a_queue_at_fault_is_found_out(void **state)
{
	is_found_out(*state, SWAPPED, "fifo", "3 items came out in order, then 5 instead of 4");
	is_found_out(*state, LOST, "fifo", "4 items came out in order, then 6 instead of 5");
	is_found_out(*state, TWICE, "fifo", "7 items came out in order, then 7 instead of 8");
	is_found_out(*state, EARLY, "fifo", "0 items came out in order, then 1 came out before it went in");
	is_found_out(*state, GOES_ON, "full", "went on");
	is_found_out(*state, SPINS, "full", "it slept for 0 ns of the");
	is_found_out(*state, TOO_SOON, "full", "by the marks");
}

/* ---- a pool whose workers say which task they do */

struct pool_play {
	bool overlap; /* a worker begins another task before it has ended one */
	int64_t twice; /* this task is done by two */
};

static struct pw_lesson pool(struct stage *st, const struct pool_play *p)
{
	const uint64_t task = 100000, end = 2000000;

	is_forked(st, MAIN, OUTSIDER, "demo_pool", 0);
	for (uint32_t w = 0; w < (p->overlap ? 5 : 4); w++)
		is_forked(st, 101 + w, MAIN, "worker", 1000 + w);
	for (uint32_t n = 0; n < 10; n++) {
		const uint32_t workers = p->overlap ? 5 : 4, w = 101 + n % workers;
		const uint64_t from = 10000 + n / workers * (task + 200) + n % workers * 10;
		const int64_t number = p->twice && n == 9 ? p->twice : (int64_t)n + 1;

		says(st, w, "task.begin", number, from);
		pauses(st, w, from + 5, from + task);
		says(st, w, "task.end", number, from + task + 20);
	}
	for (uint32_t w = 0; w < (p->overlap ? 5 : 4); w++) {
		dies(st, 101 + w, 0, end);
		reaps(st, MAIN, 101 + w, end + 100);
	}
	dies(st, MAIN, 0, end + 1000);
	return judged(st, "demo_pool", NULL, end + 10000);
}

static void a_sound_pool_is_held(void **state)
{
	struct pw_lesson lesson = pool(*state, &(struct pool_play){.twice = 0});

	assert_all_held(&lesson);
	assert_evidence(&lesson, "reused", "101 took 3 (1, 5, 9)");
	pw_lesson_free(&lesson);
}

static void a_pool_at_fault_is_found_out(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson = pool(st, &(struct pool_play){.overlap = true});

	assert_not_held(&lesson, "at-most-4");
	assert_evidence(&lesson, "at-most-4", "at most 5");
	pw_lesson_free(&lesson);
	memset(st, 0, sizeof(*st));
	lesson = pool(st, &(struct pool_play){.twice = 3});
	assert_not_held(&lesson, "at-most-4");
	assert_evidence(&lesson, "at-most-4", "task 3 was done twice");
	pw_lesson_free(&lesson);
}

/* ---- readers of one pipe, who say which message they got */

enum { READER_1 = 101, READER_2, WRITER };

struct pipe_play {
	bool torn; /* the fifth message is got by neither */
	bool together; /* one begins a message while the other is in the middle of one */
};

static struct pw_lesson pipe_of(struct stage *st, const struct pipe_play *p)
{
	const uint64_t end = 300000;

	is_forked(st, MAIN, OUTSIDER, "demo_pipe", 0);
	is_forked(st, READER_1, MAIN, "reader-1", 100);
	is_forked(st, READER_2, MAIN, "reader-2", 200);
	is_forked(st, WRITER, MAIN, "writer", 300);
	sleeps(st, READER_2, SYS_futex, 1000, 2000, READER_1);
	for (uint32_t n = 1; n <= 20; n++) {
		const uint32_t reader = n % 2 ? READER_1 : READER_2;
		const uint64_t at = 10000 * n;

		says(st, WRITER, "put", n, at);
		says(st, reader, "message.begin", 0, at + 100);
		if (p->together && n == 5)
			says(st, READER_2, "message.begin", 0, at + 200);
		says(st, reader, "message.end", 0, at + 1000);
		if (!p->torn || n != 5)
			says(st, reader, "get", n, at + 1010);
	}
	dies(st, READER_1, 10 << 8, end);
	dies(st, READER_2, 10 << 8, end);
	dies(st, WRITER, 0, end);
	return judged(st, "demo_pipe", NULL, end + 1000);
}

static void a_sound_pipe_is_held(void **state)
{
	struct pw_lesson lesson = pipe_of(*state, &(struct pipe_play){.torn = false});

	assert_all_held(&lesson);
	assert_evidence(&lesson, "whole", "20 items went in and 20 came out");
	assert_evidence(&lesson, "one-reads", "at most 1 in the middle");
	pw_lesson_free(&lesson);
}

static void a_pipe_at_fault_is_found_out(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson = pipe_of(st, &(struct pipe_play){.torn = true});

	assert_not_held(&lesson, "whole");
	assert_evidence(&lesson, "whole", "4 items came out in order, then 6 instead of 5");
	pw_lesson_free(&lesson);
	memset(st, 0, sizeof(*st));
	lesson = pipe_of(st, &(struct pipe_play){.together = true});
	assert_not_held(&lesson, "one-reads");
	pw_lesson_free(&lesson);
}

/* ---- a manager, and clients that say what they ask and see */

enum { MANAGER = 105 };

struct manager_play {
	uint32_t clients; /* so many ask it; the others are only there */
	bool unanswered; /* one goes on before the manager has answered */
	bool other; /* the manager answers somebody else */
	bool same; /* one sees the number the one before has seen */
};

static struct pw_lesson manager(struct stage *st, const struct manager_play *p, const char *option)
{
	static const char *const names[] = {"client-1", "client-2", "client-3", "client-4"};
	const uint64_t end = 300000;

	is_forked(st, MAIN, OUTSIDER, "demo_manager", 0);
	for (uint32_t i = 0; i < 4; i++)
		is_forked(st, 101 + i, MAIN, names[i], 100 + i);
	is_forked(st, MANAGER, MAIN, "manager", 200);
	for (uint32_t n = 0; n < 40; n++) {
		const uint32_t client = 101 + n % p->clients;
		const uint64_t at = 2000 + 5000 * n;
		const bool odd_one = n == 9;

		says(st, client, "ask.begin", 0, at);
		sleeps(st, client, SYS_recvfrom, at + 10, at + 1000, MANAGER);
		says(st, MANAGER, "answer", odd_one && p->other ? 4 : (int64_t)client - 100,
		     odd_one && p->unanswered ? at + 2000 : at + 990);
		says(st, client, "ask.end", 0, at + 1100);
		if (n % 2)
			says(st, client, "saw", n / 2 - (p->same && n == 21), at + 1200);
	}
	dies(st, MANAGER, (p->same ? 19 : 20) << 8, end);
	return judged(st, "demo_manager", option, end + 1000);
}

static void a_sound_manager_is_held(void **state)
{
	struct pw_lesson lesson = manager(*state, &(struct manager_play){.clients = 4}, NULL);

	assert_all_held(&lesson);
	assert_evidence(&lesson, "round-trip", "40 times one asked, was answered, and only then went on");
	assert_evidence(&lesson, "sum", "0 of the 20 numbers");
	pw_lesson_free(&lesson);
}

static void a_manager_at_fault_is_found_out(void **state)
{
	struct stage *st = *state;
	struct pw_lesson lesson = manager(st, &(struct manager_play){.clients = 4, .unanswered = true}, NULL);

	assert_not_held(&lesson, "round-trip");
	pw_lesson_free(&lesson);
	memset(st, 0, sizeof(*st));
	lesson = manager(st, &(struct manager_play){.clients = 4, .other = true}, NULL);
	assert_not_held(&lesson, "round-trip");
	pw_lesson_free(&lesson);
	memset(st, 0, sizeof(*st));
	lesson = manager(st, &(struct manager_play){.clients = 3}, NULL);
	assert_not_held(&lesson, "owner");
	pw_lesson_free(&lesson);
}

static void a_lost_addition_is_seen(void **state)
{
	const struct manager_play play = {.clients = 4, .same = true};
	struct pw_lesson lesson = manager(*state, &play, "--no-lock");

	assert_all_held(&lesson);
	assert_evidence(&lesson, "lost", "1 of the 20 numbers");
	pw_lesson_free(&lesson);
}

int main(void)
{
#define PLAY(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		model_test(walks_all_processes_in_order_of_time),
		model_test(knows_who_is_inside),
		model_test(counts_threads_of_any_process),
		model_test(the_dead_are_outside),
		PLAY(a_sound_queue_is_held),
		PLAY(a_queue_at_fault_is_found_out),
		PLAY(a_sound_pool_is_held),
		PLAY(a_pool_at_fault_is_found_out),
		PLAY(a_sound_pipe_is_held),
		PLAY(a_pipe_at_fault_is_found_out),
		PLAY(a_sound_manager_is_held),
		PLAY(a_manager_at_fault_is_found_out),
		PLAY(a_lost_addition_is_seen),
	};

	return cmocka_run_group_tests_name("lessons from marks", tests, NULL, NULL);
}
