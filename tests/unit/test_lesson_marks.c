/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the lessons make of marks: their order over all processes, who is inside a
 * section, and a queue and a pool whose marks show that something is wrong.
 */
#include "lib/scenario.h"

#include "course/lib/marks.h"
#include "lib/model_test.h"

/* ---- all marks in order, and sections */

enum { DEMO = 10, CHILD = 11, THREAD = 12, OTHER_TREE = 20 };

static struct pw_demo_run demo_run(struct fixture *f)
{
	return (struct pw_demo_run){.m = f->model, .main = process_of(f, DEMO)};
}

static void begin_demo(struct fixture *f)
{
	ev_fork(&f->ev, 100, 1, DEMO, "demo");
	ev_on(&f->ev, 110, 0, DEMO);
	ev_fork(&f->ev, 120, DEMO, CHILD, "child");
	ev_on(&f->ev, 130, 1, CHILD);
	ev_thread(&f->ev, 140, CHILD, THREAD);
	ev_on(&f->ev, 150, 2, THREAD);
	ev_fork(&f->ev, 160, 1, OTHER_TREE, "other");
	ev_on(&f->ev, 170, 3, OTHER_TREE);
	ev_mark_name(&f->ev, 180, 1, "lock.begin");
	ev_mark_name(&f->ev, 180, 2, "lock.end");
	ev_mark_name(&f->ev, 180, 3, "locksmith.begin");
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

	begin_demo(f);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const int64_t number = (int64_t)i;

		ev_mark(&f->ev, all[i].at, all[i].tid, all[i].name, &number);
		ev_mark(&f->ev, all[i].at, OTHER_TREE, 1, NULL);
	}
	finish(f, 1000);

	const struct pw_demo_run s = demo_run(f);
	bool seen[8] = {false};

	pw_mark_iter_init(&walk, &s, NULL);
	while (pw_mark_iter_next(&walk, &mark)) {
		assert_true(mark.at >= at);
		assert_int_equal(mark.at, all[mark.value].at);
		assert_int_equal(mark.thread->tid, all[mark.value].tid);
		assert_false(seen[mark.value]);
		/* Two marks of one thread at one moment stay in their order. */
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

	begin_demo(f);
	ev_mark(&f->ev, 200, DEMO, 1, NULL);
	ev_mark(&f->ev, 300, DEMO, 2, NULL);
	ev_mark(&f->ev, 300, CHILD, 1, NULL); /* as the other leaves */
	ev_mark(&f->ev, 310, DEMO, 3, NULL); /* another section */
	ev_mark(&f->ev, 400, CHILD, 2, NULL);
	finish(f, 1000);

	const struct pw_demo_run s = demo_run(f);

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

	begin_demo(f);
	ev_mark(&f->ev, 200, DEMO, 1, NULL);
	ev_mark(&f->ev, 210, OTHER_TREE, 1, NULL);
	ev_mark(&f->ev, 250, CHILD, 1, NULL);
	ev_mark(&f->ev, 260, DEMO, 2, NULL);
	ev_mark(&f->ev, 270, THREAD, 1, NULL);
	ev_mark(&f->ev, 280, DEMO, 1, NULL);
	ev_mark(&f->ev, 290, CHILD, 2, NULL);
	finish(f, 1000);

	const struct pw_demo_run s = demo_run(f);

	assert_int_equal(pw_most_inside(&s, "lock", &when), 3);
	assert_int_equal(when, 280);
}

/* A process that dies inside a section is no longer inside. */
static void the_dead_are_outside(void **state)
{
	struct fixture *f = *state;
	uint64_t when;

	begin_demo(f);
	ev_mark(&f->ev, 200, CHILD, 1, NULL);
	ev_exit(&f->ev, 300, THREAD, 9);
	ev_die(&f->ev, 310, THREAD, 0x10);
	ev_exit(&f->ev, 320, CHILD, 9);
	ev_notice(&f->ev, 330, CHILD, DEMO);
	ev_die(&f->ev, 340, CHILD, 0x20);
	ev_mark(&f->ev, 400, DEMO, 1, NULL);
	finish(f, 1000);

	const struct pw_demo_run s = demo_run(f);

	assert_int_equal(pw_count_inside(&s, "lock", 319), 1);
	assert_int_equal(pw_count_inside(&s, "lock", 400), 1);
	assert_int_equal(pw_most_inside(&s, "lock", &when), 1);
}

/* ---- a queue that marks what it does */

enum { MAIN = 100, PRODUCER = 101, CONSUMER = 102, ITEMS = 12, FULL = 3 };

enum fault {
	NONE,
	SWAPPED, /* two items come in the wrong order */
	LOST, /* one never comes */
	TWICE, /* one comes twice */
	EARLY, /* one comes before it was put */
	GOES_ON, /* the producer does not wait for the consumer */
	SPINS, /* it waits without sleeping */
	TOO_SOON /* it says full when there is room */
};

/* The consumer takes one item every 10 ms, from 10 ms on; the producer fills free room at once. */
static struct pw_lesson queue(struct scenario *s, enum fault fault)
{
	const uint64_t slot = 10000, end = slot * (ITEMS + 4);
	const int room = fault == TOO_SOON ? FULL - 1 : FULL;
	int put = 0, got = 0;

	is_forked(s, MAIN, OUTSIDER, "demo_queue", 0);
	is_forked(s, PRODUCER, MAIN, "producer", 100);
	is_forked(s, CONSUMER, MAIN, "consumer", 200);
	marks(s, CONSUMER, "queue empty", 0, 300);
	sleeps(s, CONSUMER, SYS_futex, 310, 1000, PRODUCER);
	for (uint64_t at = 990; got < ITEMS; at += slot) {
		while (put < ITEMS && put - got < room) {
			put++;
			marks(s, PRODUCER, "put", put, at + (uint64_t)(put - got));
		}
		if (put < ITEMS) {
			marks(s, PRODUCER, "queue full", 0, at + 6);
			if (fault != SPINS)
				sleeps(s, PRODUCER, SYS_futex, at + 7, at + slot - 20, CONSUMER);
		}
		if (fault == GOES_ON && put == 4)
			marks(s, PRODUCER, "put", ++put, at + slot / 2);
		got++;
		if (fault != LOST || got != 5)
			marks(s, CONSUMER, "get", fault == SWAPPED && (got == 4 || got == 5) ? 9 - got : got,
			      fault == EARLY && got == 1 ? 500 : at + slot - 30);
		if (fault == TWICE && got == 7)
			marks(s, CONSUMER, "get", got, at + slot - 29);
		if (got < ITEMS)
			pauses(s, CONSUMER, at + slot - 25, at + 2 * slot - 60);
	}
	dies(s, PRODUCER, 0, end);
	dies(s, CONSUMER, 0, end);
	reaps(s, MAIN, PRODUCER, end + 100);
	reaps(s, MAIN, CONSUMER, end + 200);
	dies(s, MAIN, 0, end + 300);
	return judged(s, "demo_queue", NULL, end + 1000);
}

static void a_sound_queue_is_held(void **state)
{
	struct pw_lesson lesson = queue(*state, NONE);

	assert_held(&lesson, "fifo");
	assert_held(&lesson, "full");
	assert_held(&lesson, "empty");
	assert_evidence(&lesson, "fifo", "12 items went in and 12 came out");
	assert_evidence(&lesson, "full",
			"9 times the producer found 3 items in the queue; the producer slept");
	assert_evidence(&lesson, "empty", "1 time the consumer found 0 items in the queue");
	pw_lesson_free(&lesson);
}

static void is_found_out(struct scenario *s, enum fault fault, const char *claim, const char *evidence)
{
	struct pw_lesson lesson;

	scenario_reset(s);
	lesson = queue(s, fault);
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
	is_found_out(*state, SPINS, "full", "the producer slept for 0 ns of the");
	is_found_out(*state, TOO_SOON, "full", "the marks count another number");
}

/* ---- a pool whose workers mark their tasks */

struct pool_variant {
	bool overlap; /* a worker begins another task before it has ended one */
	int64_t twice; /* this task is done by two */
};

static struct pw_lesson pool(struct scenario *s, const struct pool_variant *p)
{
	const uint64_t task = 100000, end = 2000000;

	is_forked(s, MAIN, OUTSIDER, "demo_pool", 0);
	for (uint32_t w = 0; w < (p->overlap ? 5 : 4); w++)
		is_forked(s, 101 + w, MAIN, "worker", 1000 + w);
	for (uint32_t n = 0; n < 10; n++) {
		const uint32_t workers = p->overlap ? 5 : 4, w = 101 + n % workers;
		const uint64_t from = 10000 + n / workers * (task + 200) + n % workers * 10;
		const int64_t number = p->twice && n == 9 ? p->twice : (int64_t)n + 1;

		marks(s, w, "task.begin", number, from);
		pauses(s, w, from + 5, from + task);
		marks(s, w, "task.end", number, from + task + 20);
	}
	for (uint32_t w = 0; w < (p->overlap ? 5 : 4); w++) {
		dies(s, 101 + w, 0, end);
		reaps(s, MAIN, 101 + w, end + 100);
	}
	dies(s, MAIN, 0, end + 1000);
	return judged(s, "demo_pool", NULL, end + 10000);
}

static void a_sound_pool_is_held(void **state)
{
	struct pw_lesson lesson = pool(*state, &(struct pool_variant){.twice = 0});

	assert_all_held(&lesson);
	assert_evidence(&lesson, "reused", "101 took 3 tasks (1, 5, 9)");
	pw_lesson_free(&lesson);
}

static void a_pool_at_fault_is_found_out(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson = pool(s, &(struct pool_variant){.overlap = true});

	assert_not_held(&lesson, "at-most-4");
	assert_evidence(&lesson, "at-most-4", "at most 5");
	pw_lesson_free(&lesson);
	scenario_reset(s);
	lesson = pool(s, &(struct pool_variant){.twice = 3});
	assert_not_held(&lesson, "at-most-4");
	assert_evidence(&lesson, "at-most-4", "task 3 was done twice");
	pw_lesson_free(&lesson);
}

/* ---- readers of one pipe that mark the messages they get */

enum { READER_1 = 101, READER_2, WRITER };

struct pipe_variant {
	bool torn; /* the fifth message is got by neither */
	bool together; /* one begins a message while the other is in the middle of one */
};

static struct pw_lesson pipe_of(struct scenario *s, const struct pipe_variant *p)
{
	const uint64_t end = 300000;

	is_forked(s, MAIN, OUTSIDER, "demo_pipe", 0);
	is_forked(s, READER_1, MAIN, "reader-1", 100);
	is_forked(s, READER_2, MAIN, "reader-2", 200);
	is_forked(s, WRITER, MAIN, "writer", 300);
	sleeps(s, READER_2, SYS_futex, 1000, 2000, READER_1);
	for (uint32_t n = 1; n <= 20; n++) {
		const uint32_t reader = n % 2 ? READER_1 : READER_2;
		const uint64_t at = 10000 * n;

		marks(s, WRITER, "put", n, at);
		marks(s, reader, "message.begin", 0, at + 100);
		if (p->together && n == 5)
			marks(s, READER_2, "message.begin", 0, at + 200);
		marks(s, reader, "message.end", 0, at + 1000);
		if (!p->torn || n != 5)
			marks(s, reader, "get", n, at + 1010);
	}
	dies(s, READER_1, 10 << 8, end);
	dies(s, READER_2, 10 << 8, end);
	dies(s, WRITER, 0, end);
	return judged(s, "demo_pipe", NULL, end + 1000);
}

static void a_sound_pipe_is_held(void **state)
{
	struct pw_lesson lesson = pipe_of(*state, &(struct pipe_variant){.torn = false});

	assert_all_held(&lesson);
	assert_evidence(&lesson, "whole", "20 items went in and 20 came out");
	assert_evidence(&lesson, "one-reads", "at most 1 reader was in the middle");
	pw_lesson_free(&lesson);
}

static void a_pipe_at_fault_is_found_out(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson = pipe_of(s, &(struct pipe_variant){.torn = true});

	assert_not_held(&lesson, "whole");
	assert_evidence(&lesson, "whole", "4 items came out in order, then 6 instead of 5");
	pw_lesson_free(&lesson);
	scenario_reset(s);
	lesson = pipe_of(s, &(struct pipe_variant){.together = true});
	assert_not_held(&lesson, "one-reads");
	pw_lesson_free(&lesson);
}

/* ---- a manager, and clients that mark what they ask and see */

enum { MANAGER = 105 };

struct manager_variant {
	uint32_t clients; /* that many ask; the others only exist */
	bool unanswered; /* one goes on before the manager has answered */
	bool other; /* the manager answers somebody else */
	bool same; /* one sees the number the one before has seen */
};

static struct pw_lesson manager(struct scenario *s, const struct manager_variant *p, const char *option)
{
	static const char *const names[] = {"client-1", "client-2", "client-3", "client-4"};
	const uint64_t end = 300000;

	is_forked(s, MAIN, OUTSIDER, "demo_manager", 0);
	for (uint32_t i = 0; i < 4; i++)
		is_forked(s, 101 + i, MAIN, names[i], 100 + i);
	is_forked(s, MANAGER, MAIN, "manager", 200);
	for (uint32_t n = 0; n < 40; n++) {
		const uint32_t client = 101 + n % p->clients;
		const uint64_t at = 2000 + 5000 * n;
		const bool odd_one = n == 9;

		marks(s, client, "ask.begin", 0, at);
		sleeps(s, client, SYS_recvfrom, at + 10, at + 1000, MANAGER);
		marks(s, MANAGER, "answer", odd_one && p->other ? 4 : (int64_t)client - 100,
		      odd_one && p->unanswered ? at + 2000 : at + 990);
		marks(s, client, "ask.end", 0, at + 1100);
		if (n % 2)
			marks(s, client, "saw", n / 2 - (p->same && n == 21), at + 1200);
	}
	dies(s, MANAGER, (p->same ? 19 : 20) << 8, end);
	return judged(s, "demo_manager", option, end + 1000);
}

static void a_sound_manager_is_held(void **state)
{
	struct pw_lesson lesson = manager(*state, &(struct manager_variant){.clients = 4}, NULL);

	assert_all_held(&lesson);
	assert_evidence(&lesson, "round-trip",
			"40 times a client asked, was answered, and only then went on");
	assert_evidence(&lesson, "sum", "0 of the 20 numbers");
	pw_lesson_free(&lesson);
}

static void a_manager_at_fault_is_found_out(void **state)
{
	struct scenario *s = *state;
	struct pw_lesson lesson =
		manager(s, &(struct manager_variant){.clients = 4, .unanswered = true}, NULL);

	assert_not_held(&lesson, "round-trip");
	pw_lesson_free(&lesson);
	scenario_reset(s);
	lesson = manager(s, &(struct manager_variant){.clients = 4, .other = true}, NULL);
	assert_not_held(&lesson, "round-trip");
	pw_lesson_free(&lesson);
	scenario_reset(s);
	lesson = manager(s, &(struct manager_variant){.clients = 3}, NULL);
	assert_not_held(&lesson, "owner");
	pw_lesson_free(&lesson);
}

static void a_lost_addition_is_seen(void **state)
{
	const struct manager_variant variant = {.clients = 4, .same = true};
	struct pw_lesson lesson = manager(*state, &variant, "--no-lock");

	assert_all_held(&lesson);
	assert_evidence(&lesson, "lost", "1 of the 20 numbers");
	pw_lesson_free(&lesson);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		model_test(walks_all_processes_in_order_of_time),
		model_test(knows_who_is_inside),
		model_test(counts_threads_of_any_process),
		model_test(the_dead_are_outside),
		scenario_test(a_sound_queue_is_held),
		scenario_test(a_queue_at_fault_is_found_out),
		scenario_test(a_sound_pool_is_held),
		scenario_test(a_pool_at_fault_is_found_out),
		scenario_test(a_sound_pipe_is_held),
		scenario_test(a_pipe_at_fault_is_found_out),
		scenario_test(a_sound_manager_is_held),
		scenario_test(a_manager_at_fault_is_found_out),
		scenario_test(a_lost_addition_is_seen),
	};

	return cmocka_run_group_tests_name("lessons from marks", tests, NULL, NULL);
}
