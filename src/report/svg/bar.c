/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Cells to shapes. Neighbouring cells that look alike are one rectangle, and all rectangles
 * of a state in a row are one path. Every state has a height or a pattern of its own, so that
 * no reader depends on colours:
 *
 *	running		solid and high; lower in a cell that is mostly blocked
 *	ready		slanted lines, lower
 *	blocked		a thin line
 *	uninterruptible	crossed lines, and a D
 *	stopped		upright lines, and a T
 *	zombie		slanted bands in a frame, and the length of the zombie interval
 *	unknown		dots, and a ?
 */
#include "report/svg/bar.h"

#include "model/questions.h"
#include "util/utf8.h"

/* Pixels: the least width of a rare state, and the width from which it has room for a letter. */
#define LEAST_RARE 5
#define LETTER	   11

int sv_x(const struct sv *v, uint64_t at)
{
	return v->bar_x + (int)pw_cell_among(&v->plot, at, (size_t)v->bar_w);
}

const char *sv_class(enum pw_sign sign)
{
	static const char *const classes[PW_SIGN_COUNT] = {
		[PW_SIGN_RUN] = "run",
		[PW_SIGN_PART] = "run",
		[PW_SIGN_SLIVER] = "run",
		[PW_SIGN_READY] = "ready",
		[PW_SIGN_BLOCKED] = "blocked",
		[PW_SIGN_DISK] = "disk",
		[PW_SIGN_STOPPED] = "stop",
		[PW_SIGN_ZOMBIE] = "zombie",
		[PW_SIGN_ZOMBIE_BOUND] = "zombie",
		[PW_SIGN_UNKNOWN] = "unknown",
	};

	return classes[sign];
}

static int height_of(enum pw_sign sign, int height)
{
	static const int percent[PW_SIGN_COUNT] = {
		[PW_SIGN_RUN] = 100,	[PW_SIGN_PART] = 70,	[PW_SIGN_SLIVER] = 44,
		[PW_SIGN_READY] = 60,	[PW_SIGN_BLOCKED] = 0,	[PW_SIGN_DISK] = 100,
		[PW_SIGN_STOPPED] = 84, [PW_SIGN_ZOMBIE] = 100, [PW_SIGN_ZOMBIE_BOUND] = 100,
		[PW_SIGN_UNKNOWN] = 84,
	};
	const int own = height * percent[sign] / 100;

	return own < 3 ? 3 : own;
}

const char *sv_letter(enum pw_sign sign)
{
	static const char *const letters[PW_SIGN_COUNT] = {
		[PW_SIGN_DISK] = "D",	      [PW_SIGN_STOPPED] = "T", [PW_SIGN_ZOMBIE] = "Z",
		[PW_SIGN_ZOMBIE_BOUND] = "Z", [PW_SIGN_UNKNOWN] = "?",
	};

	return letters[sign];
}

static bool is_rare(enum pw_sign sign)
{
	return sign >= PW_SIGN_DISK && sign <= PW_SIGN_UNKNOWN;
}

static void put_plate(struct sv *v, const char *text, const char *look, int x, int middle, int width)
{
	fprintf(v->out, "<rect class=\"plate%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"12\" rx=\"2\"/>\n",
		look, x - width / 2, middle - 6, width);
	fprintf(v->out, "<text x=\"%d\" y=\"%d\" class=\"in%s\">", x, middle + 4, look);
	sv_escape(v, text);
	fputs("</text>\n", v->out);
}

void sv_shape(struct sv *v, enum pw_sign sign, int x, int middle, int width, int height)
{
	const int own = height_of(sign, height);
	const bool framed = sign == PW_SIGN_ZOMBIE || sign == PW_SIGN_ZOMBIE_BOUND || sign == PW_SIGN_READY;

	fprintf(v->out, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", sv_class(sign),
		x, middle - own / 2, width, own);
	if (framed && width > 3)
		fprintf(v->out, "<rect class=\"edge\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"/>\n", x,
			middle - own / 2, width, own);
}

/*
 * A cell is part of a stretch of this sign. The line of blocked continues below short runs, and
 * the runs of a cell that is mostly ready are drawn on top of it.
 */
static bool belongs(const struct pw_cells *cells, size_t c, enum pw_sign sign)
{
	const unsigned char is = cells->sign[c], ran = is == PW_SIGN_READY ? cells->ran[c] : 0;

	switch (sign) {
	case PW_SIGN_BLOCKED:
		return is == PW_SIGN_BLOCKED || is == PW_SIGN_PART || is == PW_SIGN_SLIVER;
	case PW_SIGN_PART:
		return is == sign || ran > 1;
	case PW_SIGN_SLIVER:
		return is == sign || ran == 1;
	default:
		return is == sign;
	}
}

/* The next stretch of a sign from *to on, as [*from, *to). False: there is none. */
static bool next_stretch(const struct pw_cells *cells, enum pw_sign sign, size_t *from, size_t *to)
{
	for (*from = *to; *from < cells->end && !belongs(cells, *from, sign); ++*from)
		;
	for (*to = *from; *to < cells->end && belongs(cells, *to, sign); ++*to)
		;
	return *from < *to;
}

static int cell_x(const struct sv *v, size_t cell)
{
	return v->bar_x + (int)cell * SV_CELL;
}

static void draw_common(struct sv *v, const struct pw_cells *cells, enum pw_sign sign, int middle, int height)
{
	const int own = height_of(sign, height);
	size_t from, to = 0;
	bool open = false;

	while (next_stretch(cells, sign, &from, &to)) {
		const int width = (int)(to - from) * SV_CELL;

		if (!open)
			fprintf(v->out, "<path class=\"%s\" d=\"", sv_class(sign));
		open = true;
		fprintf(v->out, "M%d %dh%dv%dh-%dz", cell_x(v, from), middle - own / 2, width, own, width);
	}
	if (open) {
		fputs("\"/>\n", v->out);
		v->drawn[sign] = true;
	}
}

/* "zombie 500 ms", "500 ms" or "Z", whichever fits. */
static void put_zombie_words(struct sv *v, const struct pw_row *row, int x, int middle, int width)
{
	const struct pw_process *process = row->process;
	struct pw_text length = {0}, words = {0};
	int room;

	if (pw_row_is_summary(row) || row->threads || !process->zombie_from) {
		put_plate(v, "Z", " z", x, middle, 12);
		return;
	}
	if (process->reap_bounded)
		pw_text_add(&length, v->plot.signs.at_most);
	else if (pw_process_found_dead(process))
		pw_text_add(&length, v->plot.signs.at_least);
	pw_plot_duration(&v->plot, &length, pw_zombie_ns(process, v->plot.end));
	pw_text_format(&words, tr(v->plot.language, "zombie %s"), pw_text_get(&length));
	room = width - 10;
	if (sv_columns(pw_utf8_columns(pw_text_get(&words)), SV_SMALL) <= room)
		put_plate(v, pw_text_get(&words), " z", x, middle,
			  sv_columns(pw_utf8_columns(pw_text_get(&words)), SV_SMALL) + 8);
	else if (sv_columns(pw_utf8_columns(pw_text_get(&length)), SV_SMALL) <= room)
		put_plate(v, pw_text_get(&length), " z", x, middle,
			  sv_columns(pw_utf8_columns(pw_text_get(&length)), SV_SMALL) + 8);
	else
		put_plate(v, "Z", " z", x, middle, 12);
	sv_done(v, &length);
	sv_done(v, &words);
}

static void draw_rare(struct sv *v, const struct pw_row *row, const struct pw_cells *cells, enum pw_sign sign,
		      int middle, int height)
{
	const int end = cell_x(v, cells->end);
	size_t from, to = 0;
	bool labelled = false;

	while (next_stretch(cells, sign, &from, &to)) {
		int x = cell_x(v, from), width = (int)(to - from) * SV_CELL;

		if (width < LEAST_RARE) {
			x -= (LEAST_RARE - width) / 2;
			width = LEAST_RARE;
			if (x + width > end) /* it must not reach beyond the end of the bar */
				x = end - width;
		}
		sv_shape(v, sign, x, middle, width, height);
		v->drawn[sign] = true;
		if (width < LETTER || height < 12)
			continue;
		if (sign == PW_SIGN_ZOMBIE || sign == PW_SIGN_ZOMBIE_BOUND)
			put_zombie_words(v, row, x + width / 2, middle, width);
		else if (!labelled) /* one letter a row: alternating states would be all letters */
			put_plate(v, sv_letter(sign), "", x + width / 2, middle, 10);
		labelled = true;
	}
}

/* A partly running cell beside a running one is the edge of the same stretch. */
static void smooth(struct pw_cells *cells)
{
	for (size_t c = 0; c < cells->end; c++) {
		const bool beside = (c > 0 && cells->sign[c - 1] == PW_SIGN_RUN) ||
				    (c + 1 < cells->end && cells->sign[c + 1] == PW_SIGN_RUN);

		if (beside && cells->sign[c] == PW_SIGN_PART) {
			cells->sign[c] = PW_SIGN_RUN;
			c++; /* an edge is one cell wide */
		}
	}
}

int sv_bar(struct sv *v, const struct pw_row *row, int middle, int height, bool *named)
{
	struct pw_cells cells;
	int end = v->bar_x;

	if (pw_cells_make(&v->plot, &cells, row)) {
		v->plot.failed = true;
	} else {
		smooth(&cells);
		draw_common(v, &cells, PW_SIGN_BLOCKED, middle, height);
		draw_common(v, &cells, PW_SIGN_READY, middle, height);
		for (enum pw_sign s = PW_SIGN_RUN; s <= PW_SIGN_SLIVER; s++)
			draw_common(v, &cells, s, middle, height);
		for (enum pw_sign s = PW_SIGN_UNKNOWN; is_rare(s); s--)
			draw_rare(v, row, &cells, s, middle, height);
		if (!row->threads && !pw_row_is_summary(row))
			sv_overlays(v, row, &cells, middle, height, named);
		if (row->threads <= 1 && !pw_row_is_summary(row))
			sv_bar_marks(v, row, &cells, middle);
		end = cell_x(v, cells.end);
	}
	pw_cells_free(&cells);
	return end;
}
