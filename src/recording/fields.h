/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fields of the records that come seldom, in the order in which they are
 * written. A newer minor version may append to a record, never change it.
 */
#ifndef PW_RECORDING_FIELDS_H
#define PW_RECORDING_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#include "event.h"

enum pw_field_type {
	PW_FIELD_NUMBER, /* varint */
	PW_FIELD_SIGNED, /* varint of the zigzag */
	PW_FIELD_TIME,	 /* 0: a byte 0; else a byte 1 and the varint of the event's time less this one */
	PW_FIELD_TEXT,	 /* varint: length; the bytes without the NUL */
	PW_FIELD_ARGV,	 /* of EXEC, its last one: varint: length; the bytes */
};

struct pw_field {
	uint16_t offset, size;
	enum pw_field_type type;
};

struct pw_fields {
	size_t size; /* of the record in memory; 0: this kind is not one of these */
	const struct pw_field *at;
	size_t n;
};

extern const struct pw_fields pw_fields[PW_EV_KIND_COUNT];

#endif
