/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The file: a head, then sections, each with a head of its own. All numbers of
 * fixed size are little-endian. docs/recording.md explains.
 */
#ifndef PW_RECORDING_LAYOUT_H
#define PW_RECORDING_LAYOUT_H

#include <stdint.h>

/* As PNG's: the first byte is no text, the line ends show what a text mode did to them. */
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

/* Of one block: what a crash may cost, and what a reader must hold in memory. */
#define PW_BLOCK_EVENTS 65536u
#define PW_BLOCK_BYTES	(4u << 20) /* no more is begun once it is so long, unpacked */
#define PW_BLOCK_MAX	(8u << 20) /* longer ones are refused */
#define PW_BLOCK_NS	2000000000u

/* Blocks an index section tells of, at most: it is held in memory until then. */
#define PW_INDEX_BLOCKS 512u

/* What an event's fields are split into: like goes with like, and is packed by itself. */
enum pw_lane {
	PW_LANE_KIND, /* a byte each */
	PW_LANE_FLAGS, /* a byte each */
	PW_LANE_CPU, /* varint */
	PW_LANE_TASK, /* varint: the number of a task in this block; 0: a new one, in BODY */
	PW_LANE_TIME_LOW, /* since the event before: the lowest byte */
	PW_LANE_TIME_HIGH, /* varint: the rest */
	PW_LANE_MARKS, /* SWITCH: a byte of enum pw_switch_bit */
	PW_LANE_STATE, /* SWITCH: a byte: the number of a way to leave the CPU; 0: a new one, in ODD */
	PW_LANE_RUN_LOW, /* SWITCH: run time less what was expected: the lowest byte */
	PW_LANE_RUN_HIGH,
	PW_LANE_WOKEN_LOW, /* SWITCH: from the wake-up to the switch */
	PW_LANE_WOKEN_HIGH,
	PW_LANE_ODD, /* SWITCH: what was not as expected */
	PW_LANE_BODY, /* all other kinds: length and fields */
	PW_LANE_COUNT,
};

/* What of a switch could not be foretold and is written out. */
enum pw_switch_bit {
	PW_SWITCH_BIT_PREV = 1 << 0, /* prev is not the task that came to this CPU last: in TASK */
	PW_SWITCH_BIT_COUNTERS = 1 << 1, /* its counters of switches: in ODD */
	PW_SWITCH_BIT_WOKEN = 1 << 2, /* next was woken: in WOKEN */
	PW_SWITCH_BIT_WAKER = 1 << 3, /* not by whom it was woken before: in ODD */
};

#endif
