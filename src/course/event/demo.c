/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_event: many processes wait for an event, one sets it.
 *
 * An event is a flag with a bed beside it. A process that finds the flag down sleeps;
 * the process that sets it wakes them all. Here it is a boolean in shared memory, a lock
 * that protects it, and a condition on which to sleep.
 */
#include "demo.h"

static const char help[] = "usage: demo_event [--after TIME] [--spoil KIND]\n"
			   "5 waiters wait until a setter sets the event.\n"
			   "  --after TIME  when the setter sets the event (300ms)\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                poll, wake-one or set-before\n";

static const char *const kinds[] = {"poll", "wake-one", "set-before", NULL};
enum { POLL = 1, WAKE_ONE, SET_BEFORE };

enum { WAITERS = 5 };

/* In memory that all processes share. */
struct event {
	pthread_mutex_t lock; /* protects the flag */
	pthread_cond_t changed;
	bool is_set;
	int waiting; /* how many waiters have come */
	long after_ms;
	int spoil;
};

static void event_set(struct event *event)
{
	pthread_mutex_lock(&event->lock);
	event->is_set = true;
	if (event->spoil == WAKE_ONE)
		pthread_cond_signal(&event->changed); /* and the others sleep on */
	else
		pthread_cond_broadcast(&event->changed);
	pthread_mutex_unlock(&event->lock);
}

static void event_wait(struct event *event)
{
	pthread_mutex_lock(&event->lock);
	event->waiting++;
	while (!event->is_set) {
		if (event->spoil == POLL) {
			pthread_mutex_unlock(&event->lock);
			pause_ms(5);
			pthread_mutex_lock(&event->lock);
		} else {
			/* Releases the lock, sleeps, and takes the lock again when it is woken. */
			pthread_cond_wait(&event->changed, &event->lock);
		}
	}
	pthread_mutex_unlock(&event->lock);
}

static int wait_and_go_on(void *arg)
{
	end_with_parent();
	event_wait(arg);
	printf("waiter %d: the event is set, going on\n", getpid());
	compute_ms(5);
	return 0;
}

static bool all_wait(struct event *event)
{
	pthread_mutex_lock(&event->lock);
	const bool all = event->waiting == WAITERS;

	pthread_mutex_unlock(&event->lock);
	return all;
}

static int set_later(void *arg)
{
	struct event *event = arg;

	while (!all_wait(event)) /* without waiters there is no process to wake */
		pause_ms(1);
	pause_ms(event->after_ms);
	printf("setter %d: setting the event\n", getpid());
	event_set(event);
	return 0;
}

int main(int argc, char **argv)
{
	struct event *event = shared_memory(sizeof(*event));
	pid_t waiters[WAITERS];
	char name[16];

	print_by_line();
	event->after_ms = 300;
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--after", &event->after_ms) &&
		    !spoil_option(argv, &i, kinds, &event->spoil))
			other_option(argv[i], help);
	}
	make_shared_lock(&event->lock);
	make_shared_condition(&event->changed);
	event->is_set = event->spoil == SET_BEFORE;
	for (int i = 0; i < WAITERS; i++) {
		snprintf(name, sizeof(name), "waiter-%d", i + 1);
		waiters[i] = start_child(name, wait_and_go_on, event);
	}
	wait_for(start_child("setter", set_later, event));
	for (int i = 0; i < WAITERS; i++) {
		if (event->spoil ==
		    WAKE_ONE) { /* the others sleep on, and main would wait forever for them */
			pause_ms(50);
			kill(waiters[i], SIGKILL);
		}
		wait_for(waiters[i]);
	}
	printf("main %d: all have gone on\n", getpid());
	return 0;
}
