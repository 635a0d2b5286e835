# SPDX-License-Identifier: GPL-2.0-only
"""A terminal with a user at the keyboard, and a check of the processes that are left at the end."""

import errno
import os
import pty
import re
import select
import signal
import time


class Terminal:
    """A program that leads a session of its own on a terminal of its own."""

    def __init__(self, argv: list, env: dict | None = None, preexec=lambda: None) -> None:
        self.shown = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            preexec()
            os.execvpe(str(argv[0]), [str(a) for a in argv], os.environ | {"TERM": "xterm"} | (env or {}))

    def _read(self, timeout: float) -> bool:
        """Takes what is on the screen; false when the terminal was closed or stays silent."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return False
        try:
            data = os.read(self.fd, 65536)
        except OSError as error:
            if error.errno == errno.EIO:
                return False
            raise
        self.shown += data.decode(errors="replace").replace("\r\n", "\n")
        return bool(data)

    def expect(self, pattern: str, timeout: float = 30) -> re.Match:
        """Waits until the pattern has been shown, and forgets all up to its end."""
        until = time.monotonic() + timeout
        while not (found := re.search(pattern, self.shown)):
            left = until - time.monotonic()
            assert left > 0, f"{pattern!r} was not shown, but this:\n{self.shown}"
            if not self._read(min(left, 0.2)) and self.ended():
                assert re.search(pattern, self.shown), f"{pattern!r} never came; shown:\n{self.shown}"
        self.shown = self.shown[found.end():]
        return found

    def type(self, keys: str) -> None:
        os.write(self.fd, keys.encode())

    def type_until(self, keys: str, pattern: str, timeout: float = 30) -> None:
        """Types the same again until the pattern appears: for output that only comes when something is typed."""
        until = time.monotonic() + timeout
        while not re.search(pattern, self.shown):
            assert time.monotonic() < until, f"{pattern!r} was not shown, but this:\n{self.shown}"
            self.type(keys)
            self._read(0.2)
        self.expect(pattern)

    def ended(self) -> bool:
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def finish(self, timeout: float = 30) -> int:
        """Reads until the program has ended; its exit status, 128+N for a signal."""
        until = time.monotonic() + timeout
        while not self.ended():
            assert time.monotonic() < until, f"no end after {timeout} s; shown:\n{self.shown}"
            self._read(0.05)
        while self._read(0.05):
            pass
        status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        self.pid = 0
        return status if status >= 0 else 128 - status

    def close(self) -> None:
        """Hangs up, and leaves no process behind."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
        if self.pid:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
            self.pid = 0


def wait_until(condition, timeout: float = 30, what: str = "it"):
    """Polls; for what happens in another process and cannot be waited for."""
    until = time.monotonic() + timeout
    while not (result := condition()):
        assert time.monotonic() < until, f"{what} did not happen within {timeout} s"
        time.sleep(0.01)
    return result


def state_of(pid: int) -> str:
    """The letter ps shows; empty: there is no such process."""
    try:
        with open(f"/proc/{pid}/stat", errors="replace") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return ""


def await_taken(pid: int, sig: int) -> None:
    """Waits until a signal that was sent to a process is not pending any more."""

    def taken() -> bool:
        try:
            with open(f"/proc/{pid}/status") as status:
                pending = next(line for line in status if line.startswith("ShdPnd"))
        except (FileNotFoundError, ProcessLookupError):
            return True
        return not int(pending.split()[1], 16) >> (sig - 1) & 1

    wait_until(taken, what=f"the taking of signal {sig}")


def processes() -> dict[int, str]:
    """Every process's command line, as one string."""
    found = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/cmdline", errors="replace") as cmdline:
                found[int(name)] = cmdline.read().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def children_of(pid: int) -> list[int]:
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as children:
            return [int(word) for word in children.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def command_of(launcher: int, name: str) -> int:
    """The pid of the launcher's child that has become this program; waits for it."""

    def find() -> int:
        for child in children_of(launcher):
            try:
                with open(f"/proc/{child}/comm") as comm:
                    if comm.read().strip() == name:
                        return child
            except (FileNotFoundError, ProcessLookupError):
                pass
        return 0

    return wait_until(find, what=f"the launch of {name}")
