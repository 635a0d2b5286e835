/* SPDX-License-Identifier: GPL-2.0-only */
#include "course/lib/evidence.h"

void pw_evidence_add(struct pw_evidence *why, const char *code, const struct pw_value *values)
{
	const struct pw_fact fact = pw_fact_make(code, values);

	pw_facts_add(&why->facts, &fact);
}
