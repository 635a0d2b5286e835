/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * demo_zombie: a child exits, and its parent is slow to wait for it.
 *
 * When a process ends, the kernel takes back its memory and its files, but
 * keeps one small thing: how it ended. Somebody may want to know, and that
 * somebody is the parent, who asks with wait(). Until then the child is a
 * zombie: dead, and still in the process table.
 */
#include "demo.h"

static const char help[] = "usage: demo_zombie [--hold TIME] [--no-wait] [--spoil KIND]\n"
			   "A child ends at once; its parent does something else, then waits for it.\n"
			   "  --hold TIME  how long the parent is busy (500ms)\n"
			   "  --no-wait    the parent ends without ever waiting\n"
			   "  --spoil KIND break it on purpose: reap-at-once or ignore\n";

static const char *const kinds[] = {"reap-at-once", "ignore", NULL};
enum { REAP_AT_ONCE = 1, IGNORE };

int main(int argc, char **argv)
{
	long hold = 500;
	bool no_wait = false;
	int spoil = 0, status;

	print_by_line();
	for (int i = 1; i < argc; i++) {
		if (flag_option(argv[i], "--no-wait"))
			no_wait = true;
		else if (!time_option(argv, &i, "--hold", &hold) && !spoil_option(argv, &i, kinds, &spoil))
			other_option(argv[i], help);
	}

	if (spoil == IGNORE) /* then the kernel keeps no status, and there are no zombies */
		signal(SIGCHLD, SIG_IGN);

	pid_t child = fork();

	if (child < 0)
		die("fork");
	if (child == 0) { /* only the child comes here */
		call_me("child");
		printf("child %d: done, exit 7\n", getpid());
		return 7;
	}

	/* Only the parent comes here. The child ends meanwhile, and nobody asks how. */
	printf("parent %d: started child %d, now doing something else for %ld ms\n", getpid(), child, hold);
	if (spoil == REAP_AT_ONCE)
		wait_for(child);
	pause_ms(hold);
	if (spoil)
		return 0;

	if (no_wait) {
		/* A dead parent cannot wait. The child gets another one, and that one will. */
		printf("parent %d: done, and never waited for child %d\n", getpid(), child);
		return 0;
	}

	/* The child has long ended, so this does not block: it fetches the 7 and frees the zombie. */
	if (waitpid(child, &status, 0) != child)
		die("waitpid");
	printf("parent %d: waited, child %d ended with %d\n", getpid(), child, WEXITSTATUS(status));
	return 0;
}
