/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_pipe: two readers on one pipe, with and without a lock.
 *
 * A pipe is a stream of bytes and knows nothing of messages. Here a message is a byte
 * that says how long it is, and so many bytes more; it takes two reads to read it. When
 * two processes read from the same pipe, one may get the length and the other the bytes
 * that belong to it. A lock around the two reads keeps a message
 * together: a queue, as multiprocessing has it, is a pipe and a lock.
 *
 * A reader ends with the number of messages it got whole, or with 100 when one was
 * torn.
 */
#include "demo.h"

#include <procwatch_mark.h>

static const char help[] = "usage: demo_pipe [--no-lock] [--spoil KIND]\n"
			   "A writer sends 20 messages, two readers share them.\n"
			   "  --no-lock     the readers do not take turns\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                swap\n";

static const char *const kinds[] = {"swap", NULL};
enum { SWAP = 1 };

enum { MESSAGES = 20, LENGTH = 8, TORN = 100 };
enum { OUT, IN }; /* the two ends of a pipe, as pipe() numbers them */

/* In memory that all processes share. */
struct channel {
	pthread_mutex_t lock;
	bool use_lock;
	int pipe[2];
};

/* Returns 1 for a message, 0 at the end of the pipe, -1 when what came is not a message. */
static int read_message(int from)
{
	unsigned char length, text[LENGTH];

	if (read(from, &length, 1) != 1)
		return 0;
	PROCWATCH_BEGIN("message");
	pause_ms(1); /* whatever a program does between two reads */

	bool whole = length == LENGTH && read(from, text, LENGTH) == LENGTH;

	for (int i = 1; whole && i < LENGTH; i++)
		whole = text[i] == text[0];
	PROCWATCH_END("message");
	if (!whole) {
		PROCWATCH_MARK("torn");
		return -1;
	}
	PROCWATCH_MARK_VALUE("get", text[0] - 'A' + 1);
	return 1;
}

static int receive(struct channel *channel)
{
	if (channel->use_lock)
		pthread_mutex_lock(&channel->lock);

	int got = read_message(channel->pipe[OUT]);

	if (channel->use_lock)
		pthread_mutex_unlock(&channel->lock);
	return got;
}

static int run_reader(void *arg)
{
	struct channel *channel = arg;
	int whole = 0, got;

	close(channel->pipe[IN]); /* with this end open, the pipe would never end for this process */
	while ((got = receive(channel)) > 0) {
		whole++;
		pause_ms(3); /* uses the message */
	}
	printf("reader %d: %d whole messages%s\n", getpid(), whole, got < 0 ? ", then a torn one" : "");
	return got < 0 ? TORN : whole;
}

static int run_writer(void *arg)
{
	struct channel *channel = arg;

	for (int i = 0; i < MESSAGES; i++) {
		unsigned char message[1 + LENGTH];

		pause_ms(5);
		memset(message, 'A' + i, sizeof(message));
		message[0] = LENGTH;
		PROCWATCH_MARK_VALUE("put", i + 1);
		/* The kernel writes so few bytes in one piece. It fails when all readers have gone. */
		if (write(channel->pipe[IN], message, sizeof(message)) != sizeof(message))
			break;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct channel *channel = shared_memory(sizeof(*channel));
	int spoil = 0;

	print_by_line();
	channel->use_lock = true;
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--no-lock"))
			channel->use_lock = false;
		else if (!spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}
	if (spoil == SWAP) /* a lock where there should be none, and none where there should be one */
		channel->use_lock = !channel->use_lock;
	make_shared_lock(&channel->lock);
	if (pipe(channel->pipe) != 0)
		die("pipe");
	signal(SIGPIPE, SIG_IGN); /* write() fails instead */

	pid_t one = start_child("reader-1", run_reader, channel);
	pid_t other = start_child("reader-2", run_reader, channel);

	close(channel->pipe[OUT]);
	pid_t writer = start_child("writer", run_writer, channel);

	close(channel->pipe[IN]);
	wait_for(writer);
	wait_for(one);
	wait_for(other);
	printf("main %d: all have ended\n", getpid());
	return 0;
}
