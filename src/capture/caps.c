/* SPDX-License-Identifier: GPL-2.0-only */
#include "capture/caps.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	uint64_t cap;
	const char *name;
} names[] = {
	{PW_CAP(CAP_BPF), "CAP_BPF"},
	{PW_CAP(CAP_PERFMON), "CAP_PERFMON"},
	{PW_CAP(CAP_DAC_READ_SEARCH), "CAP_DAC_READ_SEARCH"},
	{PW_CAP(CAP_SYS_ADMIN), "CAP_SYS_ADMIN"},
	{PW_CAP(CAP_SYS_PTRACE), "CAP_SYS_PTRACE"},
	{PW_CAP(CAP_SYSLOG), "CAP_SYSLOG"},
	{PW_CAP(CAP_SETUID), "CAP_SETUID"},
	{PW_CAP(CAP_SETGID), "CAP_SETGID"},
};
#define N_NAMES (sizeof(names) / sizeof(names[0]))

struct sets {
	uint64_t effective, permitted, inheritable;
};

static struct sets read_sets(void)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {{0}, {0}};

	syscall(SYS_capget, &head, data);
	return (struct sets){
		.effective = data[0].effective | (uint64_t)data[1].effective << 32,
		.permitted = data[0].permitted | (uint64_t)data[1].permitted << 32,
		.inheritable = data[0].inheritable | (uint64_t)data[1].inheritable << 32,
	};
}

/* Here sets only shrink, which the kernel never refuses. */
static void write_sets(const struct sets *s)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{(uint32_t)s->effective, (uint32_t)s->permitted, (uint32_t)s->inheritable},
		{(uint32_t)(s->effective >> 32), (uint32_t)(s->permitted >> 32),
		 (uint32_t)(s->inheritable >> 32)},
	};

	syscall(SYS_capset, &head, data);
}

/* What an exec leaves: to root all of them, to others the ambient ones. */
static uint64_t callers_caps(const struct sets *s)
{
	uint64_t caps = 0;

	if (!geteuid())
		return s->permitted;
	for (int cap = 0; cap <= CAP_LAST_CAP; cap++)
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) == 1)
			caps |= PW_CAP(cap);
	return caps & s->permitted;
}

uint64_t pw_caps(void)
{
	return read_sets().effective;
}

/* CAP_BPF and CAP_PERFMON were split from CAP_SYS_ADMIN in 5.8 (a17b53c4a4b5, 980737282232); it still includes them. */
uint64_t pw_caps_missing(uint64_t wanted)
{
	uint64_t have = pw_caps();

	if (have & PW_CAP(CAP_SYS_ADMIN))
		have |= PW_CAP(CAP_BPF) | PW_CAP(CAP_PERFMON);
	return wanted & ~have;
}

void pw_caps_names(uint64_t caps, char *text, size_t size)
{
	const char *separator = "";
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < N_NAMES; i++) {
		if (!(caps & names[i].cap))
			continue;
		caps &= ~names[i].cap;
		if (used)
			separator = caps ? ", " : " and ";
		used += (size_t)snprintf(text + used, size - used, "%s%s", separator, names[i].name);
		if (used >= size)
			return;
	}
}

void pw_caps_setcap(char text[static PW_SETCAP_LEN])
{
	char path[128] = "";
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	bool fit = n > 0 && n < (ssize_t)sizeof(path) - 1;

	for (ssize_t i = 0; i < n; i++)
		fit = fit && (isalnum((unsigned char)path[i]) || strchr("/._-+", path[i]));
	snprintf(text, PW_SETCAP_LEN, "sudo setcap " PW_SETCAP " %s", fit ? path : "FILE");
}

void pw_caps_lower(void)
{
	struct sets s = read_sets();

	s.effective &= callers_caps(&s);
	write_sets(&s);
}

void pw_caps_raise(void)
{
	struct sets s = read_sets();

	s.effective = s.permitted;
	write_sets(&s);
}

void pw_caps_keep(uint64_t caps)
{
	struct sets s = read_sets();

	s.permitted &= caps;
	s.effective = s.permitted;
	write_sets(&s);
}

void pw_caps_keep_callers(void)
{
	struct sets s = read_sets();

	pw_caps_keep(callers_caps(&s));
}
