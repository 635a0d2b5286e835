/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>
#include <sys/syscall.h>

#include "course/lib/judge.h"

const char pw_page_sched[] =
	N_("Three jobs that compute for 250, 80 and 30 ms come to one CPU, the long one\n"
	   "first. Who runs when? Four times the same jobs:\n"
	   "\n"
	   "  fifo  first come, first served: each runs to its end (SCHED_FIFO)\n"
	   "  rr    round robin: each for a time slice of 100 ms, then the next (SCHED_RR)\n"
	   "  fair  the default scheduler: all get on, in steps of a few milliseconds\n"
	   "  nice  the default, with nice levels raised by 0, 5 and 10\n"
	   "\n"
	   "Look at the jobs' lines: running is solid, ready is waiting. Under fifo the\n"
	   "short job waits for both others; under fair it is done first. With the jobs\n"
	   "under fair goes one that mostly sleeps, as an editor does, and wants the CPU\n"
	   "only for moments; it gets it sooner than those who compute all the time.\n"
	   "\n"
	   "What counts as waiting here is the time a job was ready while another of the\n"
	   "three was running: what else runs on this machine does not matter.\n"
	   "\n"
	   "fifo and rr need the right to rule a CPU: root, or CAP_SYS_NICE. Under sudo, say\n"
	   "procwatch run --user root demo_sched.\n"
	   "\n"
	   "Options:\n"
	   "  --unit TIME   a job computes for 25, 8 or 3 of these (10ms)\n"
	   "  --spoil KIND  do it wrong, to see a claim not held: no-fifo (round robin\n"
	   "                instead), no-rr (FIFO instead), short-first (the short job comes\n"
	   "                first), no-nice (no levels) or busy-io (the job that sleeps\n"
	   "                computes instead)\n");

enum { LONG, MID, SHORT, JOBS, REFUSED = 77 };

/* The jobs of one round, and when each came: when its gate was opened, which ended its last sleep in read. */
struct round {
	const struct pw_process *job[JOBS];
	uint64_t came[JOBS];
};

static bool find_round(const struct pw_demo_run *s, const char *name, struct round *r,
		       struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(s, name);

	if (all.count < JOBS) {
		pw_say(why, "no three jobs named %s... are in the record", name);
		return false;
	}
	for (size_t i = 0; i < JOBS; i++) {
		struct pw_sleeps sleeps;
		struct pw_sleep sleep;

		r->job[i] = all.of[i];
		r->came[i] = all.of[i]->start;
		if (pw_exited_with(r->job[i], REFUSED)) {
			pw_say(why, "the kernel refused this way to schedule: it needs root or CAP_SYS_NICE");
			return false;
		}
		if (!pw_has_ended(r->job[i], why))
			return false;
		pw_sleeps_init(&sleeps, r->job[i]);
		while (pw_sleeps_next(&sleeps, &sleep))
			r->came[i] = sleep.syscall == SYS_read ? sleep.to : r->came[i];
	}
	return true;
}

/* The first time it was on the CPU after it had come. */
static uint64_t began(const struct round *r, size_t i)
{
	struct pw_thread_iter it;
	struct pw_span span;

	pw_thread_iter_init(&it, r->job[i]->threads);
	while (pw_thread_iter_next(&it, &span)) {
		if (span.state == PW_RUNNING && span.to > r->came[i])
			return span.from;
	}
	return UINT64_MAX;
}

static bool to_the_end(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct round r;
	bool in_order = true;

	if (!find_round(s, "fifo-", &r, why))
		return false;
	for (size_t i = 0; i < JOBS; i++) {
		pw_say(why, "%s%u came after %s, ran from %s to %s", i ? _("; ") : "", r.job[i]->pid,
		       pw_from_to(r.came[LONG], r.came[i]).s, pw_from_to(r.came[LONG], began(&r, i)).s,
		       pw_from_to(r.came[LONG], r.job[i]->exit_begun).s);
		/* Whoever came before has ended before this one begins. */
		for (size_t j = 0; j < JOBS; j++)
			in_order = in_order &&
				   (r.came[j] >= r.came[i] || r.job[j]->exit_begun <= began(&r, i));
	}
	return in_order;
}

static bool takes_turns(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct round r;

	if (!find_round(s, "rr-", &r, why))
		return false;

	const struct pw_thread *first = r.job[LONG]->threads, *next = r.job[MID]->threads;
	const uint64_t waited = pw_both(first, PW_READY, next, PW_RUNNING);
	struct pw_thread_iter it;
	struct pw_span span;
	uint64_t slice = 0;

	pw_thread_iter_init(&it, first);
	while (pw_thread_iter_next(&it, &span)) {
		if (span.state == PW_RUNNING && span.from >= r.came[LONG] && !slice)
			slice = span.to - span.from;
	}
	pw_say(why, "%u ran for %s at a stretch, then was ready for %s while %u was running", first->tid,
	       pw_dur(slice).s, pw_dur(waited).s, next->tid);
	return waited > next->totals[PW_RUNNING] / 2;
}

/* How long a job of the round had to wait for the others of it, on average. */
static uint64_t mean_wait(const struct round *r)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < JOBS; i++) {
		for (size_t j = 0; j < JOBS; j++) {
			if (i != j)
				sum += pw_both(r->job[i]->threads, PW_READY, r->job[j]->threads, PW_RUNNING);
		}
	}
	return sum / JOBS;
}

static bool first_come_waits_longest(const struct pw_demo_run *s, struct pw_evidence *why)
{
	struct round fifo, rr, fair, nice;

	if (!find_round(s, "fifo-", &fifo, why) || !find_round(s, "rr-", &rr, why) ||
	    !find_round(s, "fair-", &fair, why) || !find_round(s, "nice-", &nice, why))
		return false;
	pw_say(why, "mean wait for the others: fifo %s, rr %s, fair %s, nice %s", pw_dur(mean_wait(&fifo)).s,
	       pw_dur(mean_wait(&rr)).s, pw_dur(mean_wait(&fair)).s, pw_dur(mean_wait(&nice)).s);
	return mean_wait(&fifo) > mean_wait(&rr) && mean_wait(&fifo) > mean_wait(&fair);
}

/* Shares are compared while all three want the CPU. */
static bool nice_shares(const struct pw_demo_run *s, struct pw_evidence *why)
{
	uint64_t from = 0, to = UINT64_MAX, ran[JOBS];
	struct round r;

	if (!find_round(s, "nice-", &r, why))
		return false;
	for (size_t i = 0; i < JOBS; i++) {
		from = r.came[i] > from ? r.came[i] : from;
		to = r.job[i]->exit_begun < to ? r.job[i]->exit_begun : to;
	}
	for (size_t i = 0; i < JOBS; i++)
		ran[i] = pw_spent(r.job[i]->threads, PW_RUNNING, from, to);
	pw_say(why,
	       "in the %s in which all three wanted the CPU: the least nice had %s, the next %s, the nicest "
	       "%s",
	       pw_from_to(from, to).s, pw_dur(ran[LONG]).s, pw_dur(ran[MID]).s, pw_dur(ran[SHORT]).s);
	return ran[LONG] * 2 > ran[MID] * 3 && ran[MID] * 2 > ran[SHORT] * 3;
}

#define WAITS_MAX 512 /* more than these jobs ever have; the rest would change no median */

static int by_length(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/*
 * How long it typically waited for the CPU each time: the median of the stretches of
 * ready of one kind. (A mean would be that of the one moment somebody else came.)
 */
static uint64_t typical_wait(const struct pw_thread *t, enum pw_detail how, uint64_t from, size_t *count)
{
	uint64_t waits[WAITS_MAX];
	struct pw_thread_iter it;
	struct pw_span span;

	*count = 0;
	pw_thread_iter_init(&it, t);
	while (pw_thread_iter_next(&it, &span) && *count < WAITS_MAX) {
		if (span.state == PW_READY && span.detail == how && span.from >= from)
			waits[(*count)++] = span.to - span.from;
	}
	qsort(waits, *count, sizeof(waits[0]), by_length);
	return *count ? waits[*count / 2] : 0;
}

static bool io_gets_in_sooner(const struct pw_demo_run *s, struct pw_evidence *why)
{
	const struct pw_process_set io = pw_process_set_of(s, "fair-io");
	struct round fair;
	size_t sleeps, turns;

	if (!find_round(s, "fair-", &fair, why) || io.count == 0)
		return false;

	const uint64_t io_wait = typical_wait(io.of[0]->threads, PW_WOKEN, fair.came[LONG], &sleeps);
	const uint64_t cpu_wait = typical_wait(fair.job[MID]->threads, PW_TAKEN_OFF, fair.came[LONG], &turns);

	pw_say(why,
	       "typically the job that sleeps waited for %s (%zu times), one that only computes for %s (%zu "
	       "times)",
	       pw_dur(io_wait).s, sleeps, pw_dur(cpu_wait).s, turns);
	return sleeps >= 5 && turns >= 5 && io_wait < cpu_wait;
}

static const struct pw_claim_def claims[] = {
	{"fcfs", N_("first come, first served: each job runs to its end, in the order they came"),
	 to_the_end},
	{"rr", N_("round robin: after its time slice a job must wait while the next one runs"), takes_turns},
	{"wait", N_("first come, first served makes them wait longest, on average"),
	 first_come_waits_longest},
	{"nice", N_("the less nice a job is, the more of the CPU it gets"), nice_shares},
	{"io", N_("a job that sleeps often gets in sooner than those that only compute"), io_gets_in_sooner},
};

int pw_judge_sched(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def plan = {
		.demo = "demo_sched", .roles = {NULL}, .claims = claims, .count = PW_COUNT(claims)};

	(void)argv;
	return pw_judge(lesson, m, &plan);
}
