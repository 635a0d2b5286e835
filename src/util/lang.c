/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/lang.h"

#include <errno.h>
#include <langinfo.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "util/catalogue.h"

static const struct {
	const char *name;
	const unsigned char *catalogue; /* NULL: the texts as they stand in the source */
} languages[] = {
	[PW_ENGLISH] = {"en", NULL},
	[PW_CHINESE] = {"zh", pw_catalogue_zh},
};

/* ---- catalogues: what msgfmt makes (GNU gettext, "The Format of GNU MO Files") */

struct header {
	uint32_t magic, revision, count, texts, translations; /* the last two: where the tables are */
};

struct entry {
	uint32_t length, at;
};

static struct entry entry_of(const unsigned char *catalogue, uint32_t table, uint32_t index)
{
	struct entry entry;

	memcpy(&entry, catalogue + table + index * sizeof(entry), sizeof(entry));
	return entry;
}

/*
 * The texts are sorted. One with a form for more than one thing ends for strcmp
 * where the form for one does, and so it is found by that.
 */
static const char *look_up(const unsigned char *catalogue, const char *english)
{
	struct header header;
	uint32_t low = 0, high;

	memcpy(&header, catalogue, sizeof(header));
	high = header.count;
	while (low < high) {
		const uint32_t middle = low + (high - low) / 2;
		const struct entry entry = entry_of(catalogue, header.texts, middle);
		const int order = strcmp(english, (const char *)catalogue + entry.at);

		if (order == 0)
			return (const char *)catalogue + entry_of(catalogue, header.translations, middle).at;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *pw_lang_text(enum pw_language language, const char *english)
{
	const unsigned char *catalogue = languages[language].catalogue;
	/* The empty text is the key to the catalogue's own header. */
	const char *translation = catalogue && *english ? look_up(catalogue, english) : NULL;

	return translation ? translation : english;
}

/* Chinese has one form for any number of things, and that is the catalogue's first. */
const char *pw_lang_count(enum pw_language language, const char *one, const char *more, unsigned long n)
{
	const char *translation = pw_lang_text(language, one);

	return translation == one && n != 1 ? more : translation;
}

/* ---- which language is asked for */

const char *pw_lang_name(enum pw_language language)
{
	return languages[language].name;
}

int pw_lang_find(const char *name)
{
	for (int i = 0; i < PW_LANGUAGE_COUNT; i++)
		if (!strcmp(name, languages[i].name))
			return i;
	return -EINVAL;
}

/* The name of the locale in a category, as setlocale would take it from the environment. */
static const char *locale_name(const char *category)
{
	const char *const variables[] = {"LC_ALL", category, "LANG"};

	for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
		const char *value = getenv(variables[i]);

		if (value && *value)
			return value;
	}
	return "C";
}

enum pw_language pw_lang_of_locale(void)
{
	const char *name = locale_name("LC_MESSAGES");

	for (int i = 0; i < PW_LANGUAGE_COUNT; i++) {
		const size_t length = strlen(languages[i].name);

		/* zh, zh_CN.UTF-8, zh@pinyin; but not zhx, another language */
		if (!strncmp(name, languages[i].name, length) && strcspn(name, "_.@") == length)
			return (enum pw_language)i;
	}
	return PW_ENGLISH;
}

/* Over ssh often comes the name of a locale that this machine does not have; its terminal does. */
bool pw_lang_is_utf8(void)
{
	const char *codeset = strchr(locale_name("LC_CTYPE"), '.');

	return !strcmp(nl_langinfo(CODESET), "UTF-8") ||
	       (codeset && (!strncasecmp(codeset, ".UTF-8", 6) || !strncasecmp(codeset, ".utf8", 5)));
}
