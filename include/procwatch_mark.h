/* SPDX-License-Identifier: 0BSD */
/*
 * Marks: points in your program that procwatch shows on its timeline.
 *
 *	#include <procwatch_mark.h>
 *
 *	PROCWATCH_MARK("queue full");          a moment
 *	PROCWATCH_MARK_VALUE("put", item);     a moment with a number (signed, 64 bits)
 *	PROCWATCH_BEGIN("lock");               a section: the marks "lock.begin"
 *	PROCWATCH_END("lock");                 ... and "lock.end"
 *
 * A name is a string literal of 1 to 31 characters, without '%', '"' and '\'.
 *
 * A mark is one nop, and an ELF note that says where it is. While no tracer is attached, it
 * costs that nop and computing the value. It is a USDT probe of the provider "procwatch", so
 * perf, bpftrace, gdb and SystemTap find it too.
 *
 * This file needs no other file and no library. It works in C and C++, with gcc and clang, on
 * x86-64 and arm64. Elsewhere, or with PROCWATCH_NO_MARKS defined, marks compile to nothing.
 */
#ifndef PROCWATCH_MARK_H
#define PROCWATCH_MARK_H

#define PROCWATCH_BEGIN(name) PROCWATCH_MARK(name ".begin")
#define PROCWATCH_END(name)   PROCWATCH_MARK(name ".end")

#if defined(__ELF__) && (defined(__x86_64__) || defined(__aarch64__)) && !defined(PROCWATCH_NO_MARKS)

#define PROCWATCH_MARK(name)                                                                                 \
	do {                                                                                                 \
		PROCWATCH_CHECK_NAME_(name);                                                                 \
		__asm__ __volatile__(PROCWATCH_NOTE_(name, "")::);                                           \
	} while (0)

/* The value is in a register or a constant: not every reader of notes can follow other operands. */
#define PROCWATCH_MARK_VALUE(name, value)                                                                    \
	do {                                                                                                 \
		PROCWATCH_CHECK_NAME_(name);                                                                 \
		__asm__ __volatile__(PROCWATCH_NOTE_(name, "-8@%0")::"nr"((long long)(value)));              \
	} while (0)

#define PROCWATCH_CHECK_NAME_(name) ((void)sizeof(char[sizeof(name) > 1 && sizeof(name) <= 32 ? 1 : -1]))

/*
 * The nop, and the note that says where it is. The format is SystemTap's (note "stapsdt",
 * type 3): the address of the nop, the address of a section that reveals prelinking, no
 * semaphore; then provider, name and arguments.
 */
#define PROCWATCH_NOTE_(name, arguments)                                                                     \
	"990:	nop\n"                                                                                         \
	"	.pushsection .note.stapsdt, \"?\", \"note\"\n"                                                     \
	"	.balign 4\n"                                                                                       \
	"	.4byte 992f-991f, 994f-993f, 3\n"                                                                  \
	"991:	.asciz \"stapsdt\"\n"                                                                          \
	"992:	.balign 4\n"                                                                                   \
	"993:	.8byte 990b, _.stapsdt.base, 0\n"                                                              \
	"	.asciz \"procwatch\"\n"                                                                            \
	"	.asciz \"" name "\"\n"                                                                       \
	"	.asciz \"" arguments "\"\n"                                                                  \
	"994:	.balign 4\n"                                                                                   \
	"	.popsection\n"                                                                                     \
	"	.ifndef _.stapsdt.base\n"                                                                          \
	"	.pushsection .stapsdt.base, \"aG\", \"progbits\", .stapsdt.base, comdat\n"                         \
	"	.weak _.stapsdt.base\n"                                                                            \
	"	.hidden _.stapsdt.base\n"                                                                          \
	"_.stapsdt.base:\n"                                                                                  \
	"	.space 1\n"                                                                                        \
	"	.size _.stapsdt.base, 1\n"                                                                         \
	"	.popsection\n"                                                                                     \
	"	.endif\n"

#else

#define PROCWATCH_MARK(name)		  ((void)0)
#define PROCWATCH_MARK_VALUE(name, value) ((void)sizeof(value))

#endif
#endif
