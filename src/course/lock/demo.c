/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_lock: 10 buyers, 3 tickets, with and without a lock.
 *
 * A buyer looks how many tickets are left, pays, and notes that there is one less. If
 * a second buyer looks between the first one's look and note, both see the same ticket
 * and both buy it. A lock makes the three steps one: the buyer that holds it is alone,
 * and the others sleep until it is their turn.
 *
 * Each buyer ends with 1 if it has a ticket, and with 0 if not.
 */
#include "demo.h"

#include <procwatch_mark.h>

static const char help[] = "usage: demo_lock [--no-lock] [--pay TIME] [--spoil KIND]\n"
			   "10 buyers want 3 tickets.\n"
			   "  --no-lock     they do not take turns\n"
			   "  --pay TIME    how long it takes to look and pay (20ms)\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                swap or spin\n";

static const char *const kinds[] = {"swap", "spin", NULL};
enum { SWAP = 1, SPIN };

enum { BUYERS = 10, TICKETS = 3 };

/* In memory that all processes share. */
struct office {
	pthread_mutex_t lock;
	bool use_lock;
	int tickets;
	int gate[2]; /* the office opens when all buyers are there */
	long pay_ms;
	int spoil;
};

static void enter(struct office *office)
{
	if (!office->use_lock)
		return;
	if (office->spoil == SPIN) {
		while (pthread_mutex_trylock(&office->lock) != 0)
			pause_ms(
				1); /* asks for its turn again and again instead of sleeping until it comes */
	} else {
		pthread_mutex_lock(&office->lock);
	}
}

static void leave(struct office *office)
{
	if (office->use_lock)
		pthread_mutex_unlock(&office->lock);
}

static int buy(void *arg)
{
	struct office *office = arg;
	bool bought = false;

	wait_at_gate(office->gate);
	enter(office);
	PROCWATCH_BEGIN("inside");
	const int left = office->tickets; /* look ... */
	PROCWATCH_MARK_VALUE("saw", left);

	pause_ms(office->pay_ms); /* ... pay ... */
	if (left > 0) {
		office->tickets = left - 1; /* ... and note */
		bought = true;
	}
	PROCWATCH_END("inside");
	leave(office);
	printf("buyer %d: saw %d left, %s\n", getpid(), left, bought ? "bought one" : "came too late");
	return bought;
}

int main(int argc, char **argv)
{
	struct office *office = shared_memory(sizeof(*office));
	pid_t buyers[BUYERS];
	int sold = 0;
	char name[16];

	print_by_line();
	*office = (struct office){.use_lock = true, .tickets = TICKETS, .pay_ms = 20};
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--no-lock"))
			office->use_lock = false;
		else if (!time_option(argv, &i, "--pay", &office->pay_ms) &&
			 !spoil_option(argv, &i, kinds, &office->spoil))
			other_option(argv[i], help);
	}
	if (office->spoil == SPIN && !office->use_lock)
		usage_error("with --no-lock there is no --spoil kind", kinds[office->spoil - 1]);
	if (office->spoil == SWAP) /* a lock where there should be none, and none where there should be one */
		office->use_lock = !office->use_lock;
	make_shared_lock(&office->lock);
	make_gate(office->gate);
	for (int i = 0; i < BUYERS; i++) {
		snprintf(name, sizeof(name), "buyer-%d", i + 1);
		buyers[i] = start_child(name, buy, office);
	}
	open_gate(office->gate);
	for (int i = 0; i < BUYERS; i++)
		sold += WEXITSTATUS(wait_for(buyers[i]));
	printf("main %d: there were %d tickets, %d were sold\n", getpid(), TICKETS, sold);
	return 0;
}
