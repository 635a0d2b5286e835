/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The legend: only what the picture has, drawn as it is there.
 */
#include "report/svg/bar.h"
#include "util/utf8.h"

#define SWATCH 18
#define LINE_H 20

static void put_swatch(struct sv *v, enum pw_sign sign, int x)
{
	const int middle = v->y;

	switch (sign) {
	case PW_SIGN_REAPED:
		fprintf(v->out, "<path class=\"reap\" d=\"M%d %dv16\"/>", x + SWATCH / 2, middle - 8);
		break;
	case PW_SIGN_ADOPTED:
		fprintf(v->out, "<path class=\"adopt\" d=\"M%d %dv4q0 4 4 4h6m-4 -4l4 4l-4 4\"/>", x + 4,
			middle - 6);
		break;
	case PW_SIGN_EXEC:
		fprintf(v->out, "<path class=\"exec\" d=\"M%d %dh8l-4 7z\"/>", x + 5, middle - 4);
		break;
	case PW_SIGN_MARK:
		sv_diamond(v, x + SWATCH / 2, middle);
		break;
	default:
		if (sign == PW_SIGN_PART || sign == PW_SIGN_SLIVER)
			fprintf(v->out,
				"<rect class=\"blocked\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"3\"/>", x,
				middle - 1, SWATCH);
		sv_shape(v, sign, sign == PW_SIGN_SLIVER ? x + 8 : x, middle,
			 sign == PW_SIGN_SLIVER ? 2 : SWATCH, 14);
	}
}

static void put_exit(struct sv *v, const char *class, int x)
{
	fprintf(v->out, "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"3.2\"/>\n", class, x + SWATCH / 2,
		v->y);
}

/* Writes an entry, on the next line if this one is full. Returns the x of its swatch. */
static int place(struct sv *v, int *x, const char *words)
{
	const int width = SWATCH + 6 + sv_columns(pw_utf8_columns(words), SV_SMALL);
	int at;

	if (*x > SV_PAD && *x + width > v->width - SV_PAD) {
		*x = SV_PAD;
		v->y += LINE_H;
	}
	at = *x;
	sv_text(v, at + SWATCH + 6, v->y + 4, "key", words);
	*x += width + 10;
	return at;
}

static const char *words_of(const struct sv *v, char buf[static 64], enum pw_sign sign)
{
	const char *words = pw_sign_meaning(v->plot.language, sign);

	if (!sv_letter(sign))
		return words;
	/* po: a state and the letter that stands for it: "stopped (T)" */
	snprintf(buf, 64, tr(v->plot.language, "%s (%s)"), words, sv_letter(sign));
	return buf;
}

void sv_legend(struct sv *v)
{
	int x = SV_PAD;

	v->y += 22;
	for (enum pw_sign s = PW_SIGN_RUN; s < PW_SIGN_COUNT; s++) {
		char words[64];

		if (v->drawn[s])
			put_swatch(v, s, place(v, &x, words_of(v, words, s)));
		if (s == PW_SIGN_UNKNOWN && v->ends[0])
			put_exit(v, "exit", place(v, &x, tr(v->plot.language, "exit 0")));
		if (s == PW_SIGN_UNKNOWN && v->ends[1])
			put_exit(v, "exit bad",
				 place(v, &x,
				       v->ends[0] ? tr(v->plot.language, "other exit")
						  : tr(v->plot.language, "exit other than 0")));
	}
	v->y += LINE_H;
}
