/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fixed lists of words, such as the values of an option or the names of the subcommands:
 * find one, print all of them, guess which one a misspelt word means. A list is an array
 * that ends with NULL.
 */
#ifndef PW_WORDLIST_H
#define PW_WORDLIST_H

#include <stddef.h>

/* The index of word in the list; -1 if it is not there. */
int pw_wordlist_find(const char *word, const char *const *words);

/* Writes "a, b or c" into buf, cut to size bytes. Returns buf. */
const char *pw_wordlist_text(char *buf, size_t size, const char *const *words);

/* The word of the list that a misspelt word most likely means; NULL if none is close enough. */
const char *pw_wordlist_nearest(const char *word, const char *const *words);

/*
 * The number of letters to insert, delete, change, or swap with their neighbour to turn one
 * word into the other; SIZE_MAX if either is longer than PW_DISTANCE_MAX bytes.
 */
#define PW_DISTANCE_MAX 31
size_t pw_edit_distance(const char *a, const char *b);

#endif
