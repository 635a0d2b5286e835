/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Findings: the facts about the processes that deserve a sentence. report/words
 * turns them into sentences.
 */
#ifndef PW_FINDINGS_H
#define PW_FINDINGS_H

#include "analysis/fact.h"
#include "model/model.h"

/*
 * The kinds of findings: the name in C and the code in reports. report/words has
 * sentences for each.
 */
// clang-format off
#define PW_FINDING_CODES(X) \
	X(LOST,           "lost") \
	X(HOLES,          "holes") \
	X(CONTRADICTIONS, "contradictions") \
	X(UNOBSERVED,     "unobserved") \
	X(ZOMBIE,         "zombie") \
	X(UNREAPED,       "unreaped") \
	X(ORPHAN,         "orphan") \
	X(RENAMED,        "renamed") \
	X(KILLED,         "killed") \
	X(CORE_DUMPED,    "core-dumped") \
	X(LEADER_ENDED,   "leader-ended") \
	X(AUTOREAP,       "autoreap") \
	X(ALIVE,          "alive") \
	X(STOPPED,        "stopped")
// clang-format on

enum pw_finding_code {
#define PW_FINDING_CODE(name, code) PW_FOUND_##name,
	PW_FINDING_CODES(PW_FINDING_CODE)
#undef PW_FINDING_CODE
		PW_FINDING_CODE_COUNT
};

/* "zombie"; valid as long as the program runs. */
const char *pw_finding_code_name(enum pw_finding_code code);

enum pw_severity { PW_NOTE, PW_WARNING };

struct pw_finding {
	enum pw_severity severity;
	/* The process it is about, by pid and start time; 0 and 0: it is about the whole recording. */
	uint32_t pid;
	uint64_t start;
	/* Its code is that of the finding. */
	struct pw_fact fact;
};

struct pw_findings {
	struct pw_finding *at;
	size_t count;
};

/*
 * Searches a finished model; end_ns: when its recording ended. Returns 0 or -ENOMEM.
 * The caller frees *f with pw_findings_free, also after an error.
 */
int pw_findings_make(struct pw_findings *f, const struct pw_model *m, uint64_t end_ns);
void pw_findings_free(struct pw_findings *f);

#endif
