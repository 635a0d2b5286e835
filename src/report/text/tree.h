/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which rows there are and in what order: the tree of fork parents, brothers in
 * order of birth, and where there are too many, the ones that are alike folded
 * into one row.
 */
#ifndef PW_TEXT_TREE_H
#define PW_TEXT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/choice.h"

#define TV_NONE SIZE_MAX

struct tv_node { /* one per life, at its index in the model; and one more, the parent of those without one */
	size_t parent, first, last, next;
	uint64_t likeness; /* subtrees with the same value are alike */
	bool odd; /* something in the subtree deserves a row of its own */
	size_t group; /* the node that stands for it in a summary, itself for the first; TV_NONE: has its own row */
	size_t group_next;
	bool covered; /* by a row before the last */
};

struct tv_row {
	size_t node;
	const struct pw_life *life; /* or the first of a group */
	size_t roots; /* of a group: brothers folded into this row; 0: this is one life */
	bool rest; /* a group of whatever found no room, from anywhere in the tree */
	char *lines; /* the tree's lines before the name */
};

struct tv_tree {
	const struct pw_model *model;
	struct tv_node *nodes;
	size_t count; /* lives */
	struct tv_row *rows;
	size_t n_rows;
};

struct tv_style;

/* Returns 0 or -ENOMEM; free with tv_tree_free either way. */
int tv_tree_make(struct tv_tree *tree, const struct pw_model *model, const struct pw_choice *choice,
		 const struct tv_style *style, uint64_t recording_ns, size_t max_rows);
void tv_tree_free(struct tv_tree *tree);

/* Walks every life a row stands for: start with TV_NONE; TV_NONE at the end. */
size_t tv_row_next(const struct tv_tree *tree, const struct tv_row *row, size_t node);
/* The next node in order of the tree within the subtree of top; TV_NONE at its end. */
size_t tv_subtree_next(const struct tv_tree *tree, size_t top, size_t node);

/*
 * Folds brothers that are alike, the more of them the higher the level (1 to
 * TV_FOLD_LEVELS); fills the nodes' groups. Returns 0 or -ENOMEM.
 */
#define TV_FOLD_LEVELS 4
int tv_fold(struct tv_tree *tree, int level);
/* Computes likeness and odd of every node. */
void tv_liken(struct tv_tree *tree, uint64_t recording_ns);

#endif
