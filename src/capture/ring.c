/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/ring.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "util/array.h"

/* Enough for most drains. */
#define FIRST_ROOM 4096

int pw_ring_open(struct pw_ring *ring, int map_fd, size_t size)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *shared;

	memset(ring, 0, sizeof(*ring));
	shared = mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, map_fd, 0);
	if (shared == MAP_FAILED)
		return -errno;
	ring->consumer = shared;
	shared = mmap(NULL, page + 2 * size, PROT_READ, MAP_SHARED, map_fd, (off_t)page);
	if (shared == MAP_FAILED) {
		int err = -errno;

		munmap(ring->consumer, page);
		ring->consumer = NULL;
		return err;
	}
	ring->producer = shared;
	ring->data = (const uint8_t *)shared + page;
	ring->size = size;
	return 0;
}

void pw_ring_close(struct pw_ring *ring)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);

	if (!ring->consumer)
		return;
	munmap(ring->consumer, page);
	munmap((void *)(uintptr_t)ring->producer, page + 2 * ring->size);
	free(ring->entries);
	memset(ring, 0, sizeof(*ring));
}

/* Searches from the end, because the records are nearly sorted already. */
static int insert(struct pw_ring *ring, const struct pw_event *event)
{
	struct pw_ring_entry *entries;
	size_t i = ring->count;
	int err = pw_array_reserve(&ring->entries, &ring->room, ring->room ? ring->count + 1 : FIRST_ROOM,
				   sizeof(*entries));

	if (err)
		return err;
	entries = ring->entries;
	for (; i > 0 && entries[i - 1].ts > event->ts; i--)
		entries[i] = entries[i - 1];
	entries[i] = (struct pw_ring_entry){.ts = event->ts, .event = event, .position = ring->scanned};
	ring->count++;
	return 0;
}

int pw_ring_scan(struct pw_ring *ring)
{
	uint64_t producer = __atomic_load_n(ring->producer, __ATOMIC_ACQUIRE);

	while (ring->scanned < producer) {
		const uint8_t *record = ring->data + (ring->scanned & (ring->size - 1));
		uint32_t length = __atomic_load_n((const uint32_t *)(const void *)record, __ATOMIC_ACQUIRE);

		if (length & BPF_RINGBUF_BUSY_BIT)
			return -EAGAIN;
		if (!(length & BPF_RINGBUF_DISCARD_BIT)) {
			int err = insert(ring, (const void *)(record + BPF_RINGBUF_HDR_SZ));

			if (err)
				return err;
		}
		length &= ~(uint32_t)BPF_RINGBUF_DISCARD_BIT;
		ring->scanned += (length + BPF_RINGBUF_HDR_SZ + 7) & ~7u;
	}
	return 0;
}

const struct pw_event *pw_ring_first(const struct pw_ring *ring)
{
	return ring->taken < ring->count ? ring->entries[ring->taken].event : NULL;
}

void pw_ring_take(struct pw_ring *ring)
{
	ring->taken++;
}

void pw_ring_release(struct pw_ring *ring)
{
	uint64_t oldest = ring->scanned;

	if (ring->taken) { /* memmove must not be given the NULL of an empty array */
		ring->count -= ring->taken;
		memmove(ring->entries, ring->entries + ring->taken, ring->count * sizeof(*ring->entries));
		ring->taken = 0;
	}
	for (size_t i = 0; i < ring->count; i++)
		if (ring->entries[i].position < oldest)
			oldest = ring->entries[i].position;
	__atomic_store_n(ring->consumer, oldest, __ATOMIC_RELEASE);
}
