// SPDX-License-Identifier: GPL-2.0-only
#include "report/plot/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

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

/* The process with this pid that began last, not after start. */
static size_t find_process(const struct key *keys, size_t count, uint32_t pid, uint64_t start)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (keys[middle].pid < pid || (keys[middle].pid == pid && keys[middle].start <= start))
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 && keys[low - 1].pid == pid ? keys[low - 1].index : PW_NO_NODE;
}

static void append_child(struct pw_tree *tree, size_t parent, size_t child)
{
	struct pw_tree_node *p = &tree->nodes[parent];

	tree->nodes[child].parent = parent;
	if (p->last == PW_NO_NODE)
		p->first = child;
	else
		tree->nodes[p->last].next = child;
	p->last = child;
}

static int sort_keys(const struct pw_tree *tree, struct key **keys)
{
	*keys = calloc(tree->count + 1, sizeof(**keys));
	if (!*keys)
		return -ENOMEM;
	for (size_t i = 0; i < tree->count; i++) {
		const struct pw_process *process = pw_model_process(tree->model, i);

		(*keys)[i] = (struct key){process->pid, process->start, i};
	}
	qsort(*keys, tree->count, sizeof(**keys), compare_keys);
	return 0;
}

/*
 * Hangs every chosen process under its fork parent, where that is known and not
 * younger: parents come before their children, so no ring can arise from odd data.
 * Where the parent is not chosen, the nearest ancestor that is takes its place.
 */
static int link_nodes(struct pw_tree *tree, const struct pw_view_filter *filter)
{
	bool *chosen = calloc(tree->count + 1, sizeof(*chosen));
	struct key *keys = NULL;
	int err = chosen ? sort_keys(tree, &keys) : -ENOMEM;

	for (size_t k = 0; !err && k < filter->n_processes; k++)
		chosen[filter->processes[k]] = true;
	if (!err)
		chosen[tree->count] = true;
	for (size_t i = 0; !err && i < tree->count; i++) {
		const struct pw_process *process = pw_model_process(tree->model, i);
		const struct pw_parent *p = process->n_parents > 0 ? &process->parents[0] : NULL;
		size_t parent = PW_NO_NODE;

		if (p && p->pid != process->pid)
			parent =
				find_process(keys, tree->count, p->pid, p->start ? p->start : process->start);
		parent = parent < i ? parent : tree->count;
		tree->nodes[i].parent = chosen[parent] ? parent : tree->nodes[parent].parent;
	}
	for (size_t k = 0; !err && k < filter->n_processes; k++)
		append_child(tree, tree->nodes[filter->processes[k]].parent, filter->processes[k]);
	free(keys);
	free(chosen);
	return err;
}

size_t pw_subtree_next(const struct pw_tree *tree, size_t top, size_t node)
{
	const struct pw_tree_node *nodes = tree->nodes;

	if (nodes[node].first != PW_NO_NODE)
		return nodes[node].first;
	while (node != top && nodes[node].next == PW_NO_NODE)
		node = nodes[node].parent;
	return node == top ? PW_NO_NODE : nodes[node].next;
}

static bool in_row_of_another(const struct pw_tree *tree, size_t node)
{
	return tree->nodes[node].group != PW_NO_NODE && tree->nodes[node].group != node;
}

static size_t skip_folded(const struct pw_tree *tree, size_t node)
{
	while (node != PW_NO_NODE && in_row_of_another(tree, node))
		node = tree->nodes[node].next;
	return node;
}

/* The node whose row comes after that of node; *depth follows. */
static size_t next_shown(const struct pw_tree *tree, size_t node, size_t *depth)
{
	const struct pw_tree_node *nodes = tree->nodes;
	size_t next = PW_NO_NODE;

	if (nodes[node].group == PW_NO_NODE) {
		next = skip_folded(tree, nodes[node].first);
		if (next != PW_NO_NODE) {
			++*depth;
			return next;
		}
	}
	while (node != tree->count) {
		next = skip_folded(tree, nodes[node].next);
		if (next != PW_NO_NODE)
			return next;
		node = nodes[node].parent;
		--*depth;
	}
	return PW_NO_NODE;
}

static size_t count_rows(const struct pw_tree *tree)
{
	size_t count = 0, depth = 0;

	for (size_t n = next_shown(tree, tree->count, &depth); n != PW_NO_NODE;
	     n = next_shown(tree, n, &depth))
		count++;
	return count;
}

/* The lines before a name, from the outermost level shown to the node's own. */
static char *tree_lines(const struct pw_tree *tree, size_t node, size_t depth)
{
	const size_t levels = depth - 1, shown = levels < MAX_DEPTH_SHOWN ? levels : MAX_DEPTH_SHOWN;
	char line[MAX_DEPTH_SHOWN];
	struct pw_text t = {0};

	for (size_t i = shown; i-- > 0; node = tree->nodes[node].parent) {
		const bool more = skip_folded(tree, tree->nodes[node].next) != PW_NO_NODE;

		line[i] = i + 1 == shown ? (more ? PW_LINE_BRANCH : PW_LINE_LAST)
					 : (more ? PW_LINE_PASS : PW_LINE_NONE);
	}
	if (shown < levels)
		pw_text_bytes(&t, (const char[]){PW_LINE_CUT}, 1);
	pw_text_bytes(&t, line, shown);
	if (t.failed)
		pw_text_free(&t);
	return t.at;
}

static size_t group_size(const struct pw_tree *tree, size_t node)
{
	size_t n = 0;

	for (size_t i = node; i != PW_NO_NODE; i = tree->nodes[i].group_next)
		n++;
	return n;
}

/*
 * When even the folded rows are too many, the last one stands for all that no
 * other covers; what is covered may lie anywhere, so it is marked.
 */
static void cover(struct pw_tree *tree)
{
	for (size_t i = 0; i + 1 < tree->n_rows; i++) {
		const struct pw_row *row = &tree->rows[i];

		for (size_t n = pw_row_next(tree, row, PW_NO_NODE); n != PW_NO_NODE;
		     n = pw_row_next(tree, row, n))
			tree->nodes[n].covered = true;
	}
}

static int make_rows(struct pw_tree *tree, size_t max_rows)
{
	const size_t wanted = count_rows(tree);
	const size_t rows = wanted < max_rows ? wanted : max_rows;
	size_t depth = 0, node = tree->count;

	tree->rows = calloc(rows + 1, sizeof(*tree->rows));
	if (!tree->rows)
		return -ENOMEM;
	while (tree->n_rows < rows) {
		struct pw_row *row = &tree->rows[tree->n_rows++];

		node = next_shown(tree, node, &depth);
		row->node = node;
		row->process = pw_model_process(tree->model, node);
		row->rest = tree->n_rows == rows && rows < wanted;
		row->roots = tree->nodes[node].group == PW_NO_NODE ? 0 : group_size(tree, node);
		row->lines = row->rest ? strdup("") : tree_lines(tree, node, depth);
		if (!row->lines)
			return -ENOMEM;
	}
	if (rows < wanted)
		cover(tree);
	return 0;
}

static size_t threads_of(const struct pw_row *row)
{
	const struct pw_process *one = pw_row_is_summary(row) ? NULL : row->process;

	return one && one->n_threads > 1 ? one->n_threads : 0;
}

/* The lines before a thread's name go on where those before its process's do, and down to its children. */
static char *thread_lines(const struct pw_row *row, bool children)
{
	const size_t n = strlen(row->lines);
	char *lines = malloc(n + 2);

	if (!lines)
		return NULL;
	memcpy(lines, row->lines, n);
	if (n > 0 && lines[n - 1] != PW_LINE_CUT)
		lines[n - 1] = lines[n - 1] == PW_LINE_BRANCH ? PW_LINE_PASS : PW_LINE_NONE;
	lines[n] = children ? PW_LINE_PASS : PW_LINE_NONE;
	lines[n + 1] = '\0';
	return lines;
}

/* Gives a process's threads at most room rows, the last of them for all that are left. *to: where they go. */
static int put_threads(const struct pw_row *row, size_t room, bool children, struct pw_row **to)
{
	size_t left = threads_of(row);
	const struct pw_thread *t = left > 0 ? row->process->threads : NULL;

	for (; left > 0 && room > 0; room--, t = t->next) {
		struct pw_row *r = (*to)++;

		*r = *row;
		r->thread = t;
		r->threads = room > 1 ? 1 : left;
		r->lines = thread_lines(row, children);
		if (!r->lines)
			return -ENOMEM;
		left -= r->threads;
	}
	return 0;
}

/* Rows are shared in order of the tree, and each process with threads gets one at least. */
static int add_threads(struct pw_tree *tree, size_t max_rows)
{
	const size_t processes = tree->n_rows;
	size_t wanted = 0, with = 0, spare;
	struct pw_row *rows, *to;
	int err = 0;

	for (size_t i = 0; i < processes; i++) {
		wanted += threads_of(&tree->rows[i]);
		with += threads_of(&tree->rows[i]) > 0;
	}
	spare = max_rows > processes + with ? max_rows - processes - with : 0;
	rows = to =
		calloc(processes + with + (wanted - with < spare ? wanted - with : spare) + 1, sizeof(*rows));
	if (!rows)
		return -ENOMEM;
	for (size_t i = 0; i < processes; i++) {
		const struct pw_row *row = &tree->rows[i];
		const size_t own = threads_of(row), room = own < spare + 1 ? own : spare + 1;
		const bool children = tree->nodes[row->node].first != PW_NO_NODE;

		*to++ = *row;
		err = err ? err : put_threads(row, room, children, &to);
		spare -= room > 0 ? room - 1 : 0;
	}
	free(tree->rows);
	tree->rows = rows;
	tree->n_rows = (size_t)(to - rows);
	return err;
}

static size_t rest_next(const struct pw_tree *tree, const struct pw_row *row, size_t node)
{
	if (node == PW_NO_NODE)
		return row->node;
	do {
		node = pw_subtree_next(tree, tree->count, node);
	} while (node != PW_NO_NODE && tree->nodes[node].covered);
	return node;
}

size_t pw_row_next(const struct pw_tree *tree, const struct pw_row *row, size_t node)
{
	size_t top, next;

	if (row->rest)
		return rest_next(tree, row, node);
	if (node == PW_NO_NODE)
		return row->node;
	if (row->roots == 0)
		return PW_NO_NODE;
	for (top = node; tree->nodes[top].group != row->node; top = tree->nodes[top].parent)
		;
	next = pw_subtree_next(tree, top, node);
	return next != PW_NO_NODE ? next : tree->nodes[top].group_next;
}

int pw_tree_make(struct pw_tree *tree, const struct pw_model *model, const struct pw_view_filter *filter,
		 uint64_t recording_ns, size_t max_rows)
{
	int err;

	*tree = (struct pw_tree){.model = model, .count = pw_model_count(model)};
	tree->nodes = calloc(tree->count + 1, sizeof(*tree->nodes));
	if (!tree->nodes)
		return -ENOMEM;
	for (size_t i = 0; i <= tree->count; i++)
		tree->nodes[i] = (struct pw_tree_node){PW_NO_NODE, PW_NO_NODE, PW_NO_NODE, PW_NO_NODE, 0,
						       false,	   PW_NO_NODE, PW_NO_NODE, false};
	err = link_nodes(tree, filter);
	if (err)
		return err;
	if (tree->count > max_rows)
		pw_tree_liken(tree, recording_ns);
	for (int level = 1; level <= PW_FOLD_LEVELS && count_rows(tree) > max_rows; level++) {
		err = pw_tree_fold(tree, level);
		if (err)
			return err;
	}
	err = make_rows(tree, max_rows);
	return err || !filter->threads ? err : add_threads(tree, max_rows);
}

void pw_tree_free(struct pw_tree *tree)
{
	for (size_t i = 0; i < tree->n_rows; i++)
		free(tree->rows[i].lines);
	free(tree->rows);
	free(tree->nodes);
	*tree = (struct pw_tree){0};
}
