// SPDX-License-Identifier: GPL-2.0-only
/* A thread's state machine: what each of its events does to its tape. */
#include <stdlib.h>

#include "internal.h"

/*
 * sched_waking may be raised before the sleeper's own switch-out: a wake-up this
 * much older than the sleep is the one that ended it. Measured up to 58 us.
 */
#define WAKE_RACE_NS 100000

struct thread *pw_thread_new(struct process *p, uint32_t tid, uint64_t start, const char *comm)
{
	struct thread *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->process = p;
	t->pub.tid = tid;
	t->pub.start = start;
	t->cpu = PW_NO_CPU;
	pw_copy_comm(t->pub.comm, comm);
	return t;
}

static struct pw_interval interval(uint64_t from, enum pw_state state, enum pw_detail detail)
{
	return (struct pw_interval){.from = from,
				    .by = PW_NO_WAKER,
				    .syscall = -1,
				    .cpu = PW_NO_CPU,
				    .state = (uint8_t)state,
				    .detail = (uint8_t)detail};
}

static struct pw_interval running(uint64_t from, uint16_t cpu, uint32_t by)
{
	struct pw_interval iv = interval(from, PW_RUNNING, PW_DETAIL_NONE);

	iv.cpu = cpu;
	iv.by = by;
	return iv;
}

static struct pw_interval woken_up(uint64_t from, uint32_t by)
{
	struct pw_interval iv = interval(from, PW_READY, PW_WOKEN);

	iv.by = by;
	return iv;
}

/*
 * What a task that is off the CPU does, by its __state. Other bits, WAKEKILL or
 * FREEZABLE, say only what may end the sleep. WAKING alone is 5.10, which reads
 * the state when a waker may already have changed it.
 */
static struct pw_interval asleep(uint64_t from, uint32_t state, int16_t syscall)
{
	struct pw_interval iv;

	if (state & TASK_TRACED)
		return interval(from, PW_STOPPED, PW_TRACED);
	if (state & TASK_STOPPED)
		return interval(from, PW_STOPPED, PW_SIGNALLED);
	iv = interval(from, PW_BLOCKED, PW_UNINTERRUPTIBLE);
	iv.syscall = syscall;
	if (state & TASK_PARKED)
		iv.detail = PW_PARKED;
	else if (state & TASK_NOLOAD)
		iv.detail = PW_IDLE;
	else if (state & TASK_UNINTERRUPTIBLE)
		iv.detail = PW_UNINTERRUPTIBLE;
	else if (state & (TASK_INTERRUPTIBLE | TASK_WAKING))
		iv.detail = PW_INTERRUPTIBLE;
	return iv;
}

/* A CPU that another has was read from a task that had just left it. */
static uint16_t seeded_cpu(const struct pw_model *m, uint16_t cpu)
{
	return cpu < m->n_cpus && m->cpus[cpu].running ? PW_NO_CPU : cpu;
}

static int seeded(struct thread *t, const struct pw_birth *b)
{
	t->runtime = b->runtime;
	t->nvcsw = (uint32_t)b->nvcsw;
	t->nivcsw = (uint32_t)b->nivcsw;
	t->account_at = b->h.ts;
	t->anchor = 1;
	t->fresh = true;
	if (b->on_cpu) {
		t->ins = 1;
		t->went_on = b->h.ts;
		t->cpu = seeded_cpu(t->process->model, b->h.cpu);
		return pw_tape_push(t, running(b->h.ts, t->cpu, PW_NO_WAKER));
	}
	if (b->state == 0 || b->state & TASK_DEAD) /* dead: it ended while it was read */
		return pw_tape_push(t, interval(b->h.ts, PW_READY, PW_DETAIL_NONE));
	if (b->state & TASK_NEW)
		return pw_tape_push(t, interval(b->h.ts, PW_READY, PW_NEW));
	return pw_tape_push(t, asleep(b->h.ts, b->state, -1));
}

int pw_thread_born(struct thread *t, const struct pw_birth *birth)
{
	uint64_t now = t->process->model->now, from = t->pub.start < now ? t->pub.start : now;

	if (birth && birth->h.flags & PW_SEEDED)
		return seeded(t, birth);
	if (from < t->process->settled) /* a birth told of late: what was before is booked */
		from = t->process->settled;
	t->anchor = 1;
	t->account_at = from;
	if (!birth)
		return pw_tape_push(t, interval(from, PW_UNKNOWN, PW_LOST));
	return pw_tape_push(t, interval(from, PW_READY, PW_NEW));
}

static bool sleeps(const struct pw_interval *iv)
{
	return iv->state == PW_BLOCKED || iv->state == PW_STOPPED;
}

static void count_wakeup(struct thread *t)
{
	t->pub.wakeups++;
	t->process->pub.wakeups++;
}

static void move_to(struct thread *t, uint16_t cpu)
{
	if (t->cpu != PW_NO_CPU && t->cpu != cpu) {
		t->pub.migrations++;
		t->process->pub.migrations++;
	}
	t->cpu = cpu;
}

static void count_switch_in(struct thread *t, uint64_t ts, uint16_t cpu)
{
	t->ins++;
	t->pub.switch_ins++;
	t->went_on = ts;
	move_to(t, cpu);
}

/* Whether the enqueueing a switch-in tells of is the end of what the tape has last. */
static bool ends_tail(const struct thread *t, const struct pw_switch *sw)
{
	return sw->woken && sw->woken <= sw->h.ts && sw->woken + WAKE_RACE_NS >= pw_tape_began(t) &&
	       sw->woken >= t->went_on;
}

static uint32_t waker_of(const struct pw_switch *sw)
{
	if (sw->h.flags & PW_WAKER_IRQ)
		return PW_IRQ_WAKER;
	return sw->waker_tid ? sw->waker_tid : PW_NO_WAKER;
}

/*
 * The switch-in that should have told who woke it was missed; the next one tells. That
 * it was preempted in between shows that it has not slept since.
 */
static void name_late_waker(struct thread *t, uint32_t by)
{
	const struct pw_interval *slept = pw_tape_before(t, 2);
	struct pw_interval *ran = pw_tape_before(t, 1);

	if (slept && sleeps(slept) && ran->detail == PW_REPAIRED)
		ran->by = by;
}

/*
 * The wait for the CPU that a switch-in ends, as far as its wake-up tells. Without
 * a waker it may as well have been a preemption: then only a sleep is known to
 * have ended.
 */
static int end_wait(struct thread *t, const struct pw_switch *sw, uint32_t *by)
{
	const struct pw_interval *tail = pw_tape_tail(t);

	*by = PW_NO_WAKER;
	if (tail->state == PW_READY) {
		if (tail->detail == PW_TAKEN_OFF && waker_of(sw) != PW_NO_WAKER)
			name_late_waker(t, waker_of(sw));
		*by = tail->by;
		return 0;
	}
	if (sleeps(tail))
		count_wakeup(t);
	else if (tail->state != PW_UNKNOWN || waker_of(sw) == PW_NO_WAKER || sw->woken <= pw_tape_began(t))
		return 0;
	if (!ends_tail(t, sw))
		return 0;
	*by = waker_of(sw);
	return pw_tape_push(t, woken_up(sw->woken, *by));
}

/*
 * A seed's fields are read one after the other, behind its time: a switch in
 * between follows it in the stream, and the seed's account has it already; it may
 * have several, if the reader was preempted.
 */
#define SEED_RACE_NS 20000

static bool seed_has_out(struct thread *t, const struct pw_switch *sw)
{
	bool has = t->fresh && (int32_t)(sw->prev_nvcsw - t->nvcsw) <= 0 &&
		   (int32_t)(sw->prev_nivcsw - t->nivcsw) <= 0;

	t->fresh = false;
	return has;
}

static bool seed_has_in(const struct thread *t, uint64_t ts)
{
	return t->fresh && ts - t->account_at < SEED_RACE_NS && pw_tape_tail(t)->state == PW_RUNNING;
}

int pw_thread_in(struct thread *t, const struct pw_switch *sw)
{
	uint64_t ts = sw->h.ts;
	uint32_t by = PW_NO_WAKER;
	int r;

	if (t->closed) { /* its process has ended, it has not yet left: only the count is open */
		t->settled = true;
		count_switch_in(t, ts, sw->h.cpu);
		return 0;
	}
	if (seed_has_in(t, ts)) {
		if (pw_tape_tail(t)->cpu != sw->h.cpu)
			pw_tape_tail(t)->cpu = PW_NO_CPU;
		return 0;
	}
	if (ts < pw_tape_tail(t)->from)
		ts = pw_tape_tail(t)->from;
	if (pw_tape_tail(t)->state == PW_RUNNING)
		pw_thread_doubt(t, ts);
	r = end_wait(t, sw, &by);
	if (r)
		return r;
	count_switch_in(t, ts, sw->h.cpu);
	return pw_tape_push(t, running(ts, sw->h.cpu, by));
}

/* Counts the switches since the last switch-out, by the task's own account. */
static void take_account(struct thread *t, const struct pw_switch *sw, bool death, struct account *a)
{
	uint32_t voluntary = sw->prev_nvcsw - t->nvcsw, involuntary = sw->prev_nivcsw - t->nivcsw;
	bool blocked = death || (sw->prev_state && !(sw->h.flags & PW_PREEMPTED));

	a->growth = voluntary + involuntary;
	a->ran = sw->prev_runtime - t->runtime;
	if (voluntary > INT32_MAX || involuntary > INT32_MAX || !a->growth || sw->prev_runtime < t->runtime) {
		pw_contradiction(t->process->model, t->process);
		voluntary = blocked;
		involuntary = !blocked;
		a->growth = 1;
		if (sw->prev_runtime < t->runtime)
			a->ran = 0;
	}
	a->preempted = a->growth == 2 && involuntary == (blocked ? 1 : 2);
	if (death && voluntary) /* getrusage cannot see the last one */
		voluntary--;
	t->pub.switches.voluntary += voluntary;
	t->pub.switches.involuntary += involuntary;
	t->process->pub.switches.voluntary += voluntary;
	t->process->pub.switches.involuntary += involuntary;
}

/* Switches of which one half or both were not seen. */
static int count_unseen(struct thread *t, const struct account *a)
{
	uint64_t outs = a->growth - 1, ins = a->growth > t->ins ? a->growth - t->ins : 0;

	t->pub.switch_ins += ins;
	if (ins && sleeps(pw_tape_tail(t)))
		count_wakeup(t);
	return pw_count_holes(t, ins > outs ? ins : outs, a->ts);
}

static void remember_account(struct thread *t, const struct pw_switch *sw, uint64_t ts)
{
	t->runtime = sw->prev_runtime;
	t->nvcsw = sw->prev_nvcsw;
	t->nivcsw = sw->prev_nivcsw;
	t->exit_state = sw->prev_exit_state;
	t->account_at = ts;
	t->ins = 0;
	move_to(t, sw->h.cpu);
}

/* The first switch-out after the end of its process: what it says of the time before is still to be told. */
static int settle_late(struct thread *t, const struct account *a)
{
	uint64_t end = t->pub.exit;
	int r;

	pw_tape_reopen(t);
	r = pw_repair(t, a);
	pw_tape_close(t, end);
	t->settled = true;
	return r;
}

/* Holds the switches seen since the last switch-out against the task's own account, and repairs what was missed. */
static int square_account(struct thread *t, const struct pw_switch *sw, bool death, struct account *a)
{
	int r;

	take_account(t, sw, death, a);
	r = count_unseen(t, a);
	if (!r && t->closed && !t->settled)
		return settle_late(t, a);
	return r || t->closed ? r : pw_repair(t, a);
}

int pw_thread_out(struct thread *t, const struct pw_switch *sw, uint64_t floor)
{
	/* With an exit state alone it was only taken off the CPU between exit_notify and its last switch. */
	bool death = sw->prev_state & TASK_DEAD;
	/* Counted as voluntary though runnable: a signal ended the sleep before it began (__schedule). */
	bool aborted = !sw->prev_state && sw->prev_nvcsw == t->nvcsw + 1 && sw->prev_nivcsw == t->nivcsw;
	struct account a = {.ts = sw->h.ts, .cpu = sw->h.cpu, .floor = floor};
	struct pw_interval off;
	int r = 0;

	if (a.ts < pw_tape_tail(t)->from)
		a.ts = pw_tape_tail(t)->from;
	if (!seed_has_out(t, sw))
		r = square_account(t, sw, death, &a);
	remember_account(t, sw, a.ts);
	if (r || (t->closed && !death))
		return r;
	if (death)
		return pw_thread_died(t, a.ts);
	if (!sw->prev_state || sw->h.flags & PW_PREEMPTED)
		off = interval(a.ts, PW_READY, aborted ? PW_WOKEN : PW_TAKEN_OFF);
	else
		off = asleep(a.ts, sw->prev_state, sw->prev_syscall);
	r = pw_tape_push(t, off);
	t->anchor = t->n;
	t->gap = 0;
	return r;
}

int pw_thread_wake(struct thread *t, uint64_t woken, uint32_t by)
{
	const struct pw_interval *tail = pw_tape_tail(t);
	bool asleep_now = tail && !t->closed && sleeps(tail);

	/* A gap ends where it is known to have been asleep: a wake-up of a running task changes nothing. */
	if (!asleep_now || woken + WAKE_RACE_NS < pw_tape_began(t) || woken < t->went_on)
		return 0;
	count_wakeup(t);
	return pw_tape_push(t, woken_up(woken, by));
}

static void open_gap(struct thread *t, uint64_t until)
{
	if (t->gap) {
		while (t->n > t->gap)
			pw_tape_pop(t);
		return;
	}
	t->gap_cpu = pw_tape_tail(t)->cpu;
	t->gap_from = pw_tape_tail(t)->from;
	pw_tape_forget(t);
	t->gap = t->n;
	t->gap_until = until;
}

void pw_thread_doubt(struct thread *t, uint64_t until)
{
	uint64_t exit = t->pub.exit;

	if (t->dead || t->settled || !t->n || pw_tape_tail(t)->state != PW_RUNNING)
		return;
	if (!t->closed) {
		open_gap(t, until);
	} else if (!t->told_end &&
		   until < exit) { /* its process has ended, its own last switch-out is still to come */
		pw_tape_reopen(t);
		open_gap(t, until);
		pw_tape_close(t, exit);
	}
}

void pw_thread_finish(struct thread *t, uint64_t at)
{
	const struct pw_interval *tail = pw_tape_tail(t);

	if (t->closed)
		return;
	/* It entered do_exit and so had come to a CPU, and no switch-out ever told since when. */
	if (tail && t->exiting && !t->dead && tail->state != PW_RUNNING && tail->from < t->exiting_at)
		pw_tape_forget(t);
	pw_tape_close(t, at);
}

void pw_thread_give_up(struct thread *t, uint64_t at)
{
	if (t->dead)
		return;
	t->dead = true;
	if (!t->process->pub.exited)
		t->process->n_live--;
	if (t->told_end)
		return;
	if (t->closed) {
		at = t->pub.exit;
		pw_tape_reopen(t);
	}
	pw_tape_forget(t);
	pw_tape_close(t, at);
	t->pub.exit = t->pub.end;
}
