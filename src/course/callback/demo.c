/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_callback: a kettle boils while its owner plays.
 *
 * Nobody stands beside a kettle until it boils: one plays on, and goes when it
 * whistles. The kettle is a child; its whistle is SIGCHLD, which the kernel sends
 * when a child has ended; and the callback is a function the parent has named
 * before, to be called whenever that comes, in the middle of whatever it is doing.
 */
#include "demo.h"

static const char help[] = "usage: demo_callback [--boil TIME] [--spoil KIND]\n"
			   "A child boils water; its parent plays on, until a callback says so.\n"
			   "  --boil TIME   how long the kettle takes (300ms)\n"
			   "  --spoil KIND  break it on purpose: wait or no-callback\n";

static const char *const kinds[] = {"wait", "no-callback", NULL};
enum { WAIT = 1, NO_CALLBACK };

static volatile sig_atomic_t boils; /* all a signal handler may safely share with the rest */

/* The callback. It runs in the parent, between two instructions of its game. */
static void when_a_child_ends(int sig)
{
	(void)sig;
	if (waitpid(-1, NULL, WNOHANG) > 0)
		boils = 1;
}

static int boil(void *ms)
{
	pause_ms(*(long *)ms);
	printf("kettle %d: boils\n", getpid());
	return 0;
}

/* Plays until the kettle has whistled, and then as long again: no sleep in it. */
static void play(long boil_ms)
{
	long rounds = 0;

	for (; !boils && rounds < 10 * boil_ms; rounds++)
		compute_ms(1);
	printf("parent %d: %ld rounds played when the callback came; playing on\n", getpid(), rounds);
	compute_ms(boil_ms / 2);
}

int main(int argc, char **argv)
{
	long boil_ms = 300;
	int spoil = 0;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--boil", &boil_ms) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}
	if (spoil == 0) {
		/* SA_RESTART: an interrupted system call goes on, as if nothing had happened. */
		struct sigaction action = {.sa_handler = when_a_child_ends, .sa_flags = SA_RESTART};

		if (sigaction(SIGCHLD, &action, NULL) != 0)
			die("sigaction");
	}

	pid_t kettle = start_child("kettle", boil, &boil_ms);

	printf("parent %d: put the kettle %d on, now playing\n", getpid(), kettle);
	if (spoil == WAIT) {
		wait_for(kettle);
		boils = 1;
	}
	if (spoil == NO_CALLBACK) { /* plays, and looks after the kettle when the game is over */
		compute_ms(2 * boil_ms);
		wait_for(kettle);
		return 0;
	}
	play(boil_ms);
	return 0;
}
