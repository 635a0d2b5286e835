/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/fields.h"

/* clang-format off */
#define FIELD(record, member, is_signed, type, expected) \
	{offsetof(struct pw_##record, member), sizeof(((struct pw_##record *)0)->member), is_signed, type, expected}
#define NUMBER(record, member, expected) FIELD(record, member, false, PW_NUMBER, PW_##expected)
#define SIGNED(record, member, expected) FIELD(record, member, true,  PW_NUMBER, PW_##expected)
#define TEXT(record, member, expected)   FIELD(record, member, false, PW_TEXT,   PW_##expected)
#define ARGV(record, member, expected)   FIELD(record, member, false, PW_ARGV,   PW_##expected)
/* Ends each list and is not counted: C has no empty arrays. */
#define END {0}
/* clang-format on */

static const struct pw_field birth_fields[] = {
	NUMBER(birth, cgroup_id, LAST),
	NUMBER(birth, parent_start, HERE_START),
	NUMBER(birth, tgid, OWN_TID),
	NUMBER(birth, parent_tid, HERE_TID),
	NUMBER(birth, parent_tgid, HERE_TGID),
	NUMBER(birth, uid, LAST),
	NUMBER(birth, ns_pid, OWN_TID),
	SIGNED(birth, exit_signal, LAST),
	TEXT(birth, comm, HERE_COMM),
	TEXT(birth, parent_comm, HERE_COMM),
	NUMBER(birth, state, ZERO),
	NUMBER(birth, exit_state, ZERO),
	NUMBER(birth, exit_code, ZERO),
	NUMBER(birth, on_cpu, ZERO),
	NUMBER(birth, runtime, ZERO),
	NUMBER(birth, nvcsw, ZERO),
	NUMBER(birth, nivcsw, ZERO),
	END,
};

/* A switch has its own lanes (encode.c). */
static const struct pw_field switch_fields[] = {
	END,
};

static const struct pw_field wake_fields[] = {
	NUMBER(wake, woken, TS),
	NUMBER(wake, waker_tid, HERE_TID),
	END,
};

static const struct pw_field exec_fields[] = {
	NUMBER(exec, old_tid, OWN_TID),
	TEXT(exec, comm, OWN_COMM),
	TEXT(exec, exe, ZERO),
	ARGV(exec, argv, ZERO),
	END,
};

static const struct pw_field rename_fields[] = {
	TEXT(rename, comm, ZERO),
	END,
};

static const struct pw_field exit_fields[] = {
	NUMBER(exit, tgid, OWN_TGID),	 NUMBER(exit, parent_tgid, OWN_PARENT),
	NUMBER(exit, wait_status, ZERO), SIGNED(exit, exit_signal, LAST),
	NUMBER(exit, autoreap, ZERO),	 NUMBER(exit, runtime, OWN_RUNTIME),
	NUMBER(exit, nvcsw, OWN_NVCSW),	 NUMBER(exit, nivcsw, OWN_NIVCSW),
	TEXT(exit, comm, OWN_COMM),	 END,
};

static const struct pw_field signal_fields[] = {
	NUMBER(signal, to_start, OWN_PARENT_START),
	NUMBER(signal, from_tgid, OWN_TGID),
	NUMBER(signal, to_tid, OWN_PARENT),
	NUMBER(signal, to_tgid, OWN_PARENT),
	SIGNED(signal, sig, LAST),
	SIGNED(signal, code, LAST),
	NUMBER(signal, info_pid, OWN_TGID),
	SIGNED(signal, result, ZERO),
	NUMBER(signal, exit_notice, LAST),
	NUMBER(signal, status_told, ZERO),
	NUMBER(signal, wait_status, ZERO),
	END,
};

static const struct pw_field reparent_fields[] = {
	NUMBER(reparent, new_start, LAST), NUMBER(reparent, tgid, OWN_TGID), NUMBER(reparent, new_tid, LAST),
	NUMBER(reparent, new_tgid, LAST),  NUMBER(reparent, child, ZERO),    NUMBER(reparent, ns_init, LAST),
	NUMBER(reparent, subreaper, LAST), TEXT(reparent, comm, ZERO),	     END,
};

static const struct pw_field reap_fields[] = {
	NUMBER(reap, by_tid, HERE_TID),
	NUMBER(reap, by_tgid, HERE_TGID),
	NUMBER(reap, hook, LAST),
	TEXT(reap, by_comm, HERE_COMM),
	END,
};

static const struct pw_field free_fields[] = {
	END,
};

static const struct pw_field lost_fields[] = {
	NUMBER(lost, count, ZERO),
	NUMBER(lost, first, TS),
	NUMBER(lost, last, TS),
	END,
};

static const struct pw_field cgroup_fields[] = {
	NUMBER(cgroup, cgroup_id, LAST),
	TEXT(cgroup, path, ZERO),
	END,
};

static const struct pw_field mark_fields[] = {
	NUMBER(mark, name, LAST),
	NUMBER(mark, valued, LAST),
	NUMBER(mark, value, LAST),
	END,
};

static const struct pw_field mark_name_fields[] = {
	NUMBER(mark_name, number, LAST),
	TEXT(mark_name, name, ZERO),
	END,
};

/* A kind of event without a list does not compile. */
/* clang-format off */
#define COUNT(name) (sizeof(name##_fields) / sizeof(name##_fields[0]) - 1)
#define ROW(number, KIND, name, bytes)  [PW_EV_##KIND] = {.at = name##_fields, .n = COUNT(name)},
#define FITS(number, KIND, name, bytes) _Static_assert(COUNT(name) <= PW_MAX_FIELDS, "fields of " #name);
/* clang-format on */

const struct pw_fields pw_fields[PW_EV_KIND_COUNT] = {PW_EVENT_KINDS(ROW)};
PW_EVENT_KINDS(FITS)

/* The tgid of a task; its own tid until a BIRTH says otherwise. */
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
