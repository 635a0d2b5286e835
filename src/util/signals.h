/* SPDX-License-Identifier: GPL-2.0-only */
/* The names of the signals. */
#ifndef PW_SIGNALS_H
#define PW_SIGNALS_H

/* "SIGTERM" for 15, "SIGRTMIN+1" for 35; NULL if the number has no name. */
const char *pw_signal_name(int sig);

#endif
