/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/bytes.h"

bool pw_bytes_grow(struct pw_bytes *b, size_t more)
{
	size_t room = b->room ? b->room * 2 : 4096;
	uint8_t *at;

	if (b->failed)
		return false;
	while (room - b->n < more)
		room *= 2;
	at = realloc(b->at, room);
	if (!at) {
		b->failed = true;
		return false;
	}
	b->at = at;
	b->room = room;
	return true;
}
