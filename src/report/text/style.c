/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/text/style.h"

static const struct tv_style unicode_style = {
	.glyph =
		{
			[PW_SIGN_NONE] = " ",
			[PW_SIGN_RUN] = "█",
			[PW_SIGN_PART] = "▄",
			[PW_SIGN_SLIVER] = "▁",
			[PW_SIGN_READY] = "▒",
			[PW_SIGN_BLOCKED] = "·",
			[PW_SIGN_DISK] = "D",
			[PW_SIGN_STOPPED] = "T",
			[PW_SIGN_ZOMBIE] = "Z",
			[PW_SIGN_ZOMBIE_BOUND] = "z",
			[PW_SIGN_UNKNOWN] = "?",
			[PW_SIGN_REAPED] = "┤",
			[PW_SIGN_ADOPTED] = "↪",
			[PW_SIGN_EXEC] = "E",
			[PW_SIGN_MARK] = "◆",
		},
	.cut = "…",
	.branch = "├─",
	.last = "└─",
	.pass = "│ ",
	.none = "  ",
	.axis = "─",
	.tick = "┬",
	.axis_first = "┌",
	.axis_last = "┐",
};

static const struct tv_style ascii_style = {
	.ascii = true,
	.glyph =
		{
			[PW_SIGN_NONE] = " ",
			[PW_SIGN_RUN] = "#",
			[PW_SIGN_PART] = "+",
			[PW_SIGN_SLIVER] = "-",
			[PW_SIGN_READY] = "=",
			[PW_SIGN_BLOCKED] = ".",
			[PW_SIGN_DISK] = "D",
			[PW_SIGN_STOPPED] = "T",
			[PW_SIGN_ZOMBIE] = "Z",
			[PW_SIGN_ZOMBIE_BOUND] = "z",
			[PW_SIGN_UNKNOWN] = "?",
			[PW_SIGN_REAPED] = "|",
			[PW_SIGN_ADOPTED] = ">",
			[PW_SIGN_EXEC] = "E",
			[PW_SIGN_MARK] = "*",
		},
	.cut = "~",
	.branch = "|-",
	.last = "`-",
	.pass = "| ",
	.none = "  ",
	.axis = "-",
	.tick = "+",
	.axis_first = "+",
	.axis_last = "+",
};

const struct tv_style *tv_style_get(bool ascii)
{
	return ascii ? &ascii_style : &unicode_style;
}

enum tv_colour tv_colour_of(enum pw_sign glyph)
{
	static const enum tv_colour colours[PW_SIGN_COUNT] = {
		[PW_SIGN_RUN] = COLOUR_RUN,	     [PW_SIGN_PART] = COLOUR_RUN,
		[PW_SIGN_SLIVER] = COLOUR_RUN,	     [PW_SIGN_READY] = COLOUR_READY,
		[PW_SIGN_BLOCKED] = COLOUR_DIM,	     [PW_SIGN_DISK] = COLOUR_DISK,
		[PW_SIGN_STOPPED] = COLOUR_STOPPED,  [PW_SIGN_ZOMBIE] = COLOUR_ZOMBIE,
		[PW_SIGN_ZOMBIE_BOUND] = COLOUR_BAD, [PW_SIGN_UNKNOWN] = COLOUR_UNKNOWN,
		[PW_SIGN_REAPED] = COLOUR_DIM,	     [PW_SIGN_ADOPTED] = COLOUR_EVENT,
		[PW_SIGN_EXEC] = COLOUR_EVENT,	     [PW_SIGN_MARK] = COLOUR_EVENT,
	};

	return colours[glyph];
}

/*
 * Only the sixteen colours of every terminal, which its user has made readable on the
 * background; neither white nor black alone. Only a zombie has a background of its own.
 * Faint (2) instead of "bright black", which is invisible in some dark themes.
 */
const char *tv_sequence(enum tv_colour colour, bool color)
{
	static const char *const sequences[COLOUR_COUNT] = {
		[COLOUR_PLAIN] = "\x1b[0m",    [COLOUR_DIM] = "\x1b[2m",
		[COLOUR_HEAD] = "\x1b[1m",     [COLOUR_RUN] = "\x1b[32m",
		[COLOUR_READY] = "\x1b[33m",   [COLOUR_DISK] = "\x1b[35m",
		[COLOUR_STOPPED] = "\x1b[36m", [COLOUR_ZOMBIE] = "\x1b[1;37;41m",
		[COLOUR_UNKNOWN] = "\x1b[7m",  [COLOUR_EVENT] = "\x1b[1;34m",
		[COLOUR_GOOD] = "\x1b[32m",    [COLOUR_BAD] = "\x1b[1;31m",
	};

	return color ? sequences[colour] : "";
}
