/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/capture.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "capture/caps.h"
#include "capture/enrich.h"
#include "capture/hooks.h"
#include "capture/load.h"
#include "capture/losses.h"
#include "capture/merge.h"
#include "capture/procfs.h"
#include "capture/sys.h"
#include "capture/usdt.h"
#include "procwatch.skel.h"
#include "util/clock.h"

#define DEFAULT_RING_BYTES (8u << 20)
#define LOOK_AGAIN_NS	   500000000u

struct pw_capture {
	struct procwatch_bpf *bpf;
	struct pw_hooks hooks;
	struct pw_load load;
	struct pw_merge merge;
	struct pw_enrich enrich;
	struct pw_usdt usdt;
	struct pw_losses losses;
	/* epoll, edge-triggered on the BPF ring buffer. */
	int wake_fd;
	/* The last pass over the tasks, to be read. */
	int wait_pass;
	unsigned int cpus;
	/* The reader's priority is raised. */
	bool urgent;
	/* More running processes may come to match the filters; by_user: by changing their user. */
	bool filters, by_user;
	/* When the last look for such processes was. */
	uint64_t looked_at;
	/* Every event before this moment has been handed on. */
	uint64_t complete_until;
	/* Filled by pw_capture_stop. */
	uint64_t lost, skipped;
	char skipped_by[256];
};

/* ---- opening */

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level, (void)format, (void)args;
	return 0;
}

/*
 * Edge-triggered: only a wake-up that the programs force makes it readable, not every record
 * in the ring.
 */
static int open_wake_fd(struct pw_capture *c)
{
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};

	c->wake_fd = epoll_create1(EPOLL_CLOEXEC);
	if (c->wake_fd < 0 || epoll_ctl(c->wake_fd, EPOLL_CTL_ADD, bpf_map__fd(c->bpf->maps.ring), &event))
		return -errno;
	return 0;
}

/* Created now: no capability is left to do it at the end. */
static int open_wait_pass(struct pw_capture *c)
{
	c->wait_pass = bpf_iter_create(bpf_link__fd(c->bpf->links.wait_pass));
	return c->wait_pass < 0 ? c->wait_pass : 0;
}

static int open_readers(struct pw_capture *c)
{
	int err = pw_ring_open(&c->merge.ring, bpf_map__fd(c->bpf->maps.ring), pw_load_ring_bytes(&c->load));

	if (err)
		return err;
	err = pw_switch_rings_open(&c->merge.switches, bpf_map__fd(c->bpf->maps.cpus),
				   bpf_map__fd(c->bpf->maps.switches), c->cpus,
				   UINT64_C(1) << pw_load_switch_shift(&c->load));
	if (err)
		return err;
	err = pw_merge_open(&c->merge);
	if (err)
		return err;
	err = open_wake_fd(c);
	if (err)
		return err;
	err = pw_losses_open(&c->losses, bpf_map__fd(c->bpf->maps.losses), c->cpus);
	if (err)
		return err;
	return open_wait_pass(c);
}

static int choose_hooks(struct pw_capture *c, const char *forced, struct pw_error *error)
{
	int err = pw_hooks_probe(&c->hooks, error);

	if (err || !forced)
		return err;
	return pw_hooks_force(&c->hooks, forced, error);
}

static int load_and_attach(struct pw_capture *c, const struct pw_capture_options *options,
			   struct pw_error *error)
{
	int err = choose_hooks(c, options->hooks, error);

	if (err)
		return err;
	err = pw_load(&c->load, &options->select, error);
	c->bpf = c->load.bpf;
	if (err)
		return err;
	err = procwatch_bpf__attach(c->bpf);
	if (err)
		return pw_fail(error, -err, "cannot attach the BPF programs: %s (see 'procwatch check')",
			       strerror(-err));
	__atomic_store_n(&c->bpf->bss->attached, 1, __ATOMIC_RELEASE);
	err = open_readers(c);
	if (err)
		return pw_fail(error, -err, "cannot read the BPF ring buffer: %s", strerror(-err));
	pw_usdt_open(&c->usdt, c->hooks.why_no_marks[0] ? -1 : bpf_program__fd(c->bpf->progs.on_mark),
		     c->hooks.marks_at_once, bpf_map__fd(c->bpf->maps.mark_sites));
	c->enrich.usdt = &c->usdt;
	return 0;
}

int pw_capture_open(struct pw_capture **capture, const struct pw_capture_options *options,
		    struct pw_error *error)
{
	struct pw_capture *c = calloc(1, sizeof(*c));
	int err;

	*capture = c;
	if (!c)
		return -ENOMEM;
	c->wake_fd = c->wait_pass = -1;
	err = libbpf_num_possible_cpus();
	if (err < 0)
		return err;
	c->cpus = (unsigned int)err;
	c->load = (struct pw_load){
		.hooks = &c->hooks,
		.cpus = c->cpus,
		.ring_bytes = options->ring_bytes ? options->ring_bytes : DEFAULT_RING_BYTES,
	};
	if (options->verbose < 2)
		libbpf_set_print(quiet);
	c->enrich.proc_is_inner = pw_proc_is_inner();
	c->filters = options->select.name || options->select.by_user || options->select.cgroup_id;
	c->by_user = options->select.by_user;
	pw_caps_raise();
	err = load_and_attach(c, options, error);
	pw_hooks_close(&c->hooks);
	c->urgent = !err && pw_priority_raise();
	pw_caps_lower();
	return err;
}

const char *pw_capture_notice(const struct pw_capture *c)
{
	return c->load.notice[0] ? c->load.notice : NULL;
}

uint64_t pw_capture_caps(const struct pw_capture *c)
{
	return c->filters ? PW_CAP(CAP_BPF) | PW_CAP(CAP_SYS_PTRACE) : 0;
}

void pw_capture_watch_children_of(struct pw_capture *c, pid_t launcher)
{
	__atomic_store_n(&c->bpf->bss->launcher_tgid, (uint32_t)launcher, __ATOMIC_RELEASE);
}

void pw_capture_launched(struct pw_capture *c)
{
	__atomic_store_n(&c->bpf->bss->launcher_tgid, 0, __ATOMIC_RELEASE);
}

/* ---- the snapshot */

/* Runs an iterator's program for every task there is. */
static int pass_over_tasks(int iterator)
{
	char none[64];
	ssize_t n;

	do
		n = read(iterator, none, sizeof(none));
	while (n > 0 || (n < 0 && errno == EAGAIN));
	return n < 0 ? -errno : 0;
}

static int seed_pass(struct pw_capture *c)
{
	int iterator = bpf_iter_create(bpf_link__fd(c->bpf->links.seed_pass));
	int err;

	if (iterator < 0)
		return iterator;
	err = pass_over_tasks(iterator);
	close(iterator);
	return err;
}

static int seed_until_stable(struct pw_capture *c)
{
	uint32_t before;
	int err;

	__atomic_store_n(&c->bpf->bss->seeding, 1, __ATOMIC_RELEASE);
	do {
		before = __atomic_load_n(&c->bpf->bss->seeds_sent, __ATOMIC_RELAXED);
		err = seed_pass(c);
	} while (!err && __atomic_load_n(&c->bpf->bss->seeds_sent, __ATOMIC_RELAXED) != before);
	__atomic_store_n(&c->bpf->bss->seeding, 0, __ATOMIC_RELEASE);
	return err;
}

int pw_capture_seed(struct pw_capture *c, size_t *found, struct pw_error *error)
{
	int err = seed_until_stable(c);

	if (err)
		return pw_fail(error, -err, "cannot list the running processes: %s", strerror(-err));
	*found = __atomic_load_n(&c->bpf->bss->seeds_sent, __ATOMIC_RELAXED);
	return 0;
}

uint32_t pw_capture_target(const struct pw_capture *c, uint32_t pid, bool *reused)
{
	struct pw_target_slot target = {0};

	bpf_map_lookup_elem(bpf_map__fd(c->bpf->maps.targets), &pid, &target);
	*reused = !target.tgid && target.reused;
	return target.tgid;
}

void pw_capture_marks_of(struct pw_capture *c, const char *path)
{
	pw_usdt_of_file(&c->usdt, path);
}

/* ---- draining */

/* No hook reports a process that changes its user without an exec, as a server's workers do: look now and then. */
static bool users_may_have_changed(struct pw_capture *c)
{
	uint64_t now;

	if (!c->by_user)
		return false;
	now = pw_clock_ns();
	if (now - c->looked_at < LOOK_AGAIN_NS)
		return false;
	c->looked_at = now;
	return true;
}

/* The programs ask for it when a process with several threads came to match: its other threads are to be found. */
static bool rescan_is_wanted(struct pw_capture *c)
{
	return __atomic_exchange_n(&c->bpf->bss->rescan_wanted, 0, __ATOMIC_ACQ_REL) ||
	       users_may_have_changed(c);
}

int pw_capture_fd(const struct pw_capture *c)
{
	return c->wake_fd;
}

int pw_capture_drain(struct pw_capture *c, pw_event_fn fn, void *context)
{
	struct epoll_event event;
	int err = 0;

	if (c->bpf->links.seed_pass && rescan_is_wanted(c))
		err = seed_until_stable(c);
	while (epoll_wait(c->wake_fd, &event, 1, 0) > 0)
		;
	pw_enrich_to(&c->enrich, fn, context);
	pw_usdt_look_again(&c->usdt);
	if (err)
		return err;
	return pw_merge_drain(&c->merge, pw_enrich_event, &c->enrich, &c->complete_until);
}

int pw_capture_catch_up(struct pw_capture *c, pw_event_fn fn, void *context)
{
	uint64_t now = pw_clock_ns();

	pw_enrich_to(&c->enrich, fn, context);
	/* A record that is still being written ends a drain early: its writer only needs the CPU. */
	while (c->complete_until <= now) {
		int err = pw_merge_drain(&c->merge, pw_enrich_event, &c->enrich, &c->complete_until);

		if (err)
			return err;
		if (c->complete_until <= now)
			usleep(100);
	}
	return 0;
}

int pw_capture_stop(struct pw_capture *c, pw_event_fn fn, void *context, uint64_t *end_ns)
{
	bool counted;
	int err = pass_over_tasks(c->wait_pass);

	if (!err)
		err = pw_capture_catch_up(c, fn, context);
	if (c->urgent)
		pw_priority_restore();
	*end_ns = c->complete_until;
	c->lost = pw_losses_total(&c->losses);
	c->skipped = pw_skipped_runs(c->bpf->obj, c->skipped_by, sizeof(c->skipped_by), &counted);
	if (err)
		return err;
	return pw_losses_hand_on(&c->losses, c->complete_until, fn, context);
}

/* ---- what was lost */

uint64_t pw_capture_lost(const struct pw_capture *c)
{
	return pw_losses_total(&c->losses);
}

uint64_t pw_capture_skipped(const struct pw_capture *c)
{
	bool counted;

	return pw_skipped_runs(c->bpf->obj, NULL, 0, &counted);
}

bool pw_capture_counts_skips(const struct pw_capture *c)
{
	bool counted;

	pw_skipped_runs(c->bpf->obj, NULL, 0, &counted);
	return counted;
}

void pw_capture_stats(const struct pw_capture *c, struct pw_capture_stats *stats)
{
	*stats = (struct pw_capture_stats){
		.received = c->merge.received,
		.lost = c->lost,
		.skipped = c->skipped,
		.skipped_by = c->skipped_by,
		.hook_reap = pw_hook_reap_name(&c->hooks),
		.hook_reparent = pw_hook_reparent_name(&c->hooks),
		.hook_switch = pw_hook_switch_name(&c->hooks),
		.marks_missed = c->usdt.failed,
		.why_marks_missed = c->usdt.why,
	};
}

/* ---- closing */

static void detach(struct pw_capture *c)
{
	int fds[32], ring;
	unsigned int n = 0;
	struct bpf_link **links = c->bpf ? (struct bpf_link **)&c->bpf->links : NULL;

	for (size_t i = 0; links && i < sizeof(c->bpf->links) / sizeof(*links); i++)
		if (links[i] && n < sizeof(fds) / sizeof(fds[0]))
			fds[n++] = bpf_link__fd(links[i]);
	ring = pw_close_deferred(fds, n);
	procwatch_bpf__destroy(c->bpf);
	if (ring >= 0)
		close(ring);
}

void pw_capture_close(struct pw_capture *c)
{
	if (!c)
		return;
	pw_merge_close(&c->merge);
	pw_losses_close(&c->losses);
	pw_enrich_close(&c->enrich);
	pw_usdt_close(&c->usdt);
	if (c->wake_fd >= 0)
		close(c->wake_fd);
	if (c->wait_pass >= 0)
		close(c->wait_pass);
	detach(c);
	free(c);
}
