/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/array.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int pw_array_reserve(void *array, size_t *room, size_t need, size_t item_size)
{
	size_t grown = need;
	void *items;

	if (need <= *room)
		return 0;
	if (*room <= SIZE_MAX / 2 && 2 * *room > need)
		grown = 2 * *room;
	if (!item_size || grown > SIZE_MAX / item_size)
		return -ENOMEM;
	/* memcpy: a T * must not be read or written through a void **. */
	memcpy(&items, array, sizeof(items));
	items = realloc(items, grown * item_size);
	if (!items)
		return -ENOMEM;
	memcpy(array, &items, sizeof(items));
	*room = grown;
	return 0;
}
