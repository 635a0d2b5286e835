// SPDX-License-Identifier: GPL-2.0-only
#include "report/text/style.h"

static const struct tv_style unicode_style = {
	.glyph =
		{
			[GLYPH_NONE] = " ",
			[GLYPH_RUN] = "█",
			[GLYPH_PART] = "▄",
			[GLYPH_SLIVER] = "▁",
			[GLYPH_READY] = "▒",
			[GLYPH_BLOCKED] = "·",
			[GLYPH_DISK] = "D",
			[GLYPH_STOPPED] = "T",
			[GLYPH_ZOMBIE] = "Z",
			[GLYPH_ZOMBIE_BOUND] = "z",
			[GLYPH_UNKNOWN] = "?",
			[GLYPH_REAPED] = "┤",
			[GLYPH_ADOPTED] = "↪",
			[GLYPH_EXEC] = "E",
			[GLYPH_MARK] = "◆",
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
	.at_most = "≤ ",
	.at_least = "≥ ",
	.more = "…",
};

static const struct tv_style ascii_style = {
	.ascii = true,
	.glyph =
		{
			[GLYPH_NONE] = " ",
			[GLYPH_RUN] = "#",
			[GLYPH_PART] = "+",
			[GLYPH_SLIVER] = "-",
			[GLYPH_READY] = "=",
			[GLYPH_BLOCKED] = ".",
			[GLYPH_DISK] = "D",
			[GLYPH_STOPPED] = "T",
			[GLYPH_ZOMBIE] = "Z",
			[GLYPH_ZOMBIE_BOUND] = "z",
			[GLYPH_UNKNOWN] = "?",
			[GLYPH_REAPED] = "|",
			[GLYPH_ADOPTED] = ">",
			[GLYPH_EXEC] = "E",
			[GLYPH_MARK] = "*",
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
	.at_most = "<= ",
	.at_least = ">= ",
	.more = "~",
};

const struct tv_style *tv_style_get(bool ascii)
{
	return ascii ? &ascii_style : &unicode_style;
}

enum tv_colour tv_colour_of(enum tv_glyph glyph)
{
	static const enum tv_colour colours[GLYPH_COUNT] = {
		[GLYPH_RUN] = COLOUR_RUN,	   [GLYPH_PART] = COLOUR_RUN,
		[GLYPH_SLIVER] = COLOUR_RUN,	   [GLYPH_READY] = COLOUR_READY,
		[GLYPH_BLOCKED] = COLOUR_DIM,	   [GLYPH_DISK] = COLOUR_DISK,
		[GLYPH_STOPPED] = COLOUR_STOPPED,  [GLYPH_ZOMBIE] = COLOUR_ZOMBIE,
		[GLYPH_ZOMBIE_BOUND] = COLOUR_BAD, [GLYPH_UNKNOWN] = COLOUR_UNKNOWN,
		[GLYPH_REAPED] = COLOUR_DIM,	   [GLYPH_ADOPTED] = COLOUR_EVENT,
		[GLYPH_EXEC] = COLOUR_EVENT,	   [GLYPH_MARK] = COLOUR_EVENT,
	};

	return colours[glyph];
}

const char *tv_meaning(enum tv_glyph glyph)
{
	static const char *const meanings[GLYPH_COUNT] = {
		[GLYPH_NONE] = "",
		[GLYPH_RUN] = "running",
		[GLYPH_PART] = "running part of the cell",
		[GLYPH_SLIVER] = "running a moment",
		[GLYPH_READY] = "ready",
		[GLYPH_BLOCKED] = "blocked",
		[GLYPH_DISK] = "blocked, uninterruptible",
		[GLYPH_STOPPED] = "stopped",
		[GLYPH_ZOMBIE] = "zombie",
		[GLYPH_ZOMBIE_BOUND] = "zombie at most",
		[GLYPH_UNKNOWN] = "unknown",
		[GLYPH_REAPED] = "reaped",
		[GLYPH_ADOPTED] = "adopted",
		[GLYPH_EXEC] = "exec",
		[GLYPH_MARK] = "mark",
	};

	return meanings[glyph];
}

/*
 * The sixteen colours every terminal has, which its owner has made readable on
 * its own ground; none is white or black alone. A zombie is the only thing with
 * a ground of its own. "Bright black" would vanish on some dark themes, hence
 * faint (2).
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
