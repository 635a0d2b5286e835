/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sentences of the text report and the SVG: templates as util/sentence.h describes them, with
 * texts in their gaps that are already escaped for the output.
 */
#ifndef PW_PLOT_SENTENCE_H
#define PW_PLOT_SENTENCE_H

#include "util/lang.h"
#include "util/sentence.h"
#include "util/text.h"

/* Fills one gap. A NULL or empty text means that the value is unknown. */
struct pw_gap {
	const char *name;
	const char *text;
};

/*
 * Appends the first sentence of the table whose condition holds. Both arrays end with a
 * row of NULLs. Nothing is appended if no condition holds.
 */
void pw_plot_sentence(enum pw_language language, struct pw_text *t, const struct pw_sentence *table,
		      const struct pw_gap *gaps);

#endif
