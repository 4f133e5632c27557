"""The pose models: which there are, where their files lie, and whether a file is what it should be."""

from __future__ import annotations

import hashlib
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from formcheck.errors import ModelError
from formcheck.machine.paths import data_path

#: What MediaPipe looks for in a bundle.
MEMBERS = frozenset({"pose_detector.tflite", "pose_landmarks_detector.tflite"})


class PublishedModel(NamedTuple):
    """A bundle of ``models/`` as it must be: file name, SHA-256 and size in bytes."""

    file_name: str
    sha256: str
    size: int


#: By name, from fast to accurate. ``models/README.md`` says where they come from.
MODELS = {
    "lite": PublishedModel(
        "pose_landmarker_lite.task", "80191603edc84db3a112628e18a8181d63e0b80fe18efc3021262e91f67621b7", 5776550
    ),
    "full": PublishedModel(
        "pose_landmarker_full.task", "d669a3996638eb3e2329150de8c2e324e5f3f849dc6a2b282e44d0cfa9eff809", 9397158
    ),
    "heavy": PublishedModel(
        "pose_landmarker_heavy.task", "f3e9e4563ec4429e5d0e38b0018e3899b70506d180b05434aa314e42c839b9b7", 30664006
    ),
}

#: Models that are too large for the installed package.
SOURCE_TREE_ONLY = frozenset({"heavy"})


@dataclass(frozen=True, slots=True)
class Model:
    """A pose model that exists and is intact: its name, its file and the SHA-256 of the file's bytes."""

    name: str
    path: Path
    sha256: str


def resolve_model(name_or_path: str) -> Model:
    """Find a model by name (lite, full, heavy) or take a ``.task`` file by its path.

    A named model must have the registered SHA-256. A file of your own must be a pose bundle; its stem becomes the
    model's name, unless it has the bytes of a registered model. Raises ModelError with one line that says what to do.
    """
    published = MODELS.get(name_or_path)
    if published is not None:
        return _named_model(name_or_path, published)
    path = Path(name_or_path)
    if path.suffix != ".task":
        raise ModelError(f"unknown model {name_or_path!r}: expected {', '.join(MODELS)} or the path of a .task file")
    if not path.is_file():
        raise ModelError(f"model file not found: {path}; check the path or use one of {', '.join(MODELS)}")
    digest = _bundle_sha256(path)
    name = next((name for name, model in MODELS.items() if model.sha256 == digest), path.stem)
    return Model(name, path, digest)


def _named_model(name: str, published: PublishedModel) -> Model:
    path = data_path("models", published.file_name)
    if not path.is_file():
        if name in SOURCE_TREE_ONLY:
            raise ModelError(
                f"the {name} model is not part of the installed package; take models/{published.file_name} from the "
                "formcheck source repository and give it with --model PATH"
            )
        raise ModelError(f"the {name} model is missing, expected at {path}; reinstall formcheck")
    digest = _bundle_sha256(path)
    if digest != published.sha256:
        raise ModelError(
            f"the {name} model at {path} is corrupt: expected SHA-256 {published.sha256}, got {digest}; "
            "reinstall formcheck"
        )
    return Model(name, path, digest)


def _bundle_sha256(path: Path) -> str:
    """SHA-256 of a file that is a pose bundle; ModelError if it is anything else."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            with zipfile.ZipFile(file) as bundle:
                missing = MEMBERS - set(bundle.namelist())
    except zipfile.BadZipFile as error:
        size = path.stat().st_size
        raise ModelError(
            f"{path} is not a pose model: expected a .task bundle (a zip), got {size} bytes that are none; "
            "give another file or fetch it again"
        ) from error
    except OSError as error:
        raise ModelError(f"model file {path} cannot be read ({error.strerror}); check its permissions") from error
    if missing:
        raise ModelError(
            f"{path} is not a pose model: expected {', '.join(sorted(MEMBERS))} inside, {', '.join(sorted(missing))} "
            "is missing; give a PoseLandmarker bundle"
        )
    return digest
