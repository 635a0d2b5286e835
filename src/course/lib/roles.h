/* SPDX-License-Identifier: GPL-2.0-only */
/* A recorded run of a demo: which process of the record plays which role. */
#ifndef PW_ROLES_H
#define PW_ROLES_H

#include "model/model.h"

#define PW_ROLES_MAX 8

struct pw_demo_run {
	const struct pw_model *m;
	/* The demo's own process. */
	const struct pw_process *main;
	/* Descendants of main, in the order of the lesson's roles. */
	const struct pw_process *role[PW_ROLES_MAX];
};

/*
 * Finds main and the roles by their names; roles ends with NULL or is full. Returns
 * the name of a process that is not in the record, NULL when all are.
 */
const char *pw_roles_find(struct pw_demo_run *run, const char *demo,
			  const char *const roles[static PW_ROLES_MAX]);

#endif
