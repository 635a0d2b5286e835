# SPDX-License-Identifier: GPL-2.0-only
"""A `procwatch run` under way."""

import json
import os
import subprocess

from conftest import PROCWATCH
from terminal import children_of, command_of, processes, wait_until


class Session:
    """Its streams are files: what is left alone keeps them open, and a pipe's reader would wait for it."""

    def __init__(self, tmp_path, *command, options=(), **kwargs) -> None:
        self.folder = tmp_path / "reports"
        self.folder.mkdir(exist_ok=True)
        self.path = self.folder / "report.json"
        self.read = 0
        self.out, self.err = tmp_path / "out", tmp_path / "err"
        with open(self.out, "w") as out, open(self.err, "w") as err:
            self.process = subprocess.Popen(
                [PROCWATCH, "run", "-r", f"json={self.path}", "-r", "text", *options, "--", *command],
                stdin=subprocess.DEVNULL, stdout=out, stderr=err, **kwargs)

    @property
    def pid(self) -> int:
        return self.process.pid

    def line(self) -> str:
        """The next line it printed; waits for it."""
        wait_until(lambda: "\n" in self.out.read_text()[self.read:], what="another line")
        line = self.out.read_text()[self.read:].split("\n")[0]
        self.read += len(line) + 1
        return line

    def command(self, name: str) -> int:
        return command_of(self.pid, name)

    def recorder(self) -> int:
        return next(c for c in children_of(self.pid) if os.getpgid(c) == c)

    def send(self, sig: int) -> None:
        self.process.send_signal(sig)

    def finish(self, timeout: float = 30) -> tuple[int, str, str]:
        """Its status, the lines not read yet, and standard error, when no procwatch is left."""
        status = self.process.wait(timeout)
        wait_until(lambda: not any(str(self.path) in line for line in processes().values()), what="the last report")
        return status if status >= 0 else 128 - status, self.out.read_text()[self.read:], self.err.read_text()

    def report(self) -> dict:
        return json.loads(self.path.read_text())
