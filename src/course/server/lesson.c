/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/course.h"
#include "course/lib/births.h"
#include "course/lib/claims.h"
#include "course/lib/process_set.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"

const char pw_page_server[] =
	N_("Three servers run one after the other, each for 4 clients with 20 requests each.\n"
	   "A server sends back what it receives.\n"
	   "\n"
	   "  forking    a process for each client\n"
	   "  threading  a thread for each client\n"
	   "  looping    one thread for all, asleep in epoll_wait until a client sends\n"
	   "\n"
	   "Per request, all three sleep once or twice (a client that takes its answer wakes\n"
	   "its server a second time, for nothing). The loop sleeps less when it finds\n"
	   "several requests at once.\n"
	   "\n"
	   "They differ in what a client itself costs: forking a process takes several times\n"
	   "as long as creating a thread (the kernel copies the page tables; here they\n"
	   "describe 32 MiB), and the loop creates nothing at all. And each process or\n"
	   "thread stays as long as its client does, mostly asleep.\n"
	   "\n"
	   "Look at who wakes whom: a forked process is woken by one client, the loop by all\n"
	   "four.\n"
	   "\n"
	   "Options:\n"
	   "  --think TIME  how long a client thinks between two requests (5ms);\n"
	   "                the second client 1 ms longer, and so on\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: no-fork and no-thread\n"
	   "                (that server serves one client after the other), thread-loop\n"
	   "                (the loop creates threads), poll (servers ask again and again\n"
	   "                instead of sleeping) or garble (the answers are wrong)\n");

static const struct pw_sentence words[] = {
	{.code = "not_one_client", .text = N_("{clients} clients woke {server}")},
	{.code = "client_processes",
	 .text = N_("{clients} clients were served by {processes} {processes|process|processes}")},
	{.code = "client_threads",
	 .text = N_("{clients} clients were served by one process with {threads} {threads|thread|threads} "
		    "beside its first")},
	{.code = "one_for_all",
	 .text = N_("{clients} clients were served by {threads} {threads|thread|threads}, which {wakers} of "
		    "them woke")},
	{.code = "sleeps_per_request", .text = N_("{server.comm} slept {sleeps} times per request")},
	{.code = "creation_cost",
	 .text = N_("to take on a client, the forking server used {process_ns} of CPU time, the threading "
		    "server {thread_ns}, and the loop created nothing")},
	{.code = "clients_content",
	 .text = N_("{content} of {clients} clients checked their {answers} answers and exited with code 0")},
	{0},
};

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

/* True if exactly one client ever woke the thread: it serves that client alone. */
static bool one_client(const struct pw_thread *t, const struct pw_process_set *clients,
		       struct pw_evidence *why)
{
	const struct service sv = service_of(t, clients);

	if (sv.wakers != 1)
		pw_evidence_add(
			why, "not_one_client",
			PW_VALUES(pw_value_tid("server", t->tid), pw_value_count("clients", sv.wakers)));
	return sv.wakers == 1;
}

static bool has_processes(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set clients = pw_process_set_of(run, "f-client-"),
				    servers = pw_process_set_of(run, "forked");
	bool one_each = true;

	for (size_t i = 0; i < servers.count; i++)
		one_each = one_client(servers.of[i]->threads, &clients, why) && one_each;
	pw_evidence_add(why, "client_processes",
			PW_VALUES(pw_value_count("clients", clients.count),
				  pw_value_count("processes", servers.count)));
	return clients.count == CLIENTS && servers.count == CLIENTS && one_each;
}

static bool has_threads(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set clients = pw_process_set_of(run, "t-client-");
	const struct pw_process *server = run->role[THREADING];
	bool one_each = true;

	for (const struct pw_thread *t = server->threads->next; t; t = t->next)
		one_each = one_client(t, &clients, why) && one_each;
	pw_evidence_add(why, "client_threads",
			PW_VALUES(pw_value_count("clients", clients.count),
				  pw_value_count("threads", server->n_threads - 1)));
	return clients.count == CLIENTS && server->n_threads == 1 + CLIENTS && one_each;
}

static bool has_one_for_all(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set clients = pw_process_set_of(run, "l-client-");
	const struct pw_process *server = run->role[LOOPING];
	const struct service sv = service_of(server->threads, &clients);

	pw_evidence_add(why, "one_for_all",
			PW_VALUES(pw_value_count("clients", clients.count),
				  pw_value_count("threads", server->n_threads),
				  pw_value_count("wakers", sv.wakers)));
	return clients.count == CLIENTS && server->n_threads == 1 && sv.wakers == CLIENTS;
}

/* How often a server slept. The forking server is all its processes. */
static uint64_t sleeps_in(const struct pw_demo_run *run, const struct pw_process *server)
{
	const struct pw_process_set forked = pw_process_set_of(run, "forked"), nobody = {0};
	uint64_t sum = 0;

	for (const struct pw_thread *t = server->threads; t; t = t->next)
		sum += service_of(t, &nobody).sleeps;
	for (size_t i = 0; server == run->role[FORKING] && i < forked.count; i++)
		sum += service_of(forked.of[i]->threads, &nobody).sleeps;
	return sum;
}

static const char *const rounds[] = {"f-client-", "t-client-", "l-client-"};

/* A client that has not ended made fewer requests, and the server had fewer to sleep for. */
static bool all_clients_ended(const struct pw_demo_run *run, struct pw_evidence *why)
{
	for (size_t i = 0; i < PW_COUNT(rounds); i++) {
		const struct pw_process_set clients = pw_process_set_of(run, rounds[i]);

		if (!pw_process_set_counts(&clients, CLIENTS, why) || !pw_process_set_ended(&clients, why))
			return false;
	}
	return true;
}

static bool sleep_once_a_request(const struct pw_demo_run *run, struct pw_evidence *why)
{
	double most = 0;

	if (!all_clients_ended(run, why))
		return false;
	for (size_t i = FORKING; i <= LOOPING; i++) {
		const double each = (double)sleeps_in(run, run->role[i]) / (CLIENTS * REQUESTS);

		pw_evidence_add(
			why, "sleeps_per_request",
			PW_VALUES(pw_value_process("server", run->role[i]), pw_value_ratio("sleeps", each)));
		most = each > most ? each : most;
	}
	/* Besides the requests, a server accepts 4 clients, notices 4 that leave, and joins 4 processes or threads. */
	return most > 0 && most < 2.5;
}

static bool processes_cost_most(const struct pw_demo_run *run, struct pw_evidence *why)
{
	uint64_t birth[CLIENTS], process, thread;

	if (!pw_process_births(run, run->role[FORKING], birth, CLIENTS, why))
		return false;
	process = pw_birth_cost(run->role[FORKING], birth, CLIENTS);
	if (!pw_thread_births(run->role[THREADING], birth, CLIENTS, why))
		return false;
	thread = pw_birth_cost(run->role[THREADING], birth, CLIENTS);
	pw_evidence_add(why, "creation_cost",
			PW_VALUES(pw_value_ns("process_ns", process), pw_value_ns("thread_ns", thread)));
	return thread < process && run->role[LOOPING]->n_threads == 1;
}

static bool are_answered(const struct pw_demo_run *run, struct pw_evidence *why)
{
	size_t content = 0, all = 0;

	for (size_t i = 0; i < PW_COUNT(rounds); i++) {
		const struct pw_process_set clients = pw_process_set_of(run, rounds[i]);

		for (size_t j = 0; j < clients.count; j++)
			content += pw_exited_with(clients.of[j], 0);
		all += clients.count;
	}
	pw_evidence_add(why, "clients_content",
			PW_VALUES(pw_value_count("content", content), pw_value_count("clients", all),
				  pw_value_count("answers", REQUESTS)));
	return all == PW_COUNT(rounds) * CLIENTS && content == all;
}

static const struct pw_claim_def claims[] = {
	{.id = "process",
	 .text = N_("forking: a process for each client, which no other client wakes"),
	 .holds = has_processes},
	{.id = "thread",
	 .text = N_("threading: a thread for each client, all in one process"),
	 .holds = has_threads},
	{.id = "loop",
	 .text = N_("looping: one thread serves all clients, and each of them wakes it"),
	 .holds = has_one_for_all},
	{.id = "request",
	 .text = N_("however it is built, a server sleeps no more than about twice per request"),
	 .holds = sleep_once_a_request},
	{.id = "cost",
	 .text = N_("serving a client costs more as a process than as a thread; the loop creates neither"),
	 .holds = processes_cost_most},
	{.id = "answers", .text = N_("every request is answered"), .holds = are_answered},
};

int pw_judge_server(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_server",
						 .roles = {"forking", "threading", "looping"},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
