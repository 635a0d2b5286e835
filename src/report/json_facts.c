/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/json_facts.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "report/json_common.h"
#include "report/words/words.h"
#include "util/kernel_names.h"

static void put_process(struct pw_json *j, const struct pw_value *value, uint64_t zero)
{
	pw_json_object(j);
	pw_field_u64(j, "pid", value->process.pid);
	pw_json_key(j, "start_ns");
	if (value->process.start)
		pw_json_difference(j, value->process.start, zero);
	else
		pw_json_null(j);
	pw_field_string(j, "comm", value->process.comm[0] ? value->process.comm : NULL);
	pw_json_end(j);
}

static void put_decimal(struct pw_json *j, double number)
{
	char text[32];
	int length;

	if (!isfinite(number)) {
		pw_json_null(j);
		return;
	}
	length = snprintf(text, sizeof(text), "%.3f", number);
	pw_json_verbatim(j, text, (size_t)length);
}

static void put_value(struct pw_json *j, const struct pw_value *value, uint64_t zero)
{
	switch (value->kind) {
	case PW_VALUE_COUNT:
	case PW_VALUE_NS:
	case PW_VALUE_TID:
		pw_json_u64(j, value->number);
		break;
	case PW_VALUE_MOMENT:
		pw_json_difference(j, value->number, zero);
		break;
	case PW_VALUE_INTEGER:
	case PW_VALUE_SIGNAL:
		pw_json_i64(j, value->integer);
		break;
	case PW_VALUE_PERCENT:
		put_decimal(j, value->percent);
		break;
	case PW_VALUE_RATIO:
		put_decimal(j, value->ratio);
		break;
	case PW_VALUE_PROCESS:
		put_process(j, value, zero);
		break;
	case PW_VALUE_SYSCALL:
		pw_json_string(j, pw_syscall_name((int)value->integer));
		break;
	case PW_VALUE_WORD:
		pw_json_string(j, value->word);
		break;
	case PW_VALUE_TEXT:
		pw_json_string(j, value->text);
		break;
	case PW_VALUE_UNKNOWN:
		pw_json_null(j);
		break;
	}
}

static void put_bound(struct pw_json *j, const struct pw_value *value)
{
	char key[PW_VALUE_TEXT_MAX];

	snprintf(key, sizeof(key), "%s_bound", value->name);
	pw_field_string(j, key, value->bound == PW_AT_MOST ? "at_most" : "at_least");
}

/* Writes the member that the value at that index begins: itself, or the array of all items of its name. */
static void put_named(struct pw_json *j, const struct pw_fact *fact, size_t first, uint64_t zero)
{
	const struct pw_value *value = &fact->values[first];

	pw_json_key(j, value->name);
	if (!value->item) {
		put_value(j, value, zero);
		if (value->bound != PW_EXACT)
			put_bound(j, value);
		return;
	}
	pw_json_array(j);
	for (size_t i = first; i < fact->count; i++)
		if (!strcmp(fact->values[i].name, value->name))
			put_value(j, &fact->values[i], zero);
	pw_json_end(j);
}

void pw_field_values(struct pw_json *j, const struct pw_fact *fact, uint64_t zero)
{
	for (size_t i = 0; i < fact->count; i++)
		if (pw_fact_value(fact, fact->values[i].name) == &fact->values[i])
			put_named(j, fact, i, zero);
}

/* Writes a member that is a text, and frees the text. */
static void field_words(struct pw_json *j, const char *key, struct pw_text *words)
{
	if (words->failed && !j->err)
		j->err = -ENOMEM;
	pw_field_string(j, key, pw_text_get(words));
	pw_text_free(words);
}

static void put_finding(struct pw_json *j, const struct pw_finding *finding, enum pw_language language,
			uint64_t zero)
{
	struct pw_text words = {0};

	pw_json_line(j);
	pw_json_object(j);
	pw_field_string(j, "code", finding->fact.code);
	pw_field_string(j, "severity", finding->severity == PW_WARNING ? "warning" : "note");
	pw_field_pid(j, "pid", finding->pid);
	pw_words_finding(language, finding, &words);
	field_words(j, "text", &words);
	pw_json_key(j, "start_ns");
	if (finding->pid)
		pw_json_difference(j, finding->start, zero);
	else
		pw_json_null(j);
	pw_json_key(j, "facts");
	pw_json_object(j);
	pw_field_values(j, &finding->fact, zero);
	pw_json_end(j);
	pw_json_end(j);
}

void pw_field_findings(struct pw_json *j, const struct pw_findings *findings, enum pw_language language,
		       uint64_t zero)
{
	pw_json_key(j, "findings");
	pw_json_array(j);
	for (size_t i = 0; findings && i < findings->count; i++)
		put_finding(j, &findings->at[i], language, zero);
	pw_json_end(j);
}

static void put_claim(struct pw_json *j, const struct pw_lesson *lesson, const struct pw_claim *claim,
		      enum pw_language language, uint64_t zero)
{
	struct pw_text words = {0};

	pw_json_line(j);
	pw_json_object(j);
	pw_field_string(j, "id", claim->id);
	pw_words_claim(language, claim, &words);
	field_words(j, "text", &words);
	pw_field_bool(j, "held", claim->held);
	pw_words_evidence(language, lesson, claim, &words);
	field_words(j, "evidence", &words);
	pw_json_key(j, "facts");
	pw_json_array(j);
	for (size_t i = 0; i < claim->facts.count; i++) {
		pw_json_object(j);
		pw_field_string(j, "code", claim->facts.at[i].code);
		pw_field_values(j, &claim->facts.at[i], zero);
		pw_json_end(j);
	}
	pw_json_end(j);
	pw_json_end(j);
}

void pw_field_lesson(struct pw_json *j, const struct pw_lesson *lesson, bool title, enum pw_language language,
		     uint64_t zero)
{
	pw_json_key(j, "lesson");
	if (!lesson) {
		pw_json_null(j);
		return;
	}
	pw_json_object(j);
	pw_field_string(j, "demo", lesson->demo);
	if (title)
		pw_field_string(j, "title", lesson->title ? pw_lang_text(language, lesson->title) : NULL);
	pw_json_key(j, "claims");
	pw_json_array(j);
	for (size_t i = 0; i < lesson->count; i++)
		put_claim(j, lesson, &lesson->claims[i], language, zero);
	pw_json_end(j);
	pw_json_end(j);
}
