/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The languages of procwatch's reports. The English text is the key to all others, and
 * stands in for what is not translated. The language is an argument wherever words are
 * made: one run may write a Chinese page and an English JSON document.
 * docs/translating.md explains how a translation is made, and why the C library's
 * gettext() does not read it.
 */
#ifndef PW_LANG_H
#define PW_LANG_H

#include <stdbool.h>

enum pw_language { PW_ENGLISH, PW_CHINESE, PW_LANGUAGE_COUNT };

/* Marks a constant, which is translated where it is used. */
#define N_(text) text
/* Two constants, of one thing and of more, for pw_lang_count. */
#define N2_(one, more) one, more

/* The text in a language, or the English one where it is not translated. Valid as long as the program runs. */
const char *pw_lang_text(enum pw_language language, const char *english) __attribute__((format_arg(2)));
/* The same, for a text that stands in the source and is marked by this. */
#define tr(language, text) pw_lang_text(language, text)
/* The same for a text about n things: one stands for n = 1, more for any other number. */
const char *pw_lang_count(enum pw_language language, const char *one, const char *more, unsigned long n)
	__attribute__((format_arg(2), format_arg(3)));

/* "en", "zh": what --lang takes. */
const char *pw_lang_name(enum pw_language language);
/* The language of that name; -EINVAL if there is none. */
int pw_lang_find(const char *name);
/* What LC_ALL, else LC_MESSAGES, else LANG asks for; English where procwatch does not speak it. */
enum pw_language pw_lang_of_locale(void);
/* Whether text goes out as UTF-8, by the locale, or by its name where it is not installed. */
bool pw_lang_is_utf8(void);

#endif
