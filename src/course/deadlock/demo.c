/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_deadlock: two processes take two locks, each in its own order.
 *
 * Two want to eat noodles with the one fork there is. One takes the noodles and
 * waits for the fork; the other has the fork and waits for the noodles. Neither
 * gives back what it has before it has eaten, so both wait forever. A watchdog
 * ends them.
 *
 * There are two cures: both take the locks in the same order (--ordered); or both locks
 * are one, which its holder may take again (--recursive).
 */
#include "demo.h"

static const char help[] =
	"usage: demo_deadlock [--ordered | --recursive] [--patience TIME] [--spoil KIND]\n"
	"Two processes take two locks, each in its own order.\n"
	"  --ordered        cure: both take the noodles first\n"
	"  --recursive      cure: noodles and fork are one lock, which can be taken twice\n"
	"  --patience TIME  when the watchdog ends the eaters that are left (800ms)\n"
	"  --spoil KIND     break it on purpose, to see a claim fail:\n"
	"                   swap or spin\n";

static const char *const kinds[] = {"swap", "spin", NULL};
enum { SWAP = 1, SPIN };

struct table {
	pthread_mutex_t locks[2];
	pthread_mutex_t *noodles, *fork;
	int gate[2]; /* both begin at once */
	bool ordered;
	int spoil;
};

/* A lock that processes share. The type says whether its holder may take it again. */
static void make_lock(pthread_mutex_t *lock, int type)
{
	pthread_mutexattr_t how;

	must(pthread_mutexattr_init(&how), "lock");
	must(pthread_mutexattr_setpshared(&how, PTHREAD_PROCESS_SHARED), "lock");
	must(pthread_mutexattr_settype(&how, type), "lock");
	must(pthread_mutex_init(lock, &how), "lock");
}

/* Sleeps until the lock is free; when spoilt, tries again and again, which does not free it either. */
static void take(pthread_mutex_t *lock, int spoil)
{
	if (spoil != SPIN) {
		pthread_mutex_lock(lock);
		return;
	}
	while (pthread_mutex_trylock(lock) != 0)
		;
}

static int eat(struct table *t, pthread_mutex_t *first, pthread_mutex_t *second)
{
	end_with_parent();
	wait_at_gate(t->gate);
	take(first, t->spoil);
	pause_ms(150); /* time enough for the other to take its first, too */
	take(second, t->spoil);
	printf("eater %d: has noodles and fork, eats\n", getpid());
	pause_ms(20);
	pthread_mutex_unlock(second);
	pthread_mutex_unlock(first);
	return 0;
}

static int noodles_first(void *arg)
{
	struct table *t = arg;

	return eat(t, t->noodles, t->fork);
}

static int fork_first(void *arg)
{
	struct table *t = arg;

	return t->ordered ? noodles_first(arg) : eat(t, t->fork, t->noodles);
}

/* True if the child ends before the time is up. */
static bool ends_in_time(pid_t child, long *ms_left)
{
	for (; *ms_left > 0; *ms_left -= 10) {
		if (waitpid(child, NULL, WNOHANG) == child)
			return true;
		pause_ms(10);
	}
	return false;
}

static void watch(pid_t child, long *ms_left)
{
	if (ends_in_time(child, ms_left)) {
		printf("watchdog %d: %d has ended\n", getpid(), child);
		return;
	}
	printf("watchdog %d: %d does not get on, ending it\n", getpid(), child);
	kill(child, SIGTERM);
	wait_for(child);
}

int main(int argc, char **argv)
{
	struct table *t = shared_memory(sizeof(*t));
	long patience = 800;
	bool recursive = false;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--ordered"))
			t->ordered = true;
		else if (flag_option(argv[i], "--recursive"))
			recursive = true;
		else if (!time_option(argv, &i, "--patience", &patience) &&
			 !spoil_option(argv, &i, kinds, &t->spoil))
			other_option(argv[i], help);
	}
	if (t->spoil == SWAP) { /* the cure where there should be none, and none where there should be one */
		t->ordered = !t->ordered && !recursive;
		recursive = false;
	}
	make_lock(&t->locks[0], recursive ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
	make_lock(&t->locks[1], PTHREAD_MUTEX_NORMAL);
	t->noodles = &t->locks[0];
	t->fork = recursive ? t->noodles : &t->locks[1];

	make_gate(t->gate);

	pid_t one = start_child("eater-1", noodles_first, t);
	pid_t other = start_child("eater-2", fork_first, t);

	open_gate(t->gate);
	watch(one, &patience);
	watch(other, &patience);
	return 0;
}
