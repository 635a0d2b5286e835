/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Growing arrays. The owner keeps a pointer, the number of items in use and the
 * number of items there is room for, and frees the pointer with free():
 *
 *	err = pw_array_reserve(&list->items, &list->room, list->count + 1, sizeof(*list->items));
 *	if (err)
 *		return err;
 *	list->items[list->count++] = item;
 */
#ifndef PW_ARRAY_H
#define PW_ARRAY_H

#include <stddef.h>

/*
 * Makes room for at least `need` items of `item_size` bytes, which is not 0. `array` is the address
 * of the owner's pointer (T **), NULL for an empty array at first; the array may move.
 *
 * The room doubles, so that appending one item at a time takes linear time, but the
 * first reservation is exact: an array that never gets a second item stays small.
 * New items are not initialised.
 *
 * Returns 0 or -ENOMEM, also when the size in bytes does not fit a size_t; the array
 * and its room are then unchanged.
 */
int pw_array_reserve(void *array, size_t *room, size_t need, size_t item_size);

#endif
