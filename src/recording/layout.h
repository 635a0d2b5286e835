/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file: a head, then sections, each with its own head. Numbers of fixed size are
 * little-endian. docs/recording.md describes the format.
 */
#ifndef PW_RECORDING_LAYOUT_H
#define PW_RECORDING_LAYOUT_H

#include <stdint.h>

/* As in PNG: the first byte is not text, and the line ends reveal a transfer in text mode. */
#define PW_MAGIC	"\x89PWT\r\n\x1a\n"
#define PW_MAGIC_LEN	8
#define PW_FORMAT_MAJOR 1
#define PW_FORMAT_MINOR 1 /* 1: MARK and MARK_NAME; SIGNAL has status_told and wait_status */
/* Magic, major and minor (u16 each), CRC of these. */
#define PW_FILE_HEAD_LEN 16

/* Type, length, CRC of the body, CRC of this head up to here: u32 each. */
#define PW_SECTION_HEAD_LEN 16
#define PW_SECTION_MAX	    (64u << 20)

#define PW_FOURCC(a, b, c, d) ((uint32_t)(a) | (uint32_t)(b) << 8 | (uint32_t)(c) << 16 | (uint32_t)(d) << 24)
#define PW_SECTION_SESSION    PW_FOURCC('S', 'E', 'S', 'S')
#define PW_SECTION_EVENTS     PW_FOURCC('E', 'V', 'T', 'S')
#define PW_SECTION_INDEX      PW_FOURCC('I', 'N', 'D', 'X')
#define PW_SECTION_END	      PW_FOURCC('E', 'N', 'D', ' ')

/*
 * Limits of one block: what a crash may cost, and what a reader holds in memory. A
 * block is complete at PW_BLOCK_BYTES, unpacked; a reader refuses PW_BLOCK_MAX.
 */
#define PW_BLOCK_EVENTS 65536u
#define PW_BLOCK_BYTES	(4u << 20)
#define PW_BLOCK_MAX	(8u << 20)
#define PW_BLOCK_NS	2000000000u

/* At most so many blocks in one index section, which is held in memory until then. */
#define PW_INDEX_BLOCKS 512u

/* clang-format off */

/* The fields of events, each packed by itself with its like. */
enum pw_lane {
	PW_LANE_KIND,       /* a byte each */
	PW_LANE_FLAGS,      /* a byte each */
	PW_LANE_CPU,        /* varint */
	PW_LANE_TASK,       /* varint: the number of a task in this block; 0: a new one, in BODY */
	PW_LANE_TIME_LOW,   /* since the event before: the lowest byte */
	PW_LANE_TIME_HIGH,  /* varint: the rest */
	PW_LANE_BITS,       /* SWITCH: a byte of enum pw_switch_bit */
	PW_LANE_STATE,      /* SWITCH: a byte: the number of a way to leave the CPU; 0: a new one, in ODD */
	PW_LANE_RUN_LOW,    /* SWITCH: run time less the expected one: the lowest byte */
	PW_LANE_RUN_HIGH,   /* varint: the rest */
	PW_LANE_WOKEN_LOW,  /* SWITCH: from the wake-up to the switch: the lowest byte */
	PW_LANE_WOKEN_HIGH, /* varint: the rest */
	PW_LANE_ODD,        /* SWITCH: what differs from the expected */
	PW_LANE_BODY,       /* all other kinds: length and fields */
	PW_LANE_COUNT,
};

/* What of a switch differs from the expected and is therefore written. */
enum pw_switch_bit {
	PW_SWITCH_BIT_PREV     = 1 << 0, /* prev is not the task on this CPU: in TASK */
	PW_SWITCH_BIT_COUNTERS = 1 << 1, /* prev's counts of switches: in ODD */
	PW_SWITCH_BIT_WOKEN    = 1 << 2, /* next was woken: in WOKEN */
	PW_SWITCH_BIT_WAKER    = 1 << 3, /* next has another waker than the last time: in ODD */
};

/* clang-format on */

#endif
