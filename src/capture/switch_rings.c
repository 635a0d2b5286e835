/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/switch_rings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t pages(size_t bytes)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	return (bytes + page - 1) / page * page;
}

static size_t shared_bytes(const struct pw_switch_rings *s)
{
	return pages(s->n_cpus * sizeof(struct pw_cpu));
}

static size_t record_bytes(const struct pw_switch_rings *s)
{
	return pages(s->n_cpus * s->slots * sizeof(struct pw_switch));
}

static void *map(size_t bytes, int protection, int fd)
{
	void *at = mmap(NULL, bytes, protection, MAP_SHARED, fd, 0);

	return at == MAP_FAILED ? NULL : at;
}

int pw_switch_rings_open(struct pw_switch_rings *s, int cpus_fd, int switches_fd, uint32_t n_cpus,
			 uint64_t slots)
{
	*s = (struct pw_switch_rings){.n_cpus = n_cpus, .slots = slots};
	s->cpus = calloc(n_cpus, sizeof(*s->cpus));
	if (!s->cpus)
		return -ENOMEM;
	s->shared_map = map(shared_bytes(s), PROT_READ | PROT_WRITE, cpus_fd);
	s->record_map = s->shared_map ? map(record_bytes(s), PROT_READ, switches_fd) : NULL;
	if (!s->record_map)
		return -errno;
	for (uint32_t i = 0; i < n_cpus; i++) {
		s->cpus[i].shared = (struct pw_cpu *)s->shared_map + i;
		s->cpus[i].records = (const struct pw_switch *)s->record_map + i * slots;
	}
	return 0;
}

void pw_switch_rings_close(struct pw_switch_rings *s)
{
	if (s->shared_map)
		munmap(s->shared_map, shared_bytes(s));
	if (s->record_map)
		munmap(s->record_map, record_bytes(s));
	free(s->cpus);
	memset(s, 0, sizeof(*s));
}

int pw_switch_rings_scan(struct pw_switch_rings *s)
{
	for (uint32_t i = 0; i < s->n_cpus; i++) {
		struct pw_switch_ring *r = &s->cpus[i];
		/* Load begun first: a record that is begun and completed between the two loads does no harm. */
		uint64_t begun = __atomic_load_n(&r->shared->begun, __ATOMIC_ACQUIRE);
		uint64_t head = __atomic_load_n(&r->shared->head, __ATOMIC_ACQUIRE);

		if (head < begun)
			return -EAGAIN;
		r->seen = head;
	}
	return 0;
}

const struct pw_switch *pw_switch_rings_first(const struct pw_switch_rings *s, const struct pw_switch_ring *r)
{
	return r->taken < r->seen ? &r->records[r->taken & (s->slots - 1)] : NULL;
}

void pw_switch_rings_release(struct pw_switch_rings *s)
{
	for (uint32_t i = 0; i < s->n_cpus; i++)
		__atomic_store_n(&s->cpus[i].shared->tail, s->cpus[i].taken, __ATOMIC_RELEASE);
}
