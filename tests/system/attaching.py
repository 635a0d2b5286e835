# SPDX-License-Identifier: GPL-2.0-only
"""`procwatch attach` in the background, and how far it has come."""

import json
import os
import pathlib
import subprocess
import time

import check_report
from conftest import PROCWATCH


def links(pid):
    """What a process's descriptors lead to."""
    found = []
    for fd in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            found.append(os.readlink(fd))
        except FileNotFoundError:
            pass
    return found


def has_begun(pid):
    """procwatch has its signalfd: only the snapshot is left to do."""
    return any("signalfd" in link for link in links(pid))


def is_watching(pid):
    """The seed is done: it waits for events, which is the only thing it ever waits for with poll."""
    try:
        call = open(f"/proc/{pid}/syscall").read().split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return has_begun(pid) and call in ("7", "73")  # poll, and ppoll on arm64


class Watch:
    """`procwatch attach` in the background; report() when it has ended."""

    def __init__(self, path, *options, **kwargs):
        self.path = path
        self.process = subprocess.Popen([PROCWATCH, "attach", "-r", f"json={path}", "-r", "text", *map(str, options)],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **kwargs)
        self.text = ""

    def wait_until_attached(self):
        """What is born from now on is seen."""
        while not is_watching(self.process.pid):
            assert self.process.poll() is None, self.process.stderr.read()
            time.sleep(0.01)

    def report(self):
        self.text, errors = self.process.communicate(timeout=60)
        assert self.process.returncode == 0, errors
        report = json.loads(self.path.read_text())
        assert check_report.problems(report) == [] and report["events"]["lost"] == 0
        return report
