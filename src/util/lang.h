/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The languages in which procwatch speaks of processes. The English text is the key to
 * all others, and stands in for what is not translated. docs/translating.md tells how
 * a translation is made, and why the C library's gettext() is not what reads it.
 *
 * Which language is spoken is a state of the program, as the locale is of the C library.
 */
#ifndef PW_LANG_H
#define PW_LANG_H

#include <stdbool.h>

enum pw_language { PW_ENGLISH, PW_CHINESE, PW_LANGUAGE_COUNT };

/* Marks a text and translates it; marks one that is translated where it is used, because it is a constant. */
#define _(text)	 pw_lang_text(text)
#define N_(text) text
/* Two constants: of one thing and of more, for pw_lang_count. */
#define N2_(one, more) one, more

/* The text in a language; the English one where it is not translated. Valid as long as the program. */
const char *pw_lang_text_in(enum pw_language language, const char *english) __attribute__((format_arg(2)));
/* The text in the language spoken. Valid as long as the program. */
const char *pw_lang_text(const char *english) __attribute__((format_arg(1)));
/* The same, short. */
#define tr(language, text) pw_lang_text_in(language, text)
/* The same of a text about n things: English for one, English for more. */
const char *pw_lang_count_in(enum pw_language language, const char *one, const char *more, unsigned long n)
	__attribute__((format_arg(2), format_arg(3)));
/* The same of a text about n things: English for one, English for more. */
const char *pw_lang_count(const char *one, const char *more, unsigned long n)
	__attribute__((format_arg(1), format_arg(2)));

/* From now on; returns what was spoken before. */
enum pw_language pw_lang_speak(enum pw_language language);
enum pw_language pw_lang_spoken(void);

/* "en", "zh": what --lang takes. */
const char *pw_lang_name(enum pw_language language);
/* The language of that name; -EINVAL if there is none. */
int pw_lang_find(const char *name);
/* What LC_ALL, else LC_MESSAGES, else LANG asks for; English where procwatch does not speak it. */
enum pw_language pw_lang_of_locale(void);
/* Whether text goes out as UTF-8, by the locale, or by its name where it is not installed. */
bool pw_lang_is_utf8(void);

#endif
