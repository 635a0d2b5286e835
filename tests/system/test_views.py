# SPDX-License-Identifier: GPL-2.0-only
"""The table of docs/views.md, cell by cell: what an option changes in a format, and what it does not."""

import base64
import csv
import io
import json
import re
import subprocess
import xml.etree.ElementTree
import zlib

import pytest

from conftest import PROCWATCH, PROGRAMS, PYTHON, ROOT, run_procwatch

from decoded import Trace

STATES = {"running", "ready", "blocked", "stopped", "zombie", "unknown"}
(SINCE, UNTIL) = (400_000_000, 500_000_000)
# With each row of the table the words to try it with.
WORDS = {
    "--since, --until": ["--since", "400ms", "--until", "500ms"],
    "--state": ["--state", "running,zombie"],
    "--sort": ["--sort", "cpu"],
    "--top": ["--sort", "zombie", "--top", "2"],
    "--threads": ["--threads"],
    "--width": ["--width", "60"],
    "--ascii": ["--ascii"],
    "--color": ["--color", "always"],
    "--lang": ["--lang", "zh"],
}


# One child that is gone before the window, one that is a zombie in it, and two that used the CPU, the younger more.
FAMILY = """
import os, time
def child(busy, until):
    pid = os.fork()
    if not pid:
        while time.process_time() < busy: pass
        time.sleep(max(0, begin + until - time.monotonic()))
        os._exit(0)
    return pid
begin = time.monotonic()
os.waitpid(child(0, 0), 0)
rest = [child(0, 0), child(0.03, 0.7), child(0.1, 0.7)]
time.sleep(0.8)
for pid in rest: os.waitpid(pid, 0)
"""
THREADS = """
import threading, time
threads = [threading.Thread(target=time.sleep, args=(0.05,)) for _ in range(3)]
for t in threads: t.start()
for t in threads: t.join()
"""


def table() -> dict[tuple[str, str], str]:
    """(option, format) to the text of the cell."""
    lines = [line for line in (ROOT / "docs" / "views.md").read_text().splitlines() if line.startswith("|")]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    formats = rows[0][1:]
    return {(row[0].replace("`", ""), name): cell for row in rows[2:] for name, cell in zip(formats, row[1:])}


TABLE = table()
FORMATS = sorted({name for _, name in TABLE})


@pytest.fixture(scope="module")
def recordings(tmp_path_factory):
    folder = tmp_path_factory.mktemp("views")
    for name, script in (("pool", FAMILY), ("threads", THREADS)):
        done = run_procwatch("run", "-q", "-o", folder / name, "-r", "none", "--", PYTHON, "-c", script)
        assert (done.status, done.stderr) == (0, "")
    return folder


def render(path, name, words=()):
    """The report; of perfetto, which is not text, the file in which it is."""
    if name == "perfetto":
        out = path.with_name(f"{path.name}-{'-'.join(words)}.pftrace")
        done = run_procwatch("report", "-r", f"perfetto={out}", *words, path)
        assert (done.status, done.stderr) == (0, "")
        return out
    done = run_procwatch("report", "-r", name, *words, path, text=False, env={"LANG": "C.UTF-8", "PATH": "/usr/bin"})
    assert (done.status, done.stderr) == (0, b"")
    return done.stdout.decode()


# ---- what each format contains, read without procwatch


def page(text):
    """The document in a page, and its threads' intervals as (from, to, state)."""
    def block(name):
        found = re.search(rf'id="{name}">(.*?)</script>', text, re.S)
        return zlib.decompress(base64.b64decode(found.group(1)))

    def numbers(data):
        value = shift = 0
        for byte in data:
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                yield value
                value = shift = 0

    doc = json.loads(block("data-document"))
    kinds, lengths = numbers(block("data-kind")), numbers(block("data-ns"))
    spans = []
    for thread in doc["threads"]:
        now = thread[5]
        for _ in range(thread[6]):
            end = now + next(lengths)
            spans.append((now, end, doc["kinds"][next(kinds)][0]))
            now = end
    return doc, [span for span in spans if span[2] != "gone"]


def svg_rows(text):
    """The pids (and tids) at the left, from top to bottom."""
    root = xml.etree.ElementTree.fromstring(text)
    groups = root.findall("{http://www.w3.org/2000/svg}g")
    return [g.find("{http://www.w3.org/2000/svg}title").text.split()[0] for g in groups]


def text_rows(text):
    lines = text.split("\n\n")[1].splitlines()[2:]
    return [line.split()[0] for line in lines if re.match(r" *\d+ ", line)]


def pids(name, text):
    """Of all processes, in order."""
    if name == "text":
        return [int(word) for word in text_rows(text)]
    if name == "svg":
        return [int(word) for word in svg_rows(text)]
    if name == "html":
        doc = page(text)[0]
        entries = [entry["pid"] for entry in doc["processes"]]
        return [entries[n] for n in doc["order"]] if doc["order"] else entries
    if name == "perfetto":
        processes = Trace(text).uuid_process
        return list(dict.fromkeys(processes[uuid].pid for uuid in sorted(processes)))
    if name == "json":
        return [entry["pid"] for entry in json.loads(text)["processes"]]
    if name == "jsonl":
        return [json.loads(line)["pid"] for line in text.splitlines()]
    return list(dict.fromkeys(int(row["pid"]) for row in csv.DictReader(io.StringIO(text))))


def intervals(name, text):
    if name == "html":
        return page(text)[1]
    if name == "perfetto":
        start = json.loads(render(text.with_name("pool"), "json"))["window"]["start_ns"]
        return [(row.begin - start, (row.end or start + UNTIL) - start, row.state)  # open rows last to the end
                for thread in Trace(text).threads for row in thread.rows]
    if name == "json":
        return [(span["from_ns"], span["to_ns"], span["state"]) for entry in json.loads(text)["processes"]
                for thread in entry["threads"] for span in thread["intervals"]]
    return [(int(row["from_ns"]), int(row["to_ns"]), row["state"]) for row in csv.DictReader(io.StringIO(text))]


# ---- what a cell promises


def check_cut(name, text, recordings):
    assert set(pids(name, text)) == set(pids("json", render(recordings / "pool", "json", WORDS["--since, --until"])))
    if name in ("text", "svg"):
        assert "Shown: 400 ms to 500 ms" in text
    else:
        spans = intervals(name, text)
        assert spans and all(SINCE <= start < end <= UNTIL for start, end, _ in spans)
        assert {SINCE, UNTIL} <= {moment for span in spans for moment in span[:2]}


def check_entries(name, text, recordings):
    for words in (WORDS["--top"], WORDS["--since, --until"]):
        assert set(pids(name, render(recordings / "pool", name, words))) == \
            set(pids("json", render(recordings / "pool", "json", words)))
    assert len(pids(name, render(recordings / "pool", name, WORDS["--top"]))) == 2


def check_states(name, text, recordings):
    if name == "text":
        legend = re.search(r"^ █ .*$", text, re.M).group()
        assert "zombie" in legend and "blocked" not in legend and "ready" not in legend
    elif name == "svg":
        assert 'class="zombie"' in text and 'class="blocked"' not in text and 'class="ready"' not in text
    else:
        spans = intervals(name, text)
        assert {span[2] for span in spans} <= {"running", "zombie"}
        every = intervals(name, render(recordings / "pool", name))
        assert {span[2] for span in every} <= STATES
        assert spans == [span for span in every if span[2] in ("running", "zombie")]


def check_order(name, text, recordings):
    entries = json.loads(render(recordings / "pool", "json"))["processes"]
    parent = entries[0]["pid"]
    brothers = [entry["pid"] for entry in sorted(entries, key=lambda entry: -entry["cpu_ns"]) if entry["pid"] != parent]
    assert [pid for pid in pids(name, text) if pid != parent] == brothers


def check_rows(name, text, recordings):
    threaded = render(recordings / "threads", name, ["--threads"])
    entries = json.loads(render(recordings / "threads", "json"))["processes"]
    if name == "html":
        assert page(threaded)[0]["open"]
        assert not page(render(recordings / "threads", name))[0]["open"]
        return
    rows = (text_rows if name == "text" else svg_rows)(threaded)
    wanted = [str(t["tid"]) for entry in entries for t in entry["threads"] if len(entry["threads"]) > 1]
    wanted += [str(entry["pid"]) for entry in entries]
    assert sorted(rows) == sorted(wanted)
    assert sorted((text_rows if name == "text" else svg_rows)(render(recordings / "threads", name))) == \
        sorted(str(entry["pid"]) for entry in entries)


def check_columns(name, text, recordings):
    assert max(map(len, text.splitlines())) <= 60


def check_pixels(name, text, recordings):
    assert xml.etree.ElementTree.fromstring(text).get("width") == "480"
    assert xml.etree.ElementTree.fromstring(render(recordings / "pool", name)).get("width") == "960"


def is_chinese(text):
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def check_yes(name, text, recordings):
    said = json.dumps(page(text)[0], ensure_ascii=False) if name == "html" else text
    assert said.isascii() or "\x1b[" in said or is_chinese(said)


def check_sentences(name, text, recordings):
    if name == "perfetto":
        assert is_chinese(text.read_bytes().decode(errors="ignore"))
        return
    report = json.loads(text)
    assert report["findings"] and all(is_chinese(finding["text"]) for finding in report["findings"])


CHECKS = {"cut": check_cut, "processes": check_entries, "states": check_states, "order": check_order, "rows": check_rows,
          "columns": check_columns, "8 px": check_pixels, "yes": check_yes, "sentences": check_sentences}


@pytest.mark.parametrize("option, name", sorted(TABLE), ids=str)
def test_cell(recordings, option, name):
    cell = TABLE[option, name]
    path = recordings / ("threads" if option == "--threads" else "pool")
    (plain, text) = render(path, name), render(path, name, WORDS[option])
    if name == "perfetto":
        same = text.read_bytes() == plain.read_bytes()
    else:
        same = text == plain
    assert same == (cell in ("-", "always"))
    if not same:
        CHECKS[cell](name, text, recordings)


def test_the_table_has_every_format_and_option():
    known = re.search(r"'nonsense' \(choose (.*)\)", run_procwatch("report", "-r", "nonsense", "x").stderr).group(1)
    assert set(FORMATS) | {"none"} == set(re.split(r", | or ", known))
    assert {option for option, _ in TABLE} == set(WORDS)


@pytest.mark.parametrize("words", [
    ["--since", "5"], ["--since", "-1s"], ["--until", "soon"], ["--until", "0s"], ["--state", "asleep"],
    ["--state", "running,"], ["--state", ""], ["--sort", "size"], ["--top", "0"], ["--top", "many"], ["--width", "39"],
    ["--width", "99999"], ["--threads=yes"], ["--since", "2s", "--until", "1s"],
], ids=" ".join)
@pytest.mark.parametrize("name", FORMATS)
def test_bad_values(recordings, words, name):
    done = run_procwatch("report", "-r", name, *words, recordings / "pool")
    assert (done.status, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert words[0].split("=")[0] in done.stderr


def test_json_says_what_is_left_out(recordings):
    assert json.loads(render(recordings / "pool", "json"))["view"] is None
    words = ["--since", "400ms", "--until", "500ms", "--state", "zombie", "--sort", "pid", "--top", "1"]
    view = json.loads(render(recordings / "pool", "json", words))["view"]
    every = json.loads(render(recordings / "pool", "json"))["processes"]
    assert view == {"since_ns": SINCE, "until_ns": UNTIL, "states": ["zombie"], "sort": "pid", "processes": 1,
                    "processes_left_out": len(every) - 1, "lives": 1,
                    "lives_left_out": len(every) - 1}


def test_top_says_how_many_more(recordings):
    every = len(json.loads(render(recordings / "pool", "json"))["processes"])
    for name in ("text", "svg"):
        assert f"… {every - 2} more processes" in render(recordings / "pool", name, ["--top", "2"])


def test_what_is_known_does_not_change(recordings):
    """A window that ends before the reaps shows no process as unreaped."""
    plain, early = (json.loads(render(recordings / "pool", "json", words)) for words in ([], ["--until", "500ms"]))
    entries = {entry["pid"]: entry for entry in plain["processes"]}
    for entry in early["processes"]:
        for key in ("exit", "zombie", "reap", "totals_ns", "cpu_ns"):
            assert entry[key] == entries[entry["pid"]][key]
    assert early["findings"] == plain["findings"] and early["lesson"] == plain["lesson"]
    assert "not reaped" not in render(recordings / "pool", "text", ["--until", "500ms"])


# ---- the picture


def test_svg_is_xml_whatever_the_names_are(tmp_path):
    """Every byte but NUL, and what XML has no place for, as the name of a process and as its arguments."""
    script = "import ctypes, os, sys\n" \
             "names = [bytes(range(n, min(n + 15, 256))) for n in range(1, 256, 15)]\n" \
             "names += [b'\\xef\\xbf\\xbe', b'\\xef\\xbf\\xbf', b'\\xed\\xa0\\x80', b']]>', b'&<\">', b'</svg>']\n" \
             "for name in names:\n" \
             "    if os.fork() == 0:\n" \
             "        ctypes.CDLL(None).prctl(15, name, 0, 0, 0)\n" \
             "        os._exit(0)\n" \
             "    os.wait()\n"
    arguments = [bytes(range(1, 256)), b"\xef\xbf\xbe\xef\xbf\xbf", "\u202eevil & <b>"]
    path = tmp_path / "names.svg"
    command = [PROCWATCH, "run", "-q", "-r", f"svg={path}", "--", PYTHON, "-c", script, *arguments]
    assert subprocess.run(command, check=False).returncode == 0
    root = xml.etree.ElementTree.parse(path).getroot()
    assert root.get("role") == "img"
    texts = [text for text in root.itertext() if not text.isspace()]
    assert any("</svg>" in text for text in texts), "shown as it is, and not obeyed"
    assert not {c for text in texts for c in text} & set("\ufffe\uffff\u202e\x1b\x7f")


def test_svg_stays_small(tmp_path):
    """A picture has as many pixels as it has: 100 000 intervals take no more room than some hundred."""
    size = {}
    for rounds in ("1000", "50000"):
        path = tmp_path / f"{rounds}.svg"
        done = run_procwatch("run", "-q", "-r", f"svg={path}", "--", PROGRAMS / "account", "pingpong", rounds)
        assert done.status == 0, done.stderr
        size[rounds] = path.stat().st_size
    assert size["50000"] < 60_000


def test_svg_keeps_nothing_from_elsewhere(recordings):
    root = xml.etree.ElementTree.fromstring(render(recordings / "pool", "svg"))
    assert not [e for e in root.iter() if e.tag.rpartition("}")[2] in ("script", "image", "use", "foreignObject", "a")]
    assert not [value for e in root.iter() for value in e.attrib.values() if "//" in value]
    ids = [e.get("id") for e in root.iter() if e.get("id")]
    assert len(ids) == len(set(ids)) and set(root.get("aria-labelledby").split()) <= set(ids)


def test_svg_tells_a_zombie_without_colours(recordings):
    """In words where there is room, by a pattern everywhere."""
    text = render(recordings / "pool", "svg")
    assert re.search(r'class="in z">zombie [78]\d\d ms<', text)
    assert re.search(r"\.zombie\{fill:url\(#pw-zombie\)\}", text) and 'id="pw-zombie"' in text
