/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Capabilities: held only while they are needed, and never by what is launched.
 *
 * They come to procwatch with root, with its file (setcap) or from its caller
 * (ambient). Those of the file are not the caller's: they are in force only while
 * the hooks are loaded, and gone before a command is executed.
 */
#ifndef PW_CAPS_H
#define PW_CAPS_H

#include <linux/capability.h>
#include <stddef.h>
#include <stdint.h>

#define PW_CAP(number) (UINT64_C(1) << (number))

/* What loading takes; the third for the numbers of the classic tracepoints, in a folder only root may read. */
#define PW_CAPS_LOAD (PW_CAP(CAP_BPF) | PW_CAP(CAP_PERFMON) | PW_CAP(CAP_DAC_READ_SEARCH))

#define PW_SETCAP "cap_bpf,cap_perfmon,cap_dac_read_search=ep"
/* "sudo setcap CAPS FILE" into text, the file being procwatch's own where its name is fit to be typed. */
#define PW_SETCAP_LEN 256
void pw_caps_setcap(char text[static PW_SETCAP_LEN]);

/* Those in force now. */
uint64_t pw_caps(void);
/* Of the wanted ones, those in force neither by themselves nor as a part of CAP_SYS_ADMIN. */
uint64_t pw_caps_missing(uint64_t wanted);
/* "CAP_BPF and CAP_PERFMON" into text; empty for none. */
void pw_caps_names(uint64_t caps, char *text, size_t size);

/* Puts out of force what came with procwatch's file; pw_caps_raise brings it back. */
void pw_caps_lower(void);
void pw_caps_raise(void);
/* Gives up all but these, for good. */
void pw_caps_keep(uint64_t caps);
/* Gives up what came with procwatch's file, for good: nothing else would survive an exec without it. */
void pw_caps_keep_callers(void);

#endif
