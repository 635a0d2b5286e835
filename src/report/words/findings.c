/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sentences of findings. src/analysis makes the facts: which values a code
 * has is found there.
 */
#include "report/words/words.h"

/* How far the rest can be trusted: src/analysis/limits.c. */
static const struct pw_sentence of_limits[] = {
	{.code = "lost",
	 .when = "stretches=0",
	 .text = N_("{lost} {lost|record was|records were} lost because the ring was full.")},
	{.when = "stretches=1 longest_ns",
	 .text = N_("{lost} {lost|record was|records were} lost because the ring was full, in 1 stretch of "
		    "{longest_ns}.")},
	{.when = "longest_ns",
	 .text = N_("{lost} {lost|record was|records were} lost because the ring was full, in {stretches} "
		    "stretches of up to {longest_ns}.")},
	{.text = N_("{lost} {lost|record was|records were} lost because the ring was full, in {stretches} "
		    "{stretches|stretch|stretches}.")},

	{.code = "lost",
	 .text = N_("Time that no other record accounts for is shown as unknown; raise --ringbuf to lose "
		    "fewer.")},

	{.code = "holes",
	 .text = N_("The kernel did not report {count} context {count|switch|switches}, which "
		    "{count|was|were} recovered from the tasks' counters; their CPU time is still counted.")},

	{.code = "contradictions",
	 .text = N_("{count} {count|event contradicts|events contradict} the others; the time around "
		    "{count|it|them} is shown as unknown.")},

	{.code = "unobserved",
	 .when = "process gone_after_ns",
	 .text = N_("The reap of {process} was not observed; the process was gone {gone_after_ns} after its "
		    "exit.")},
	{.when = "process", .text = N_("Neither the exit nor the reap of {process} was observed.")},
	{.when = "gone_after_ns exits_unobserved exits_unobserved!=0",
	 .text = N_("The reaps of {count} processes were not observed, nor were the exits of "
		    "{exits_unobserved} of them; the others were gone {gone_after_ns} after their exits.")},
	{.when = "gone_after_ns",
	 .text = N_("The reaps of {count} processes were not observed; the processes were gone "
		    "{gone_after_ns} after their exits.")},
	{.text = N_("Neither the exits nor the reaps of {count} processes were observed.")},
	{0},
};

static const struct pw_sentence of_zombies[] = {
	{.code = "zombie", .when = "!count", .text = N_("{process} was a zombie for {zombie_ns}.")},
	{.when = "parents=one",
	 .text = N_("{count} children of {parent} were zombies for {shortest_ns..longest_ns}.")},
	{.text = N_("{count} processes were zombies for {shortest_ns..longest_ns}.")},

	{.code = "zombie",
	 .when = "upper_bounds",
	 .text = N_("{upper_bounds} of these times {upper_bounds|is an upper bound|are upper bounds}: the "
		    "moment of the reap was not observed.")},

	{.code = "zombie",
	 .when = "lower_bounds",
	 .text = N_("{lower_bounds} of these times {lower_bounds|is a lower bound|are lower bounds}: the "
		    "exit was before the recording.")},

	{.code = "unreaped",
	 .when = "!count",
	 .text = N_("{process} was not reaped: it was a zombie for the last {zombie_ns} of the recording.")},
	{.when = "parents=one",
	 .text = N_("{count} children of {parent} were not reaped: they were zombies for the last "
		    "{shortest_ns..longest_ns} of the recording.")},
	{.text = N_("{count} processes were not reaped: they were zombies for the last "
		    "{shortest_ns..longest_ns} of the recording.")},

	{.code = "zombie unreaped", .when = "count", .text = N_("{longest} was one for the longest time.")},

	/*
	 * What the parent did in that time. Which child a wait asked for is not recorded:
	 * only that it did not reap this one is known.
	 */
	{.code = "zombie unreaped", .when = "!parent", .text = N_("Its parent is unknown.")},
	{.when = "parent_doing=unwatched",
	 .text = N_("Its parent {parent} was not watched, so its activity in that time is unknown.")},
	{.when = "parent_doing=dropped",
	 .text = N_("Its parent {parent} was watched, but --keep has dropped its activity in that time.")},
	{.when = "parent_doing=running",
	 .text = N_(
		 "Meanwhile its parent {parent} was [parent_extent=most?mostly ]running and did not wait.")},
	{.when = "parent_doing=ready",
	 .text = N_("Meanwhile its parent {parent} was [parent_extent=most?mostly ]ready but got no CPU.")},
	{.when = "parent_doing=stopped",
	 .text = N_("Meanwhile its parent {parent} was [parent_extent=most?mostly ]stopped and could not "
		    "wait.")},
	{.when = "parent_doing=zombie",
	 .text = N_("Meanwhile its parent {parent} was [parent_extent=most?mostly ]a zombie itself.")},
	{.when = "parent_doing=blocked parent_syscall=wait4",
	 .text = N_("Meanwhile its parent {parent} was [parent_extent=most?mostly ]blocked in "
		    "{parent_syscall}, perhaps for another child, and did not reap this one.")},
	{.when = "parent_doing=blocked parent_syscall=waitid",
	 .text = N_("Meanwhile its parent {parent} was [parent_extent=most?mostly ]blocked in "
		    "{parent_syscall}, perhaps for another child, and did not reap this one.")},
	{.when = "parent_doing=blocked parent_syscall",
	 .text = N_("Meanwhile its parent {parent} [parent_extent=most?mostly ]slept "
		    "[parent_sleep=uninterruptible?uninterruptibly ]in {parent_syscall} and did not wait.")},
	{.when = "parent_doing=blocked",
	 .text = N_("Meanwhile its parent {parent} was [parent_extent=most?mostly "
		    "]blocked[parent_sleep=uninterruptible? uninterruptibly] and did not wait.")},
	{.text = N_("Its parent {parent} was [parent_extent=most?mostly ]not observed in that time.")},

	/* The exit and its signal, of a single zombie. */
	{.code = "zombie unreaped", .when = "exit_observed=no", .text = N_("Its exit was not observed.")},
	{.when = "exit_observed=before_recording", .text = N_("It had exited before the recording began.")},
	{.when = "exit_observed=yes parent notified_after_ns=0",
	 .text = N_("{exit_signal} reached the parent as the exit began.")},
	{.when = "exit_observed=yes parent notified_after_ns",
	 .text = N_("{exit_signal} reached the parent {notified_after_ns} after the exit began.")},
	{.when = "exit_observed=yes parent", .text = N_("The parent was sent no exit signal.")},

	{.code = "zombie unreaped",
	 .when = "adopter reap_how!=auto",
	 .text = N_("When the parent exited, {adopter} adopted the zombie.")},

	{.code = "zombie",
	 .when = "reap_how=wait reaper_role=parent",
	 .text = N_("In the end the parent reaped it.")},
	{.when = "reap_how=wait", .text = N_("In the end {reaper} reaped it.")},
	{.when = "reap_how=unobserved", .text = N_("Its reaper was not observed.")},
	{.when = "reap_how=auto",
	 .text = N_("It was released when its parent exited, because its new parent ignores SIGCHLD.")},
	{0},
};

static const struct pw_sentence of_orphans[] = {
	{.code = "orphan",
	 .when = "!count adopter_kind=init",
	 .text = N_("{process}[process_state=zombie?, already a zombie,] lost its parent {parent} {age_ns} "
		    "after it was forked and was adopted by {adopter} (init).")},
	{.when = "!count adopter_kind=namespace_init",
	 .text = N_("{process}[process_state=zombie?, already a zombie,] lost its parent {parent} {age_ns} "
		    "after it was forked and was adopted by {adopter} (init of its PID namespace).")},
	{.when = "!count adopter_kind=subreaper",
	 .text = N_("{process}[process_state=zombie?, already a zombie,] lost its parent {parent} {age_ns} "
		    "after it was forked and was adopted by {adopter} (a subreaper).")},
	{.when = "!count",
	 .text = N_("{process}[process_state=zombie?, already a zombie,] lost its parent {parent} {age_ns} "
		    "after it was forked and was adopted by {adopter}.")},
	{.when = "parent adopter_kind=init",
	 .text = N_("{count} processes lost their parent {parent} and were adopted by {adopter} (init).")},
	{.when = "parent adopter_kind=namespace_init",
	 .text = N_("{count} processes lost their parent {parent} and were adopted by {adopter} (init of "
		    "their PID namespace).")},
	{.when = "parent adopter_kind=subreaper",
	 .text = N_("{count} processes lost their parent {parent} and were adopted by {adopter} (a "
		    "subreaper).")},
	{.when = "parent adopter",
	 .text = N_("{count} processes lost their parent {parent} and were adopted by {adopter}.")},
	{.when = "parent", .text = N_("{count} processes lost their parent {parent} and were adopted.")},
	{.text = N_("{count} processes lost their parents and were adopted.")},

	{.code = "orphan",
	 .when = "count unreaped!=0",
	 .text = N_("{unreaped} of them exited and {unreaped|was|were} not reaped.")},
	{.when = "reap_how=wait reaper_role=adopter reaped_after=adoption",
	 .text = N_("The adopter reaped it {reaped_after_ns} later.")},
	{.when = "reap_how=wait reaper_role=adopter",
	 .text = N_("The adopter reaped it {reaped_after_ns} after its exit.")},
	{.when = "reap_how=wait reaped_after=adoption",
	 .text = N_("{reaper} reaped it {reaped_after_ns} later.")},
	{.when = "reap_how=wait", .text = N_("{reaper} reaped it {reaped_after_ns} after its exit.")},
	{.when = "reap_how=auto", .text = N_("The adopter ignores SIGCHLD, so no wait was needed.")},
	{.when = "reap_how=not_reaped", .text = N_("The adopter has not reaped it.")},
	{0},
};

static const struct pw_sentence of_names[] = {
	{.code = "renamed",
	 .when = "!count after=fork",
	 .text = N_("{process} renamed itself {new_name.quoted} {after_ns} after it was forked.")},
	{.when = "!count",
	 .text = N_("{process} renamed itself {new_name.quoted} {after_ns} into the recording.")},
	{.when = "process", .text = N_("{process} renamed itself {count} times while it ran.")},
	{.text = N_("Processes renamed themselves {count} times while they ran.")},
	{0},
};

static const struct pw_sentence of_ends[] = {
	/* Many processes have one signal of one origin, or {signal} is unknown. */
	{.code = "killed core-dumped",
	 .when = "!count origin=unobserved",
	 .text = N_("{process} was killed by {signal}, whose sender was not observed.")},
	{.when = "!count origin=kernel", .text = N_("{process} was killed by {signal}, sent by the kernel.")},
	{.when = "!count origin=itself",
	 .text = N_("{process} was killed by {signal}, raised in its own context.")},
	{.when = "!count origin=fault",
	 .text = N_("{process} was killed by {signal}, caused by a fault of its own.")},
	{.when = "!count", .text = N_("{process} was killed by {signal}, sent by {sender}.")},
	{.when = "origin=unobserved",
	 .text = N_("{count} processes were killed by {signal}, whose senders were not observed.")},
	{.when = "origin=kernel",
	 .text = N_("{count} processes were killed by {signal}, sent by the kernel.")},
	{.when = "origin=itself",
	 .text = N_("{count} processes were killed by {signal}, each raised in the process's own context.")},
	{.when = "origin=fault",
	 .text = N_(
		 "{count} processes were killed by {signal}, each caused by a fault of the process itself.")},
	{.when = "signal", .text = N_("{count} processes were killed by {signal}, sent by {sender}.")},
	{.text = N_("{count} processes were killed by signals.")},

	{.code = "core-dumped", .when = "!count", .text = N_("It dumped core.")},
	{.text = N_("{core_dumps} of them dumped core.")},

	{.code = "leader-ended",
	 .when = "count",
	 .text = N_("The main threads of {count} processes exited {shortest_ns..longest_ns} before the other "
		    "threads.")},
	{.when = "process_state=exited",
	 .text = N_("The main thread of {process} exited {gap_ns} before its last thread.")},
	{.text = N_("The main thread of {process} exited {gap_ns} before the recording ended.")},

	{.code = "leader-ended",
	 .when = "count",
	 .text = N_("In that time the processes looked like zombies, but could not be reaped.")},
	{.when = "process_state=exited",
	 .text = N_("In that time the process looked like a zombie, but could not be reaped.")},
	{.text = N_("While other threads run, the process looks like a zombie, but cannot be reaped.")},

	{.code = "autoreap",
	 .when = "!count parent cause=SA_NOCLDWAIT",
	 .text = N_("{process} was reaped automatically at its exit: its parent {parent} set SA_NOCLDWAIT.")},
	{.when = "!count parent",
	 .text = N_("{process} was reaped automatically at its exit: its parent {parent} ignores SIGCHLD.")},
	{.when = "!count", .text = N_("{process} was reaped automatically at its exit.")},
	{.when = "parent cause=SA_NOCLDWAIT",
	 .text = N_("{count} children of {parent} were reaped automatically at their exits: the parent set "
		    "SA_NOCLDWAIT.")},
	{.when = "parent",
	 .text = N_("{count} children of {parent} were reaped automatically at their exits: the parent "
		    "ignores SIGCHLD.")},
	{.text = N_("{count} processes were reaped automatically at their exits: their parents ignore "
		    "SIGCHLD or set SA_NOCLDWAIT.")},

	{.code = "autoreap",
	 .when = "!count",
	 .text = N_("It was never a zombie, and its exit status is discarded.")},
	{.text = N_("They were never zombies, and their exit statuses are discarded.")},

	{.code = "alive",
	 .when = "!count",
	 .text = N_("{process} was still alive when the recording ended.")},
	{.text = N_("{count} processes were still alive when the recording ended.")},

	{.code = "stopped",
	 .when = "!count",
	 .text = N_("{process} was still stopped when the recording ended.")},
	{.text = N_("{count} processes were still stopped when the recording ended.")},
	{0},
};

static const struct pw_sentence *const tables[] = {of_limits, of_zombies, of_orphans,
						   of_names,  of_ends,	  NULL};

bool pw_words_finding(enum pw_language language, const struct pw_finding *finding, struct pw_text *out)
{
	return pw_words_fact(language, tables, &finding->fact, out);
}
