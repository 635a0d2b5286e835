/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reaps by processes other than the parent.
 *
 *	reapers subreaper	adopts the orphan of the program beside it
 *	reapers namespace	the same, by the init of a PID namespace
 *	reapers inherited	a parent ends with a zombie it never reaped
 *	reapers unwanted	the same, and its adopter ignores SIGCHLD
 *	reapers tracer		a tracer's wait comes before the parent's
 *	reapers uring		waitid without a system call of that name
 *	reapers wrap FORKS	more children than there are pids
 */
#include <linux/io_uring.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include "tell.h"

static void wait_for_all(void)
{
	while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR)
		;
}

_Noreturn static void become_orphan_program(void)
{
	execlp("orphan", "orphan", NULL);
	die("orphan");
}

static void subreaper(void)
{
	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		die("prctl");
	if (!fork())
		become_orphan_program();
	wait_for_all();
}

static void namespace(void)
{
	pid_t init;

	if (unshare(CLONE_NEWPID))
		die("unshare");
	init = fork();
	if (!init) {
		if (!fork())
			become_orphan_program();
		wait_for_all();
		_exit(11);
	}
	tell("namespace init=%d status=%d", init, reap(init));
}

/* A middle process leaves a zombie behind. The adopter is a subreaper, so that its reap can be timed. */
static void inherited(bool wanted)
{
	uint64_t before, after;
	pid_t middle, child, *zombie = shared(sizeof(*zombie));

	if (prctl(PR_SET_CHILD_SUBREAPER, 1))
		die("prctl");
	if (!wanted)
		signal(SIGCHLD, SIG_IGN);
	before = now();
	middle = fork();
	if (!middle) {
		siginfo_t info;

		signal(SIGCHLD, SIG_DFL);
		child = fork();
		if (!child)
			_exit(12);
		*zombie = child;
		if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT))
			die("waitid");
		pause_ms(20);
		_exit(13);
	}
	wait_for_all();
	after = now();
	tell("inherited zombie=%d middle=%d before=%" PRIu64 " after=%" PRIu64, *zombie, middle, before,
	     after);
}

struct page {
	volatile bool go;
	volatile uint64_t stolen;
};

static pid_t start_tracer(pid_t target, struct page *page)
{
	pid_t tracer = fork();

	if (tracer)
		return tracer;
	if (ptrace(PTRACE_SEIZE, target, 0, 0))
		die("PTRACE_SEIZE");
	page->go = true;
	reap(target);
	page->stolen = now();
	pause_ms(30);
	_exit(14);
}

static void tracer(void)
{
	struct page *page = shared(sizeof(*page));
	uint64_t before, after;
	pid_t target = fork(), thief;
	int status;

	if (!target) {
		while (!page->go)
			pause_ms(1);
		_exit(15);
	}
	thief = start_tracer(target, page);
	reap(thief);
	before = now();
	status = reap(target);
	after = now();
	tell("child pid=%d tracer=%d stolen=%" PRIu64 " before=%" PRIu64 " after=%" PRIu64 " status=%d",
	     target, thief, page->stolen, before, after, status);
}

#define OP_WAITID 50 /* IORING_OP_WAITID came in 6.7 (f31ecf671ddc) */

/* One submission, waited for; the result of the operation or a negative errno. */
static int uring_waitid(pid_t pid, siginfo_t *info)
{
	struct io_uring_params p = {0};
	int fd = (int)syscall(SYS_io_uring_setup, 1, &p);
	struct io_uring_sqe *sqe;
	struct io_uring_cqe *cqe;
	uint8_t *rings;

	if (fd < 0)
		return -errno;
	rings = mmap(NULL, p.cq_off.cqes + p.cq_entries * sizeof(*cqe), PROT_READ | PROT_WRITE, MAP_SHARED,
		     fd, IORING_OFF_SQ_RING);
	sqe = mmap(NULL, sizeof(*sqe), PROT_READ | PROT_WRITE, MAP_SHARED, fd, IORING_OFF_SQES);
	if (rings == MAP_FAILED || sqe == MAP_FAILED)
		die("mmap");
	*sqe = (struct io_uring_sqe){.opcode = OP_WAITID,
				     .fd = pid,
				     .len = P_PID,
				     .file_index = WEXITED,
				     .addr2 = (uintptr_t)info};
	((uint32_t *)(rings + p.sq_off.array))[0] = 0;
	__atomic_store_n((uint32_t *)(rings + p.sq_off.tail), 1, __ATOMIC_RELEASE);
	while (syscall(SYS_io_uring_enter, fd, 1, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0 && errno == EINTR)
		;
	cqe = (struct io_uring_cqe *)(rings + p.cq_off.cqes);
	return cqe->res;
}

static void uring(void)
{
	siginfo_t info = {0};
	uint64_t before, after;
	pid_t pid = fork();
	int err;

	if (!pid) {
		pause_ms(20);
		_exit(16);
	}
	before = now();
	err = uring_waitid(pid, &info);
	after = now();
	if (err) {
		tell("unsupported error=%d", -err);
		reap(pid);
		return;
	}
	tell("child pid=%d code=%d before=%" PRIu64 " after=%" PRIu64, pid, info.si_status, before, after);
}

static void write_pid_max(long max)
{
	FILE *f = fopen("/proc/sys/kernel/pid_max", "we");

	if (!f || fprintf(f, "%ld\n", max) < 0 || fclose(f))
		die("pid_max");
}

/* After the highest pid the kernel starts again at 300. */
static void wrap(long forks)
{
	FILE *f = fopen("/proc/sys/kernel/pid_max", "re");
	long before = 0;

	if (!f || fscanf(f, "%ld", &before) != 1)
		die("pid_max");
	fclose(f);
	write_pid_max(500);
	for (long i = 0; i < forks; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (!pid)
			_exit((int)(i % 100));
		tell("process pid=%d code=%d", pid, WEXITSTATUS(reap(pid)));
	}
	write_pid_max(before);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";

	if (!strcmp(how, "subreaper"))
		subreaper();
	else if (!strcmp(how, "namespace"))
	namespace();
	else if (!strcmp(how, "inherited") || !strcmp(how, "unwanted")) inherited(!strcmp(how, "inherited"));
	else if (!strcmp(how, "tracer")) tracer();
	else if (!strcmp(how, "uring")) uring();
	else if (!strcmp(how, "wrap") && argc > 2) wrap(atol(argv[2]));
	else return 2;
	return 0;
}
