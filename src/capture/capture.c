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
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "capture/enrich.h"
#include "capture/hooks.h"
#include "capture/marks.h"
#include "capture/ring.h"
#include "capture/uprobes.h"
#include "procwatch.skel.h"

#define DEFAULT_RING_BYTES (8u << 20)
#define MIN_RING_BYTES	   (256u << 10)
#define MAX_WAKE_SLOTS	   65536u
#define TIDS_PER_PAGE	   64

struct pw_capture {
	struct procwatch_bpf *bpf;
	struct pw_hooks hooks;
	struct pw_ring ring;
	size_t ring_bytes;
	int wake_fd; /* epoll, edge-triggered on the ring */
	unsigned int cpus;
	struct pw_enrich enrich;
	struct pw_marks marks;
	uint64_t complete_until; /* every event before this moment has been handed on */
	uint64_t lost, skipped; /* filled by pw_capture_stop */
};

/* Must equal its namesake of bpf/maps.h. */
struct cpu_loss {
	uint64_t total, pending, first, last, pad[4];
};

uint64_t pw_clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level, (void)format, (void)args;
	return 0;
}

static unsigned int read_pid_max(void)
{
	FILE *f = fopen("/proc/sys/kernel/pid_max", "re");
	unsigned int max = 0;

	if (f) {
		if (fscanf(f, "%u", &max) != 1)
			max = 0;
		fclose(f);
	}
	return max ? max : 4u << 20; /* PID_MAX_LIMIT on 64-bit kernels */
}

static unsigned int power_of_two_at_least(unsigned int n)
{
	unsigned int p = 1;

	while (p < n)
		p <<= 1;
	return p;
}

static int size_maps(struct pw_capture *c)
{
	struct procwatch_bpf *bpf = c->bpf;
	unsigned int pid_max = read_pid_max(), slots = power_of_two_at_least(pid_max);
	int err;

	if (slots > MAX_WAKE_SLOTS)
		slots = MAX_WAKE_SLOTS;
	bpf->rodata->wake_slot_mask = slots - 1;
	bpf->rodata->ring_wake_bytes = (uint32_t)(c->ring_bytes / 4);
	err = bpf_map__set_max_entries(bpf->maps.watch_pages, pid_max / TIDS_PER_PAGE + 1);
	err = err ? err : bpf_map__set_max_entries(bpf->maps.wake_slots, slots);
	err = err ? err : bpf_map__set_max_entries(bpf->maps.losses, c->cpus);
	err = err ? err : bpf_map__set_max_entries(bpf->maps.clocks, c->cpus);
	err = err ? err : bpf_map__set_max_entries(bpf->maps.ring, (uint32_t)c->ring_bytes);
	return err;
}

static void choose_programs(struct pw_capture *c)
{
	struct procwatch_bpf *bpf = c->bpf;
	const struct pw_hooks *h = &c->hooks;
	bool waits_twice = h->reap == PW_HOOK_WAITS && h->waits_preemptible;
	bool frees_twice = h->reap == PW_HOOK_SLAB && h->waits_preemptible;

	bpf->rodata->switch_state_arg = h->switch_state_arg;
	bpf->rodata->preempt_count_from_rq = h->preempt_count_from_rq;
	bpf->rodata->track_waits = h->reap == PW_HOOK_WAITS;
	bpf->rodata->track_sighands = h->reap == PW_HOOK_SLAB;
	bpf->rodata->walk_children = h->reparent == PW_HOOK_CHILDREN;
	bpf_program__set_autoload(bpf->progs.on_exec, h->tracefs);
	bpf_program__set_autoload(bpf->progs.on_exec_btf, !h->tracefs);
	bpf_program__set_autoload(bpf->progs.on_exit, h->tracefs);
	bpf_program__set_autoload(bpf->progs.on_exit_btf, !h->tracefs);
	bpf_program__set_autoload(bpf->progs.on_release_fentry, h->reap == PW_HOOK_FENTRY);
	bpf_program__set_autoload(bpf->progs.on_release_kprobe, h->reap == PW_HOOK_KPROBE);
	bpf_program__set_autoload(bpf->progs.on_slab_free, h->reap == PW_HOOK_SLAB);
	bpf_program__set_autoload(bpf->progs.on_slab_free_again, frees_twice);
	bpf_program__set_autoload(bpf->progs.on_wait4, h->reap == PW_HOOK_WAITS);
	bpf_program__set_autoload(bpf->progs.on_waitid, h->reap == PW_HOOK_WAITS);
	bpf_program__set_autoload(bpf->progs.on_wait4_again, waits_twice);
	bpf_program__set_autoload(bpf->progs.on_waitid_again, waits_twice);
	bpf_program__set_autoload(bpf->progs.on_orphan_fentry, h->reparent == PW_HOOK_FENTRY);
	bpf_program__set_autoload(bpf->progs.on_orphan_kprobe, h->reparent == PW_HOOK_KPROBE);
	bpf_program__set_autoload(bpf->progs.on_mark, !h->why_no_marks[0]);
	if (h->marks_at_once)
		bpf_program__set_expected_attach_type(bpf->progs.on_mark,
						      (enum bpf_attach_type)PW_TRACE_UPROBE_MULTI);
}

/* Its inode number, as the kernel knows it; 0 without /proc. */
static uint32_t own_pid_namespace(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) ? 0 : (uint32_t)st.st_ino;
}

/* What the programs must know of the selection before they are loaded. */
static int choose_targets(struct pw_capture *c, const struct pw_selection *select)
{
	struct procwatch_bpf *bpf = c->bpf;
	bool filters = select->name || select->by_user || select->cgroup_id;
	bool seeds = select->n_pids || select->all || filters;

	bpf->rodata->own_tgid = (uint32_t)getpid();
	bpf->rodata->own_pid_ns = own_pid_namespace();
	bpf->rodata->watch_all = select->all && !filters;
	bpf->rodata->follow_children = !select->no_children;
	bpf->rodata->only_names = select->name != NULL;
	bpf->rodata->only_uids = select->by_user;
	bpf->rodata->only_uid = select->uid;
	bpf->rodata->only_cgroup = select->cgroup_id;
	if (select->name)
		snprintf((char *)bpf->rodata->only_name, sizeof(bpf->rodata->only_name), "%s", select->name);
	bpf_program__set_autoload(bpf->progs.seed_pass, seeds);
	bpf_program__set_autoload(bpf->progs.on_cgroup_attach, select->cgroup_id != 0);
	return bpf_map__set_max_entries(bpf->maps.targets, select->n_pids ? (uint32_t)select->n_pids : 1);
}

static int fill_targets(struct pw_capture *c, const struct pw_selection *select)
{
	int fd = bpf_map__fd(c->bpf->maps.targets), err = 0;
	uint8_t one = 1;

	for (size_t i = 0; i < select->n_pids && !err; i++)
		err = bpf_map_update_elem(fd, &select->pids[i], &one, BPF_ANY);
	return err;
}

static int load_once(struct pw_capture *c, const struct pw_selection *select)
{
	int err;

	c->bpf = procwatch_bpf__open();
	if (!c->bpf)
		return -errno;
	choose_programs(c);
	err = size_maps(c);
	err = err ? err : choose_targets(c, select);
	err = err ? err : procwatch_bpf__load(c->bpf);
	err = err ? err : fill_targets(c, select);
	if (err) {
		procwatch_bpf__destroy(c->bpf);
		c->bpf = NULL;
	}
	return err;
}

/*
 * Before 5.11 maps count against RLIMIT_MEMLOCK, and a root without
 * CAP_SYS_RESOURCE cannot raise it: try again with a smaller ring.
 */
static int load(struct pw_capture *c, const struct pw_selection *select, struct pw_error *error)
{
	int err = load_once(c, select);

	while (err == -EPERM && c->ring_bytes > MIN_RING_BYTES && c->hooks.switch_state_arg < 0) {
		c->ring_bytes /= 2;
		err = load_once(c, select);
	}
	if (err == -EPERM || err == -EACCES)
		return pw_fail(error, -err,
			       "the kernel refuses BPF programs to this user: run it with sudo, or give it "
			       "CAP_BPF, CAP_PERFMON and "
			       "CAP_DAC_READ_SEARCH (procwatch check tells more)");
	if (err)
		return pw_fail(error, -err, "cannot load the BPF programs: %s (procwatch check tells more)",
			       strerror(-err));
	return 0;
}

static int watch_ring(struct pw_capture *c)
{
	/* Edge-triggered: only a wake-up the programs force counts, not every record that is there to read. */
	struct epoll_event event = {.events = EPOLLIN | EPOLLET};
	int fd = bpf_map__fd(c->bpf->maps.ring);
	int err = pw_ring_open(&c->ring, fd, c->ring_bytes);

	if (err)
		return err;
	c->wake_fd = epoll_create1(EPOLL_CLOEXEC);
	if (c->wake_fd < 0 || epoll_ctl(c->wake_fd, EPOLL_CTL_ADD, fd, &event))
		return -errno;
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
	c->wake_fd = -1;
	c->ring_bytes = options->ring_bytes ? options->ring_bytes : DEFAULT_RING_BYTES;
	c->cpus = (unsigned int)libbpf_num_possible_cpus();
	if (options->verbose < 2)
		libbpf_set_print(quiet);
	err = pw_hooks_probe(&c->hooks, error);
	if (!err && options->hooks)
		err = pw_hooks_force(&c->hooks, options->hooks, error);
	err = err ? err : load(c, &options->select, error);
	if (err)
		return err;
	err = procwatch_bpf__attach(c->bpf);
	if (err)
		return pw_fail(error, -err, "cannot attach the BPF programs: %s (procwatch check tells more)",
			       strerror(-err));
	err = watch_ring(c);
	if (err)
		return pw_fail(error, -err, "cannot read the BPF ring buffer: %s", strerror(-err));
	pw_marks_open(&c->marks, c->hooks.why_no_marks[0] ? -1 : bpf_program__fd(c->bpf->progs.on_mark),
		      c->hooks.marks_at_once, bpf_map__fd(c->bpf->maps.mark_sites));
	c->enrich.marks = &c->marks;
	return 0;
}

void pw_capture_marks_of(struct pw_capture *c, const char *path)
{
	pw_marks_of_file(&c->marks, path);
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
static int pass_over_tasks(const struct bpf_link *link)
{
	char none[64];
	int fd = bpf_iter_create(bpf_link__fd(link));
	ssize_t n;

	if (fd < 0)
		return fd;
	do
		n = read(fd, none, sizeof(none));
	while (n > 0 || (n < 0 && errno == EAGAIN));
	n = n < 0 ? -errno : 0;
	close(fd);
	return (int)n;
}

/* The programs count whom a pass told of. */
static int seed_until_stable(struct pw_capture *c)
{
	uint32_t before;
	int err;

	do {
		before = __atomic_load_n(&c->bpf->bss->seeds_told, __ATOMIC_RELAXED);
		err = pass_over_tasks(c->bpf->links.seed_pass);
	} while (!err && __atomic_load_n(&c->bpf->bss->seeds_told, __ATOMIC_RELAXED) != before);
	return err;
}

int pw_capture_seed(struct pw_capture *c, size_t *found, struct pw_error *error)
{
	int err = seed_until_stable(c);

	if (err)
		return pw_fail(error, -err, "cannot look through the running processes: %s", strerror(-err));
	*found = __atomic_load_n(&c->bpf->bss->seeds_told, __ATOMIC_RELAXED);
	return 0;
}

/* A process with several threads came to match: its other threads are still to be found. */
static int rescan(struct pw_capture *c)
{
	if (!c->bpf->links.seed_pass ||
	    !__atomic_exchange_n(&c->bpf->bss->rescan_wanted, 0, __ATOMIC_ACQ_REL))
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
	pw_marks_look_again(&c->marks);
	return err ? err : pw_ring_drain(&c->ring, pw_enrich_event, &c->enrich, &c->complete_until);
}

uint64_t pw_capture_lost(const struct pw_capture *c)
{
	int fd = bpf_map__fd(c->bpf->maps.losses);
	uint64_t lost = 0;

	for (uint32_t cpu = 0; cpu < c->cpus; cpu++) {
		struct cpu_loss loss;

		if (!bpf_map_lookup_elem(fd, &cpu, &loss))
			lost += loss.total;
	}
	return lost;
}

/* Losses that no later record could tell of. */
static int hand_on_losses(struct pw_capture *c, pw_event_fn fn, void *context)
{
	int fd = bpf_map__fd(c->bpf->maps.losses), err = 0;
	uint64_t now = pw_clock_ns();

	c->lost = 0;
	for (uint32_t cpu = 0; cpu < c->cpus && !err; cpu++) {
		struct cpu_loss loss;

		if (bpf_map_lookup_elem(fd, &cpu, &loss))
			return -errno;
		c->lost += loss.total;
		if (loss.pending) {
			struct pw_lost e = {
				.h = {.ts = now, .cpu = (uint16_t)cpu, .kind = PW_EV_LOST},
				.count = loss.pending,
				.first = loss.first,
				.last = loss.last,
			};

			err = fn(context, &e.h);
		}
	}
	return err;
}

/*
 * Runs the kernel skipped because another run of the same program was not finished
 * (5.12 and later count them). That of a free is no event: it is one in an
 * interrupt, or the rare reap that sched_process_free tells of instead.
 */
static uint64_t count_skipped(struct pw_capture *c)
{
	struct bpf_program *program;
	uint64_t skipped = 0;

	bpf_object__for_each_program(program, c->bpf->obj)
	{
		struct bpf_prog_info info = {0};
		__u32 size = sizeof(info);

		if (bpf_program__autoload(program) && program != c->bpf->progs.on_slab_free &&
		    program != c->bpf->progs.on_slab_free_again &&
		    !bpf_obj_get_info_by_fd(bpf_program__fd(program), &info, &size))
			skipped += info.recursion_misses;
	}
	return skipped;
}

int pw_capture_stop(struct pw_capture *c, pw_event_fn fn, void *context, uint64_t *end_ns)
{
	int err = pass_over_tasks(c->bpf->links.wait_pass);
	uint64_t now = pw_clock_ns();

	pw_enrich_to(&c->enrich, fn, context);
	/* A record that is still being written ends a drain early: its writer only needs the CPU. */
	while (!err && c->complete_until <= now) {
		err = pw_ring_drain(&c->ring, pw_enrich_event, &c->enrich, &c->complete_until);
		if (c->complete_until <= now)
			usleep(100);
	}
	*end_ns = c->complete_until;
	if (!err)
		err = hand_on_losses(c, fn, context);
	c->skipped = count_skipped(c);
	return err;
}

void pw_capture_stats(const struct pw_capture *c, struct pw_capture_stats *stats)
{
	*stats = (struct pw_capture_stats){
		.received = c->ring.received,
		.lost = c->lost,
		.skipped = c->skipped,
		.hook_reap = pw_hook_reap_name(&c->hooks),
		.hook_reparent = pw_hook_reparent_name(&c->hooks),
		.hook_switch = pw_hook_switch_name(&c->hooks),
		.marks_missed = c->marks.failed,
		.why_marks_missed = c->marks.why,
	};
}

void pw_capture_close(struct pw_capture *c)
{
	if (!c)
		return;
	pw_ring_close(&c->ring);
	pw_enrich_close(&c->enrich);
	pw_marks_close(&c->marks);
	if (c->wake_fd >= 0)
		close(c->wake_fd);
	procwatch_bpf__destroy(c->bpf);
	free(c);
}
