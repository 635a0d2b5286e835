/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A stream that deflates bytes (zlib's format) and writes them as base64 in lines. Its
 * memory does not depend on how much goes through.
 */
#ifndef PW_HTML_PACK_H
#define PW_HTML_PACK_H

#include <stdio.h>

/* Opens a stream that writes to out, with one of zlib's levels. NULL: no memory. */
FILE *pw_pack_open(FILE *out, int level);
/* Finishes and frees the stream; out stays open. Returns 0, or the negative errno of this stream or of out. */
int pw_pack_close(FILE *packed);

#endif
