/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The readers of the rings, and the order that they make together. Files in memory stand for the kernel's
 * maps, and the test writes what the BPF programs would.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture/merge.h"
#include "util/clock.h"

#define CPUS	   3
#define SLOTS	   4
#define RING_BYTES 4096
#define LATE	   1000000000 /* a clock far after every record */

static uint64_t clock_now;

uint64_t pw_clock_ns(void)
{
	return clock_now;
}

struct merge_fixture {
	struct pw_merge stream;
	struct pw_cpu *cpus;
	struct pw_switch *switches;
	uint8_t *ring; /* the reader's page, the kernel's page, the data twice */
	uint64_t seen[32]; /* times, in the order of delivery */
	uint8_t kinds[32];
	size_t n;
	uint64_t until;
};

static void *make_map(size_t bytes, int *fd)
{
	void *at;

	*fd = memfd_create("map", MFD_CLOEXEC);
	assert_true(*fd >= 0);
	assert_int_equal(ftruncate(*fd, (off_t)bytes), 0);
	at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, *fd, 0);
	assert_ptr_not_equal(at, MAP_FAILED);
	return at;
}

static size_t page(void)
{
	return (size_t)sysconf(_SC_PAGESIZE);
}

static int setup(void **state)
{
	struct merge_fixture *f = test_calloc(1, sizeof(*f));
	int cpus_fd, switches_fd, ring_fd;

	f->cpus = make_map(page(), &cpus_fd);
	f->switches = make_map(page(), &switches_fd);
	f->ring = make_map(2 * page() + 2 * RING_BYTES, &ring_fd);
	assert_int_equal(pw_ring_open(&f->stream.ring, ring_fd, RING_BYTES), 0);
	assert_int_equal(pw_switch_rings_open(&f->stream.switches, cpus_fd, switches_fd, CPUS, SLOTS), 0);
	assert_int_equal(pw_merge_open(&f->stream), 0);
	close(cpus_fd);
	close(switches_fd);
	close(ring_fd);
	clock_now = LATE;
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct merge_fixture *f = *state;

	pw_merge_close(&f->stream);
	munmap(f->cpus, page());
	munmap(f->switches, page());
	munmap(f->ring, 2 * page() + 2 * RING_BYTES);
	test_free(f);
	return 0;
}

static void begin_switch(struct merge_fixture *f, uint32_t cpu, uint64_t ts)
{
	struct pw_cpu *c = &f->cpus[cpu];
	struct pw_switch *sw = &f->switches[cpu * SLOTS + c->head % SLOTS];

	assert_true(c->head - c->tail < SLOTS);
	c->begun = c->head + 1;
	*sw = (struct pw_switch){.h = {.ts = ts, .cpu = (uint16_t)cpu, .kind = PW_EV_SWITCH}};
}

static void put_switch(struct merge_fixture *f, uint32_t cpu, uint64_t ts)
{
	begin_switch(f, cpu, ts);
	f->cpus[cpu].head++;
}

/* Puts a record into the ring with a flag in its length (kernel/bpf/ringbuf.c). Returns the address of the length. */
static uint32_t *put_record(struct merge_fixture *f, uint64_t ts, uint32_t bit)
{
	uint64_t *producer = (uint64_t *)(void *)(f->ring + page());
	uint32_t *record = (uint32_t *)(void *)(f->ring + 2 * page() + *producer % RING_BYTES);
	struct pw_event event = {.ts = ts, .kind = PW_EV_FREE};

	record[0] = (uint32_t)sizeof(event) | bit;
	memcpy(record + 2, &event, sizeof(event));
	*producer += BPF_RINGBUF_HDR_SZ + sizeof(event);
	return record;
}

static int note(void *context, const struct pw_event *event)
{
	struct merge_fixture *f = context;

	f->kinds[f->n] = event->kind;
	f->seen[f->n++] = event->ts;
	return 0;
}

static void expect_seen(struct merge_fixture *f, size_t n, const uint64_t *times)
{
	f->n = 0;
	assert_int_equal(pw_merge_drain(&f->stream, note, f, &f->until), 0);
	assert_int_equal(f->n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(f->seen[i], times[i]);
}

#define EXPECT(f, ...)                                                                                       \
	expect_seen(f, sizeof((uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t), (uint64_t[]){__VA_ARGS__})

static void all_rings_in_order_of_time(void **state)
{
	struct merge_fixture *f = *state;

	put_switch(f, 0, 10);
	put_switch(f, 0, 40);
	put_switch(f, 2, 20);
	put_switch(f, 2, 50);
	put_record(f, 30, 0);
	put_record(f, 15, 0); /* delayed between reserving room and reading the clock */
	put_record(f, 60, BPF_RINGBUF_DISCARD_BIT);
	EXPECT(f, 10, 15, 20, 30, 40, 50);
	assert_int_equal(f->stream.received, 6);
	assert_int_equal(f->until, LATE);
	expect_seen(f, 0, NULL);
}

/* A record with a time after the clock was read may still be preceded by one that the scan has not found. */
static void what_came_since_waits(void **state)
{
	struct merge_fixture *f = *state;

	put_switch(f, 0, 1000);
	put_record(f, LATE + 10, 0);
	put_switch(f, 1, LATE + 15);
	EXPECT(f, 1000);
	put_switch(f, 0, LATE + 5);
	clock_now = (uint64_t)LATE * 2;
	EXPECT(f, LATE + 5, LATE + 10, LATE + 15);
}

static void a_record_in_the_making_stops_all(void **state)
{
	struct merge_fixture *f = *state;
	uint32_t *length;

	put_switch(f, 0, 20);
	begin_switch(f, 1, 10);
	expect_seen(f, 0, NULL);
	assert_int_equal(f->until, 0);
	f->cpus[1].head++;
	length = put_record(f, 5, BPF_RINGBUF_BUSY_BIT);
	put_record(f, 15, 0);
	expect_seen(f, 0, NULL);
	*length &= ~BPF_RINGBUF_BUSY_BIT;
	EXPECT(f, 5, 10, 15, 20);
}

/* The ring wraps many times, and the room is released each time. */
static void rings_go_around(void **state)
{
	struct merge_fixture *f = *state;

	for (uint64_t ts = 1000; ts < 2000; ts += 10) {
		put_switch(f, 1, ts);
		put_switch(f, 1, ts + 3);
		put_switch(f, 0, ts + 1);
		put_record(f, ts + 2, 0);
		EXPECT(f, ts, ts + 1, ts + 2, ts + 3);
		assert_int_equal(f->cpus[1].tail, f->cpus[1].head);
		assert_int_equal(*(uint64_t *)(void *)f->ring, *(uint64_t *)(void *)(f->ring + page()));
	}
}

/* On equal times an exit precedes the switch that follows it. */
static void the_ring_goes_first(void **state)
{
	struct merge_fixture *f = *state;

	put_switch(f, 0, 10);
	put_record(f, 10, 0);
	EXPECT(f, 10, 10);
	assert_int_equal(f->kinds[0], PW_EV_FREE);
	assert_int_equal(f->kinds[1], PW_EV_SWITCH);
}

static int refuse(void *context, const struct pw_event *event)
{
	(void)event;
	++*(int *)context;
	return -ENOSPC;
}

static void an_error_ends_it(void **state)
{
	struct merge_fixture *f = *state;
	int calls = 0;

	put_switch(f, 0, 10);
	put_switch(f, 1, 20);
	assert_int_equal(pw_merge_drain(&f->stream, refuse, &calls, &f->until), -ENOSPC);
	assert_int_equal(calls, 1);
}

#define stream_test(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		stream_test(all_rings_in_order_of_time),
		stream_test(what_came_since_waits),
		stream_test(a_record_in_the_making_stops_all),
		stream_test(rings_go_around),
		stream_test(the_ring_goes_first),
		stream_test(an_error_ends_it),
	};

	return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}
