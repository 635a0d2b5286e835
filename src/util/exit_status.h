/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exit statuses. 125 to 128 follow env(1), timeout(1) and the shell, so that a script can
 * tell a failure of procwatch from one of the command.
 */
#ifndef PW_EXIT_STATUS_H
#define PW_EXIT_STATUS_H

enum pw_exit_status {
	PW_EXIT_USAGE = 2,
	/* procwatch itself failed */
	PW_EXIT_FAILED = 125,
	/* the command was found but cannot be executed */
	PW_EXIT_CANNOT_RUN = 126,
	PW_EXIT_NOT_FOUND = 127,
	/* plus the number of the signal */
	PW_EXIT_SIGNAL = 128,
};

#endif
