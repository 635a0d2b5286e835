/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An encoder of Protocol Buffers, as far as a trace needs one.
 *
 * A message grows in one buffer, which the next message reuses. Nested messages are
 * opened and closed in place, and every number and length takes as few bytes as it can.
 * A failed allocation sets `failed`, and every later call does nothing: the caller
 * checks once, at the end.
 */
#ifndef PW_PERFETTO_PROTO_H
#define PW_PERFETTO_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most bytes of an encoded number. */
#define PW_VARINT_LONGEST 10

/* All zero is an empty message. */
struct pw_proto {
	uint8_t *at;
	size_t used, room;
	bool failed;
};

/* Empties the message; the buffer stays allocated. */
void pw_proto_clear(struct pw_proto *p);
void pw_proto_free(struct pw_proto *p);

/* A number without a key, for packed fields: seven bits a byte, the low ones first. */
void pw_proto_varint(struct pw_proto *p, uint64_t value);
/* A field of type int32, int64, uint32, uint64, bool or enum. */
void pw_proto_number(struct pw_proto *p, unsigned int field, uint64_t value);
void pw_proto_fixed64(struct pw_proto *p, unsigned int field, uint64_t value);
/* A field of type string or bytes, a packed one, or an encoded message. */
void pw_proto_bytes(struct pw_proto *p, unsigned int field, const void *bytes, size_t n);
void pw_proto_string(struct pw_proto *p, unsigned int field, const char *string);
/* Encoded fields, with their keys. */
void pw_proto_raw(struct pw_proto *p, const void *bytes, size_t n);

/* Opens a nested message, which holds all that is written until pw_proto_close gets the returned start. */
size_t pw_proto_open(struct pw_proto *p, unsigned int field);
void pw_proto_close(struct pw_proto *p, size_t start);

/* Encodes one number into buf and returns its length in bytes. */
size_t pw_proto_encode(uint8_t buf[static PW_VARINT_LONGEST], uint64_t value);

#endif
