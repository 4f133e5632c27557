from __future__ import annotations

import hashlib
import itertools
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import ModelError
from formcheck.frames.frame import Frame
from formcheck.frames.video import VideoFile
from formcheck.landmarks import models
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import MODELS, Model, resolve_model

TREE = Path(__file__).resolve().parents[2]
PACKAGES_VARIABLE = "FORMCHECK_MODEL_PACKAGES"


def complaint(name_or_path: str | Path) -> str:
    with pytest.raises(ModelError) as caught:
        resolve_model(str(name_or_path))
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", MODELS)
def test_the_bundles_in_the_tree_are_the_registered_ones(name: str) -> None:
    published = MODELS[name]
    path = TREE / "models" / published.file_name
    assert path.stat().st_size == published.size
    assert hashlib.sha256(path.read_bytes()).hexdigest() == published.sha256


@pytest.mark.parametrize("name", MODELS)
def test_the_readme_states_size_and_hash_of_every_bundle(name: str) -> None:
    published = MODELS[name]
    text = (TREE / "models" / "README.md").read_text(encoding="utf-8")
    assert f"| `{published.file_name}` | {published.size} | `{published.sha256}` |" in text


@pytest.mark.parametrize("name", MODELS)
def test_the_data_in_a_bundle_can_be_used_in_place(name: str) -> None:
    path = TREE / "models" / MODELS[name].file_name
    raw = path.read_bytes()
    with zipfile.ZipFile(path) as bundle:
        for member in bundle.infolist():
            content = bundle.read(member)
            assert member.compress_type == zipfile.ZIP_STORED
            assert raw.index(content) % 64 == 0


def test_a_name_gives_path_and_hash() -> None:
    assert resolve_model("lite") == Model("lite", TREE / "models/pose_landmarker_lite.task", MODELS["lite"].sha256)


def test_a_path_to_a_registered_bundle_gets_its_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.task"
    shutil.copy(TREE / "models" / "pose_landmarker_lite.task", path)
    assert resolve_model(str(path)) == Model("lite", path, MODELS["lite"].sha256)


def test_a_bundle_of_ones_own_is_named_after_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.task"
    with zipfile.ZipFile(path, "w") as bundle:
        for member in models.MEMBERS:
            bundle.writestr(member, b"weights")
    model = resolve_model(str(path))
    assert (model.name, model.sha256) == ("mine", hashlib.sha256(path.read_bytes()).hexdigest())


def test_an_unknown_name_lists_the_known_ones() -> None:
    assert "lite, full, heavy" in complaint("medium")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert str(tmp_path / "none.task") in complaint(tmp_path / "none.task")


@pytest.mark.parametrize("content", [b"", b"not a zip at all"])
def test_a_file_that_is_no_bundle_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.task"
    path.write_bytes(content)
    assert f"got {len(content)} bytes" in complaint(path)


def test_a_zip_without_the_networks_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "other.task"
    with zipfile.ZipFile(path, "w") as bundle:
        bundle.writestr("pose_detector.tflite", b"weights")
    assert "pose_landmarks_detector.tflite is missing" in complaint(path)


def test_one_changed_byte_of_a_named_model_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = bytearray((TREE / "models" / "pose_landmarker_lite.task").read_bytes())
    content[len(content) // 2] ^= 1
    path = tmp_path / "pose_landmarker_lite.task"
    path.write_bytes(content)
    monkeypatch.setattr(models, "data_path", lambda *_parts: path)
    assert "corrupt" in complaint("lite")


@pytest.mark.parametrize(("name", "advice"), [("heavy", "--model PATH"), ("lite", "reinstall formcheck")])
def test_a_model_that_is_not_installed_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, advice: str
) -> None:
    monkeypatch.setattr(models, "data_path", lambda *_parts: tmp_path / "absent.task")
    assert advice in complaint(name)


def packages() -> tuple[Path, Path]:
    folder = os.environ.get(PACKAGES_VARIABLE)
    if not folder:
        pytest.skip(f"{PACKAGES_VARIABLE} does not name a folder with the two packages of models/README.md")
    (wheel,) = Path(folder).glob("mediapipe-0.10.21-*.whl")
    (npm_tgz,) = Path(folder).glob("mediapipe-pose-0.5.1675469404.tgz")
    return wheel, npm_tgz


def test_the_bundles_can_be_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    command = [
        sys.executable,
        str(TREE / "models" / "build.py"),
        *map(str, packages()),
        "--out",
        str(tmp_path),
        "--check",
    ]
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    assert finished.returncode == 0, finished.stderr
    for published in MODELS.values():
        assert (tmp_path / published.file_name).read_bytes() == (TREE / "models" / published.file_name).read_bytes()


def test_landmarks_are_those_of_the_model_as_published(tmp_path: Path) -> None:
    script = [sys.executable, str(TREE / "models" / "build.py"), *map(str, packages())]
    subprocess.run([*script, "--out", str(tmp_path), "--outline"], check=True, stdout=subprocess.DEVNULL)
    path = tmp_path / MODELS["full"].file_name
    frames = list(itertools.islice(some_frames(), 40))
    found = []
    for model in (resolve_model(str(path)), resolve_model("full")):
        with MediaPipeEstimator(model) as estimator:
            poses = [estimator.estimate(frame) for frame in frames]
        found.append(np.array([pose.image_px for pose in poses]))
    assert path.stat().st_size != MODELS["full"].size
    assert np.isfinite(found[0]).any()
    np.testing.assert_array_equal(*found)


def some_frames() -> Iterator[Frame]:
    with VideoFile(TREE / "sample_videos" / "squat_front_knees_in_m_avg.mp4") as video:
        yield from video
