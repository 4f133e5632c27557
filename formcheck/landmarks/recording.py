"""Where poses come from: a video and the pose model, or a table of landmarks that was made before."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from formcheck.body.pose import Pose
from formcheck.errors import InputError, LandmarkFileError
from formcheck.landmarks.landmark_table import read_landmarks, write_landmarks
from formcheck.landmarks.models import resolve_model
from formcheck.machine.paths import is_text

if TYPE_CHECKING:
    from formcheck.frames.container import ContainerFacts

#: Files with these endings are read as landmark tables, all others as videos.
LANDMARK_SUFFIXES = frozenset({".parquet"})

#: What a landmark table says of its video: the fields of VideoInfo, which is not imported because it needs OpenCV.
_VIDEO_FIELDS: Mapping[str, type | tuple[type, ...]] = {
    "name": str,
    "frames": int,
    "duration_s": (int, float),
    "width": int,
    "height": int,
    "rotation": int,
    "complete": bool,
    "reason": (str, type(None)),
}
#: What it says besides if several people were seen, and if the stored pictures were flipped left for right.
_COMPANY_FIELDS: Mapping[str, type] = {"people": int, "person": int}
_MIRRORED_FIELDS: Mapping[str, type] = {"mirrored": bool}


#: The word for landmarks that lie where the joints are, in the metadata of a table and in ``model``.
_SOURCE, _OTHER = "landmarks_from", "other"

#: Of numbers among the facts of a video: frames, seconds, pixels, degrees.
_LARGEST = 1e12


class Progress(Protocol):
    """Told how far a stage is; ``total`` is None where it is not known."""

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Called after every frame of a stage."""
        ...


def silent(stage: str, done: int, total: int | None) -> None:
    """No progress display."""


@dataclass(frozen=True, slots=True)
class Recording:
    """Raw poses of every frame and the facts that the report repeats.

    ``video`` holds the fields of :class:`~formcheck.frames.reading.VideoInfo` and, where more than one person was seen,
    ``people`` and ``person``, how many and which of them from the left; ``mirrored`` is there only where it is true.
    ``model`` holds name and sha256, and ``landmarks_from`` only where it is ``other``; ``facts`` what the survey of the
    video's file found, for who reads it again.
    ``cuts`` are the first frames of new shots, as far as the picture shows them.
    """

    pose: Pose
    video: Mapping[str, Any]
    model: Mapping[str, str]
    facts: ContainerFacts | None = None
    cuts: tuple[int, ...] = ()

    def save(self, path: Path) -> None:
        """Write ``landmarks.parquet``; :func:`read_recording` gives the same recording back."""
        extra = {"video": json.dumps(dict(self.video)), "cuts": json.dumps(self.cuts)}
        extra |= {_SOURCE: self.model[_SOURCE]} if _SOURCE in self.model else {}
        write_landmarks(path, self.pose, model_name=self.model["name"], model_sha256=self.model["sha256"], extra=extra)


def is_landmark_table(path: Path) -> bool:
    """Whether a path is read as landmarks rather than as a video."""
    return path.suffix.lower() in LANDMARK_SUFFIXES


def read_recording(
    path: Path,
    *,
    model: str = "full",
    person: int | None = None,
    mirrored: bool = False,
    landmarks_from: str = "auto",
    cores: int = 1,
    progress: Progress = silent,
) -> Recording:
    """The recording of a video, landmarked with the named model, or of a landmark table.

    ``person`` counts the people of a video from left to right, from 1; None is the one who trains.
    ``mirrored`` says that the pictures of a video are mirror images, which are flipped back.
    ``landmarks_from`` says whose landmarks a table holds: ``mediapipe``, ``other``, or ``auto`` for what it says
    itself, MediaPipe's where it says nothing.
    ``cores`` is how many stretches of a video are landmarked at once; what comes out does not depend on it.

    Raises:
        VideoError, LandmarkFileError, ModelError, SystemLibraryError, InputError: one line each.
    """
    if not is_landmark_table(path):
        if landmarks_from == _OTHER:
            raise InputError(f"expected a table where landmarks are not MediaPipe's, got {path}; give the table")
        return _from_video(path, model, person, progress, mirrored=mirrored, cores=cores)
    if person is not None:
        raise InputError(f"expected a video to choose person {person} in, got the landmarks {path}; give the video")
    if mirrored:
        raise InputError(f"expected a video with --mirrored, got the landmarks {path}; give the video")
    return _from_table(path, landmarks_from)


def live_facts(pose: Pose, name: str, cut_short: str | None, *, mirrored: bool = False) -> dict[str, Any]:
    """The facts of a set that was recorded live; ``cut_short`` is why it ended before its time, None if it did not;
    ``mirrored``: the camera's pictures were flipped.
    """
    steps_s = np.diff(pose.time_s)
    last_s = float(np.median(steps_s)) if len(steps_s) else 0.0
    return _facts_of_pose(pose, name, last_s, cut_short) | ({"mirrored": True} if mirrored else {})


def _facts_of_pose(pose: Pose, name: str, last_s: float = 0.0, cut_short: str | None = None) -> dict[str, Any]:
    """What a pose alone tells of its video; ``last_s`` is how long the last frame stands."""
    return {
        "name": name,
        "frames": len(pose),
        "duration_s": float(pose.time_s[-1] - pose.time_s[0]) + last_s,
        "width": pose.width_px,
        "height": pose.height_px,
        "rotation": 0,
        "complete": cut_short is None,
        "reason": cut_short,
    }


def _from_table(path: Path, landmarks_from: str) -> Recording:
    pose, metadata = read_landmarks(path)
    video = _stored_facts(path, metadata["video"]) if "video" in metadata else _facts_of_pose(pose, path.name)
    model = {"name": metadata.get("model", "unknown"), "sha256": metadata.get("model_sha256", "")}
    if (metadata.get(_SOURCE) if landmarks_from == "auto" else landmarks_from) == _OTHER:
        model[_SOURCE] = _OTHER
    return Recording(pose, video, model, cuts=_stored_cuts(path, metadata.get("cuts", "[]")))


def _not_told(path: Path, what: str) -> LandmarkFileError:
    return LandmarkFileError(
        f"{path}: expected the {what} of its video in the metadata, got something else; analyse the video again"
    )


def _stored_cuts(path: Path, text: str) -> tuple[int, ...]:
    try:
        cuts = json.loads(text)
    except ValueError:
        cuts = None
    if not (isinstance(cuts, list) and all(type(cut) is int for cut in cuts)):
        raise _not_told(path, "cuts")
    return tuple(cuts)


def _stored_facts(path: Path, text: str) -> dict[str, Any]:
    """What the table says of its video. Its name becomes a folder's, so it must not lead elsewhere."""
    try:
        facts = json.loads(text)
    except (ValueError, RecursionError):  # ValueError: no JSON, or a number of thousands of digits
        facts = None
    if not (isinstance(facts, dict) and _are_sound(facts)):
        raise _not_told(path, "facts")
    return facts


def _are_sound(facts: Mapping[str, Any]) -> bool:
    # By hand: jsonschema takes NaN for a number within any limits, and 0.3 s to import.
    fields = dict(_VIDEO_FIELDS)
    for more in (_COMPANY_FIELDS, _MIRRORED_FIELDS):
        fields |= more if facts.keys() & more.keys() else {}
    if facts.keys() != fields.keys() or not all(_is_sound(facts[name], kind) for name, kind in fields.items()):
        return False
    return facts["name"] not in {"", ".", ".."} and not set(facts["name"]) & {"/", "\0"}


def _is_sound(fact: object, kind: type | tuple[type, ...]) -> bool:
    """Whether a fact is of a kind that is expected: text as files can hold it, no number beyond any video's."""
    if not isinstance(fact, kind) or isinstance(fact, bool) != (kind is bool):
        return False
    if isinstance(fact, int | float):
        return 0 <= fact <= _LARGEST  # false for NaN
    return fact is None or is_text(str(fact))


def _from_video(
    path: Path, model_name: str, person: int | None, progress: Progress, *, mirrored: bool, cores: int
) -> Recording:
    from formcheck.landmarks.passes import landmark_video  # a landmark table needs no OpenCV

    model = resolve_model(model_name)
    found = landmark_video(path, model, progress, person=person, mirrored=mirrored, cores=cores)
    video = asdict(found.info)
    if not found.info.mirrored:
        del video["mirrored"]
    if found.people > 1:
        video |= {"people": found.people, "person": found.person}
    return Recording(found.pose, video, {"name": model.name, "sha256": model.sha256}, found.facts, found.cuts)
