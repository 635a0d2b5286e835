/* SPDX-License-Identifier: GPL-2.0-only */
/* How the facts read that the functions of this folder add. */
#include "course/lib/evidence.h"
#include "util/lang.h"

// clang-format off
const struct pw_sentence pw_course_words[] = {
	{.code = "process_missing", .text = N_("no process named {name} is in the record")},

	/* pw_evidence_exit, pw_has_ended */
	{.code = "not_exited", .text = N_("{process.pid} had not exited when the recording ended")},
	{.code = "exit_status_unobserved", .text = N_("{process.pid} exited, but its exit status was not observed")},
	{.code = "killed", .text = N_("{process.pid} was killed by {signal}")},
	{.code = "exited", .text = N_("{process.pid} exited with code {exit_code}")},

	{.code = "wait_status", .text = N_("its wait status is {wait_status}")},

	/* pw_evidence_waker */
	{.code = "woken_by", .when = "waker=irq", .text = N_("it was woken by an interrupt")},
	{.when = "waker", .text = N_("it was woken by {waker}")},
	{.text = N_("its waker was not observed")},

	/* pw_evidence_reap, pw_reaped_by_adopter */
	{.code = "reaped",
	 .text = N_("{process.pid} was reaped by {reaper.pid} with wait {after_exit_ns} after it exited")},
	{.code = "released_by_kernel",
	 .text = N_("the kernel released {process.pid} as soon as it exited, and no wait was needed")},
	{.code = "reap_unobserved", .when = "parent",
	 .text = N_("{process.pid} was released {after_exit_ns} after it exited, and its parent was {parent.pid}, "
		    "but the reap was not observed")},
	{.text = N_("{process.pid} was released {after_exit_ns} after it exited, but the reap was not observed")},
	{.code = "not_reaped", .text = N_("{process.pid} had not been reaped when the recording ended")},
	{.code = "not_adopted", .text = N_("{process.pid} was never adopted")},
	{.code = "released_for_adopter",
	 .text = N_("{process.pid} was released when it exited, because its adopter {adopter} ignores SIGCHLD")},

	/* pw_adopted */
	{.code = "parent_unchanged", .text = N_("the parent of {child.pid} was never observed to change")},
	{.code = "reparented",
	 .text = N_("the parent of {child.pid} changed from {parent.pid} to {adopter}"
		    "[adopter_kind? ({adopter_kind})][!adopter_kind? (neither init nor a subreaper)]"
		    "[when=exit? when {parent.pid} exited]"
		    "[when=noticed?, noticed {noticed_after_ns} after {parent.pid} exited]"
		    "[when=other?, but not when {parent.pid} exited]"
		    "[when=parent_alive?, although {parent.pid} had not exited]")},

	/* process_set.c, births.c */
	{.code = "number_started", .text = N_("{started} {started|was|were} started, not {expected}")},
	{.code = "some_not_exited", .text = N_("{alive} of {all} had not exited when the recording ended")},
	{.code = "reaped_of_all",
	 .text = N_("{reaped} of {all} were reaped by {reaper.pid}"
		    "[last_before_exit_ns?, the last one {last_before_exit_ns} before {reaper.pid} itself exited]")},
	{.code = "number_of_threads",
	 .text = N_("{process.pid} had {threads} {threads|thread|threads}, not {expected}")},
	{.code = "number_of_children",
	 .text = N_("{process.pid} created {children} {children|process|processes}, not {expected}")},

	/* pw_got_as_put */
	{.code = "out_as_in",
	 .text = N_("{in} items went in and {out} came out, the same numbers in the same order")},
	{.code = "out_of_order",
	 .text = N_("{in_order} {in_order|item|items} came out in order, then {out} instead of {expected}")},
	{.code = "out_before_in",
	 .text = N_("{in_order} {in_order|item|items} came out in order, then {out} came out before it went in")},
	{.code = "in_and_out_differ", .text = N_("{in} {in|item|items} went in, but {out} came out")},
	{0},
};
// clang-format on
