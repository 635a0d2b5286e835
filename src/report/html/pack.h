/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Bytes on their way into a page: deflated (zlib's format), then base64 in
 * lines. Nothing is kept, however much goes through.
 */
#ifndef PW_HTML_PACK_H
#define PW_HTML_PACK_H

#include <stdio.h>

/*
 * A stream of its own: what is written to it arrives in out, deflated by one of
 * zlib's levels. NULL when memory is short. pw_pack_close ends it, leaves out open, and returns 0 or a negative
 * errno: of this stream or of out.
 */
FILE *pw_pack_open(FILE *out, int level);
int pw_pack_close(FILE *packed);

#endif
