/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/perfetto/proto.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

enum wire { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2 };

void pw_proto_clear(struct pw_proto *p)
{
	p->used = 0;
}

void pw_proto_free(struct pw_proto *p)
{
	free(p->at);
	*p = (struct pw_proto){0};
}

/* Returns the n bytes it appends, uninitialised; NULL when memory is short. */
static uint8_t *extend(struct pw_proto *p, size_t n)
{
	/* The first reservation is exact, so it asks for what most messages need. */
	const size_t least = 256;
	size_t need;

	if (p->failed)
		return NULL;
	if (n > SIZE_MAX - p->used) {
		p->failed = true;
		return NULL;
	}
	need = p->used + n;
	if (pw_array_reserve(&p->at, &p->room, need > least ? need : least, 1)) {
		p->failed = true;
		return NULL;
	}
	p->used = need;
	return p->at + p->used - n;
}

size_t pw_proto_encode(uint8_t buf[static PW_VARINT_LONGEST], uint64_t value)
{
	size_t n = 0;

	while (value >= 0x80) {
		buf[n++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	buf[n++] = (uint8_t)value;
	return n;
}

void pw_proto_raw(struct pw_proto *p, const void *bytes, size_t n)
{
	uint8_t *to = extend(p, n);

	if (to && n)
		memcpy(to, bytes, n);
}

void pw_proto_varint(struct pw_proto *p, uint64_t value)
{
	uint8_t *to = extend(p, PW_VARINT_LONGEST);

	if (to)
		p->used -= PW_VARINT_LONGEST - pw_proto_encode(to, value);
}

static void put_key(struct pw_proto *p, unsigned int field, enum wire wire)
{
	pw_proto_varint(p, (uint64_t)field << 3 | wire);
}

void pw_proto_number(struct pw_proto *p, unsigned int field, uint64_t value)
{
	put_key(p, field, WIRE_VARINT);
	pw_proto_varint(p, value);
}

void pw_proto_fixed64(struct pw_proto *p, unsigned int field, uint64_t value)
{
	uint8_t *to;

	put_key(p, field, WIRE_FIXED64);
	to = extend(p, 8);
	for (int i = 0; to && i < 8; i++)
		to[i] = (uint8_t)(value >> 8 * i);
}

void pw_proto_bytes(struct pw_proto *p, unsigned int field, const void *bytes, size_t n)
{
	put_key(p, field, WIRE_BYTES);
	pw_proto_varint(p, n);
	pw_proto_raw(p, bytes, n);
}

void pw_proto_string(struct pw_proto *p, unsigned int field, const char *string)
{
	pw_proto_bytes(p, field, string, strlen(string));
}

/* Reserves one byte for the length: most messages are shorter than 128 bytes. */
size_t pw_proto_open(struct pw_proto *p, unsigned int field)
{
	put_key(p, field, WIRE_BYTES);
	extend(p, 1);
	return p->used;
}

void pw_proto_close(struct pw_proto *p, size_t start)
{
	uint8_t buf[PW_VARINT_LONGEST];
	size_t length, n;

	if (p->failed)
		return;
	length = p->used - start;
	n = pw_proto_encode(buf, length);
	if (n > 1 && !extend(p, n - 1))
		return;
	if (n > 1)
		memmove(p->at + start + n - 1, p->at + start, length);
	memcpy(p->at + start - 1, buf, n);
}
