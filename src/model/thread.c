/* SPDX-License-Identifier: GPL-2.0-only */
/* The state machine of a thread: what each of its events does to its timeline. */
#include "model/thread.h"

#include <stdlib.h>

#include "shared/task_state.h"

/*
 * sched_waking may be raised before the sleeper's own switch-out: a wake-up this
 * much older than the sleep is still the one that ended it. Measured up to 58 us.
 */
#define WAKE_RACE_NS 100000

/*
 * The snapshot reads the fields of a seed one after the other, after its time. A
 * switch in between follows the seed in the stream although the seed's account
 * includes it, and there may be several if the reader was preempted.
 */
#define SEED_RACE_NS 20000

struct thread *pw_thread_new(struct thread_group *group, uint32_t tid, uint64_t start, const char *comm)
{
	struct thread *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->group = group;
	t->timeline.thread = &t->pub;
	t->timeline.counters = group->sched->counters;
	t->pub.tid = tid;
	t->pub.start = start;
	t->cpu = PW_NO_CPU;
	pw_copy_comm(t->pub.comm, comm);
	return t;
}

void pw_thread_free(struct thread *t)
{
	pw_timeline_clear(&t->timeline);
	pw_marks_free(t);
	free(t);
}

/* ---- intervals */

static struct pw_interval running(uint64_t from, uint16_t cpu, uint32_t by)
{
	struct pw_interval iv = pw_interval(from, PW_RUNNING, PW_DETAIL_NONE);

	iv.cpu = cpu;
	iv.by = by;
	return iv;
}

static struct pw_interval woken_up(uint64_t from, uint32_t by)
{
	struct pw_interval iv = pw_interval(from, PW_READY, PW_WOKEN);

	iv.by = by;
	return iv;
}

/*
 * What a task off the CPU does, by its __state. Other bits, WAKEKILL or FREEZABLE,
 * only say what may end the sleep. WAKING alone occurs on 5.10, which reads the
 * state when a waker may already have changed it.
 */
static struct pw_interval asleep(uint64_t from, uint32_t state, int16_t syscall)
{
	struct pw_interval iv;

	if (state & TASK_TRACED)
		return pw_interval(from, PW_STOPPED, PW_TRACED);
	if (state & TASK_STOPPED)
		return pw_interval(from, PW_STOPPED, PW_SIGNALLED);
	iv = pw_interval(from, PW_BLOCKED, PW_UNINTERRUPTIBLE);
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

static bool sleeps(const struct pw_interval *iv)
{
	return iv->state == PW_BLOCKED || iv->state == PW_STOPPED;
}

/* ---- birth */

/* If another thread has that CPU, the snapshot read it from a task that had just left it. */
static uint16_t seeded_cpu(const struct sched *sched, uint16_t cpu)
{
	return cpu < sched->n_cpus && sched->cpus[cpu].running ? PW_NO_CPU : cpu;
}

static int begin_seeded(struct thread *t, const struct pw_birth *b)
{
	struct timeline *tl = &t->timeline;

	t->runtime = b->runtime;
	t->nvcsw = (uint32_t)b->nvcsw;
	t->nivcsw = (uint32_t)b->nivcsw;
	t->account_at = b->h.ts;
	t->fresh_seed = true;
	tl->last_out = 1;
	if (b->on_cpu) {
		t->ins = 1;
		t->went_on = b->h.ts;
		t->cpu = seeded_cpu(t->group->sched, b->h.cpu);
		return pw_timeline_push(tl, running(b->h.ts, t->cpu, PW_NO_WAKER));
	}
	if (b->state == 0 || b->state & TASK_DEAD) /* dead: it ended while it was read */
		return pw_timeline_push(tl, pw_interval(b->h.ts, PW_READY, PW_DETAIL_NONE));
	if (b->state & TASK_NEW)
		return pw_timeline_push(tl, pw_interval(b->h.ts, PW_READY, PW_NEW));
	return pw_timeline_push(tl, asleep(b->h.ts, b->state, -1));
}

int pw_thread_born(struct thread *t, const struct pw_birth *birth)
{
	struct timeline *tl = &t->timeline;
	uint64_t from = t->pub.start, now = tl->counters->now;

	if (birth && birth->h.flags & PW_SEEDED)
		return begin_seeded(t, birth);
	if (from > now)
		from = now;
	if (from < t->group->finalized_until) /* the event came late: earlier time is in the totals already */
		from = t->group->finalized_until;
	tl->last_out = 1;
	t->account_at = from;
	if (!birth)
		return pw_timeline_push(tl, pw_interval(from, PW_UNKNOWN, PW_LOST));
	return pw_timeline_push(tl, pw_interval(from, PW_READY, PW_NEW));
}

/* ---- switch-in */

static void count_wakeup(struct thread *t)
{
	t->pub.wakeups++;
	t->group->process->wakeups++;
}

static void move_to(struct thread *t, uint16_t cpu)
{
	if (t->cpu != PW_NO_CPU && t->cpu != cpu) {
		t->pub.migrations++;
		t->group->process->migrations++;
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

static uint32_t waker_of(const struct pw_switch *sw)
{
	if (sw->h.flags & PW_WAKER_IRQ)
		return PW_IRQ_WAKER;
	return sw->waker_tid ? sw->waker_tid : PW_NO_WAKER;
}

/* Whether the wake-up that a switch-in carries ended the tail. */
static bool ends_tail(const struct thread *t, const struct pw_switch *sw)
{
	return sw->woken && sw->woken <= sw->h.ts &&
	       sw->woken + WAKE_RACE_NS >= pw_timeline_tail_began(&t->timeline) && sw->woken >= t->went_on;
}

/*
 * The switch-in that carried a waker was missed, and the next one carries it again.
 * The thread has not slept in between, because it was preempted.
 */
static void set_late_waker(struct thread *t, uint32_t by)
{
	const struct pw_interval *slept = pw_timeline_before(&t->timeline, 2);
	struct pw_interval *ran = pw_timeline_before(&t->timeline, 1);

	if (slept && sleeps(slept) && ran->detail == PW_REPAIRED)
		ran->by = by;
}

/* Whether the wake-up of a switch-in is news about an unknown tail. A preemption, too, comes without a waker. */
static bool explains_unknown(const struct thread *t, const struct pw_interval *tail,
			     const struct pw_switch *sw)
{
	return tail->state == PW_UNKNOWN && waker_of(sw) != PW_NO_WAKER &&
	       sw->woken > pw_timeline_tail_began(&t->timeline);
}

/* Ends the wait for the CPU, as far as the wake-up is known. *by: the waker. */
static int end_wait(struct thread *t, const struct pw_switch *sw, uint32_t *by)
{
	const struct pw_interval *tail = pw_timeline_tail(&t->timeline);

	*by = PW_NO_WAKER;
	if (tail->state == PW_READY) {
		if (tail->detail == PW_TAKEN_OFF && waker_of(sw) != PW_NO_WAKER)
			set_late_waker(t, waker_of(sw));
		*by = tail->by;
		return 0;
	}
	if (sleeps(tail))
		count_wakeup(t);
	else if (!explains_unknown(t, tail, sw))
		return 0;
	if (!ends_tail(t, sw))
		return 0;
	*by = waker_of(sw);
	return pw_timeline_push(&t->timeline, woken_up(sw->woken, *by));
}

/* Whether the snapshot has already shown this switch-in. */
static bool seed_has_in(const struct thread *t, uint64_t ts)
{
	return t->fresh_seed && ts - t->account_at < SEED_RACE_NS &&
	       pw_timeline_tail(&t->timeline)->state == PW_RUNNING;
}

int pw_thread_switch_in(struct thread *t, const struct pw_switch *sw)
{
	struct pw_interval *tail = pw_timeline_tail(&t->timeline);
	uint64_t ts = sw->h.ts;
	uint32_t by;
	int err;

	if (t->timeline.closed) { /* its process has ended before its last switch: only the count is open */
		t->finalized = true;
		count_switch_in(t, ts, sw->h.cpu);
		return 0;
	}
	if (seed_has_in(t, ts)) {
		if (tail->cpu != sw->h.cpu)
			tail->cpu = PW_NO_CPU;
		return 0;
	}
	if (ts < tail->from)
		ts = tail->from;
	if (tail->state == PW_RUNNING)
		pw_thread_left_unobserved(t, ts);
	err = end_wait(t, sw, &by);
	if (err)
		return err;
	count_switch_in(t, ts, sw->h.cpu);
	return pw_timeline_push(&t->timeline, running(ts, sw->h.cpu, by));
}

/* ---- switch-out */

/* Whether the seed's account already includes this switch-out. */
static bool seed_has_out(struct thread *t, const struct pw_switch *sw)
{
	bool has = t->fresh_seed && (int32_t)(sw->prev_nvcsw - t->nvcsw) <= 0 &&
		   (int32_t)(sw->prev_nivcsw - t->nivcsw) <= 0;

	t->fresh_seed = false;
	return has;
}

/* Counts switches of which one half or both were missed. */
static int count_missed(struct thread *t, const struct account *a)
{
	uint64_t outs = a->growth - 1, ins = a->growth > t->ins ? a->growth - t->ins : 0;

	t->pub.switch_ins += ins;
	if (ins && sleeps(pw_timeline_tail(&t->timeline)))
		count_wakeup(t);
	return pw_missed_count(t, ins > outs ? ins : outs, a->ts);
}

/* The first switch-out after the end of its process: its account still says something about the time before. */
static int repair_closed(struct thread *t, const struct account *a)
{
	uint64_t end = t->pub.exit;
	int err;

	pw_timeline_reopen(&t->timeline);
	err = pw_repair(t, a);
	pw_timeline_close(&t->timeline, end);
	t->finalized = true;
	return err;
}

/* Compares the switches observed since the last switch-out with the account, and repairs what was missed. */
static int check_account(struct thread *t, const struct pw_switch *sw, bool death, struct account *a)
{
	int err;

	pw_account_take(t, sw, death, a);
	err = count_missed(t, a);
	if (err)
		return err;
	if (!t->timeline.closed)
		return pw_repair(t, a);
	return t->finalized ? 0 : repair_closed(t, a);
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

/* The interval that a switch-out begins. aborted: a signal ended the sleep before it began. */
static struct pw_interval off_cpu(const struct pw_switch *sw, uint64_t ts, bool aborted)
{
	if (sw->prev_state && !(sw->h.flags & PW_PREEMPTED))
		return asleep(ts, sw->prev_state, sw->prev_syscall);
	return pw_interval(ts, PW_READY, aborted ? PW_WOKEN : PW_TAKEN_OFF);
}

int pw_thread_switch_out(struct thread *t, const struct pw_switch *sw, uint64_t floor)
{
	struct timeline *tl = &t->timeline;
	/* With only an exit state, it was preempted between exit_notify and its last switch. */
	bool death = sw->prev_state & TASK_DEAD;
	/* __schedule counts an aborted sleep as voluntary although the task is runnable. */
	bool aborted = !sw->prev_state && sw->prev_nvcsw == t->nvcsw + 1 && sw->prev_nivcsw == t->nivcsw;
	struct account a = {.ts = sw->h.ts, .cpu = sw->h.cpu, .floor = floor};
	int err = 0;

	if (a.ts < pw_timeline_tail(tl)->from)
		a.ts = pw_timeline_tail(tl)->from;
	if (!seed_has_out(t, sw))
		err = check_account(t, sw, death, &a);
	remember_account(t, sw, a.ts);
	if (err)
		return err;
	if (death)
		return PW_THREAD_DIED;
	if (tl->closed)
		return 0;
	err = pw_timeline_push(tl, off_cpu(sw, a.ts, aborted));
	tl->last_out = tl->count;
	tl->gap = 0;
	return err;
}

int pw_thread_wake(struct thread *t, uint64_t woken, uint32_t by)
{
	const struct pw_interval *tail = pw_timeline_tail(&t->timeline);

	if (!tail || t->timeline.closed || !sleeps(tail))
		return 0; /* the wake-up of a running task changes nothing */
	if (woken + WAKE_RACE_NS < pw_timeline_tail_began(&t->timeline) || woken < t->went_on)
		return 0;
	count_wakeup(t);
	return pw_timeline_push(&t->timeline, woken_up(woken, by));
}

/* ---- the end */

void pw_thread_finish(struct thread *t, uint64_t at)
{
	struct timeline *tl = &t->timeline;
	const struct pw_interval *tail = pw_timeline_tail(tl);

	if (tl->closed)
		return;
	/* It entered do_exit, so it had got a CPU, and no switch-out has shown since when. */
	if (tail && t->exiting && !t->dead && tail->state != PW_RUNNING && tail->from < t->exiting_at)
		pw_timeline_forget_tail(tl);
	pw_timeline_close(tl, at);
}

bool pw_thread_give_up(struct thread *t, uint64_t at)
{
	struct timeline *tl = &t->timeline;

	if (t->dead)
		return false;
	t->dead = true;
	if (t->ran_to_end)
		return true;
	if (tl->closed) {
		at = t->pub.exit;
		pw_timeline_reopen(tl);
	}
	pw_timeline_forget_tail(tl);
	pw_timeline_close(tl, at);
	t->pub.exit = t->pub.end;
	return true;
}

bool pw_thread_cut(struct thread *t, uint64_t at)
{
	struct timeline *tl = &t->timeline;
	bool cut = tl->count && t->pub.first->at[0].from < at;

	if (cut && tl->closed && t->dead && t->pub.end <= at)
		pw_timeline_clear(tl);
	else if (cut)
		pw_timeline_cut(tl, at);
	return pw_marks_cut(t, at) || cut;
}
