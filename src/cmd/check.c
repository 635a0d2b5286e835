/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "capture/caps.h"
#include "capture/capture.h"
#include "capture/hooks.h"
#include "cmd/cmd.h"

static void line(const char *what, const char *verdict, const char *detail)
{
	printf("  %-12s %-6s %s\n", what, verdict, detail);
}

static void cure(const char *text)
{
	printf("  %-12s %-6s   -> %s\n", "", "", text);
}

static void check_privileges(void)
{
	const uint64_t must = PW_CAP(CAP_BPF) | PW_CAP(CAP_PERFMON);
	uint64_t missing = pw_caps_missing(PW_CAPS_LOAD);
	char names[96], text[128];

	pw_caps_names(missing ? missing : PW_CAPS_LOAD, names, sizeof(names));
	if (!missing) {
		line("privileges", "ok", geteuid() ? names : "root");
	} else {
		snprintf(text, sizeof(text), "missing: %s", names);
		line("privileges", missing & must ? "NO" : "less", text);
		if (!(missing & must))
			cure("classic tracepoints cannot be attached: reaps may be seen late");
		cure("run it with sudo, or: sudo setcap " PW_SETCAP " procwatch");
	}
	if (pw_caps_missing(PW_CAP(CAP_SYS_PTRACE)))
		line("", "less",
		     "without CAP_SYS_PTRACE attach cannot tell the programs of other users' processes");
}

static void check_kernel(void)
{
	struct utsname uts;
	char text[2 * sizeof(uts.release)];

	uname(&uts);
	snprintf(text, sizeof(text), "%s %s", uts.release, uts.machine);
	line("kernel", "", text);
}

static void check_lockdown(void)
{
	char modes[64];
	bool locked = pw_hooks_locked_down(modes, sizeof(modes));

	if (modes[0])
		line("lockdown", locked ? "NO" : "ok", modes);
	if (locked)
		cure("this mode forbids BPF to read kernel memory: boot without lockdown=confidentiality");
}

static void cure_tracefs(const struct pw_hooks *h)
{
	char names[96], text[128];

	pw_caps_names(h->wanted_for_tracefs, names, sizeof(names));
	if (strstr(h->why_no_tracefs, "paranoid"))
		cure("sudo sysctl kernel.perf_event_paranoid=2, or give procwatch CAP_SYS_ADMIN");
	else if (h->wanted_for_tracefs & PW_CAP(CAP_SYS_ADMIN))
		cure("sudo mount -t tracefs tracefs /sys/kernel/tracing, or give procwatch CAP_SYS_ADMIN");
	else if (names[0]) {
		snprintf(text, sizeof(text), "give procwatch %s", names);
		cure(text);
	} else {
		cure("a locked-down kernel, or one built without CONFIG_FTRACE");
	}
}

static void check_rungs(const struct pw_hooks *h)
{
	line("tracefs", h->tracefs ? "ok" : "NO",
	     h->tracefs ? "classic tracepoints can be attached" : h->why_no_tracefs);
	if (!h->tracefs)
		cure_tracefs(h);
	line("fentry", h->why_no_fentry[0] ? "no" : "ok",
	     h->why_no_fentry[0] ? h->why_no_fentry : "functions can be traced");
	line("kprobes", h->why_no_kprobe[0] ? "no" : "ok",
	     h->why_no_kprobe[0] ? h->why_no_kprobe : "functions can be probed");
	if (h->why_no_fentry[0] && h->why_no_kprobe[0])
		cure("a locked-down kernel, or one built without them; the tracepoints below do instead");
	line("wakers", h->tells_interrupts ? "ok" : "less",
	     h->tells_interrupts ? "interrupts are told from tasks"
				 : "an interrupt may be shown as the task it hit");
	line("marks", h->why_no_marks[0] ? "NO" : "ok",
	     h->why_no_marks[0] ? h->why_no_marks : "the marks of programs can be listened to");
	if (h->why_no_marks[0])
		cure("they need a kernel from 5.15 on, built with CONFIG_UPROBE_EVENTS=y; all else is shown "
		     "without them");
	printf("\nHooks that will be used\n");
	line("switch", "", pw_hook_switch_name(h));
	line("reap", "", pw_hook_reap_name(h));
	if (h->reap == PW_HOOK_WAITS)
		cure("it slows every system call of the machine by some nanoseconds while procwatch runs");
	line("reparent", "", pw_hook_reparent_name(h));
}

struct trial {
	struct pw_error error;
	char notice[192];
	bool counts_skips;
};

/* The proof: loads and attaches everything, as a run would. */
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

static void tell_trial(const struct trial *t, int err)
{
	printf("\n");
	line("all of it", err ? "NO" : "ok", err ? t->error.text : "loaded and attached");
	if (t->notice[0])
		line("", "less", t->notice);
	if (!err)
		line("skipped runs", t->counts_skips ? "ok" : "less",
		     t->counts_skips ? "the kernel counts those of each program"
				     : "this kernel does not count the runs of programs that it skips");
}

static int check(void)
{
	struct pw_error no_btf = {""};
	struct trial trial = {.error = {""}};
	struct pw_hooks hooks;
	/* First of all, for it also tells libbpf to keep quiet. */
	int err = try_everything(&trial), btf;

	pw_caps_raise();
	btf = pw_hooks_probe(&hooks, &no_btf);
	printf("This machine\n");
	check_kernel();
	check_privileges();
	check_lockdown();
	line("BTF", btf ? "NO" : "ok", btf ? no_btf.text : "/sys/kernel/btf/vmlinux");
	if (btf)
		return btf;
	check_rungs(&hooks);
	pw_hooks_close(&hooks);
	tell_trial(&trial, err);
	return err;
}

static const char help[] = "Usage: procwatch check\n"
			   "What this machine offers, which hooks will be used, and the cure for each lack.\n"
			   "\n"
			   "The exit status is 0 when procwatch can work here, 125 when it cannot.\n";

int pw_cmd_check(int argc, char **argv)
{
	int err = 0;

	if (argc == 2 && (!strcmp(argv[1], "-h") || !strcmp(argv[1], "--help"))) {
		fputs(help, stdout);
	} else if (argc > 1) {
		pw_complain("check takes no arguments, not even '%s'", argv[1]);
		return PW_EXIT_USAGE;
	} else {
		err = check();
	}
	if (fflush(stdout) || ferror(stdout)) {
		pw_complain("cannot write to standard output: %s", strerror(errno));
		return PW_EXIT_FAILED;
	}
	return err ? PW_EXIT_FAILED : 0;
}
