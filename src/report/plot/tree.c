/* SPDX-License-Identifier: GPL-2.0-only */
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

/* The process with this pid that started last, at start or before it; PW_NO_NODE if there is none. */
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

/* The node of the fork parent if it is known and precedes the child in the model; else the last node. */
static size_t parent_node(const struct pw_tree *tree, const struct key *keys, size_t node)
{
	const struct pw_process *process = pw_model_process(tree->model, node);
	const struct pw_parent *parent = process->n_parents > 0 ? &process->parents[0] : NULL;
	size_t found;

	if (!parent || parent->pid == process->pid)
		return tree->count;
	found = find_process(keys, tree->count, parent->pid, parent->start ? parent->start : process->start);
	return found < node ? found : tree->count;
}

/*
 * Puts every chosen process below its fork parent or, if that is not chosen, below the nearest
 * ancestor that is. No circle can arise from contradictory records, because a parent always comes
 * before its children in the model.
 */
static int link_chosen(struct pw_tree *tree, const struct pw_view_filter *filter, const struct key *keys)
{
	bool *chosen = calloc(tree->count + 1, sizeof(*chosen));

	if (!chosen)
		return -ENOMEM;
	for (size_t k = 0; k < filter->n_processes; k++)
		chosen[filter->processes[k]] = true;
	chosen[tree->count] = true;
	for (size_t i = 0; i < tree->count; i++) {
		const size_t parent = parent_node(tree, keys, i);

		tree->nodes[i].parent = chosen[parent] ? parent : tree->nodes[parent].parent;
	}
	for (size_t k = 0; k < filter->n_processes; k++)
		append_child(tree, tree->nodes[filter->processes[k]].parent, filter->processes[k]);
	free(chosen);
	return 0;
}

static int link_nodes(struct pw_tree *tree, const struct pw_view_filter *filter)
{
	struct key *keys;
	int err = sort_keys(tree, &keys);

	if (err)
		return err;
	err = link_chosen(tree, filter, keys);
	free(keys);
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

/* The node whose row comes after the row of node. *depth is kept up to date. */
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

/* The line of one level: in the process's own level it branches off, in the others it passes by. */
static char tree_line(bool own_level, bool more_siblings)
{
	if (own_level)
		return more_siblings ? PW_LINE_BRANCH : PW_LINE_LAST;
	return more_siblings ? PW_LINE_PASS : PW_LINE_NONE;
}

/* The lines before a name, from the outermost level shown to its own; malloced; NULL: out of memory. */
static char *tree_lines(const struct pw_tree *tree, size_t node, size_t depth)
{
	const size_t levels = depth - 1, shown = levels < MAX_DEPTH_SHOWN ? levels : MAX_DEPTH_SHOWN;
	char line[MAX_DEPTH_SHOWN];
	struct pw_text t = {0};

	for (size_t i = shown; i-- > 0; node = tree->nodes[node].parent)
		line[i] = tree_line(i + 1 == shown, skip_folded(tree, tree->nodes[node].next) != PW_NO_NODE);
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

/* Marks every node that a row before the last one stands for: the last row is for all others. */
static void mark_covered(struct pw_tree *tree)
{
	for (size_t i = 0; i + 1 < tree->n_rows; i++) {
		const struct pw_row *row = &tree->rows[i];

		for (size_t n = pw_row_next(tree, row, PW_NO_NODE); n != PW_NO_NODE;
		     n = pw_row_next(tree, row, n))
			tree->nodes[n].covered = true;
	}
}

static int make_row(struct pw_tree *tree, size_t node, size_t depth, bool rest)
{
	const bool folded = tree->nodes[node].group != PW_NO_NODE;
	char *lines = rest ? strdup("") : tree_lines(tree, node, depth);

	if (!lines)
		return -ENOMEM;
	tree->rows[tree->n_rows++] = (struct pw_row){
		.node = node,
		.process = pw_model_process(tree->model, node),
		.roots = folded ? group_size(tree, node) : 0,
		.rest = rest,
		.lines = lines,
	};
	return 0;
}

/* If there are still too many rows after folding, the last one is for all that have none. */
static int make_rows(struct pw_tree *tree, size_t max_rows)
{
	const size_t wanted = count_rows(tree);
	const size_t rows = wanted < max_rows ? wanted : max_rows;
	size_t depth = 0, node = tree->count;

	tree->rows = calloc(rows + 1, sizeof(*tree->rows));
	if (!tree->rows)
		return -ENOMEM;
	while (tree->n_rows < rows) {
		const bool rest = tree->n_rows + 1 == rows && rows < wanted;
		int err;

		node = next_shown(tree, node, &depth);
		err = make_row(tree, node, depth, rest);
		if (err)
			return err;
	}
	if (rows < wanted)
		mark_covered(tree);
	return 0;
}

/* The threads of a row's process that get rows; a process with one thread is its own row. */
static size_t threads_of(const struct pw_row *row)
{
	const struct pw_process *process = pw_row_is_summary(row) ? NULL : row->process;

	return process && process->n_threads > 1 ? process->n_threads : 0;
}

/* The lines before a thread's name: those of its process, continued, and one to the process's children. */
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

/* Appends at most `room` rows for the threads of a process; the last one is for all that are left. */
static int append_threads(struct pw_tree *tree, const struct pw_row *row, size_t room)
{
	const bool children = tree->nodes[row->node].first != PW_NO_NODE;
	const struct pw_thread *t = row->process->threads;
	size_t left = threads_of(row);

	for (; left > 0 && room > 0; room--, t = t->next) {
		const size_t threads = room > 1 ? 1 : left;
		char *lines = thread_lines(row, children);

		if (!lines)
			return -ENOMEM;
		tree->rows[tree->n_rows] = *row;
		tree->rows[tree->n_rows].thread = t;
		tree->rows[tree->n_rows].threads = threads;
		tree->rows[tree->n_rows].lines = lines;
		tree->n_rows++;
		left -= threads;
	}
	return 0;
}

/*
 * Adds the rows of threads behind those of their processes. Every process with threads gets one row
 * for them at least; what is left of max_rows is given out in the order of the tree.
 */
static int add_threads(struct pw_tree *tree, size_t max_rows)
{
	struct pw_row *processes = tree->rows;
	const size_t n_processes = tree->n_rows;
	size_t threads = 0, with_threads = 0, spare, extra;
	int err = 0;

	for (size_t i = 0; i < n_processes; i++) {
		threads += threads_of(&processes[i]);
		with_threads += threads_of(&processes[i]) > 0;
	}
	spare = max_rows > n_processes + with_threads ? max_rows - n_processes - with_threads : 0;
	extra = threads - with_threads;
	if (extra > spare)
		extra = spare;
	tree->rows = calloc(n_processes + with_threads + extra + 1, sizeof(*tree->rows));
	if (!tree->rows) {
		tree->rows = processes;
		return -ENOMEM;
	}
	tree->n_rows = 0;
	for (size_t i = 0; i < n_processes; i++) {
		const size_t own = threads_of(&processes[i]);
		const size_t room = own < spare + 1 ? own : spare + 1;

		/* After an error the rows of processes still move, for pw_tree_free finds their lines there. */
		tree->rows[tree->n_rows++] = processes[i];
		if (err || room == 0)
			continue;
		err = append_threads(tree, &processes[i], room);
		spare -= room - 1;
	}
	free(processes);
	return err;
}

/* Walks the whole tree but for what other rows stand for. */
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
	/* The root of the group that node lies in, or is. */
	top = node;
	while (tree->nodes[top].group != row->node)
		top = tree->nodes[top].parent;
	next = pw_subtree_next(tree, top, node);
	return next != PW_NO_NODE ? next : tree->nodes[top].group_next;
}

static int make_nodes(struct pw_tree *tree)
{
	tree->nodes = calloc(tree->count + 1, sizeof(*tree->nodes));
	if (!tree->nodes)
		return -ENOMEM;
	for (size_t i = 0; i <= tree->count; i++)
		tree->nodes[i] = (struct pw_tree_node){
			.parent = PW_NO_NODE,
			.first = PW_NO_NODE,
			.last = PW_NO_NODE,
			.next = PW_NO_NODE,
			.group = PW_NO_NODE,
			.group_next = PW_NO_NODE,
		};
	return 0;
}

/* Folds level by level until the rows are few enough. */
static int fold(struct pw_tree *tree, uint64_t recording_ns, size_t max_rows)
{
	if (tree->count <= max_rows)
		return 0;
	pw_tree_compare(tree, recording_ns);
	for (int level = 1; level <= PW_FOLD_LEVELS && count_rows(tree) > max_rows; level++) {
		const int err = pw_tree_fold(tree, level);

		if (err)
			return err;
	}
	return 0;
}

int pw_tree_make(struct pw_tree *tree, const struct pw_model *model, const struct pw_view_filter *filter,
		 uint64_t recording_ns, size_t max_rows)
{
	int err;

	*tree = (struct pw_tree){.model = model, .count = pw_model_count(model)};
	err = make_nodes(tree);
	if (err)
		return err;
	err = link_nodes(tree, filter);
	if (err)
		return err;
	err = fold(tree, recording_ns, max_rows);
	if (err)
		return err;
	err = make_rows(tree, max_rows);
	if (err)
		return err;
	return filter->threads ? add_threads(tree, max_rows) : 0;
}

void pw_tree_free(struct pw_tree *tree)
{
	for (size_t i = 0; i < tree->n_rows; i++)
		free(tree->rows[i].lines);
	free(tree->rows);
	free(tree->nodes);
	*tree = (struct pw_tree){0};
}
