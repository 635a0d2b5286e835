/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Protocol Buffers on the wire: as much of an encoder as a trace needs.
 *
 * A message grows in one buffer, which is used again for the next. Nested
 * messages are opened and closed in place; every number and every length takes
 * as few bytes as it can. Memory that runs out is remembered (failed) and every
 * later call does nothing, so that a writer checks once, at the end.
 */
#ifndef PW_PERFETTO_PROTO_H
#define PW_PERFETTO_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty message. */
#define PW_VARINT_LONGEST 10

struct pw_proto {
	uint8_t *at;
	size_t used, room;
	bool failed;
};

/* Empties it and keeps its room. */
void pw_proto_clear(struct pw_proto *p);
void pw_proto_free(struct pw_proto *p);

/* A number alone: an element of a packed field. Seven bits a byte, the low ones first. */
void pw_proto_varint(struct pw_proto *p, uint64_t value);
/* int32, int64, uint32, uint64, bool and enum fields. */
void pw_proto_number(struct pw_proto *p, unsigned int field, uint64_t value);
void pw_proto_fixed64(struct pw_proto *p, unsigned int field, uint64_t value);
/* string and bytes fields, packed ones, and messages that are encoded already. */
void pw_proto_bytes(struct pw_proto *p, unsigned int field, const void *bytes, size_t n);
void pw_proto_string(struct pw_proto *p, unsigned int field, const char *string);
/* Whole fields, with their keys. */
void pw_proto_raw(struct pw_proto *p, const void *bytes, size_t n);

/* A nested message: what is written until it is closed belongs to it. Returns what pw_proto_close wants. */
size_t pw_proto_open(struct pw_proto *p, unsigned int field);
void pw_proto_close(struct pw_proto *p, size_t mark);

/* The bytes of a number; buf holds 10. Returns how many. */
size_t pw_proto_encode(uint8_t buf[static PW_VARINT_LONGEST], uint64_t value);

#endif
