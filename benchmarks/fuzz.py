"""formcheck on inputs that nobody should have to think of: each must end in one clear line, or be analysed.

    python -m benchmarks.fuzz [--count 520] [--seed 1] [--kinds video,table] [--share 0/2] [--only 37] [--keep DIR]

Deterministic by seed: input 37 of seed 1 is the same on every machine but for the moment at which a signal comes.
What is wrong is printed with the number of the input: a traceback, another exit code, more or less than one line of
error, more than ``_LONGEST_S``, a file under a final name that is not whole, a temporary file that is left behind.
The table at the end stands in docs/robustness.md.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import jsonschema
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.fuzz_case import CLIP, TABLE, Case
from benchmarks.fuzz_inputs import KINDS
from formcheck.errors import InputError
from formcheck.machine.atomic import is_temporary
from formcheck.results.report_json import read_report

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample_videos" / "squat_side_clean_m_dark.mp4"
_LONGEST_S = 60.0
#: How every line on stderr begins.
_SAID = ("error: ", "warning: ", "note: ")


@dataclass(frozen=True)
class Ending:
    """How a run ended; ``code`` is None where it had to be killed."""

    code: int | None
    out: str
    err: str


def prepare(base: Path) -> None:
    """One repetition in 40 small pictures, and its landmarks: what all inputs are made of."""
    with av.open(str(SAMPLE)) as source, av.open(str(base / CLIP), "w", options={"movflags": "faststart"}) as target:
        [given] = source.streams.video
        stream = target.add_stream("libx264", rate=15)
        stream.width, stream.height, stream.pix_fmt = given.width // 6 * 2, given.height // 6 * 2, "yuv420p"
        for number, frame in enumerate(source.decode(given)):
            if number < 80 and number % 2 == 0:
                small = frame.reformat(stream.width, stream.height)
                small.pts, small.time_base = number // 2, Fraction(1, 15)
                target.mux(stream.encode(small))
        target.mux(stream.encode(None))
    command = ["-m", "formcheck", "analyze", str(base / CLIP), "--model", "lite", "--no-video", "--out", str(base)]
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    shutil.move(base / Path(CLIP).stem / TABLE, base / TABLE)


def cases(seed: int, count: int, kinds: list[str]) -> Iterator[tuple[int, str, random.Random]]:
    """Number, kind and random generator of each input."""
    wheel = [kind for kind in kinds for _ in range(KINDS[kind][1])]
    for number in range(count):
        rng = random.Random(f"{seed}-{number}")  # noqa: S311 - repeatable on purpose
        yield number, rng.choice(wheel), rng


def run(case: Case, folder: Path) -> Ending:
    """Run a case in its folder: in a copy of this process where that is possible, since it has loaded everything."""
    beside = folder.with_name(folder.name + "-talk")
    beside.mkdir()
    out, err = (beside / name for name in ("out", "err"))
    environment = {"TMPDIR": str(beside / "tmp"), "XDG_STATE_HOME": str(beside / "state"), **case.environment}
    (beside / "tmp").mkdir()
    if case.shell is None and case.told is None and not environment.keys() & {"PYTHONUTF8", "PYTHONWARNINGS"}:
        code = _forked(case, folder, environment, out, err)
    else:
        code = _started(case, folder, os.environ | environment, out, err)
    told = (path.read_bytes().decode(errors="backslashreplace") for path in (out, err))
    return Ending(code, *told)


def _forked(case: Case, folder: Path, environment: dict[str, str], out: Path, err: Path) -> int | None:
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        os.environ.update(environment)
        tempfile.tempdir = None
        for number, path in ((0, Path(os.devnull)), (1, out), (2, err)):
            os.dup2(os.open(path, os.O_RDWR | os.O_CREAT), number)
        code = 99
        try:
            from formcheck.cli import main  # loaded before, by the process that this is a copy of

            sys.argv = ["formcheck", *case.arguments]
            sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
            main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
        except BaseException:  # noqa: BLE001 - it would have been a traceback
            traceback.print_exc()
        finally:
            for stream in (sys.stdout, sys.stderr):
                if stream is not None and not stream.closed:
                    stream.flush()
            os._exit(code)
    until = time.monotonic() + longest_s()
    while time.monotonic() < until:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _started(case: Case, folder: Path, environment: dict[str, str], out: Path, err: Path) -> int | None:
    command = [sys.executable, "-m", "formcheck", *case.arguments]
    if case.shell is not None:
        command = ["bash", "-c", f'formcheck() {{ {sys.executable} -m formcheck "$@"; }}; {case.shell}']
    with out.open("wb") as stdout, err.open("wb") as stderr:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment | {"PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
        )
        try:
            if case.told is not None:
                number, after_s = case.told
                _wait_for_handler(process, number)
                try:
                    process.wait(after_s)
                except subprocess.TimeoutExpired:
                    process.send_signal(number)
            return process.wait(longest_s())
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return None


def longest_s() -> float:
    """How long a run may take: 60 s, and more where others want the processors as well."""
    return _LONGEST_S * max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))


def _wait_for_handler(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    """Until the program has been asked what to do on a signal: while Python itself starts, the signal just ends it."""
    while process.poll() is None:
        told = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        caught = int(next(line for line in told.splitlines() if line.startswith("SigCgt")).split()[1], 16)
        if caught >> (signal.SIGTERM - 1) & 1 and caught >> (number - 1) & 1:
            return
        time.sleep(0.005)


def wrong(case: Case, ending: Ending, folder: Path) -> Iterator[str]:
    """What is not as it should be."""
    if ending.code is None:
        yield "still running after a minute"
    elif ending.code not in case.codes:
        yield f"exit code {ending.code}"
    lines = ending.err.splitlines()
    if "Traceback" in ending.err + ending.out:
        yield "a traceback"
    elif ending.code != 2 and any(not line.startswith(_SAID) for line in lines):
        yield f"lines that are none of formcheck's: {[line for line in lines if not line.startswith(_SAID)][:2]}"
    errors = [line for line in lines if line.startswith("error: ")]
    is_heard = case.shell is None or not any(sign in case.shell for sign in ("2>", "|"))  # a pipe ends with head's code
    if is_heard and len(errors) != (ending.code not in {0, 2, 3}):
        yield f"exit code {ending.code} with {len(errors)} lines of error"
    yield from _leftovers(folder)
    yield from _halves(folder)
    talk = folder.with_name(folder.name + "-talk")
    if left := [path.name for path in (talk / "tmp").rglob("*")]:
        yield f"left in the place for temporary files: {left[:3]}"


def _leftovers(folder: Path) -> Iterator[str]:
    left = [path.name for path in folder.rglob("*") if is_temporary(path.name)]
    if left:
        yield f"left behind: {left[:3]}"
    if not (folder / "loop").is_symlink() and (folder / "nowhere").exists():
        yield "a link was replaced"


def _halves(folder: Path) -> Iterator[str]:
    """Files under final names that are not whole."""
    for path in folder.rglob("*"):
        if not path.is_file() or path.parent == folder:
            continue
        try:
            if path.name == "report.json":
                read_report(path)
            elif path.suffix == ".parquet":
                pq.ParquetFile(path).read(use_threads=False)
            elif path.suffix == ".mp4":
                with av.open(str(path)) as container:
                    assert any(True for _ in container.decode(video=0))  # noqa: S101 - a video without pictures is half
            elif path.suffix == ".html":
                assert path.read_text(encoding="utf-8").rstrip().endswith("</html>")  # noqa: S101 - as above
        except (
            InputError,
            jsonschema.ValidationError,
            pa.ArrowException,
            av.FFmpegError,
            OSError,
            AssertionError,
        ) as error:
            yield f"half a file: {path.name}: {error}"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=520)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--share", default="0/1", help="0/3, 1/3 and 2/3 together are all, on three cores")
    parser.add_argument("--only", type=int, action="append")
    parser.add_argument("--keep", type=Path)
    told = parser.parse_args()
    part, parts = map(int, told.share.split("/"))
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
    inputs, ends, bad = Counter[str](), Counter[tuple[str, str]](), 0
    with tempfile.TemporaryDirectory(prefix="formcheck-fuzz-") as place:
        base = Path(place) / "base"
        base.mkdir()
        prepare(base)
        import formcheck.analysis  # what every run would have to load
        import formcheck.landmarks.passes  # noqa: F401 - as the line before

        for number, kind, rng in cases(told.seed, told.count, told.kinds.split(",")):
            if number % parts != part or (told.only and number not in told.only):
                continue
            folder = (told.keep or Path(place)) / f"{number:04d}"
            folder.mkdir(parents=True)
            case = KINDS[kind][0](rng, base, folder)
            began = time.monotonic()
            ending = run(case, folder)
            faults = list(wrong(case, ending, folder))
            inputs[kind] += 1
            ends[kind, _end(ending)] += 1
            bad += bool(faults)
            if faults or told.only:
                print(f"{number} {kind}: {case.odd[:200]!r}: {'; '.join(faults) or 'right'}", flush=True)
                print(
                    f"    {time.monotonic() - began:.1f} s, exit {ending.code}: {ending.err.strip()[-300:]!r}",
                    flush=True,
                )
            if told.keep is None:
                shutil.rmtree(folder)
                shutil.rmtree(folder.with_name(folder.name + "-talk"))
    _show(inputs, ends, bad)
    sys.exit(bool(bad))


def _end(ending: Ending) -> str:
    if ending.code == 0:
        return "with a warning" if "warning: " in ending.err else "analysed"
    return "one line" if ending.code in {1, 2, 3} else "signal" if ending.code in {130, 143} else "other"


def _show(inputs: Counter[str], ends: Counter[tuple[str, str]], bad: int) -> None:
    columns = ("analysed", "with a warning", "one line", "signal", "other")
    print(f"\n| kind | inputs | {' | '.join(columns)} |\n|---|---|{'---|' * len(columns)}")
    for kind, count in inputs.items():
        print(f"| {kind} | {count} | {' | '.join(str(ends[kind, column]) for column in columns)} |")
    print(f"\n{sum(inputs.values())} inputs, {bad} wrong")


if __name__ == "__main__":
    main()
