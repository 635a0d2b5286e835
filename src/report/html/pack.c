/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/html/pack.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <zlib.h>

/* Characters of base64 in a line, a multiple of 4. */
#define LINE 256

struct pack {
	FILE *out;
	z_stream z;
	/* The bytes of an incomplete group. */
	unsigned char rest[3];
	size_t n_rest;
	char line[LINE + 1];
	size_t n_line;
	/* The first error, of zlib or of out. */
	int err;
	unsigned char deflated[16384];
};

static void put_line(struct pack *p)
{
	if (fwrite(p->line, 1, p->n_line, p->out) != p->n_line && !p->err)
		p->err = errno ? -errno : -EIO;
	p->n_line = 0;
}

/* Writes three bytes as four characters, and '=' for those of missing bytes. */
static void put_group(struct pack *p)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const unsigned char *b = p->rest;
	char *to = p->line + p->n_line;

	to[0] = digits[b[0] >> 2];
	to[1] = digits[(b[0] & 3) << 4 | b[1] >> 4];
	to[2] = p->n_rest > 1 ? digits[(b[1] & 15) << 2 | b[2] >> 6] : '=';
	to[3] = p->n_rest > 2 ? digits[b[2] & 63] : '=';
	p->n_line += 4;
	if (p->n_line == LINE) {
		p->line[p->n_line++] = '\n';
		put_line(p);
	}
	p->rest[0] = p->rest[1] = p->rest[2] = 0;
	p->n_rest = 0;
}

static void put_bytes(struct pack *p, const unsigned char *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		p->rest[p->n_rest++] = bytes[i];
		if (p->n_rest == sizeof(p->rest))
			put_group(p);
	}
}

/* Deflates all input; with Z_FINISH it also ends the stream. */
static void drain(struct pack *p, int flush)
{
	do {
		p->z.next_out = p->deflated;
		p->z.avail_out = sizeof(p->deflated);
		if (deflate(&p->z, flush) == Z_STREAM_ERROR && !p->err)
			p->err = -EIO;
		put_bytes(p, p->deflated, sizeof(p->deflated) - p->z.avail_out);
	} while (p->z.avail_out == 0 && !p->err);
}

static ssize_t write_cookie(void *cookie, const char *bytes, size_t n)
{
	struct pack *p = cookie;

	p->z.next_in = (unsigned char *)bytes; /* zlib only reads it, but its API has no const */
	p->z.avail_in = (uInt)n;
	drain(p, Z_NO_FLUSH);
	return p->err ? 0 : (ssize_t)n;
}

static int close_cookie(void *cookie)
{
	struct pack *p = cookie;
	int err;

	p->z.avail_in = 0;
	if (!p->err)
		drain(p, Z_FINISH);
	if (!p->err && p->n_rest)
		put_group(p);
	if (!p->err)
		put_line(p);
	err = p->err;
	deflateEnd(&p->z);
	free(p);
	if (!err)
		return 0;
	errno = -err;
	return EOF;
}

FILE *pw_pack_open(FILE *out, int level)
{
	const cookie_io_functions_t functions = {.write = write_cookie, .close = close_cookie};
	struct pack *p = calloc(1, sizeof(*p));
	FILE *packed;

	if (!p)
		return NULL;
	p->out = out;
	if (deflateInit(&p->z, level) != Z_OK) {
		free(p);
		errno = ENOMEM;
		return NULL;
	}
	packed = fopencookie(p, "w", functions);
	if (!packed) {
		deflateEnd(&p->z);
		free(p);
	}
	return packed;
}

int pw_pack_close(FILE *packed)
{
	const bool failed = ferror(packed);

	errno = 0;
	/* fclose returns the stream's first error, from earlier writes too. */
	if (fclose(packed))
		return errno ? -errno : -EIO;
	return failed ? -EIO : 0;
}
