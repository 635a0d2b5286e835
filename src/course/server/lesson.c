/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/judge.h"

const char pw_page_server[] =
	N_("Three servers, one after the other, each for 4 clients with 20 requests each. A\n"
	   "server sends back what it is sent.\n"
	   "\n"
	   "  forking    a process for each client\n"
	   "  threading  a thread for each client\n"
	   "  looping    one thread for all, asleep in epoll_wait until one wants something\n"
	   "\n"
	   "Per request, all three sleep once or twice (a client that takes its answer wakes\n"
	   "its server a second time, for nothing). The loop sleeps less when it finds\n"
	   "several requests at once.\n"
	   "\n"
	   "What differs is what a client costs as such: to fork a process takes several\n"
	   "times as long as to make a thread (the tables of its memory are copied; here\n"
	   "there are 32 MiB), and the loop makes nothing at all. And each process or thread\n"
	   "stays there as long as its client, mostly asleep.\n"
	   "\n"
	   "Look at who wakes whom: a forked process is woken by one client, the loop by all\n"
	   "four.\n"
	   "\n"
	   "Options:\n"
	   "  --think TIME  how long a client thinks between two requests (5ms);\n"
	   "                the second 1 ms longer, and so on\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: no-fork and no-thread\n"
	   "                (that server serves one client after the other), thread-loop\n"
	   "                (the loop makes threads), poll (servers look every so often) or\n"
	   "                garble (they answer something else)\n");

enum { FORKING, THREADING, LOOPING };
enum { CLIENTS = 4, REQUESTS = 20 };

/* How often a thread slept, and how many of the clients ever woke it. */
struct service {
	size_t sleeps, wakers;
};

static struct service service_of(const struct pw_thread *t, const struct pw_process_set *clients)
{
	bool woke[PW_PROCESS_SET_MAX] = {false};
	struct service sv = {0};
	struct pw_sleeps all;
	struct pw_sleep sleep;

	pw_sleeps_of_thread(&all, t);
	while (pw_sleeps_next(&all, &sleep)) {
		sv.sleeps++;
		for (size_t i = 0; i < clients->count; i++) {
			if (sleep.by == clients->of[i]->pid && !woke[i]) {
				woke[i] = true;
				sv.wakers++;
			}
		}
	}
	return sv;
}

/* Each of the clients had a server of its own: it alone woke it. */
static bool one_client(const struct pw_thread *t, const struct pw_process_set *clients,
		       struct pw_evidence *why)
{
	const struct service sv = service_of(t, clients);

	if (sv.wakers != 1)
		pw_say(why, "%u was woken by %zu clients; ", t->tid, sv.wakers);
	return sv.wakers == 1;
}

static bool has_processes(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set clients = pw_process_set_of(s, "f-client-"),
				    servers = pw_process_set_of(s, "forked");
	bool one_each = true;

	for (size_t i = 0; i < servers.count; i++)
		one_each = one_client(servers.of[i]->threads, &clients, why) && one_each;
	pw_say(why, "%zu clients, %zu processes that served them", clients.count, servers.count);
	return clients.count == CLIENTS && servers.count == CLIENTS && one_each;
}

static bool has_threads(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set clients = pw_process_set_of(s, "t-client-");
	const struct pw_process *server = s->role[THREADING];
	bool one_each = true;

	for (const struct pw_thread *t = server->threads->next; t; t = t->next)
		one_each = one_client(t, &clients, why) && one_each;
	pw_say(why, "%zu clients, one process with %zu threads beside its first", clients.count,
	       server->n_threads - 1);
	return clients.count == CLIENTS && server->n_threads == 1 + CLIENTS && one_each;
}

static bool has_one_for_all(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set clients = pw_process_set_of(s, "l-client-");
	const struct pw_process *server = s->role[LOOPING];
	const struct service sv = service_of(server->threads, &clients);

	pw_say(why,
	       pw_lang_count("%zu clients, %zu thread; %zu of the clients woke it",
			     "%zu clients, %zu threads; %zu of the clients woke it", server->n_threads),
	       clients.count, server->n_threads, sv.wakers);
	return clients.count == CLIENTS && server->n_threads == 1 && sv.wakers == CLIENTS;
}

/* The forking server is all its processes. */
static uint64_t sleeps_in(const struct pw_demo_run *s, const struct pw_process *server)
{
	const struct pw_process_set forked = pw_process_set_of(s, "forked"), nobody = {0};
	uint64_t sum = 0;

	for (const struct pw_thread *t = server->threads; t; t = t->next)
		sum += service_of(t, &nobody).sleeps;
	for (size_t i = 0; server == s->role[FORKING] && i < forked.count; i++)
		sum += service_of(forked.of[i]->threads, &nobody).sleeps;
	return sum;
}

static const char *const rounds[] = {"f-client-", "t-client-", "l-client-"};

/* Else there were fewer requests to sleep for. */
static bool all_clients_ended(const struct pw_demo_run *s, struct pw_evidence *why)
{
	for (size_t i = 0; i < PW_COUNT(rounds); i++) {
		const struct pw_process_set clients = pw_process_set_of(s, rounds[i]);

		if (!pw_process_set_counts(&clients, CLIENTS, why) || !pw_process_set_ended(&clients, why))
			return false;
	}
	return true;
}

static bool sleep_once_a_request(const struct pw_demo_run *s, struct pw_evidence *why)
{
	double most = 0;

	if (!all_clients_ended(s, why))
		return false;
	for (size_t i = FORKING; i <= LOOPING; i++) {
		const double each = (double)sleeps_in(s, s->role[i]) / (CLIENTS * REQUESTS);

		pw_say(why, "%s%s %.2f", i ? _(", ") : _("sleeps per request: "),
		       pw_printable(s->role[i]->comm).s, each);
		most = each > most ? each : most;
	}
	/* Beside the requests there are 4 clients to accept, 4 to see off and 4 servers to join. */
	return most > 0 && most < 2.5;
}

static bool processes_cost_most(const struct pw_demo_run *s, struct pw_evidence *why)
{
	uint64_t birth[CLIENTS], process, thread;

	if (!pw_process_births(s, s->role[FORKING], birth, CLIENTS, why))
		return false;
	process = pw_birth_cost(s->role[FORKING], birth, CLIENTS);
	if (!pw_thread_births(s->role[THREADING], birth, CLIENTS, why))
		return false;
	thread = pw_birth_cost(s->role[THREADING], birth, CLIENTS);
	pw_say(why,
	       "to take a client on took the forking server %s on a CPU, the threading one %s; the loop "
	       "makes "
	       "nothing",
	       pw_dur(process).s, pw_dur(thread).s);
	return thread < process && s->role[LOOPING]->n_threads == 1;
}

static bool are_answered(const struct pw_demo_run *s, struct pw_evidence *why)
{
	size_t content = 0, all = 0;

	for (size_t i = 0; i < PW_COUNT(rounds); i++) {
		const struct pw_process_set clients = pw_process_set_of(s, rounds[i]);

		for (size_t j = 0; j < clients.count; j++)
			content += pw_exited_with(clients.of[j], 0);
		all += clients.count;
	}
	pw_say(why, "%zu of %zu clients checked their %d answers and ended with exit code 0", content, all,
	       REQUESTS);
	return all == PW_COUNT(rounds) * CLIENTS && content == all;
}

static const struct pw_claim_def claims[] = {
	{"process", N_("forking: a process for each client, and each is woken by its own only"),
	 has_processes},
	{"thread", N_("threading: a thread for each client, all in one process"), has_threads},
	{"loop", N_("looping: one thread serves all, and is woken by every one"), has_one_for_all},
	{"request", N_("however it is built, a server sleeps no more than about twice per request"),
	 sleep_once_a_request},
	{"cost", N_("a client costs a process more than a thread, and the loop neither"),
	 processes_cost_most},
	{"answers", N_("every request is answered"), are_answered},
};

int pw_judge_server(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {.demo = "demo_server",
						  .roles = {"forking", "threading", "looping"},
						  .claims = claims,
						  .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
