/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_queue: a producer, a consumer, and a queue with room for 3.
 *
 * The faster one must wait: the producer while the queue is full, the
 * consumer while it is empty. Neither asks again and again; each sleeps until
 * the other wakes it. In the first half the producer is the fast one, in the
 * second half the consumer is.
 *
 * The queue is built twice: from shared memory, a lock and two conditions; and
 * (--pipe) from a pipe, which knows by itself how to make its two ends wait.
 *
 * A PROCWATCH_MARK is one instruction that does nothing. procwatch records when it
 * runs, and so learns what the kernel cannot know: what an item is, and a full queue.
 */
#include "demo.h"

#include <fcntl.h>
#include <procwatch_mark.h>

static const char help[] = "usage: demo_queue [--pipe] [--slow TIME] [--spoil KIND]\n"
			   "A producer and a consumer share a queue with room for 3 items.\n"
			   "  --pipe       the queue is a pipe and a lock\n"
			   "  --slow TIME  how long the slower one takes for an item (60ms)\n"
			   "  --spoil KIND break it on purpose, to see a claim fail:\n"
			   "               no-limit, slow-consumer or last-first\n";

static const char *const kinds[] = {"no-limit", "slow-consumer", "last-first", NULL};
enum { NO_LIMIT = 1, SLOW_CONSUMER, LAST_FIRST };

enum { ROOM = 3, ITEMS = 20, END = 0 }; /* items are numbered from 1; END says that no more will come */

/* In memory that both processes share; of all else each has its own copy. */
struct queue {
	pthread_mutex_t lock; /* protects all members below; with a pipe, the consumers take turns with it */
	pthread_cond_t not_full, not_empty;
	int items[ITEMS + 1];
	int first, count, room;
	int pipe[2];
	bool is_pipe;
	int spoil;
};

/* ---- the queue: shared memory, a lock, two conditions ---- */

/* Returns how often it had to wait. */
static int put_shared(struct queue *q, int item)
{
	int waits = 0;

	pthread_mutex_lock(&q->lock);
	while (q->count == q->room) {
		PROCWATCH_MARK("queue full");
		/* Releases the lock, sleeps, and takes the lock again when it is woken. */
		pthread_cond_wait(&q->not_full, &q->lock);
		waits++;
	}
	q->items[(q->first + q->count++) % q->room] = item;
	PROCWATCH_MARK_VALUE("put", item);
	pthread_cond_signal(&q->not_empty);
	pthread_mutex_unlock(&q->lock);
	return waits;
}

static int item_at(const struct queue *q, int place)
{
	return q->items[(q->first + place) % q->room];
}

static int get_shared(struct queue *q, int *item)
{
	int waits = 0;

	pthread_mutex_lock(&q->lock);
	while (q->count == 0) {
		PROCWATCH_MARK("queue empty");
		pthread_cond_wait(&q->not_empty, &q->lock);
		waits++;
	}
	*item = q->items[q->first];
	if (q->spoil == LAST_FIRST && q->count > 1 && item_at(q, q->count - 1) != END) {
		*item = item_at(q, q->count - 1); /* a stack, not a queue */
	} else {
		q->first = (q->first + 1) % q->room;
	}
	q->count--;
	PROCWATCH_MARK_VALUE("get", *item);
	pthread_cond_signal(&q->not_full);
	pthread_mutex_unlock(&q->lock);
	return waits;
}

/* ---- the queue: a pipe ---- */

/* write() sleeps while the pipe is full, read() while it is empty: the kernel does the waiting. */
static void put_pipe(struct queue *q, int item)
{
	PROCWATCH_MARK_VALUE("put", item);
	if (write(q->pipe[1], &item, sizeof(item)) != sizeof(item))
		die("write");
}

static void get_pipe(struct queue *q, int *item)
{
	/* With several consumers, the lock lets only one of them take an item at a time. */
	pthread_mutex_lock(&q->lock);
	if (read(q->pipe[0], item, sizeof(*item)) != sizeof(*item))
		die("read");
	PROCWATCH_MARK_VALUE("get", *item);
	pthread_mutex_unlock(&q->lock);
}

/*
 * An ordinary pipe holds 64 KiB, and this demo would never fill it. O_DIRECT makes
 * every item a packet with a page of its own, and the pipe is given as many
 * pages as the kernel grants next to 3: powers of two, so 4.
 */
static void open_pipe(struct queue *q)
{
	if (pipe2(q->pipe, O_DIRECT) != 0)
		die("pipe2");
	if (q->spoil == NO_LIMIT)
		return; /* 16 pages */
	if (fcntl(q->pipe[1], F_SETPIPE_SZ, ROOM * (int)sysconf(_SC_PAGESIZE)) < 0)
		die("F_SETPIPE_SZ");
}

/* ---- the two processes ---- */

static int put(struct queue *q, int item)
{
	if (!q->is_pipe)
		return put_shared(q, item);
	put_pipe(q, item);
	return 0;
}

static int get(struct queue *q, int *item)
{
	if (!q->is_pipe)
		return get_shared(q, item);
	get_pipe(q, item);
	return 0;
}

/* How long an item takes: in the first half of them, and in the second. */
struct pace {
	long first, second;
};

/* The fast one takes no time at all: on a busy machine, even 1 ms asleep may become 50. */
static void take_time(const struct pace *pace, int item)
{
	const long ms = item <= ITEMS / 2 ? pace->first : pace->second;

	if (ms > 0)
		pause_ms(ms);
}

static int produce(struct queue *q, const struct pace *pace)
{
	int waits = 0;

	call_me("producer");
	for (int item = 1; item <= ITEMS; item++) {
		take_time(pace, item); /* makes the item */
		waits += put(q, item);
	}
	waits += put(q, END);
	printf("producer %d: put %d items into the queue\n", getpid(), ITEMS);
	if (!q->is_pipe) /* of a pipe, only the kernel knows */
		printf("producer %d: found it full and was put to sleep %d times\n", getpid(), waits);
	return 0;
}

/* Status 0: every item came, once, in the order in which it was put. */
static int consume(struct queue *q, const struct pace *pace)
{
	int item, count = 0, waits = 0;
	bool in_order = true;

	call_me("consumer");
	if (q->spoil == SLOW_CONSUMER)
		take_time(pace, 1); /* from the first item on */
	for (waits += get(q, &item); item != END; waits += get(q, &item)) {
		in_order = in_order && item == ++count;
		take_time(pace, item); /* uses the item up */
	}
	if (!in_order || count != ITEMS) {
		printf("consumer %d: items came out of order, got lost or came twice; exit 1\n", getpid());
		return 1;
	}
	printf("consumer %d: got items 1 to %d in order, none lost, none twice\n", getpid(), count);
	if (!q->is_pipe)
		printf("consumer %d: found it empty and was put to sleep %d times\n", getpid(), waits);
	return 0;
}

static pid_t start(struct queue *q, int (*job)(struct queue *, const struct pace *), const struct pace *pace)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0)
		exit(job(q, pace));
	return pid;
}

int main(int argc, char **argv)
{
	long slow = 60;
	bool is_pipe = false;
	int spoil = 0;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--pipe"))
			is_pipe = true;
		else if (!time_option(argv, &i, "--slow", &slow) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}
	if (is_pipe && spoil == LAST_FIRST) /* the newest item in a pipe cannot be taken first */
		usage_error("with --pipe there is no --spoil kind", kinds[spoil - 1]);

	struct queue *q = shared_memory(sizeof(*q));

	q->is_pipe = is_pipe;
	q->spoil = spoil;
	q->room = spoil == NO_LIMIT ? ITEMS + 1 : ROOM;
	make_shared_lock(&q->lock);
	make_shared_condition(&q->not_full);
	make_shared_condition(&q->not_empty);
	if (is_pipe)
		open_pipe(q);

	const struct pace producers = {.first = 0, .second = spoil == SLOW_CONSUMER ? 0 : slow};
	const struct pace consumers = {.first = slow, .second = spoil == SLOW_CONSUMER ? slow : 0};
	pid_t producer = start(q, produce, &producers), consumer = start(q, consume, &consumers);
	int status;

	printf("main %d: started producer %d and consumer %d; the producer is faster at first, then the "
	       "consumer\n",
	       getpid(), producer, consumer);
	if (waitpid(producer, NULL, 0) != producer || waitpid(consumer, &status, 0) != consumer)
		die("waitpid");
	printf("main %d: both are done\n", getpid());
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
