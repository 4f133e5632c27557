from __future__ import annotations

from pathlib import Path

import pytest

from formcheck.machine import paths as resources
from formcheck.machine.paths import data_path


def test_a_source_tree_has_the_models_beside_the_package() -> None:
    assert data_path("models", "pose_landmarker_lite.task").is_file()


def test_the_installed_copy_wins_over_the_source_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "formcheck"
    installed, in_tree = package / "_data" / "models" / "a.task", tmp_path / "models" / "a.task"
    for path in (installed, in_tree):
        path.parent.mkdir(parents=True)
        path.touch()
    monkeypatch.setattr(resources, "PACKAGE", package)
    assert data_path("models", "a.task") == installed
    installed.unlink()
    assert data_path("models", "a.task") == in_tree
