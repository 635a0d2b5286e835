/* SPDX-License-Identifier: GPL-2.0-only */
#include <signal.h>
#include <sys/syscall.h>

#include "course/lib/judge.h"

const char pw_page_iomodel[] =
	N_("Five readers, one after the other. Each gets three messages, one every 60 ms,\n"
	   "and waits for them in its own way:\n"
	   "\n"
	   "  blocking       asleep in read until there is data\n"
	   "  non-blocking   asks again and again, and burns a CPU\n"
	   "  multiplexed    asleep in poll, for three sources at once\n"
	   "  signal-driven  computes something else; SIGIO says when there is data\n"
	   "  asynchronous   computes something else; io_uring says when the data is there\n"
	   "\n"
	   "To read has two phases: waiting for data, and copying it. The first three differ\n"
	   "in how they wait. The fourth does not wait, and copies when it is told. The last\n"
	   "does neither: the kernel copies.\n"
	   "\n"
	   "Look at what each is doing between the messages: blocked, or running. Only for\n"
	   "signal-driven and asynchronous is that work of use.\n"
	   "\n"
	   "Where io_uring is switched off (sysctl kernel.io_uring_disabled, or a\n"
	   "container's seccomp filter), the last claim is not held, and the evidence says\n"
	   "why.\n"
	   "\n"
	   "Options:\n"
	   "  --every TIME  how long until the next message (60ms)\n"
	   "  --spoil WAY   do it wrong, to see a claim not held: blocking, nonblocking,\n"
	   "                multiplexed, signal or asynchronous (that reader waits in\n"
	   "                another way than its name says)\n");

enum { BLOCKING, NONBLOCKING, MULTIPLEXED, SIGNAL, ASYNCHRONOUS };
enum { MESSAGES = 3, REFUSED = 77 };

#ifdef SYS_poll
#define IS_POLL(syscall) ((syscall) == SYS_poll || (syscall) == SYS_ppoll)
#else
#define IS_POLL(syscall) ((syscall) == SYS_ppoll) /* as on arm64 */
#endif

/* How a reader spent its process. */
struct doing {
	uint64_t process, running, blocked, in_read, in_poll;
	size_t polls, by_main; /* sleeps in poll; sleeps in read or poll that main ended */
};

static struct doing doing_of(const struct pw_demo_run *s, const struct pw_process *reader)
{
	const struct pw_thread *t = reader->threads;
	struct doing d = {.process = t->end - t->start,
			  .running = t->totals[PW_RUNNING],
			  .blocked = pw_asleep(t, t->start, t->end)};
	struct pw_sleeps all;
	struct pw_sleep sleep;

	pw_sleeps_init(&all, reader);
	while (pw_sleeps_next(&all, &sleep)) {
		const bool poll = IS_POLL(sleep.syscall);

		d.in_read += sleep.syscall == SYS_read ? sleep.to - sleep.from : 0;
		d.in_poll += poll ? sleep.to - sleep.from : 0;
		d.polls += poll;
		d.by_main += (poll || sleep.syscall == SYS_read) && sleep.by == s->main->pid;
	}
	return d;
}

static bool got_all(const struct pw_process *reader, struct pw_evidence *why)
{
	if (pw_exited_with(reader, MESSAGES))
		return true;
	pw_say(why, "%u did not get its messages: ", reader->pid);
	pw_evidence_exit(reader, why);
	return false;
}

static void say_doing(const struct pw_process *reader, const struct doing *d, struct pw_evidence *why)
{
	pw_say(why, "%u was blocked for %.0f %% of its %s, running for %.0f %%", reader->pid,
	       pw_percent(d->blocked, d->process), pw_dur(d->process).s, pw_percent(d->running, d->process));
}

static bool sleeps_in_read(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *reader = s->role[BLOCKING];
	const struct doing d = doing_of(s, reader);

	if (!got_all(reader, why))
		return false;
	say_doing(reader, &d, why);
	pw_say(why, "; in read for %s, and woken there by main %zu times", pw_dur(d.in_read).s, d.by_main);
	return d.by_main > 0 && d.in_read > d.blocked / 10 * 9 && d.running < d.blocked / 10;
}

static bool burns_cpu(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *reader = s->role[NONBLOCKING];
	const struct doing d = doing_of(s, reader), blocking = doing_of(s, s->role[BLOCKING]);

	if (!got_all(reader, why))
		return false;
	say_doing(reader, &d, why);
	pw_say(why, "; on a CPU for %s, the blocking one for %s", pw_dur(d.running).s,
	       pw_dur(blocking.running).s);
	/* On a busy machine it is ready for most of the time: it wants the CPU all the same. */
	return d.blocked < d.process / 20 && d.running > 10 * blocking.running;
}

static bool serves_many(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *reader = s->role[MULTIPLEXED];
	const struct doing d = doing_of(s, reader);

	if (!got_all(reader, why))
		return false;
	say_doing(reader, &d, why);
	pw_say(why, "; %zu sleeps in poll for three sources, %s blocked in read", d.polls,
	       pw_dur(d.in_read).s);
	return d.by_main > 0 && d.in_poll > d.blocked / 10 * 9 && d.in_read == 0 && reader->n_threads == 1;
}

static bool is_told_by_signal(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *reader = s->role[SIGNAL];
	const struct doing d = doing_of(s, reader);
	size_t signals = 0;

	for (size_t i = 0; i < pw_model_signal_count(s->m); i++) {
		const struct pw_signal_record *sig = pw_model_signal(s->m, i);

		signals += sig->sig == SIGIO && sig->to_pid == reader->pid && sig->from_pid == s->main->pid;
	}
	if (!got_all(reader, why))
		return false;
	say_doing(reader, &d, why);
	pw_say(why, "; %zu SIGIO came as main wrote", signals);
	return signals > 0 && d.blocked < d.process / 20;
}

static bool waits_for_nothing(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process *reader = s->role[ASYNCHRONOUS];
	const struct doing d = doing_of(s, reader);

	if (pw_exited_with(reader, REFUSED)) {
		pw_say(why, "the kernel refused io_uring to %u", reader->pid);
		return false;
	}
	if (!got_all(reader, why))
		return false;
	say_doing(reader, &d, why);
	pw_say(why, "; %s of it blocked in read", pw_dur(d.in_read).s);
	return d.blocked < d.process / 20 && d.running > 0 && !pw_sent(s, s->main, reader, SIGIO);
}

static const struct pw_claim_def claims[] = {
	{"blocking", N_("blocking: asleep in read until there is data"), sleeps_in_read},
	{"non-blocking", N_("non-blocking: never asleep, and burns CPU time for nothing"), burns_cpu},
	{"multiplexed", N_("multiplexed: one process waits for many, in poll and not in read"), serves_many},
	{"signal", N_("signal-driven: goes on with its work, until a signal says that there is data"),
	 is_told_by_signal},
	{"asynchronous", N_("asynchronous: goes on with its work; no signal comes, the data is just there"),
	 waits_for_nothing},
};

int pw_judge_iomodel(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_iomodel",
		.roles = {"blocking", "non-blocking", "multiplexed", "signal-driven", "asynchronous"},
		.claims = claims,
		.count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
