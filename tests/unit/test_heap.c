/* SPDX-License-Identifier: GPL-2.0-only */
/* The heap: what it yields is in order, whatever was put in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>

#include "util/heap.h"

#define SOURCES 40

/* A source yields its own number of keys, none smaller than the one before. */
struct sources {
	unsigned int key[SOURCES], left[SOURCES];
};

static bool is_before(const void *context, uint32_t a, uint32_t b)
{
	const struct sources *s = context;

	return s->key[a] != s->key[b] ? s->key[a] < s->key[b] : a < b;
}

static void an_empty_heap(void **state)
{
	struct pw_heap heap;

	(void)state;
	assert_int_equal(pw_heap_init(&heap, 0), 0);
	pw_heap_build(&heap, is_before, NULL);
	pw_heap_sink(&heap, 0, is_before, NULL);
	assert_int_equal(heap.count, 0);
	pw_heap_free(&heap);
	assert_null(heap.items);
}

static void one_item(void **state)
{
	struct sources s = {.key = {5}};
	struct pw_heap heap;

	(void)state;
	assert_int_equal(pw_heap_init(&heap, 1), 0);
	pw_heap_add(&heap, 0);
	pw_heap_build(&heap, is_before, &s);
	assert_int_equal(pw_heap_first(&heap), 0);
	pw_heap_pop(&heap, is_before, &s);
	assert_int_equal(heap.count, 0);
	pw_heap_free(&heap);
}

static void equal_keys_come_by_number(void **state)
{
	struct sources s = {.key = {0}};
	struct pw_heap heap;

	(void)state;
	assert_int_equal(pw_heap_init(&heap, SOURCES), 0);
	for (uint32_t i = SOURCES; i-- > 0;)
		pw_heap_add(&heap, i);
	pw_heap_build(&heap, is_before, &s);
	for (uint32_t i = 0; i < SOURCES; i++) {
		assert_int_equal(pw_heap_first(&heap), i);
		pw_heap_pop(&heap, is_before, &s);
	}
	pw_heap_free(&heap);
}

/* Merges a random set of sources and returns how many keys came out, each no smaller than the one before. */
static size_t merge(struct sources *s)
{
	struct pw_heap heap;
	unsigned int last = 0;
	size_t merged = 0;

	assert_int_equal(pw_heap_init(&heap, SOURCES), 0);
	for (uint32_t i = 0; i < SOURCES; i++)
		if (s->left[i])
			pw_heap_add(&heap, i);
	pw_heap_build(&heap, is_before, s);
	for (; heap.count; merged++) {
		const uint32_t first = pw_heap_first(&heap);

		assert_true(s->key[first] >= last);
		last = s->key[first];
		s->key[first] += (unsigned int)rand() % 8;
		if (--s->left[first])
			pw_heap_sink(&heap, 0, is_before, s);
		else
			pw_heap_pop(&heap, is_before, s);
	}
	pw_heap_free(&heap);
	return merged;
}

static void sources_are_merged(void **state)
{
	(void)state;
	srand(1);
	for (int round = 0; round < 200; round++) {
		struct sources s;
		size_t all = 0;

		for (size_t i = 0; i < SOURCES; i++) {
			s.key[i] = (unsigned int)rand() % 50;
			s.left[i] = (unsigned int)rand() % 30;
			all += s.left[i];
		}
		assert_int_equal(merge(&s), all);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_heap),
		cmocka_unit_test(one_item),
		cmocka_unit_test(equal_keys_come_by_number),
		cmocka_unit_test(sources_are_merged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
