/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The HTML report: the page, which the build assembles from page.html, page.css and js/,
 * with the recording in blocks of base64. No untrusted byte is written as it is, so the
 * recording cannot become markup or script.
 */
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

#include "html_page.h"
#include "report/html/document.h"
#include "report/html/pack.h"
#include "report/report.h"

/* Opens a block of data that goes to out. NULL: no memory. */
static FILE *open_block(FILE *out, const char *id, int level)
{
	FILE *packed = pw_pack_open(out, level);

	if (packed)
		fprintf(out, "<script type=\"application/octet-stream\" id=\"%s\">\n", id);
	return packed;
}

/* Returns err, the result of writing the block's contents, or that of closing it. */
static int close_block(FILE *packed, FILE *out, int err)
{
	const int close_err = pw_pack_close(packed);

	fputs("\n</script>\n", out);
	return err ? err : close_err;
}

/* Durations are mostly noise: a higher level saves half a per cent and takes three times as long. */
static int level_of(enum pw_column column)
{
	return column == PW_COLUMN_NS ? Z_BEST_SPEED : Z_DEFAULT_COMPRESSION;
}

static int write_column(enum pw_column column, const char *id, struct pw_kinds *kinds,
			const struct pw_page *page, FILE *out)
{
	FILE *packed = open_block(out, id, level_of(column));

	if (!packed)
		return -ENOMEM;
	return close_block(packed, out, pw_column_write(column, kinds, page, packed));
}

static int write_document(const struct pw_page *page, const struct pw_kinds *kinds, FILE *out)
{
	FILE *packed = open_block(out, "data-document", Z_DEFAULT_COMPRESSION);

	if (!packed)
		return -ENOMEM;
	return close_block(packed, out, pw_page_document(page, kinds, packed));
}

static int write_half(const unsigned char *half, size_t n, FILE *out)
{
	errno = 0;
	if (fwrite(half, 1, n, out) == n && !fflush(out))
		return 0;
	return errno ? -errno : -EIO;
}

static int write_page(const struct pw_page *page, FILE *out)
{
	static const char *const ids[PW_COLUMN_COUNT] = {
		[PW_COLUMN_KIND] = "data-kind",
		[PW_COLUMN_NS] = "data-ns",
		[PW_COLUMN_CPU] = "data-cpu",
		[PW_COLUMN_BY] = "data-by",
	};
	struct pw_kinds kinds = {0};
	int err = write_half(html_page_head, sizeof(html_page_head), out);

	for (int c = 0; c < PW_COLUMN_COUNT && !err; c++)
		err = write_column((enum pw_column)c, ids[c], &kinds, page, out);
	/* The document holds the kinds, which the columns have filled. */
	if (!err)
		err = write_document(page, &kinds, out);
	if (!err)
		err = write_half(html_page_tail, sizeof(html_page_tail), out);
	pw_kinds_free(&kinds);
	return err;
}

int pw_report_html(const struct pw_report *r, FILE *out)
{
	struct pw_page page = {.report = r};
	int err = pw_view_filter_make(&page.filter, r);

	if (err)
		goto out_filter;
	page.processes = pw_view_filter_by_birth(&page.filter);
	err = page.processes ? write_page(&page, out) : -ENOMEM;
	free(page.processes);
out_filter:
	pw_view_filter_free(&page.filter);
	return err;
}
