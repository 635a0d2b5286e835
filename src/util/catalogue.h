/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The translations, as msgfmt made them of po/, inside the program: then they are
 * found wherever it is copied to, linked statically or not.
 */
#ifndef PW_CATALOGUE_H
#define PW_CATALOGUE_H

extern const unsigned char pw_catalogue_zh[];

#endif
