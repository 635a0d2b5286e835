/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The marks an ELF file has: its notes of USDT probes whose provider is
 * "procwatch" (sys/sdt.h's format: note "stapsdt", type 3). A file may come from
 * anyone: nothing in it is believed.
 */
#ifndef PW_NOTES_H
#define PW_NOTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "shared/mark_site.h"

struct pw_note {
	uint64_t offset; /* of the nop, in the file */
	uint64_t semaphore; /* offset of the counter that says whether somebody listens; 0: none */
	char name[PW_MARK_LEN]; /* longer ones are cut */
	struct pw_operand value; /* the probe's first argument */
};

struct pw_notes {
	struct pw_note *at;
	size_t n;
};

/*
 * Reads the notes of an open file, whose position may change. No ELF file, none of
 * this machine, or one without marks has 0 of them. Returns 0, -ENOMEM, or
 * -EBADMSG: a note cannot be what it says; those before it are there. Freed with
 * pw_notes_free either way.
 */
int pw_notes_read(struct pw_notes *notes, int fd);
void pw_notes_free(struct pw_notes *notes);

/*
 * The first of a note's arguments ("-4@8(%rbp) 8@$5"). False: there is none, or it
 * cannot be looked up (a symbol, a floating-point register).
 */
bool pw_operand_parse(struct pw_operand *operand, const char *arguments);

#endif
