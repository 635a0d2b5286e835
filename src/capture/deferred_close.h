/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef PW_DEFERRED_CLOSE_H
#define PW_DEFERRED_CLOSE_H

/*
 * Makes the last close of these descriptors the kernel's own work, done in the
 * background: close them, then the descriptor returned. -1 where that cannot be;
 * closing them then takes as long as it takes.
 */
int pw_close_deferred(const int *fds, unsigned int count);

#endif
