/* SPDX-License-Identifier: GPL-2.0-only */
#include "analysis/fact.h"

#include <stdlib.h>
#include <string.h>

#include "util/array.h"

struct pw_value pw_value_unknown(const char *name)
{
	return (struct pw_value){.name = name, .kind = PW_VALUE_UNKNOWN};
}

struct pw_value pw_value_count(const char *name, uint64_t count)
{
	return (struct pw_value){.name = name, .kind = PW_VALUE_COUNT, .number = count};
}

struct pw_value pw_value_integer(const char *name, int64_t integer)
{
	return (struct pw_value){.name = name, .kind = PW_VALUE_INTEGER, .integer = integer};
}

struct pw_value pw_value_ns(const char *name, uint64_t ns)
{
	return pw_value_ns_bound(name, ns, PW_EXACT);
}

struct pw_value pw_value_ns_bound(const char *name, uint64_t ns, enum pw_bound bound)
{
	return (struct pw_value){.name = name, .kind = PW_VALUE_NS, .bound = bound, .number = ns};
}

struct pw_value pw_value_between(const char *name, uint64_t from_ns, uint64_t to_ns)
{
	return pw_value_ns(name, to_ns > from_ns ? to_ns - from_ns : 0);
}

struct pw_value pw_value_moment(const char *name, uint64_t ns)
{
	return (struct pw_value){.name = name, .kind = PW_VALUE_MOMENT, .number = ns};
}

struct pw_value pw_value_percent(const char *name, double percent)
{
	return (struct pw_value){.name = name, .kind = PW_VALUE_PERCENT, .percent = percent};
}

struct pw_value pw_value_share(const char *name, uint64_t part, uint64_t whole)
{
	return pw_value_percent(name, whole > 0 ? 100.0 * (double)part / (double)whole : 0);
}

struct pw_value pw_value_ratio(const char *name, double ratio)
{
	return (struct pw_value){.name = name, .kind = PW_VALUE_RATIO, .ratio = ratio};
}

struct pw_value pw_value_process(const char *name, const struct pw_process *process)
{
	return pw_value_process_named(name, process->pid, process->start, process->comm);
}

struct pw_value pw_value_process_named(const char *name, uint32_t pid, uint64_t start, const char *comm)
{
	struct pw_value value = {.name = name, .kind = PW_VALUE_PROCESS};

	value.process.pid = pid;
	value.process.start = start;
	memcpy(value.process.comm, comm, strnlen(comm, PW_COMM_LEN - 1));
	return value;
}

struct pw_value pw_value_tid(const char *name, uint32_t tid)
{
	return (struct pw_value){.name = name, .kind = PW_VALUE_TID, .number = tid};
}

struct pw_value pw_value_signal(const char *name, int signal)
{
	return (struct pw_value){.name = name, .kind = PW_VALUE_SIGNAL, .integer = signal};
}

struct pw_value pw_value_syscall(const char *name, int syscall)
{
	if (syscall < 0)
		return pw_value_unknown(name);
	return (struct pw_value){.name = name, .kind = PW_VALUE_SYSCALL, .integer = syscall};
}

struct pw_value pw_value_word(const char *name, const char *word)
{
	return (struct pw_value){.name = name, .kind = PW_VALUE_WORD, .word = word};
}

struct pw_value pw_value_text(const char *name, const char *text)
{
	struct pw_value value = {.name = name, .kind = PW_VALUE_TEXT};

	memcpy(value.text, text, strnlen(text, PW_VALUE_TEXT_MAX - 1));
	return value;
}

struct pw_value pw_value_item(struct pw_value value)
{
	value.item = true;
	return value;
}

void pw_fact_add(struct pw_fact *fact, struct pw_value value)
{
	if (fact->count < PW_FACT_VALUES_MAX)
		fact->values[fact->count++] = value;
}

const struct pw_value *pw_fact_value(const struct pw_fact *fact, const char *name)
{
	for (size_t i = 0; i < fact->count; i++)
		if (!strcmp(fact->values[i].name, name))
			return &fact->values[i];
	return NULL;
}

struct pw_fact pw_fact_make(const char *code, const struct pw_value *values)
{
	struct pw_fact fact = {.code = code};

	for (; values && values->name; values++)
		pw_fact_add(&fact, *values);
	return fact;
}

void pw_facts_add(struct pw_facts *facts, const struct pw_fact *fact)
{
	const int err = pw_array_reserve(&facts->at, &facts->room, facts->count + 1, sizeof(*facts->at));

	if (err) {
		facts->err = err;
		return;
	}
	facts->at[facts->count++] = *fact;
}

void pw_facts_free(struct pw_facts *facts)
{
	free(facts->at);
	*facts = (struct pw_facts){0};
}
