# SPDX-License-Identifier: GPL-2.0-only
"""Marks: in order, with the right values, at the right time; none missed; free when nothing is attached."""

import json
import re
import signal
import subprocess
import time

import pytest
from conftest import PROCWATCH, PROGRAMS, ROOT, run_procwatch

INCLUDE = ROOT / "include"
MARKS = PROGRAMS / "marks"
I64 = 2**63


@pytest.fixture(autouse=True)
def marks_work():
    if not re.search(r"marks +ok", run_procwatch("check").stdout):
        pytest.skip("this kernel cannot listen to marks")


def marks_of(entry: dict, name: str | None = None) -> list[dict]:
    return sorted((mark for thread in entry["threads"] for mark in thread["marks"] if name in (None, mark["name"])),
                  key=lambda mark: mark["at_ns"])


def all_marks(run, name: str | None = None) -> list[dict]:
    return [mark for entry in run.processes for mark in marks_of(entry, name)]


def told(run, word: str) -> list[dict]:
    """What the program prints: lines "word key=value ..."."""
    return [dict(pair.split("=") for pair in line.split()[1:])
            for line in run.stdout.splitlines() if line.startswith(f"{word} ")]


def compile_c(tmp_path, source: str, *options: str, compiler: str = "gcc", suffix: str = "c"):
    path, out = tmp_path / f"source.{suffix}", tmp_path / "made"
    path.write_text(source)
    subprocess.run([compiler, "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", f"-I{INCLUDE}", *options, path, "-o", out],
                   check=True)
    return out


def test_between_the_programs_own_readings_of_the_clock(record):
    run = record(MARKS, "steps", 500)
    start, lines = run.report["window"]["start_ns"], told(run, "step")
    marks = marks_of(run.one("marks"), "step")
    assert [mark["value"] for mark in marks] == list(range(500)) == [int(line["value"]) for line in lines]
    for mark, line in zip(marks, lines):
        assert int(line["from"]) <= start + mark["at_ns"] <= int(line["to"])


def test_values_of_every_kind(record):
    run = record(MARKS, "values")
    assert [(mark["name"], mark["value"]) for mark in marks_of(run.one("marks"))] == [
        ("plain", None), ("exactly thirty-one characters!!", None), ("constant", -5),
        ("least", -I64), ("most", I64 - 1), ("zero", 0), ("char", -1), ("section.begin", None),
        ("int in memory", -77), ("unsigned byte", 200), ("signed byte", -3), ("in a row", -5),
        ("in a register", -77), ("unsigned int", 2**32 - 77), ("section.end", None), ("deep", -7)]


def test_a_burst_is_seen_whole(record):
    """100 000 in one go. The records fit the ring, so none may be lost."""
    run = record(MARKS, "burst", 1, 100000)
    child = run.process_of(int(told(run, "child")[0]["pid"]))
    assert [mark["value"] for mark in marks_of(child, "burst")] == list(range(100000))


def test_what_a_small_ring_loses_is_counted(record):
    run = record(MARKS, "burst", 2, 200000, options=["--ringbuf", "8K"], sound=False)
    events, seen = run.report["events"], len(all_marks(run, "burst"))
    assert events["lost"] > 0 and seen < 400000
    assert events["received"] + events["lost"] >= 400000
    if not events["strangers"]:  # else a process's birth was lost, and its marks are nobody's
        assert seen + events["lost"] >= 400000
    assert sum(part["count"] for part in events["lost_ranges"]) == events["lost"]
    for entry in run.processes:
        values = [mark["value"] for mark in marks_of(entry, "burst")]
        assert values == sorted(set(values))


def test_two_processes_of_one_program(record):
    run = record(MARKS, "pair")
    pids = [int(line["pid"]) for line in told(run, "pair")]
    assert len(set(pids)) == 2
    for pid in pids:
        assert [mark["value"] for mark in marks_of(run.process_of(pid), "mine")] == [pid] * 5


def test_only_who_is_watched(tmp_path):
    """Other processes run the same program meanwhile: their marks are ignored."""
    other = subprocess.Popen([MARKS, "wait", "1000"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    other.stdout.readline()
    path = tmp_path / "report.json"
    started = subprocess.Popen([PROCWATCH, "run", "-q", "-r", f"json={path}", "--", MARKS, "wait", "3"], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)
    wait_for_line(started)
    other.communicate("go\n", timeout=30)
    started.communicate("go\n", timeout=30)
    report = json.loads(path.read_text())
    assert sum(len(t["marks"]) for p in report["processes"] for t in p["threads"]) == 3


def test_once_more_after_exec(record):
    run = record(MARKS, "again", 20)
    assert [mark["value"] for mark in marks_of(run.one("marks"), "step")] == list(range(20))


def test_a_program_that_is_executed_later(record):
    """Listened to from the first look on: so the first time it may be missed, the second time it is not."""
    script = f"sleep 0.1; {MARKS} steps 5; sleep 0.5; {MARKS} steps 5"
    run = record("sh", "-c", script)
    last = run.named("marks")[-1]
    assert [mark["value"] for mark in marks_of(last)] == list(range(5))


LIBRARY = """
#include <procwatch_mark.h>
void pass_mark(long value);
void pass_mark(long value) { PROCWATCH_MARK_VALUE("in a library", value); }
"""


def library_of(tmp_path):
    return compile_c(tmp_path, LIBRARY, "-shared", "-fPIC")


def wait_for_line(process):
    assert process.stdout.readline().strip() == "ready"


def test_a_shared_object_of_who_comes_later(watch, tmp_path):
    """It is found a moment after the program has begun, where procwatch may look into it."""
    watched = watch("-n", "marks", "--wait")
    watched.wait_until_attached()
    process = subprocess.Popen([MARKS, "library", library_of(tmp_path), "7"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True)
    wait_for_line(process)
    time.sleep(1.2)
    process.communicate("go\n", timeout=30)
    watched.process.send_signal(signal.SIGINT)
    entry = next(p for p in watched.report()["processes"] if p["comm"] == "marks" and marks_of(p))
    assert [(m["name"], m["value"]) for m in marks_of(entry)] == [("in a library", n) for n in range(7)]


@pytest.mark.parametrize("what", ["program", "shared object"])
def test_attaching(watch, tmp_path, what):
    arguments = ["wait", "9"] if what == "program" else ["library", library_of(tmp_path), "9"]
    process = subprocess.Popen([MARKS, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    wait_for_line(process)
    watched = watch("-p", process.pid)
    watched.wait_until_attached()
    process.communicate("go\n", timeout=30)
    marks = marks_of(next(p for p in watched.report()["processes"] if p["pid"] == process.pid))
    assert [mark["value"] for mark in marks] == list(range(9))


def test_recorded_and_rendered_alike(tmp_path):
    live, recording, again = (tmp_path / name for name in ("live.json", "marks.pwt", "again.json"))
    run_procwatch("run", "-o", recording, "-r", f"json={live}", "--", MARKS, "values")
    done = run_procwatch("report", "-r", f"json={again}", "-r", "text", recording)
    assert done.status == 0 and "exactly thirty-one characters!!" in done.stdout
    assert live.read_bytes() == again.read_bytes()
    assert len(all_marks(type("", (), {"processes": json.loads(again.read_text())["processes"]}))) == 16


def test_the_window_of_a_view(tmp_path):
    recording = tmp_path / "recording"
    run_procwatch("run", "-r", "none", "-o", recording, "--", MARKS, "pair")

    def moments(*options):
        report = json.loads(run_procwatch("report", "-r", "json", *options, recording).stdout)
        return sorted(m["at_ns"] for p in report["processes"] for t in p["threads"] for m in t["marks"])

    every = moments()
    since, until = every[3], every[-3]
    assert moments("--since", f"{since}ns", "--until", f"{until}ns") == every[3:-2]


# ---- when nothing is attached

PAIR = """
#include <procwatch_mark.h>
long step(long n);
long steps(long n);
long steps(long n)
{
	long all = step(n);

	%s
	return step(all) + n;
}
"""


def instructions(path) -> list[str]:
    text = subprocess.run(["objdump", "-d", "--no-show-raw-insn", path], check=True, capture_output=True, text=True).stdout
    return [line.split("\t")[1].split()[0] for line in text.splitlines() if line.startswith(" ") and "\t" in line]


def test_a_mark_is_a_nop(tmp_path):
    """With a value that is in a register already, there is one instruction more, and that is nop."""
    plain = instructions(compile_c(tmp_path, PAIR % "", "-c"))
    for mark in ('PROCWATCH_MARK("m");', 'PROCWATCH_MARK_VALUE("m", all);', 'PROCWATCH_MARK_VALUE("m", 42);'):
        with_mark = instructions(compile_c(tmp_path, PAIR % mark, "-c"))
        assert sorted(with_mark) == sorted([*plain, "nop"])


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("options", [["-std=c99", "-c"], ["-std=c11", "-O0", "-c"], ["-fPIC", "-shared"]], ids=" ".join)
def test_compiles_without_a_word(tmp_path, compiler, options):
    compile_c(tmp_path, LIBRARY, *options, compiler=compiler)


def test_is_nothing_when_it_is_not_wanted(tmp_path):
    made = compile_c(tmp_path, LIBRARY, "-DPROCWATCH_NO_MARKS", "-c")
    assert "procwatch" not in subprocess.run(["readelf", "-n", made], capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", ['""', '"thirty-two characters are too many"', "variable"])
def test_a_name_that_cannot_be_one_does_not_compile(tmp_path, name):
    source = f'#include <procwatch_mark.h>\nextern const char *variable;\nvoid f(void);\nvoid f(void) {{ PROCWATCH_MARK({name}); }}\n'
    with pytest.raises(subprocess.CalledProcessError):
        compile_c(tmp_path, source, "-c")


def test_other_tools_read_the_notes():
    """binutils' own reading of the format, against what the program is known to have."""
    text = subprocess.run(["readelf", "-n", MARKS], check=True, capture_output=True, text=True).stdout
    names = re.findall(r"Provider: procwatch\s+Name: (.*)", text)
    assert {"step", "plain", "section.begin", "section.end", "burst", "mine"} <= set(names)


# ---- what cannot be listened to

def test_a_damaged_note_is_told_and_the_rest_is_seen(tmp_path, record):
    """A note whose address is not in the code: one line reports it, and the report is whole."""
    made = compile_c(tmp_path, """
#include <procwatch_mark.h>
int main(void)
{
	PROCWATCH_MARK("first");
	__asm__ volatile(".pushsection .note.stapsdt, \\"?\\", \\"note\\"\\n.balign 4\\n.4byte 8, 44, 3\\n.asciz \\"stapsdt\\"\\n"
		".8byte 1, 0, 0\\n.asciz \\"procwatch\\"\\n.asciz \\"nowhere\\"\\n.byte 0\\n.balign 4\\n.popsection");
	return 0;
}
""")
    run = record(made)
    assert run.status == 0
    assert [mark["name"] for mark in all_marks(run)] in (["first"], [])
    assert "cannot attach to" in run.stderr and "damaged" in run.stderr
