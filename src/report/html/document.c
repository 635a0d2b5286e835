/* SPDX-License-Identifier: GPL-2.0-only */
#include "report/html/document.h"

#include <errno.h>
#include <string.h>

#include "analysis/findings.h"
#include "model/questions.h"
#include "report/json_common.h"
#include "report/json_facts.h"
#include "report/json_process.h"
#include "util/kernel_names.h"
#include "util/lang.h"

static const struct pw_process *process_at(const struct pw_page *page, size_t i)
{
	return pw_model_process(page->report->model, page->processes[i]);
}

/* The page's index of a process, by its index in the model: a binary search, since both are in order of birth. */
static size_t place_of(const struct pw_page *page, size_t process)
{
	size_t low = 0, high = page->filter.n_processes;

	while (high - low > 1) {
		const size_t middle = low + (high - low) / 2;

		if (page->processes[middle] <= process)
			low = middle;
		else
			high = middle;
	}
	return low;
}

static void recording(struct pw_json *j, const struct pw_session *s, const struct pw_model *model)
{
	pw_field_string(j, "version", PW_VERSION);
	pw_field_string(j, "kernel", s->kernel);
	pw_field_string(j, "machine", s->machine);
	pw_field_u64(j, "cpus", s->cpus);
	pw_field_string(j, "reap_hook", s->hook_reap);
	pw_field_target(j, s);
	pw_field_string(j, "demo", s->demo);
	pw_field_u64(j, "duration_ns", s->duration_ns);
	pw_json_key(j, "start_wall_ms");
	pw_json_i64(j, s->start_wall_ns / 1000000);
	pw_field_u64(j, "received", s->received);
	pw_field_u64(j, "lost", s->lost);
	pw_field_u64(j, "skipped", s->skipped);
	pw_field_u64(j, "holes", pw_model_stats(model)->missed_switches);
	pw_json_key(j, "kept_from_ns");
	if (pw_model_kept_from(model))
		pw_json_difference(j, pw_model_kept_from(model), s->start_ns);
	else
		pw_json_null(j);
	pw_field_u64(j, "earlier_processes", pw_model_folded(model));
}

static void lost_ranges(struct pw_json *j, const struct pw_model *model, uint64_t zero)
{
	pw_json_key(j, "lost_ranges");
	pw_json_array(j);
	for (size_t i = 0; i < pw_model_lost_count(model); i++) {
		const struct pw_lost_range *range = pw_model_lost(model, i);

		pw_json_array(j);
		pw_json_difference(j, range->from, zero);
		pw_json_difference(j, range->to, zero);
		pw_json_u64(j, range->count);
		pw_json_u64(j, range->cpu);
		pw_json_end(j);
	}
	pw_json_end(j);
}

/* [state, detail, system call, has a CPU, has a waker] */
static void kinds_array(struct pw_json *j, const struct pw_kinds *kinds)
{
	pw_json_key(j, "kinds");
	pw_json_array(j);
	for (size_t i = 0; i < kinds->count; i++) {
		const struct pw_kind *k = &kinds->at[i];
		const char *call = pw_syscall_name(k->syscall);
		char number[32];

		snprintf(number, sizeof(number), "syscall_%d", k->syscall);
		if (!call)
			call = number;
		pw_json_array(j);
		pw_json_string(j, k->gone ? "gone" : pw_state_name(k->state));
		pw_json_string(j, pw_detail_name(k->detail));
		pw_json_string(j, k->syscall < 0 ? NULL : call);
		pw_json_bool(j, k->has_cpu);
		pw_json_bool(j, k->has_by);
		pw_json_end(j);
	}
	pw_json_end(j);
}

/* What the view options selected: the window, the order of the processes (null: by birth), and a sentence. */
static void view(struct pw_json *j, const struct pw_page *page)
{
	const struct pw_view_options *v = page->report->view;
	const uint64_t zero = page->report->session->start_ns;
	const struct pw_view_filter *c = &page->filter;
	struct pw_text words = {0};

	pw_json_key(j, "since_ns");
	if (c->from > zero)
		pw_json_difference(j, c->from, zero);
	else
		pw_json_null(j);
	pw_json_key(j, "until_ns");
	if (c->to < zero + page->report->session->duration_ns)
		pw_json_difference(j, c->to, zero);
	else
		pw_json_null(j);
	pw_field_bool(j, "zombies", !c->states || c->states >> PW_ZOMBIE & 1);
	pw_field_bool(j, "open", c->threads);
	pw_view_filter_describe(c, page->report, &words);
	pw_field_string(j, "shown", words.length > 0 ? pw_text_get(&words) : NULL);
	if (words.failed && !j->err)
		j->err = -ENOMEM;
	pw_text_free(&words);
	pw_json_key(j, "order");
	if (!v || v->sort <= PW_SORT_START) {
		pw_json_null(j);
		return;
	}
	pw_json_array(j);
	for (size_t i = 0; i < c->n_processes; i++)
		pw_json_u64(j, place_of(page, c->processes[i]));
	pw_json_end(j);
}

static void processes(struct pw_json *j, const struct pw_page *page)
{
	pw_json_key(j, "processes");
	pw_json_array(j);
	for (size_t i = 0; i < page->filter.n_processes && !j->err; i++)
		pw_json_process(j, process_at(page, i), page->report->session->start_ns, NULL);
	pw_json_end(j);
}

/* The indexes of the processes for which `is` returns true. */
static void list(struct pw_json *j, const char *key, const struct pw_page *page,
		 bool (*is)(const struct pw_process *, uint64_t recording_ns))
{
	pw_json_key(j, key);
	pw_json_array(j);
	for (size_t i = 0; i < page->filter.n_processes; i++)
		if (is(process_at(page, i), page->report->session->duration_ns))
			pw_json_u64(j, i);
	pw_json_end(j);
}

static bool is_stopped(const struct pw_process *process, uint64_t recording_ns)
{
	(void)recording_ns;
	return pw_stopped_at_end(process);
}

/* The begin of the first interval and the number of intervals, which the columns do not hold. */
static void thread_intervals(struct pw_json *j, const struct pw_page *page, const struct pw_thread *t,
			     uint64_t zero)
{
	struct pw_shown_iter it;
	struct pw_span span;
	uint64_t count = 0, from = t->start;
	bool gone;

	pw_shown_init(&it, &page->filter, t);
	while (pw_shown_next(&it, &span, &gone))
		if (count++ == 0)
			from = span.from;
	pw_json_difference(j, from, zero);
	pw_json_u64(j, count);
}

/* [process, tid, name, start, exit or null, first interval, intervals, voluntary, involuntary, wake-ups, migrations] */
static void thread_array(struct pw_json *j, const struct pw_page *page, const struct pw_thread *t,
			 size_t process)
{
	const uint64_t zero = page->report->session->start_ns;

	pw_json_array(j);
	pw_json_u64(j, process);
	pw_json_u64(j, t->tid);
	pw_json_bytes(j, t->comm, strnlen(t->comm, PW_COMM_LEN));
	pw_json_difference(j, t->start, zero);
	if (t->exit)
		pw_json_difference(j, t->exit, zero);
	else
		pw_json_null(j);
	thread_intervals(j, page, t, zero);
	pw_json_u64(j, t->switches.voluntary);
	pw_json_u64(j, t->switches.involuntary);
	pw_json_u64(j, t->wakeups);
	pw_json_u64(j, t->migrations);
	pw_json_end(j);
}

static void threads(struct pw_json *j, const struct pw_page *page)
{
	pw_json_key(j, "threads");
	pw_json_array(j);
	for (size_t i = 0; i < page->filter.n_processes && !j->err; i++)
		for (const struct pw_thread *t = process_at(page, i)->threads; t; t = t->next)
			thread_array(j, page, t, i);
	pw_json_end(j);
}

/* A number, or a string of digits if JavaScript cannot hold the number exactly. */
static void mark_value(struct pw_json *j, const struct pw_passed *mark)
{
	const int64_t exact = INT64_C(1) << 53;
	char digits[32];

	snprintf(digits, sizeof(digits), "%lld", (long long)mark->value);
	if (!mark->valued)
		pw_json_null(j);
	else if (mark->value <= exact && mark->value >= -exact)
		pw_json_i64(j, mark->value);
	else
		pw_json_string(j, digits);
}

/* The marks of programs, by thread: [thread, at, name, value or null] */
static void marks(struct pw_json *j, const struct pw_page *page)
{
	const uint64_t zero = page->report->session->start_ns;
	uint64_t thread = 0;

	pw_json_key(j, "marks");
	pw_json_array(j);
	for (size_t i = 0; i < page->filter.n_processes && !j->err; i++) {
		for (const struct pw_thread *t = process_at(page, i)->threads; t; t = t->next, thread++) {
			for (size_t k = 0; k < t->n_marks; k++) {
				if (t->marks[k].at < page->filter.from || t->marks[k].at > page->filter.to)
					continue;
				pw_json_array(j);
				pw_json_u64(j, thread);
				pw_json_difference(j, t->marks[k].at, zero);
				pw_json_string(j, t->marks[k].name);
				mark_value(j, &t->marks[k]);
				pw_json_end(j);
			}
		}
	}
	pw_json_end(j);
}

/* [at, signal, from pid, to pid, result] */
static void signals(struct pw_json *j, const struct pw_model *model, uint64_t zero)
{
	const size_t count = pw_model_signal_count(model);

	pw_json_key(j, "signals");
	pw_json_array(j);
	for (size_t i = 0; i < count && !j->err; i++) {
		const struct pw_signal_record *s = pw_model_signal(model, i);
		const char *name = pw_signal_name(s->sig);
		char number[32];

		snprintf(number, sizeof(number), "signal %d", s->sig);
		pw_json_array(j);
		pw_json_difference(j, s->at, zero);
		pw_json_string(j, name ? name : number);
		pw_json_u64(j, s->from_pid);
		pw_json_u64(j, s->to_pid);
		pw_json_i64(j, s->result);
		pw_json_end(j);
	}
	pw_json_end(j);
}

/* The names of the signals by number, for those that killed a process. */
static void signal_names(struct pw_json *j)
{
	pw_json_key(j, "signal_names");
	pw_json_array(j);
	for (int sig = 0; sig <= 64; sig++)
		pw_json_string(j, pw_signal_name(sig));
	pw_json_end(j);
}

/* The translations of the page's own texts; an English page has none. */
static void words(struct pw_json *j, const struct pw_report *r)
{
	static const char *const texts[] = {
/* make/html.mk collects them from the page. */
#include "html_words.h"
	};

	pw_field_string(j, "lang", r->language == PW_CHINESE ? "zh-CN" : "en");
	pw_json_key(j, "words");
	pw_json_object(j);
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (tr(r->language, texts[i]) != texts[i])
			pw_field_string(j, texts[i], tr(r->language, texts[i]));
	pw_json_end(j);
}

int pw_page_document(const struct pw_page *page, const struct pw_kinds *kinds, FILE *out)
{
	const struct pw_report *r = page->report;
	const uint64_t zero = r->session->start_ns;
	struct pw_json json, *j = &json;

	pw_json_init(j, out);
	pw_json_object(j);
	words(j, r);
	recording(j, r->session, r->model);
	view(j, page);
	lost_ranges(j, r->model, zero);
	kinds_array(j, kinds);
	processes(j, page);
	list(j, "long_zombies", page, pw_zombie_is_long);
	list(j, "stopped", page, is_stopped);
	threads(j, page);
	marks(j, page);
	signals(j, r->model, zero);
	signal_names(j);
	pw_field_findings(j, r->findings, r->language, zero);
	pw_field_lesson(j, r->lesson, true, r->language, zero);
	pw_json_end(j);
	return pw_json_finish(j);
}
