/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Single fields and the target, which several JSON documents have in common.
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
/* A time that is always known, relative to zero; both in ns. */
void pw_field_since(struct pw_json *j, const char *key, uint64_t at, uint64_t zero);
/* A pid or another number; 0 becomes null. */
void pw_field_pid(struct pw_json *j, const char *key, uint32_t pid);

/* Writes "target": {"kind", "command", "pids"}. */
void pw_field_target(struct pw_json *j, const struct pw_session *session);

#endif
