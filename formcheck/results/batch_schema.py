"""The columns of a batch's tables: name, kind, unit and meaning. docs/batch.md shows the same list.

A manifest's own columns follow those of ``sessions`` and ``failures``; numbers stay numbers, everything else is text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from formcheck.body.pose import SIDES
from formcheck.checks.exercises import fault_names
from formcheck.measures.correction import mediapipe_calibration


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    WORD = "word"  # text of which few kinds exist; stored once each
    NUMBER = "number"  # 64-bit float, null where unseen
    INTEGER = "integer"
    BOOLEAN = "boolean"
    INSTANT = "instant"  # UTC without a time zone, which not every reader knows


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``unit`` is empty where there is none."""

    name: str
    kind: Kind
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class _Measure:
    """A measure of a repetition; ``is_sided`` ones have a column a side."""

    unit: str
    is_sided: bool
    meaning: str


_WHERE_TOLD = {"legs": "", "m": ", where height_cm was told"}

_MEASURES: Mapping[str, _Measure] = {
    "knee_flexion_deg": _Measure("deg", True, "knee bend in the picture, 0 straight; the true one only from the side"),
    "hip_flexion_deg": _Measure("deg", True, "hip bend, 0 upright"),
    "shank_inclination_deg": _Measure("deg", True, "shank from the vertical, + knee ahead of the ankle"),
    "thigh_inclination_deg": _Measure("deg", True, "thigh from the horizontal, 0 parallel, − hip below knee"),
    "trunk_inclination_deg": _Measure("deg", False, "trunk from the vertical, + forward"),
    "trunk_inclination_change_deg": _Measure("deg", False, "the same against standing"),
    "trunk_tilt_deg": _Measure("deg", False, "trunk from upright, whichever way, from its height while standing"),
    "lateral_trunk_inclination_deg": _Measure("deg", False, "trunk from the vertical, + to the right"),
    "lateral_trunk_inclination_change_deg": _Measure("deg", False, "the same against standing"),
    "fppa_deg": _Measure("deg", True, "frontal plane projection angle, + knee towards the midline"),
    "knee_ankle_separation_ratio": _Measure("1", False, "knee gap by ankle gap"),
    "medial_knee_displacement_ratio": _Measure("shank lengths", True, "knee inside the line of its foot, + inward"),
    "anterior_knee_displacement_ratio": _Measure("shank lengths", True, "knee past the tip of the shoe, + beyond"),
    "pelvic_obliquity_deg": _Measure("deg", False, "hip line from the horizontal, + right lower"),
    "pelvic_obliquity_change_deg": _Measure("deg", False, "the same against standing"),
    "lateral_pelvic_shift_ratio": _Measure("ankle gaps", False, "mid-hip from mid-ankle, + to the right"),
    "lateral_pelvic_shift_change_ratio": _Measure("ankle gaps", False, "the same against standing"),
    "lateral_trunk_shift_ratio": _Measure("ankle gaps", False, "mid-shoulder from mid-ankle, + to the right"),
    "knee_height_difference_change_ratio": _Measure(
        "shank lengths", False, "left knee above right knee, against standing"
    ),
    "heel_rise_ratio": _Measure("foot lengths", True, "lift of the heel over the toe since standing"),
    "stance_width_ratio": _Measure("shoulder widths", False, "ankle gap"),
    "stance_off_usual_ratio": _Measure("shoulder widths", False, "ankle gap less the usual 1.2, + wider"),
    "interlimb_knee_flexion_difference_deg": _Measure("deg", False, "left less right knee bend"),
    "knee_bend_deg": _Measure("deg", True, "knee bend from the standing lengths, in any view"),
    "pelvic_drop_change_deg": _Measure("deg", True, "hip beside the leg, against standing, + lower"),
    "lean_over_leg_change_deg": _Measure("deg", True, "trunk over the leg, against standing, + over it"),
    "arms_moved_ratio": _Measure("trunk lengths", False, "way of a wrist from where it was while standing"),
    "knee_unsteadiness_ratio": _Measure("shank lengths", True, "how far the knee strays sideways from a smooth way"),
    "step_length_ratio": _Measure("leg lengths", False, "from ankle to ankle along the picture, from the side"),
    "hip_drop_ratio": _Measure("leg lengths", False, "fall of the hips"),
    "eccentric_s": _Measure("s", False, "time on the way down"),
    "concentric_s": _Measure("s", False, "time on the way up"),
    "descent_s": _Measure("s", False, "the way down without the slow drift at the top and the pause"),
    "pause_s": _Measure("s", False, "pause at the bottom"),
    "ascent_s": _Measure("s", False, "the way up without pause and drift"),
    **{
        f"{of}{kind}_velocity_{unit}_per_s": _Measure(
            f"{'leg lengths' if unit == 'legs' else unit}/s",
            False,
            f"{kind} velocity of the {'bar' if of else 'hips'} on the way up{_WHERE_TOLD[unit]}",
        )
        for unit in ("legs", "m")
        for of in ("", "bar_")
        for kind in ("mean", "peak")
    },
}

_SESSION_ID = Column("session_id", Kind.TEXT, "", "of the content and the path; the key between the tables")
_REP_NUMBER = Column("rep_number", Kind.INTEGER, "", "repetition within the session, from 1")


def _session_columns() -> Iterator[Column]:
    yield _SESSION_ID
    yield Column("path", Kind.TEXT, "", "of the video, from the name of the folder that was given on")
    yield Column("location", Kind.TEXT, "", "where the video was read: full path or URL")
    yield Column("folder", Kind.TEXT, "", "its folder in sessions/")
    yield Column("content_sha256", Kind.TEXT, "", "of the bytes of the video")
    yield Column("file_stamp", Kind.TEXT, "", "size and time of change of the file; while it stays, nothing is hashed")
    yield Column(
        "settings_key",
        Kind.WORD,
        "",
        "of exercise, view, limits, height, model, person and mirrored that were asked for",
    )
    yield Column("formcheck_version", Kind.WORD, "", "the program that judged")
    yield Column("judged_from", Kind.WORD, "", "video, or landmarks after --rescore")
    yield Column("model", Kind.WORD, "", "pose model")
    yield Column("model_sha256", Kind.WORD, "", "of the file of the pose model")
    yield Column("exercise", Kind.WORD, "", "as in `formcheck checks`; none where the recording holds none of them")
    yield Column("profile", Kind.WORD, "", "limits in force")
    yield Column("plane", Kind.WORD, "", "front, back, side or oblique: what the camera saw")
    yield Column("yaw_deg", Kind.NUMBER, "deg", "camera to body: 0 from the front, + the left side towards it")
    yield Column("duration_s", Kind.NUMBER, "s", "of the video")
    yield Column("frames", Kind.INTEGER, "frames", "read")
    yield Column("width_px", Kind.INTEGER, "px", "of the upright picture")
    yield Column("height_px", Kind.INTEGER, "px", "of the upright picture")
    yield Column("complete", Kind.BOOLEAN, "", "every picture that the file promises was read")
    yield Column("incomplete_reason", Kind.TEXT, "", "what is missing, where not complete")
    yield Column("people", Kind.INTEGER, "", "seen in the video")
    yield Column("rep_count", Kind.INTEGER, "repetitions", "counted")
    yield Column("form_score", Kind.NUMBER, "points", "0 to 100; null where nothing could be judged")
    for fault in fault_names():
        yield Column(f"verdict_{fault}", Kind.WORD, "", "worst of the session: pass, unsure, warn, fail or unseen")
    yield from _set_columns()
    yield Column("cues", Kind.TEXT, "", "what to say, worst first, separated by |")
    yield Column("reason", Kind.TEXT, "", "why there is no repetition, where there is none")
    yield Column("kept", Kind.WORD, "", "files of this judgement in its folder, so no video drawn before --rescore")
    yield Column("analysis_s", Kind.NUMBER, "s", "that the work took")
    yield Column("analysed_at", Kind.INSTANT, "UTC", "when it was done")


def _set_columns() -> Iterator[Column]:
    yield Column("set_count", Kind.INTEGER, "sets", "told apart by a pause of 20 s or a turn")
    yield Column("velocity_loss_pct", Kind.NUMBER, "%", "from the fastest repetition to the last of the set, the most")
    yield Column("velocity_loss_pct_uncertainty", Kind.NUMBER, "%", "its standard error")
    yield Column("drifts", Kind.TEXT, "", "checks that got worse within a set, with their side, separated by |")


def _rep_columns() -> Iterator[Column]:
    yield _SESSION_ID
    yield _REP_NUMBER
    yield Column("start_s", Kind.NUMBER, "s", "the body begins to go down")
    yield Column("bottom_s", Kind.NUMBER, "s", "lowest")
    yield Column("end_s", Kind.NUMBER, "s", "up again")
    yield Column("lead_side", Kind.WORD, "", "leading leg, such as the front one of a lunge")
    yield Column("variant", Kind.WORD, "", "way of doing the exercise, such as forward of a lunge, where it is told")
    yield Column("set_number", Kind.INTEGER, "", "set within the session, from 1")
    yield Column("plane", Kind.WORD, "", "what the camera saw in this repetition")
    yield Column("yaw_deg", Kind.NUMBER, "deg", "as in sessions, for this repetition")
    uncertain = {measure for _, measure, _ in mediapipe_calibration().corrections}
    for measure, facts in _MEASURES.items():
        sides = [f"{side}_" for side in SIDES] if facts.is_sided else [""]
        for side in sides:
            whose = f"{side[:-1]} " if side else ""
            yield Column(f"{side}{measure}", Kind.NUMBER, facts.unit, f"{whose}{facts.meaning}")
            if measure in uncertain or "_velocity_" in measure:
                yield Column(f"{side}{measure}_uncertainty", Kind.NUMBER, facts.unit, "its standard error")


def _finding_columns() -> Iterator[Column]:
    yield _SESSION_ID
    yield _REP_NUMBER
    yield Column("check", Kind.WORD, "", "name of the check")
    yield Column("fault", Kind.WORD, "", "what it looks for")
    yield Column("side", Kind.WORD, "", "the subject's; null for the whole body")
    yield Column("value", Kind.NUMBER, "see unit", "measured; null where unseen")
    yield Column("unit", Kind.WORD, "", "of value, uncertainty and limits")
    yield Column("limit_warn", Kind.NUMBER, "see unit", "from here on a fault")
    yield Column("limit_fail", Kind.NUMBER, "see unit", "from here on a plain one")
    yield Column("excess", Kind.NUMBER, "1", "where the value lies between the limits: 0 at warn, 1 at fail")
    yield Column("verdict", Kind.WORD, "", "pass, unsure (too close to call), warn, fail or unseen")
    yield Column("reason", Kind.WORD, "", "why it is unseen, unsure or not a plainer verdict")
    yield Column("at_s", Kind.NUMBER, "s", "when the value was taken")
    yield Column("uncertainty", Kind.NUMBER, "see unit", "standard error of the value")
    yield Column("cue", Kind.WORD, "", "what to say about it")
    yield Column("value_cm", Kind.NUMBER, "cm", "value, where it is a length and height_cm was told")
    yield Column("plane", Kind.WORD, "", "what the camera saw that judged it, where a session has another view of it")


def _failure_columns() -> Iterator[Column]:
    yield Column("session_id", Kind.TEXT, "", "of the path alone: the content may be unreadable")
    yield Column("path", Kind.TEXT, "", "as in sessions")
    yield Column("location", Kind.TEXT, "", "as in sessions")
    yield Column("status", Kind.WORD, "", "error, crashed or timeout")
    yield Column("error", Kind.TEXT, "", "one line: what went wrong")
    yield Column("failed_at", Kind.INSTANT, "UTC", "when, the last time")


class _Tables(Mapping[str, tuple[Column, ...]]):
    """Columns by table; those of faults follow the exercises that are known."""

    _columns: Mapping[str, Callable[[], Iterator[Column]]] = {
        "sessions": _session_columns,
        "reps": _rep_columns,
        "findings": _finding_columns,
        "failures": _failure_columns,
    }

    def __getitem__(self, table: str) -> tuple[Column, ...]:
        return tuple(self._columns[table]())

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


#: The tables of ``results/`` and their columns, in order.
TABLES: Mapping[str, tuple[Column, ...]] = _Tables()

#: The columns of ``summary.csv`` that failures have, too.
FAILURE_SUMMARY = ("session_id", "path", "status", "error")


def summary_columns() -> tuple[str, ...]:
    """The columns of ``summary.csv`` besides a manifest's, in order; FAILURE_SUMMARY comes first."""
    facts = ("folder", "exercise", "profile", "plane", "duration_s", "complete", "rep_count", "form_score", "reason")
    return (*FAILURE_SUMMARY, *facts, *(f"verdict_{fault}" for fault in fault_names()), "analysed_at")
