/* SPDX-License-Identifier: GPL-2.0-only */
#include "util/catalogue.h"

/* PW_PO is where make has put the compiled catalogues. */
#define CATALOGUE(language, file)                                                                            \
	__asm__(".section .rodata\n"                                                                         \
		".balign 8\n"                                                                                \
		".globl pw_catalogue_" language "\n"                                                         \
		".hidden pw_catalogue_" language "\n"                                                        \
		"pw_catalogue_" language ":\n"                                                               \
		".incbin \"" PW_PO "/" file "\"\n"                                                           \
		".previous\n")

CATALOGUE("zh", "zh_CN.mo");
