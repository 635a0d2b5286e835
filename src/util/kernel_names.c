/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/kernel_names.h"

#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>

#define NAME(sig) [sig] = #sig

/* A table, because sigabbrev_np() is newer than some supported C libraries, and strsignal() is translated. */
static const char *const signal_names[] = {
	NAME(SIGHUP),	 NAME(SIGINT),	NAME(SIGQUIT),	NAME(SIGILL),  NAME(SIGTRAP), NAME(SIGABRT),
	NAME(SIGBUS),	 NAME(SIGFPE),	NAME(SIGKILL),	NAME(SIGUSR1), NAME(SIGSEGV), NAME(SIGUSR2),
	NAME(SIGPIPE),	 NAME(SIGALRM), NAME(SIGTERM),	NAME(SIGCHLD), NAME(SIGCONT), NAME(SIGSTOP),
	NAME(SIGTSTP),	 NAME(SIGTTIN), NAME(SIGTTOU),	NAME(SIGURG),  NAME(SIGXCPU), NAME(SIGXFSZ),
	NAME(SIGVTALRM), NAME(SIGPROF), NAME(SIGWINCH), NAME(SIGIO),   NAME(SIGPWR),  NAME(SIGSYS),
#ifdef SIGSTKFLT
	NAME(SIGSTKFLT),
#endif
};

/* The C library uses 32 and 33 itself, so its SIGRTMIN is 34. */
#define RT_FIRST 34
static const char *const realtime_names[] = {
	"SIGRTMIN",    "SIGRTMIN+1",  "SIGRTMIN+2",  "SIGRTMIN+3",  "SIGRTMIN+4",  "SIGRTMIN+5",
	"SIGRTMIN+6",  "SIGRTMIN+7",  "SIGRTMIN+8",  "SIGRTMIN+9",  "SIGRTMIN+10", "SIGRTMIN+11",
	"SIGRTMIN+12", "SIGRTMIN+13", "SIGRTMIN+14", "SIGRTMIN+15", "SIGRTMAX-14", "SIGRTMAX-13",
	"SIGRTMAX-12", "SIGRTMAX-11", "SIGRTMAX-10", "SIGRTMAX-9",  "SIGRTMAX-8",  "SIGRTMAX-7",
	"SIGRTMAX-6",  "SIGRTMAX-5",  "SIGRTMAX-4",  "SIGRTMAX-3",  "SIGRTMAX-2",  "SIGRTMAX-1",
	"SIGRTMAX",
};

const char *pw_signal_name(int sig)
{
	const size_t plain = sizeof(signal_names) / sizeof(signal_names[0]);
	const size_t realtime = sizeof(realtime_names) / sizeof(realtime_names[0]);

	if (sig > 0 && (size_t)sig < plain)
		return signal_names[sig];
	if (sig >= RT_FIRST && (size_t)(sig - RT_FIRST) < realtime)
		return realtime_names[sig - RT_FIRST];
	return NULL;
}

static const char *const syscall_names[] = {
#include "syscall_names.h"
};

const char *pw_syscall_name(int nr)
{
	if (nr < 0 || (size_t)nr >= sizeof(syscall_names) / sizeof(syscall_names[0]))
		return NULL;
	return syscall_names[nr];
}
