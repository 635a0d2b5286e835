# SPDX-License-Identifier: GPL-2.0-only
"""What boots the guests (tests/vm), with emulators that fail in the ways the real one does: what is counted, and kept."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

VM = pathlib.Path(__file__).resolve().parent.parent / "vm"
NOT_HERE = next((why for name, why in ((shutil.which("cpio"), "cpio is not installed"),
                                       (os.path.exists("/bin/busybox"), "busybox-static is not installed")) if not name), None)
pytestmark = pytest.mark.skipif(bool(NOT_HERE), reason=f"{NOT_HERE}: make deps-vm")

# Finds its two files among the arguments as the real program does, then acts as the test wants.
EMULATOR = """#!/bin/sh
for word; do
	case $word in
	file:*) console=${word#file:} ;;
	file,id=results,path=*) results=${word##*path=} ;;
	esac
done
echo boot >>"$BOOTS"
"""
WELL = 'printf "@@BEGIN\\n\\n@@END 0 0\\n" >"$results"'
# Of silence. Long enough for a few lines of shell on a loaded machine.
TIMEOUT_S = 4


class Bench:
    """A build, a cached kernel called 6.1, and an emulator."""

    def __init__(self, folder: pathlib.Path) -> None:
        self.folder, self.build = folder, folder / "build"
        for name in ("demos", "programs"):
            (self.build / "static" / name).mkdir(parents=True)
        for name in ("procwatch", "init"):
            (self.build / "static" / name).touch()
        (folder / "bin").mkdir()
        self.kernel = folder / "cache" / "procwatch" / "kernels" / "6.1"
        self.kernel.mkdir(parents=True)
        (self.kernel / "vmlinuz").touch()
        (self.kernel / "version").write_text("linux-image-test 6.1.1-1 bookworm\n")

    def program(self, name: str, text: str) -> None:
        path = self.folder / "bin" / name
        path.write_text(text)
        path.chmod(0o755)

    def run(self, program: str, *words: str) -> subprocess.CompletedProcess:
        env = os.environ | {"PATH": f"{self.folder}/bin:{os.environ['PATH']}", "XDG_CACHE_HOME": str(self.folder / "cache"),
                            "BOOTS": str(self.folder / "boots")}
        return subprocess.run([VM / program, "--build", self.build, "--timeout", str(TIMEOUT_S), *words], env=env, text=True,
                              capture_output=True, timeout=60)

    def matrix(self, does: str) -> subprocess.CompletedProcess:
        self.program("qemu-system-x86_64", EMULATOR + does + "\n")
        return self.run("matrix", "6.1")

    def boots(self) -> int:
        return len((self.folder / "boots").read_text().splitlines())

    def kept(self, name: str) -> str:
        return (self.build / "vm" / "6.1" / name).read_text()


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path)


def counts(done: subprocess.CompletedProcess) -> list[int]:
    """passed, failed, skipped of the last line."""
    return list(map(int, re.findall(r"\d+", done.stdout.splitlines()[-1])))


def test_death_at_boot_is_tried_once_more(bench):
    does = f'if [ $(wc -l <"$BOOTS") = 1 ]; then echo "Oops: int3" >"$console"; exit 0; fi; {WELL}'
    done = bench.matrix(does)
    assert bench.boots() == 2
    assert "6.1: the guest died at boot (Oops: int3), once more\n" in done.stdout
    assert "FAILED 6.1 guest:" not in done.stdout, "the second one came to its end"


def test_silence_at_boot_is_tried_once_more(bench):
    done = bench.matrix("exec sleep 60")
    assert bench.boots() == 2 and done.returncode == 1
    assert "6.1: the guest died at boot (it said nothing), once more\n" in done.stdout
    assert "FAILED 6.1 guest: the guest died at boot, twice" in done.stdout


def test_death_after_the_first_line_is_not(bench):
    done = bench.matrix('echo "Kernel panic" >"$console"; echo @@BEGIN >"$results"')
    assert bench.boots() == 1 and done.returncode == 1
    assert "FAILED 6.1 guest: the guest died; see" in done.stdout
    assert bench.kept("console") == "Kernel panic\n" and "Kernel panic" in bench.kept("errors")


def test_a_hang_is_killed_and_its_console_kept(bench):
    done = bench.matrix('echo "BUG: soft lockup" >"$console"; echo @@BEGIN >"$results"; echo $$ >"$BOOTS.pid"; exec sleep 60')
    assert bench.boots() == 1 and done.returncode == 1
    assert "FAILED 6.1 guest: the guest fell silent and was killed; see" in done.stdout
    assert bench.kept("console") == "BUG: soft lockup\n" and bench.kept("results") == "@@BEGIN\n"
    assert not pathlib.Path(f"/proc/{(bench.folder / 'boots.pid').read_text().strip()}").exists()


def test_a_slow_guest_that_speaks_is_none(bench):
    words = f'for i in $(seq {2 * TIMEOUT_S + 2}); do echo @@BEGIN >>"$results"; sleep 0.5; done'
    done = bench.matrix(words + '; printf "\\n@@END 0 0\\n" >>"$results"')
    assert bench.boots() == 1 and "FAILED 6.1 guest:" not in done.stdout


def test_a_warning_of_the_kernel_counts(bench):
    done = bench.matrix('printf "@@BEGIN\\n\\n@@END 0 512\\n" >"$results"')
    assert "FAILED 6.1 guest: the guest died" in done.stdout and "tainted 512" in bench.kept("errors")


def test_what_did_not_come_out_has_failed(bench):
    done = bench.matrix(WELL)
    passed, failed, skipped = counts(done)
    assert (passed, skipped) == (0, 0) and failed > 20
    assert "FAILED 6.1 fentry scenarios: did not come to its end" in done.stdout
    tap = bench.kept("results.tap").splitlines()
    assert tap[:2] == ["TAP version 13", f"1..{failed}"] and sum(line.startswith("not ok ") for line in tap) == failed


def test_a_kernel_that_cannot_be_had_is_skipped_with_the_reason(bench):
    shutil.rmtree(bench.kernel)
    bench.program("apt-get", "#!/bin/sh\necho 'E: Unable to fetch the index' >&2\nexit 100\n")
    done = bench.matrix(WELL)
    assert done.returncode == 0 and counts(done) == [0, 0, 1]
    assert re.search(r"SKIP 6.1 kernel: vm: 6.1 cannot be had: bookworm-security: .+; bookworm: .+", done.stdout), done.stdout


def test_an_old_kernel_serves_where_no_newer_one_can_be_had(bench):
    os.utime(bench.kernel / "version", (0, 0))
    bench.program("apt-get", "#!/bin/sh\necho 'E: Unable to fetch the index' >&2\nexit 100\n")
    bench.matrix(WELL)
    assert bench.boots() == 1


def test_the_status_is_the_commands(bench):
    bench.program("qemu-system-x86_64", EMULATOR + 'printf "@@BEGIN\\nwords\\n\\n@@END 42 0\\n" >"$results"\n')
    done = bench.run("run", "6.1", "--", "false")
    assert (done.returncode, done.stdout.splitlines()[:2]) == (42, ["@@BEGIN", "words"])
