/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The session as a list of fields: tag, length, bytes. A reader skips unknown tags;
 * what is missing is unknown.
 */
#include <errno.h>

#include "recording/section.h"
#include "shared/session.h"

/* Never change or reuse a tag. */
enum tag {
	TAG_WRITER = 1, /* the version of the program that wrote it */
	TAG_KERNEL,
	TAG_MACHINE,
	TAG_BOOT_ID,
	TAG_CPUS,
	TAG_HOOK_REAP,
	TAG_HOOK_REPARENT,
	TAG_HOOK_SWITCH,
	TAG_TARGET,
	TAG_COMMAND, /* one for each word */
	TAG_DEMO,
	TAG_PID, /* one for each */
	TAG_START,
	TAG_DURATION,
	TAG_START_WALL,
	TAG_RECEIVED,
	TAG_LOST,
	TAG_SKIPPED,
	TAG_SKIPPED_BY,
	TAG_FILTER,
};

static void put_text(struct pw_bytes *out, enum tag tag, const char *text)
{
	if (!text)
		return;
	pw_put_varint(out, tag);
	pw_put_varint(out, strlen(text));
	pw_put(out, text, strlen(text));
}

static void put_number(struct pw_bytes *out, enum tag tag, uint64_t value)
{
	pw_put_varint(out, tag);
	pw_put_varint(out, 8);
	pw_put_le(out, value, 8);
}

int pw_session_pack(const struct pw_session *s, struct pw_bytes *out)
{
	put_text(out, TAG_WRITER, PW_VERSION);
	put_text(out, TAG_KERNEL, s->kernel);
	put_text(out, TAG_MACHINE, s->machine);
	put_text(out, TAG_BOOT_ID, s->boot_id);
	put_number(out, TAG_CPUS, s->cpus);
	put_text(out, TAG_HOOK_REAP, s->hook_reap);
	put_text(out, TAG_HOOK_REPARENT, s->hook_reparent);
	put_text(out, TAG_HOOK_SWITCH, s->hook_switch);
	put_number(out, TAG_TARGET, s->target);
	for (const char *const *word = s->command; word && *word; word++)
		put_text(out, TAG_COMMAND, *word);
	put_text(out, TAG_DEMO, s->demo);
	for (size_t i = 0; i < s->n_pids; i++)
		put_number(out, TAG_PID, s->pids[i]);
	put_number(out, TAG_START, s->start_ns);
	put_number(out, TAG_DURATION, s->duration_ns);
	put_number(out, TAG_START_WALL, (uint64_t)s->start_wall_ns);
	put_number(out, TAG_RECEIVED, s->received);
	put_number(out, TAG_LOST, s->lost);
	put_number(out, TAG_SKIPPED, s->skipped);
	put_text(out, TAG_SKIPPED_BY, s->skipped ? s->skipped_by : NULL);
	put_text(out, TAG_FILTER, s->filter);
	return out->failed ? -ENOMEM : 0;
}

/* ---- and back */

struct pw_session_store {
	struct pw_session session;
	/* All texts, each with its NUL. */
	char *text;
	const char **words;
	size_t n_words;
	uint32_t *pids;
};

static const char **text_field(struct pw_session *s, uint64_t tag)
{
	switch (tag) {
	case TAG_KERNEL:
		return &s->kernel;
	case TAG_MACHINE:
		return &s->machine;
	case TAG_BOOT_ID:
		return &s->boot_id;
	case TAG_HOOK_REAP:
		return &s->hook_reap;
	case TAG_HOOK_REPARENT:
		return &s->hook_reparent;
	case TAG_HOOK_SWITCH:
		return &s->hook_switch;
	case TAG_DEMO:
		return &s->demo;
	case TAG_SKIPPED_BY:
		return &s->skipped_by;
	case TAG_FILTER:
		return &s->filter;
	default:
		return NULL;
	}
}

static int set_number(struct pw_session_store *store, uint64_t tag, uint64_t value)
{
	struct pw_session *s = &store->session;

	switch (tag) {
	case TAG_CPUS:
		s->cpus = (unsigned int)value;
		break;
	case TAG_TARGET:
		if (value > PW_TARGET_SYSTEM)
			return -EBADMSG;
		s->target = (enum pw_target_kind)value;
		break;
	case TAG_PID:
		store->pids[s->n_pids++] = (uint32_t)value;
		break;
	case TAG_START:
		s->start_ns = value;
		break;
	case TAG_DURATION:
		s->duration_ns = value;
		break;
	case TAG_START_WALL:
		s->start_wall_ns = (int64_t)value;
		break;
	case TAG_RECEIVED:
		s->received = value;
		break;
	case TAG_LOST:
		s->lost = value;
		break;
	case TAG_SKIPPED:
		s->skipped = value;
		break;
	default:
		break;
	}
	return 0;
}

static int set_field(struct pw_session_store *store, uint64_t tag, struct pw_taker *value, char **text)
{
	const size_t n = pw_left(value);
	const char **field = text_field(&store->session, tag);

	if (!field && tag != TAG_COMMAND)
		return n == 8 ? set_number(store, tag, pw_take_le(value, 8)) : 0;
	if (memchr(value->at, '\0', n))
		return -EBADMSG;
	memcpy(*text, value->at, n);
	(*text)[n] = '\0';
	if (field)
		*field = *text;
	else
		store->words[store->n_words++] = *text;
	*text += n + 1;
	return 0;
}

int pw_session_unpack(struct pw_session_store **out, const uint8_t *body, size_t n)
{
	struct pw_session_store *store = calloc(1, sizeof(*store));
	struct pw_taker in = {.at = body, .end = body + n};
	char *text;

	*out = store;
	if (!store)
		return -ENOMEM;
	/* A field takes at least two bytes, so this is room for all of them. */
	store->text = text = malloc(n + 1);
	store->words = calloc(n / 2 + 1, sizeof(*store->words));
	store->pids = calloc(n / 2 + 1, sizeof(*store->pids));
	if (!store->text || !store->words || !store->pids)
		return -ENOMEM;
	while (pw_left(&in)) {
		const uint64_t tag = pw_take_varint(&in), length = pw_take_varint(&in);
		struct pw_taker value = {.at = pw_take(&in, length)};
		int err;

		if (in.bad)
			return -EBADMSG;
		value.end = value.at + length;
		err = set_field(store, tag, &value, &text);
		if (err)
			return err;
	}
	store->session.pids = store->pids;
	if (store->n_words)
		store->session.command = store->words;
	return 0;
}

const struct pw_session *pw_session_get(const struct pw_session_store *store)
{
	return &store->session;
}

void pw_session_free(struct pw_session_store *store)
{
	if (!store)
		return;
	free(store->text);
	free(store->words);
	free(store->pids);
	free(store);
}
