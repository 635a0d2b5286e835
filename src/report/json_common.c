/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/json_common.h"

void pw_field_u64(struct pw_json *j, const char *key, uint64_t value)
{
	pw_json_key(j, key);
	pw_json_u64(j, value);
}

void pw_field_null(struct pw_json *j, const char *key)
{
	pw_json_key(j, key);
	pw_json_null(j);
}

void pw_field_bool(struct pw_json *j, const char *key, bool value)
{
	pw_json_key(j, key);
	pw_json_bool(j, value);
}

void pw_field_string(struct pw_json *j, const char *key, const char *text)
{
	pw_json_key(j, key);
	pw_json_string(j, text);
}

void pw_field_since(struct pw_json *j, const char *key, uint64_t at, uint64_t zero)
{
	pw_json_key(j, key);
	pw_json_difference(j, at, zero);
}

void pw_field_pid(struct pw_json *j, const char *key, uint32_t pid)
{
	if (pid)
		pw_field_u64(j, key, pid);
	else
		pw_field_null(j, key);
}

void pw_field_target(struct pw_json *j, const struct pw_session *session)
{
	static const char *const kinds[] = {
		[PW_TARGET_RUN] = "run",
		[PW_TARGET_ATTACH] = "attach",
		[PW_TARGET_SYSTEM] = "system",
	};

	pw_json_key(j, "target");
	pw_json_object(j);
	pw_field_string(j, "kind", kinds[session->target]);
	pw_json_key(j, "command");
	if (session->command) {
		pw_json_array(j);
		for (const char *const *word = session->command; *word; word++)
			pw_json_string(j, *word);
		pw_json_end(j);
	} else {
		pw_json_null(j);
	}
	pw_json_key(j, "pids");
	pw_json_array(j);
	for (size_t i = 0; i < session->n_pids; i++)
		pw_json_u64(j, session->pids[i]);
	pw_json_end(j);
	pw_json_end(j);
}
