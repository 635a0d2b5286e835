/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One life as one JSON object, the shape every JSON view shares.
 */
#ifndef PW_JSON_LIFE_H
#define PW_JSON_LIFE_H

#include "model/life.h"
#include "report/choice.h"
#include "util/json.h"

/*
 * Writes the life; times relative to start_ns. With threads: its threads too, and
 * of their intervals what is chosen, many lines.
 */
void pw_json_life(struct pw_json *j, const struct pw_life *life, uint64_t start_ns,
		  const struct pw_choice *threads);
/* Writes the sums of the lives of one name. */
void pw_json_earlier(struct pw_json *j, const struct pw_earlier *earlier);

#endif
