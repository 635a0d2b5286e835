/* SPDX-License-Identifier: GPL-2.0-only */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "capture/capture.h"
#include "capture/hooks.h"
#include "cmd/cmd.h"

/* Bits of the effective capability set (linux/capability.h). */
enum { CAP_DAC_READ_SEARCH_BIT = 2, CAP_SYS_ADMIN_BIT = 21, CAP_PERFMON_BIT = 38, CAP_BPF_BIT = 39 };

static void line(const char *what, const char *verdict, const char *detail)
{
	printf("  %-12s %-6s %s\n", what, verdict, detail);
}

static void cure(const char *text)
{
	printf("  %-12s %-6s   -> %s\n", "", "", text);
}

static uint64_t effective_capabilities(void)
{
	FILE *f = fopen("/proc/self/status", "re");
	char text[256];
	uint64_t caps = 0;

	while (f && fgets(text, sizeof(text), f))
		if (sscanf(text, "CapEff: %" SCNx64, &caps) == 1)
			break;
	if (f)
		fclose(f);
	return caps;
}

/* CAP_SYS_ADMIN contains CAP_BPF and CAP_PERFMON (5.8, a17b53c4a4b5 and 980737282232). */
static void check_privileges(void)
{
	uint64_t caps = effective_capabilities();
	bool admin = caps >> CAP_SYS_ADMIN_BIT & 1;
	bool bpf = admin || caps >> CAP_BPF_BIT & 1, perfmon = admin || caps >> CAP_PERFMON_BIT & 1;
	bool read = caps >> CAP_DAC_READ_SEARCH_BIT & 1;
	char missing[96] = "missing:";

	if (!bpf)
		strcat(missing, " CAP_BPF");
	if (!perfmon)
		strcat(missing, " CAP_PERFMON");
	if (!read)
		strcat(missing, " CAP_DAC_READ_SEARCH");
	if (bpf && perfmon && read) {
		line("privileges", "ok", geteuid() ? "CAP_BPF, CAP_PERFMON, CAP_DAC_READ_SEARCH" : "root");
		return;
	}
	line("privileges", bpf && perfmon ? "less" : "NO", missing);
	cure(bpf && perfmon ? "classic tracepoints cannot be attached: reaps are seen late; run it with sudo"
			    : "run it with sudo, or give procwatch these capabilities");
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
	FILE *f = fopen("/sys/kernel/security/lockdown", "re");
	char text[128] = "";

	if (f && fgets(text, sizeof(text), f)) {
		text[strcspn(text, "\n")] = '\0';
		line("lockdown", strstr(text, "[confidentiality]") ? "NO" : "ok", text);
		if (strstr(text, "[confidentiality]"))
			cure("this mode forbids BPF to read kernel memory: boot without "
			     "lockdown=confidentiality");
	}
	if (f)
		fclose(f);
}

static void check_rungs(const struct pw_hooks *h)
{
	line("tracefs", h->tracefs ? "ok" : "NO",
	     h->tracefs ? "classic tracepoints can be attached" : h->why_no_tracefs);
	if (!h->tracefs)
		cure("mount -t tracefs tracefs /sys/kernel/tracing, or give CAP_DAC_READ_SEARCH");
	line("fentry", h->why_no_fentry[0] ? "no" : "ok",
	     h->why_no_fentry[0] ? h->why_no_fentry : "functions can be traced");
	line("kprobes", h->why_no_kprobe[0] ? "no" : "ok",
	     h->why_no_kprobe[0] ? h->why_no_kprobe : "functions can be probed");
	if (h->why_no_fentry[0] && h->why_no_kprobe[0])
		cure("a locked-down kernel, or one built without them; the tracepoints below do instead");
	line("wakers", h->preempt_count_from_rq ? "ok" : "less",
	     h->preempt_count_from_rq ? "interrupts are told from tasks"
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

/* The proof: loads and attaches everything, as a run would. */
static int try_everything(struct pw_error *error)
{
	struct pw_capture_options options = {0};
	struct pw_capture *capture = NULL;
	int err = pw_capture_open(&capture, &options, error);

	if (err && !error->text[0])
		pw_fail(error, -err, "%s", strerror(-err));
	pw_capture_close(capture);
	return err;
}

static int check(void)
{
	struct pw_error error = {""}, no_btf = {""};
	struct pw_hooks hooks;
	/* First of all, for it also tells libbpf to keep quiet. */
	int err = try_everything(&error), btf = pw_hooks_probe(&hooks, &no_btf);

	printf("This machine\n");
	check_kernel();
	check_privileges();
	check_lockdown();
	line("BTF", btf ? "NO" : "ok", btf ? no_btf.text : "/sys/kernel/btf/vmlinux");
	if (btf)
		return btf;
	check_rungs(&hooks);
	printf("\n");
	line("all of it", err ? "NO" : "ok", err ? error.text : "loaded and attached");
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
