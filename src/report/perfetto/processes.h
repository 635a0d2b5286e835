/* SPDX-License-Identifier: GPL-2.0-only */
/* Who the processes and threads are, and each process's story on a track of its own. */
#ifndef PW_PERFETTO_PROCESSES_H
#define PW_PERFETTO_PROCESSES_H

#include "report/perfetto/stage.h"

/* Names a process's process and threads, and makes its tracks. */
void pw_process_introduce(struct pw_stage *s, size_t rank);

/*
 * Its story: a slice from its fork to its reap, with the zombie as a slice of its
 * own, every exec, name and new parent, how it ended and who collected it.
 */
void pw_process_tell(struct pw_stage *s, size_t rank);

/* The marks its threads passed, on the threads' own tracks. Returns 0 or -ENOMEM. */
int pw_process_tell_marks(struct pw_stage *s, size_t rank);

#endif
