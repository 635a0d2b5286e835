# SPDX-License-Identifier: GPL-2.0-only
"""What a program knows about its own processes, for a test to compare a report with."""

import json
import os
import sys


def tell(**facts):
    """Writes the facts as one JSON object to the file named first on the command line, or to stderr."""
    facts["main"] = os.getpid()
    if len(sys.argv) > 1:
        with open(sys.argv[1], "w", encoding="utf-8") as out:
            json.dump(facts, out)
    else:
        print(json.dumps(facts), file=sys.stderr)
