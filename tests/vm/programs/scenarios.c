/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every scenario one after the other, so that one recording holds them all:
 * loading the hooks anew for each would take longer than the scenario itself.
 * The output of a scenario stands between two marker lines.
 *
 *	scenarios FORKS
 */
#include "tell.h"

#define LONGEST_S 500 /* an emulated machine on a starved one is slow; silence ends it sooner or later */

static const struct {
	const char *name;
	const char *argv[4]; /* FORKS stands for our argument */
} scenarios[] = {
	{"storm", {"storm", "FORKS", "8"}},
	{"orphan", {"orphan"}},
	{"subreaper", {"reapers", "subreaper"}},
	{"namespace", {"reapers", "namespace"}},
	{"inherited", {"reapers", "inherited"}},
	{"unwanted", {"reapers", "unwanted"}},
	{"leader-first", {"threads", "leader"}},
	{"thread-exec", {"threads", "exec"}},
	{"thread-fork", {"threads", "fork"}},
	{"threads-killed", {"threads", "killed"}},
	{"ignored", {"children", "ignored"}},
	{"nocldwait", {"children", "nocldwait"}},
	{"peek", {"children", "peek"}},
	{"vfork", {"children", "vfork"}},
	{"spawn", {"children", "spawn"}},
	{"silent", {"children", "silent"}},
	{"sibling", {"children", "sibling"}},
	{"zombies", {"zombies", "3", "30"}},
	{"tracer", {"reapers", "tracer"}},
	{"uring", {"reapers", "uring"}},
	{"stopped-busy", {"stopped", "busy", "50"}},
	{"stopped-asleep", {"stopped", "asleep", "50"}},
	{"wakers", {"wakers"}},
	{"moved", {"moved", "10"}},
	{"pid-reuse", {"pid_reuse", "20"}},
	{"wrap", {"reapers", "wrap", "300"}},
};

/* The program of that name in our own folder; it may want to exec itself. */
static const char *beside_us(const char *name)
{
	static char path[512];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 64);

	if (n < 0)
		die("/proc/self/exe");
	while (n && path[n - 1] != '/')
		n--;
	snprintf(path + n, 64, "%s", name);
	return path;
}

static void run(size_t i, const char *forks)
{
	const char *argv[4];
	pid_t pid;

	for (int a = 0; a < 4; a++) {
		const char *word = scenarios[i].argv[a];

		argv[a] = word && !strcmp(word, "FORKS") ? forks : word;
	}
	argv[0] = beside_us(argv[0]);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		alarm(LONGEST_S);
		tell("@begin scenario=%s pid=%d", scenarios[i].name, getpid());
		execv(argv[0], (char *const *)argv);
		die(argv[0]);
	}
	tell("@end status=%d", reap(pid));
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	for (size_t i = 0; i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
		run(i, argv[1]);
	return 0;
}
