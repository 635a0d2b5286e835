/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The handlers of events, one for each kind in PW_EVENT_KINDS: each changes the
 * model by what one record says. All return 0 or -ENOMEM.
 */
#ifndef PW_MODEL_EVENTS_H
#define PW_MODEL_EVENTS_H

#include "shared/event.h"

struct pw_model;

#define PW_KIND_HANDLER(number, KIND, name, bytes)                                                           \
	int pw_feed_##name(struct pw_model *m, const struct pw_##name *ev);
PW_EVENT_KINDS(PW_KIND_HANDLER)
#undef PW_KIND_HANDLER

#endif
