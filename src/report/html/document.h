/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The page's JSON document: all data beside the intervals. It holds the recording, the
 * processes as in the JSON report, their threads in the order of the columns, the kinds,
 * marks, signals, findings and the lesson.
 */
#ifndef PW_HTML_DOCUMENT_H
#define PW_HTML_DOCUMENT_H

#include <stdio.h>

#include "report/html/columns.h"
#include "report/report.h"

/* Writes the document, after the columns have filled kinds. Returns 0 or a negative errno. */
int pw_page_document(const struct pw_page *page, const struct pw_kinds *kinds, FILE *out);

#endif
