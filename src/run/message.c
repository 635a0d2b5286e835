/* SPDX-License-Identifier: GPL-2.0-only */
#include "run/message.h"

#include <errno.h>
#include <sys/socket.h>

int pw_message_send(int fd, const struct pw_message *message)
{
	return send(fd, message, sizeof(*message), MSG_NOSIGNAL | MSG_DONTWAIT) < 0 ? -errno : 0;
}

int pw_message_receive(int fd, struct pw_message *message)
{
	ssize_t n;

	/* ECONNRESET comes once, before the messages that the other side sent before it ended. */
	do
		n = recv(fd, message, sizeof(*message), MSG_DONTWAIT);
	while (n < 0 && (errno == EINTR || errno == ECONNRESET));
	if (n == sizeof(*message))
		return 1;
	return n < 0 && errno == EAGAIN ? 0 : -EPIPE;
}
