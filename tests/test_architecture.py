"""The shape of the program: what may import what, and how long a file or a function may be.

Read LAYERS first. A module imports modules of earlier lines only, and the parts of its own package.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

#: Lowest first. A line of several names holds modules that do not import each other.
LAYERS = (
    ("change", "errors"),
    ("pose",),
    ("athlete",),
    ("axes", "geometry"),
    ("kinematics",),
    ("floor", "heights", "smoothing"),
    ("movement", "valleys"),
    ("swaps", "view"),
    ("shots",),
    ("correction", "standing"),
    ("terms",),
    ("reps",),
    ("checks", "measured"),
    ("exercises",),
    ("profiles",),
    ("footage", "judging", "stretch"),
    ("report",),
    ("scoring",),
    ("progress",),
    ("history",),
    ("session",),
    ("live",),
    ("pipeline",),
    ("io",),
    ("batch",),
    ("web",),
    ("cli",),
    ("__main__",),
)
RANK = {name: rank for rank, names in enumerate(LAYERS) for name in names}

#: Third-party packages of the analysis itself, everything below io.
ANALYSIS_MAY_IMPORT = {"numpy"}
#: Libraries that only formcheck/io may import, and the files in it that may, where not all of them.
IO_ONLY = {"cv2", "av", "pyarrow", "mediapipe"}
MEDIAPIPE_FILE = "formcheck.io.estimator"
#: Parts of these that only read text.
TEXT_ONLY = ("http.cookies", "urllib.parse")
#: The module that listens.
SERVER = "formcheck.web.running"
NETWORK = {"socket", "ssl", "http", "urllib", "ftplib", "smtplib", "requests", "httpx", "aiohttp", "urllib3"}

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


def foreign_faults(source: str, module: str) -> list[str]:
    """Imports of libraries that do not belong where the module is."""
    faults = []
    layer = module.split(".")[1] if "." in module else "__init__"
    for top in sorted({name.split(".")[0] for name in imports_of(source, module) if not name.startswith(TEXT_ONLY)}):
        if top == "formcheck_render":
            faults.append(f"{module} imports {top}: the renderer is a tool beside the program")
        if top in NETWORK and module != SERVER:
            faults.append(f"{module} imports {top}: nothing leaves the machine")
        if top in IO_ONLY and layer != "io":
            faults.append(f"{module} imports {top}: only formcheck.io may")
        if top == "mediapipe" and module != MEDIAPIPE_FILE:
            faults.append(f"{module} imports {top}: only {MEDIAPIPE_FILE} may")
        ours = {"formcheck", "formcheck_render"} | ANALYSIS_MAY_IMPORT | sys.stdlib_module_names | IO_ONLY | NETWORK
        if RANK.get(layer, RANK["io"]) < RANK["io"] and top not in ours:
            faults.append(f"{module} imports {top}: the analysis needs numpy only")
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


@pytest.mark.parametrize("module", list(FORMCHECK))
def test_libraries_are_imported_only_where_they_belong(module: str) -> None:
    assert not foreign_faults(FORMCHECK[module].read_text(encoding="utf-8"), module)


@pytest.mark.parametrize("module", list(EVERYTHING))
def test_files_and_functions_stay_short(module: str) -> None:
    source = EVERYTHING[module].read_text(encoding="utf-8")
    assert len(source.splitlines()) <= MAX_FILE_LINES
    assert not long_functions(source, module)


@pytest.mark.parametrize(
    "source",
    [
        "from formcheck.session import analyze_poses",
        "from formcheck import session",
        "import formcheck.session",
        "from . import session",
        "from .session import analyze_poses",
        "def late():\n    from formcheck.session import analyze_poses",
        "if TYPE_CHECKING:\n    from formcheck.session import analyze_poses",
        "importlib.import_module('formcheck.session')",
        "from formcheck import analyze",  # the public names are built on everything
    ],
)
def test_an_import_of_a_later_layer_is_found_however_it_is_written(source: str) -> None:
    assert len(layer_faults(source, "formcheck.view")) == 1


def test_imports_of_earlier_layers_and_of_the_own_package_are_allowed() -> None:
    source = "from formcheck.pose import Pose\nfrom formcheck import kinematics\nimport numpy\nfrom pathlib import Path"
    assert layer_faults(source, "formcheck.view") == []
    assert layer_faults("from . import atomic\nfrom ..pose import Pose", "formcheck.io.tables") == []
    assert layer_faults("from .squat import SQUAT", "formcheck.exercises", is_package=True) == []


def test_modules_that_share_a_layer_may_not_import_each_other() -> None:
    assert layer_faults("from formcheck.stretch import Stretch", "formcheck.judging")
    assert layer_faults("from formcheck.judging import judge", "formcheck.stretch")


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ("import cv2", "formcheck.view"),
        ("import pyarrow.parquet as pq", "formcheck.session"),
        ("from av import open", "formcheck.cli"),
        ("import pandas", "formcheck.reps"),
        ("from scipy.signal import butter", "formcheck.smoothing"),
        ("import formcheck_render.squat", "formcheck.io.models"),
        ("import urllib.request", "formcheck.io.models"),
        ("import socket", "formcheck.pipeline"),
        ("def fetch():\n    import requests", "formcheck.cli"),
    ],
)
def test_a_library_out_of_place_is_found(source: str, module: str) -> None:
    assert len(foreign_faults(source, module)) == 1


def test_mediapipe_is_for_the_estimator_alone() -> None:
    assert foreign_faults("from mediapipe.tasks.python import vision", "formcheck.io.overlay")
    assert foreign_faults("from mediapipe.tasks.python import vision", "formcheck.io.estimator") == []


def test_a_long_function_is_found_and_its_docstring_is_not_counted() -> None:
    body = "\n".join(f"    x{number} = {number}" for number in range(5))
    documented = f'def short():\n    """One.\n\n    Two.\n    """\n{body}\n'
    assert long_functions(documented, "m", limit=6) == []
    assert long_functions(documented, "m", limit=5) == ["m.short has 6 lines, at most 5"]
