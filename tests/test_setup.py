"""``./setup`` on machines that lack something, and what ``pytest`` says there. A whole one runs in the gate."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from commands import needs_posix

from formcheck.machine.system import INSTALL_COMMAND

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def install() -> ModuleType:
    """``tools/install.py``, which does the work."""
    spec = importlib.util.spec_from_file_location("install", ROOT / "tools" / "install.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    sys.path.remove(str(ROOT))
    return module


@needs_posix
@pytest.mark.parametrize("version", ["Python 3.9.2", None])
def test_without_a_python_that_is_new_enough_there_is_one_line(version: str | None, tmp_path: Path) -> None:
    (tmp_path / "dirname").symlink_to(shutil.which("dirname") or "")
    if version is not None:
        old = tmp_path / "python3"
        old.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo "{version}"\n[ "$1" = --version ]\n')
        old.chmod(0o755)
    run = subprocess.run([ROOT / "setup"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    [line] = run.stderr.splitlines()
    assert line.startswith(f"error: expected Python 3.11 or newer, found {version or 'none'};")


def test_missing_packages_are_one_command_for_who_may_not_install_them(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(install.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(SystemExit) as ended:
        install._system_packages(["python3.11-venv", "libgl1"], [])
    told, command = str(ended.value).splitlines()
    assert told.startswith("error: system packages are missing")
    assert command == "sudo sh -c 'apt-get update && apt-get install -y python3.11-venv libgl1'"


def test_packages_of_tests_alone_stop_nobody(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(install.os, "geteuid", lambda: 1000, raising=False)
    install._system_packages([], ["strace"])
    assert "apt-get install -y strace" in capsys.readouterr().out


def test_a_python_without_its_part_for_environments_needs_the_package_of_its_version(
    install: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(install, "missing_libraries", list)
    monkeypatch.setattr(install, "find_spec", lambda name: None if name == "ensurepip" else name)
    assert install.needed_packages() == [f"python{sys.version_info.major}.{sys.version_info.minor}-venv"]


@needs_posix
def test_the_command_goes_into_a_folder_of_the_path_and_replaces_only_its_own(
    install: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    folder = tmp_path / ".local" / "bin"
    monkeypatch.setenv("PATH", "/usr/bin")
    monkeypatch.setattr(install, "_own_folders", lambda: [folder])
    assert install._offer_command().splitlines()[-1] == f"export PATH={folder}:$PATH"
    monkeypatch.setenv("PATH", f"/usr/bin{os.pathsep}{folder}")
    assert install._offer_command() == "installed: the command is formcheck"  # again, over its own
    assert (folder / "formcheck").readlink() == ROOT / ".venv" / "bin" / "formcheck"
    (folder / "formcheck").unlink()
    (folder / "formcheck").write_text("somebody else's")
    assert "is another program and stays" in install._offer_command()
    assert (folder / "formcheck").read_text() == "somebody else's"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the libraries come with the system")
def test_pytest_says_in_one_line_which_system_libraries_are_missing(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import ctypes\n"
        "class Library(ctypes.CDLL):\n"
        "    def __init__(self, name, *rest, **more):\n"
        "        if name in ('libEGL.so.1', 'libGL.so.1'): raise OSError(name)\n"
        "        super().__init__(name, *rest, **more)\n"
        "ctypes.CDLL = Library\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "0", "tests/body/test_geometry.py"],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1
    [line] = [line for line in (run.stdout + run.stderr).splitlines() if "lib" in line]
    assert "libGL.so.1, libEGL.so.1 missing" in line
    assert INSTALL_COMMAND in line
    assert "passed" not in run.stdout
