/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/findings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "report/words/words.h"

int findings_setup(void **state)
{
	struct findings_test *s = test_calloc(1, sizeof(*s));

	s->m = pw_model_new();
	if (!s->m)
		return -1;
	ev_begin(&s->ev, model_sink, s->m);
	*state = s;
	return 0;
}

int findings_teardown(void **state)
{
	struct findings_test *s = *state;

	pw_text_free(&s->text);
	pw_findings_free(&s->f);
	pw_model_free(s->m);
	test_free(s);
	return 0;
}

struct findings_test *parent_runs(void **state)
{
	struct findings_test *s = *state;

	ev_fork(&s->ev, 1 * MS, 1, 10, "parent");
	ev_on(&s->ev, 1 * MS, 0, 10);
	return s;
}

void child_ends(struct findings_test *s, uint64_t from, uint32_t pid, uint32_t status)
{
	ev_fork(&s->ev, from - 1000, 10, pid, "child");
	ev_on(&s->ev, from - 900, 1, pid);
	ev_exit(&s->ev, from - 100, pid, status);
	ev_notice(&s->ev, from, pid, 10);
	ev_die(&s->ev, from + 10, pid, 0x20);
}

/* The sentences of a finding, in English; until the next call. */
static const char *text_of(struct findings_test *s, const struct pw_finding *f)
{
	pw_text_clear(&s->text);
	assert_true(pw_words_finding(PW_ENGLISH, f, &s->text));
	return pw_text_get(&s->text);
}

/* Every finding has sentences in every language, and no gap in them is empty or unknown. */
static void assert_all_have_words(const struct pw_findings *f)
{
	static const char *const signs[] = {"{", "}", "[", "]", "  ", " ,", " ."};

	for (size_t i = 0; i < f->count; i++) {
		for (int language = 0; language < PW_LANGUAGE_COUNT; language++) {
			struct pw_text text = {0};

			assert_true(pw_words_finding((enum pw_language)language, &f->at[i], &text));
			assert_true(text.length > 0);
			for (size_t k = 0; k < sizeof(signs) / sizeof(signs[0]); k++)
				if (strstr(pw_text_get(&text), signs[k]))
					fail_msg("'%s' is in: %s", signs[k], pw_text_get(&text));
			pw_text_free(&text);
		}
	}
}

void find_all(struct findings_test *s, uint64_t end)
{
	assert_int_equal(s->ev.result, 0);
	assert_int_equal(pw_model_finish(s->m, end), 0);
	assert_int_equal(pw_findings_make(&s->f, s->m, end), 0);
	assert_all_have_words(&s->f);
}

const struct pw_finding *only_finding(struct findings_test *s, const char *code)
{
	const struct pw_finding *found = NULL;

	for (size_t i = 0; i < s->f.count; i++) {
		const struct pw_finding *f = &s->f.at[i];

		if (strcmp(f->fact.code, code) == 0) {
			assert_null(found);
			found = f;
		} else if (strcmp(f->fact.code, "alive") != 0 || f->pid != 10) {
			fail_msg("%s: %s", f->fact.code, text_of(s, f));
		}
	}
	if (!found)
		fail_msg("no finding %s", code);
	return found;
}

void assert_says(struct findings_test *s, const struct pw_finding *f, const char *words)
{
	const char *text = text_of(s, f);

	if (!strstr(text, words))
		fail_msg("'%s' is not in: %s", words, text);
}

void assert_reads(struct findings_test *s, const struct pw_finding *f, const char *expected)
{
	assert_string_equal(text_of(s, f), expected);
}

const struct pw_finding *first_finding(const struct findings_test *s, const char *code)
{
	for (size_t i = 0; i < s->f.count; i++)
		if (strcmp(s->f.at[i].fact.code, code) == 0)
			return &s->f.at[i];
	fail_msg("no finding %s", code);
	return NULL;
}
