/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/attach.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture/caps.h"
#include "capture/procfs.h"
#include "output/progress.h"
#include "run/interrupt.h"
#include "run/record_loop.h"
#include "run/session.h"
#include "util/clock.h"
#include "util/error.h"
#include "util/exit_status.h"

struct attachment {
	struct pw_attach_settings *settings;
	struct pw_record_loop loop;
	struct pw_progress progress;
	/* becomes readable when the user wants the capture to end; -1: not open */
	int signals;
	bool interrupted;
	/* later errors have been printed where they happened */
	bool errors_printed;
	/* the processes that were asked for and found, by their numbers in the initial PID namespace */
	uint32_t *targets;
	size_t n_targets;
	uint64_t start_ns;
};

/* ---- callbacks of the record loop */

static void on_wake(void *context)
{
	struct attachment *a = context;

	if (pw_interrupt_heard(a->signals))
		a->interrupted = true;
}

static void after_drain(void *context)
{
	struct attachment *a = context;
	const struct pw_model *model = a->loop.model;
	struct pw_capture_stats stats;

	pw_capture_stats(a->loop.capture, &stats);
	pw_progress_capturing(&a->progress,
			      &(struct pw_capture_counts){
				      .events = stats.received,
				      .lost = pw_model_stats(model)->lost,
				      .processes = pw_model_count(model) + (size_t)pw_model_folded(model),
				      .alive = pw_model_alive(model),
			      });
}

/* A filter may match a later process; processes that were named by pid do not come back. */
static bool targets_are_gone(struct attachment *a, uint64_t now)
{
	const struct pw_selection *s = &a->settings->select;

	if (!s->n_pids || s->all || s->name || s->by_user || s->cgroup_id)
		return false;
	if (!pw_model_first_start(a->loop.model))
		return false;
	pw_liveness_count(&a->loop.liveness, now);
	return !a->loop.liveness.alive && !a->loop.liveness.zombies;
}

static bool is_over(void *context, uint64_t now)
{
	struct attachment *a = context;

	return a->interrupted || targets_are_gone(a, now);
}

static const struct pw_record_callbacks callbacks = {
	.on_wake = on_wake,
	.after_drain = after_drain,
	.is_over = is_over,
};

/* ---- what is already running */

/* A target may have ended since the command line was read, and its number may have been reused. */
static int find_targets(struct attachment *a, struct pw_error *error)
{
	const struct pw_selection *s = &a->settings->select;
	bool reused = false, any_reused = false;

	a->targets = calloc(s->n_pids, sizeof(*a->targets));
	if (!a->targets)
		return -ENOMEM;
	for (size_t i = 0; i < s->n_pids; i++) {
		uint32_t tgid = pw_capture_target(a->loop.capture, s->pids[i], &reused);

		any_reused |= reused;
		if (tgid)
			a->targets[a->n_targets++] = tgid;
	}
	if (a->n_targets == s->n_pids)
		return 0;
	if (s->n_pids == 1)
		return pw_fail(error, ESRCH, "process %u ended before it could be watched%s", s->pids[0],
			       any_reused ? "; its pid now belongs to another process" : "");
	if (!a->n_targets)
		return pw_fail(error, ESRCH, "all %zu processes ended before they could be watched",
			       s->n_pids);
	if (!a->settings->common.quiet)
		pw_log_error("%zu of %zu processes ended before they could be watched%s",
			     s->n_pids - a->n_targets, s->n_pids,
			     any_reused ? "; their pids now belong to other processes" : "");
	return 0;
}

static int seed(struct attachment *a, struct pw_error *error)
{
	const struct pw_selection *s = &a->settings->select;
	size_t found = 0;
	int err;

	a->start_ns = pw_clock_ns();
	a->loop.duration_from_ns = a->start_ns;
	err = pw_capture_seed(a->loop.capture, &found, error);
	if (!err && s->n_pids)
		err = find_targets(a, error);
	if (err)
		return err;
	if (!found && !s->n_pids && !a->settings->wait)
		return pw_fail(error, ESRCH, "no running process matches; use --wait to wait for one");
	return 0;
}

/* The kernel's task iterator stays within the PID namespace of its reader. */
static void warn_of_namespace(const struct attachment *a)
{
	if (a->settings->common.quiet || pw_in_initial_pid_namespace())
		return;
	pw_log_error("inside a PID namespace: -p takes this namespace's pids, and the report shows the "
		     "machine's, with \"pid N\" beside processes of this namespace; processes outside are "
		     "watched only if they start from now on (-a, -n, -u, --cgroup)");
}

/* ---- the capture */

static int start(struct attachment *a, struct pw_error *error)
{
	int err = pw_record_open(&a->loop, &a->settings->select, error);

	if (err)
		return err;
	a->signals = pw_interrupt_open();
	if (a->signals < 0)
		return a->signals;
	a->loop.control_fd = a->signals;
	return seed(a, error);
}

static int record(struct attachment *a)
{
	int err = pw_capture_catch_up(a->loop.capture, pw_record_event, &a->loop);

	if (err)
		return err;
	/* Only looking up the programs of the running processes needed more. */
	pw_caps_keep(pw_capture_caps(a->loop.capture) | pw_settings_caps(&a->settings->common));
	err = pw_record_run(&a->loop);
	pw_progress_clear(&a->progress);
	return err;
}

/* The filters, for the head of the report; NULL: none. */
static const char *describe_filter(const struct pw_attach_settings *o, char *text, size_t size)
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
	struct pw_attach_settings *s = a->settings;
	struct pw_outputs *outputs = &s->common.outputs;
	struct pw_target target = {
		.kind = s->select.all ? PW_TARGET_SYSTEM : PW_TARGET_ATTACH,
		.filter = describe_filter(s, filter, sizeof(filter)),
	};
	int err = start(a, error);

	if (err)
		return err;
	warn_of_namespace(a);
	target.pids = a->targets;
	target.n_pids = a->n_targets;
	target.start_ns = a->start_ns;
	pw_session_begin(outputs, &target, a->loop.capture);
	pw_progress_start(&a->progress, s->common.quiet);
	err = record(a);
	if (err)
		return err;
	a->errors_printed = true;
	if (!s->common.quiet)
		pw_session_remark(a->loop.capture);
	return pw_session_end(outputs, &target, a->loop.capture, a->loop.model, a->loop.end_ns);
}

int pw_attach_run(struct pw_attach_settings *settings)
{
	struct attachment a = {
		.settings = settings,
		.loop = {.settings = &settings->common, .callbacks = &callbacks},
		.signals = -1,
	};
	struct pw_error error = {""};
	int err;

	a.loop.context = &a;
	err = attach_and_report(&a, &error);
	if (err && !a.errors_printed)
		pw_log_error("%s", error.text[0] ? error.text : strerror(-err));
	pw_record_close(&a.loop);
	free(a.targets);
	if (a.signals >= 0)
		close(a.signals);
	return err ? PW_EXIT_FAILED : 0;
}
