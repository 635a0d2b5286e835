/* SPDX-License-Identifier: GPL-2.0-only */
#include <stdlib.h>
#include <sys/syscall.h>

#include "course/course.h"
#include "course/lib/claims.h"
#include "course/lib/process_set.h"
#include "course/lib/processes.h"
#include "course/lib/sleeps.h"
#include "course/lib/threads.h"
#include "course/lib/together.h"

const char pw_page_sched[] =
	N_("Three jobs that compute for 250, 80 and 30 ms come to one CPU, the long one\n"
	   "first. Which one runs when? The same jobs run four times:\n"
	   "\n"
	   "  fifo  first come, first served: each runs to its end (SCHED_FIFO)\n"
	   "  rr    round robin: each for a time slice of 100 ms, then the next (SCHED_RR)\n"
	   "  fair  the default scheduler: all make progress, a few milliseconds at a time\n"
	   "  nice  the default, with nice levels raised by 0, 5 and 10\n"
	   "\n"
	   "Look at the jobs' lines: running is solid, ready is waiting. Under fifo the\n"
	   "short job waits for both others; under fair it finishes first. Under fair there\n"
	   "is a fourth job that mostly sleeps, as an editor does, and wants the CPU only\n"
	   "for moments; it gets the CPU sooner than the jobs that compute all the time.\n"
	   "\n"
	   "A job waits, as counted here, while it is ready and another of the three is\n"
	   "running: what else runs on this machine does not matter.\n"
	   "\n"
	   "fifo and rr may monopolize a CPU, so they need root or CAP_SYS_NICE. Under sudo,\n"
	   "use procwatch run --user root demo_sched.\n"
	   "\n"
	   "Options:\n"
	   "  --unit TIME   a job computes for 25, 8 or 3 of these (10ms)\n"
	   "  --spoil KIND  break it on purpose, to see a claim fail: no-fifo (round robin\n"
	   "                instead), no-rr (FIFO instead), short-first (the short job comes\n"
	   "                first), no-nice (equal nice levels) or busy-io (the job that\n"
	   "                sleeps computes instead)\n");

static const struct pw_sentence words[] = {
	{.code = "jobs_missing",
	 .text = N_("only {jobs} {jobs|process has a name that begins|processes have names that begin} with "
		    "{prefix}, not three")},
	{.code = "policy_refused",
	 .text = N_("the kernel refused this scheduling policy: it needs root or CAP_SYS_NICE")},
	{.code = "job_ran",
	 .when = "began_ns",
	 .text = N_("{job.pid} arrived at {arrived_ns} and ran from {began_ns} to {ended_ns}")},
	{.text = N_("{job.pid} arrived at {arrived_ns} and never ran")},
	{.code = "lost_the_cpu",
	 .text = N_("{first.pid} ran for {slice_ns} at a stretch, then was ready for {ready_ns} while "
		    "{next.pid} was running")},
	{.code = "mean_waits",
	 .text = N_("a job waited for the others on average for {fifo_ns} under fifo, {rr_ns} under rr, "
		    "{fair_ns} under fair and {nice_ns} under nice")},
	{.code = "shares",
	 .text = N_("in the {together_ns} in which all three wanted the CPU, the least nice job got "
		    "{least_nice_ns}, the next {next_ns} and the nicest {nicest_ns}")},
	{.code = "sleeper_missing", .text = N_("no process named fair-io was recorded")},
	{.code = "typical_waits",
	 .text = N_("the job that sleeps waited for the CPU {sleeper_waits} times, typically for "
		    "{sleeper_ns}; a job that only computes waited {computer_waits} times, typically for "
		    "{computer_ns}")},
	{0},
};

enum { LONG, MID, SHORT, JOBS, REFUSED = 77 };

/* The jobs of one round. */
struct round {
	const struct pw_process *job[JOBS];
	/* When main opened the job's gate, which ended the job's last sleep in read. */
	uint64_t came[JOBS];
};

/* When the job came: its last sleep in read ended; without one, when it was forked. */
static uint64_t arrival(const struct pw_process *job)
{
	uint64_t came = job->start;
	struct pw_sleeps sleeps;
	struct pw_sleep sleep;

	pw_sleeps_init(&sleeps, job);
	while (pw_sleeps_next(&sleeps, &sleep)) {
		if (sleep.syscall == SYS_read)
			came = sleep.to;
	}
	return came;
}

static bool find_round(const struct pw_demo_run *run, const char *prefix, struct round *r,
		       struct pw_evidence *why)
{
	const struct pw_process_set all = pw_process_set_of(run, prefix);

	if (all.count < JOBS) {
		pw_evidence_add(
			why, "jobs_missing",
			PW_VALUES(pw_value_count("jobs", all.count), pw_value_text("prefix", prefix)));
		return false;
	}
	for (size_t i = 0; i < JOBS; i++) {
		r->job[i] = all.of[i];
		if (pw_exited_with(r->job[i], REFUSED)) {
			pw_evidence_add(why, "policy_refused", NULL);
			return false;
		}
		if (!pw_has_ended(r->job[i], why))
			return false;
		r->came[i] = arrival(r->job[i]);
	}
	return true;
}

/* The first time a job was on the CPU after it had come; UINT64_MAX: it never was. */
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

/* Times count from the moment the long job came. */
static void add_job(const struct round *r, size_t i, struct pw_evidence *why)
{
	const uint64_t begin = began(r, i), zero = r->came[LONG];

	pw_evidence_add(why, "job_ran",
			PW_VALUES(pw_value_process("job", r->job[i]),
				  pw_value_between("arrived_ns", zero, r->came[i]),
				  begin == UINT64_MAX ? pw_value_unknown("began_ns")
						      : pw_value_between("began_ns", zero, begin),
				  pw_value_between("ended_ns", zero, r->job[i]->exit_begun)));
}

static bool to_the_end(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct round r;
	bool in_order = true;

	if (!find_round(run, "fifo-", &r, why))
		return false;
	for (size_t i = 0; i < JOBS; i++) {
		add_job(&r, i, why);
		/* Every job that came earlier has ended before this one begins. */
		for (size_t j = 0; j < JOBS; j++)
			in_order = in_order &&
				   (r.came[j] >= r.came[i] || r.job[j]->exit_begun <= began(&r, i));
	}
	return in_order;
}

static bool takes_turns(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct round r;

	if (!find_round(run, "rr-", &r, why))
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
	pw_evidence_add(why, "lost_the_cpu",
			PW_VALUES(pw_value_process("first", r.job[LONG]), pw_value_ns("slice_ns", slice),
				  pw_value_ns("ready_ns", waited), pw_value_process("next", r.job[MID])));
	return waited > next->totals[PW_RUNNING] / 2;
}

/* How long a job of the round was ready while another one of the round was running, on average. */
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

static bool first_come_waits_longest(const struct pw_demo_run *run, struct pw_evidence *why)
{
	struct round fifo, rr, fair, nice;

	if (!find_round(run, "fifo-", &fifo, why) || !find_round(run, "rr-", &rr, why) ||
	    !find_round(run, "fair-", &fair, why) || !find_round(run, "nice-", &nice, why))
		return false;
	pw_evidence_add(why, "mean_waits",
			PW_VALUES(pw_value_ns("fifo_ns", mean_wait(&fifo)),
				  pw_value_ns("rr_ns", mean_wait(&rr)),
				  pw_value_ns("fair_ns", mean_wait(&fair)),
				  pw_value_ns("nice_ns", mean_wait(&nice))));
	return mean_wait(&fifo) > mean_wait(&rr) && mean_wait(&fifo) > mean_wait(&fair);
}

/* Compares shares only while all three want the CPU. */
static bool nice_shares(const struct pw_demo_run *run, struct pw_evidence *why)
{
	uint64_t from = 0, to = UINT64_MAX, ran[JOBS];
	struct round r;

	if (!find_round(run, "nice-", &r, why))
		return false;
	for (size_t i = 0; i < JOBS; i++) {
		from = r.came[i] > from ? r.came[i] : from;
		to = r.job[i]->exit_begun < to ? r.job[i]->exit_begun : to;
	}
	for (size_t i = 0; i < JOBS; i++)
		ran[i] = pw_spent(r.job[i]->threads, PW_RUNNING, from, to);
	pw_evidence_add(why, "shares",
			PW_VALUES(pw_value_between("together_ns", from, to),
				  pw_value_ns("least_nice_ns", ran[LONG]), pw_value_ns("next_ns", ran[MID]),
				  pw_value_ns("nicest_ns", ran[SHORT])));
	return ran[LONG] * 2 > ran[MID] * 3 && ran[MID] * 2 > ran[SHORT] * 3;
}

/* More waits than these jobs ever have; any beyond would hardly change the median. */
#define WAITS_MAX 512

static int by_length(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/*
 * The median of the ready intervals of one kind, and how many there are. A single wait
 * behind a process outside the demo would dominate a mean.
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

static bool io_gets_in_sooner(const struct pw_demo_run *run, struct pw_evidence *why)
{
	const struct pw_process_set io = pw_process_set_of(run, "fair-io");
	struct round fair;
	size_t sleeps, turns;

	if (!find_round(run, "fair-", &fair, why))
		return false;
	if (io.count == 0) {
		pw_evidence_add(why, "sleeper_missing", NULL);
		return false;
	}

	const uint64_t io_wait = typical_wait(io.of[0]->threads, PW_WOKEN, fair.came[LONG], &sleeps);
	const uint64_t cpu_wait = typical_wait(fair.job[MID]->threads, PW_TAKEN_OFF, fair.came[LONG], &turns);

	pw_evidence_add(why, "typical_waits",
			PW_VALUES(pw_value_count("sleeper_waits", sleeps), pw_value_ns("sleeper_ns", io_wait),
				  pw_value_count("computer_waits", turns),
				  pw_value_ns("computer_ns", cpu_wait)));
	return sleeps >= 5 && turns >= 5 && io_wait < cpu_wait;
}

static const struct pw_claim_def claims[] = {
	{.id = "fcfs",
	 .text = N_("first come, first served: each job runs to its end, in order of arrival"),
	 .holds = to_the_end},
	{.id = "rr",
	 .text = N_("round robin: after its time slice a job must wait while the next one runs"),
	 .holds = takes_turns},
	{.id = "wait",
	 .text = N_("first come, first served has the longest average wait"),
	 .holds = first_come_waits_longest},
	{.id = "nice",
	 .text = N_("the less nice a job is, the more of the CPU it gets"),
	 .holds = nice_shares},
	{.id = "io",
	 .text = N_("a job that often sleeps gets the CPU sooner than one that only computes"),
	 .holds = io_gets_in_sooner},
};

int pw_judge_sched(struct pw_lesson *lesson, const struct pw_model *m, const char *const *argv)
{
	static const struct pw_lesson_def def = {.demo = "demo_sched",
						 .roles = {NULL},
						 .claims = claims,
						 .count = PW_COUNT(claims),
						 .words = words};

	(void)argv;
	return pw_judge(lesson, m, &def);
}
