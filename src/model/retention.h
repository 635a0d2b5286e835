/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Retention keeps memory bounded: intervals and signals of the last stretch of time
 * are kept, and processes that ended long ago are folded into totals by name.
 */
#ifndef PW_MODEL_RETENTION_H
#define PW_MODEL_RETENTION_H

#include "model/state.h"

/* After each event: drops what exceeds the bounds. Returns 0 or -ENOMEM. */
int pw_retention_enforce(struct pw_model *m);
/* At the end of the recording. Returns 0 or -ENOMEM. */
int pw_retention_finish(struct pw_model *m, uint64_t end_ns);

/*
 * fold.c: folds processes and threads that ended before that moment, until all
 * processes take no more than so many bytes, or nothing more can go. *later: others
 * could go at a later moment. Returns 0 or -ENOMEM.
 */
int pw_fold(struct pw_model *m, uint64_t at, size_t bytes, bool *later);

#endif
