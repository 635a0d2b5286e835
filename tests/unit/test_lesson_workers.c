/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The lessons of the pool and the queue: as they should run, and with one mistake each.
 */
#include "lib/scenario.h"

enum { MAIN = 100, WORKER = 101, PRODUCER = 101, CONSUMER = 102, TASK = 100000, GAP = 200 };

/* ---- pool ---- */

struct pool_variant {
	uint32_t workers;
	bool one_by_one; /* each task waits for the one before */
	bool late; /* the last worker is forked after the first task */
	enum { AT_ONCE, STARVED, DAWDLING } second; /* how the first worker gets its second task */
	uint32_t left; /* that many are not reaped */
};

/* Worker w's first task begins here. */
static uint64_t first_task(const struct pool_variant *p, uint32_t w)
{
	return 10000 + (p->one_by_one ? (uint64_t)w * (TASK + GAP) : w * 10);
}

/* Before the second round the first worker holds the lock for as long as two tasks take; the others wait. */
static void hold_up(struct scenario *s, const struct pool_variant *p, uint64_t from)
{
	const uint64_t to = from + 2 * TASK;

	if (p->second == STARVED)
		loses_its_cpu(s, WORKER, from, to);
	else
		sleeps(s, WORKER, SYS_read, from, to, MAIN);
	for (uint32_t w = 1; w < p->workers; w++)
		sleeps(s, WORKER + w, SYS_futex, from, to, WORKER);
}

static struct pw_lesson pool(struct scenario *s, const struct pool_variant *p, const char *option)
{
	const uint64_t step = (TASK + GAP) * (uint64_t)(p->one_by_one ? p->workers : 1);
	const uint64_t end = 2000000;

	is_forked(s, MAIN, OUTSIDER, "demo_pool", 0);
	for (uint32_t w = 0; w < p->workers; w++)
		is_forked(s, WORKER + w, MAIN, "worker", p->late && w == p->workers - 1 ? 12000 : 1000 + w);
	for (uint32_t task = 0; task < 10; task++) {
		const uint32_t w = task % p->workers;
		const uint64_t from = first_task(p, w) + step * (task / p->workers) +
				      (p->late && w == p->workers - 1 ? 3000 : 0) +
				      (p->second && task >= p->workers ? 2 * TASK + GAP : 0);

		if (p->second && task == p->workers)
			hold_up(s, p, from - 2 * TASK - GAP / 2);
		pauses(s, WORKER + w, from, from + TASK);
	}
	sleeps(s, MAIN, SYS_read, 9000, end - 1000, WORKER);
	for (uint32_t w = 0; w < p->workers; w++) {
		dies(s, WORKER + w, 0, end);
		if (w >= p->left)
			reaps(s, MAIN, WORKER + w, end + 100);
	}
	dies(s, MAIN, 0, end + 1000);
	return judged(s, "demo_pool", option, end + 10000);
}

static void async_is_held(void **state)
{
	const struct pool_variant variant = {.workers = 4};
	struct pw_lesson lesson = pool(*state, &variant, NULL);

	assert_all_held(&lesson);
	assert_evidence(&lesson, "at-most-4", "at most 4 of the 10 tasks");
	assert_evidence(&lesson, "rounds", "3.00 rounds");
	pw_lesson_free(&lesson);
}

static void apply_is_held(void **state)
{
	const struct pool_variant variant = {.workers = 4, .one_by_one = true};
	struct pw_lesson lesson = pool(*state, &variant, "--apply");

	assert_all_held(&lesson);
	assert_evidence(&lesson, "rounds", "at most 1 of the 10 tasks ran at a time");
	pw_lesson_free(&lesson);
}

/* Both hold the lock for as long, but a holder that waits for a CPU is no fault of the pool. */
static void a_round_is_no_wait_for_a_cpu(void **state)
{
	const struct pool_variant variant = {.workers = 4, .second = STARVED};
	struct pw_lesson lesson = pool(*state, &variant, NULL);

	assert_all_held(&lesson);
	assert_evidence(&lesson, "rounds", "in 200 ms of that a process waited for a CPU: 3.01 rounds");
	pw_lesson_free(&lesson);
}

static void idle_workers_are_found_out(void **state)
{
	const struct pool_variant variant = {.workers = 4, .second = DAWDLING};
	struct pw_lesson lesson = pool(*state, &variant, NULL);

	assert_not_held(&lesson, "rounds");
	assert_evidence(&lesson, "rounds", "5.01 rounds");
	pw_lesson_free(&lesson);
}

static void five_at_a_time_are_found_out(void **state)
{
	const struct pool_variant variant = {.workers = 5};
	struct pw_lesson lesson = pool(*state, &variant, NULL);

	assert_not_held(&lesson, "at-most-4");
	assert_not_held(&lesson, "rounds");
	pw_lesson_free(&lesson);
}

static void async_is_no_apply(void **state)
{
	const struct pool_variant variant = {.workers = 4};
	struct pw_lesson lesson = pool(*state, &variant, "--apply");

	assert_held(&lesson, "at-most-4");
	assert_not_held(&lesson, "rounds");
	pw_lesson_free(&lesson);
}

static void apply_is_no_async(void **state)
{
	const struct pool_variant variant = {.workers = 4, .one_by_one = true};
	struct pw_lesson lesson = pool(*state, &variant, "--async");

	assert_not_held(&lesson, "rounds");
	pw_lesson_free(&lesson);
}

static void a_process_for_each_task_is_found_out(void **state)
{
	const struct pool_variant variant = {.workers = 10};
	struct pw_lesson lesson = pool(*state, &variant, NULL);

	assert_not_held(&lesson, "reused");
	pw_lesson_free(&lesson);
}

static void a_worker_forked_for_a_task_is_found_out(void **state)
{
	const struct pool_variant variant = {.workers = 4, .late = true};
	struct pw_lesson lesson = pool(*state, &variant, NULL);

	assert_not_held(&lesson, "reused");
	pw_lesson_free(&lesson);
}

static void workers_left_behind_are_found_out(void **state)
{
	const struct pool_variant variant = {.workers = 4, .left = 1};
	struct pw_lesson lesson = pool(*state, &variant, NULL);

	assert_held(&lesson, "rounds");
	assert_not_held(&lesson, "joined");
	pw_lesson_free(&lesson);
}

/* ---- queue ---- */

struct hand {
	uint32_t waker_of_producer, waker_of_consumer; /* 0: it never has to wait */
	uint32_t code; /* of the consumer */
	int put, get; /* the system calls they wait in */
};

/* First the consumer is slow and the producer waits for it, then the other way round. */
static struct pw_lesson queue(struct scenario *s, const struct hand *h)
{
	const uint64_t long_work = 60000, short_work = 10000, half = 500000;

	is_forked(s, MAIN, OUTSIDER, "demo_queue", 0);
	is_forked(s, PRODUCER, MAIN, "producer", 1000);
	is_forked(s, CONSUMER, MAIN, "consumer", 2000);
	for (uint64_t at = 10000; at < half; at += long_work + 1000) {
		pauses(s, CONSUMER, at, at + long_work);
		pauses(s, PRODUCER, at, at + short_work);
		if (h->waker_of_producer)
			sleeps(s, PRODUCER, h->put, at + short_work + 100, at + long_work + 20,
			       h->waker_of_producer);
	}
	for (uint64_t at = half + 100000; at < 2 * half; at += long_work + 1000) {
		pauses(s, PRODUCER, at, at + long_work);
		pauses(s, CONSUMER, at, at + short_work);
		if (h->waker_of_consumer)
			sleeps(s, CONSUMER, h->get, at + short_work + 100, at + long_work + 20,
			       h->waker_of_consumer);
	}
	sleeps(s, MAIN, SYS_wait4, 9000, 1101000, CONSUMER);
	dies(s, PRODUCER, 0, 1100000);
	dies(s, CONSUMER, h->code << 8, 1100100);
	reaps(s, MAIN, PRODUCER, 1101100);
	reaps(s, MAIN, CONSUMER, 1101200);
	dies(s, MAIN, 0, 1102000);
	return judged(s, "demo_queue", NULL, 1200000);
}

static void queue_is_held(void **state)
{
	const struct hand hand = {CONSUMER, PRODUCER, 0, SYS_futex, SYS_futex};
	struct pw_lesson lesson = queue(*state, &hand);

	assert_all_held(&lesson);
	assert_evidence(&lesson, "wakers", "the consumer woke the producer 9 of 9 times");
	pw_lesson_free(&lesson);
}

static void pipe_is_held(void **state)
{
	const struct hand hand = {CONSUMER, PRODUCER, 0, SYS_write, SYS_read};
	struct pw_lesson lesson = queue(*state, &hand);

	assert_all_held(&lesson);
	pw_lesson_free(&lesson);
}

static void a_producer_that_never_blocks_is_found_out(void **state)
{
	const struct hand hand = {0, PRODUCER, 0, SYS_futex, SYS_futex};
	struct pw_lesson lesson = queue(*state, &hand);

	assert_not_held(&lesson, "full");
	assert_held(&lesson, "empty");
	assert_not_held(&lesson, "wakers");
	pw_lesson_free(&lesson);
}

static void a_consumer_that_never_blocks_is_found_out(void **state)
{
	const struct hand hand = {CONSUMER, 0, 0, SYS_futex, SYS_futex};
	struct pw_lesson lesson = queue(*state, &hand);

	assert_held(&lesson, "full");
	assert_not_held(&lesson, "empty");
	assert_not_held(&lesson, "wakers");
	pw_lesson_free(&lesson);
}

static void an_outsider_who_wakes_is_found_out(void **state)
{
	const struct hand hand = {CONSUMER, MAIN, 0, SYS_futex, SYS_futex};
	struct pw_lesson lesson = queue(*state, &hand);

	assert_held(&lesson, "empty");
	assert_not_held(&lesson, "wakers");
	pw_lesson_free(&lesson);
}

/* A wait in another system call is no wait for the queue. */
static void sleeping_elsewhere_is_found_out(void **state)
{
	const struct hand hand = {CONSUMER, PRODUCER, 0, SYS_ppoll, SYS_ppoll};
	struct pw_lesson lesson = queue(*state, &hand);

	assert_not_held(&lesson, "full");
	assert_not_held(&lesson, "empty");
	pw_lesson_free(&lesson);
}

static void lost_items_are_found_out(void **state)
{
	const struct hand hand = {CONSUMER, PRODUCER, 1, SYS_futex, SYS_futex};
	struct pw_lesson lesson = queue(*state, &hand);

	assert_not_held(&lesson, "fifo");
	assert_held(&lesson, "full");
	pw_lesson_free(&lesson);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		scenario_test(async_is_held),
		scenario_test(apply_is_held),
		scenario_test(a_round_is_no_wait_for_a_cpu),
		scenario_test(idle_workers_are_found_out),
		scenario_test(five_at_a_time_are_found_out),
		scenario_test(async_is_no_apply),
		scenario_test(apply_is_no_async),
		scenario_test(a_process_for_each_task_is_found_out),
		scenario_test(a_worker_forked_for_a_task_is_found_out),
		scenario_test(workers_left_behind_are_found_out),
		scenario_test(queue_is_held),
		scenario_test(pipe_is_held),
		scenario_test(a_producer_that_never_blocks_is_found_out),
		scenario_test(a_consumer_that_never_blocks_is_found_out),
		scenario_test(an_outsider_who_wakes_is_found_out),
		scenario_test(sleeping_elsewhere_is_found_out),
		scenario_test(lost_items_are_found_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
