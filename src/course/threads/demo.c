/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_threads: the same work in 4 threads and in 4 processes.
 *
 * A thread is a second place at which the same process runs: it sees the same
 * memory. A process has memory of its own, which fork() must copy first, or at least
 * the page tables. So a thread is created in a fraction of the time; and four threads
 * that add to one number make it 4, where four processes each add to a number of their
 * own.
 *
 * A switch from one thread to another of the same process is cheaper, too: the page
 * tables stay the same, and the CPU keeps the translations it has cached. Three players
 * on one CPU show it, two threads and another process, each asleep until the ball comes;
 * the player that has it runs about in some memory and throws it.
 *
 * And a thread belongs to its process: it ends when the process does.
 */
#include "demo.h"

static const char help[] = "usage: demo_threads [--work TIME] [--spoil KIND]\n"
			   "The same work in 4 threads and in 4 processes; a ball game; a daemon thread.\n"
			   "  --work TIME   how long each of them works (100ms)\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                swap, costly-threads, share or join-daemon\n";

/* The last one is the old name of the second. */
static const char *const kinds[] = {"swap", "costly-threads", "share", "join-daemon", "dear-threads", NULL};
enum { SWAP = 1, COSTLY_THREADS, SHARE, JOIN_DAEMON, DEAR_THREADS };

enum { WORKERS = 4 };

/* Memory in use, as an ordinary program has it beside its code. */
enum { BALLAST = 64 << 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int own_sum; /* an ordinary variable: one for all threads, one for each process */
static int *sum = &own_sum;
static int spoil;

static void add_one(long ms)
{
	pause_ms(ms);
	pthread_mutex_lock(&lock);
	(*sum)++;
	pthread_mutex_unlock(&lock);
}

static void *thread_work(void *ms)
{
	add_one(*(long *)ms);
	return NULL;
}

static int process_work(void *ms)
{
	add_one(*(long *)ms);
	return 0;
}

/* This function and the next return the sum in the end, which becomes the exit code. */
static int run_threads(void *ms)
{
	pthread_t workers[WORKERS];

	for (int i = 0; i < WORKERS; i++) {
		if (spoil == COSTLY_THREADS)
			fill_memory(BALLAST);
		must(pthread_create(&workers[i], NULL, thread_work, ms), "pthread_create");
	}
	for (int i = 0; i < WORKERS; i++)
		pthread_join(workers[i], NULL);
	printf("threads %d: four threads made the sum %d\n", getpid(), *sum);
	return *sum;
}

static int run_processes(void *ms)
{
	pid_t workers[WORKERS];

	for (int i = 0; i < WORKERS; i++)
		workers[i] = start_child("process", process_work, ms);
	for (int i = 0; i < WORKERS; i++)
		wait_for(workers[i]);
	printf("processes %d: four processes made my sum %d\n", getpid(), *sum);
	return *sum;
}

/* ---- a ball game ---- */

enum { PLAYERS = 3, THROWS = 2000 };
enum { COURT_PAGES = 1400, PAGE = 4096, LINE = 64 };
enum { OUT, IN }; /* the two ends of a pipe, as pipe() numbers them */

static int way_to[PLAYERS][2];
static char *court;

struct ball {
	int left; /* how often it will be thrown */
	int from;
};

static void throw_to(int player, struct ball ball)
{
	if (write(way_to[player][IN], &ball, sizeof(ball)) != sizeof(ball))
		die("throw");
}

/*
 * Visits every page of the court once. The CPU caches the translations of some pages
 * only. After another process, which has page tables of its own, many of them must be
 * looked up again; after a thread of the same process they are still there.
 */
static void run_about(void)
{
	for (int i = 0; i < COURT_PAGES; i++)
		court[i * 401 % COURT_PAGES * PAGE + i * LINE % PAGE]++;
}

static struct ball wait_for_ball(int me)
{
	struct ball ball;

	if (read(way_to[me][OUT], &ball, sizeof(ball)) != sizeof(ball))
		die("catch");
	if (spoil == COSTLY_THREADS && me < 2 && ball.from < 2) {
		for (volatile int i = 0; i < 50000; i++)
			; /* stalls when the ball comes from the other thread */
	}
	return ball;
}

/* Sleeps until the ball comes, and throws it to one of the others at random: each throw is a switch. */
static void play(int me)
{
	unsigned int chance = (unsigned int)me;

	for (struct ball ball = wait_for_ball(me); ball.left > 0; ball = wait_for_ball(me)) {
		const int next = (me + 1) % PLAYERS, last = (me + 2) % PLAYERS;

		run_about();
		if (ball.left > 1) {
			throw_to(rand_r(&chance) / 16 % 2 ? next : last,
				 (struct ball){.left = ball.left - 1, .from = me});
			continue;
		}
		throw_to(next, (struct ball){.left = 0, .from = me}); /* the game is over */
		throw_to(last, (struct ball){.left = 0, .from = me});
		break;
	}
}

static void *play_as_thread(void *nothing)
{
	play(1);
	return nothing;
}

static int play_as_process(void *number)
{
	play(*(int *)number);
	return 0;
}

/* Three on one CPU: two threads of this process, and another process. */
static int run_players(void *nothing)
{
	int second = 1, third = 2;
	pthread_t thread = {0};
	pid_t process;

	/* The same memory for all, but each process has its own page tables for it. */
	court = shared_memory(COURT_PAGES * PAGE);
	pin_to_cpu(0); /* and every thread and process it starts */
	for (int i = 0; i < PLAYERS; i++) {
		if (pipe(way_to[i]) != 0)
			die("pipe");
	}
	process = start_child("player-3", play_as_process, &third);
	if (spoil == SWAP)
		start_child("player-2", play_as_process, &second);
	else
		must(pthread_create(&thread, NULL, play_as_thread, nothing), "pthread_create");
	throw_to(0, (struct ball){.left = THROWS, .from = 0});
	play(0);
	if (spoil != SWAP)
		pthread_join(thread, NULL);
	wait_for(process);
	printf("players %d: two threads and a process threw a ball %d times\n", getpid(), THROWS);
	return 0;
}

/* ---- a daemon thread ---- */

/* A thread that would work forever, and that no other thread joins. */
static void *daemon_work(void *rounds)
{
	call_me("daemon");
	for (long i = 0; i < *(long *)rounds; i++)
		pause_ms(10);
	return NULL;
}

static int end_with_daemon(void *arg)
{
	long rounds = spoil == JOIN_DAEMON ? 10 : 1000000;
	pthread_t daemon;

	(void)arg;
	must(pthread_create(&daemon, NULL, daemon_work, &rounds), "pthread_create");
	pause_ms(50);
	if (spoil == JOIN_DAEMON)
		pthread_join(daemon, NULL);
	printf("owner %d: done, exit 0; and with me ends my daemon thread\n", getpid());
	return 0; /* exit() ends the process with all its threads */
}

int main(int argc, char **argv)
{
	long ms = 100;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--work", &ms) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}
	if (spoil == DEAR_THREADS)
		spoil = COSTLY_THREADS;
	if (spoil == SHARE)
		sum = shared_memory(sizeof(*sum));
	fill_memory(BALLAST);

	wait_for(start_child("threads", spoil == SWAP ? run_processes : run_threads, &ms));
	*sum = 0;
	wait_for(start_child("processes", spoil == SWAP ? run_threads : run_processes, &ms));
	wait_for(start_child("players", run_players, NULL));
	wait_for(start_child("owner", end_with_daemon, NULL));
	return 0;
}
