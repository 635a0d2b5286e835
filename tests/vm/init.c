/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * PID 1 of a guest: mounts what the tests need, runs /command with its output on
 * the serial port that the kernel's command line calls results, reaps every orphan as an init must, and ends with a
 * line that says how it went: "@@END STATUS TAINT".
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static const struct {
	const char *type, *place, *options;
} mounts[] = {
	{"proc", "/proc", NULL},
	{"sysfs", "/sys", NULL},
	{"devtmpfs", "/dev", NULL},
	{"tmpfs", "/tmp", NULL},
	{"tracefs", "/sys/kernel/tracing", NULL},
	{"securityfs", "/sys/kernel/security", NULL},
	{"cgroup2", "/sys/fs/cgroup", NULL},
};

static void mount_all(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		mkdir(mounts[i].place, 0755);
		if (mount(mounts[i].type, mounts[i].place, mounts[i].type, 0, mounts[i].options))
			fprintf(stderr, "init: %s: %s\n", mounts[i].place, strerror(errno));
	}
}

/* Raw: not a byte is changed on its way out. */
static int open_results(void)
{
	const char *name = getenv("results"); /* the kernel hands us what it does not know itself */
	char path[64];
	struct termios t;
	int fd;

	snprintf(path, sizeof(path), "/dev/%s", name ? name : "ttyS1");
	fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (fd < 0 || tcgetattr(fd, &t))
		return fd;
	cfmakeraw(&t);
	tcsetattr(fd, TCSANOW, &t);
	return fd;
}

static void run_command(int results)
{
	static char *const argv[] = {(char *)"/bin/sh", (char *)"/command", NULL};
	static char *const env[] = {(char *)"PATH=/bin:/programs", (char *)"HOME=/root", NULL};
	int nothing = open("/dev/null", O_RDONLY);

	setsid();
	dup2(nothing, STDIN_FILENO);
	dup2(results, STDOUT_FILENO);
	dup2(results, STDERR_FILENO);
	execve(argv[0], argv, env);
	perror(argv[0]);
	_exit(127);
}

static int wait_for(pid_t command)
{
	int status;
	pid_t pid;

	do
		pid = wait(&status);
	while (pid != command && (pid >= 0 || errno == EINTR));
	if (pid < 0)
		return 127;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* What the kernel holds against itself: a warning or an oops shows here even if every test passed. */
static unsigned long read_taint(void)
{
	FILE *f = fopen("/proc/sys/kernel/tainted", "re");
	unsigned long taint = 0;

	if (f && fscanf(f, "%lu", &taint) != 1)
		taint = 0;
	if (f)
		fclose(f);
	return taint;
}

int main(void)
{
	int results, status;
	pid_t command;

	mount_all();
	results = open_results();
	command = fork();
	if (!command)
		run_command(results);
	status = wait_for(command);
	dprintf(results, "\n@@END %d %lu\n", status, read_taint());
	tcdrain(results);
	reboot(RB_POWER_OFF);
	return 1;
}
