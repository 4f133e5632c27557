"""The shape of the program: what may import what, and how long a file or a function may be.

Read LAYERS first. A folder imports from folders of earlier lines only, and inside a folder there is no circle.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Collection, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

#: The folders (and lone modules) in the order in which a picture travels: each imports from earlier lines only.
LAYERS = (
    "errors",
    "machine",
    "body",
    "frames",
    "landmarks",
    "measures",
    "checks",
    "progress",
    "words",
    "coach",
    "results",
    "draw",
    "pages",
    "analysis",
    "session",
    "export",
    "live",
    "batch",
    "web",
    "cli",
    "__main__",
)
RANK = {name: rank for rank, name in enumerate(LAYERS)}

#: Where a library is at home. Everything else is numpy and the standard library.
HOMES = {
    "mediapipe": {"landmarks"},
    "av": {"frames"},
    "cv2_enumerate_cameras": {"frames"},
    "cv2": {"frames", "landmarks", "draw", "live"},
    "pyarrow": {"landmarks", "results", "batch"},
    "fsspec": {"machine"},
    "scipy": {"export"},
    "jsonschema": {"results"},
    "jinja2": {"pages"},
    "markupsafe": {"pages"},
    "matplotlib": {"draw"},
    "ray": {"batch"},
    "fastapi": {"web"},
    "starlette": {"web"},
    "pydantic": {"web"},
    "uvicorn": {"web"},
    "cryptography": {"web"},
    "segno": {"web"},
    "typer": {"cli"},
    "rich": {"cli"},
    "PIL": {"draw", "frames", "machine", "web"},
}
#: Parts of these that only read text.
TEXT_ONLY = ("http.cookies", "urllib.parse")
#: The module that listens.
SERVER = "formcheck.web.running"
#: Optional on the user's machine, asked for by name.
ANYWHERE = {"pyttsx3"}
#: The module that asks for every library whether it is there.
EXAMINER = "formcheck.cli.doctor"
NETWORK = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "urllib3"}

#: Modules of one system only: a module that imports one at its top cannot be loaded on the others.
OF_ONE_SYSTEM = {
    *("fcntl", "grp", "posix", "pty", "pwd", "readline", "resource", "spwd", "syslog", "termios", "tty"),
    *("_winapi", "msvcrt", "nt", "winreg", "winsound"),
}

MAX_FILE_LINES = 300
MAX_FUNCTION_LINES = 40  # without the docstring


def module_files(package: str) -> dict[str, Path]:
    """Every module of a package by its dotted name; a package's ``__init__`` goes by the package's name."""
    files = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        files[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return files


FORMCHECK = module_files("formcheck")
EVERYTHING = FORMCHECK | module_files("formcheck_render")


def imports_of(source: str, module: str, *, is_package: bool = False) -> Iterator[str]:
    """Dotted names a source imports: in functions, under TYPE_CHECKING, relative, and by ``import_module("...")``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, module, is_package=is_package)
            yield from (f"{base}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in {"import_module", "__import__"} and isinstance(node.args[0].value, str):
                yield node.args[0].value


def _absolute(node: ast.ImportFrom, module: str, *, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    package = module.split(".") if is_package else module.split(".")[:-1]
    return ".".join([*package[: len(package) - node.level + 1], *([node.module] if node.module else [])])


def layer_faults(source: str, module: str, *, is_package: bool = False) -> list[str]:
    """Imports of formcheck's own modules that do not point to an earlier layer."""
    faults = []
    own = module.split(".")[1]
    for name in imports_of(source, module, is_package=is_package):
        package, _, rest = name.partition(".")
        if package != "formcheck":
            continue
        target = rest.split(".")[0]
        if target != own and not (target in RANK and RANK[target] < RANK[own]):
            faults.append(f"{module} imports {name}: not an earlier layer")
    return faults


def circle(graph: Mapping[str, Collection[str]]) -> list[str]:
    """Modules that import each other in a ring; empty where there is none."""
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        return list(error.args[1])
    return []


def own_imports(folder: str) -> dict[str, set[str]]:
    """What each module of a folder imports of the same folder; importing a package runs its ``__init__``."""
    modules = {name: path for name, path in FORMCHECK.items() if name.startswith(f"formcheck.{folder}.")}
    modules |= {name: path for name, path in FORMCHECK.items() if name == f"formcheck.{folder}"}
    graph: dict[str, set[str]] = {}
    for name, path in modules.items():
        source, is_package = path.read_text(encoding="utf-8"), path.name == "__init__.py"
        found = {_module_of(imported) for imported in imports_of(source, name, is_package=is_package)}
        graph[name] = {target for target in found if target in modules and target != name}
    return graph


def _module_of(imported: str) -> str:
    """``formcheck.body.pose.Pose`` is imported from the module ``formcheck.body.pose``."""
    return imported if imported in FORMCHECK else imported.rpartition(".")[0]


def foreign_faults(source: str, module: str) -> list[str]:
    """Imports of libraries that do not belong where the module is."""
    faults = []
    layer = module.split(".")[1] if "." in module else "__init__"
    for top in sorted({name.split(".")[0] for name in imports_of(source, module) if not name.startswith(TEXT_ONLY)}):
        if top == "formcheck_render":
            faults.append(f"{module} imports {top}: the renderer is a tool beside the program")
        if top in NETWORK and module != SERVER:
            faults.append(f"{module} imports {top}: nothing leaves the machine")
        if top in HOMES and layer not in HOMES[top] and module != EXAMINER:
            faults.append(f"{module} imports {top}, which is at home in {', '.join(sorted(HOMES[top]))}")
        known = {"formcheck", "formcheck_render", "numpy", *sys.stdlib_module_names, *HOMES, *NETWORK, *ANYWHERE}
        if top not in known:
            faults.append(f"{module} imports {top}, which has no home: give it one in HOMES")
    return faults


def long_functions(source: str, module: str, limit: int = MAX_FUNCTION_LINES) -> list[str]:
    """Functions of more lines than the limit, their docstrings not counted."""
    faults = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = _lines(node)
            if ast.get_docstring(node) is not None:
                lines -= _lines(node.body[0])
            if lines > limit:
                faults.append(f"{module}.{node.name} has {lines} lines, at most {limit}")
    return faults


def _lines(node: ast.stmt) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def test_every_module_has_its_layer() -> None:
    homeless = {name for name in FORMCHECK if "." in name and name.split(".")[1] not in RANK}
    assert not homeless, "give each of these modules its line in LAYERS"


@pytest.mark.parametrize("module", [name for name in FORMCHECK if "." in name])
def test_imports_point_to_earlier_layers(module: str) -> None:
    path = FORMCHECK[module]
    assert not layer_faults(path.read_text(encoding="utf-8"), module, is_package=path.name == "__init__.py")


@pytest.mark.parametrize("folder", LAYERS)
def test_there_is_no_circle_inside_a_folder(folder: str) -> None:
    assert circle(own_imports(folder)) == []


def test_a_circle_is_found() -> None:
    assert set(circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}})) == {"a", "b", "c"}
    assert circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_imports_inside_a_folder_are_seen() -> None:
    assert "formcheck.body.pose" in own_imports("body")["formcheck.body.view"]


@pytest.mark.parametrize("module", list(FORMCHECK))
def test_libraries_are_imported_only_where_they_are_at_home(module: str) -> None:
    assert not foreign_faults(FORMCHECK[module].read_text(encoding="utf-8"), module)


@pytest.mark.parametrize("module", list(EVERYTHING))
def test_files_and_functions_stay_short(module: str) -> None:
    source = EVERYTHING[module].read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MAX_FILE_LINES
    assert not long_functions(source, module)


def test_tests_stand_in_the_folders_of_what_they_test() -> None:
    folders = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and any(path.glob("test_*.py"))}
    assert folders <= {*LAYERS, "benchmarks", "render"}
    alone = {path.name for path in (ROOT / "tests").glob("test_*.py")}
    subjects = ("architecture", "docs", "examples", "extending", "mirror", "package", "setup")
    assert alone <= {f"test_{subject}.py" for subject in subjects}


@pytest.mark.parametrize(
    "source",
    [
        "from formcheck.checks.judging import judge",
        "from formcheck.checks import judging",
        "import formcheck.checks.judging",
        "from ..checks import judging",
        "def late():\n    from formcheck.checks.judging import judge",
        "if TYPE_CHECKING:\n    from formcheck.checks.judging import judge",
        "importlib.import_module('formcheck.checks.judging')",
        "from formcheck import analyze",  # the public names are built on everything
    ],
)
def test_an_import_of_a_later_layer_is_found_however_it_is_written(source: str) -> None:
    assert len(layer_faults(source, "formcheck.body.view")) == 1


def test_imports_of_earlier_layers_and_of_the_own_folder_are_allowed() -> None:
    source = "from formcheck.body.pose import Pose\nfrom formcheck.machine import atomic\nfrom pathlib import Path"
    assert layer_faults(source, "formcheck.landmarks.athlete") == []
    assert layer_faults("from . import spool\nfrom ..body.pose import Pose", "formcheck.landmarks.recording") == []


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("import cv2", "formcheck.body.view"),
        ("import pyarrow.parquet as pq", "formcheck.checks.judging"),
        ("from av import open", "formcheck.cli.app"),
        ("from mediapipe.tasks.python import vision", "formcheck.draw.overlay"),
        ("import pandas", "formcheck.measures.reps"),
        ("from scipy.signal import butter", "formcheck.body.geometry"),
        ("import formcheck_render.squat", "formcheck.landmarks.models"),
        ("import urllib.request", "formcheck.landmarks.models"),
        ("import socket", "formcheck.frames.frame"),
        ("def fetch():\n    import requests", "formcheck.cli.app"),
    ],
)
def test_a_library_out_of_place_is_found(source: str, module: str) -> None:
    assert len(foreign_faults(source, module)) == 1


def imported_at_the_top(source: str) -> set[str]:
    """What a source imports when it is loaded, as top names: everything outside of its functions."""
    waiting: list[ast.AST] = [ast.parse(source)]
    found: set[str] = set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add((node.module or "").partition(".")[0])
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            waiting += ast.iter_child_nodes(node)
    return found


@pytest.mark.parametrize("module", list(EVERYTHING))
def test_a_module_can_be_loaded_on_every_system(module: str) -> None:
    assert not imported_at_the_top(EVERYTHING[module].read_text(encoding="utf-8")) & OF_ONE_SYSTEM


def test_an_import_at_the_top_is_found_however_it_is_written() -> None:
    source = "try:\n    import fcntl\nexcept ImportError:\n    from pwd import a\nclass A:\n    import msvcrt, os"
    assert imported_at_the_top(source) == {"fcntl", "pwd", "msvcrt", "os"}
    assert imported_at_the_top("def late():\n    import fcntl") == set()


def test_a_library_at_home_is_allowed() -> None:
    assert foreign_faults("from mediapipe.tasks.python import vision", "formcheck.landmarks.estimator") == []


def test_a_long_function_is_found_and_its_docstring_is_not_counted() -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(5))
    documented = f'def short():\n    """One.\n\n    Two.\n    """\n{body}\n'
    assert long_functions(documented, "m", limit=6) == []
    assert long_functions(documented, "m", limit=5) == ["m.short has 6 lines, at most 5"]
