/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Exits out of the ordinary: by a signal, of a main thread before the others, with
 * a parent that ignores them; and processes that had not exited.
 */
#include <signal.h>
#include <sys/wait.h>

#include "analysis/finder.h"
#include "model/questions.h"

/* A shorter gap is only the order in which the threads of a process exit. */
#define LEADER_NS UINT64_C(10000000)

/* Where a fatal signal came from: a pid, or one of these, which no process has. */
enum { FROM_UNOBSERVED = -1, FROM_KERNEL = -2, FROM_ITSELF = -3, FROM_FAULT = -4 };

/* Signals that an instruction of the process itself can raise. */
static bool is_of_fault(int sig)
{
	switch (sig) {
	case SIGSEGV:
	case SIGBUS:
	case SIGILL:
	case SIGFPE:
	case SIGTRAP:
	case SIGSYS:
		return true;
	default:
		return false;
	}
}

/*
 * A positive code is the kernel's: the kind of a fault, or SI_KERNEL. The recorded
 * sender is then the task that was running: the process itself for its own fault,
 * but by chance also when a timer or a limit of its CPU time runs out.
 */
static int sender_of(const struct pw_signal_record *s)
{
	const bool to_itself = s->from_pid == s->to_pid;

	if (!s->at)
		return FROM_UNOBSERVED;
	if (s->code > 0)
		return to_itself && is_of_fault(s->sig) ? FROM_FAULT : FROM_KERNEL;
	return to_itself ? FROM_ITSELF : (int)s->from_pid;
}

static void add_sender(struct finder *f, struct pw_fact *fact, const struct pw_process *process)
{
	const int sender = sender_of(&process->killer);

	switch (sender) {
	case FROM_UNOBSERVED:
		pw_fact_add(fact, pw_value_word("origin", "unobserved"));
		return;
	case FROM_KERNEL:
		pw_fact_add(fact, pw_value_word("origin", "kernel"));
		return;
	case FROM_ITSELF:
		pw_fact_add(fact, pw_value_word("origin", "itself"));
		return;
	case FROM_FAULT:
		pw_fact_add(fact, pw_value_word("origin", "fault"));
		return;
	default:
		pw_fact_add(fact, pw_value_word("origin", "process"));
		pw_fact_add(fact, finder_pid_at(f, "sender", (uint32_t)sender, process->exit_at, ""));
		return;
	}
}

/* A request to end is ordinary; a mistake of the program is not. */
static enum pw_severity severity_of(const struct pw_process *process)
{
	switch (WTERMSIG((int)process->wait_status)) {
	case SIGTERM:
	case SIGKILL:
	case SIGINT:
	case SIGHUP:
	case SIGALRM:
	case SIGPIPE:
	case SIGUSR1:
	case SIGUSR2:
		return PW_NOTE;
	default:
		return PW_WARNING;
	}
}

static bool dumped(const struct pw_process *process)
{
	return WCOREDUMP((int)process->wait_status);
}

static void report_killed(struct finder *f, const struct candidate *c)
{
	const struct pw_process *process = c->process;
	struct pw_fact fact = {0};

	pw_fact_add(&fact, pw_value_process("process", process));
	pw_fact_add(&fact, pw_value_signal("signal", c->aux));
	add_sender(f, &fact, process);
	finder_add(f, dumped(process) ? PW_FOUND_CORE_DUMPED : PW_FOUND_KILLED, severity_of(process), process,
		   &fact);
}

static void report_killed_many(struct finder *f, const struct candidate *c, size_t count, bool alike)
{
	enum pw_severity severity = PW_NOTE;
	struct pw_fact fact = {0};
	size_t cores = 0;

	for (size_t i = 0; i < count; i++) {
		cores += dumped(c[i].process);
		if (severity_of(c[i].process) == PW_WARNING)
			severity = PW_WARNING;
	}
	pw_fact_add(&fact, pw_value_count("count", count));
	if (alike) {
		pw_fact_add(&fact, pw_value_signal("signal", c->aux));
		add_sender(f, &fact, c->process);
	}
	pw_fact_add(&fact, pw_value_count("core_dumps", cores));
	finder_add(f, cores > 0 ? PW_FOUND_CORE_DUMPED : PW_FOUND_KILLED, severity, NULL, &fact);
}

static void report_leader(struct finder *f, const struct candidate *c)
{
	struct pw_fact fact = {0};

	pw_fact_add(&fact, pw_value_process("process", c->process));
	pw_fact_add(&fact, pw_value_ns("gap_ns", c->ns));
	pw_fact_add(&fact, pw_value_word("process_state", c->process->exited ? "exited" : "alive"));
	finder_add(f, PW_FOUND_LEADER_ENDED, PW_NOTE, c->process, &fact);
}

static void report_leaders(struct finder *f, const struct candidate *c, size_t count, bool alike)
{
	struct pw_fact fact = {0};

	(void)alike;
	pw_fact_add(&fact, pw_value_count("count", count));
	pw_fact_add(&fact, pw_value_ns("shortest_ns", c->ns));
	pw_fact_add(&fact, pw_value_ns("longest_ns", c[count - 1].ns));
	finder_add(f, PW_FOUND_LEADER_ENDED, PW_NOTE, NULL, &fact);
}

/* How a parent leaves its children to the kernel: the ignored SIGCHLD is not sent, the other one is. */
static struct pw_value autoreap_cause(const struct candidate *c)
{
	return pw_value_word("cause", c->aux ? "SA_NOCLDWAIT" : "SIG_IGN");
}

static void report_autoreap(struct finder *f, const struct candidate *c)
{
	struct pw_fact fact = {0};

	pw_fact_add(&fact, pw_value_process("process", c->process));
	pw_fact_add(&fact, finder_parent("parent", c->parent));
	pw_fact_add(&fact, autoreap_cause(c));
	finder_add(f, PW_FOUND_AUTOREAP, PW_NOTE, c->process, &fact);
}

static void report_autoreap_many(struct finder *f, const struct candidate *c, size_t count, bool alike)
{
	struct pw_fact fact = {0};

	pw_fact_add(&fact, pw_value_count("count", count));
	pw_fact_add(&fact, finder_parent("parent", alike ? c->parent : NULL));
	pw_fact_add(&fact, alike ? autoreap_cause(c) : pw_value_unknown("cause"));
	finder_add(f, PW_FOUND_AUTOREAP, PW_NOTE, NULL, &fact);
}

static bool stopped_at_end(const struct pw_process *process)
{
	const struct pw_block *last = process->threads ? process->threads->last : NULL;

	return last && last->count > 0 && last->at[last->count - 1].state == PW_STOPPED;
}

static void report_alive(struct finder *f, const struct candidate *c)
{
	struct pw_fact fact = {0};

	pw_fact_add(&fact, pw_value_process("process", c->process));
	finder_add(f, c->aux ? PW_FOUND_STOPPED : PW_FOUND_ALIVE, PW_NOTE, c->process, &fact);
}

static void report_alive_many(struct finder *f, const struct candidate *c, size_t count, bool alike)
{
	struct pw_fact fact = {0};

	pw_fact_add(&fact, pw_value_count("count", count));
	finder_add(f, alike && c->aux ? PW_FOUND_STOPPED : PW_FOUND_ALIVE, PW_NOTE, NULL, &fact);
}

/* The zombie time of a leader is that of one that exited before the other threads. */
static uint64_t leader_gap(const struct pw_process *process)
{
	return process->threads && process->n_threads > 1 ? process->threads->totals[PW_ZOMBIE] : 0;
}

static void collect_killed(struct finder *f, struct candidates *list, const struct pw_process *process)
{
	struct candidate c = {.process = process, .at = process->exit_at};

	if (!process->status_known || !WIFSIGNALED((int)process->wait_status))
		return;
	c.aux = WTERMSIG((int)process->wait_status);
	c.key = (uint32_t)sender_of(&process->killer);
	finder_collect(f, list, &c);
}

static void collect_leader(struct finder *f, struct candidates *list, const struct pw_process *process)
{
	const struct candidate c = {.process = process,
				    .at = process->exited ? process->exit_at : process->start,
				    .ns = leader_gap(process)};

	if (c.ns >= LEADER_NS)
		finder_collect(f, list, &c);
}

static void collect_autoreaped(struct finder *f, struct candidates *list, const struct pw_process *process)
{
	struct candidate c = {.process = process, .at = process->exit_at};

	if (process->reaped != PW_REAPED_AUTO || process->reaper_pid != process->pid)
		return;
	c.aux = process->notified_at != 0;
	c.parent = pw_process_parent_at(process, process->exit_at);
	c.key = c.parent ? c.parent->pid : 0;
	finder_collect(f, list, &c);
}

static void collect_alive(struct finder *f, struct candidates *list, const struct pw_process *process)
{
	const struct candidate c = {.process = process, .at = process->start, .aux = stopped_at_end(process)};

	/* It is ordinary that a process outlives a recording it is older than, but not that it is stopped. */
	if (!process->exited && (!process->seeded || c.aux))
		finder_collect(f, list, &c);
}

void find_ends(struct finder *f)
{
	struct candidates killed = {0}, leaders = {0}, autoreaped = {0}, alive = {0};

	for (size_t i = 0; i < pw_model_count(f->model); i++) {
		const struct pw_process *process = pw_model_process(f->model, i);

		collect_killed(f, &killed, process);
		collect_leader(f, &leaders, process);
		collect_autoreaped(f, &autoreaped, process);
		collect_alive(f, &alive, process);
	}
	finder_report(f, &killed, report_killed, report_killed_many);
	finder_report(f, &leaders, report_leader, report_leaders);
	finder_report(f, &autoreaped, report_autoreap, report_autoreap_many);
	finder_report(f, &alive, report_alive, report_alive_many);
}
