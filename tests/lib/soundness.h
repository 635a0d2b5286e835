/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What every finished model shows, whatever it was fed. tests/reports/check_report.py asks more, of a report; this is
 * quick enough to be asked a million times.
 */
#ifndef TESTS_LIB_SOUNDNESS_H
#define TESTS_LIB_SOUNDNESS_H

#include <stdint.h>

#include "model/model.h"

/*
 * The first thing that is wrong; NULL when nothing is. end: of the recording; UINT64_MAX: the events
 * had times in no order, so what depends on that order is not asked.
 */
const char *model_problem(const struct pw_model *m, uint64_t end);

#endif
