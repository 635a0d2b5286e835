/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fields of all kinds of records but switches, in the order in which they are
 * written, each with its expected value: only the difference is written. A newer
 * minor version may append fields to a record, never change them.
 */
#ifndef PW_RECORDING_FIELDS_H
#define PW_RECORDING_FIELDS_H

#include <stddef.h>
#include <stdint.h>

#include "recording/tasks.h"

enum pw_field_type {
	PW_NUMBER, /* varint of the zigzag of the difference */
	PW_TEXT, /* varint 0: as expected; else its length + 1 and its bytes without the NUL */
	PW_ARGV, /* the last field of EXEC; as PW_TEXT, with its NULs */
};

/* The expected value of a field. OWN: of the record's subject; HERE: of the task on the record's CPU. */
enum pw_expectation {
	PW_ZERO, /* or empty */
	PW_LAST, /* as in the last record of this kind in the block */
	PW_TS, /* the record's time */
	PW_OWN_TID,
	PW_OWN_TGID,
	PW_OWN_PARENT,
	PW_OWN_PARENT_START,
	PW_OWN_COMM,
	PW_OWN_RUNTIME, /* as if it left its CPU now */
	PW_OWN_NVCSW,
	PW_OWN_NIVCSW,
	PW_HERE_TID,
	PW_HERE_TGID,
	PW_HERE_START,
	PW_HERE_COMM,
};

struct pw_field {
	uint16_t offset, size;
	bool is_signed;
	enum pw_field_type type;
	enum pw_expectation expected;
};

struct pw_fields {
	const struct pw_field *at;
	size_t n;
};

/* By kind. */
extern const struct pw_fields pw_fields[PW_EV_KIND_COUNT];

#define PW_MAX_FIELDS 17

/* The numbers in the last record of each kind in the block. */
struct pw_last {
	uint64_t at[PW_EV_KIND_COUNT][PW_MAX_FIELDS];
};

/* The expected value of field i of an event, whose head is filled; number: that of its subject. */
uint64_t pw_expect_number(const struct pw_tasks *t, const struct pw_last *last, const struct pw_event *event,
			  uint32_t number, size_t i);
const char *pw_expect_text(const struct pw_tasks *t, const struct pw_event *event, uint32_t number, size_t i);

#endif
