/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes to be written, and bytes to be read. Both remember an error, so that callers
 * handle a whole record and check once.
 */
#ifndef PW_RECORDING_BYTES_H
#define PW_RECORDING_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define PW_VARINT_MAX 10

/* ---- out */

struct pw_bytes {
	uint8_t *at;
	size_t n, room;
	/* Memory was short. */
	bool failed;
};

bool pw_bytes_grow(struct pw_bytes *b, size_t more);

/* Makes room for so many more bytes; false: memory is short, and b->failed is set. */
static inline bool pw_reserve(struct pw_bytes *b, size_t more)
{
	return b->room - b->n >= more || pw_bytes_grow(b, more);
}

static inline void pw_put_u8(struct pw_bytes *b, uint8_t value)
{
	if (pw_reserve(b, 1))
		b->at[b->n++] = value;
}

static inline void pw_put(struct pw_bytes *b, const void *bytes, size_t n)
{
	if (n && pw_reserve(b, n)) {
		memcpy(b->at + b->n, bytes, n);
		b->n += n;
	}
}

/* Seven bits a byte, the lowest first; the top bit says that more follow. */
static inline void pw_put_varint(struct pw_bytes *b, uint64_t value)
{
	if (!pw_reserve(b, PW_VARINT_MAX))
		return;
	while (value >= 0x80) {
		b->at[b->n++] = (uint8_t)(value | 0x80);
		value >>= 7;
	}
	b->at[b->n++] = (uint8_t)value;
}

static inline void pw_put_le(struct pw_bytes *b, uint64_t value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		pw_put_u8(b, (uint8_t)(value >> (8 * i)));
}

/* ---- in */

struct pw_taker {
	const uint8_t *at, *end;
	/* More bytes were taken than there are, or a number is malformed. */
	bool bad;
};

static inline size_t pw_left(const struct pw_taker *t)
{
	return (size_t)(t->end - t->at);
}

static inline uint8_t pw_take_u8(struct pw_taker *t)
{
	if (t->at == t->end) {
		t->bad = true;
		return 0;
	}
	return *t->at++;
}

/* The next n bytes; NULL: there are not so many. */
static inline const uint8_t *pw_take(struct pw_taker *t, size_t n)
{
	const uint8_t *at = t->at;

	if (pw_left(t) < n) {
		t->bad = true;
		return NULL;
	}
	t->at += n;
	return at;
}

static inline uint64_t pw_take_varint(struct pw_taker *t)
{
	uint64_t value = 0;

	for (unsigned int shift = 0; shift < 64; shift += 7) {
		const uint8_t byte = pw_take_u8(t);

		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	t->bad = true;
	return 0;
}

static inline uint64_t pw_take_le(struct pw_taker *t, size_t n)
{
	const uint8_t *bytes = pw_take(t, n);
	uint64_t value = 0;

	for (size_t i = 0; bytes && i < n; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	return value;
}

/* ---- zigzag: signed numbers near 0 become small unsigned ones */

static inline uint64_t pw_zigzag(uint64_t value)
{
	return value << 1 ^ (0 - (value >> 63));
}

static inline uint64_t pw_unzigzag(uint64_t value)
{
	return value >> 1 ^ (0 - (value & 1));
}

#endif
