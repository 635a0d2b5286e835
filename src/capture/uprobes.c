/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/uprobes.h"

#include <bpf/bpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A part of union bpf_attr that neither libbpf 1.1 nor the headers of 6.1 have. */
struct link_create_multi {
	uint32_t program, target, attach_type, flags;
	uint64_t path, offsets, semaphores, cookies;
	uint32_t count, multi_flags, pid, pad;
};

int pw_uprobes_attach(int program, const char *path, const struct pw_uprobe *places, size_t n)
{
	uint64_t *columns = calloc(3 * n, sizeof(*columns));
	uint64_t *offsets = columns, *semaphores = columns + n, *cookies = columns + 2 * n;
	struct link_create_multi attr = {
		.program = (uint32_t)program,
		.attach_type = PW_TRACE_UPROBE_MULTI,
		.path = (uintptr_t)path,
		.offsets = (uintptr_t)offsets,
		.semaphores = (uintptr_t)semaphores,
		.cookies = (uintptr_t)cookies,
		.count = (uint32_t)n,
	};
	long fd;

	if (!columns)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		offsets[i] = places[i].offset;
		semaphores[i] = places[i].semaphore;
		cookies[i] = places[i].cookie;
	}
	fd = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	if (fd < 0)
		fd = -errno;
	free(columns);
	return (int)fd;
}

static int uprobe_type(unsigned int *type)
{
	FILE *f = fopen("/sys/bus/event_source/devices/uprobe/type", "re");
	int n = f ? fscanf(f, "%u", type) : 0;

	if (f)
		fclose(f);
	return n == 1 ? 0 : -EOPNOTSUPP;
}

int pw_uprobe_attach(int program, const char *path, const struct pw_uprobe *place)
{
	struct bpf_link_create_opts options = {.sz = sizeof(options), .perf_event.bpf_cookie = place->cookie};
	struct perf_event_attr attr = {
		.size = sizeof(attr),
		.config = place->semaphore << 32, /* ref_ctr_offset */
		.config1 = (uintptr_t)path,
		.config2 = place->offset,
	};
	unsigned int type = 0;
	int link, err = uprobe_type(&type);
	long event;

	if (err)
		return err;
	attr.type = type;
	event = syscall(SYS_perf_event_open, &attr, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (event < 0)
		return -errno;
	/* The link holds a reference to the event, which can be closed below. */
	link = bpf_link_create(program, (int)event, BPF_PERF_EVENT, &options);
	if (link >= 0 && ioctl((int)event, PERF_EVENT_IOC_ENABLE, 0)) {
		err = -errno;
		close(link);
		link = err;
	}
	close((int)event);
	return link;
}
