"""What share of small faults the tests notice: mutants of cosmic-ray's operators, drawn at random, against quick tests.

    python -m benchmarks.mutation [measures checks ...] [--mutants 60] [--seed 1]

For each folder of `formcheck`, mutants are drawn from all that cosmic-ray can make of it: first a place in the code,
each as likely as the other, then what is done to it. Left out is what changes no program (annotations) and what no
hand would write (a matrix product or a shift in place of a sum). A mutant lives where every quick test of the folder
passes. Tests run in a copy, one mutant at a time, in a process that has the libraries loaded; what runs far longer than
the tests do without a fault is stopped, and counts as noticed. Tests that fail without any fault are named and left
out. Survivors are printed with their line: some are worth a test, some change nothing that anybody could see.
"""

from __future__ import annotations

import argparse
import ast
import compileall
import importlib
import multiprocessing
import os
import random
import resource
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

ROOT = Path(__file__).resolve().parents[1]
#: The quick tests of each folder, the likeliest to notice first.
TESTS: dict[str, tuple[str, ...]] = {
    "body": ("tests/body",),
    "measures": ("tests/measures", "tests/checks/test_exercises.py"),
    "checks": ("tests/checks",),
    "words": ("tests/words", "tests/progress", "tests/test_mirror.py::test_every_sentence_swaps_sides"),
    "draw": ("tests/draw", "tests/test_mirror.py::test_letters_on_the_picture_swap_sides"),
}
#: Minutes of clips, and programs of their own, which would not see the copy.
SLOW = (
    "tests/checks/test_reference_clips.py",
    "tests/checks/test_known_clips.py",
    "tests/checks/test_clips.py",
    "tests/measures/test_smoothing.py::test_memory_does_not_follow_the_time_that_passed",
    "tests/draw/test_fonts.py::test_fonts_that_a_user_installed_are_found",
    "tests/draw/test_fonts.py::test_looking_for_latin_letters_loads_no_font_manager",
)
#: Loaded once, before the processes that test are forked. Nothing of formcheck is.
LIBRARIES = ("cv2", "hypothesis.strategies", "jsonschema", "numpy", "PIL.ImageFont", "pyarrow.parquet", "scipy.signal")
#: What may stand for what. Any other pair of these operators is no slip of a hand.
ALIKE = (
    {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"},
    {"BitAnd", "BitOr", "BitXor"},
    {"Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"},
    {"Is", "IsNot"},
    {"In", "NotIn"},
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One fault: what an operator makes of its ``occurrence``-th place in a file."""

    path: Path
    operator: str
    occurrence: int
    line: int

    def source(self) -> str:
        """The file with the fault in it."""
        text = (ROOT / self.path).read_text(encoding="utf-8")
        return str(mutate_code(text, get_operator(self.operator)(), self.occurrence) or text)

    def told(self) -> str:
        """Where the fault is, and the line before and after."""
        before = (ROOT / self.path).read_text(encoding="utf-8").splitlines()
        after = self.source().splitlines()
        pairs = zip(before, after, strict=False)
        was, became = next(((a.strip(), b.strip()) for a, b in pairs if a != b), ("", ""))
        return f"{self.path}:{self.line} {self.operator.removeprefix('core/')}\n    - {was}\n    + {became}"


def mutants(folder: str) -> dict[tuple[Path, int, int], list[Mutant]]:
    """Every mutant of a folder, by file and place."""
    names = [name for name in operator_names() if _is_plausible(name)]
    found: dict[tuple[Path, int, int], list[Mutant]] = {}
    for path in sorted((ROOT / "formcheck" / folder).rglob("*.py")):
        nodes = [*ast_nodes(get_ast(path.read_text(encoding="utf-8")))]
        for name in names:
            operator, occurrence = get_operator(name)(), 0
            for node in nodes:
                for start, _ in operator.mutation_positions(node):
                    mutant = Mutant(path.relative_to(ROOT), name, occurrence, start[0])
                    found.setdefault((path, *start), []).append(mutant)
                    occurrence += 1
    return found


def drawn(folder: str, count: int, seed: int) -> Iterator[Mutant]:
    """``count`` mutants that change the program, each at a place of its own."""
    chance = random.Random(f"{seed} {folder}")  # noqa: S311 - a sample, no secret
    places = [*mutants(folder).values()]
    chance.shuffle(places)
    for place in places:
        mutant = chance.choice(place)
        if count and _program(mutant.source()) not in {
            None,
            _program((ROOT / mutant.path).read_text(encoding="utf-8")),
        }:
            count -= 1
            yield mutant


def _is_plausible(name: str) -> bool:
    kind, _, pair = name.removeprefix("core/").partition("_")
    if not kind.startswith("Replace") or kind in {"ReplaceTrueWithFalse", "ReplaceFalseWithTrue"}:
        return kind in {"NumberReplacer", "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue"} or "Loop" in kind
    if kind not in {"ReplaceBinaryOperator", "ReplaceComparisonOperator"}:
        return True
    return any(set(pair.split("_")) <= group for group in ALIKE)


def _program(source: str) -> str | None:
    """A source without its annotations and the options of its dataclasses, which change nothing that is computed; None
    where it is no program (the star before keywords is no product).
    """
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.ClassDef):
            for made in node.decorator_list:
                if isinstance(made, ast.Call):
                    made.keywords = []
    return ast.dump(tree)


class _Failed:
    """A plugin of pytest that notes which tests fail."""

    def __init__(self, into: Path) -> None:
        self._into = into

    def pytest_collectreport(self, report: Any) -> None:
        self.pytest_runtest_logreport(report)

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            with self._into.open("a", encoding="utf-8") as file:
                file.write(f"{report.nodeid}\n")


@dataclass(slots=True)
class Bench:
    """A copy of the project in which one file at a time has a fault."""

    copy: Path
    left_out: tuple[str, ...] = ()
    most_s: int = 3600

    def failures(self, tests: Sequence[str], ending: str = "-x") -> list[str]:
        """The tests that fail; "stopped" where they were stopped, or broke off."""
        failed = self.copy / "failed"
        failed.unlink(missing_ok=True)
        process = multiprocessing.get_context("fork").Process(target=self._test, args=(tests, ending))
        process.start()
        process.join()
        found = failed.read_text(encoding="utf-8").splitlines() if failed.exists() else []
        return found or (
            [] if process.exitcode in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED} else ["stopped"]
        )

    def _test(self, tests: Sequence[str], ending: str) -> None:
        """In a process of its own: ends it with pytest's exit code, the failures in a file."""
        os.chdir(self.copy)
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (self.most_s, self.most_s))
        sys.path.insert(0, str(self.copy))
        sys.dont_write_bytecode = True  # what was compiled before is read, but never of a file with a fault in it
        from hypothesis import Phase, settings  # the parent has it loaded

        phases = (Phase.explicit, Phase.generate)
        quick = settings(max_examples=20, phases=phases, derandomize=True, deadline=None, database=None)
        settings.register_profile("mutation", quick)
        settings.load_profile("mutation")
        options = f"-q -n 0 {ending} --assert=plain -p no:cacheprovider --no-header".split()
        skipped = [f"--{'deselect' if '::' in test else 'ignore'}={test}" for test in (*SLOW, *self.left_out)]
        code = pytest.main([*options, *skipped, *tests], plugins=[_Failed(self.copy / "failed")])
        sys.stdout.flush()
        os._exit(int(code))

    def noticed_by(self, mutant: Mutant, tests: Sequence[str]) -> str:
        """The first test that fails with the fault put in, those of the file's own first; empty where none does."""
        path = self.copy / mutant.path
        path.write_text(mutant.source(), encoding="utf-8")
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
            compiled.unlink()
        own = Path("tests", *mutant.path.parts[1:-1], f"test_{mutant.path.stem}.py")
        rounds = [[str(own)], tests] if (ROOT / own).exists() else [tests]
        found = next((failures[0] for some in rounds if (failures := self.failures(some))), "")
        shutil.copy(ROOT / mutant.path, path)
        return found


def _copy(into: Path) -> Path:
    """What the tests need, in a folder of its own, compiled; what they only read is linked."""
    for name in ("formcheck", "tests", "formcheck_render"):
        shutil.copytree(ROOT / name, into / name, ignore=shutil.ignore_patterns("__pycache__", "data"))
    for path in (*ROOT.iterdir(), ROOT / "tests" / "data"):
        link = into / path.relative_to(ROOT)
        if not link.exists() and path.name != ".git":
            link.symlink_to(path)
    for name in ("formcheck", "tests"):
        compileall.compile_dir(into / name, quiet=2)
    return into


def survivors(folder: str, count: int, seed: int) -> tuple[int, list[Mutant]]:
    """How many mutants of a folder were tried, and those that the tests do not notice; printed as they are found."""
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(_copy(Path(scratch) / "copy"))
        tests = TESTS[folder]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        bench.left_out = tuple(bench.failures(tests, "--continue-on-collection-errors"))
        usual_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before.ru_utime
        if bench.left_out == ("stopped",):
            raise SystemExit(f"expected tests of {folder} that run without a fault put in, got none: try pytest itself")
        bench.most_s = 5 + int(3 * usual_s)
        told = ", ".join(bench.left_out) or "none"
        print(f"{folder}: {usual_s:.1f} s of tests; left out, failing by themselves: {told}", flush=True)
        alive, chosen = [], list(drawn(folder, count, seed))
        for number, mutant in enumerate(chosen, start=1):
            test = bench.noticed_by(mutant, tests)
            print(f"{number:3} {f'found by {test}' if test else 'LIVES'} {mutant.told()}", flush=True)
            alive += [] if test else [mutant]
    return len(chosen), alive


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", choices=[*TESTS, []], help="of formcheck; all five where none is named")
    parser.add_argument("--mutants", type=int, default=60, help="how many of each folder, 60 where not told")
    parser.add_argument("--seed", type=int, default=1)
    told = parser.parse_args()
    os.nice(10)
    for library in LIBRARIES:
        importlib.import_module(library)
    found = {folder: survivors(folder, told.mutants, told.seed) for folder in told.folders or TESTS}
    from benchmarks.accuracy.statistics import Rate  # loads formcheck, which tests must load from the copy

    for folder, (count, alive) in found.items():
        print(f"{folder}: noticed {Rate(count - len(alive), count).text()}, seed {told.seed}")


if __name__ == "__main__":
    main()
