/* SPDX-License-Identifier: GPL-2.0-only */
#include "recording/section.h"

#include <errno.h>
#include <zlib.h>

/* CRC-32 as in zlib, PNG and Ethernet: it finds every flipped bit and every burst of up to four bytes. */
static uint32_t crc_of(const uint8_t *bytes, size_t n)
{
	return (uint32_t)crc32_z(0, bytes, n);
}

static void set_le(uint8_t *at, uint32_t value, size_t n)
{
	for (size_t i = 0; i < n; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

static uint32_t get_le(const uint8_t *at, size_t n)
{
	struct pw_taker t = {.at = at, .end = at + n};

	return (uint32_t)pw_take_le(&t, n);
}

static int write_all(FILE *out, const void *bytes, size_t n)
{
	errno = 0;
	if (fwrite(bytes, 1, n, out) == n)
		return 0;
	return errno ? -errno : -EIO;
}

int pw_write_file_head(FILE *out)
{
	uint8_t head[PW_FILE_HEAD_LEN];

	memcpy(head, PW_MAGIC, PW_MAGIC_LEN);
	set_le(head + 8, PW_FORMAT_MAJOR, 2);
	set_le(head + 10, PW_FORMAT_MINOR, 2);
	set_le(head + 12, crc_of(head, 12), 4);
	return write_all(out, head, sizeof(head));
}

int pw_write_section(FILE *out, uint32_t type, const struct pw_bytes *body)
{
	uint8_t head[PW_SECTION_HEAD_LEN];
	int err;

	if (body->failed)
		return -ENOMEM;
	set_le(head, type, 4);
	set_le(head + 4, (uint32_t)body->n, 4);
	set_le(head + 8, crc_of(body->at, body->n), 4);
	set_le(head + 12, crc_of(head, 12), 4);
	err = write_all(out, head, sizeof(head));
	return err ? err : write_all(out, body->at, body->n);
}

/* Returns 1; 0 at the end of the file; -ENODATA when the file has fewer bytes; or a negative errno. */
static int read_all(FILE *in, uint8_t *to, size_t n)
{
	size_t got;

	errno = 0;
	got = fread(to, 1, n, in);
	if (got < n && ferror(in))
		return errno ? -errno : -EIO;
	if (got == n)
		return 1;
	return got ? -ENODATA : 0;
}

int pw_read_file_head(FILE *in, unsigned int *major, unsigned int *minor)
{
	uint8_t head[PW_FILE_HEAD_LEN];
	int got = read_all(in, head, PW_MAGIC_LEN);

	if (got == 1 && memcmp(head, PW_MAGIC, PW_MAGIC_LEN) != 0)
		return -EPROTO;
	if (got == -ENODATA)
		return -EPROTO;
	if (got == 1)
		got = read_all(in, head + PW_MAGIC_LEN, sizeof(head) - PW_MAGIC_LEN) == 1 ? 1 : -ENODATA;
	if (got != 1)
		return got;
	*major = get_le(head + 8, 2);
	*minor = get_le(head + 10, 2);
	return get_le(head + 12, 4) == crc_of(head, 12) ? 1 : -EBADMSG;
}

int pw_read_section(FILE *in, struct pw_section *s)
{
	uint8_t head[PW_SECTION_HEAD_LEN];
	int got = read_all(in, head, sizeof(head));
	size_t n;

	if (got != 1)
		return got;
	n = get_le(head + 4, 4);
	if (get_le(head + 12, 4) != crc_of(head, 12) || n > PW_SECTION_MAX)
		return -EBADMSG;
	s->type = get_le(head, 4);
	s->body.n = 0;
	if (!pw_reserve(&s->body, n + 1))
		return -ENOMEM;
	got = n ? read_all(in, s->body.at, n) : 1;
	if (got != 1)
		return got ? got : -ENODATA;
	s->body.n = n;
	return get_le(head + 8, 4) == crc_of(s->body.at, n) ? 1 : -EBADMSG;
}
