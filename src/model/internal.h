/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the model's files share and nobody else sees. See docs/model.md for the
 * state machine they implement together.
 */
#ifndef PW_MODEL_INTERNAL_H
#define PW_MODEL_INTERNAL_H

#include "model/events.h"
#include "model/model.h"
#include "shared/task_state.h"

struct process;

struct thread {
	struct pw_thread pub; /* first: pub.next points to the next one's pub */
	struct process *process;
	bool folded; /* about to be freed: only its sums are kept */

	size_t max_marks; /* room in pub.marks */
	uint32_t n; /* intervals on its tape */
	uint64_t began; /* where its first interval really began, if that is not kept; else 0 */
	uint32_t anchor; /* the number (from 1) of the one its last switch-out began */
	uint32_t gap; /* the number of the unknown one a missed switch-out left; 0: none */
	uint64_t gap_from, gap_until; /* it ran on from there, and had left its CPU by then */
	uint16_t gap_cpu;

	/* Its own account at its last switch-out, or when it was seeded. */
	uint64_t runtime;
	uint32_t nvcsw, nivcsw;
	uint64_t account_at;
	uint32_t ins; /* switch-ins seen since */
	bool fresh; /* seeded, and no switch-out seen since: its account may already hold the next one */

	uint64_t went_on; /* its last switch-in */
	uint32_t exit_state; /* at its last switch-out */
	uint16_t cpu; /* where it ran last */
	uint64_t exiting_at; /* when it entered do_exit */
	bool exiting; /* it did */
	bool dead; /* its last switch-out was seen, or it was given up */
	bool closed; /* its tape has its end */
	bool told_end; /* it ran until the end of its process: it told so itself */
	bool settled; /* closed before its last switch-out, and nothing is left to repair */
};

struct process {
	struct pw_process pub;
	struct pw_model *model;
	struct thread *last_thread;
	size_t n_live; /* threads not yet dead */

	struct process *parent; /* NULL: not in the model */
	struct process *first_child, *next_sibling, *prev_sibling;
	uint32_t parent_tid; /* the thread of the parent it hangs on */

	uint64_t last_exit; /* the latest sched_process_exit of one of its threads */
	uint32_t last_status;
	uint8_t autoreap;
	bool notice_tells; /* with this status */
	uint32_t notice_status;
	uint64_t notice_at;
	bool leader_early; /* its leader ended before other threads */
	bool displaced; /* exec by a non-leader: the old leader has not been freed yet */
	bool reap_seen;

	uint64_t settled; /* its totals have what was before */
	struct process *next_listed; /* of those with intervals */
	bool listed, folded;
	size_t image_users; /* processes whose image is one of its execs */
};

/* Who had a tid, and when. */
struct owner {
	uint32_t tid;
	uint32_t older; /* the one before, plus one; 0: none */
	uint64_t start; /* the key of its events; 0: not known yet */
	uint64_t from, to;
	struct thread *thread; /* NULL: never heard of, only its process is known */
	struct process *process;
};

struct index {
	uint32_t *slots; /* the newest owner of a tid, plus one */
	size_t n_slots, n_used;
	struct owner *owners;
	size_t n_owners, max_owners;
};

struct cpu {
	struct thread *running; /* the watched thread that runs here */
	struct thread *left; /* the one before; it may have left unseen, and its gap be open */
	uint64_t free_since; /* when the last one is known to have left */
};

struct cgroup {
	uint64_t id;
	char *path;
};

struct mark_name {
	uint32_t number;
	char *name;
};

/* Switches booked as never raised, until a LOST record says that the ring lost them. */
struct hole {
	struct thread *thread;
	uint64_t from, to;
	uint64_t count;
};

struct pw_model {
	struct pw_model_stats stats;
	uint64_t begun, now; /* of the kept stretch; the latest event's ts */
	struct process **processes; /* by start */
	size_t n_processes, max_processes;
	uint64_t first_start; /* of any process, those included that are folded */
	struct index index;
	struct cpu *cpus;
	size_t n_cpus;
	size_t alive, zombies;
	struct pw_signal_record *signals;
	size_t n_signals, max_signals;
	struct pw_lost_range *lost;
	size_t n_lost, max_lost;
	uint64_t lost_until; /* the latest end of a lost range */
	struct hole *holes;
	size_t n_holes, max_holes;
	struct cgroup *cgroups;
	size_t n_cgroups, max_cgroups;
	struct mark_name *mark_names;
	size_t n_mark_names, max_mark_names;

	struct pw_keep keep;
	uint64_t kept_from; /* 0: since the beginning */
	uint64_t look_again; /* not sooner: nothing more can be dropped */
	size_t tape_bytes, process_bytes;
	struct process *listed; /* those with intervals */
	struct pw_earlier *earlier;
	size_t n_earlier, max_earlier;
	uint64_t n_folded;
};

/* Grows an array to hold one more. NULL when memory is short; the old array is then untouched. */
void *pw_grow(void *array, size_t n, size_t *max, size_t size);
void pw_copy_comm(char to[PW_COMM_LEN], const char *from);
/* An event that cannot be true. process may be NULL. */
void pw_contradiction(struct pw_model *m, struct process *p);

/* tape.c: a thread's intervals; the last one is open until the tape is closed. */
static inline struct pw_interval *pw_tape_tail(const struct thread *t)
{
	return t->n ? &t->pub.last->at[t->pub.last->count - 1] : NULL;
}
/* So many before the last; NULL: there are not so many. */
struct pw_interval *pw_tape_before(const struct thread *t, uint32_t back);
/* Where the last one began, though that may not be kept any more. */
static inline uint64_t pw_tape_began(const struct thread *t)
{
	return t->n == 1 && t->began ? t->began : pw_tape_tail(t)->from;
}
/* Closes the last one where iv begins; one that lasted no time is replaced. */
int pw_tape_push(struct thread *t, struct pw_interval iv);
void pw_tape_pop(struct thread *t);
/* The time of the last one is not known to have been spent so. */
void pw_tape_forget(struct thread *t);
void pw_tape_close(struct thread *t, uint64_t end);
void pw_tape_reopen(struct thread *t);
/* Forgets all intervals; the totals stay. */
void pw_tape_free(struct thread *t);
/* Forgets what was before; the totals stay. */
void pw_tape_cut(struct thread *t, uint64_t at);

/* marks.c */
void pw_marks_free(struct thread *t);
/* Forgets those before at. False: there were none. */
bool pw_marks_cut(struct thread *t, uint64_t at);

/* keep.c: memory is bounded */
/* p has intervals again. */
void pw_keep_list(struct process *p);
/* Books a process's own states up to that moment into its totals. Returns 0 or -ENOMEM. */
int pw_settle(struct process *p, uint64_t at);
/* Drops what is too much. Returns 0 or -ENOMEM. */
int pw_keep_enforce(struct pw_model *m);
/* Drops what is older than asked for at the very end. */
int pw_keep_finish(struct pw_model *m, uint64_t end_ns);

/* fold.c: processes that ended long ago become sums */
#define PW_PROCESS_BYTES (sizeof(struct process) + 64)
#define PW_THREAD_BYTES	 (sizeof(struct thread) + sizeof(struct owner) + 16)
size_t pw_exec_bytes(const struct pw_exec_record *exec);
size_t pw_process_bytes(const struct process *p);
/*
 * Folds what ended before at until all processes take no more bytes than that, if so
 * many have ended. *later: others could go if at were later. 0 or -ENOMEM.
 */
int pw_fold(struct pw_model *m, uint64_t at, size_t bytes, bool *later);

/* index.c */
struct owner *pw_index_newest(const struct index *ix, uint32_t tid);
struct owner *pw_index_older(const struct index *ix, const struct owner *o);
struct owner *pw_index_find(const struct index *ix, uint32_t tid, uint64_t start);
int pw_index_add(struct index *ix, uint32_t tid, uint64_t start, uint64_t from, struct thread *t,
		 struct process *p);
/* Forgets the owners that are folded. -ENOMEM, and nothing is forgotten. */
int pw_index_sweep(struct index *ix);
void pw_index_free(struct index *ix);

/* thread.c: what a thread's events do to its tape. */
struct thread *pw_thread_new(struct process *p, uint32_t tid, uint64_t start, const char *comm);
int pw_thread_born(struct thread *t, const struct pw_birth *birth);
int pw_thread_in(struct thread *t, const struct pw_switch *sw);
/* floor: since when its CPU can have been its own. */
int pw_thread_out(struct thread *t, const struct pw_switch *sw, uint64_t floor);
int pw_thread_wake(struct thread *t, uint64_t woken, uint32_t by);
/* It was running in the books, and is not any more: it left its CPU unseen, before until. */
void pw_thread_doubt(struct thread *t, uint64_t until);
/* The recording ends. */
void pw_thread_finish(struct thread *t, uint64_t at);
/* It ended unseen, before at. */
void pw_thread_give_up(struct thread *t, uint64_t at);

/* repair.c: makes the books agree with the task's own account. */
struct account {
	uint64_t ts;
	uint64_t floor;
	uint64_t ran; /* since its last switch-out */
	uint32_t growth; /* switch-outs since, this one included */
	uint16_t cpu;
	bool preempted; /* the one that was missed left it runnable */
};
int pw_repair(struct thread *t, const struct account *a);
/* A run time is the scheduler's clock, ours is read at the tracepoint: so far may they disagree. */
uint64_t pw_slack(uint64_t wall);
/* Books holes; records known to be lost are none. */
int pw_count_holes(struct thread *t, uint64_t count, uint64_t ts);
/* Holes that lie in a lost range are no holes. */
void pw_recount_holes(struct pw_model *m, uint64_t first, uint64_t last);

/* process.c */
struct process *pw_process_find(const struct pw_model *m, uint32_t pid, uint64_t start);
struct thread *pw_process_leader(const struct process *p);
/* The thread of an EXIT whose birth was never seen. */
int pw_late_birth(struct pw_model *m, const struct pw_exit *ev, struct thread **out);
/* An event names this leader: if its birth was lost, its start is known now. */
void pw_leader_named(struct pw_model *m, uint32_t pid, uint64_t start);
/* All known threads ended, and the leader, whose birth was lost, did not: from here on it is unknown. */
int pw_leader_assume(struct process *p, uint64_t from);
int pw_name_add(struct process *p, uint64_t at, const char *comm);
void pw_process_free(struct process *p);

/* end.c: how processes end */
void pw_feed_notice(struct pw_model *m, const struct pw_signal *ev);
/* t's last switch-out was seen. */
int pw_thread_died(struct thread *t, uint64_t ts);
/* The last owner of this tid ended unseen: another task has the tid now. */
void pw_ended_unseen(const struct owner *o, uint64_t ts);

/* exec.c */
enum pw_deed { PW_DEED_IN, PW_DEED_OUT, PW_DEED_DEATH, PW_DEED_EXIT, PW_DEED_OTHER };
/* Whose event (tid, start) on this CPU is, exec by a non-leader considered; NULL: a stranger. */
int pw_subject(struct pw_model *m, const struct pw_event *h, uint32_t tid, uint64_t start, enum pw_deed deed,
	       struct thread **out);

/* family.c: parents and children */
int pw_parent_add(struct process *p, const struct pw_parent *parent);
void pw_child_link(struct process *parent, struct process *child, uint32_t parent_tid);
void pw_child_unlink(struct process *child);
int pw_parent_seen(struct process *p, uint32_t parent_tgid, uint64_t ts);

/* switch.c: the CPUs */
/* t did this on its CPU: whoever else runs there in the books has left. */
void pw_cpu_seen(struct pw_model *m, const struct pw_event *h, const struct thread *t);
/* t runs where its tape says, from the beginning. */
int pw_cpu_take(struct pw_model *m, struct thread *t);

/* records.c */
/* Who sent the signal that killed p. */
void pw_killer_find(struct process *p);
const char *pw_cgroup_path(const struct pw_model *m, uint64_t id);

#endif
