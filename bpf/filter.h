/* SPDX-License-Identifier: GPL-2.0-only */
/* Who is watched. */
#ifndef PW_FILTER_H
#define PW_FILTER_H

static __always_inline __u8 *watch_byte(__u32 tid)
{
	__u32 page = tid / TIDS_PER_PAGE;
	struct watch_page *p = bpf_map_lookup_elem(&watch_pages, &page);

	return p ? &p->watched[tid % TIDS_PER_PAGE] : NULL;
}

static __always_inline bool is_watched(__u32 tid)
{
	__u8 *w;

	if (watch_all)
		return tid != 0;
	w = watch_byte(tid);
	return w && *w;
}

/* A new task is watched if who made it is, or is launching. Writes its byte either way. */
static __always_inline bool adopt_into_watch(struct task_struct *child, __u32 creator_tid, __u32 creator_tgid)
{
	bool process = child->pid == child->tgid;
	bool watched = is_watched(creator_tid) && (follow_children || !process);
	__u8 *w = watch_byte(child->pid);

	if (launcher_tgid && creator_tgid == launcher_tgid && process)
		watched = true;
	if (w && *w != watched)
		*w = watched;
	return watched || watch_all;
}

#endif
