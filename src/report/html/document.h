/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a page knows beside the intervals, as one JSON document: the recording,
 * the processes (as in the JSON report), their threads in the order of the columns,
 * the kinds, signals, findings and the lesson.
 */
#ifndef PW_HTML_DOCUMENT_H
#define PW_HTML_DOCUMENT_H

#include <stdio.h>

#include "report/html/columns.h"
#include "report/report.h"

/* Returns 0 or a negative errno. */
int pw_page_document(const struct pw_page *page, const struct pw_kinds *kinds, FILE *out);

#endif
