/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_server: 4 clients, and three ways to serve them.
 *
 *   forking    a process for each client: simple, safe, costly
 *   threading  a thread for each client: cheaper, and all share one memory
 *   looping    one thread for all: sleeps until any client sends (epoll)
 *
 * Each server sends back what it is sent. A client sends a request, waits for the
 * answer, checks it, thinks for 5 to 8 ms, and sends the next.
 */
#include "demo.h"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>

static const char help[] = "usage: demo_server [--think TIME] [--spoil KIND]\n"
			   "4 clients with 20 requests each, served by processes, threads, or one loop.\n"
			   "  --think TIME  how long a client thinks between two requests (5ms);\n"
			   "                the second 1 ms longer, and so on\n"
			   "  --spoil KIND  break it on purpose, to see a claim fail:\n"
			   "                no-fork, no-thread, thread-loop, poll or garble\n";

static const char *const kinds[] = {"no-fork", "no-thread", "thread-loop", "poll", "garble", NULL};
enum { NO_FORK = 1, NO_THREAD, THREAD_LOOP, POLL, GARBLE };

enum { CLIENTS = 4, REQUESTS = 20, BALLAST = 32 << 20 };

static int spoil;
static long think = 5;

/* ---- what all servers do with a client ---- */

/* Answers one request. False when the client has gone. */
static bool answer(int client)
{
	char request;
	ssize_t n = recv(client, &request, 1, spoil == POLL ? MSG_DONTWAIT : 0);

	while (spoil == POLL && n < 0 &&
	       errno == EAGAIN) { /* asks again and again instead of sleeping until a request comes */
		usleep(200);
		n = recv(client, &request, 1, MSG_DONTWAIT);
	}
	if (n != 1)
		return false;
	if (spoil == GARBLE)
		request++;
	return send(client, &request, 1, MSG_NOSIGNAL) == 1;
}

static int serve(int client)
{
	while (answer(client))
		;
	close(client);
	return 0;
}

static int next_client(int listening)
{
	int client = accept(listening, NULL, NULL);

	if (client < 0)
		die("accept");
	return client;
}

/* ---- three servers ---- */

static int serve_forked(void *client)
{
	return serve(*(int *)client);
}

static int run_forking(void *listening)
{
	end_with_parent();
	for (int i = 0; i < CLIENTS; i++) {
		int client = next_client(*(int *)listening);

		if (spoil == NO_FORK)
			serve(client); /* and the others wait */
		else
			start_child("forked", serve_forked, &client);
		close(client); /* the child has its own */
	}
	while (waitpid(-1, NULL, 0) > 0)
		;
	return 0;
}

static void *serve_thread(void *client)
{
	serve((int)(intptr_t)client);
	return NULL;
}

static int run_threading(void *listening)
{
	pthread_t threads[CLIENTS];

	end_with_parent();
	for (int i = 0; i < CLIENTS; i++) {
		int client = next_client(*(int *)listening);

		if (spoil == NO_THREAD) {
			serve(client);
			continue;
		}
		must(pthread_create(&threads[i], NULL, serve_thread, (void *)(intptr_t)client),
		     "pthread_create");
	}
	for (int i = 0; i < CLIENTS && spoil != NO_THREAD; i++)
		pthread_join(threads[i], NULL);
	return 0;
}

static void watch(int epoll, int fd)
{
	struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		die("epoll_ctl");
}

static int run_looping(void *arg)
{
	const int listening = *(int *)arg, epoll = epoll_create1(0);
	struct epoll_event events[CLIENTS + 1];

	end_with_parent();
	if (spoil == THREAD_LOOP)
		return run_threading(arg);
	if (epoll < 0)
		die("epoll_create1");
	watch(epoll, listening);
	for (int open = CLIENTS; open > 0;) {
		/* Sleeps until any client sends; returns all that did. */
		int count = epoll_wait(epoll, events, CLIENTS + 1, spoil == POLL ? 1 : -1);

		for (int i = 0; i < count; i++) {
			if (events[i].data.fd == listening) {
				watch(epoll, next_client(listening));
			} else if (!answer(events[i].data.fd)) {
				close(events[i].data.fd);
				open--;
			}
		}
	}
	return 0;
}

/* ---- clients ---- */

struct client {
	pid_t main_pid;
	long think_ms;
};

/* An address without a file, which no other run has. */
static struct sockaddr_un address(pid_t main_pid)
{
	struct sockaddr_un where = {.sun_family = AF_UNIX};

	snprintf(where.sun_path + 1, sizeof(where.sun_path) - 1, "demo_server-%d", main_pid);
	return where;
}

static int run_client(void *arg)
{
	const struct client *client = arg;
	const struct sockaddr_un where = address(client->main_pid);
	int server = socket(AF_UNIX, SOCK_STREAM, 0);

	if (server < 0 || connect(server, (const struct sockaddr *)&where, sizeof(where)) != 0)
		die("connect");
	for (int i = 0; i < REQUESTS; i++) {
		char request = (char)('A' + i), reply;

		if (send(server, &request, 1, MSG_NOSIGNAL) != 1 || recv(server, &reply, 1, 0) != 1 ||
		    reply != request)
			return 1;
		pause_ms(client->think_ms);
	}
	return 0;
}

static void run(const char *server_name, int (*server)(void *), const char *client_name)
{
	pid_t me = getpid(), clients[CLIENTS], pid;
	const struct sockaddr_un where = address(me);
	int listening = socket(AF_UNIX, SOCK_STREAM, 0), good = 0;
	char name[16];

	if (listening < 0 || bind(listening, (const struct sockaddr *)&where, sizeof(where)) != 0 ||
	    listen(listening, CLIENTS) != 0)
		die("listen");
	pid = start_child(server_name, server, &listening);
	close(listening);
	for (int i = 0; i < CLIENTS; i++) {
		snprintf(name, sizeof(name), "%s-client-%d", client_name, i + 1);
		clients[i] = start_child(name, run_client,
					 &(struct client){.main_pid = me, .think_ms = think + i});
	}
	for (int i = 0; i < CLIENTS; i++)
		good += WEXITSTATUS(wait_for(clients[i])) == 0;
	wait_for(pid);
	printf("main %d: %s %d served %d of %d clients\n", me, server_name, pid, good, CLIENTS);
}

int main(int argc, char **argv)
{
	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (!time_option(argv, &i, "--think", &think) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}
	fill_memory(BALLAST);
	run("forking", run_forking, "f");
	run("threading", run_threading, "t");
	run("looping", run_looping, "l");
	return 0;
}
