/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/session.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include "util/clock.h"
#include "util/error.h"

struct machine_info {
	struct utsname uts;
	char boot_id[40];
};

static void describe_machine(struct machine_info *m)
{
	FILE *f = fopen("/proc/sys/kernel/random/boot_id", "re");

	uname(&m->uts);
	m->boot_id[0] = '\0';
	if (f) {
		if (fgets(m->boot_id, sizeof(m->boot_id), f))
			m->boot_id[strcspn(m->boot_id, "\n")] = '\0';
		fclose(f);
	}
}

static int64_t wall_clock_at(uint64_t monotonic_ns)
{
	struct timespec t;

	clock_gettime(CLOCK_REALTIME, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec - (int64_t)(pw_clock_ns() - monotonic_ns);
}

static void describe_session(const struct pw_target *target, const struct pw_capture *capture,
			     uint64_t start_ns, uint64_t end_ns, const struct machine_info *m,
			     struct pw_session *s)
{
	struct pw_capture_stats stats;

	pw_capture_stats(capture, &stats);
	*s = (struct pw_session){
		.kernel = m->uts.release,
		.machine = m->uts.machine,
		.boot_id = m->boot_id,
		.cpus = (unsigned int)sysconf(_SC_NPROCESSORS_ONLN),
		.hook_reap = stats.hook_reap,
		.hook_reparent = stats.hook_reparent,
		.hook_switch = stats.hook_switch,
		.target = target->kind,
		.command = (const char *const *)target->command,
		.demo = target->demo,
		.pids = target->pids,
		.n_pids = target->n_pids,
		.filter = target->filter,
		.start_ns = start_ns,
		.duration_ns = end_ns - start_ns,
		.start_wall_ns = wall_clock_at(start_ns),
		.received = stats.received,
		.lost = stats.lost,
		.skipped = stats.skipped,
		.skipped_by = stats.skipped_by,
	};
}

void pw_session_begin(struct pw_outputs *outputs, const struct pw_target *target,
		      const struct pw_capture *capture)
{
	const uint64_t start = target->start_ns ? target->start_ns : pw_clock_ns();
	struct pw_session session;
	struct machine_info machine;

	if (!outputs->record_file.wanted)
		return;
	describe_machine(&machine);
	describe_session(target, capture, start, start, &machine, &session);
	session.received = session.lost = session.skipped = 0;
	pw_record_file_begin(&outputs->record_file, &session);
}

int pw_session_end(struct pw_outputs *outputs, const struct pw_target *target,
		   const struct pw_capture *capture, struct pw_model *model, uint64_t end_ns)
{
	const uint64_t first = pw_model_first_start(model);
	uint64_t start_ns = end_ns;
	const struct pw_process *oldest = pw_model_process(model, 0);
	struct pw_target complete = *target;
	struct pw_session session;
	struct machine_info machine;
	int err, unsaved;

	if (target->start_ns)
		start_ns = target->start_ns;
	else if (first)
		start_ns = first;
	if (target->kind == PW_TARGET_RUN && oldest && oldest->start == first) { /* the command */
		complete.pids = &oldest->pid;
		complete.n_pids = 1;
	}
	describe_machine(&machine);
	describe_session(&complete, capture, start_ns, end_ns, &machine, &session);
	unsaved = pw_record_file_end(&outputs->record_file, &session);
	err = pw_session_report(outputs, &session, model);
	return err ? err : unsaved;
}

void pw_session_remark(const struct pw_capture *capture)
{
	struct pw_capture_stats stats;

	if (pw_capture_notice(capture))
		pw_log_error("%s", pw_capture_notice(capture));
	pw_capture_stats(capture, &stats);
	if (stats.marks_missed)
		pw_log_error("cannot attach to %zu mark%s: %s", stats.marks_missed,
			     stats.marks_missed == 1 ? "" : "s", stats.why_marks_missed);
}
