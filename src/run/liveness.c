/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/liveness.h"

#include <stdlib.h>

#include "capture/procfs.h"
#include "util/clock.h"

/* How often to ask /proc: if something may have been missed, and if nothing is known to be. */
#define DOUBTFUL_PERIOD_NS (500 * PW_NS_PER_MS)
#define PERIOD_NS	   (5000 * PW_NS_PER_MS)

void pw_liveness_init(struct pw_liveness *r, const struct pw_capture *capture, struct pw_model *model)
{
	*r = (struct pw_liveness){
		.capture = capture,
		.model = model,
		.proc_is_inner = pw_proc_is_inner(),
		.looked_at = pw_clock_ns(),
	};
}

/* The state letter that ps shows; 0: the process does not exist. */
static char state_in_proc(const struct pw_liveness *r, const struct pw_process *process)
{
	struct pw_proc proc;

	if (process->reaped || !pw_proc_read(r->proc_is_inner ? process->ns_pid : process->pid, &proc) ||
	    !pw_proc_began(&proc, process->start))
		return 0;
	return proc.state;
}

static void count_in_proc(struct pw_liveness *r)
{
	r->alive = r->zombies = 0;
	for (size_t i = 0; i < pw_model_count(r->model); i++) {
		const struct pw_process *process = pw_model_process(r->model, i);
		char state = state_in_proc(r, process);

		if (state && (process->exited || state == 'Z'))
			r->zombies++;
		else if (state)
			r->alive++;
	}
}

void pw_liveness_count(struct pw_liveness *r, uint64_t now)
{
	size_t alive = pw_model_alive(r->model), zombies = pw_model_zombies(r->model);

	r->doubtful = r->doubtful || pw_capture_lost(r->capture);
	if (now - r->looked_at >= (r->doubtful ? DOUBTFUL_PERIOD_NS : PERIOD_NS)) {
		r->looked_at = now;
		count_in_proc(r);
		r->doubtful = r->doubtful || r->alive < alive || r->alive + r->zombies < alive + zombies ||
			      pw_capture_skipped(r->capture);
	} else if (!r->doubtful) {
		r->alive = alive;
		r->zombies = zombies;
	}
}

/*
 * An array in the order of the model, true for a process that /proc does not show. NULL if nothing
 * may have been missed, or without memory.
 */
static bool *find_vanished(const struct pw_liveness *r, size_t *count)
{
	bool *gone;

	*count = r->doubtful ? pw_model_count(r->model) : 0;
	gone = *count ? calloc(*count, sizeof(*gone)) : NULL;
	if (!gone)
		*count = 0;
	for (size_t i = 0; i < *count; i++)
		gone[i] = !state_in_proc(r, pw_model_process(r->model, i));
	return gone;
}

int pw_liveness_stop(struct pw_liveness *r, struct pw_capture *capture, pw_event_fn feed, void *context,
		     uint64_t *end_ns)
{
	size_t count;
	bool *gone = find_vanished(r, &count);
	int err = pw_capture_stop(capture, feed, context, end_ns);

	for (size_t i = 0; i < count && !err; i++) {
		const struct pw_process *process = pw_model_process(r->model, i);
		struct pw_free e = {.h = {.ts = *end_ns,
					  .start = process->start,
					  .tid = process->pid,
					  .kind = PW_EV_FREE}};

		if (gone[i] && !process->reaped)
			err = feed(context, &e.h);
	}
	free(gone);
	return err;
}
