// SPDX-License-Identifier: GPL-2.0-only
#include "report/text/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "report/text/style.h"
#include "util/text.h"

/* Deeper trees lose their outermost lines, so that names keep their room. */
#define MAX_DEPTH_SHOWN 8

struct key {
	uint32_t pid;
	uint64_t start;
	size_t index;
};

static int compare_keys(const void *a, const void *b)
{
	const struct key *x = a, *y = b;

	if (x->pid != y->pid)
		return x->pid < y->pid ? -1 : 1;
	return x->start < y->start ? -1 : x->start > y->start;
}

/* The life with this pid that began last, not after start. */
static size_t find_life(const struct key *keys, size_t count, uint32_t pid, uint64_t start)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (keys[middle].pid < pid || (keys[middle].pid == pid && keys[middle].start <= start))
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && keys[low - 1].pid == pid ? keys[low - 1].index : TV_NONE;
}

static void append_child(struct tv_tree *tree, size_t parent, size_t child)
{
	struct tv_node *p = &tree->nodes[parent];

	tree->nodes[child].parent = parent;
	if (p->last == TV_NONE)
		p->first = child;
	else
		tree->nodes[p->last].next = child;
	p->last = child;
}

static int sort_keys(const struct tv_tree *tree, struct key **keys)
{
	*keys = calloc(tree->count + 1, sizeof(**keys));
	if (!*keys)
		return -ENOMEM;
	for (size_t i = 0; i < tree->count; i++) {
		const struct pw_life *life = pw_model_life(tree->model, i);

		(*keys)[i] = (struct key){life->pid, life->start, i};
	}
	qsort(*keys, tree->count, sizeof(**keys), compare_keys);
	return 0;
}

/*
 * Hangs every chosen life under its fork parent, where that is known and not
 * younger: parents come before their children, so no ring can arise from odd data.
 * Where the parent is not chosen, the nearest ancestor that is takes its place.
 */
static int link_nodes(struct tv_tree *tree, const struct pw_choice *choice)
{
	bool *chosen = calloc(tree->count + 1, sizeof(*chosen));
	struct key *keys = NULL;
	int err = chosen ? sort_keys(tree, &keys) : -ENOMEM;

	for (size_t k = 0; !err && k < choice->n_lives; k++)
		chosen[choice->lives[k]] = true;
	if (!err)
		chosen[tree->count] = true;
	for (size_t i = 0; !err && i < tree->count; i++) {
		const struct pw_life *life = pw_model_life(tree->model, i);
		const struct pw_parent *p = life->n_parents > 0 ? &life->parents[0] : NULL;
		size_t parent = TV_NONE;

		if (p && p->pid != life->pid)
			parent = find_life(keys, tree->count, p->pid, p->start ? p->start : life->start);
		parent = parent < i ? parent : tree->count;
		tree->nodes[i].parent = chosen[parent] ? parent : tree->nodes[parent].parent;
	}
	for (size_t k = 0; !err && k < choice->n_lives; k++)
		append_child(tree, tree->nodes[choice->lives[k]].parent, choice->lives[k]);
	free(keys);
	free(chosen);
	return err;
}

size_t tv_subtree_next(const struct tv_tree *tree, size_t top, size_t node)
{
	const struct tv_node *nodes = tree->nodes;

	if (nodes[node].first != TV_NONE)
		return nodes[node].first;
	while (node != top && nodes[node].next == TV_NONE)
		node = nodes[node].parent;
	return node == top ? TV_NONE : nodes[node].next;
}

static bool in_row_of_another(const struct tv_tree *tree, size_t node)
{
	return tree->nodes[node].group != TV_NONE && tree->nodes[node].group != node;
}

static size_t skip_folded(const struct tv_tree *tree, size_t node)
{
	while (node != TV_NONE && in_row_of_another(tree, node))
		node = tree->nodes[node].next;
	return node;
}

/* The node whose row comes after that of node; *depth follows. */
static size_t next_shown(const struct tv_tree *tree, size_t node, size_t *depth)
{
	const struct tv_node *nodes = tree->nodes;
	size_t next = TV_NONE;

	if (nodes[node].group == TV_NONE) {
		next = skip_folded(tree, nodes[node].first);
		if (next != TV_NONE) {
			++*depth;
			return next;
		}
	}
	while (node != tree->count) {
		next = skip_folded(tree, nodes[node].next);
		if (next != TV_NONE)
			return next;
		node = nodes[node].parent;
		--*depth;
	}
	return TV_NONE;
}

static size_t count_rows(const struct tv_tree *tree)
{
	size_t count = 0, depth = 0;

	for (size_t n = next_shown(tree, tree->count, &depth); n != TV_NONE; n = next_shown(tree, n, &depth))
		count++;
	return count;
}

/* The lines before a name, from the outermost level shown to the node's own. */
static char *tree_lines(const struct tv_tree *tree, size_t node, size_t depth, const struct tv_style *style)
{
	const size_t levels = depth - 1, shown = levels < MAX_DEPTH_SHOWN ? levels : MAX_DEPTH_SHOWN;
	const char *line[MAX_DEPTH_SHOWN];
	struct pw_text t = {0};

	for (size_t i = shown; i-- > 0; node = tree->nodes[node].parent) {
		const bool more = skip_folded(tree, tree->nodes[node].next) != TV_NONE;

		line[i] = i + 1 == shown ? (more ? style->branch : style->last)
					 : (more ? style->pass : style->none);
	}
	if (shown < levels)
		pw_text_add(&t, style->cut);
	for (size_t i = 0; i < shown; i++)
		pw_text_add(&t, line[i]);
	pw_text_add(&t, "");
	if (t.failed)
		pw_text_free(&t);
	return t.at;
}

static size_t group_size(const struct tv_tree *tree, size_t node)
{
	size_t n = 0;

	for (size_t i = node; i != TV_NONE; i = tree->nodes[i].group_next)
		n++;
	return n;
}

/*
 * When even the folded rows are too many, the last one stands for all that no
 * other covers; what is covered may lie anywhere, so it is marked.
 */
static void cover(struct tv_tree *tree)
{
	for (size_t i = 0; i + 1 < tree->n_rows; i++) {
		const struct tv_row *row = &tree->rows[i];

		for (size_t n = tv_row_next(tree, row, TV_NONE); n != TV_NONE; n = tv_row_next(tree, row, n))
			tree->nodes[n].covered = true;
	}
}

static int make_rows(struct tv_tree *tree, const struct tv_style *style, size_t max_rows)
{
	const size_t wanted = count_rows(tree);
	const size_t rows = wanted < max_rows ? wanted : max_rows;
	size_t depth = 0, node = tree->count;

	tree->rows = calloc(rows + 1, sizeof(*tree->rows));
	if (!tree->rows)
		return -ENOMEM;
	while (tree->n_rows < rows) {
		struct tv_row *row = &tree->rows[tree->n_rows++];

		node = next_shown(tree, node, &depth);
		row->node = node;
		row->life = pw_model_life(tree->model, node);
		row->rest = tree->n_rows == rows && rows < wanted;
		row->roots = tree->nodes[node].group == TV_NONE ? 0 : group_size(tree, node);
		row->lines = row->rest ? strdup("") : tree_lines(tree, node, depth, style);
		if (!row->lines)
			return -ENOMEM;
	}
	if (rows < wanted)
		cover(tree);
	return 0;
}

static size_t rest_next(const struct tv_tree *tree, const struct tv_row *row, size_t node)
{
	if (node == TV_NONE)
		return row->node;
	do {
		node = tv_subtree_next(tree, tree->count, node);
	} while (node != TV_NONE && tree->nodes[node].covered);
	return node;
}

size_t tv_row_next(const struct tv_tree *tree, const struct tv_row *row, size_t node)
{
	size_t top, next;

	if (row->rest)
		return rest_next(tree, row, node);
	if (node == TV_NONE)
		return row->node;
	if (row->roots == 0)
		return TV_NONE;
	for (top = node; tree->nodes[top].group != row->node; top = tree->nodes[top].parent)
		;
	next = tv_subtree_next(tree, top, node);
	return next != TV_NONE ? next : tree->nodes[top].group_next;
}

int tv_tree_make(struct tv_tree *tree, const struct pw_model *model, const struct pw_choice *choice,
		 const struct tv_style *style, uint64_t recording_ns, size_t max_rows)
{
	int err;

	*tree = (struct tv_tree){.model = model, .count = pw_model_count(model)};
	tree->nodes = calloc(tree->count + 1, sizeof(*tree->nodes));
	if (!tree->nodes)
		return -ENOMEM;
	for (size_t i = 0; i <= tree->count; i++)
		tree->nodes[i] = (struct tv_node){TV_NONE, TV_NONE, TV_NONE, TV_NONE, 0,
						  false,   TV_NONE, TV_NONE, false};
	err = link_nodes(tree, choice);
	if (err)
		return err;
	if (tree->count > max_rows)
		tv_liken(tree, recording_ns);
	for (int level = 1; level <= TV_FOLD_LEVELS && count_rows(tree) > max_rows; level++) {
		err = tv_fold(tree, level);
		if (err)
			return err;
	}
	return make_rows(tree, style, max_rows);
}

void tv_tree_free(struct tv_tree *tree)
{
	for (size_t i = 0; i < tree->n_rows; i++)
		free(tree->rows[i].lines);
	free(tree->rows);
	free(tree->nodes);
	*tree = (struct tv_tree){0};
}
