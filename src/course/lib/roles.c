/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/roles.h"

#include <string.h>

#include "course/lib/processes.h"

static const struct pw_process *find_main(const struct pw_model *m, const char *demo)
{
	for (size_t i = 0; i < pw_model_count(m); i++) {
		if (strcmp(pw_model_process(m, i)->comm, demo) == 0)
			return pw_model_process(m, i);
	}
	return NULL;
}

static const struct pw_process *find_role(const struct pw_demo_run *run, const char *name)
{
	for (size_t i = 0; i < pw_model_count(run->m); i++) {
		const struct pw_process *process = pw_model_process(run->m, i);

		if (strcmp(process->comm, name) == 0 && pw_descends(run->m, process, run->main))
			return process;
	}
	return NULL;
}

const char *pw_roles_find(struct pw_demo_run *run, const char *demo,
			  const char *const roles[static PW_ROLES_MAX])
{
	run->main = find_main(run->m, demo);
	if (!run->main)
		return demo;
	for (size_t i = 0; i < PW_ROLES_MAX && roles[i]; i++) {
		run->role[i] = find_role(run, roles[i]);
		if (!run->role[i])
			return roles[i];
	}
	return NULL;
}
