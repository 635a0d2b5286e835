/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/fields.h"

#define PLACE(record, name) offsetof(struct record, name), sizeof(((struct record *)0)->name)
#define NUMBER(record, name, expected)                                                                       \
	{                                                                                                    \
		PLACE(record, name), false, PW_NUMBER, PW_##expected                                         \
	}
#define SIGNED(record, name, expected)                                                                       \
	{                                                                                                    \
		PLACE(record, name), true, PW_NUMBER, PW_##expected                                          \
	}
#define TEXT(record, name, expected)                                                                         \
	{                                                                                                    \
		PLACE(record, name), false, PW_TEXT, PW_##expected                                           \
	}
#define ARGV(record, name, expected)                                                                         \
	{                                                                                                    \
		PLACE(record, name), false, PW_ARGV, PW_##expected                                           \
	}

static const struct pw_field birth[] = {
	NUMBER(pw_birth, cgroup_id, LAST),
	NUMBER(pw_birth, parent_start, HERE_START),
	NUMBER(pw_birth, tgid, OWN_TID),
	NUMBER(pw_birth, parent_tid, HERE_TID),
	NUMBER(pw_birth, parent_tgid, HERE_TGID),
	NUMBER(pw_birth, uid, LAST),
	NUMBER(pw_birth, ns_pid, OWN_TID),
	SIGNED(pw_birth, exit_signal, LAST),
	TEXT(pw_birth, comm, HERE_COMM),
	TEXT(pw_birth, parent_comm, HERE_COMM),
	NUMBER(pw_birth, state, ZERO),
	NUMBER(pw_birth, exit_state, ZERO),
	NUMBER(pw_birth, exit_code, ZERO),
	NUMBER(pw_birth, on_cpu, ZERO),
	NUMBER(pw_birth, runtime, ZERO),
	NUMBER(pw_birth, nvcsw, ZERO),
	NUMBER(pw_birth, nivcsw, ZERO),
};

static const struct pw_field wake[] = {
	NUMBER(pw_wake, woken, TS),
	NUMBER(pw_wake, waker_tid, HERE_TID),
};

static const struct pw_field exec[] = {
	NUMBER(pw_exec, old_tid, OWN_TID),
	TEXT(pw_exec, comm, OWN_COMM),
	TEXT(pw_exec, exe, ZERO),
	ARGV(pw_exec, argv, ZERO),
};

static const struct pw_field renamed[] = {
	TEXT(pw_rename, comm, ZERO),
};

static const struct pw_field ended[] = {
	NUMBER(pw_exit, tgid, OWN_TGID),    NUMBER(pw_exit, parent_tgid, OWN_PARENT),
	NUMBER(pw_exit, wait_status, ZERO), SIGNED(pw_exit, exit_signal, LAST),
	NUMBER(pw_exit, autoreap, ZERO),    NUMBER(pw_exit, runtime, OWN_RUNTIME),
	NUMBER(pw_exit, nvcsw, OWN_NVCSW),  NUMBER(pw_exit, nivcsw, OWN_NIVCSW),
	TEXT(pw_exit, comm, OWN_COMM),
};

static const struct pw_field sent[] = {
	NUMBER(pw_signal, to_start, OWN_PARENT_START),
	NUMBER(pw_signal, from_tgid, OWN_TGID),
	NUMBER(pw_signal, to_tid, OWN_PARENT),
	NUMBER(pw_signal, to_tgid, OWN_PARENT),
	SIGNED(pw_signal, sig, LAST),
	SIGNED(pw_signal, code, LAST),
	NUMBER(pw_signal, info_pid, OWN_TGID),
	SIGNED(pw_signal, result, ZERO),
	NUMBER(pw_signal, exit_notice, LAST),
	NUMBER(pw_signal, status_told, ZERO),
	NUMBER(pw_signal, wait_status, ZERO),
};

static const struct pw_field reparent[] = {
	NUMBER(pw_reparent, new_start, LAST), NUMBER(pw_reparent, tgid, OWN_TGID),
	NUMBER(pw_reparent, new_tid, LAST),   NUMBER(pw_reparent, new_tgid, LAST),
	NUMBER(pw_reparent, child, ZERO),     NUMBER(pw_reparent, ns_init, LAST),
	NUMBER(pw_reparent, subreaper, LAST), TEXT(pw_reparent, comm, ZERO),
};

static const struct pw_field reaped[] = {
	NUMBER(pw_reap, by_tid, HERE_TID),
	NUMBER(pw_reap, by_tgid, HERE_TGID),
	NUMBER(pw_reap, hook, LAST),
	TEXT(pw_reap, by_comm, HERE_COMM),
};

static const struct pw_field lost[] = {
	NUMBER(pw_lost, count, ZERO),
	NUMBER(pw_lost, first, TS),
	NUMBER(pw_lost, last, TS),
};

static const struct pw_field cgroup[] = {
	NUMBER(pw_cgroup, cgroup_id, LAST),
	TEXT(pw_cgroup, path, ZERO),
};

static const struct pw_field mark[] = {
	NUMBER(pw_mark, name, LAST),
	NUMBER(pw_mark, valued, LAST),
	NUMBER(pw_mark, value, LAST),
};

static const struct pw_field mark_name[] = {
	NUMBER(pw_mark_name, number, LAST),
	TEXT(pw_mark_name, name, ZERO),
};

#define FIELDS(record, fields)                                                                               \
	{                                                                                                    \
		sizeof(struct record), fields, sizeof(fields) / sizeof((fields)[0])                          \
	}

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
	[PW_EV_MARK] = FIELDS(pw_mark, mark),
	[PW_EV_MARK_NAME] = FIELDS(pw_mark_name, mark_name),
};

/* The thread group of a task; while nobody told of another, its own. */
static uint32_t tgid_of(const struct pw_task *task)
{
	return task->tgid ? task->tgid : task->tid;
}

uint64_t pw_expect_number(const struct pw_tasks *t, const struct pw_last *last, const struct pw_event *event,
			  uint32_t number, size_t i)
{
	const struct pw_task *own = &t->at[number], *here = &t->at[t->cpu[event->cpu]];

	switch (pw_fields[event->kind].at[i].expected) {
	case PW_LAST:
		return last->at[event->kind][i];
	case PW_TS:
		return event->ts;
	case PW_OWN_TID:
		return own->tid;
	case PW_OWN_TGID:
		return tgid_of(own);
	case PW_OWN_PARENT:
		return own->parent;
	case PW_OWN_PARENT_START:
		return own->parent_start;
	case PW_OWN_RUNTIME:
		return pw_expect(own, event->ts, 0, 0).runtime;
	case PW_OWN_NVCSW:
		return own->nvcsw;
	case PW_OWN_NIVCSW:
		return own->nivcsw;
	case PW_HERE_TID:
		return here->tid;
	case PW_HERE_TGID:
		return tgid_of(here);
	case PW_HERE_START:
		return here->start;
	default:
		return 0;
	}
}

const char *pw_expect_text(const struct pw_tasks *t, const struct pw_event *event, uint32_t number, size_t i)
{
	switch (pw_fields[event->kind].at[i].expected) {
	case PW_OWN_COMM:
		return t->at[number].comm;
	case PW_HERE_COMM:
		return t->at[t->cpu[event->cpu]].comm;
	default:
		return "";
	}
}
