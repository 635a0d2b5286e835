/* SPDX-License-Identifier: GPL-2.0-only */
/* The user that a command runs as, and that the files belong to. */
#ifndef PW_USER_H
#define PW_USER_H

#include <stdbool.h>
#include <sys/types.h>

#include "util/error.h"

struct pw_user {
	/* false: the user who runs procwatch */
	bool change;
	uid_t uid;
	gid_t gid;
	/* empty if the user database does not know the uid */
	char name[64];
	char home[256], shell[128];
};

/*
 * Finds the user of that login name or uid, or the user who called sudo if name is NULL.
 * -ENOENT or -EPERM with error filled.
 */
int pw_user_find(struct pw_user *user, const char *name, struct pw_error *error);

#endif
