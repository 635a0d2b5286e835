/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>
#include <sys/syscall.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"

const char pw_page_iomodel[] =
	N_("Five readers run one after the other. Each gets three messages, one every 60 ms,\n"
	   "and waits for them in its own way:\n"
	   "\n"
	   "  blocking       asleep in read until there is data\n"
	   "  non-blocking   asks again and again, and burns a CPU\n"
	   "  multiplexed    asleep in poll, for three sources at once\n"
	   "  signal-driven  computes something else; SIGIO says when there is data\n"
	   "  asynchronous   computes something else; io_uring says when the data is there\n"
	   "\n"
	   "Reading has two phases: waiting for the data, and copying it. The first three\n"
	   "ways differ in how they wait. The fourth does not wait, and copies when the\n"
	   "signal comes. The last does neither: the kernel copies.\n"
	   "\n"
	   "Look at what each reader does between the messages: it is blocked, or running.\n"
	   "Only for signal-driven and asynchronous is that useful work.\n"
	   "\n"
	   "Where io_uring is switched off (sysctl kernel.io_uring_disabled, or a\n"
	   "container's seccomp filter), the last claim does not hold, and the evidence says\n"
	   "why.\n"
	   "\n"
	   "Options:\n"
	   "  --every TIME  how long until the next message (60ms)\n"
	   "  --spoil WAY   break it on purpose, to see a claim fail: blocking,\n"
	   "                nonblocking, multiplexed, signal or asynchronous (that reader\n"
	   "                waits in another way than its name says)\n");

static const struct pw_sentence words[] = {
	{.code = "messages_missing", .text = N_("{reader.pid} did not get all its messages")},
	{.code = "reader_time",
	 .text = N_("{reader.pid} was blocked for {blocked_percent} of its {lifetime_ns} and running for "
		    "{running_percent}")},
	{.code = "slept_in_read",
	 .text = N_("the reader slept in read for {in_read_ns}, and main woke it there {woken} "
		    "{woken|time|times}")},
	{.code = "cpu_time",
	 .text = N_("the reader used {cpu_ns} of CPU time, the blocking reader {blocking_cpu_ns}")},
	{.code = "slept_in_poll",
	 .text = N_("the reader slept in poll {polls} {polls|time|times} for three sources, and was blocked "
		    "in read "
		    "for {in_read_ns}")},
	{.code = "signals_came", .text = N_("SIGIO came {signals} {signals|time|times} when main wrote")},
	{.code = "io_uring_refused", .text = N_("the kernel refused io_uring to {reader.pid}")},
	{.code = "blocked_in_read", .text = N_("the reader was blocked in read for {in_read_ns}")},
	{0},
};

enum { BLOCKING, NONBLOCKING, MULTIPLEXED, SIGNAL, ASYNCHRONOUS };
enum { MESSAGES = 3, REFUSED = 77 };

#ifdef SYS_poll
#define IS_POLL(syscall) ((syscall) == SYS_poll || (syscall) == SYS_ppoll)
#else
#define IS_POLL(syscall) ((syscall) == SYS_ppoll) /* as on arm64 */
#endif

/* How a reader spent its time. */
struct usage {
	uint64_t lifetime, running, blocked, in_read, in_poll;
	size_t polls, by_main; /* sleeps in poll; sleeps in read or poll that main ended */
};

static struct usage usage_of(const struct pw_demo_run *run, const struct pw_process *reader)
{
	const struct pw_thread *t = reader->threads;
	struct usage u = {.lifetime = t->end - t->start,
			  .running = t->totals[PW_RUNNING],
			  .blocked = pw_asleep(t, t->start, t->end)};
	struct pw_sleeps all;
	struct pw_sleep sleep;

	pw_sleeps_init(&all, reader);
	while (pw_sleeps_next(&all, &sleep)) {
		const bool poll = IS_POLL(sleep.syscall);

		u.in_read += sleep.syscall == SYS_read ? sleep.to - sleep.from : 0;
		u.in_poll += poll ? sleep.to - sleep.from : 0;
		u.polls += poll;
		u.by_main += (poll || sleep.syscall == SYS_read) && sleep.by == run->main->pid;
	}
	return u;
}

static bool got_all(const struct pw_process *reader, struct pw_evidence *why)
{
	if (pw_exited_with(reader, MESSAGES))
		return true;
	pw_evidence_add(why, "messages_missing", PW_VALUES(pw_value_process("reader", reader)));
	pw_evidence_exit(reader, why);
	return false;
}

static void add_usage(const struct pw_process *reader, const struct usage *u, struct pw_evidence *why)
{
	pw_evidence_add(why, "reader_time",
			PW_VALUES(pw_value_process("reader", reader),
				  pw_value_share("blocked_percent", u->blocked, u->lifetime),
				  pw_value_ns("lifetime_ns", u->lifetime),
				  pw_value_share("running_percent", u->running, u->lifetime)));
}

static bool sleeps_in_read(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *reader = run->role[BLOCKING];
	const struct usage u = usage_of(run, reader);

	if (!got_all(reader, why))
		return false;
	add_usage(reader, &u, why);
	pw_evidence_add(why, "slept_in_read",
			PW_VALUES(pw_value_ns("in_read_ns", u.in_read), pw_value_count("woken", u.by_main)));
	return u.by_main > 0 && u.in_read > u.blocked / 10 * 9 && u.running < u.blocked / 10;
}

static bool burns_cpu(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *reader = run->role[NONBLOCKING];
	const struct usage u = usage_of(run, reader), blocking = usage_of(run, run->role[BLOCKING]);

	if (!got_all(reader, why))
		return false;
	add_usage(reader, &u, why);
	pw_evidence_add(why, "cpu_time",
			PW_VALUES(pw_value_ns("cpu_ns", u.running),
				  pw_value_ns("blocking_cpu_ns", blocking.running)));
	/* On a busy machine it is ready for most of its time, but it never gives up the CPU. */
	return u.blocked < u.lifetime / 20 && u.running > 10 * blocking.running;
}

static bool serves_many(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *reader = run->role[MULTIPLEXED];
	const struct usage u = usage_of(run, reader);

	if (!got_all(reader, why))
		return false;
	add_usage(reader, &u, why);
	pw_evidence_add(why, "slept_in_poll",
			PW_VALUES(pw_value_count("polls", u.polls), pw_value_ns("in_read_ns", u.in_read)));
	return u.by_main > 0 && u.in_poll > u.blocked / 10 * 9 && u.in_read == 0 && reader->n_threads == 1;
}

static size_t count_signals(const struct pw_demo_run *run, const struct pw_process *reader)
{
	size_t signals = 0;

	for (size_t i = 0; i < pw_model_signal_count(run->m); i++) {
		const struct pw_signal_record *sig = pw_model_signal(run->m, i);

		signals += sig->sig == SIGIO && sig->to_pid == reader->pid && sig->from_pid == run->main->pid;
	}
	return signals;
}

static bool signal_brings_data(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *reader = run->role[SIGNAL];
	const struct usage u = usage_of(run, reader);
	const size_t signals = count_signals(run, reader);

	if (!got_all(reader, why))
		return false;
	add_usage(reader, &u, why);
	pw_evidence_add(why, "signals_came", PW_VALUES(pw_value_count("signals", signals)));
	return signals > 0 && u.blocked < u.lifetime / 20;
}

static bool waits_for_nothing(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process *reader = run->role[ASYNCHRONOUS];
	const struct usage u = usage_of(run, reader);

	if (pw_exited_with(reader, REFUSED)) {
		pw_evidence_add(why, "io_uring_refused", PW_VALUES(pw_value_process("reader", reader)));
		return false;
	}
	if (!got_all(reader, why))
		return false;
	add_usage(reader, &u, why);
	pw_evidence_add(why, "blocked_in_read", PW_VALUES(pw_value_ns("in_read_ns", u.in_read)));
	return u.blocked < u.lifetime / 20 && u.running > 0 && !pw_sent(run, run->main, reader, SIGIO);
}

static const struct pw_claim_def claims[] = {
	{.id = "blocking",
	 .text = N_("blocking: asleep in read until there is data"),
	 .holds = sleeps_in_read},
	{.id = "non-blocking",
	 .text = N_("non-blocking: never asleep, and wastes CPU time"),
	 .holds = burns_cpu},
	{.id = "multiplexed",
	 .text = N_("multiplexed: one process waits for several sources, in poll and not in read"),
	 .holds = serves_many},
	{.id = "signal",
	 .text = N_("signal-driven: goes on with its work until a signal says that there is data"),
	 .holds = signal_brings_data},
	{.id = "asynchronous",
	 .text = N_("asynchronous: goes on with its work; no signal comes, the data is just there"),
	 .holds = waits_for_nothing},
};

int pw_judge_iomodel(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {
		.demo = "demo_iomodel",
		.roles = {"blocking", "non-blocking", "multiplexed", "signal-driven", "asynchronous"},
		.claims = claims,
		.count = PW_COUNT(claims),
		.words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
