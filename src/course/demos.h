/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The demos in the order of the course, a row each: name, chapter, title, and the
 * options with which it makes other claims, ended by NULL (at most PW_VARIANTS_MAX).
 * The demos of a chapter stand together.
 *
 * A row NAME stands for the folder course/NAME: its lesson.c defines pw_page_NAME
 * and pw_judge_NAME (course.h), its demo.c is the program demo_NAME.
 */
#ifndef PW_DEMOS_H
#define PW_DEMOS_H

// clang-format off
#define PW_DEMOS(X) \
	X(fork, N_("Creating processes"), N_("one process becomes two, and the parent waits for the child"), NULL) \
	X(start, N_("Creating processes"), N_("10 children are started, and the parent does not join them"), NULL) \
	X(zombie, N_("Ending and reaping"), N_("a child exits, and its parent is slow to wait for it"), "--no-wait") \
	X(orphan, N_("Ending and reaping"), N_("a parent exits while its child is still working"), NULL) \
	X(exit, N_("Ending and reaping"), N_("four children exit in four ways"), NULL) \
	X(terminate, N_("Ending and reaping"), N_("a child is asked to terminate, and checked twice"), NULL) \
	X(daemon, N_("Ending and reaping"), N_("a daemon child, an ordinary child, and when each of them ends"), "--unix") \
	X(join, N_("Waiting"), N_("10 children are joined one after another"), NULL) \
	X(blocking, N_("Waiting"), N_("four ways to call: synchronous or not, blocking or not"), NULL) \
	X(callback, N_("Waiting"), N_("a kettle boils while its owner plays, and a callback says when"), NULL) \
	X(states, N_("Scheduling"), N_("running, ready, blocked, and what leads from one to another"), NULL) \
	X(parallel, N_("Scheduling"), N_("two processes that compute, on one CPU and on two"), NULL) \
	X(sched, N_("Scheduling"), N_("the same jobs: first come first served, round robin, default"), NULL) \
	X(isolation, N_("Sharing and isolation"), N_("a child decrements a variable: does the parent's change?"), "--shared") \
	X(lock, N_("Synchronisation"), N_("10 buyers, 3 tickets, with and without a lock"), "--no-lock") \
	X(semaphore, N_("Synchronisation"), N_("8 processes share 3 permits"), NULL) \
	X(event, N_("Synchronisation"), N_("many processes wait for an event, and one sets it"), NULL) \
	X(deadlock, N_("Synchronisation"), N_("two processes take two locks in opposite orders"), "--ordered", "--recursive") \
	X(queue, N_("Communication"), N_("a producer, a consumer, and a queue with room for 3"), NULL) \
	X(pipe, N_("Communication"), N_("two readers on one pipe, with and without a lock"), "--no-lock") \
	X(manager, N_("Communication"), N_("one process holds the data, and the others ask it"), "--no-lock") \
	X(pool, N_("Pools"), N_("4 workers do 10 tasks"), "--apply") \
	X(threads, N_("Threads"), N_("the same work in 4 threads and in 4 processes"), NULL) \
	X(gil, N_("Threads"), N_("two threads under one global lock, and two processes"), NULL) \
	X(coroutine, N_("Concurrency in one thread"), N_("three tasks take turns in one thread"), NULL) \
	X(iomodel, N_("I/O models"), N_("one reader, five ways to wait for its data"), NULL) \
	X(server, N_("I/O models"), N_("4 clients, and three ways to serve them"), NULL)
// clang-format on

#endif
