/* SPDX-License-Identifier: GPL-2.0-only */
/* Single values of facts, as the gaps and conditions of sentences need them. */
#ifndef PW_WORDS_VALUES_H
#define PW_WORDS_VALUES_H

#include "analysis/fact.h"
#include "util/lang.h"
#include "util/text.h"

/*
 * The parts that a value has:
 *   a process   pid, comm
 *   a time      bare (without "at most"); in conditions also bound: exact, at_most, at_least
 *   a text      quoted (in quotes if it has a space)
 */

/* True if it has that part (NULL: all of it), and the part is known. */
bool pw_value_known(const struct pw_value *value, const char *part);
/* True if the value, or its bound, reads as the word of that length in bytes. */
bool pw_value_reads(const struct pw_value *value, const char *part, const char *word, size_t length);
/* Appends it, or its part; nothing if it is unknown. Names are raw bytes from outside. */
void pw_value_write(enum pw_language language, const struct pw_value *value, const char *part,
		    struct pw_text *out);

#endif
