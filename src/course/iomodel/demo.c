/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_iomodel: one reader, five ways to wait for its data.
 *
 * Reading has two phases: waiting for the data, and copying it. Who waits, and how?
 *
 *   blocking       asleep in read() until there is data
 *   non-blocking   asks again and again; awake, but useless
 *   multiplexed    asleep in poll(), for several sources at once
 *   signal-driven  does something else; a signal says when there is data
 *   asynchronous   does something else; when it is notified, the data is there:
 *                  the kernel has done the copying, too (io_uring)
 */
#include "demo.h"

#include <fcntl.h>
#include <linux/io_uring.h>
#include <poll.h>
#include <sys/syscall.h>

static const char help[] =
	"usage: demo_iomodel [--every TIME] [--spoil WAY]\n"
	"Five readers, one after the other; each gets 3 messages.\n"
	"  --every TIME  how long until the next message (60ms)\n"
	"  --spoil WAY   break it on purpose, to see a claim fail: blocking, nonblocking,\n"
	"                multiplexed, signal or asynchronous\n";

static const char *const kinds[] = {"blocking", "nonblocking", "multiplexed", "signal", "asynchronous", NULL};

enum { SOURCES = 3, MESSAGES = 3, REFUSED = 77 };

static int sources[SOURCES][2]; /* pipes; all but the multiplexed reader use the first only */
static int ready[2]; /* a pipe: main sends the first message when the reader is ready for it */
static int spoil; /* 1 to 5: the reader of this way waits in another way */

static void say_ready(void)
{
	if (write(ready[1], "r", 1) != 1)
		die("write");
}

/* Each way ends with the number of messages it got as its exit code. */

static int read_blocking(int from)
{
	char message;
	int got = 0;

	say_ready();
	while (got < MESSAGES && read(from, &message, 1) == 1)
		got++;
	return got;
}

static int read_nonblocking(int from)
{
	char message;
	int got = 0;

	fcntl(from, F_SETFL, O_NONBLOCK);
	say_ready();
	while (got < MESSAGES) {
		if (read(from, &message, 1) == 1)
			got++;
		else if (errno != EAGAIN) /* EAGAIN: nothing there yet */
			die("read");
	}
	return got;
}

static int read_multiplexed(void)
{
	struct pollfd wanted[SOURCES];
	char message;
	int got = 0;

	for (int i = 0; i < SOURCES; i++)
		wanted[i] = (struct pollfd){.fd = sources[i][0], .events = POLLIN};
	say_ready();
	while (got < MESSAGES) {
		if (poll(wanted, SOURCES, -1) < 0)
			die("poll");
		for (int i = 0; i < SOURCES; i++) {
			if (wanted[i].revents & POLLIN)
				got += read(wanted[i].fd, &message, 1) ==
				       1; /* does not block: there is data */
		}
	}
	return got;
}

static volatile sig_atomic_t came; /* messages the handler has read */

static void when_there_is_data(int sig)
{
	char message;
	int saved = errno;

	(void)sig;
	while (read(sources[0][0], &message, 1) == 1)
		came++;
	errno = saved;
}

static int read_by_signal(int from)
{
	signal(SIGIO, when_there_is_data);
	if (fcntl(from, F_SETOWN, getpid()) != 0 || fcntl(from, F_SETFL, O_NONBLOCK | O_ASYNC) != 0)
		die("fcntl");
	say_ready();
	while (came < MESSAGES)
		compute_ms(1); /* something else */
	return came;
}

/* The two rings that a program and the kernel share: requests go down the one, results come up the other. */
struct ring {
	int fd;
	char *memory, *requests;
	struct io_uring_params p;
};

static bool open_ring(struct ring *r)
{
	size_t size;

	memset(r, 0, sizeof(*r));
	r->fd = (int)syscall(SYS_io_uring_setup, 4, &r->p);
	if (r->fd < 0)
		return false;
	if (!(r->p.features & IORING_FEAT_SINGLE_MMAP)) /* before 5.4 */
		return false;
	size = r->p.cq_off.cqes + r->p.cq_entries * sizeof(struct io_uring_cqe);
	if (size < r->p.sq_off.array + r->p.sq_entries * sizeof(unsigned))
		size = r->p.sq_off.array + r->p.sq_entries * sizeof(unsigned);
	r->memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, r->fd,
			 IORING_OFF_SQ_RING);
	r->requests = mmap(NULL, r->p.sq_entries * sizeof(struct io_uring_sqe), PROT_READ | PROT_WRITE,
			   MAP_SHARED | MAP_POPULATE, r->fd, IORING_OFF_SQES);
	return r->memory != MAP_FAILED && r->requests != MAP_FAILED;
}

/* Asks the kernel to read into message; waits for the result only with wait. */
static void submit_read(struct ring *r, int from, char *message, bool wait)
{
	unsigned *tail = (unsigned *)(r->memory + r->p.sq_off.tail);
	unsigned *array = (unsigned *)(r->memory + r->p.sq_off.array);
	unsigned slot = *tail % r->p.sq_entries;
	struct io_uring_sqe *request = (struct io_uring_sqe *)r->requests + slot;

	*request = (struct io_uring_sqe){
		.opcode = IORING_OP_READ, .fd = from, .addr = (uintptr_t)message, .len = 1};
	array[slot] = slot;
	__atomic_store_n(tail, *tail + 1, __ATOMIC_RELEASE);
	if (syscall(SYS_io_uring_enter, r->fd, 1, wait, wait ? IORING_ENTER_GETEVENTS : 0, NULL, 0) != 1)
		die("io_uring_enter");
}

/* True if a result has come. The data has, too: nothing is left to read. */
static bool take_result(struct ring *r)
{
	unsigned *head = (unsigned *)(r->memory + r->p.cq_off.head);
	unsigned *tail = (unsigned *)(r->memory + r->p.cq_off.tail);

	if (__atomic_load_n(tail, __ATOMIC_ACQUIRE) == *head)
		return false;
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return true;
}

static int read_asynchronous(int from, bool wait)
{
	struct ring ring;
	const bool there = open_ring(&ring);
	char message;
	int got = 0;

	say_ready();
	if (!there) {
		printf("asynchronous %d: the kernel refuses io_uring: %s\n", getpid(), strerror(errno));
		return REFUSED;
	}
	for (; got < MESSAGES; got++) {
		submit_read(&ring, from, &message, wait);
		while (!take_result(&ring))
			compute_ms(1); /* something else */
	}
	return got;
}

/* Runs the reader of this number, 1 to 5; when spoilt, another one under its name. */
static int run_reader(void *arg)
{
	const int way = *(int *)arg, from = sources[0][0];
	const bool wrong = way == spoil;

	end_with_parent();
	switch (way) {
	case 1:
		return wrong ? read_nonblocking(from) : read_blocking(from);
	case 2:
		return wrong ? read_blocking(from) : read_nonblocking(from);
	case 3: /* wrong: for each source a read of its own, while the others must wait */
		return wrong ? read_blocking(from) : read_multiplexed();
	case 4:
		return wrong ? read_blocking(from) : read_by_signal(from);
	default:
		return read_asynchronous(from, wrong);
	}
}

int main(int argc, char **argv)
{
	static const char *const names[] = {"blocking", "non-blocking", "multiplexed", "signal-driven",
					    "asynchronous"};
	long every = 60;
	char r;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--every", &every) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}
	if (pipe(ready) != 0)
		die("pipe");
	for (int way = 1; way <= 5; way++) {
		for (int i = 0; i < SOURCES; i++) {
			if (pipe(sources[i]) != 0)
				die("pipe");
		}

		pid_t reader = start_child(names[way - 1], run_reader, &way);

		if (read(ready[0], &r, 1) != 1)
			die("read");
		for (int i = 0; i < MESSAGES; i++) {
			pause_ms(every);
			if (write(sources[way == 3 && spoil != 3 ? i : 0][1], "m", 1) != 1)
				die("write");
		}

		int status = wait_for(reader);

		if (WEXITSTATUS(status) != REFUSED)
			printf("main %d: %s %d got %d messages\n", getpid(), names[way - 1], reader,
			       WEXITSTATUS(status));
		for (int i = 0; i < SOURCES; i++) {
			close(sources[i][0]);
			close(sources[i][1]);
		}
	}
	return 0;
}
