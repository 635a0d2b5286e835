/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/losses.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "capture/procfs.h"

/* ---- records that found no room */

/* Mapped: before 5.19 the bpf system call takes a capability, and none is left when the losses are read. */
int pw_losses_open(struct pw_losses *losses, int map_fd, unsigned int n_cpus)
{
	void *map = mmap(NULL, n_cpus * sizeof(*losses->cpus), PROT_READ, MAP_SHARED, map_fd, 0);

	if (map == MAP_FAILED)
		return -errno;
	*losses = (struct pw_losses){.cpus = map, .n_cpus = n_cpus};
	return 0;
}

void pw_losses_close(struct pw_losses *losses)
{
	if (losses->cpus)
		munmap((void *)losses->cpus, losses->n_cpus * sizeof(*losses->cpus));
	*losses = (struct pw_losses){0};
}

uint64_t pw_losses_total(const struct pw_losses *losses)
{
	uint64_t total = 0;

	for (unsigned int cpu = 0; cpu < losses->n_cpus; cpu++)
		total += __atomic_load_n(&losses->cpus[cpu].total, __ATOMIC_RELAXED);
	return total;
}

int pw_losses_hand_on(const struct pw_losses *losses, uint64_t ts, pw_event_fn fn, void *context)
{
	for (unsigned int cpu = 0; cpu < losses->n_cpus; cpu++) {
		const struct pw_cpu_loss *loss = &losses->cpus[cpu];
		struct pw_lost e = {
			.h = {.ts = ts, .cpu = (uint16_t)cpu, .kind = PW_EV_LOST},
			.count = loss->pending,
			.first = loss->first,
			.last = loss->last,
		};
		int err;

		if (!e.count)
			continue;
		err = fn(context, &e.h);
		if (err)
			return err;
	}
	return 0;
}

/* ---- runs that the kernel skipped */

/*
 * The runs that the slab programs miss are nearly always frees in an interrupt, which are no
 * reaps; no counter knows which of them were. The classic form misses no reap at all
 * (bpf/reap.bpf.c), and one that both raw forms miss is not lost to the report:
 * sched_process_free shows it, as a reap that was not observed.
 */
static bool loses_events(const char *program)
{
	return strncmp(program, "on_slab_free", strlen("on_slab_free")) != 0;
}

uint64_t pw_skipped_runs(struct bpf_object *object, char *text, size_t size, bool *counted)
{
	struct bpf_program *program;
	uint64_t all = 0, misses;
	size_t used = 0;

	*counted = false;
	if (text)
		text[0] = '\0';
	bpf_object__for_each_program(program, object)
	{
		if (!bpf_program__autoload(program) ||
		    !pw_fdinfo_recursion_misses(bpf_program__fd(program), &misses))
			continue;
		*counted = true;
		if (!loses_events(bpf_program__name(program)))
			continue;
		all += misses;
		if (misses && text && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s=%" PRIu64, used ? " " : "",
						 bpf_program__name(program), misses);
	}
	return all;
}
