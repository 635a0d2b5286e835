# SPDX-License-Identifier: GPL-2.0-only
"""English and Chinese: how a language is chosen, what is translated, and what stays English for scripts."""

import base64
import gettext
import json
import os
import re
import shutil
import subprocess
import unicodedata
import zlib

import check_report
import pytest
from conftest import BUILD, PROCWATCH, ROOT, run_procwatch

CHINESE = re.compile("[\u4e00-\u9fff]")
LOCALE = ("LC_ALL", "LC_MESSAGES", "LC_CTYPE", "LANG", "LANGUAGE")


def env_with(**variables) -> dict:
    return {k: v for k, v in os.environ.items() if k not in LOCALE} | variables


BARE = env_with()  # as sudo may leave it
CHINESE_LOCALE = env_with(LANG="zh_CN.UTF-8")  # nobody needs to have generated it


@pytest.fixture(scope="module")
def catalogue():
    """The same translations, read by somebody else."""
    with open(BUILD / "po" / "zh_CN.mo", "rb") as compiled:
        return gettext.GNUTranslations(compiled)


@pytest.mark.parametrize("translation, mistake", [
    ("{child}[parent? 属于 {parent.pid}]", None),
    ("{kid}", "'kid'"),
    ("{child}[uncle? x]", "'uncle'"),
    ("{child..uncle}", "'uncle'"),
    ("{child}[parent? x", "left over"),
])
def test_gaps_are_checked(tmp_path, translation, mistake):
    """A translated sentence has no value that the English one lacks."""
    po, mo = tmp_path / "x.po", tmp_path / "x.mo"
    po.write_text('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
                  f'msgid "{{child.pid}} of {{parent}}"\nmsgstr "{translation}"\n')
    subprocess.run(["msgfmt", "-o", mo, po], check=True, timeout=60)
    done = subprocess.run([ROOT / "make" / "check_gaps.py", mo], text=True, capture_output=True, timeout=60)
    assert done.returncode == (1 if mistake else 0)
    assert (mistake or "") in done.stderr


def test_every_finding_is_documented():
    """docs/findings.md has a row for each code."""
    codes = re.findall(r'^\s+X\(\w+,\s+"([a-z-]+)"\)', (ROOT / "src/analysis/findings.h").read_text("utf-8"), re.M)
    rows = re.findall(r"^\| `([a-z-]+)` \| (?:note|warning)", (ROOT / "docs/findings.md").read_text("utf-8"), re.M)
    assert len(codes) > 10 and rows == codes


def test_catalogue_is_up_to_date():
    """Every text has a translation that takes what its format is given, and po/procwatch.pot is what make po makes."""
    done = subprocess.run(["make", "--no-print-directory", "po-check", f"BUILD={BUILD}"], cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=120)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("args", [["run", "--lang", "fr", "true"], ["run", "--lang=zh_CN", "true"],
                                  ["attach", "--lang", "", "-a"], ["report", "--lang", "ZH", "x.pwt"],
                                  ["demos", "--lang", "fr"], ["demos", "--lang="], ["demos", "demo_zombie", "--lang"],
                                  ["report", "x.pwt", "--lang"]])
def test_unknown_language(args):
    done = run_procwatch(*args)
    assert done.status == 2 and done.stdout == ""
    assert len(done.stderr.splitlines()) == 1 and "--lang" in done.stderr and "en" in done.stderr and "zh" in done.stderr


@pytest.mark.parametrize("args,env,chinese", [
    ([], BARE, False), ([], CHINESE_LOCALE, True), (["--lang", "zh"], BARE, True), (["--lang=en"], CHINESE_LOCALE, False),
    ([], env_with(LANG="zh_CN.UTF-8", LC_ALL="C.UTF-8"), False), ([], env_with(LC_MESSAGES="zh_CN.UTF-8"), True),
    ([], env_with(LANG="fr_FR.UTF-8"), False),
])
def test_who_chooses(args, env, chinese):
    listed = run_procwatch("demos", *args, env=env)
    told = run_procwatch("demos", *args, "demo_zombie", env=env)
    assert listed.status == told.status == 0
    assert bool(CHINESE.search(listed.stdout)) == bool(CHINESE.search(told.stdout)) == chinese
    assert ("Ending and reaping" in listed.stdout) == (not chinese)


def test_every_page(catalogue):
    """Each page as the catalogue has it, and nothing beside it in English but names and commands."""
    names = re.findall(r"^  (demo_\w+)", run_procwatch("demos", env=BARE).stdout, re.M)
    assert len(names) >= 27
    for name in names:
        english = run_procwatch("demos", name, env=BARE).stdout
        chinese = run_procwatch("demos", name, "--lang", "zh", env=BARE).stdout
        title = english.splitlines()[0].removeprefix(f"{name}: ")
        page = english.split("\n", 2)[2].split("\nCourse claims:\n")[0]
        told = english.split("\nCourse claims:\n")[1].split("\nRun it:")[0].replace("\n    ", " ")
        claims = re.findall(r"^  (?!--)(\S.*)$", told, re.M)
        for text in [title, page, *claims]:
            translation = catalogue.gettext(text)
            assert translation != text and translation in chinese, text
        told = chinese.split("\n运行：")[0]
        assert not re.search(r"[a-z]{2,} [a-z]{2,} [a-z]{2,} [a-z]{2,}", told), told


def columns_of(text: str) -> int:
    """What a terminal makes of it, by Unicode and not by procwatch's own tables."""
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_every_line_fits():
    """Pages are for terminals of 80 columns."""
    names = re.findall(r"^  (demo_\w+)", run_procwatch("demos", env=BARE).stdout, re.M)
    for name in names:
        page = run_procwatch("demos", name, "--lang", "zh", env=BARE).stdout.split("\n课程结论：")[0]
        for line in page.splitlines():
            assert columns_of(line) <= 80, line


def test_found_anywhere(tmp_path):
    """The translations are in the program: no file of its own, and no locale of the system, is needed."""
    alone = tmp_path / "procwatch"
    shutil.copy(PROCWATCH, alone)
    done = subprocess.run([alone, "demos", "--lang", "zh"], cwd="/", env={}, text=True, capture_output=True)
    assert done.returncode == 0 and "退出与回收" in done.stdout


@pytest.fixture(scope="module")
def recording(tmp_path_factory):
    path = tmp_path_factory.mktemp("language") / "zombie.pwt"
    done = run_procwatch("run", "-o", path, "-r", "none", "demo_zombie", env=BARE)
    assert done.status == 0, done.stderr
    return path


def texts_of(report: dict) -> list[str]:
    return ([c[key] for c in report["lesson"]["claims"] for key in ("text", "evidence")] +
            [f["text"] for f in report["findings"]])


@pytest.mark.parametrize("args,env,chinese", [([], BARE, False), ([], CHINESE_LOCALE, False),
                                              (["--lang", "zh"], BARE, True), (["--lang", "en"], CHINESE_LOCALE, False)])
def test_json(recording, args, env, chinese):
    """Scripts read English, unless somebody asks for something else; names and states are English always."""
    done = run_procwatch("report", *args, "-r", "json", recording, env=env)
    report = json.loads(done.stdout)
    assert check_report.problems(report) == []
    assert report["lesson"]["claims"] and report["findings"]
    assert all(bool(CHINESE.search(text)) == chinese for text in texts_of(report))
    others = {k: v for k, v in report.items() if k not in ("lesson", "findings")}
    assert not CHINESE.search(json.dumps(others, ensure_ascii=False))


def test_two_languages_at_once(recording, tmp_path):
    """The text for people, the JSON for scripts, in one run."""
    path = tmp_path / "report.json"
    done = run_procwatch("report", "-r", "text", "-r", f"json={path}", recording, env=CHINESE_LOCALE)
    assert "僵尸进程不占用 CPU" in done.stdout and "a zombie uses no CPU" not in done.stdout
    assert not CHINESE.search(path.read_text())


def test_zombie_in_chinese():
    """What a student sees, live, and where sudo has left no locale."""
    done = run_procwatch("run", "--lang", "zh", "--width", 80, "demo_zombie", env=BARE)
    assert done.status == 0, done.stderr
    report = done.stdout[done.stdout.index("\ndemo_zombie："):]
    for words in ("个进程", "运行", "就绪", "阻塞", "僵尸", "回收者", "发生了什么", "处于僵尸状态", "课程结论验证", "成立",
                  "僵尸进程不占用 CPU", "父进程拖多久才 wait，僵尸就存在多久", "wait"):
        assert words in report, report
    for words in ("running", "a zombie", "reaped", "What happened", "Course claims", "holds", "exit"):
        assert words not in report, report
    assert "不成立" not in report


@pytest.mark.parametrize("width", [60, 80, 120])
def test_alignment(recording, width):
    """No line is too wide; bars begin below the axis, and numbers end where their head does."""
    lines = run_procwatch("report", "--lang", "zh", "--width", width, recording, env=BARE).stdout.splitlines()
    assert all(columns_of(line) <= width for line in lines)
    axis = next(i for i, line in enumerate(lines) if "┬" in line)
    first = columns_of(lines[axis].split("┬")[0])
    for line in lines[axis + 1:axis + 3]:
        before = re.match(r" *\d+ (└─)?\w+ +", line).group()
        assert columns_of(before) >= first and columns_of(before.rstrip()) < first, line
    head = next(i for i, line in enumerate(lines) if re.match(" +pid .*运行.*就绪", line))
    for word, number in (("运行", 0), ("就绪", 1)):
        end = columns_of(lines[head].split(word)[0] + word)
        for line in lines[head + 1:head + 3]:
            time = list(re.finditer(r"(?<!\S)([\d.]+ (µs|ms|s)|0|-)(?!\S)", line))[number]
            assert columns_of(line[:time.end()]) == end, line


@pytest.mark.parametrize("args,env", [(["--ascii"], CHINESE_LOCALE), (["--ascii", "--lang", "zh"], CHINESE_LOCALE),
                                      ([], env_with(LANG="zh_CN.GB18030"))])
def test_ascii_is_english(recording, args, env):
    done = run_procwatch("report", *args, recording, env=env)
    assert done.status == 0 and done.stdout.isascii() and "a zombie uses no CPU" in done.stdout


@pytest.mark.parametrize("form", ["html", "svg"])
def test_page_and_picture(recording, tmp_path, form):
    """Both name their language in the file; the page carries its own texts (tests/web/lang.test.js)."""
    texts = {}
    for lang in ("en", "zh"):
        path = tmp_path / f"report.{lang}"
        done = run_procwatch("report", "--lang", lang, "-r", f"{form}={path}", recording, env=BARE)
        assert done.status == 0, done.stderr
        texts[lang] = path.read_text()
    if form == "svg":
        assert 'lang="zh-CN"' in texts["zh"] and "zh-CN" not in texts["en"]
        assert "僵尸进程不占用 CPU" in texts["zh"] and not CHINESE.search(texts["en"])
    else:
        packed = {lang: re.search(r'id="data-document"[^>]*>([^<]+)<', text).group(1) for lang, text in texts.items()}
        docs = {lang: json.loads(zlib.decompress(base64.b64decode(text))) for lang, text in packed.items()}
        assert docs["en"]["lang"] == "en" and docs["en"]["words"] == {}
        assert docs["zh"]["lang"] == "zh-CN" and docs["zh"]["words"]["Timeline"] == "时间线"
        assert len(docs["zh"]["words"]) > 100


def test_command_keeps_its_locale():
    """The language is procwatch's own: what it launches has the environment it was given."""
    env = CHINESE_LOCALE | {"LC_NUMERIC": "C"}
    done = run_procwatch("run", "--lang", "en", "-r", "none", "-q", "--", "env", env=env)
    seen = dict(line.split("=", 1) for line in done.stdout.splitlines() if "=" in line)
    assert {k: seen.get(k) for k in (*LOCALE, "LC_NUMERIC")} == {k: env.get(k) for k in (*LOCALE, "LC_NUMERIC")}
