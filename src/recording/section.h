/* SPDX-License-Identifier: GPL-2.0-only */
/* Sections: what stands in the file, whatever it is. */
#ifndef PW_RECORDING_SECTION_H
#define PW_RECORDING_SECTION_H

#include <stdio.h>

#include "recording/bytes.h"
#include "recording/layout.h"

struct pw_session;

/* Writes the head of the file, or a section. Returns 0 or a negative errno. */
int pw_write_file_head(FILE *out);
int pw_write_section(FILE *out, uint32_t type, const struct pw_bytes *body);

struct pw_section {
	uint32_t type;
	struct pw_bytes body;
	uint64_t offset; /* where its head begins */
};

/*
 * Reads the next section. Returns 1; 0 at the end of the file; -ENODATA: the file
 * ends within it; -EBADMSG: a checksum is wrong; -ENOMEM; or the errno of a read.
 * The body is the section's, to be freed at last.
 */
int pw_read_section(FILE *in, struct pw_section *s);
/* Reads the file's head. Returns 1; 0: nothing at all; else as above; -EPROTO: not ours; *major and *minor. */
int pw_read_file_head(FILE *in, unsigned int *major, unsigned int *minor);

/* A session as the body of a section; and back, everything in one allocation list. */
int pw_session_pack(const struct pw_session *s, struct pw_bytes *out);

struct pw_session_store;
/* Returns 0, -ENOMEM or -EBADMSG; free with pw_session_free either way. */
int pw_session_unpack(struct pw_session_store **store, const uint8_t *body, size_t n);
const struct pw_session *pw_session_get(const struct pw_session_store *store);
void pw_session_free(struct pw_session_store *store);

#endif
