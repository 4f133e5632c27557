"""Every script of the gallery runs, on landmarks, and draws its picture."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from batches import run, write_table
from PIL import Image

from examples.__main__ import SHOWN, draw

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted(path.stem for path in (ROOT / "examples").glob("*.py") if path.stem != "__main__")


@pytest.fixture(autouse=True)
def _without_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(mpl.rcParams, "backend", "Agg")


def differs_from_paper(path: Path) -> float:
    """The share of a picture that is not white."""
    with Image.open(path) as picture:
        return float((np.asarray(picture.convert("L")) < 250).mean())


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_script_draws_its_picture(script: str, tmp_path: Path) -> None:
    taken = write_table(tmp_path / "videos" / "squat.parquet", reps=2)
    if script == "batch_figure":
        run(tmp_path / "batch", taken)
        taken = tmp_path / "batch"
    draw(script, taken, tmp_path / "figure.png")
    assert 0.01 < differs_from_paper(tmp_path / "figure.png") < 0.9


def test_the_gallery_shows_every_script_with_its_picture() -> None:
    page = (ROOT / "docs" / "gallery.md").read_text(encoding="utf-8")
    assert len(SCRIPTS) >= 6
    assert {*SHOWN, "batch_figure"} == {*SCRIPTS}
    for script in SCRIPTS:
        assert f"](gallery/{script}.png)" in page
        assert f'"examples/{script}.py"' in page
        picture = ROOT / "docs" / "gallery" / f"{script}.png"
        assert picture.stat().st_size < 100_000
        assert differs_from_paper(picture) > 0.01


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_script_says_at_its_top_how_it_is_called_and_is_short(script: str) -> None:
    lines = (ROOT / "examples" / f"{script}.py").read_text(encoding="utf-8").splitlines()
    assert f"python examples/{script}.py " in lines[0]
    assert len(lines) <= 40


def test_every_clip_of_the_gallery_is_a_sample_clip() -> None:
    assert all((ROOT / "sample_videos" / f"{clip}.mp4").is_file() for clip in SHOWN.values())
