/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/skips.h"

#include <bpf/libbpf.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/*
 * The counter (5.12, 9ed9e9ba2337) as the descriptor's own file shows it: unlike
 * the bpf system call that takes no capability, and none is left at the end.
 */
static bool read_misses(int fd, uint64_t *misses)
{
	char path[64], line[128];
	bool found = false;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	f = fopen(path, "re");
	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "recursion_misses: %" SCNu64, misses) == 1;
	if (f)
		fclose(f);
	return found;
}

/*
 * What the slab programs skip is nearly always a free in an interrupt, which is no
 * reap; which of them was one, no counter knows. The classic form skips no reap
 * at all (bpf/reap.bpf.c), and one that both raw ones missed is not lost to the report:
 * sched_process_free tells of it, and that reap is called unobserved.
 */
static bool loses_events(const char *program)
{
	return strncmp(program, "on_slab_free", strlen("on_slab_free")) != 0;
}

uint64_t pw_skips_read(struct bpf_object *object, char *text, size_t size, int *counted)
{
	struct bpf_program *program;
	uint64_t all = 0, misses;
	size_t used = 0;

	*counted = 0;
	if (text)
		text[0] = '\0';
	bpf_object__for_each_program(program, object)
	{
		if (!bpf_program__autoload(program) || !read_misses(bpf_program__fd(program), &misses))
			continue;
		*counted = 1;
		if (!loses_events(bpf_program__name(program)))
			continue;
		all += misses;
		if (misses && text && used < size)
			used += (size_t)snprintf(text + used, size - used, "%s%s=%" PRIu64, used ? " " : "",
						 bpf_program__name(program), misses);
	}
	return all;
}
