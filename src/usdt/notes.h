/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads the marks of an ELF file: its notes of USDT probes whose provider is "procwatch", in
 * the format of sys/sdt.h (note "stapsdt", type 3). A file may come from anyone, so nothing
 * in it is trusted.
 */
#ifndef PW_NOTES_H
#define PW_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared/mark_site.h"

struct pw_note {
	/* The offset of the nop in the file. */
	uint64_t offset;
	/* The offset in the file of the counter of attached tracers; 0: none. */
	uint64_t semaphore;
	/* Longer names are cut. */
	char name[PW_MARK_LEN];
	/* The probe's first argument. */
	struct pw_operand value;
};

struct pw_notes {
	struct pw_note *at;
	size_t n, room;
};

/*
 * Reads the notes of an open file, whose position may change. A file without marks, of
 * another machine, or that is no ELF file has 0 notes. Returns 0, -ENOMEM, or -EBADMSG if a
 * note is damaged; notes then has those before it. Free it with pw_notes_free either way.
 */
int pw_notes_read(struct pw_notes *notes, int fd);
void pw_notes_free(struct pw_notes *notes);

/*
 * Parses the first of a note's arguments ("-4@8(%rbp) 8@$5"). Returns false if there is
 * none, or if a program cannot read it (a symbol, a floating-point register).
 */
bool pw_operand_parse(struct pw_operand *operand, const char *arguments);

#endif
