"""Poses in, :class:`SessionReport` out: the one analysis behind the live check, a video and a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from formcheck.body.kinematics import limb_symmetry_index_pct
from formcheck.body.pose import SIDES, FloatArray, Pose, Side
from formcheck.body.view import Plane, view_of
from formcheck.checks.check import Limit
from formcheck.checks.exercises import EXERCISES, NO_EXERCISE, Exercise, all_faults
from formcheck.checks.exercises.recognition import lead_side, looks_like, recognise, why_nothing
from formcheck.checks.judging import Judgement, RepFacts, judge
from formcheck.checks.profiles import Profile, load_profile
from formcheck.checks.scoring import summarise
from formcheck.checks.session_report import RepReport, SessionReport, TimeSeries, Track, TrackKey
from formcheck.errors import InputError
from formcheck.measures.correction import Calibration, mediapipe_calibration
from formcheck.measures.footage import read_footage
from formcheck.measures.measured_rep import MeasuredRep, by_side, measure_reps, without_side
from formcheck.measures.reps import PassedOver, phases
from formcheck.measures.standing import baseline, measure

#: What may be told of a recording; ``auto`` has it recognised.
TOLD: Mapping[str, tuple[str, ...]] = {
    "exercise": ("auto", *EXERCISES),
    "view": ("auto", *(plane for plane in Plane if plane is not Plane.UNKNOWN)),
}


def analyze_poses(
    pose: Pose,
    *,
    exercise: str = "auto",
    view: str = "auto",
    profile: str | Profile = "standard",
    calibration: Calibration | None = None,
    cuts: Sequence[int] = (),
) -> SessionReport:
    """Analyse a recording of raw poses (T,), T >= 1.

    Args:
        pose: As the estimator gives it; low visibility is masked here.
        exercise: ``auto``, ``squat`` or ``lunge``.
        view: ``auto`` or the name of a :class:`~formcheck.body.view.Plane` that the user vouches for.
        profile: A profile, its name, or the path of its TOML file.
        calibration: What is corrected and how uncertain it stays; None takes that of MediaPipe's models. Landmarks that
            are where the joints are want :data:`~formcheck.measures.correction.UNCALIBRATED`.
        cuts: The first frames of new shots, as far as the film is known to have been cut.

    Raises:
        InputError: The exercise or the view is unknown.
        ProfileError: The profile is unknown or malformed.
    """
    check_told(exercise, view)
    limits = load_profile(profile) if isinstance(profile, str) else profile
    whole_view = view_of(pose, told=view)
    found = read_footage(pose, told_view=view, cuts=cuts)
    seen = found.seen
    stretches = measure_reps(seen, found.whole, found.reps, told_view=view, shots=found.shots)
    chosen, reason = _recognised(exercise, stretches, found.passed_over)
    if chosen is NO_EXERCISE:
        stretches = []
    if chosen.has_lead_leg:
        stretches = [with_lead(stretch) for stretch in stretches]
    known = mediapipe_calibration() if calibration is None else calibration
    stretches = [stretch.corrected(known, chosen.name) for stretch in stretches]
    judged = _judge_all(chosen, limits, known, stretches, seen.time_s)
    reps = tuple(
        rep_report(stretch, known.uncertainties(chosen.name, stretch.view.plane), judgements)
        for stretch, judgements in zip(stretches, judged, strict=True)
    )
    tracks = _tracks(len(seen), stretches, judged)
    faults = tuple(dict.fromkeys(check.fault for check in chosen.checks)) or all_faults()
    return SessionReport(
        exercise=chosen.name,
        profile=limits.name,
        view=whole_view,
        reps=reps,
        summary=replace(summarise(reps, faults), reason=reason),
        timeseries=_timeseries(seen, chosen, stretches, tracks),
        tracks=tracks,
        pose=seen,
        passed_over=found.passed_over,
    )


def _recognised(
    told: str, stretches: Sequence[MeasuredRep], passed_over: Sequence[PassedOver]
) -> tuple[Exercise, str | None]:
    """The exercise, and why there is no repetition of one where there is none."""
    recognised = recognise([stretch.moved for stretch in stretches])
    if told != "auto" or recognised.exercise is not None:
        chosen = EXERCISES[told] if told != "auto" else recognised.exercise or NO_EXERCISE
        return chosen, None if stretches else why_nothing(passed_over)
    return NO_EXERCISE, looks_like(recognised.other) if stretches else why_nothing(passed_over)


def check_told(exercise: str, view: str) -> None:
    """Refuse what is told of a recording if it is not in :data:`TOLD`, before minutes of landmarking.

    Raises:
        InputError: In one line, what was expected and what came.
    """
    for name, told in (("exercise", exercise), ("view", view)):
        if told not in TOLD[name]:
            raise InputError(f"expected {', '.join(TOLD[name])} as the {name}, got {told}: choose one of them")


def rep_report(stretch: MeasuredRep, uncertainty: Mapping[str, float], judgements: Sequence[Judgement]) -> RepReport:
    """What is said of one repetition; ``uncertainty`` by measure, as the calibration knows it."""
    measures = stretch.measures()
    errors = {name: error for name in measures if (error := uncertainty.get(without_side(name))) is not None}
    return RepReport(stretch.rep, stretch.view, measures, errors, tuple(j.finding for j in judgements))


def with_lead(stretch: MeasuredRep) -> MeasuredRep:
    """The stretch of a lunge with its front leg, or None, in ``rep.lead_side``."""
    side = lead_side(stretch.low, stretch.baseline, stretch.view)
    return replace(stretch, rep=replace(stretch.rep, lead_side=side))


def _judge_all(
    exercise: Exercise,
    limits: Profile,
    calibration: Calibration,
    stretches: Sequence[MeasuredRep],
    time_s: FloatArray,
) -> list[list[Judgement]]:
    """The judgements of every repetition, in the order of the exercise's checks."""
    symmetry_pct = limb_symmetry_pct([(stretch.rep.lead_side, stretch.hip_drop_ratio) for stretch in stretches])
    return [
        judge_rep(exercise, limits, calibration, stretch, time_s=time_s, symmetry_pct=symmetry_pct)
        for stretch in stretches
    ]


def judge_rep(
    exercise: Exercise,
    limits: Profile,
    calibration: Calibration,
    stretch: MeasuredRep,
    *,
    time_s: FloatArray,
    symmetry_pct: float,
) -> list[Judgement]:
    """The judgements of one corrected stretch, in the order of the exercise's checks.

    ``time_s`` are the times of the recording that it was cut from; ``symmetry_pct`` compares the legs over all
    repetitions of a set (:func:`limb_symmetry_pct`), NaN where that is not known.
    """
    facts = RepFacts(
        rep=stretch.rep,
        view=stretch.view,
        time_s=time_s[stretch.rep.frames],
        depth=stretch.depth,
        variables={name: stretch.within_rep(values) for name, values in stretch.variables.items()}
        | {"limb_symmetry_index_pct": np.full(len(stretch.depth), symmetry_pct)},
        leg_px=stretch.baseline.leg_px,
        uncertainty=calibration.uncertainties(exercise.name, stretch.view.plane),
    )
    rows = [(c, limits.limit(exercise.name, c.name) or Limit(None, None, "none given")) for c in exercise.checks]
    return [judgement for check, limit in rows for judgement in judge(check, limit, facts)]


def limb_symmetry_pct(falls: Sequence[tuple[Side | None, float]]) -> float:
    """Limb symmetry of the fall of the hips, left-led against right-led repetitions, 0 to 100; NaN where only one
    leg led, or none of its falls is known. ``falls`` are the leading side and ``hip_drop_ratio`` of each.
    """
    led = [[fall for led_by, fall in falls if led_by is side and np.isfinite(fall)] for side in SIDES]
    if not all(led):
        return float("nan")
    return float(limb_symmetry_index_pct(np.asarray(np.mean(led[0])), np.asarray(np.mean(led[1]))))


def _tracks(
    length: int, stretches: Sequence[MeasuredRep], judged: Sequence[Sequence[Judgement]]
) -> dict[TrackKey, Track]:
    """The judgements of all repetitions joined to one track a check and side."""
    tracks: dict[TrackKey, Track] = {}
    for stretch, judgements in zip(stretches, judged, strict=True):
        for judgement in judgements:
            key = (judgement.finding.check, judgement.finding.side)
            track = tracks.setdefault(key, Track(np.full(length, np.nan), np.zeros(length, dtype=bool)))
            track.values[stretch.rep.frames] = judgement.values
            track.present[stretch.rep.frames] = judgement.present
    return tracks


def _timeseries(
    seen: Pose, exercise: Exercise, stretches: Sequence[MeasuredRep], tracks: dict[TrackKey, Track]
) -> TimeSeries:
    length = len(seen)
    columns = [dict(by_side(stretch.variables)) for stretch in stretches] or [dict(by_side(_at_rest(seen)))]
    number = np.zeros(length, dtype=np.int32)
    for stretch in stretches:
        number[stretch.rep.frames] = stretch.rep.number
    fault_of = {check.name: check.fault for check in exercise.checks}
    faults = {fault: np.zeros(length, dtype=bool) for fault in fault_of.values() or all_faults()}
    for (check, _), track in tracks.items():
        faults[fault_of[check]] |= track.present
    return TimeSeries(
        time_s=seen.time_s,
        variables={name: np.concatenate([part[name] for part in columns]) for name in columns[0]},
        phase=phases(seen.time_s, [stretch.rep for stretch in stretches]),
        rep_number=number,
        faults=faults,
    )


def _at_rest(seen: Pose) -> dict[str, FloatArray]:
    """The variables of a recording without repetitions, against its own median posture."""
    nowhere = np.zeros(len(seen), dtype=bool)
    return dict(measure(seen, baseline(seen, seen, ~nowhere), nowhere))
