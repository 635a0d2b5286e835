/* SPDX-License-Identifier: GPL-2.0-only */
/* Facts, and the findings and lessons made of them, as JSON. */
#ifndef PW_JSON_FACTS_H
#define PW_JSON_FACTS_H

#include "analysis/findings.h"
#include "analysis/lesson.h"
#include "util/json.h"
#include "util/lang.h"

/*
 * Writes the values of a fact as members of the object that is open. zero: the
 * CLOCK_MONOTONIC ns that moments are counted from. The items of a list are
 * an array; a value that is a bound has "NAME_bound": "at_most" or "at_least" behind it.
 */
void pw_field_values(struct pw_json *j, const struct pw_fact *fact, uint64_t zero);
/* Writes "findings": [{"code", "severity", "pid", "text", "start_ns", "facts": {...}}]. */
void pw_field_findings(struct pw_json *j, const struct pw_findings *findings, enum pw_language language,
		       uint64_t zero);
/*
 * Writes "lesson": {"demo", "title", "claims": [{"id", "text", "held", "evidence", "facts":
 * [{"code", ...}]}]}, or null. title: false where a format has none.
 */
void pw_field_lesson(struct pw_json *j, const struct pw_lesson *lesson, bool title, enum pw_language language,
		     uint64_t zero);

#endif
