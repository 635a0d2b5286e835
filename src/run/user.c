/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/user.h"

#include <errno.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "util/parse.h"

/* (uid_t)-1 is not a user */
#define MAX_ID 4294967294L

static void copy_entry(struct pw_user *user, const struct passwd *pw)
{
	user->uid = pw->pw_uid;
	user->gid = pw->pw_gid;
	snprintf(user->name, sizeof(user->name), "%s", pw->pw_name);
	snprintf(user->home, sizeof(user->home), "%s", pw->pw_dir);
	snprintf(user->shell, sizeof(user->shell), "%s", pw->pw_shell);
}

static int find_named(struct pw_user *user, const char *name, struct pw_error *error)
{
	const struct passwd *pw = getpwnam(name);
	long uid;

	if (!pw && !pw_parse_number(name, 0, MAX_ID, &uid))
		pw = getpwuid((uid_t)uid);
	if (!pw)
		return pw_fail(error, ENOENT, "unknown user '%s'", name);
	copy_entry(user, pw);
	return 0;
}

/*
 * In a container the user database may not know the caller of sudo; then its numbers are all
 * there is. An invalid SUDO_UID is an error, so that it never means root.
 */
static int find_sudo_caller(struct pw_user *user, const char *sudo_uid, struct pw_error *error)
{
	const char *sudo_gid = getenv("SUDO_GID");
	const struct passwd *pw;
	long uid, gid;

	if (pw_parse_number(sudo_uid, 0, MAX_ID, &uid))
		return pw_fail(error, ENOENT,
			       "SUDO_UID is '%s', which is not a uid; unset it or use --user NAME", sudo_uid);
	pw = getpwuid((uid_t)uid);
	if (pw)
		copy_entry(user, pw);
	if (sudo_gid && !pw_parse_number(sudo_gid, 0, MAX_ID, &gid))
		user->gid = (gid_t)gid;
	else if (!pw)
		return pw_fail(error, ENOENT,
			       "SUDO_UID is %ld, but there is no user with that uid; set SUDO_GID too or use "
			       "--user NAME",
			       uid);
	if (!pw) {
		user->uid = (uid_t)uid;
		strcpy(user->home, "/");
	}
	return 0;
}

int pw_user_find(struct pw_user *user, const char *name, struct pw_error *error)
{
	const char *sudo_uid = getenv("SUDO_UID");
	int err;

	memset(user, 0, sizeof(*user));
	if (!name && (geteuid() || !sudo_uid))
		return 0;
	if (name)
		err = find_named(user, name, error);
	else
		err = find_sudo_caller(user, sudo_uid, error);
	if (err || user->uid == geteuid())
		return err;
	if (geteuid())
		return pw_fail(error, EPERM, "only root can run a command as another user ('%s'); use sudo",
			       name);
	user->change = true;
	return 0;
}
