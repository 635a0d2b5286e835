/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Folding: which siblings may share one row.
 *
 * After `make -j` or a fork storm, a reader wants to see one process of each kind, how many
 * more there were and how they differed, and above all the one that is unlike the rest. So
 * whole subtrees are compared, by a hash over name, exit and children. What is unusual is
 * folded last, and only with what is unusual in the same way.
 */
#include "report/plot/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "model/questions.h"

enum oddity {
	ODD_ZOMBIE = 1 << 0,
	ODD_UNREAPED = 1 << 1,
	ODD_ORPHAN = 1 << 2,
	ODD_SIGNALLED = 1 << 3,
	ODD_UNKNOWN = 1 << 4,
	ODD_STOPPED = 1 << 5,
};

static unsigned int oddities(const struct pw_process *process, uint64_t recording_ns)
{
	unsigned int odd = 0;

	if (process->zombie_to && pw_zombie_is_long(process, recording_ns))
		odd |= ODD_ZOMBIE;
	if (pw_unreaped(process))
		odd |= ODD_UNREAPED;
	if (pw_last_adoption(process))
		odd |= ODD_ORPHAN;
	if (process->status_known && WIFSIGNALED(process->wait_status))
		odd |= ODD_SIGNALLED;
	if (process->totals[PW_UNKNOWN] > 0 || process->contradictions > 0)
		odd |= ODD_UNKNOWN;
	if (process->totals[PW_STOPPED] > 0)
		odd |= ODD_STOPPED;
	return odd;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value + UINT64_C(0x9e3779b97f4a7c15) + (hash << 6) + (hash >> 2);
	hash *= UINT64_C(0xff51afd7ed558ccd);
	return hash ^ hash >> 33;
}

static uint64_t hash_name(const char *name)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *name; name++)
		hash = (hash ^ (unsigned char)*name) * UINT64_C(0x100000001b3);
	return hash;
}

/* Children come after their parents in the model, so they are hashed first when going backwards. */
void pw_tree_compare(struct pw_tree *tree, uint64_t recording_ns)
{
	for (size_t i = tree->count; i-- > 0;) {
		const struct pw_process *process = pw_model_process(tree->model, i);
		struct pw_tree_node *node = &tree->nodes[i];
		const unsigned int odd = oddities(process, recording_ns);
		uint64_t before = 0;

		node->odd = odd != 0;
		node->likeness = mix(hash_name(process->comm), (uint64_t)odd << 32 | process->wait_status);
		node->likeness = mix(node->likeness, (uint64_t)process->reaped << 2 |
							     (uint64_t)process->status_known << 1 |
							     process->exited);
		for (size_t c = node->first; c != PW_NO_NODE; c = tree->nodes[c].next) {
			const struct pw_tree_node *child = &tree->nodes[c];

			/* A loop that forked once more is still the same loop. */
			if (child->likeness != before)
				node->likeness = mix(node->likeness, child->likeness);
			before = child->likeness;
			node->odd |= child->odd;
		}
	}
}

struct sibling {
	uint64_t key;
	size_t node;
};

static int compare_siblings(const void *a, const void *b)
{
	const struct sibling *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

/* How many of a kind keep a row of their own, by level. */
static const size_t keep[PW_FOLD_LEVELS + 1] = {0, 2, 1, 1, 0};

/* Siblings with the same key share a row. False: this one keeps its own. */
static bool key_of(const struct pw_tree_node *node, int level, uint64_t *key)
{
	*key = node->likeness;
	if (level == 1 && node->odd)
		return false;
	if (level == 3 && !node->odd)
		*key = 0; /* all of them, whatever their names */
	if (level == 4)
		*key = node->odd;
	return true;
}

static void chain(struct pw_tree *tree, const struct sibling *b, size_t count, size_t kept)
{
	if (count < kept + 2)
		return; /* a summary of one process saves nothing */
	for (size_t i = kept; i < count; i++) {
		struct pw_tree_node *node = &tree->nodes[b[i].node];

		node->group = b[kept].node;
		node->group_next = i + 1 < count ? b[i + 1].node : PW_NO_NODE;
	}
}

static void fold_children(struct pw_tree *tree, size_t parent, int level, struct sibling *b)
{
	size_t count = 0, from = 0;

	for (size_t c = tree->nodes[parent].first; c != PW_NO_NODE; c = tree->nodes[c].next) {
		struct pw_tree_node *node = &tree->nodes[c];

		node->group = node->group_next = PW_NO_NODE;
		if (key_of(node, level, &b[count].key))
			b[count++].node = c;
	}
	qsort(b, count, sizeof(*b), compare_siblings);
	for (size_t i = 1; i <= count; i++) {
		if (i < count && b[i].key == b[from].key)
			continue;
		chain(tree, b + from, i - from, keep[level]);
		from = i;
	}
}

int pw_tree_fold(struct pw_tree *tree, int level)
{
	struct sibling *b = calloc(tree->count + 1, sizeof(*b));

	if (!b)
		return -ENOMEM;
	for (size_t parent = 0; parent <= tree->count; parent++)
		fold_children(tree, parent, level, b);
	free(b);
	return 0;
}
