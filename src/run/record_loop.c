/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/record_loop.h"

#include <errno.h>
#include <poll.h>

#include "util/clock.h"

/* The longest wait while the owner waits for an answer. */
#define HURRY_MS 5

int pw_record_open(struct pw_record_loop *loop, const struct pw_selection *select, struct pw_error *error)
{
	const struct pw_settings *s = loop->settings;
	const struct pw_capture_options options = {
		.select = *select,
		.ring_bytes = s->ring_bytes,
		.hooks = s->hooks,
		.verbose = s->verbose,
	};
	const struct pw_keep keep = pw_settings_keep(s);
	int err = pw_capture_open(&loop->capture, &options, error);

	loop->control_fd = -1;
	if (err)
		return err;
	loop->model = pw_model_new();
	if (!loop->model)
		return -ENOMEM;
	pw_model_keep(loop->model, &keep);
	pw_liveness_init(&loop->liveness, loop->capture, loop->model);
	return 0;
}

int pw_record_event(void *context, const struct pw_event *event)
{
	struct pw_record_loop *loop = context;
	struct pw_outputs *outputs = &loop->settings->outputs;

	if (loop->callbacks->on_event)
		loop->callbacks->on_event(loop->context, event);
	pw_record_file_add(&outputs->record_file, event);
	if (!pw_outputs_need(outputs, event))
		return 0;
	return pw_model_feed(loop->model, event);
}

/* Of the duration that was asked for, in ns; 0 when it has passed, UINT64_MAX when there is no limit. */
static uint64_t time_left(const struct pw_record_loop *loop, uint64_t now)
{
	const uint64_t duration = loop->settings->duration_ns, passed = now - loop->duration_from_ns;

	if (!duration || !loop->duration_from_ns)
		return UINT64_MAX;
	return passed < duration ? duration - passed : 0;
}

static int wait_ms(const struct pw_record_loop *loop)
{
	const uint64_t left = time_left(loop, pw_clock_ns());
	const uint64_t most = loop->hurry ? HURRY_MS : PW_CAPTURE_INTERVAL_MS;

	if (!left)
		return 0;
	return left / PW_NS_PER_MS < most ? (int)(left / PW_NS_PER_MS) + 1 : (int)most;
}

static bool is_over(struct pw_record_loop *loop)
{
	const uint64_t now = pw_clock_ns();

	return loop->callbacks->is_over(loop->context, now) || !time_left(loop, now);
}

/* One turn. The owner handles its messages first, so that every event they refer to is drained after them. */
static int turn(struct pw_record_loop *loop)
{
	struct pollfd fds[2] = {
		{.fd = pw_capture_fd(loop->capture), .events = POLLIN},
		{.fd = loop->control_fd, .events = POLLIN},
	};
	int err;

	poll(fds, 2, wait_ms(loop));
	loop->callbacks->on_wake(loop->context);
	err = pw_capture_drain(loop->capture, pw_record_event, loop);
	pw_record_file_pulse(&loop->settings->outputs.record_file, pw_clock_ns());
	loop->callbacks->after_drain(loop->context);
	return err;
}

int pw_record_run(struct pw_record_loop *loop)
{
	while (!is_over(loop)) {
		int err = turn(loop);

		if (err)
			return err;
	}
	return pw_liveness_stop(&loop->liveness, loop->capture, pw_record_event, loop, &loop->end_ns);
}

void pw_record_close(struct pw_record_loop *loop)
{
	pw_model_free(loop->model);
	pw_capture_close(loop->capture);
}
