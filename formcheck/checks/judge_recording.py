"""Poses in, :class:`SessionReport` out: the one analysis behind the live check, a video and a batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from formcheck.body.kinematics import limb_symmetry_index_pct
from formcheck.body.pose import SIDES, FloatArray, Pose, Side
from formcheck.body.view import view_of
from formcheck.checks.exercise import Exercise
from formcheck.checks.exercises import EXERCISES, NO_EXERCISE, fault_names
from formcheck.checks.judging import Judgement, RepFacts, judge
from formcheck.checks.profiles import Profile, load_profile
from formcheck.checks.recognition import looks_like, recognise
from formcheck.checks.scoring import summarise
from formcheck.checks.session_report import RepReport, SessionReport, TimeSeries, Track, TrackKey
from formcheck.checks.sets import sets_of
from formcheck.checks.sideways import put_upright, turn_words, turned_cw_deg
from formcheck.checks.stated import check_stated
from formcheck.checks.without_reps import why_nothing
from formcheck.measures.correction import Calibration, mediapipe_calibration
from formcheck.measures.footage import Footage, read_footage
from formcheck.measures.measured_rep import MeasuredRep, by_side, measure_reps, without_side
from formcheck.measures.rep_tempo import MEAN_VELOCITY, tempo_measures
from formcheck.measures.reps import phases
from formcheck.measures.standing import baseline, measure, plant_feet
from formcheck.measures.stature import units_cm

#: Repetitions that each leg must lead before the legs are compared: one side alone scatters by 9 %.
MIN_LED = 3
_SYMMETRY = "limb_symmetry_index_pct"
_AT_THE_TOP = "bent_at_the_top_deg"
_UNSTEADY = "knee_unsteadiness_ratio"


def analyze_poses(
    pose: Pose,
    *,
    exercise: str = "auto",
    view: str = "auto",
    profile: str | Profile = "standard",
    calibration: Calibration | None = None,
    cuts: Sequence[int] = (),
    height_cm: float | None = None,
) -> SessionReport:
    """Analyse a recording of raw poses (T,), T >= 1.

    Args:
        pose: As the estimator gives it; low visibility is masked here.
        exercise: ``auto`` or the name of an exercise, see :data:`~formcheck.checks.exercises.EXERCISES`.
        view: ``auto`` or the name of a :class:`~formcheck.body.view.Plane` that the user vouches for.
        profile: A profile, its name, or the path of its TOML file.
        calibration: What is corrected and how uncertain it stays; None takes that of MediaPipe's models. Landmarks that
            are where the joints are want :data:`~formcheck.measures.correction.UNCALIBRATED`.
        cuts: The first frames of new shots, as far as the film is known to have been cut.
        height_cm: How tall the person is; tells centimetres and metres a second. None where nobody says.

    Returns:
        Every repetition with its measures and findings, the summary, and the time series of the whole recording.

    Raises:
        InputError: The exercise or the view is unknown, or nobody is so tall.
        ProfileError: The profile is unknown or malformed.
    """
    check_stated(exercise, view, height_cm=height_cm)
    limits = load_profile(profile) if isinstance(profile, str) else profile
    whole_view = view_of(pose, stated=view)
    chosen, stretches, found, reason = _recognised(exercise, pose, view, cuts)
    smoothed = found.smoothed
    known = mediapipe_calibration() if calibration is None else calibration
    stretches = [chosen.led(stretch).corrected(known, chosen.calibration_name) for stretch in stretches]
    symmetry = limb_symmetry(map(Led.of, stretches))
    judged = [
        judge_rep(chosen, limits, known, one, time_s=smoothed.time_s, symmetry=symmetry, height_cm=height_cm)
        for one in stretches
    ]
    reps = tuple(
        rep_report(stretch, known, chosen.calibration_name, judgements, height_cm=height_cm)
        for stretch, judgements in zip(stretches, judged, strict=True)
    )
    tracks = _tracks(len(smoothed), stretches, judged)
    return SessionReport(
        exercise=chosen.name,
        profile=limits.name,
        view=whole_view,
        reps=reps,
        summary=replace(summarise(reps, chosen.faults or fault_names()), reason=reason),
        timeseries=_timeseries(smoothed, chosen, stretches, tracks),
        tracks=tracks,
        pose=smoothed,
        passed_over=found.passed_over,
        height_cm=height_cm,
        sets=sets_of(reps, chosen),
    )


def rep_report(
    stretch: MeasuredRep,
    calibration: Calibration,
    exercise: str,
    judgements: Sequence[Judgement],
    *,
    height_cm: float | None = None,
) -> RepReport:
    """What is said of one corrected repetition of an exercise, with what the calibration knows of its errors."""
    measures, uncertainty = stretch.measures(), stretch.uncertainties(calibration, exercise)
    errors = {name: error for name in measures if (error := uncertainty.get(without_side(name))) is not None}
    tempo, tempo_errors = tempo_measures(stretch, height_cm)
    noise = calibration.noise_within_set(exercise, stretch.view.plane)
    if np.isfinite(stretch.speed.within_set):
        noise |= {MEAN_VELOCITY: stretch.speed.within_set * tempo[MEAN_VELOCITY]}
    return RepReport(
        stretch.rep,
        stretch.view,
        measures | tempo,
        errors | tempo_errors,
        tuple(j.finding for j in judgements),
        stretch.camera.notes(),
        noise,
    )


def _recognised(
    stated: str, pose: Pose, view: str, cuts: Iterable[int]
) -> tuple[Exercise, list[MeasuredRep], Footage, str | None]:
    """The exercise that was stated, or the one that explains the recording best, the repetitions by its rule, the
    footage as that rule cuts it, and why there is no repetition where there is none.
    """
    if (cw_deg := turned_cw_deg(pose)) and _recognised(stated, put_upright(pose, cw_deg), view, cuts)[2].reps:
        found_lying = read_footage(pose, stated_view=view, cuts=cuts)
        return EXERCISES.get(stated, NO_EXERCISE), [], replace(found_lying, passed_over=()), turn_words(cw_deg)
    asked = [*EXERCISES.values()] if stated == "auto" else [EXERCISES[stated]]
    rules = dict.fromkeys(exercise.rep_rule for exercise in asked)
    found = {rule: read_footage(pose, stated_view=view, cuts=cuts, complete=rule.complete) for rule in rules}
    measured = {
        rule: measure_reps(each.smoothed, each.whole, each.reps, stated_view=view, shots=each.shots)
        for rule, each in found.items()
    }
    recognised = recognise({rule: [rep.moved for rep in reps] for rule, reps in measured.items()})
    chosen = EXERCISES[stated] if stated != "auto" else recognised.exercise or NO_EXERCISE
    rule = chosen.rep_rule if chosen.rep_rule in found else asked[0].rep_rule
    footage, reps = found[rule], measured[rule]
    if not reps:
        return chosen, [], footage, why_nothing(footage.smoothed, footage.whole, rule, footage.passed_over)
    if chosen is NO_EXERCISE:
        return chosen, [], footage, looks_like(recognised.other)
    return chosen, reps, footage, None


def judge_rep(
    exercise: Exercise,
    limits: Profile,
    calibration: Calibration,
    stretch: MeasuredRep,
    *,
    time_s: FloatArray,
    symmetry: Symmetry,
    height_cm: float | None = None,
) -> list[Judgement]:
    """The judgements of one corrected stretch, in the order of the exercise's checks.

    ``time_s`` are the times of the recording that it was cut from; ``symmetry`` compares the legs over all
    repetitions of a set (:func:`limb_symmetry`).
    """
    errors = stretch.uncertainties(calibration, exercise.calibration_name)
    of_the_whole: dict[str, float | FloatArray] = {
        _SYMMETRY: symmetry.index_pct,
        _AT_THE_TOP: stretch.bent_at_the_top_deg(time_s[stretch.frames]),
        _UNSTEADY: stretch.knee_unsteadiness_ratio(),
    }
    own = exercise.of_the_rep(stretch, errors) if exercise.of_the_rep else {}
    of_the_whole |= {name: of_legs.values for name, of_legs in own.items()}
    errors |= {name: of_legs.error for name, of_legs in own.items() if of_legs.error is not None}
    facts = RepFacts(
        rep=stretch.rep,
        view=stretch.view,
        time_s=time_s[stretch.rep.frames],
        depth=stretch.depth,
        variables={name: stretch.within_rep(values) for name, values in stretch.variables.items()}
        | {
            name: np.broadcast_to(value, (len(stretch.depth), *np.shape(value))) for name, value in of_the_whole.items()
        },
        leg_px=stretch.baseline.leg_px,
        units_cm=units_cm(height_cm, stretch.baseline.ankle_gap_ratio),
        uncertainty=errors | {_SYMMETRY: float(np.hypot(errors.get(_SYMMETRY, 0.0), symmetry.error_pct))},
    )
    rows = [(check, limits.limit(exercise.name, check.name, stretch.rep.variant)) for check in exercise.checks]
    return [judgement for check, limit in rows for judgement in judge(check, limit, facts)]


class Led(NamedTuple):
    """A repetition as far as the symmetry of the limbs goes: ``fall`` of the hips in leg lengths, ``variant`` as in
    the repetition, None where that is not told.
    """

    side: Side | None
    fall: float
    variant: str | None

    @classmethod
    def of(cls, stretch: MeasuredRep) -> Led:
        """That of a stretch whose leading leg is known."""
        return cls(stretch.rep.lead_side, stretch.hip_drop_ratio, stretch.rep.variant)


@dataclass(frozen=True, slots=True)
class Symmetry:
    """Limb symmetry of a set: the index, 0 to 100, NaN where it is not known, and its standard error by the scatter of
    either side's own repetitions.
    """

    index_pct: float = float("nan")
    error_pct: float = 0.0


def limb_symmetry(led: Iterable[Led]) -> Symmetry:
    """Limb symmetry of the fall of the hips, left-led against right-led repetitions of one variant, that of which
    there are more; not known with fewer than MIN_LED of either side.
    """
    known = [one for one in led if np.isfinite(one.fall) and one.variant is not None]
    ways = [
        [[one.fall for one in known if one.side is side and one.variant == variant] for side in SIDES]
        for variant in dict.fromkeys(one.variant for one in known)
    ]
    sides = [np.array(falls) for falls in max(ways, key=lambda way: min(map(len, way)), default=[[], []])]
    if min(map(len, sides)) < MIN_LED:
        return Symmetry()
    means = [float(np.mean(falls)) for falls in sides]
    relative = [float(np.std(f, ddof=1)) / np.sqrt(len(f)) / mean for f, mean in zip(sides, means, strict=True)]
    index_pct = float(limb_symmetry_index_pct(np.asarray(means[0]), np.asarray(means[1])))
    return Symmetry(index_pct, index_pct * float(np.hypot(*relative)))


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
    smoothed: Pose, exercise: Exercise, stretches: Sequence[MeasuredRep], tracks: dict[TrackKey, Track]
) -> TimeSeries:
    length = len(smoothed)
    columns = [dict(by_side(stretch.variables)) for stretch in stretches] or [dict(by_side(_at_rest(smoothed)))]
    number = np.zeros(length, dtype=np.int32)
    for stretch in stretches:
        number[stretch.rep.frames] = stretch.rep.number
    fault_of = {check.name: check.fault.name for check in exercise.checks}
    faults = {fault: np.zeros(length, dtype=bool) for fault in fault_of.values() or fault_names()}
    for (check, _), track in tracks.items():
        faults[fault_of[check]] |= track.present
    return TimeSeries(
        time_s=smoothed.time_s,
        variables={name: np.concatenate([part[name] for part in columns]) for name in columns[0]},
        phase=phases(smoothed.time_s, [stretch.rep for stretch in stretches]),
        rep_number=number,
        faults=faults,
    )


def _at_rest(smoothed: Pose) -> dict[str, FloatArray]:
    """The variables of a recording without repetitions, against its own median posture."""
    nowhere = np.zeros(len(smoothed), dtype=bool)
    rest = baseline(smoothed, smoothed, ~nowhere)
    return dict(measure(smoothed, plant_feet(smoothed, rest, nowhere), rest))
