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

static void open_block(FILE *out, const char *id)
{
	fprintf(out, "<script type=\"application/octet-stream\" id=\"%s\">\n", id);
}

static void close_block(FILE *out)
{
	fputs("\n</script>\n", out);
}

/* Durations are mostly noise: a higher level saves half a per cent and takes three times as long. */
static int level_of(enum pw_column column)
{
	return column == PW_COLUMN_NS ? Z_BEST_SPEED : Z_DEFAULT_COMPRESSION;
}

static int write_column(enum pw_column column, const char *id, struct pw_kinds *kinds,
			const struct pw_page *page, FILE *out)
{
	FILE *packed = pw_pack_open(out, level_of(column));
	int err, closed;

	if (!packed)
		return -ENOMEM;
	open_block(out, id);
	err = pw_column_write(column, kinds, page, packed);
	closed = pw_pack_close(packed);
	close_block(out);
	return err ? err : closed;
}

static int write_document(const struct pw_page *page, const struct pw_kinds *kinds, FILE *out)
{
	FILE *packed = pw_pack_open(out, Z_DEFAULT_COMPRESSION);
	int err, closed;

	if (!packed)
		return -ENOMEM;
	open_block(out, "data-document");
	err = pw_page_document(page, kinds, packed);
	closed = pw_pack_close(packed);
	close_block(out);
	return err ? err : closed;
}

static int write_half(const unsigned char *half, size_t n, FILE *out)
{
	errno = 0;
	if (fwrite(half, 1, n, out) == n && !fflush(out))
		return 0;
	return errno ? -errno : -EIO;
}

int pw_report_html(const struct pw_report *r, FILE *out)
{
	static const char *const ids[PW_COLUMN_COUNT] = {
		[PW_COLUMN_KIND] = "data-kind",
		[PW_COLUMN_NS] = "data-ns",
		[PW_COLUMN_CPU] = "data-cpu",
		[PW_COLUMN_BY] = "data-by",
	};
	struct pw_page page = {.report = r};
	struct pw_kinds kinds = {0};
	int err = pw_view_filter_make(&page.filter, r);

	if (!err)
		page.processes = pw_view_filter_by_birth(&page.filter);
	if (!err && !page.processes)
		err = -ENOMEM;
	if (!err)
		err = write_half(html_page_head, sizeof(html_page_head), out);
	for (int c = 0; c < PW_COLUMN_COUNT && !err; c++)
		err = write_column((enum pw_column)c, ids[c], &kinds, &page, out);
	if (!err)
		err = write_document(&page, &kinds, out);
	pw_kinds_free(&kinds);
	pw_view_filter_free(&page.filter);
	free(page.processes);
	return err ? err : write_half(html_page_tail, sizeof(html_page_tail), out);
}
