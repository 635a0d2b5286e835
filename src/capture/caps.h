/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Capabilities: held only while they are needed, and never passed on to a launched command.
 *
 * procwatch has them because its user is root, from its file (setcap), or from its caller
 * (ambient). Those of the file are not the caller's: they are effective only while the hooks
 * are loaded, and dropped before a command is executed.
 */
#ifndef PW_CAPS_H
#define PW_CAPS_H

#include <linux/capability.h>
#include <stddef.h>
#include <stdint.h>

#define PW_CAP(number) (UINT64_C(1) << (number))

/* What loading needs. The third is for the ids of the classic tracepoints, in a directory that only root may read. */
#define PW_CAPS_LOAD (PW_CAP(CAP_BPF) | PW_CAP(CAP_PERFMON) | PW_CAP(CAP_DAC_READ_SEARCH))

#define PW_SETCAP "cap_bpf,cap_perfmon,cap_dac_read_search=ep"
/* Writes "sudo setcap CAPS FILE" to text. FILE is procwatch's own if its path needs no quotes, else just "FILE". */
#define PW_SETCAP_LEN 256
void pw_caps_setcap(char text[static PW_SETCAP_LEN]);

/* The effective set. */
uint64_t pw_caps(void);
/* The wanted ones that are not effective, neither by themselves nor as a part of CAP_SYS_ADMIN. */
uint64_t pw_caps_missing(uint64_t wanted);
/* Writes "CAP_BPF and CAP_PERFMON" to text, nothing for no capabilities. */
void pw_caps_names(uint64_t caps, char *text, size_t size);

/* Makes those of procwatch's file not effective; pw_caps_raise makes all permitted ones effective again. */
void pw_caps_lower(void);
void pw_caps_raise(void);
/* Drops all but these, forever. */
void pw_caps_keep(uint64_t caps);
/* Drops those of procwatch's file, forever. The caller's own are kept: only they survive an exec. */
void pw_caps_keep_callers(void);

#endif
