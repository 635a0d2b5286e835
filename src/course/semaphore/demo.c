/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_semaphore: 8 processes, 3 permits.
 *
 * A semaphore is a number of permits and a place to sleep. A process that enters takes a
 * permit, and sleeps while there is none; a process that leaves gives one back and wakes
 * one of those that sleep. With one permit it is a lock.
 */
#include "demo.h"

#include <procwatch_mark.h>
#include <semaphore.h>

static const char help[] = "usage: demo_semaphore [--stay TIME] [--spoil KIND]\n"
			   "8 processes want to be inside, 3 may.\n"
			   "  --stay TIME   how long each is inside (60ms)\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                no-limit, one-permit or poll\n";

static const char *const kinds[] = {"no-limit", "one-permit", "poll", NULL};
enum { NO_LIMIT = 1, ONE_PERMIT, POLL };

enum { GUESTS = 8, PERMITS = 3 };

/* In memory that all processes share. */
struct room {
	sem_t permits;
	int gate[2]; /* all guests come at once */
	long stay_ms;
	int spoil;
};

static void enter(struct room *room)
{
	if (room->spoil != POLL) {
		while (sem_wait(&room->permits) != 0)
			;
		return;
	}
	while (sem_trywait(&room->permits) != 0)
		compute_ms(1);
}

static int visit(void *arg)
{
	struct room *room = arg;

	wait_at_gate(room->gate);
	enter(room);
	PROCWATCH_BEGIN("inside");
	printf("guest %d: inside\n", getpid());
	pause_ms(room->stay_ms);
	PROCWATCH_END("inside");
	sem_post(&room->permits);
	return 0;
}

int main(int argc, char **argv)
{
	struct room *room = shared_memory(sizeof(*room));
	unsigned int permits = PERMITS;
	pid_t guests[GUESTS];
	char name[16];

	print_by_line();
	room->stay_ms = 60;
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--stay", &room->stay_ms) &&
		    !spoil_option(argv, &i, kinds, &room->spoil))
			other_option(argv[i], help);
	}
	if (room->spoil == NO_LIMIT)
		permits = GUESTS;
	if (room->spoil == ONE_PERMIT)
		permits = 1;
	if (sem_init(&room->permits, 1 /* shared by processes */, permits) != 0)
		die("sem_init");
	make_gate(room->gate);
	for (int i = 0; i < GUESTS; i++) {
		snprintf(name, sizeof(name), "guest-%d", i + 1);
		guests[i] = start_child(name, visit, room);
	}
	open_gate(room->gate);
	for (int i = 0; i < GUESTS; i++)
		wait_for(guests[i]);
	printf("main %d: all %d have been inside\n", getpid(), GUESTS);
	return 0;
}
