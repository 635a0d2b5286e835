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

/* Without these nothing is loaded, and nothing that is tried tells anything. */
static bool lacks_rights(void)
{
	return pw_caps_missing(PW_CAP(CAP_BPF) | PW_CAP(CAP_PERFMON)) != 0;
}

static void check_privileges(void)
{
	uint64_t missing = pw_caps_missing(PW_CAPS_LOAD);
	char names[96], text[PW_SETCAP_LEN + 32], setcap[PW_SETCAP_LEN];

	pw_caps_names(missing ? missing : PW_CAPS_LOAD, names, sizeof(names));
	if (!missing) {
		line("privileges", "ok", geteuid() ? names : "root");
	} else {
		snprintf(text, sizeof(text), "missing: %s", names);
		line("privileges", lacks_rights() ? "NO" : "less", text);
		pw_caps_setcap(setcap);
		snprintf(text, sizeof(text), "run it with sudo, or: %s", setcap);
		cure(text);
	}
	if (pw_caps_missing(PW_CAP(CAP_SYS_PTRACE))) {
		line("", "less",
		     "without CAP_SYS_PTRACE attach cannot tell the programs of other users' processes");
		cure("run it with sudo");
	}
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

static void check_namespace(void)
{
	if (pw_in_initial_pid_namespace())
		return;
	line("pid space", "less",
	     "inside a PID namespace: of what is outside, only what starts later is seen");
	cure("run it on the host, outside of the container");
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

/* What it costs to do without the classic tracepoints, which is little on most kernels. */
static void tell_without_tracefs(const struct pw_hooks *h)
{
	cure_tracefs(h);
	if (h->programs_preemptible)
		cure("without: this kernel may skip the programs of some exits and execs, which is then "
		     "told");
	else if (h->reap == PW_HOOK_FREE)
		cure("without: reaps are seen late, and not by whom");
	else
		cure("without: other tracepoints do instead, and nothing is lost");
}

static void check_functions(const struct pw_hooks *h)
{
	const bool fentry = !h->why_no_fentry[0], kprobes = !h->why_no_kprobe[0];

	line("fentry", fentry ? "ok" : "no", fentry ? "functions can be traced" : h->why_no_fentry);
	line("kprobes", kprobes ? "ok" : "no", kprobes ? "functions can be probed" : h->why_no_kprobe);
	if (!fentry && !kprobes)
		cure("a locked-down kernel, or one built without them; tracepoints do instead, see below");
}

static void check_wakers(const struct pw_hooks *h)
{
	line("wakers", h->tells_interrupts ? "ok" : "less",
	     h->tells_interrupts ? "interrupts are told from tasks"
				 : "an interrupt may be shown as the task it hit");
	if (h->tells_interrupts)
		return;
	if (pw_caps_missing(PW_CAP(CAP_SYSLOG)))
		cure("this kernel tells where it counts them only with CAP_SYSLOG: run it with sudo");
	else
		cure("sudo sysctl kernel.kptr_restrict=1, or a kernel built with CONFIG_KALLSYMS_ALL=y");
}

static void check_marks(const struct pw_hooks *h)
{
	line("marks", h->why_no_marks[0] ? "NO" : "ok",
	     h->why_no_marks[0] ? h->why_no_marks : "the marks of programs can be listened to");
	if (h->why_no_marks[0])
		cure("they need a kernel from 5.15 on, built with CONFIG_UPROBE_EVENTS=y; all else is shown "
		     "without them");
}

static void check_hooks(const struct pw_hooks *h)
{
	line("tracefs", h->tracefs ? "ok" : "less",
	     h->tracefs ? "classic tracepoints can be attached" : h->why_no_tracefs);
	if (!h->tracefs)
		tell_without_tracefs(h);
	check_functions(h);
	check_wakers(h);
	check_marks(h);
}

static void show_choice(const struct pw_hooks *h)
{
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

static void cure_notice(const char *notice)
{
	if (strstr(notice, "RLIMIT_MEMLOCK"))
		cure("ulimit -l 65536 (as root), or give procwatch CAP_SYS_RESOURCE");
	else
		cure("raise memory.max of the control group, or ask for less with --ringbuf");
}

static void tell_trial(const struct trial *t, int err)
{
	printf("\n");
	line("all of it", err ? "NO" : "ok", err ? t->error.text : "loaded and attached");
	if (t->notice[0]) {
		line("", "less", t->notice);
		cure_notice(t->notice);
	}
	if (!err)
		line("skipped runs", t->counts_skips ? "ok" : "less",
		     t->counts_skips
			     ? "the kernel counts those of each program"
			     : "this kernel does not count the runs of programs that it skips (5.12 does)");
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
	check_namespace();
	line("BTF", btf ? "NO" : "ok", btf ? no_btf.text : "/sys/kernel/btf/vmlinux");
	if (btf)
		return btf;
	if (!lacks_rights())
		check_hooks(&hooks);
	if (!err)
		show_choice(&hooks);
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
		pw_log_error("check takes no arguments, not even '%s'", argv[1]);
		return PW_EXIT_USAGE;
	} else {
		err = check();
	}
	if (fflush(stdout) || ferror(stdout)) {
		pw_log_error("cannot write to standard output: %s", strerror(errno));
		return PW_EXIT_FAILED;
	}
	return err ? PW_EXIT_FAILED : 0;
}
