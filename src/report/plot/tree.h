/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which rows there are and in what order: the tree of fork parents, brothers in
 * the order chosen, and where there are too many, the ones that are alike folded
 * into one row. If threads are chosen, those of a process that has more than one
 * follow it.
 */
#ifndef PW_PLOT_TREE_H
#define PW_PLOT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/view_filter.h"

#define PW_NO_NODE SIZE_MAX

struct pw_tree_node { /* one per process, at its index in the model; and one more, the parent of those without one */
	size_t parent, first, last, next;
	uint64_t likeness; /* subtrees with the same value are alike */
	bool odd; /* something in the subtree deserves a row of its own */
	size_t group; /* the node that stands for it in a summary, itself for the first; PW_NO_NODE: has its own row */
	size_t group_next;
	bool covered; /* by a row before the last */
};

struct pw_row {
	size_t node;
	const struct pw_process *process; /* or the first of a group */
	size_t roots; /* of a group: brothers folded into this row; 0: this is one process */
	bool rest; /* a group of whatever found no room, from anywhere in the tree */
	const struct pw_thread
		*thread; /* of the process: the row is for it, and for as many as threads says */
	size_t threads; /* 0: the row is for the process itself; more than 1: those that found no room */
	char *lines; /* the tree's lines before the name, a PW_LINE_ for each level */
};

/* The lines of the tree. A deep one lacks its outermost levels: then PW_LINE_CUT comes first. */
#define PW_LINE_BRANCH '+'
#define PW_LINE_LAST   '`'
#define PW_LINE_PASS   '|'
#define PW_LINE_NONE   ' '
#define PW_LINE_CUT    '~'

struct pw_tree {
	const struct pw_model *model;
	struct pw_tree_node *nodes;
	size_t count; /* processes */
	struct pw_row *rows;
	size_t n_rows;
};

/* Returns 0 or -ENOMEM; free with pw_tree_free either way. */
int pw_tree_make(struct pw_tree *tree, const struct pw_model *model, const struct pw_view_filter *filter,
		 uint64_t recording_ns, size_t max_rows);
void pw_tree_free(struct pw_tree *tree);

/* A row for more than one process. */
static inline bool pw_row_is_summary(const struct pw_row *row)
{
	return row->roots > 0 || row->rest;
}

/* Walks every process a row stands for: start with PW_NO_NODE; PW_NO_NODE at the end. */
size_t pw_row_next(const struct pw_tree *tree, const struct pw_row *row, size_t node);
/* The next node in order of the tree within the subtree of top; PW_NO_NODE at its end. */
size_t pw_subtree_next(const struct pw_tree *tree, size_t top, size_t node);

/*
 * Folds brothers that are alike, the more of them the higher the level (1 to
 * PW_FOLD_LEVELS); fills the nodes' groups. Returns 0 or -ENOMEM.
 */
#define PW_FOLD_LEVELS 4
int pw_tree_fold(struct pw_tree *tree, int level);
/* Computes likeness and odd of every node. */
void pw_tree_liken(struct pw_tree *tree, uint64_t recording_ns);

#endif
