/* SPDX-License-Identifier: GPL-2.0-only */
/* `procwatch check`: what this machine supports, and how to fix what is missing. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "capture/caps.h"
#include "capture/capture.h"
#include "capture/hooks.h"
#include "capture/procfs.h"
#include "cmd/command_line.h"
#include "cmd/commands.h"
#include "util/exit_status.h"

static void print_line(const char *what, const char *verdict, const char *detail)
{
	printf("  %-12s %-6s %s\n", what, verdict, detail);
}

static void print_cure(const char *text)
{
	printf("  %-12s %-6s   -> %s\n", "", "", text);
}

/* Without these no hook can be loaded, so trying the hooks would tell nothing about the kernel. */
static bool lacks_privileges(void)
{
	return pw_caps_missing(PW_CAP(CAP_BPF) | PW_CAP(CAP_PERFMON)) != 0;
}

static void check_privileges(void)
{
	uint64_t missing = pw_caps_missing(PW_CAPS_LOAD);
	char names[96], text[PW_SETCAP_LEN + 32], setcap[PW_SETCAP_LEN];

	pw_caps_names(missing ? missing : PW_CAPS_LOAD, names, sizeof(names));
	if (!missing) {
		print_line("privileges", "ok", geteuid() ? names : "root");
	} else {
		snprintf(text, sizeof(text), "missing: %s", names);
		print_line("privileges", lacks_privileges() ? "NO" : "less", text);
		pw_caps_setcap(setcap);
		snprintf(text, sizeof(text), "run procwatch with sudo, or: %s", setcap);
		print_cure(text);
	}
	if (pw_caps_missing(PW_CAP(CAP_SYS_PTRACE))) {
		print_line(
			"", "less",
			"without CAP_SYS_PTRACE, attach cannot name the programs of other users' processes");
		print_cure("run procwatch with sudo");
	}
}

static void check_kernel(void)
{
	struct utsname uts;
	char text[2 * sizeof(uts.release)];

	uname(&uts);
	snprintf(text, sizeof(text), "%s %s", uts.release, uts.machine);
	print_line("kernel", "", text);
}

static void check_lockdown(void)
{
	char modes[64];
	bool locked = pw_hooks_locked_down(modes, sizeof(modes));

	if (modes[0])
		print_line("lockdown", locked ? "NO" : "ok", modes);
	if (locked)
		print_cure(
			"this mode forbids BPF to read kernel memory; boot without lockdown=confidentiality");
}

static void check_namespace(void)
{
	if (pw_in_initial_pid_namespace())
		return;
	print_line("pid space", "less",
		   "in a PID namespace: processes outside are seen only if they start later");
	print_cure("run procwatch on the host, outside of the container");
}

static void cure_tracefs(const struct pw_hooks *h)
{
	char names[96], text[128];

	pw_caps_names(h->wanted_for_tracefs, names, sizeof(names));
	if (strstr(h->why_no_tracefs, "paranoid"))
		print_cure("sudo sysctl kernel.perf_event_paranoid=2, or give procwatch CAP_SYS_ADMIN");
	else if (h->wanted_for_tracefs & PW_CAP(CAP_SYS_ADMIN))
		print_cure(
			"sudo mount -t tracefs tracefs /sys/kernel/tracing, or give procwatch CAP_SYS_ADMIN");
	else if (names[0]) {
		snprintf(text, sizeof(text), "give procwatch %s", names);
		print_cure(text);
	} else {
		print_cure("the kernel is locked down, or built without CONFIG_FTRACE");
	}
}

/* Says what is lost without the classic tracepoints, which is little on most kernels. */
static void explain_no_tracefs(const struct pw_hooks *h)
{
	cure_tracefs(h);
	if (h->programs_preemptible)
		print_cure("without it, this kernel may skip some exits and execs; the report will say so");
	else if (h->reap == PW_HOOK_FREE)
		print_cure("without it, reaps are seen late, and the reaper is unknown");
	else
		print_cure("without it, procwatch uses other tracepoints, and nothing is lost");
}

static void check_functions(const struct pw_hooks *h)
{
	const bool fentry = !h->why_no_fentry[0], kprobes = !h->why_no_kprobe[0];

	print_line("fentry", fentry ? "ok" : "no", fentry ? "functions can be traced" : h->why_no_fentry);
	print_line("kprobes", kprobes ? "ok" : "no", kprobes ? "functions can be probed" : h->why_no_kprobe);
	if (!fentry && !kprobes)
		print_cure("the kernel is locked down or built without both; tracepoints are used instead");
}

static void check_wakers(const struct pw_hooks *h)
{
	print_line("wakers", h->tells_interrupts ? "ok" : "less",
		   h->tells_interrupts
			   ? "wake-ups by interrupts are recognized"
			   : "a wake-up by an interrupt may be attributed to the interrupted task");
	if (h->tells_interrupts)
		return;
	if (pw_caps_missing(PW_CAP(CAP_SYSLOG)))
		print_cure("this kernel shows its interrupt counter only with CAP_SYSLOG; run procwatch with "
			   "sudo");
	else
		print_cure("sudo sysctl kernel.kptr_restrict=1, or boot a kernel with CONFIG_KALLSYMS_ALL=y");
}

static void check_marks(const struct pw_hooks *h)
{
	print_line("marks", h->why_no_marks[0] ? "NO" : "ok",
		   h->why_no_marks[0] ? h->why_no_marks : "marks of programs can be recorded");
	if (h->why_no_marks[0])
		print_cure(
			"marks need Linux 5.15 or later with CONFIG_UPROBE_EVENTS=y; all else works without");
}

static void check_hooks(const struct pw_hooks *h)
{
	print_line("tracefs", h->tracefs ? "ok" : "less",
		   h->tracefs ? "classic tracepoints can be attached" : h->why_no_tracefs);
	if (!h->tracefs)
		explain_no_tracefs(h);
	check_functions(h);
	check_wakers(h);
	check_marks(h);
}

static void show_hooks(const struct pw_hooks *h)
{
	printf("\nHooks procwatch will use\n");
	print_line("switch", "", pw_hook_switch_name(h));
	print_line("reap", "", pw_hook_reap_name(h));
	if (h->reap == PW_HOOK_WAITS)
		print_cure("this slows every system call on this machine by a few nanoseconds while "
			   "procwatch runs");
	print_line("reparent", "", pw_hook_reparent_name(h));
}

struct trial {
	struct pw_error error;
	char notice[192];
	bool counts_skips;
};

/* Loads and attaches everything, as a run would. */
static int try_everything(struct trial *t)
{
	struct pw_capture_options options = {0};
	struct pw_capture *capture = NULL;
	int err = pw_capture_open(&capture, &options, &t->error);

	if (err && !t->error.text[0])
		pw_fail(&t->error, -err, "%s", strerror(-err));
	if (!err) {
		t->counts_skips = pw_capture_counts_skips(capture);
		snprintf(t->notice, sizeof(t->notice), "%s",
			 pw_capture_notice(capture) ? pw_capture_notice(capture) : "");
	}
	pw_capture_close(capture);
	return err;
}

static void cure_notice(const char *notice)
{
	if (strstr(notice, "RLIMIT_MEMLOCK"))
		print_cure("ulimit -l 65536 (as root), or give procwatch CAP_SYS_RESOURCE");
	else
		print_cure("raise memory.max of the control group, or use a smaller --ringbuf");
}

static void show_trial(const struct trial *t, int err)
{
	printf("\n");
	print_line("everything", err ? "NO" : "ok", err ? t->error.text : "loaded and attached");
	if (t->notice[0]) {
		print_line("", "less", t->notice);
		cure_notice(t->notice);
	}
	if (!err)
		print_line("skipped runs", t->counts_skips ? "ok" : "less",
			   t->counts_skips
				   ? "this kernel counts the program runs that it skips"
				   : "this kernel does not count the program runs that it skips (5.12 does)");
}

static int check(void)
{
	struct pw_error no_btf = {""};
	struct trial trial = {.error = {""}};
	struct pw_hooks hooks;
	/* First, because it also keeps libbpf quiet. */
	int err = try_everything(&trial), btf;

	pw_caps_raise();
	btf = pw_hooks_probe(&hooks, &no_btf);
	printf("This machine\n");
	check_kernel();
	check_privileges();
	check_lockdown();
	check_namespace();
	print_line("BTF", btf ? "NO" : "ok", btf ? no_btf.text : "/sys/kernel/btf/vmlinux");
	if (btf)
		return btf;
	if (!lacks_privileges())
		check_hooks(&hooks);
	if (!err)
		show_hooks(&hooks);
	pw_hooks_close(&hooks);
	show_trial(&trial, err);
	return err;
}

static const char doc[] = "Check what this machine supports: which hooks procwatch will use, what is "
			  "missing, and how to fix it. A line "
			  "says \"ok\", \"less\" (procwatch works, with less detail) or \"NO\" (it does not)."
			  "\vExamples:\n"
			  "  sudo procwatch check\n"
			  "\n"
			  "Exit status:\n"
			  "  0    procwatch works here\n"
			  "  125  it does not";

static int take(void *context, int key, char *arg, struct argp_state *state, struct pw_error *error)
{
	(void)context, (void)state;
	if (key != ARGP_KEY_ARG)
		return ARGP_ERR_UNKNOWN;
	return pw_fail(error, EINVAL, "unexpected argument '%s'", arg);
}

int pw_cmd_check(int argc, char **argv)
{
	static const struct pw_command_line line = {
		.command = "check",
		.doc = doc,
		.groups = {&pw_group_general_help},
		.take = take,
	};
	int status = pw_command_line_parse(&line, NULL, argc, argv);
	int err;

	if (status >= 0)
		return status;
	err = check();
	status = pw_flush_stdout();
	if (status)
		return status;
	return err ? PW_EXIT_FAILED : 0;
}
