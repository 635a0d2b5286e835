/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The loop that every capture runs in: waits for the ring to fill, drains it into the model and
 * the recording, and decides when to stop. What differs between run and attach (who may end the
 * capture, and what happens beside it) comes from the callbacks of its owner.
 */
#ifndef PW_RECORD_LOOP_H
#define PW_RECORD_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "capture/capture.h"
#include "model/model.h"
#include "run/liveness.h"
#include "run/settings.h"
#include "util/error.h"

struct pw_record_callbacks {
	/* for every event, before the model gets it; may be NULL */
	void (*on_event)(void *context, const struct pw_event *event);
	/* after every wait and before the drain, whether control_fd is readable or not */
	void (*on_wake)(void *context);
	/* after every drain */
	void (*after_drain)(void *context);
	bool (*is_over)(void *context, uint64_t now);
};

struct pw_record_loop {
	struct pw_settings *settings;
	const struct pw_record_callbacks *callbacks;
	/* passed to the callbacks */
	void *context;
	/* both freed by pw_record_close */
	struct pw_capture *capture;
	struct pw_model *model;
	struct pw_liveness liveness;
	/* polled beside the ring; -1: none. Set by the owner */
	int control_fd;
	/* the owner waits for an answer: the next wait is short */
	bool hurry;
	/* when settings->duration_ns begins to count; 0: not yet. Set by the owner */
	uint64_t duration_from_ns;
	/* when the capture stopped; set by pw_record_run */
	uint64_t end_ns;
};

/*
 * Loads and attaches the hooks, and makes the model. select is copied by the capture. The loop
 * must have its settings, callbacks and context, and is freed with pw_record_close in any case.
 * Negative errno, with error filled unless strerror() says it all.
 */
int pw_record_open(struct pw_record_loop *loop, const struct pw_selection *select, struct pw_error *error);

/* Handles one event; a pw_event_fn whose context is the loop. */
int pw_record_event(void *loop, const struct pw_event *event);

/* Runs until the owner says it is over or the duration has passed, and stops the capture. 0 or a negative errno. */
int pw_record_run(struct pw_record_loop *loop);

void pw_record_close(struct pw_record_loop *loop);

#endif
