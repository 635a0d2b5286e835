/* SPDX-License-Identifier: GPL-2.0-only */
/* A place with a mark, as user space describes it to the kernel side. */
#ifndef PW_MARK_SITE_H
#define PW_MARK_SITE_H

#include "shared/event.h"

#define PW_MARK_SITES 4096

/* Where the value of a mark is, from a note's "-4@8(%rbp)" and the like. */
enum pw_operand_kind {
	PW_OPERAND_NONE, /* there is no value, or it cannot be read */
	PW_OPERAND_CONSTANT, /* offset itself */
	PW_OPERAND_REGISTER, /* the register base */
	PW_OPERAND_MEMORY, /* at base + index * scale + offset */
};

struct pw_operand {
	__pw_u64 offset;
	/* Registers: the offset in struct pt_regs, or PW_NO_REGISTER. */
	__pw_u16 base, index;
	__pw_u8 kind; /* enum pw_operand_kind */
	__pw_u8 size; /* 1, 2, 4 or 8 bytes */
	__pw_u8 is_signed;
	__pw_u8 scale; /* as a shift: 0 to 3 */
};

#define PW_NO_REGISTER 0xffff

struct pw_mark_site {
	struct pw_operand value;
	__pw_u32 name; /* the number of its name */
	__pw_u32 pad;
};

#endif
