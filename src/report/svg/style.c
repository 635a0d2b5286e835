/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The colours of Okabe and Ito, as in the HTML report, on white unless the page around is
 * dark. Every state has a shape or a pattern of its own, so that a print in black and white
 * tells them apart. No custom properties: not every program that draws SVG knows them.
 */
#include "report/svg/view.h"

#define MONO "ui-monospace,\"DejaVu Sans Mono\",Menlo,Consolas,\"Liberation Mono\",monospace"
#define SANS "system-ui,-apple-system,\"Segoe UI\",Helvetica,Arial,\"DejaVu Sans\",sans-serif"

#define PATTERN(id, size, turn, lines)                                                                       \
	"<pattern id=\"pw-" id "\" width=\"" size "\" height=\"" size "\" patternUnits=\"userSpaceOnUse\""   \
	" patternTransform=\"rotate(" turn ")\"><rect class=\"g-" id "\" width=\"" size "\" height=\"" size  \
	"\"/><path class=\"l-" id "\" d=\"" lines "\"/></pattern>\n"

const char sv_style[] =
	"<style>\n"
	"text{font:12px " MONO ";fill:#1d2329}\n"
	".title{font:600 19px " SANS "}\n"
	".sub,.prose,.evidence,.foot{font:13px " SANS "}\n"
	".head{font:600 14px " SANS "}\n"
	".small,.end,.cell,.tick,.in,.thread,.key{font-size:11px}\n"
	".sub,.evidence,.foot,.end,.tick,.small,.thread,.key{fill:#59636e}\n"
	".foot{font-size:11px}\n"
	".cell.r,.tick,.pid{text-anchor:end}\n"
	".tick{text-anchor:middle}\n"
	".pid{fill:#59636e}\n"
	".in,.letter{text-anchor:middle;font-weight:700}\n"
	".letter{font-size:10px}\n"
	".end{paint-order:stroke;stroke:#fff;stroke-width:4px}\n"
	".warn{font-weight:700;fill:#bf4800}\n"
	".held{font-weight:700;fill:#00714f}\n"
	".paper{fill:#fff}\n"
	".line,.grid{fill:none;stroke:#b9b5aa}\n"
	".grid{stroke:#e6e3db}\n"
	".run{fill:#009e73}\n"
	".blocked{fill:#8fa9bb}\n"
	".ready{fill:url(#pw-ready)}.disk{fill:url(#pw-disk)}.stop{fill:url(#pw-stop)}\n"
	".zombie{fill:url(#pw-zombie)}.unknown{fill:url(#pw-unknown)}\n"
	".edge{fill:none;stroke:#1d2329;stroke-width:.8}\n"
	".g-ready{fill:#f7dc6b}.l-ready{stroke:#8a6d00;stroke-width:1.6}\n"
	".g-disk{fill:#0072b2}.l-disk{stroke:#9fd3f2;stroke-width:1.2}\n"
	".g-stop{fill:#e9bcd5}.l-stop{stroke:#7d2f5b;stroke-width:2}\n"
	".g-zombie{fill:#c24a00}.l-zombie{stroke:#ffd3b5;stroke-width:2}\n"
	".g-unknown{fill:#efede7}.l-unknown{stroke:#6b6b6b;stroke-width:1.6;stroke-dasharray:1.6 3.4}\n"
	".plate{fill:#fff}.plate.z{fill:#c24a00}\n"
	".in.z{fill:#fff}\n"
	".exec{fill:#00609a}.adopt{fill:none;stroke:#9c5a00;stroke-width:1.8}.adopter{font-size:11px;fill:#"
	"7d4800}\n"
	".mark{fill:#fff;stroke:#1d2329;stroke-width:1.2}.mark-name{font-size:11px}\n"
	".reap{stroke:#1d2329;stroke-width:2.4}\n"
	".exit{fill:#fff;stroke:#1d2329;stroke-width:1.4}.exit.bad{fill:#1d2329}\n"
	"@media screen and (prefers-color-scheme:dark){\n"
	"text{fill:#e7e9ec}\n"
	".sub,.evidence,.foot,.end,.tick,.small,.thread,.key,.pid{fill:#a2acb6}\n"
	".end{stroke:#14171b}.warn{fill:#f2803a}.held{fill:#4fd0a5}\n"
	".paper{fill:#14171b}.line{stroke:#5b646d}.grid{stroke:#2a3037}\n"
	".run{fill:#12a87d}.blocked{fill:#5d7889}\n"
	".edge{stroke:#e7e9ec}\n"
	".g-ready{fill:#8a6d00}.l-ready{stroke:#f7dc6b}\n"
	".g-stop{fill:#5c2143}.l-stop{stroke:#e9bcd5}\n"
	".g-unknown{fill:#33383e}.l-unknown{stroke:#b9bec4}\n"
	".plate{fill:#14171b}\n"
	".exec{fill:#6db8e6}.adopt{stroke:#f0a830}.adopter{fill:#f0a830}\n"
	".mark{fill:#14171b;stroke:#e7e9ec}\n"
	".reap{stroke:#e7e9ec}.exit{fill:#14171b;stroke:#e7e9ec}.exit.bad{fill:#e7e9ec}\n"
	"}\n"
	"</style>\n"
	"<defs>\n" PATTERN("ready", "5", "45", "M0 2.5h5") PATTERN("disk", "6", "45", "M0 3h6M3 0v6")
		PATTERN("stop", "5", "0", "M2.5 0v5") PATTERN("zombie", "7", "-45", "M0 3.5h7")
			PATTERN("unknown", "5", "0", "M0 2.5h5") "</defs>\n";
