/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/capture.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "capture/caps.h"
#include "capture/deferred_close.h"
#include "capture/enrich.h"
#include "capture/hooks.h"
#include "capture/load.h"
#include "capture/merge.h"
#include "capture/priority.h"
#include "capture/skips.h"
#include "capture/usdt.h"
#include "procwatch.skel.h"

#define DEFAULT_RING_BYTES (8u << 20)
#define LOOK_AGAIN_NS	   500000000u

struct pw_capture {
	struct procwatch_bpf *bpf;
	struct pw_hooks hooks;
	struct pw_load load;
	struct pw_merge stream;
	int wake_fd; /* epoll, edge-triggered on the ring */
	int wait_pass; /* the last pass over the tasks, to be read */
	unsigned int cpus;
	bool urgent; /* our priority is raised */
	bool filters; /* more running processes may come to match */
	bool by_user; /* ... by changing their user */
	uint64_t looked_at; /* when that was last looked for */
	struct pw_enrich enrich;
	struct pw_usdt marks;
	uint64_t complete_until; /* every event before this moment has been handed on */
	const struct pw_cpu_loss *losses; /* the map itself, an entry for each CPU */
	uint64_t lost, skipped; /* filled by pw_capture_stop */
	char skipped_by[256];
};

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level, (void)format, (void)args;
	return 0;
}

static int watch_ring(struct pw_capture *c)
{
	/* Edge-triggered: only a wake-up the programs force counts, not every record that is there to read. */
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};
	int fd = bpf_map__fd(c->bpf->maps.ring);
	int err = pw_ring_open(&c->stream.ring, fd, pw_load_ring_bytes(&c->load));

	err = err ? err
		  : pw_switch_rings_open(&c->stream.switches, bpf_map__fd(c->bpf->maps.cpus),
					 bpf_map__fd(c->bpf->maps.switches), c->cpus,
					 UINT64_C(1) << pw_load_switch_shift(&c->load));
	err = err ? err : pw_merge_open(&c->stream);
	if (err)
		return err;
	c->wake_fd = epoll_create1(EPOLL_CLOEXEC);
	if (c->wake_fd < 0 || epoll_ctl(c->wake_fd, EPOLL_CTL_ADD, fd, &event))
		return -errno;
	return 0;
}

/* Read in place: asking for them by system call takes a capability before 5.19, and none is left by then. */
static int map_losses(struct pw_capture *c)
{
	void *at = mmap(NULL, c->cpus * sizeof(*c->losses), PROT_READ, MAP_SHARED,
			bpf_map__fd(c->bpf->maps.losses), 0);

	if (at == MAP_FAILED)
		return -errno;
	c->losses = at;
	return 0;
}

/* Made now: at the end there is no capability left to do it with. */
static int make_wait_pass(struct pw_capture *c)
{
	c->wait_pass = bpf_iter_create(bpf_link__fd(c->bpf->links.wait_pass));
	return c->wait_pass < 0 ? c->wait_pass : 0;
}

static int load_and_attach(struct pw_capture *c, const struct pw_capture_options *options,
			   struct pw_error *error)
{
	int err = pw_hooks_probe(&c->hooks, error);
	if (!err && options->hooks)
		err = pw_hooks_force(&c->hooks, options->hooks, error);
	err = err ? err : pw_load(&c->load, &options->select, error);
	c->bpf = c->load.bpf;
	if (err)
		return err;
	err = procwatch_bpf__attach(c->bpf);
	if (err)
		return pw_fail(error, -err, "cannot attach the BPF programs: %s (procwatch check tells more)",
			       strerror(-err));
	__atomic_store_n(&c->bpf->bss->attached, 1, __ATOMIC_RELEASE);
	err = watch_ring(c);
	err = err ? err : map_losses(c);
	err = err ? err : make_wait_pass(c);
	if (err)
		return pw_fail(error, -err, "cannot read the BPF ring buffer: %s", strerror(-err));
	pw_usdt_open(&c->marks, c->hooks.why_no_marks[0] ? -1 : bpf_program__fd(c->bpf->progs.on_mark),
		     c->hooks.marks_at_once, bpf_map__fd(c->bpf->maps.mark_sites));
	c->enrich.marks = &c->marks;
	return 0;
}

void pw_capture_marks_of(struct pw_capture *c, const char *path)
{
	pw_usdt_of_file(&c->marks, path);
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
	c->cpus = (unsigned int)libbpf_num_possible_cpus();
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

bool pw_in_initial_pid_namespace(void)
{
	const uint32_t own = pw_own_pid_namespace();

	return !own || own == PW_INIT_PID_NAMESPACE;
}

/* Where /proc is of another namespace (unshare -pf without a mount) it is an outer one, and so are its numbers. */
bool pw_proc_is_inner(void)
{
	char self[32] = "";

	return !pw_in_initial_pid_namespace() && readlink("/proc/self", self, sizeof(self) - 1) > 0 &&
	       atoi(self) == getpid();
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

/* The programs count whom a pass told of. */
static int seed_pass(struct pw_capture *c)
{
	int iterator = bpf_iter_create(bpf_link__fd(c->bpf->links.seed_pass)), err;

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
		return pw_fail(error, -err, "cannot look through the running processes: %s", strerror(-err));
	*found = __atomic_load_n(&c->bpf->bss->seeds_sent, __ATOMIC_RELAXED);
	return 0;
}

uint32_t pw_capture_target(const struct pw_capture *c, uint32_t number, bool *reused)
{
	struct pw_target_slot target = {0};

	bpf_map_lookup_elem(bpf_map__fd(c->bpf->maps.targets), &number, &target);
	*reused = !target.tgid && target.reused;
	return target.tgid;
}

/* No hook tells of a process that changes its user without an exec, as a server's workers do: time to look again? */
static bool users_may_have_changed(struct pw_capture *c)
{
	const uint64_t now = c->by_user ? pw_clock_ns() : 0;

	if (!c->by_user || now - c->looked_at < LOOK_AGAIN_NS)
		return false;
	c->looked_at = now;
	return true;
}

/* A process with several threads came to match: its other threads are still to be found. */
static int rescan(struct pw_capture *c)
{
	if (!c->bpf->links.seed_pass ||
	    (!__atomic_exchange_n(&c->bpf->bss->rescan_wanted, 0, __ATOMIC_ACQ_REL) &&
	     !users_may_have_changed(c)))
		return 0;
	return seed_until_stable(c);
}

int pw_capture_fd(const struct pw_capture *c)
{
	return c->wake_fd;
}

int pw_capture_drain(struct pw_capture *c, pw_event_fn fn, void *context)
{
	struct epoll_event event;
	int err = rescan(c);

	while (epoll_wait(c->wake_fd, &event, 1, 0) > 0)
		;
	pw_enrich_to(&c->enrich, fn, context);
	pw_usdt_look_again(&c->marks);
	return err ? err : pw_merge_drain(&c->stream, pw_enrich_event, &c->enrich, &c->complete_until);
}

uint64_t pw_capture_lost(const struct pw_capture *c)
{
	uint64_t lost = 0;

	for (unsigned int cpu = 0; cpu < c->cpus; cpu++)
		lost += __atomic_load_n(&c->losses[cpu].total, __ATOMIC_RELAXED);
	return lost;
}

uint64_t pw_capture_skipped(const struct pw_capture *c)
{
	int counted;

	return pw_skips_read(c->bpf->obj, NULL, 0, &counted);
}

bool pw_capture_counts_skips(const struct pw_capture *c)
{
	int counted;

	pw_skips_read(c->bpf->obj, NULL, 0, &counted);
	return counted;
}

/* Losses that no later record could tell of; told at the end, for nothing is later. */
static int hand_on_losses(struct pw_capture *c, pw_event_fn fn, void *context)
{
	int err = 0;

	c->lost = pw_capture_lost(c);
	for (unsigned int cpu = 0; cpu < c->cpus && !err; cpu++) {
		const struct pw_cpu_loss *loss = &c->losses[cpu];

		if (loss->pending) {
			struct pw_lost e = {
				.h = {.ts = c->complete_until, .cpu = (uint16_t)cpu, .kind = PW_EV_LOST},
				.count = loss->pending,
				.first = loss->first,
				.last = loss->last,
			};

			err = fn(context, &e.h);
		}
	}
	return err;
}

int pw_capture_settle(struct pw_capture *c, pw_event_fn fn, void *context)
{
	uint64_t now = pw_clock_ns();
	int err = 0;

	pw_enrich_to(&c->enrich, fn, context);
	/* A record that is still being written ends a drain early: its writer only needs the CPU. */
	while (!err && c->complete_until <= now) {
		err = pw_merge_drain(&c->stream, pw_enrich_event, &c->enrich, &c->complete_until);
		if (c->complete_until <= now)
			usleep(100);
	}
	return err;
}

int pw_capture_stop(struct pw_capture *c, pw_event_fn fn, void *context, uint64_t *end_ns)
{
	int err = pass_over_tasks(c->wait_pass), counted;

	err = err ? err : pw_capture_settle(c, fn, context);
	if (c->urgent)
		pw_priority_restore();
	*end_ns = c->complete_until;
	err = err ? err : hand_on_losses(c, fn, context);
	c->skipped = pw_skips_read(c->bpf->obj, c->skipped_by, sizeof(c->skipped_by), &counted);
	return err;
}

void pw_capture_stats(const struct pw_capture *c, struct pw_capture_stats *stats)
{
	*stats = (struct pw_capture_stats){
		.received = c->stream.received,
		.lost = c->lost,
		.skipped = c->skipped,
		.skipped_by = c->skipped_by,
		.hook_reap = pw_hook_reap_name(&c->hooks),
		.hook_reparent = pw_hook_reparent_name(&c->hooks),
		.hook_switch = pw_hook_switch_name(&c->hooks),
		.marks_missed = c->marks.failed,
		.why_marks_missed = c->marks.why,
	};
}

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
	pw_merge_close(&c->stream);
	if (c->losses)
		munmap((void *)c->losses, c->cpus * sizeof(*c->losses));
	pw_enrich_close(&c->enrich);
	pw_usdt_close(&c->marks);
	if (c->wake_fd >= 0)
		close(c->wake_fd);
	if (c->wait_pass >= 0)
		close(c->wait_pass);
	detach(c);
	free(c);
}
