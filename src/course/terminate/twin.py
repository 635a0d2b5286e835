# SPDX-License-Identifier: GPL-2.0-only
"""terminate() only asks: the child ends a moment later, and is a zombie until it is joined."""

import multiprocessing
import time

import truth


def work():
    time.sleep(60)


if __name__ == "__main__":
    multiprocessing.set_start_method("fork")
    child = multiprocessing.Process(target=work)
    child.start()
    time.sleep(0.1)
    child.terminate()
    alive = child.is_alive()
    time.sleep(0.2)
    child.join()
    truth.tell(children=[{"pid": child.pid, "exitcode": child.exitcode, "alive_after_terminate": alive}])
