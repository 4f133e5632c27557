"""The section on what goes wrong when people film themselves: rendered clips, disturbed, against their truth.

Disturbed clips and their landmarks are kept; delete ``robustness`` and ``landmarks`` of the work folder after a change
of the disturbances or of how landmarks are made.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.accuracy import disturbances as disturb
from benchmarks.accuracy.analysed import analyse
from benchmarks.accuracy.landmarks import landmarks_of
from benchmarks.accuracy.rendered_clips import RenderedClip
from benchmarks.accuracy.tables import Table
from benchmarks.accuracy.trials import Tally, Told, Trial, further_warnings, number_of, tally, told
from formcheck.body.pose import HIPS, BoolArray, Pose
from formcheck.frames.frame import Frame, ImageBGR
from formcheck.frames.video import VideoFile
from formcheck.frames.writer import VideoWriter
from formcheck.landmarks.landmark_table import read_landmarks, write_landmarks
from formcheck.landmarks.models import Model
from formcheck.landmarks.passes import landmark_video

#: Of the sample clips, for disturbances that any view can suffer, and those from the side.
MIXED = (
    "squat_front_clean_f_avg",
    "squat_front_one_knee_in_f_asian",
    "squat_front_pelvis_shift_m_dark",
    "squat_side_knees_past_toes_f_heavy",
    "lunge_front_knee_in_f_avg",
    "lunge_side_knee_past_toes_m_heavy",
)
FROM_THE_SIDE = (
    "squat_side_clean_m_dark",
    "squat_side_knees_past_toes_f_heavy",
    "squat_side_shallow_m_heavy",
    "lunge_side_knee_past_toes_m_heavy",
)
#: Sets of one recording, before and after the athlete has turned; the lunges are of two bodies.
TURNS = (
    ("squat_front_pelvis_shift_m_dark", "squat_side_clean_m_dark"),
    ("squat_front_d", "squat_side_d"),
    ("squat_front_e", "squat_side_a"),
    ("lunge_front_clean_m_avg", "lunge_side_knee_past_toes_m_heavy"),
)
#: Who stands beside the athlete.
BYSTANDERS = ("squat_front_clean_f_avg", "squat_front_knees_in_m_avg")
#: Height of the camera, in metres, below and above which it is low or high.
LOW_M, HIGH_M = 0.7, 1.4
#: Shorts to the knee that stand off by more than this, in metres, are loose.
LOOSE_M = 0.018
#: Where the middle of the hips is further from the true one, in trunk lengths, the pose is somebody else's.
_SAME_PERSON_TRUNKS = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """One disturbance with its trials; ``undisturbed`` has the same clips, or other ones where it cannot."""

    name: str
    trials: Sequence[Trial]
    undisturbed: Sequence[Trial]
    has_same_clips: bool = True


def tables(clips: Sequence[RenderedClip], model: Model, work: Path) -> list[Table]:
    """What each disturbance does, and every wrong verdict on bodies that may be looked at."""
    bench = _Bench({clip.name: clip for clip in clips}, model, work)
    rows = [row for row in bench.rows() if row.trials]
    return [_summary(rows), _wrong_verdicts(rows)]


class _Bench:
    """The clips by name, and where disturbed ones are kept."""

    def __init__(self, clips: Mapping[str, RenderedClip], model: Model, work: Path) -> None:
        self._clips, self._model = clips, model
        self._folder, self._landmarks = work / "robustness", work / "landmarks"
        self._undisturbed: dict[str, Trial] = {}

    def rows(self) -> Iterator[Row]:
        """Every disturbance, in the order of the table."""
        for name, change in (
            ("low light", disturb.in_low_light),
            ("motion smeared over 0.1 s", disturb.smeared),
            ("160 pixels", disturb.tiny),
            ("camera rolled by 10°", disturb.rolled(10)),
            ("camera rolled by −10°", disturb.rolled(-10)),
            ("feet cut off", disturb.without_feet),
            ("bar and plates in front", disturb.with_bar),
            ("1 s black", disturb.black_in_the_middle),
            ("variable rate, 40 % dropped", disturb.with_gaps),
        ):
            yield self._row(name, MIXED, partial(self._filmed, name, change))
        yield self._row("legs swapped in 30 %, side", FROM_THE_SIDE, self._with_swapped_legs)
        yield self._row("somebody beside", MIXED, self._beside_somebody)
        yield self._row("mirror beside", MIXED, self._beside_a_mirror)
        yield self._turning()
        for who, is_development in (("development", True), ("reported", False)):
            yield from self._chosen(
                who, [clip for clip in self._clips.values() if clip.is_development is is_development]
            )

    def _row(self, name: str, clips: Sequence[str], trial: Callable[[RenderedClip], Trial]) -> Row:
        found = [self._clips[clip] for clip in clips if clip in self._clips]
        return Row(name, [trial(clip) for clip in found], [self._as_it_is(clip) for clip in found])

    def _as_it_is(self, clip: RenderedClip) -> Trial:
        if clip.name not in self._undisturbed:
            self._undisturbed[clip.name] = _trial(clip, landmarks_of(clip.path, self._model, self._landmarks))
        return self._undisturbed[clip.name]

    def _filmed(self, name: str, change: disturb.Disturbance, clip: RenderedClip) -> Trial:
        return _trial(clip, landmarks_of(self._disturbed(clip, name, change), self._model, self._landmarks))

    def _disturbed(self, clip: RenderedClip, name: str, change: disturb.Disturbance) -> Path:
        path = self._folder / f"{clip.name}__{_file_name(name)}.mp4"
        if not path.is_file():
            with VideoFile(clip.path) as source:
                _write(path, change(clip, source))
        return path

    def _with_swapped_legs(self, clip: RenderedClip) -> Trial:
        return _trial(clip, disturb.with_swapped_legs(landmarks_of(clip.path, self._model, self._landmarks)))

    def _beside_somebody(self, clip: RenderedClip) -> Trial:
        on_the_left = MIXED.index(clip.name) % 2 == 0
        other = self._clips[next(name for name in BYSTANDERS if self._clips[name].body != clip.body)]
        change = disturb.beside_somebody(_first_picture(other.path), on_the_left=on_the_left)
        return self._followed(clip, self._disturbed(clip, "somebody", change), on_the_left=on_the_left)

    def _beside_a_mirror(self, clip: RenderedClip) -> Trial:
        on_the_left = MIXED.index(clip.name) % 2 == 1
        path = self._disturbed(clip, "mirror", disturb.beside_a_mirror(on_the_left=on_the_left))
        return self._followed(clip, path, on_the_left=on_the_left)

    def _followed(self, clip: RenderedClip, path: Path, *, on_the_left: bool) -> Trial:
        """A trial of the whole way of the product, which chooses one of several people and follows it."""
        pose = self._landmarks_of_the_athlete(path)
        with VideoFile(clip.path) as source:
            shift_px = pose.width_px - source.size_px[0] if on_the_left else 0
        return _trial(clip, pose, _is_athlete(clip, pose, shift_px))

    def _landmarks_of_the_athlete(self, path: Path) -> Pose:
        cached = self._landmarks / f"{path.stem}_{path.stat().st_size}_{self._model.sha256[:8]}_followed.parquet"
        if not cached.is_file():
            print(f"landmarks of {path.name}", file=sys.stderr)
            pose = landmark_video(path, self._model, lambda *_: None).pose
            write_landmarks(cached, pose, model_name=self._model.name, model_sha256=self._model.sha256)
        return read_landmarks(cached)[0]

    def _turning(self) -> Row:
        pairs = [pair for pair in TURNS if set(pair) <= self._clips.keys()]
        trials = [self._turned(self._clips[first], self._clips[second]) for first, second in pairs]
        return Row(
            "turned between sets", trials, [self._as_it_is(self._clips[name]) for pair in pairs for name in pair]
        )

    def _turned(self, first: RenderedClip, second: RenderedClip) -> Trial:
        path = self._folder / f"{first.name}__then__{second.name}.mp4"
        if not path.is_file():
            _write(path, disturb.one_after_the_other(first, second))
        pose = landmarks_of(path, self._model, self._landmarks)
        later = disturb.following(second, first)
        return Trial((analyse(first, pose), analyse(later, pose)), np.isfinite(pose.image_px[:, 0, 0]))

    def _chosen(self, who: str, clips: Sequence[RenderedClip]) -> Iterator[Row]:
        """Rows for which clips were rendered so; beside them those that were not."""
        height_m = {clip.name: float(clip.eye_m[2]) for clip in clips}
        looseness_m = {clip.name: _looseness_m(clip) for clip in clips}
        level = {name for name, height in height_m.items() if LOW_M <= height <= HIGH_M}
        close = {name for name, loose in looseness_m.items() if loose <= LOOSE_M}
        for name, wanted, others in (
            (f"camera below {LOW_M} m", {n for n, h in height_m.items() if h < LOW_M}, level),
            (f"camera above {HIGH_M} m", {n for n, h in height_m.items() if h > HIGH_M}, level),
            ("loose shorts", {n for n, loose in looseness_m.items() if loose > LOOSE_M}, close),
        ):
            trials, undisturbed = (
                [self._as_it_is(clip) for clip in clips if clip.name in chosen] for chosen in (wanted, others)
            )
            yield Row(f"{name}, {who} bodies", trials, undisturbed, has_same_clips=False)


def _trial(clip: RenderedClip, pose: Pose, follows: BoolArray | None = None) -> Trial:
    return Trial((analyse(clip, pose),), np.isfinite(pose.image_px[:, 0, 0]) if follows is None else follows)


def _is_athlete(clip: RenderedClip, pose: Pose, shift_px: float) -> BoolArray:
    """In which frames the pose is near the true body, which is shifted to the right in the picture; (T,)."""
    hips, shoulders = (
        (clip.joints_px[f"left_{name}"] + clip.joints_px[f"right_{name}"]) / 2 for name in ("hip", "shoulder")
    )
    rows = np.abs(clip.time_s[None] - pose.time_s[:, None]).argmin(axis=1)
    away_px = np.linalg.norm(pose.pair_px(HIPS).mean(axis=1) - hips[rows] - (shift_px, 0), axis=-1)
    trunk_px = np.linalg.norm(shoulders[rows] - hips[rows], axis=-1).max()
    return np.asarray(away_px <= _SAME_PERSON_TRUNKS * trunk_px)


def _looseness_m(clip: RenderedClip) -> float:
    """How far shorts to the knee stand off; 0 for other trousers, NaN where the clip does not tell."""
    truth = clip.path.with_suffix(".truth.json")
    if not truth.is_file():
        return float("nan")
    clothes = json.loads(truth.read_text(encoding="utf-8"))["subject"]["clothes"]
    return float(clothes["shorts_loose_m"]) if clothes["shorts"] == "knee" else 0.0


def _write(path: Path, frames: Iterator[Frame]) -> None:
    print(f"disturbing {path.stem}", file=sys.stderr)
    path.parent.mkdir(parents=True, exist_ok=True)
    first = next(frames)
    height, width = first.image_bgr.shape[:2]
    with VideoWriter(path, width, height, preset="veryfast") as writer:
        writer.write(first)
        for frame in frames:
            writer.write(frame)


def _first_picture(path: Path) -> ImageBGR:
    with VideoFile(path) as source:
        return next(iter(source)).image_bgr


def _file_name(name: str) -> str:
    return "".join(
        letter if letter.isascii() and letter.isalnum() else "m" if letter == "−" else "_" for letter in name
    )


def _summary(rows: Sequence[Row]) -> Table:
    note = (
        "Clips of development bodies unless said otherwise: nothing was chosen on them for this table, but limits and "
        "corrections were. Each cell: disturbed, and in brackets the same clips undisturbed; for cameras and clothes "
        "clips that were rendered otherwise. *Seen*: frames with a pose of the athlete. *Right*, *wrong*: warned of a "
        "fault that is there beyond doubt (limits as above), or not warned of one that is not; *unseen*: not judged, "
        "or the repetition was not found. *Further warnings*: of other checks, that the undisturbed clips do not get."
    )
    head = ("disturbance", "clips", "seen", "repetitions", "right", "**wrong**", "unseen", "further warnings")
    return Table("Disturbed recordings", note, head, [_summary_row(row) for row in rows])


def _summary_row(row: Row) -> list[str]:
    now, before = tally(row.trials), tally(row.undisturbed)
    further = str(len(further_warnings(row.trials, row.undisturbed))) if row.has_same_clips else "–"
    misnamed = f", {now.misnamed} as another exercise" if now.misnamed else ""
    return [
        row.name,
        f"{now.clips}" if row.has_same_clips else f"{now.clips} ({before.clips})",
        f"{_percent(now)} ({_percent(before)})",
        f"{now.repetitions()} ({before.repetitions()}){misnamed}",
        f"{now.right} ({before.right})",
        f"**{now.wrong}** ({before.wrong})",
        f"{now.unseen} ({before.unseen})",
        further,
    ]


def _percent(count: Tally) -> str:
    return f"{100 * count.seen_share:.0f} %"


def _wrong_verdicts(rows: Sequence[Row]) -> Table:
    """The wrong ones of the development bodies, by disturbance; those of the others are for counting only."""
    found = [
        [row.name, *_described(one)]
        for row in rows
        for one in told(row.trials)
        if one.is_right is False and one.case.rep.clip.is_development
    ]
    head = ("disturbance", "clip", "repetition", "fault", "true size", "said")
    return Table("Wrong verdicts of the table above, development bodies", "", head, found)


def _described(one: Told) -> list[str]:
    case = one.case
    said = "not there, though it is" if one.is_faulty else "there, though it is not"
    side = f", {case.side}" if case.side else ""
    return [f"`{case.rep.clip.name}`", str(number_of(case.rep) + 1), f"{one.band.name}{side}", f"{case.size:.2f}", said]
