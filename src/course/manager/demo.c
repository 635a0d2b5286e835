/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_manager: one process holds the data, the others ask it.
 *
 * The manager has a number. A client cannot reach it: to read it, it sends a
 * request and waits for the answer; to write it, the same. Between a client's read
 * and its write another may have come, and one of the two additions is lost; a lock
 * keeps the two steps together. Python's multiprocessing.Manager works the same way.
 *
 * The manager ends with the number as its exit code.
 */
#include "demo.h"

#include <poll.h>
#include <procwatch_mark.h>
#include <sys/socket.h>

static const char help[] = "usage: demo_manager [--no-lock] [--spoil KIND]\n"
			   "4 clients add 1 to the manager's number, 5 times each.\n"
			   "  --no-lock     they do not take turns\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                swap or share\n";

static const char *const kinds[] = {"swap", "share", NULL};
enum { SWAP = 1, SHARE };

enum { CLIENTS = 4, ADDITIONS = 5 };

struct request {
	enum { GET, SET } what;
	int number;
};

static int sockets[CLIENTS][2]; /* one pair for each client: [0] is the manager's end */
static int *shared_number; /* when spoilt, clients use this and do not ask the manager */

/* In memory that all processes share. */
static struct lock {
	pthread_mutex_t mutex;
	bool use;
} * lock;

/* Answers a request of the client with this index. False when it has gone. */
static bool answer(int index, int *number)
{
	const int client = sockets[index][0];
	struct request request;

	if (recv(client, &request, sizeof(request), 0) != sizeof(request))
		return false;
	pause_ms(1); /* the time it takes to look it up */
	if (request.what == SET)
		*number = request.number;
	PROCWATCH_MARK_VALUE("answer", index + 1);
	return send(client, number, sizeof(*number), MSG_NOSIGNAL) == sizeof(*number);
}

static int run_manager(void *arg)
{
	struct pollfd clients[CLIENTS];
	int number = 0;

	(void)arg;
	end_with_parent();
	for (int i = 0; i < CLIENTS; i++) {
		close(sockets[i][1]);
		clients[i] = (struct pollfd){.fd = sockets[i][0], .events = POLLIN};
	}
	for (int open = CLIENTS; open > 0;) {
		if (poll(clients, CLIENTS, -1) < 0)
			die("poll");
		for (int i = 0; i < CLIENTS; i++) {
			if (clients[i].revents && !answer(i, &number)) {
				clients[i].fd = -1; /* poll() passes over it from now on */
				open--;
			}
		}
	}
	printf("manager %d: the number is %d\n", getpid(), shared_number ? *shared_number : number);
	return shared_number ? *shared_number : number;
}

/* A round trip: sends the request and waits for the answer. */
static int ask(int manager, struct request request)
{
	int number;

	PROCWATCH_BEGIN("ask");
	if (send(manager, &request, sizeof(request), MSG_NOSIGNAL) != sizeof(request) ||
	    recv(manager, &number, sizeof(number), 0) != sizeof(number))
		die("manager");
	PROCWATCH_END("ask");
	return number;
}

static int run_client(void *arg)
{
	const int manager = *(int *)arg;

	end_with_parent();
	for (int i = 0; i < ADDITIONS; i++) {
		if (lock->use)
			pthread_mutex_lock(&lock->mutex);
		if (shared_number) {
			++*shared_number;
		} else {
			int number = ask(manager, (struct request){.what = GET});

			PROCWATCH_MARK_VALUE("saw", number);
			ask(manager, (struct request){.what = SET, .number = number + 1});
		}
		if (lock->use)
			pthread_mutex_unlock(&lock->mutex);
	}
	return 0;
}

int main(int argc, char **argv)
{
	pid_t clients[CLIENTS], manager;
	int spoil = 0;
	char name[16];

	print_by_line();
	lock = shared_memory(sizeof(*lock));
	lock->use = true;
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--no-lock"))
			lock->use = false;
		else if (!spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}
	if (spoil == SWAP) /* a lock where there should be none, and none where there should be one */
		lock->use = !lock->use;
	if (spoil == SHARE)
		shared_number = shared_memory(sizeof(*shared_number));
	make_shared_lock(&lock->mutex);
	for (int i = 0; i < CLIENTS; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM, 0, sockets[i]) != 0)
			die("socketpair");
	}
	for (int i = 0; i < CLIENTS; i++) {
		snprintf(name, sizeof(name), "client-%d", i + 1);
		clients[i] = start_child(name, run_client, &sockets[i][1]);
	}
	manager = start_child("manager", run_manager, NULL);
	for (int i = 0; i < CLIENTS; i++) {
		close(sockets[i][1]);
		wait_for(clients[i]);
	}
	printf("main %d: %d clients added 1 %d times each, and the number is %d\n", getpid(), CLIENTS,
	       ADDITIONS, WEXITSTATUS(wait_for(manager)));
	return 0;
}
