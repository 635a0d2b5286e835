/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Streams: histories written as text, one event per line, for the tests that
 * compare whole reports. Times (T) are in ms since the start of the recording.
 *
 *	demo NAME | command WORD... | attach PID... | system     what was recorded
 *	hook WORDS          skipped N                            how, and what the kernel kept
 *	claim held|not ID TEXT EVIDENCE                          one line of the lesson
 *	outside PID NAME                                         a task that is not watched
 *
 *	T fork PARENT PID NAME      T thread BY TID              T seed PARENT TID TGID AGE STATE
 *	T on CPU TID                T off TID STATE              T switch PREV STATE NEXT
 *	T wake TID BY|irq           T exit TID STATUS [ignored|nocldwait]
 *	T notice TID PARENT         T die TID zombie|dead        T free TID
 *	T signal FROM TO SIGNAL [CODE]                           T reap PID BY wait|release
 *	T reparent TID NEW init|subreaper|none [CHILD]
 *	T rename TID NAME           T exec PID EXE [ARG...]      T takeover TID
 *	T lost CPU FIRST LAST COUNT                              T end
 *	T named NUMBER NAME         T mark TID NUMBER [VALUE]    a name for marks, and one
 *
 *	hide ... show                                            happened, but was not raised: a hole
 *	repeat N STEP ... done                                   N times, STEP ms apart; +PID is one more each time
 *
 * STATE is R S D T t V (vfork) I (idle) P (parked), or S:SYSCALL. STATUS is 7,
 * SIGTERM or SIGSEGV+core. A word may be "quoted" and have \xNN in it; # begins
 * a comment.
 */
#ifndef PW_TEST_STREAM_H
#define PW_TEST_STREAM_H

#include <stdlib.h>

#include "course/course.h"
#include "report/report.h"
#include "unit/events.h"
#include "util/signals.h"
#include "util/syscalls.h"

#define STREAM_START UINT64_C(1000000000000)
#define STREAM_WORDS 64
#define STREAM_LINES 4096

struct stream {
	struct pw_event **events;
	size_t count;
	uint64_t end;
	struct pw_session session;
	struct pw_lesson lesson; /* count 0: none */
	const char *command[STREAM_WORDS + 1];
	uint32_t pids[STREAM_WORDS];
	char *kept[STREAM_LINES]; /* strings the above point to */
	size_t n_kept;
	struct world *world;
	/* the line being read */
	const char *path;
	size_t line;
	char *word[STREAM_WORDS];
	size_t words;
	uint64_t offset; /* of this round of a repeat */
	uint32_t round;
	struct pw_keep keep;
};

static inline void stream_fail(const struct stream *s, const char *why)
{
	fprintf(stderr, "%s:%zu: %s\n", s->path, s->line, why);
	abort();
}

/* The bytes of an event that matter: an exec is cut after its arguments, as in the ring. */
static inline size_t stream_event_size(const struct pw_event *ev)
{
	static const size_t sizes[PW_EV_KIND_COUNT] = {
		[PW_EV_BIRTH] = sizeof(struct pw_birth),   [PW_EV_SWITCH] = sizeof(struct pw_switch),
		[PW_EV_WAKE] = sizeof(struct pw_wake),	   [PW_EV_EXEC] = sizeof(struct pw_exec),
		[PW_EV_RENAME] = sizeof(struct pw_rename), [PW_EV_EXIT] = sizeof(struct pw_exit),
		[PW_EV_SIGNAL] = sizeof(struct pw_signal), [PW_EV_REPARENT] = sizeof(struct pw_reparent),
		[PW_EV_REAP] = sizeof(struct pw_reap),	   [PW_EV_FREE] = sizeof(struct pw_free),
		[PW_EV_LOST] = sizeof(struct pw_lost),	   [PW_EV_CGROUP] = sizeof(struct pw_cgroup),
		[PW_EV_MARK] = sizeof(struct pw_mark),	   [PW_EV_MARK_NAME] = sizeof(struct pw_mark_name),
	};

	return sizes[ev->kind];
}

static inline int stream_sink(void *context, const struct pw_event *ev)
{
	struct stream *s = context;
	const size_t size = stream_event_size(ev);

	s->events = realloc(s->events, (s->count + 1) * sizeof(struct pw_event *));
	s->events[s->count] = malloc(size);
	memcpy(s->events[s->count++], ev, size);
	return 0;
}

static inline const char *stream_keep(struct stream *s, const char *text)
{
	if (s->n_kept == STREAM_LINES)
		stream_fail(s, "too many strings");
	return s->kept[s->n_kept++] = strdup(text);
}

/* Takes \xNN out of a quoted word, in place. */
static inline void stream_unescape(char *word)
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

static inline void stream_split(struct stream *s, char *line)
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
			stream_fail(s, "too many words");
		s->word[s->words++] = p;
		p += strcspn(p, stop);
		if (*p)
			*p++ = '\0';
		if (stop[0] == '"')
			stream_unescape(s->word[s->words - 1]);
	}
}

static inline const char *stream_word(const struct stream *s, size_t i)
{
	if (i >= s->words)
		stream_fail(s, "a word is missing");
	return s->word[i];
}

static inline uint32_t stream_number(const struct stream *s, size_t i)
{
	const char *word = stream_word(s, i);
	char *end;
	const unsigned long n = strtoul(word, &end, 10);

	if (*end || end == word)
		stream_fail(s, "not a number");
	return (uint32_t)n + (word[0] == '+' ? s->round : 0);
}

static inline uint64_t stream_ms(const struct stream *s, size_t i)
{
	char *end;
	const double ms = strtod(stream_word(s, i), &end);

	if (*end)
		stream_fail(s, "not a time in ms");
	return (uint64_t)(ms * 1000000.0 + 0.5);
}

static inline uint64_t stream_time(const struct stream *s, size_t i)
{
	return STREAM_START + stream_ms(s, i) + s->offset;
}

static inline bool stream_is(const struct stream *s, size_t i, const char *word)
{
	return i < s->words && strcmp(s->word[i], word) == 0;
}

static inline bool stream_one_of(const struct stream *s, size_t i, const char *words)
{
	const char *word = stream_word(s, i), *at = strstr(words, word);
	const size_t length = strlen(word);

	return at && (at == words || at[-1] == ' ') && (at[length] == ' ' || !at[length]);
}

static inline uint32_t stream_state(const struct stream *s, size_t i, int *syscall)
{
	static const char letters[] = "RSDTtVIP";
	static const uint32_t states[] = {W_RUNNABLE, W_SLEEP, W_DISK, W_STOP,
					  W_TRACED,   W_VFORK, W_IDLE, W_PARKED};
	const char *word = stream_word(s, i), *letter = strchr(letters, word[0]);

	*syscall = -1;
	if (!letter || (word[1] && word[1] != ':'))
		stream_fail(s, "not a state");
	for (int nr = 0; word[1] && *syscall < 0; nr++) {
		const char *name = pw_syscall_name(nr);

		if (nr > 4096)
			stream_fail(s, "not a system call");
		if (name && strcmp(name, word + 2) == 0)
			*syscall = nr;
	}
	return states[letter - letters];
}

static inline int stream_signal(const struct stream *s, const char *name, size_t length)
{
	for (int sig = 1; sig <= 64; sig++) {
		const char *known = pw_signal_name(sig);

		if (known && strlen(known) == length && strncmp(known, name, length) == 0)
			return sig;
	}
	stream_fail(s, "not a signal");
	return 0;
}

static inline uint32_t stream_status(const struct stream *s, size_t i)
{
	const char *word = stream_word(s, i);
	const size_t length = strcspn(word, "+");

	if (word[0] != 'S')
		return stream_number(s, i) << 8;
	return (uint32_t)stream_signal(s, word, length) | (word[length] ? 0x80 : 0);
}

static inline void stream_exec(struct stream *s, uint64_t ts)
{
	char argv[PW_ARGV_LEN] = "";
	size_t length = 0;

	for (size_t i = 4; i < s->words; i++)
		length += (size_t)snprintf(argv + length, sizeof(argv) - length, "%s", s->word[i]) + 1;
	w_exec_by(s->world, ts, stream_number(s, 2), stream_number(s, 2), stream_word(s, 3), argv, length);
}

static inline void stream_seed(struct stream *s, uint64_t ts)
{
	int syscall;
	const uint32_t state = stream_state(s, 6, &syscall);

	w_seed(s->world, ts, stream_number(s, 2), stream_number(s, 3), stream_number(s, 4),
	       ts - stream_ms(s, 5), state, false);
}

static inline void stream_switches(struct stream *s, uint64_t ts)
{
	struct world *w = s->world;
	int syscall;

	if (stream_is(s, 1, "on")) {
		w_on(w, ts, (uint16_t)stream_number(s, 2), stream_number(s, 3));
	} else if (stream_is(s, 1, "wake")) {
		w_wake(w, ts, stream_number(s, 2),
		       stream_is(s, 3, "irq") ? PW_IRQ_WAKER : stream_number(s, 3));
	} else if (stream_is(s, 1, "die")) {
		w_die(w, ts, stream_number(s, 2), stream_is(s, 3, "dead") ? 0x10 : 0x20);
	} else {
		const uint32_t state = stream_state(s, 3, &syscall);

		if (stream_is(s, 1, "off"))
			w_off(w, ts, stream_number(s, 2), state, syscall);
		else
			w_switch(w, ts, stream_number(s, 2), state, syscall, stream_number(s, 4));
	}
}

static inline void stream_end(struct stream *s, uint64_t ts)
{
	struct world *w = s->world;
	const uint32_t subject = stream_number(s, 2);

	if (stream_is(s, 1, "exit") && s->words > 4) {
		w_exit_autoreap(w, ts, subject, stream_status(s, 3), stream_is(s, 4, "ignored") ? 1 : 2);
	} else if (stream_is(s, 1, "exit")) {
		w_exit(w, ts, subject, stream_status(s, 3));
	} else if (stream_is(s, 1, "notice")) {
		w_notice(w, ts, subject, stream_number(s, 3));
	} else if (stream_is(s, 1, "reap")) {
		w_reap(w, ts, subject, stream_number(s, 3),
		       stream_is(s, 4, "release") ? PW_REAP_RELEASE : PW_REAP_WAIT);
	} else if (stream_is(s, 1, "free")) {
		w_free(w, ts, subject);
	} else if (stream_is(s, 1, "signal")) {
		const char *name = stream_word(s, 4);
		struct pw_signal ev = w_signal_event(w, ts, subject, stream_number(s, 3),
						     stream_signal(s, name, strlen(name)));

		ev.code = s->words > 5 ? (int)stream_number(s, 5) : 0;
		w_emit(w, &ev);
	} else {
		struct pw_reparent ev = w_reparent_event(w, ts, subject, stream_number(s, 3),
							 s->words > 5 ? stream_number(s, 5) : 0);

		ev.ns_init = stream_is(s, 4, "init");
		ev.subreaper = stream_is(s, 4, "subreaper");
		w_emit(w, &ev);
	}
}

static inline void stream_mark(struct stream *s, uint64_t ts)
{
	const int64_t value = s->words > 4 ? strtoll(stream_word(s, 4), NULL, 10) : 0;

	if (stream_is(s, 1, "named"))
		w_mark_name(s->world, ts, stream_number(s, 2), stream_word(s, 3));
	else
		w_mark(s->world, ts, stream_number(s, 2), stream_number(s, 3), s->words > 4 ? &value : NULL);
}

/* A line that begins with a time. */
static inline void stream_event(struct stream *s)
{
	const uint64_t ts = stream_time(s, 0);
	struct world *w = s->world;

	if (stream_is(s, 1, "fork"))
		w_fork(w, ts, stream_number(s, 2), stream_number(s, 3), stream_word(s, 4));
	else if (stream_is(s, 1, "thread"))
		w_thread(w, ts, stream_number(s, 2), stream_number(s, 3));
	else if (stream_is(s, 1, "seed"))
		stream_seed(s, ts);
	else if (stream_is(s, 1, "rename"))
		w_rename(w, ts, stream_number(s, 2), stream_word(s, 3));
	else if (stream_is(s, 1, "exec"))
		stream_exec(s, ts);
	else if (stream_is(s, 1, "takeover"))
		w_take_over(w, stream_number(s, 2));
	else if (stream_is(s, 1, "lost"))
		w_lost(w, ts, (uint16_t)stream_number(s, 2), stream_time(s, 3), stream_time(s, 4),
		       stream_number(s, 5));
	else if (stream_one_of(s, 1, "named mark"))
		stream_mark(s, ts);
	else if (stream_is(s, 1, "end"))
		s->end = ts;
	else if (stream_one_of(s, 1, "on off switch wake die"))
		stream_switches(s, ts);
	else if (stream_one_of(s, 1, "exit notice reap free signal reparent"))
		stream_end(s, ts);
	else
		stream_fail(s, "not an event");
}

/* A line that begins with a word. False: it is none of these. */
static inline bool stream_setting(struct stream *s)
{
	struct pw_session *session = &s->session;

	if (stream_is(s, 0, "demo")) {
		session->demo = stream_keep(s, stream_word(s, 1));
	} else if (stream_is(s, 0, "command")) {
		for (size_t i = 1; i < s->words; i++)
			s->command[i - 1] = stream_keep(s, s->word[i]);
		session->command = s->command;
	} else if (stream_is(s, 0, "attach")) {
		for (size_t i = 1; i < s->words; i++)
			s->pids[session->n_pids++] = stream_number(s, i);
		session->pids = s->pids;
		session->target = PW_TARGET_ATTACH;
	} else if (stream_is(s, 0, "system")) {
		session->target = PW_TARGET_SYSTEM;
	} else if (stream_is(s, 0, "hook")) {
		session->hook_reap = stream_keep(s, stream_word(s, 1));
	} else if (stream_is(s, 0, "skipped")) {
		session->skipped = stream_number(s, 1);
	} else if (stream_is(s, 0, "outside")) {
		struct w_task *t = w_task(s->world, stream_number(s, 1));

		snprintf(t->comm, sizeof(t->comm), "%s", stream_word(s, 2));
	} else if (stream_is(s, 0, "claim")) {
		pw_claim(&s->lesson, stream_keep(s, stream_word(s, 2)), stream_keep(s, stream_word(s, 3)),
			 stream_is(s, 1, "held"), "%s", stream_word(s, 4));
	} else if (stream_is(s, 0, "keep")) {
		s->keep.ns = stream_ms(s, 1);
	} else if (stream_is(s, 0, "hide") || stream_is(s, 0, "show")) {
		s->world->hidden = stream_is(s, 0, "hide");
	} else {
		return false;
	}
	return true;
}

/* Reads the lines up to the end, or of a repeat up to its done, as often as it says. */
static inline void stream_lines(struct stream *s, FILE *f)
{
	uint32_t rounds = 0;
	uint64_t step = 0;
	long begin = 0;
	size_t first = 0;
	char line[1024];

	while (fgets(line, sizeof(line), f)) {
		s->line++;
		stream_split(s, line);
		if (s->words == 0)
			continue;
		if (stream_is(s, 0, "repeat")) {
			rounds = stream_number(s, 1);
			step = stream_ms(s, 2);
			begin = ftell(f);
			first = s->line;
		} else if (stream_is(s, 0, "done")) {
			s->offset += step;
			if (++s->round < rounds) {
				fseek(f, begin, SEEK_SET);
				s->line = first;
			} else {
				s->round = 0;
				s->offset = 0;
			}
		} else if (!stream_setting(s)) {
			stream_event(s);
		}
	}
}

/* Reads a stream; what is wrong in it is said, and the test aborted. */
static inline void stream_load(struct stream *s, const char *path)
{
	FILE *f = fopen(path, "r");

	*s = (struct stream){.path = path, .world = malloc(sizeof(struct world))};
	if (!f || !s->world)
		stream_fail(s, "cannot be read");
	world_begin(s->world, stream_sink, s);
	s->session = (struct pw_session){.kernel = "6.12.0",
					 .machine = "x86_64",
					 .boot_id = "11111111-2222-3333-4444-555555555555",
					 .cpus = 2,
					 .hook_reap = "return of wait4 and waitid",
					 .hook_reparent = "children of dying tasks",
					 .hook_switch = "tp_btf sched_switch",
					 .start_ns = STREAM_START,
					 .start_wall_ns = INT64_C(1700000000000000000)};
	stream_lines(s, f);
	fclose(f);
	if (!s->end)
		stream_fail(s, "no end");
	s->session.duration_ns = s->end - STREAM_START;
	s->session.received = s->count;
	s->lesson.demo = s->session.demo;
}

/* The finished model of a stream; free it with pw_model_free. */
static inline struct pw_model *stream_model(struct stream *s)
{
	struct pw_model *m = pw_model_new();

	if (m)
		pw_model_keep(m, &s->keep);
	for (size_t i = 0; i < s->count; i++)
		if (!m || pw_model_feed(m, s->events[i]))
			stream_fail(s, "memory is short");
	if (pw_model_finish(m, s->end))
		stream_fail(s, "memory is short");
	s->session.lost = pw_model_stats(m)->lost;
	return m;
}

static inline void stream_free(struct stream *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->events[i]);
	for (size_t i = 0; i < s->n_kept; i++)
		free(s->kept[i]);
	free(s->events);
	free(s->world);
	pw_lesson_free(&s->lesson);
}

#endif
