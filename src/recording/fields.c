/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/fields.h"

#define FIELD(record, name, type) \
	{offsetof(struct record, name), sizeof(((struct record *)0)->name), PW_FIELD_##type}

static const struct pw_field birth[] = {
	FIELD(pw_birth, cgroup_id, NUMBER),   FIELD(pw_birth, parent_start, TIME),
	FIELD(pw_birth, tgid, NUMBER),	      FIELD(pw_birth, parent_tid, NUMBER),
	FIELD(pw_birth, parent_tgid, NUMBER), FIELD(pw_birth, uid, NUMBER),
	FIELD(pw_birth, ns_pid, NUMBER),      FIELD(pw_birth, exit_signal, SIGNED),
	FIELD(pw_birth, comm, TEXT),	      FIELD(pw_birth, parent_comm, TEXT),
	FIELD(pw_birth, state, NUMBER),	      FIELD(pw_birth, exit_state, NUMBER),
	FIELD(pw_birth, exit_code, NUMBER),   FIELD(pw_birth, on_cpu, NUMBER),
	FIELD(pw_birth, runtime, NUMBER),     FIELD(pw_birth, nvcsw, NUMBER),
	FIELD(pw_birth, nivcsw, NUMBER),
};

static const struct pw_field wake[] = {
	FIELD(pw_wake, woken, TIME),
	FIELD(pw_wake, waker_tid, NUMBER),
};

static const struct pw_field exec[] = {
	FIELD(pw_exec, old_tid, NUMBER),
	FIELD(pw_exec, comm, TEXT),
	FIELD(pw_exec, exe, TEXT),
	FIELD(pw_exec, argv, ARGV),
};

static const struct pw_field renamed[] = {
	FIELD(pw_rename, comm, TEXT),
};

static const struct pw_field ended[] = {
	FIELD(pw_exit, tgid, NUMBER),	     FIELD(pw_exit, parent_tgid, NUMBER),
	FIELD(pw_exit, wait_status, NUMBER), FIELD(pw_exit, exit_signal, SIGNED),
	FIELD(pw_exit, autoreap, NUMBER),    FIELD(pw_exit, runtime, NUMBER),
	FIELD(pw_exit, nvcsw, NUMBER),	     FIELD(pw_exit, nivcsw, NUMBER),
	FIELD(pw_exit, comm, TEXT),
};

static const struct pw_field sent[] = {
	FIELD(pw_signal, to_start, TIME),   FIELD(pw_signal, from_tgid, NUMBER),
	FIELD(pw_signal, to_tid, NUMBER),   FIELD(pw_signal, to_tgid, NUMBER),
	FIELD(pw_signal, sig, SIGNED),	    FIELD(pw_signal, code, SIGNED),
	FIELD(pw_signal, info_pid, NUMBER), FIELD(pw_signal, result, SIGNED),
	FIELD(pw_signal, exit_notice, NUMBER),
};

static const struct pw_field reparent[] = {
	FIELD(pw_reparent, new_start, TIME), FIELD(pw_reparent, tgid, NUMBER),
	FIELD(pw_reparent, new_tid, NUMBER), FIELD(pw_reparent, new_tgid, NUMBER),
	FIELD(pw_reparent, child, NUMBER),   FIELD(pw_reparent, ns_init, NUMBER),
	FIELD(pw_reparent, subreaper, NUMBER), FIELD(pw_reparent, comm, TEXT),
};

static const struct pw_field reaped[] = {
	FIELD(pw_reap, by_tid, NUMBER),
	FIELD(pw_reap, by_tgid, NUMBER),
	FIELD(pw_reap, hook, NUMBER),
	FIELD(pw_reap, by_comm, TEXT),
};

static const struct pw_field lost[] = {
	FIELD(pw_lost, count, NUMBER),
	FIELD(pw_lost, first, TIME),
	FIELD(pw_lost, last, TIME),
};

static const struct pw_field cgroup[] = {
	FIELD(pw_cgroup, cgroup_id, NUMBER),
	FIELD(pw_cgroup, path, TEXT),
};

#define FIELDS(record, fields) {sizeof(struct record), fields, sizeof(fields) / sizeof((fields)[0])}

const struct pw_fields pw_fields[PW_EV_KIND_COUNT] = {
	[PW_EV_BIRTH] = FIELDS(pw_birth, birth),
	[PW_EV_WAKE] = FIELDS(pw_wake, wake),
	[PW_EV_EXEC] = FIELDS(pw_exec, exec),
	[PW_EV_RENAME] = FIELDS(pw_rename, renamed),
	[PW_EV_EXIT] = FIELDS(pw_exit, ended),
	[PW_EV_SIGNAL] = FIELDS(pw_signal, sent),
	[PW_EV_REPARENT] = FIELDS(pw_reparent, reparent),
	[PW_EV_REAP] = FIELDS(pw_reap, reaped),
	[PW_EV_FREE] = {sizeof(struct pw_free), NULL, 0},
	[PW_EV_LOST] = FIELDS(pw_lost, lost),
	[PW_EV_CGROUP] = FIELDS(pw_cgroup, cgroup),
};
