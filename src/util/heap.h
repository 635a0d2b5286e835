/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A binary heap of numbers, which are indexes into whatever the owner orders. It
 * serves merges: of many sources, each sorted, the one with the earliest next item is
 * first.
 *
 *	pw_heap_init(&heap, n_sources);
 *	for each source that has an item: pw_heap_add(&heap, source);
 *	pw_heap_build(&heap, is_before, sources);
 *	while (heap.count) {
 *		source = pw_heap_first(&heap);
 *		... use its next item, then
 *		if the source has more:	pw_heap_sink(&heap, 0, is_before, sources);
 *		else:			pw_heap_pop(&heap, is_before, sources);
 *	}
 *
 * The functions are inline, so that the compiler inlines the comparison too.
 */
#ifndef PW_HEAP_H
#define PW_HEAP_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct pw_heap {
	uint32_t *items;
	size_t count;
};

/* Whether index a goes before index b; false both ways where they are equal. */
typedef bool (*pw_heap_is_before)(const void *context, uint32_t a, uint32_t b);

/* An empty heap with room for this many items, which it never exceeds. Returns 0 or -ENOMEM. */
static inline int pw_heap_init(struct pw_heap *heap, size_t room)
{
	heap->count = 0;
	heap->items = calloc(room ? room : 1, sizeof(*heap->items));
	return heap->items ? 0 : -ENOMEM;
}

static inline void pw_heap_free(struct pw_heap *heap)
{
	free(heap->items);
	heap->items = NULL;
	heap->count = 0;
}

/* Appends without keeping the order: pw_heap_build follows. */
static inline void pw_heap_add(struct pw_heap *heap, uint32_t index)
{
	heap->items[heap->count++] = index;
}

static inline uint32_t pw_heap_first(const struct pw_heap *heap)
{
	return heap->items[0];
}

/* Restores the order below a place whose item may now be later than its children. */
static inline void pw_heap_sink(struct pw_heap *heap, size_t place, pw_heap_is_before is_before,
				const void *context)
{
	uint32_t *items = heap->items, moving;

	if (place >= heap->count)
		return;
	moving = items[place];
	for (size_t child = 2 * place + 1; child < heap->count; child = 2 * place + 1) {
		if (child + 1 < heap->count && is_before(context, items[child + 1], items[child]))
			child++;
		if (!is_before(context, items[child], moving))
			break;
		items[place] = items[child];
		place = child;
	}
	items[place] = moving;
}

/* Puts all items in order. */
static inline void pw_heap_build(struct pw_heap *heap, pw_heap_is_before is_before, const void *context)
{
	for (size_t place = heap->count / 2; place-- > 0;)
		pw_heap_sink(heap, place, is_before, context);
}

/* Removes the first item of a heap that is not empty. */
static inline void pw_heap_pop(struct pw_heap *heap, pw_heap_is_before is_before, const void *context)
{
	heap->items[0] = heap->items[--heap->count];
	pw_heap_sink(heap, 0, is_before, context);
}

#endif
