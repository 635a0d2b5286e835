/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/plot/sentence.h"

#include <string.h>

/* The text of a gap; NULL if it is unknown. */
static const char *find(const void *context, const char *name)
{
	for (const struct pw_gap *gap = context; gap->name; gap++)
		if (!strcmp(gap->name, name))
			return gap->text && *gap->text ? gap->text : NULL;
	return NULL;
}

static bool known(const void *context, const char *name)
{
	return find(context, name) != NULL;
}

static bool reads(const void *context, const char *name, const char *word, size_t length)
{
	const char *text = find(context, name);

	return text && strlen(text) == length && !memcmp(text, word, length);
}

static void write_gap(const void *context, const char *name, const char *part, struct pw_text *out)
{
	const char *text = find(context, name);

	(void)part;
	if (text)
		pw_text_add(out, text);
}

/* Ranges are texts of their own here: no template asks for one. */
static void write_range(const void *context, const char *least, const char *most, struct pw_text *out)
{
	(void)context;
	(void)least;
	(void)most;
	(void)out;
}

void pw_plot_sentence(enum pw_language language, struct pw_text *t, const struct pw_sentence *table,
		      const struct pw_gap *gaps)
{
	const struct pw_sentence_values values = {known, reads, write_gap, write_range, gaps};

	for (; table->text; table++) {
		if (!pw_sentence_holds(table->when, &values))
			continue;
		pw_sentence_write(tr(language, table->text), &values, t);
		return;
	}
}
