/* SPDX-License-Identifier: GPL-2.0-only */
#include "lib/stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/model.h"
#include "util/kernel_names.h"

static void fail_line(const struct stream *s, const char *why)
{
	fprintf(stderr, "%s:%zu: %s\n", s->path, s->line, why);
	abort();
}

static const char *keep_string(struct stream *s, const char *text)
{
	if (s->n_kept == STREAM_LINES)
		fail_line(s, "too many strings");
	return s->kept[s->n_kept++] = strdup(text);
}

/* Takes \xNN out of a quoted word, in place. */
static void unescape(char *word)
{
	char *to = word, hex[3] = "";

	for (const char *from = word; *from; from++) {
		if (from[0] == '\\' && from[1] == 'x' && from[2] && from[3]) {
			memcpy(hex, from + 2, 2);
			*to++ = (char)strtoul(hex, NULL, 16);
			from += 3;
		} else {
			*to++ = *from;
		}
	}
	*to = '\0';
}

static void split(struct stream *s, char *line)
{
	s->words = 0;
	for (char *p = line; *p && *p != '\n';) {
		const char *stop = " \t\n";

		p += strspn(p, " \t");
		if (!*p || *p == '\n' || *p == '#')
			break;
		if (*p == '"') {
			stop = "\"";
			p++;
		}
		if (s->words == STREAM_WORDS)
			fail_line(s, "too many words");
		s->word[s->words++] = p;
		p += strcspn(p, stop);
		if (*p)
			*p++ = '\0';
		if (stop[0] == '"')
			unescape(s->word[s->words - 1]);
	}
}

static const char *word_at(const struct stream *s, size_t i)
{
	if (i >= s->words)
		fail_line(s, "a word is missing");
	return s->word[i];
}

static uint32_t number_at(const struct stream *s, size_t i)
{
	const char *word = word_at(s, i);
	char *end;
	const unsigned long n = strtoul(word, &end, 10);

	if (*end || end == word)
		fail_line(s, "not a number");
	return (uint32_t)n + (word[0] == '+' ? s->round : 0);
}

static uint64_t ms_at(const struct stream *s, size_t i)
{
	char *end;
	const double ms = strtod(word_at(s, i), &end);

	if (*end)
		fail_line(s, "not a time in ms");
	return (uint64_t)(ms * 1000000.0 + 0.5);
}

static uint64_t time_at(const struct stream *s, size_t i)
{
	return STREAM_START + ms_at(s, i) + s->offset;
}

static bool word_is(const struct stream *s, size_t i, const char *word)
{
	return i < s->words && strcmp(s->word[i], word) == 0;
}

static bool word_in(const struct stream *s, size_t i, const char *words)
{
	const char *word = word_at(s, i), *at = strstr(words, word);
	const size_t length = strlen(word);

	return at && (at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length]);
}

static uint32_t state_at(const struct stream *s, size_t i, int *syscall)
{
	static const char letters[] = "RSDTtVIP";
	static const uint32_t states[] = {STATE_RUNNABLE, STATE_SLEEP, STATE_DISK, STATE_STOP,
					  STATE_TRACED,	  STATE_VFORK, STATE_IDLE, STATE_PARKED};
	const char *word = word_at(s, i), *letter = strchr(letters, word[0]);

	*syscall = -1;
	if (!letter || (word[1] && word[1] != ':'))
		fail_line(s, "not a state");
	for (int nr = 0; word[1] && *syscall < 0; nr++) {
		const char *name = pw_syscall_name(nr);

		if (nr > 4096)
			fail_line(s, "not a system call");
		if (name && strcmp(name, word + 2) == 0)
			*syscall = nr;
	}
	return states[letter - letters];
}

static int signal_named(const struct stream *s, const char *name, size_t length)
{
	for (int sig = 1; sig <= 64; sig++) {
		const char *known = pw_signal_name(sig);

		if (known && strlen(known) == length && strncmp(known, name, length) == 0)
			return sig;
	}
	fail_line(s, "not a signal");
	return 0;
}

static uint32_t status_at(const struct stream *s, size_t i)
{
	const char *word = word_at(s, i);
	const size_t length = strcspn(word, "+");

	if (word[0] != 'S')
		return number_at(s, i) << 8;
	return (uint32_t)signal_named(s, word, length) | (word[length] ? 0x80 : 0);
}

static void read_exec(struct stream *s, uint64_t ts)
{
	char argv[PW_ARGV_LEN] = "";
	size_t length = 0;

	for (size_t i = 4; i < s->words; i++)
		length += (size_t)snprintf(argv + length, sizeof(argv) - length, "%s", s->word[i]) + 1;
	ev_exec_by(s->source, ts, number_at(s, 2), number_at(s, 2), word_at(s, 3), argv, length);
}

static void read_seed(struct stream *s, uint64_t ts)
{
	int syscall;
	const uint32_t state = state_at(s, 6, &syscall);

	ev_seed(s->source, ts, number_at(s, 2), number_at(s, 3), number_at(s, 4), ts - ms_at(s, 5), state,
		false);
}

static void read_switch(struct stream *s, uint64_t ts)
{
	struct event_source *ev = s->source;
	int syscall;

	if (word_is(s, 1, "on")) {
		ev_on(ev, ts, (uint16_t)number_at(s, 2), number_at(s, 3));
	} else if (word_is(s, 1, "wake")) {
		ev_wake(ev, ts, number_at(s, 2), word_is(s, 3, "irq") ? PW_IRQ_WAKER : number_at(s, 3));
	} else if (word_is(s, 1, "die")) {
		ev_die(ev, ts, number_at(s, 2), word_is(s, 3, "dead") ? 0x10 : 0x20);
	} else {
		const uint32_t state = state_at(s, 3, &syscall);

		if (word_is(s, 1, "off"))
			ev_off(ev, ts, number_at(s, 2), state, syscall);
		else
			ev_switch(ev, ts, number_at(s, 2), state, syscall, number_at(s, 4));
	}
}

static void read_end(struct stream *s, uint64_t ts)
{
	struct event_source *ev = s->source;
	const uint32_t subject = number_at(s, 2);

	if (word_is(s, 1, "exit") && s->words > 4) {
		ev_exit_autoreap(ev, ts, subject, status_at(s, 3), word_is(s, 4, "ignored") ? 1 : 2);
	} else if (word_is(s, 1, "exit")) {
		ev_exit(ev, ts, subject, status_at(s, 3));
	} else if (word_is(s, 1, "notice")) {
		ev_notice(ev, ts, subject, number_at(s, 3));
	} else if (word_is(s, 1, "reap")) {
		ev_reap(ev, ts, subject, number_at(s, 3),
			word_is(s, 4, "release") ? PW_REAP_RELEASE : PW_REAP_WAIT);
	} else if (word_is(s, 1, "free")) {
		ev_free(ev, ts, subject);
	} else if (word_is(s, 1, "signal")) {
		const char *name = word_at(s, 4);
		struct pw_signal signal = ev_signal_event(ev, ts, subject, number_at(s, 3),
							  signal_named(s, name, strlen(name)));

		signal.code = s->words > 5 ? (int)number_at(s, 5) : 0;
		ev_emit(ev, &signal);
	} else {
		struct pw_reparent reparent = ev_reparent_event(ev, ts, subject, number_at(s, 3),
								s->words > 5 ? number_at(s, 5) : 0);

		reparent.ns_init = word_is(s, 4, "init");
		reparent.subreaper = word_is(s, 4, "subreaper");
		ev_emit(ev, &reparent);
	}
}

static void read_mark(struct stream *s, uint64_t ts)
{
	const int64_t value = s->words > 4 ? strtoll(word_at(s, 4), NULL, 10) : 0;

	if (word_is(s, 1, "named"))
		ev_mark_name(s->source, ts, number_at(s, 2), word_at(s, 3));
	else
		ev_mark(s->source, ts, number_at(s, 2), number_at(s, 3), s->words > 4 ? &value : NULL);
}

/* A line that begins with a time. */
static void read_event(struct stream *s)
{
	const uint64_t ts = time_at(s, 0);
	struct event_source *ev = s->source;

	if (word_is(s, 1, "fork"))
		ev_fork(ev, ts, number_at(s, 2), number_at(s, 3), word_at(s, 4));
	else if (word_is(s, 1, "thread"))
		ev_thread(ev, ts, number_at(s, 2), number_at(s, 3));
	else if (word_is(s, 1, "seed"))
		read_seed(s, ts);
	else if (word_is(s, 1, "rename"))
		ev_rename(ev, ts, number_at(s, 2), word_at(s, 3));
	else if (word_is(s, 1, "exec"))
		read_exec(s, ts);
	else if (word_is(s, 1, "takeover"))
		ev_take_over(ev, number_at(s, 2));
	else if (word_is(s, 1, "lost"))
		ev_lost(ev, ts, (uint16_t)number_at(s, 2), time_at(s, 3), time_at(s, 4), number_at(s, 5));
	else if (word_in(s, 1, "named mark"))
		read_mark(s, ts);
	else if (word_is(s, 1, "end"))
		s->end = ts;
	else if (word_in(s, 1, "on off switch wake die"))
		read_switch(s, ts);
	else if (word_in(s, 1, "exit notice reap free signal reparent"))
		read_end(s, ts);
	else
		fail_line(s, "not an event");
}

/* The stream's evidence is one fact that reads as it stands. */
static const struct pw_sentence claim_words[] = {{.code = "said", .text = "{text}"}, {0}};

static void add_claim(struct stream *s)
{
	const struct pw_fact said = pw_fact_make("said", PW_VALUES(pw_value_text("text", word_at(s, 4))));
	struct pw_facts facts = {0};

	pw_facts_add(&facts, &said);
	pw_claim(&s->lesson, keep_string(s, word_at(s, 2)), keep_string(s, word_at(s, 3)),
		 word_is(s, 1, "held"), &facts);
	s->lesson.words[0] = claim_words;
}

/* A line that begins with a word. False: it is none of these. */
static bool read_setting(struct stream *s)
{
	struct pw_session *session = &s->session;

	if (word_is(s, 0, "demo")) {
		session->demo = keep_string(s, word_at(s, 1));
	} else if (word_is(s, 0, "command")) {
		for (size_t i = 1; i < s->words; i++)
			s->command[i - 1] = keep_string(s, s->word[i]);
		session->command = s->command;
	} else if (word_is(s, 0, "attach")) {
		for (size_t i = 1; i < s->words; i++)
			s->pids[session->n_pids++] = number_at(s, i);
		session->pids = s->pids;
		session->target = PW_TARGET_ATTACH;
	} else if (word_is(s, 0, "system")) {
		session->target = PW_TARGET_SYSTEM;
	} else if (word_is(s, 0, "hook")) {
		session->hook_reap = keep_string(s, word_at(s, 1));
	} else if (word_is(s, 0, "skipped")) {
		session->skipped = number_at(s, 1);
	} else if (word_is(s, 0, "outside")) {
		ev_outside(s->source, number_at(s, 1), word_at(s, 2));
	} else if (word_is(s, 0, "claim")) {
		add_claim(s);
	} else if (word_is(s, 0, "keep")) {
		s->keep.ns = ms_at(s, 1);
	} else if (word_is(s, 0, "hide") || word_is(s, 0, "show")) {
		s->source->hidden = word_is(s, 0, "hide");
	} else {
		return false;
	}
	return true;
}

/* Reads the lines up to the end, or of a repeat up to its done, as often as it says. */
static void read_lines(struct stream *s, FILE *f)
{
	uint32_t rounds = 0;
	uint64_t step = 0;
	long begin = 0;
	size_t first = 0;
	char line[1024];

	while (fgets(line, sizeof(line), f)) {
		s->line++;
		split(s, line);
		if (s->words == 0)
			continue;
		if (word_is(s, 0, "repeat")) {
			rounds = number_at(s, 1);
			step = ms_at(s, 2);
			begin = ftell(f);
			first = s->line;
		} else if (word_is(s, 0, "done")) {
			s->offset += step;
			if (++s->round < rounds) {
				fseek(f, begin, SEEK_SET);
				s->line = first;
			} else {
				s->round = 0;
				s->offset = 0;
			}
		} else if (!read_setting(s)) {
			read_event(s);
		}
	}
}

void stream_load(struct stream *s, const char *path)
{
	FILE *f = fopen(path, "r");

	*s = (struct stream){.path = path, .source = malloc(sizeof(struct event_source))};
	if (!f || !s->source)
		fail_line(s, "cannot be read");
	ev_begin(s->source, event_list_sink, &s->events);
	s->session = (struct pw_session){.kernel = "6.12.0",
					 .machine = "x86_64",
					 .boot_id = "11111111-2222-3333-4444-555555555555",
					 .cpus = 2,
					 .hook_reap = "return of wait4 and waitid",
					 .hook_reparent = "children of dying tasks",
					 .hook_switch = "tp_btf sched_switch",
					 .start_ns = STREAM_START,
					 .start_wall_ns = INT64_C(1700000000000000000)};
	read_lines(s, f);
	fclose(f);
	if (!s->end)
		fail_line(s, "no end");
	s->session.duration_ns = s->end - STREAM_START;
	s->session.received = s->events.count;
	s->lesson.demo = s->session.demo;
}

struct pw_model *stream_model(struct stream *s)
{
	struct pw_model *m = pw_model_new();

	if (m)
		pw_model_keep(m, &s->keep);
	for (size_t i = 0; i < s->events.count; i++)
		if (!m || pw_model_feed(m, s->events.at[i]))
			fail_line(s, "out of memory");
	if (pw_model_finish(m, s->end))
		fail_line(s, "out of memory");
	s->session.lost = pw_model_stats(m)->lost;
	return m;
}

void stream_free(struct stream *s)
{
	for (size_t i = 0; i < s->n_kept; i++)
		free(s->kept[i]);
	event_list_free(&s->events);
	free(s->source);
	pw_lesson_free(&s->lesson);
}
