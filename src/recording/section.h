/* SPDX-License-Identifier: GPL-2.0-only */
/* Sections: the parts of the file, whatever is in them. */
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
};

/*
 * Reads the next section. Returns 1; 0 at the end of the file; -ENODATA if the file
 * ends within the section; -EBADMSG if a checksum is wrong; -ENOMEM; or the negative
 * errno of a read. The caller frees s->body.at in the end.
 */
int pw_read_section(FILE *in, struct pw_section *s);
/* Reads the head of the file. Returns as above, 0 for an empty file, -EPROTO if it is no recording. */
int pw_read_file_head(FILE *in, unsigned int *major, unsigned int *minor);

/* A session as the body of a section, and back. */
int pw_session_pack(const struct pw_session *s, struct pw_bytes *out);

struct pw_session_store;
/* Returns 0, -ENOMEM or -EBADMSG; free with pw_session_free either way. */
int pw_session_unpack(struct pw_session_store **store, const uint8_t *body, size_t n);
const struct pw_session *pw_session_get(const struct pw_session_store *store);
void pw_session_free(struct pw_session_store *store);

#endif
