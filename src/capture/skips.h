/* SPDX-License-Identifier: GPL-2.0-only */
/* Runs of our programs that the kernel skipped, because another run was not finished on that CPU. */
#ifndef PW_SKIPS_H
#define PW_SKIPS_H

#include <stddef.h>
#include <stdint.h>

struct bpf_object;

/*
 * All of them; "PROGRAM=RUNS" for each program that has any, between blanks, into
 * text unless it is NULL. *counted becomes whether this kernel counts them at all.
 */
uint64_t pw_skips_read(struct bpf_object *object, char *text, size_t size, int *counted);

#endif
