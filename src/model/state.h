/* SPDX-License-Identifier: GPL-2.0-only */
/* The state of a whole model. Only the handlers of events, retention and model.c see it. */
#ifndef PW_MODEL_STATE_H
#define PW_MODEL_STATE_H

#include "model/model.h"
#include "model/processes.h"

struct mark_name {
	uint32_t number;
	char *name;
};

/* How much is kept, and the totals of what is not. */
struct retention {
	struct pw_keep keep;
	/* Where the kept time begins: for the next cut, and for readers (0: nothing was cut). */
	uint64_t begin, kept_from;
	/* Nothing more can be dropped before. */
	uint64_t look_again;
	/* By name. */
	struct pw_earlier *earlier;
	size_t n_earlier, earlier_room;
	/* Processes in there. */
	uint64_t n_folded;
};

struct pw_model {
	struct counters counters;
	struct sched sched;
	struct process_table processes;
	struct pw_lost_range *lost;
	size_t n_lost, lost_room;
	struct mark_name *mark_names;
	size_t n_mark_names, mark_names_room;
	struct retention retention;
};

#endif
