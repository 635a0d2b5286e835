// SPDX-License-Identifier: GPL-2.0-only
#include "report/json_common.h"

#include "analysis/findings.h"

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

void pw_field_findings(struct pw_json *j, const struct pw_findings *found, uint64_t zero)
{
	size_t count = found ? found->count : 0;

	pw_json_key(j, "findings");
	pw_json_array(j);
	for (size_t i = 0; i < count; i++) {
		const struct pw_finding *f = &found->at[i];

		pw_json_line(j);
		pw_json_object(j);
		pw_field_string(j, "code", f->code);
		pw_field_string(j, "severity", f->severity == PW_WARNING ? "warning" : "note");
		pw_field_pid(j, "pid", f->pid);
		pw_field_string(j, "text", f->text);
		pw_json_key(j, "start_ns");
		if (f->pid)
			pw_json_difference(j, f->start, zero);
		else
			pw_json_null(j);
		pw_json_end(j);
	}
	pw_json_end(j);
}

void pw_field_lesson(struct pw_json *j, const struct pw_lesson *learnt, bool title)
{
	const struct pw_demo *demo = title && learnt && learnt->demo ? pw_demo_find(learnt->demo) : NULL;

	pw_json_key(j, "lesson");
	if (!learnt) {
		pw_json_null(j);
		return;
	}
	pw_json_object(j);
	pw_field_string(j, "demo", learnt->demo);
	if (title)
		pw_field_string(j, "title", demo ? _(demo->title) : NULL);
	pw_json_key(j, "claims");
	pw_json_array(j);
	for (size_t i = 0; i < learnt->count; i++) {
		const struct pw_claim *claim = &learnt->claims[i];

		pw_json_line(j);
		pw_json_object(j);
		pw_field_string(j, "id", claim->id);
		pw_field_string(j, "text", claim->text);
		pw_json_key(j, "held");
		pw_json_bool(j, claim->held);
		pw_field_string(j, "evidence", claim->evidence);
		pw_json_end(j);
	}
	pw_json_end(j);
	pw_json_end(j);
}
