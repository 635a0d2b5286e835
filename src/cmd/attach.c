/* SPDX-License-Identifier: GPL-2.0-only */
#include "cmd/attach.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/caps.h"
#include "cmd/cmd.h"
#include "output/progress.h"
#include "run/interrupt.h"
#include "run/liveness.h"
#include "run/session.h"

#define NS_PER_MS 1000000ull

struct attachment {
	struct pw_attach_options *options;
	struct pw_capture *capture;
	struct pw_model *model;
	struct pw_progress progress;
	int signals; /* to be polled for a request to end */
	bool interrupted;
	bool told; /* what goes wrong from now on is said where it does */
	uint32_t *targets; /* those that were asked for and found, by the machine's numbers */
	size_t n_targets;
	struct pw_liveness liveness;
	uint64_t start_ns, end_ns;
};

static int feed(void *context, const struct pw_event *event)
{
	struct attachment *a = context;

	pw_record_file_add(&a->options->common.outputs.record_file, event);
	return pw_outputs_need(&a->options->common.outputs, event) ? pw_model_feed(a->model, event) : 0;
}

/* Filters may match somebody later; named processes and their trees end for good. */
static bool targets_are_gone(struct attachment *a, uint64_t now)
{
	const struct pw_selection *s = &a->options->select;

	if (!pw_model_first_start(a->model) || !s->n_pids || s->all || s->name || s->by_user || s->cgroup_id)
		return false;
	pw_liveness_count(&a->liveness, now);
	return !a->liveness.alive && !a->liveness.zombies;
}

static bool is_over(struct attachment *a)
{
	uint64_t duration = a->options->common.duration_ns, now = pw_clock_ns();

	return a->interrupted || (duration && now - a->start_ns >= duration) || targets_are_gone(a, now);
}

static int poll_timeout(const struct attachment *a)
{
	uint64_t duration = a->options->common.duration_ns, passed = pw_clock_ns() - a->start_ns;

	if (!duration || duration > passed + PW_CAPTURE_INTERVAL_MS * NS_PER_MS)
		return PW_CAPTURE_INTERVAL_MS;
	return duration > passed ? (int)((duration - passed) / NS_PER_MS) + 1 : 0;
}

static int record(struct attachment *a)
{
	int err = pw_capture_settle(a->capture, feed, a);

	/* The programs of the processes that run already have been looked up. */
	pw_caps_keep(pw_capture_caps(a->capture) | pw_outputs_caps(&a->options->common.outputs));
	while (!err && !is_over(a)) {
		struct pollfd fds[2] = {
			{.fd = pw_capture_fd(a->capture), .events = POLLIN},
			{.fd = a->signals, .events = POLLIN},
		};

		poll(fds, 2, poll_timeout(a));
		a->interrupted = pw_interrupt_heard(a->signals);
		err = pw_capture_drain(a->capture, feed, a);
		pw_record_file_pulse(&a->options->common.outputs.record_file, pw_clock_ns());
		pw_progress_show(&a->progress, a->capture, a->model);
	}
	pw_progress_clear(&a->progress);
	return err ? err : pw_liveness_stop(&a->liveness, a->capture, feed, a, &a->end_ns);
}

/* A target may have gone since it was looked up, or its number to somebody else. */
static int find_targets(struct attachment *a, struct pw_error *error)
{
	const struct pw_selection *s = &a->options->select;
	bool reused = false, any_reused = false;

	a->targets = calloc(s->n_pids, sizeof(*a->targets));
	if (!a->targets)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_pids; i++) {
		uint32_t tgid = pw_capture_target(a->capture, s->pids[i], &reused);

		any_reused |= reused;
		if (tgid)
			a->targets[a->n_targets++] = tgid;
	}
	if (a->n_targets == s->n_pids)
		return 0;
	if (s->n_pids == 1)
		return pw_fail(error, ESRCH, "process %u ended before it could be watched%s", s->pids[0],
			       any_reused ? "; another has its number now" : "");
	if (!a->n_targets)
		return pw_fail(error, ESRCH, "all %zu processes ended before they could be watched",
			       s->n_pids);
	if (!a->options->common.quiet)
		pw_log_error("%zu of %zu processes ended before they could be watched%s",
			     s->n_pids - a->n_targets, s->n_pids,
			     any_reused ? "; their numbers are others' now" : "");
	return 0;
}

/* What the numbers mean, and what is out of sight: the kernel's iterator stays within its reader's namespace. */
static void remark_on_namespace(const struct attachment *a)
{
	if (a->options->common.quiet || pw_in_initial_pid_namespace())
		return;
	pw_log_error("inside a PID namespace: -p takes its numbers, the report has the machine's and says "
		     "\"pid N\" "
		     "beside a name for those inside; of what is outside only what starts from now on can be "
		     "seen (-a, -n, -u, --cgroup)");
}

/* Takes in what runs already. */
static int seed(struct attachment *a, struct pw_error *error)
{
	const struct pw_selection *s = &a->options->select;
	size_t found = 0;
	int err;

	a->start_ns = pw_clock_ns();
	err = pw_capture_seed(a->capture, &found, error);
	if (!err && s->n_pids)
		err = find_targets(a, error);
	if (err)
		return err;
	if (!found && !s->n_pids && !a->options->wait)
		return pw_fail(error, ESRCH, "nothing that runs matches; --wait waits for it");
	return 0;
}

static int start(struct attachment *a, struct pw_error *error)
{
	struct pw_capture_options options = {
		.select = a->options->select,
		.ring_bytes = a->options->common.ring_bytes,
		.hooks = a->options->common.hooks,
		.verbose = a->options->common.verbose,
	};
	const struct pw_keep keep = pw_capture_keep(&a->options->common);
	int err = pw_capture_open(&a->capture, &options, error);

	if (err)
		return err;
	a->model = pw_model_new();
	if (!a->model)
		return -ENOMEM;
	pw_model_keep(a->model, &keep);
	pw_liveness_init(&a->liveness, a->capture, a->model);
	a->signals = pw_interrupt_open();
	return a->signals < 0 ? a->signals : seed(a, error);
}

/* The filters, as the report's head tells them; NULL: none. */
static const char *filter_in_words(const struct pw_attach_options *o, char *text, size_t size)
{
	const struct pw_selection *s = &o->select;
	size_t n = 0;

	text[0] = '\0';
	if (s->name)
		n += (size_t)snprintf(text + n, size - n, ", the name '%s'", s->name);
	if (s->by_user)
		n += (size_t)snprintf(text + n, size - n, ", uid %u", s->uid);
	if (o->cgroup)
		snprintf(text + n, size - n, ", control group %s", o->cgroup);
	return text[0] ? text + 2 : NULL;
}

static int attach_and_report(struct attachment *a, struct pw_error *error)
{
	char filter[PATH_MAX + 192];
	const struct pw_attach_options *o = a->options;
	struct pw_outputs *outputs = &a->options->common.outputs;
	struct pw_target target = {
		.kind = o->select.all ? PW_TARGET_SYSTEM : PW_TARGET_ATTACH,
		.filter = filter_in_words(o, filter, sizeof(filter)),
	};
	int err = start(a, error);

	if (err)
		return err;
	remark_on_namespace(a);
	target.pids = a->targets;
	target.n_pids = a->n_targets;
	target.start_ns = a->start_ns;
	pw_session_begin(outputs, &target, a->capture);
	pw_progress_start(&a->progress, o->common.quiet);
	err = record(a);
	if (err)
		return err;
	a->told = true;
	if (!o->common.quiet)
		pw_session_remark(a->capture);
	return pw_session_end(outputs, &target, a->capture, a->model, a->end_ns);
}

static int attach(struct pw_attach_options *options)
{
	struct attachment a = {.options = options, .signals = -1};
	struct pw_error error = {""};
	int err = attach_and_report(&a, &error);

	if (err && !a.told)
		pw_log_error("%s", error.text[0] ? error.text : strerror(-err));
	pw_model_free(a.model);
	pw_capture_close(a.capture);
	free(a.targets);
	if (a.signals >= 0)
		close(a.signals);
	return err ? PW_EXIT_FAILED : 0;
}

int pw_cmd_attach(int argc, char **argv)
{
	struct pw_attach_options options = {0};
	int status = pw_attach_options_parse(&options, argc, argv);

	if (status < 0) {
		pw_survive_writes();
		status = pw_outputs_open_for_caller(&options.common.outputs);
		if (!status)
			status = attach(&options);
	}
	pw_outputs_close(&options.common.outputs);
	free(options.asked);
	return status;
}
