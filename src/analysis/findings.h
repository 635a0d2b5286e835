/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Findings: what in the processes deserves a sentence.
 */
#ifndef PW_FINDINGS_H
#define PW_FINDINGS_H

#include "model/model.h"

enum pw_severity { PW_NOTE, PW_WARNING };

struct pw_finding {
	const char *
		code; /* "zombie", "orphan", "unreaped", "leader-ended", "killed", "lost", ...; fixed words */
	enum pw_severity severity;
	uint32_t pid; /* 0: about the whole recording */
	uint64_t start; /* of that process */
	char *text; /* one plain sentence; names in it are raw bytes */
};

struct pw_findings {
	struct pw_finding *at;
	size_t count;
};

/*
 * Whether a process was a zombie for long enough to be worth a word: reaping takes
 * its time even from a parent that waits, the more so on a busy machine.
 */
bool pw_zombie_is_long(const struct pw_process *process, uint64_t recording_ns);

/* Looks through the finished model. Returns 0 or -ENOMEM; free with pw_findings_free either way. */
int pw_findings_make(struct pw_findings *f, const struct pw_model *m, uint64_t end_ns);
void pw_findings_free(struct pw_findings *f);

#endif
