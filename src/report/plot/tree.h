/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rows and their order: the tree of fork parents, with siblings in the order that the
 * view options ask for. If there are too many rows, siblings that are alike share one. If
 * threads are asked for, those of a process that has more than one follow its row.
 */
#ifndef PW_PLOT_TREE_H
#define PW_PLOT_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/view_filter.h"

#define PW_NO_NODE SIZE_MAX

/* A process, at its index in the model; one node more, the last, is the parent of those that have none. */
struct pw_tree_node {
	size_t parent, first, last, next;
	/* a hash of the subtree: subtrees with the same hash are alike */
	uint64_t likeness;
	/* something in the subtree is unusual and deserves a row of its own */
	bool odd;
	/* the first node of the group that shares a row; PW_NO_NODE: the node has a row of its own */
	size_t group;
	/* the next node of the group */
	size_t group_next;
	/* a row before the last one stands for it */
	bool covered;
};

struct pw_row {
	size_t node;
	/* the process, or the first one of a group */
	const struct pw_process *process;
	/* the number of siblings that share this row; 0: the row is for one process */
	size_t roots;
	/* the last row, for all processes of the tree that no other row stands for */
	bool rest;
	/* the row is for threads: the first of them, and how many; 0: it is for the process itself */
	const struct pw_thread *thread;
	size_t threads;
	/* the tree's lines before the name, a PW_LINE_ character for each level; owned by the tree */
	char *lines;
};

/* The lines of the tree. If a deep one lacks its outermost levels, PW_LINE_CUT comes first. */
#define PW_LINE_BRANCH '+'
#define PW_LINE_LAST   '`'
#define PW_LINE_PASS   '|'
#define PW_LINE_NONE   ' '
#define PW_LINE_CUT    '~'

struct pw_tree {
	const struct pw_model *model;
	struct pw_tree_node *nodes;
	/* processes */
	size_t count;
	struct pw_row *rows;
	size_t n_rows;
};

/*
 * Makes at most max_rows rows; with threads, every process that has more than one gets one more at
 * least. Returns 0 or -ENOMEM; free with pw_tree_free either way.
 */
int pw_tree_make(struct pw_tree *tree, const struct pw_model *model, const struct pw_view_filter *filter,
		 uint64_t recording_ns, size_t max_rows);
void pw_tree_free(struct pw_tree *tree);

/* The row is for more than one process. */
static inline bool pw_row_is_summary(const struct pw_row *row)
{
	return row->roots > 0 || row->rest;
}

/* Walks all processes that a row stands for: begins with PW_NO_NODE, and returns it at the end. */
size_t pw_row_next(const struct pw_tree *tree, const struct pw_row *row, size_t node);
/* The next node, in order of the tree, within the subtree of top; PW_NO_NODE at its end. */
size_t pw_subtree_next(const struct pw_tree *tree, size_t top, size_t node);

/*
 * Groups siblings that are alike, and more of them the higher the level (1 to PW_FOLD_LEVELS).
 * Returns 0 or -ENOMEM.
 */
#define PW_FOLD_LEVELS 4
int pw_tree_fold(struct pw_tree *tree, int level);
/* Computes likeness and odd of every node. */
void pw_tree_compare(struct pw_tree *tree, uint64_t recording_ns);

#endif
