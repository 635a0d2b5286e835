/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every JSON document of the reports writes alike: single fields, and the
 * parts that are the same everywhere.
 */
#ifndef PW_JSON_COMMON_H
#define PW_JSON_COMMON_H

#include "report/report.h"
#include "util/json.h"

void pw_field_u64(struct pw_json *j, const char *key, uint64_t value);
void pw_field_null(struct pw_json *j, const char *key);
void pw_field_bool(struct pw_json *j, const char *key, bool value);
/* NULL becomes null. */
void pw_field_string(struct pw_json *j, const char *key, const char *text);
/* at less zero: a time that is always known. */
void pw_field_since(struct pw_json *j, const char *key, uint64_t at, uint64_t zero);
/* A number that is nobody's, or nothing's, when 0. */
void pw_field_pid(struct pw_json *j, const char *key, uint32_t pid);

/* "target": {"kind", "command", "pids"}. */
void pw_field_target(struct pw_json *j, const struct pw_session *session);
#endif
