# SPDX-License-Identifier: GPL-2.0-only
"""Questions to a thread's intervals in a JSON report: how long in which state, asleep in what, and with whom at once."""

from dataclasses import dataclass


@dataclass
class Sleep:
    from_ns: int
    to_ns: int
    syscall: str
    by: int | None  # the tid that woke it; None: nobody was seen

    @property
    def ns(self):
        return self.to_ns - self.from_ns


def first_thread(process):
    return process["threads"][0]


def is_asleep(interval):
    """
    It waits for what it has asked for. Where it is uninterruptible, the kernel makes it wait for a page or
    for a lock of its own, which anybody who forks or ends just then may give back.
    """
    return interval["state"] == "blocked" and not (interval["detail"] or "").startswith("uninterruptible")


def sleeps(thread, *syscalls):
    """Its sleeps, in these system calls or in any; the waker stands at the ready interval that follows."""
    found = []
    intervals = thread["intervals"]
    for interval, after in zip(intervals, intervals[1:] + [{}]):
        syscall = (interval["detail"] or "").partition(":")[2]
        if is_asleep(interval) and (not syscalls or syscall in syscalls):
            by = after.get("by") if after.get("state") in ("ready", "running") else None
            found.append(Sleep(interval["from_ns"], interval["to_ns"], syscall, by))
    return found


def pauses(thread):
    return sleeps(thread, "clock_nanosleep", "nanosleep")


def common(a_from, a_to, b_from, b_to):
    return max(0, min(a_to, b_to) - max(a_from, b_from))


def spent(thread, state, since=float("-inf"), until=float("inf")):
    return sum(common(i["from_ns"], i["to_ns"], since, until)
               for i in thread["intervals"] if i["state"] == state)


def asleep(thread, since=float("-inf"), until=float("inf")):
    return sum(common(sleep.from_ns, sleep.to_ns, since, until) for sleep in sleeps(thread))


def slept_in(thread, *syscalls):
    return sum(sleep.ns for sleep in sleeps(thread, *syscalls))


def both(a, a_state, b, b_state):
    """For how long the one was in the one state while the other was in the other."""
    return sum(common(i["from_ns"], i["to_ns"], j["from_ns"], j["to_ns"])
               for i in a["intervals"] if i["state"] == a_state
               for j in b["intervals"] if j["state"] == b_state)


def turns(*threads):
    """How often another of them ran than the one before."""
    runs = sorted((i["from_ns"], number) for number, thread in enumerate(threads)
                  for i in thread["intervals"] if i["state"] == "running")
    return sum(a != b for (_, a), (_, b) in zip(runs, runs[1:]))


def most_at_once(stretches):
    """The most of these sleeps that were under way at one moment."""
    return max((sum(s.from_ns <= t.from_ns < s.to_ns for s in stretches) for t in stretches), default=0)


def first_run(thread, since=float("-inf")):
    return next(i["from_ns"] for i in thread["intervals"] if i["state"] == "running" and i["to_ns"] > since)
