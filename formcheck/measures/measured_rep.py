"""A recording in stretches: each repetition with the frames around it that share its baseline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from formcheck.body.geometry import distance, median_of_seen
from formcheck.body.pose import ANKLES, HIPS, SIDES, BoolArray, FloatArray, Pose
from formcheck.body.view import Plane, View, off_square_deg, view_of
from formcheck.measures.camera import Camera, agreed_rolls_deg, camera_roll_deg, levelled, steadied
from formcheck.measures.correction import Calibration
from formcheck.measures.heights import hips_y_px
from formcheck.measures.movement import Movement, least_apart_ratio, movement_of
from formcheck.measures.near_standing import in_shot_of, standing_near
from formcheck.measures.reps import Phase, Rep, depth_fraction, phases
from formcheck.measures.speed import AS_SEEN, BAR_AS_SEEN, Speed
from formcheck.measures.standing import (
    STEP_RATIO,
    Baseline,
    baseline,
    measure,
    plant_feet,
    without_impossible_lengths,
)
from formcheck.measures.steadiness import strays_ratio
from formcheck.measures.tempo import Heights, heights_of
from formcheck.measures.terms import held_against_ankles, leg_terms, trunk_terms
from formcheck.measures.travel import Travel, travel_of

#: How long after a repetition somebody may still straighten up, and how much of it must be seen.
LOCKOUT_WITHIN_S, LOCKOUT_SEEN_S = 0.8, 0.2
#: A front foot that went by less than this many shanks since standing stayed; 0.01 to 0.14 in 50 reverse lunges and
#: split squats of people, 0.29 and more in forward ones.
STAYED_RATIO = 0.15
_KNEE_INSIDE = "medial_knee_displacement_ratio"
#: The bottom of a repetition: the hips at least this far down.
BOTTOM_FROM_DEPTH = 0.9


@dataclass(frozen=True, slots=True)
class MeasuredRep:
    """A repetition, its view and baseline, and the variables of ``frames``, which reach half-way to its neighbours.

    ``depth`` covers the repetition's own frames, 0 standing to 1 bottom; ``variables``, and the ``terms`` that correct
    them, cover ``frames``. ``low`` are the poses of its bottom with every landmark that MediaPipe guessed, levelled;
    ``moved`` is what tells its exercise. ``heights`` cover ``frames``; ``speed`` and ``bar_speed`` tell how fast hips
    and bar go by them.
    """

    rep: Rep
    view: View
    frames: slice
    baseline: Baseline
    depth: FloatArray
    low: Pose
    variables: Mapping[str, FloatArray]
    terms: Mapping[str, FloatArray]
    hip_drop_ratio: float
    moved: Movement
    camera: Camera
    heights: Heights
    travel: Travel = field(default_factory=Travel)
    speed: Speed = AS_SEEN
    bar_speed: Speed = BAR_AS_SEEN

    def uncertainties(self, calibration: Calibration, exercise: str) -> dict[str, float]:
        """The standard error of a value of this repetition, by measure: what the calibration knows, and the camera."""
        known = calibration.uncertainties(exercise, self.view.plane)
        doubts = self.camera.doubts()
        return {name: float(np.hypot(known.get(name, 0.0), doubts.get(name, 0.0))) for name in {**known, **doubts}}

    def corrected(self, calibration: Calibration, exercise: str) -> MeasuredRep:
        """The same with the errors that the calibration knows of taken out of the variables and of the speed."""
        variables = calibration.correct(exercise, self.view.plane, self.variables, self.terms)
        variables[_KNEE_INSIDE] = held_against_ankles(variables[_KNEE_INSIDE], self.terms)
        return replace(
            self,
            variables=variables,
            speed=calibration.speeds.of(exercise, self.view.plane, self.heights),
            bar_speed=calibration.speeds.bar,
        )

    def within_rep(self, values: FloatArray) -> FloatArray:
        """The part of values over ``frames`` that belongs to the repetition."""
        return values[self.rep.start - self.frames.start : self.rep.end + 1 - self.frames.start]

    def at_bottom(self) -> BoolArray:
        """Which of the repetition's frames are its bottom."""
        return _is_bottom(self.depth)

    def front_foot_stepped(self) -> bool | None:
        """Whether the leading foot went where it is at the bottom, as in a forward lunge, or stayed; None where the
        picture does not tell.
        """
        if self.rep.lead_side is None:
            return None
        ankle = ANKLES[SIDES.index(self.rep.lead_side)]
        moved_px = distance(median_of_seen(self.low.px(ankle)), self.baseline.pose.px(ankle))
        moved_ratio = float(moved_px / np.fmax.reduce(self.baseline.shank_px))
        return True if moved_ratio > STEP_RATIO else False if moved_ratio < STAYED_RATIO else None

    def bent_at_the_top_deg(self, time_s: FloatArray) -> float:
        """How far the near leg's knee or hip, whichever is more, stays bent where both are straightest after the
        repetition, degrees; NaN where that is unseen. ``time_s`` are those of ``frames``.
        """
        after_s = time_s - time_s[self.rep.end - self.frames.start]
        standing = (after_s >= 0) & (after_s <= LOCKOUT_WITHIN_S)
        side = 0 if self.view.near_side is None else SIDES.index(self.view.near_side)
        knee_deg, hip_deg = (self.variables[name][standing, side] for name in ("knee_flexion_deg", "hip_flexion_deg"))
        bent_deg = np.maximum(knee_deg, hip_deg)
        seen = np.isfinite(bent_deg)
        if not seen.any() or np.ptp(time_s[standing][seen]) < LOCKOUT_SEEN_S:
            return float("nan")
        return float(np.nanmin(bent_deg))

    def knee_unsteadiness_ratio(self) -> FloatArray:
        """How far each knee strays sideways from a smooth way over the repetition, shank lengths, (2,): 0 steady."""
        return strays_ratio(self.within_rep(self.terms["knee_in"]))

    def step_length_ratio(self) -> float:
        """From ankle to ankle along the picture at the bottom, leg lengths, >= 0; NaN where not seen from the side."""
        ankles_x = median_of_seen(self.low.pair_px(ANKLES)[..., 0])
        is_side = self.view.plane is Plane.SIDE
        return float(abs(ankles_x[0] - ankles_x[1]) / self.baseline.leg_px) if is_side else float("nan")

    def measures(self) -> dict[str, float]:
        """Each variable's median at the bottom, by name, and what belongs to the repetition as a whole."""
        bottom = self.at_bottom()
        values = {
            name: float(median_of_seen(self.within_rep(series)[bottom])) for name, series in by_side(self.variables)
        }
        strays = self.knee_unsteadiness_ratio()
        values |= {f"{side}_knee_unsteadiness_ratio": float(stray) for side, stray in zip(SIDES, strays, strict=True)}
        values["step_length_ratio"] = self.step_length_ratio()
        values["hip_drop_ratio"] = self.hip_drop_ratio
        values["eccentric_s"] = self.rep.bottom_s - self.rep.start_s
        values["concentric_s"] = self.rep.end_s - self.rep.bottom_s
        return values


def measure_reps(
    smoothed: Pose,
    whole: Pose,
    cut: Sequence[Rep],
    *,
    stated_view: str = "auto",
    are_over: bool = True,
    shots: Sequence[slice] = (),
) -> list[MeasuredRep]:
    """One stretch a repetition.

    ``smoothed`` is the masked and smoothed pose that is measured, ``whole`` the raw one, which tells the view.
    ``are_over`` is false for a repetition under way, which does not stand in its last frame. ``shots`` are the frames
    between cuts of the film: the body in another shot is of another size.
    """
    upright = np.asarray(phases(smoothed.time_s, cut) == Phase.STANDING)
    edges = [0, *((a.end + b.start + 1) // 2 for a, b in pairwise(cut)), len(smoothed)]
    views = [view_of(whole.at(rep.frames), stated=stated_view) for rep in cut]
    stood = [in_shot_of(rep, standing_near(smoothed, upright, rep, is_over=are_over), shots) for rep in cut]
    rolls_deg = agreed_rolls_deg(
        [camera_roll_deg(smoothed.at(near), whole.at(near), view) for near, view in zip(stood, views, strict=True)]
    )
    apart = _apart_between(whole, cut)
    stretches = []
    for rep, (first, last), view, near, roll_deg, apart_ratio in zip(
        cut, pairwise(edges), views, stood, rolls_deg, apart, strict=False
    ):
        turn_deg = roll_deg if np.isfinite(roll_deg) else 0.0
        frames = slice(first, last)
        start = baseline(levelled(smoothed.at(near), turn_deg), whole.at(near), np.ones(int(near.sum()), dtype=bool))
        bottom = np.zeros(last - first, dtype=bool)
        own = slice(rep.start - first, rep.end + 1 - first)
        bottom[own] = _is_bottom(depth_fraction(smoothed.at(rep.frames)))
        around, moved_ratio = steadied(levelled(smoothed.at(frames), turn_deg), start, bottom, view.plane)
        guessed = levelled(whole.at(frames), turn_deg)
        if view.plane is Plane.SIDE:
            around = _with_an_end(without_impossible_lengths(around, start, view), around, rep, frames)
        moved = movement_of(smoothed, whole, (rep.start, rep.bottom, rep.end), leg_px=start.leg_px)
        seen = moved.seen.from_standing(start.pose, start.leg_px)
        moved = replace(moved, apart_between=apart_ratio, seen=seen)
        travel = travel_of(smoothed, rep.start, rep.end, leg_px=start.leg_px)
        camera = Camera(roll_deg, moved_ratio, off_square_deg(view))
        low = guessed.at(bottom)
        stretch = _stretch(around, guessed, low, moved, camera, rep=rep, view=view, start=start, frames=frames)
        stretches.append(replace(stretch, travel=travel))
    return stretches


def _apart_between(whole: Pose, cut: Sequence[Rep]) -> list[float]:
    """How near the feet came to each other just before or after each repetition, leg lengths; NaN where it has no
    neighbour.
    """
    between = [least_apart_ratio(whole.at(slice(a.end, b.start + 1))) for a, b in pairwise(cut)]
    padded = [float("nan"), *between, float("nan")]
    return [float(np.fmin.reduce(padded[at : at + 2])) for at in range(len(cut))]


def by_side(variables: Mapping[str, FloatArray]) -> Iterator[tuple[str, FloatArray]]:
    """Variables as single columns: sided ones twice, with ``left_`` and ``right_`` before their name."""
    for name, values in variables.items():
        if values.ndim == 1:
            yield name, values
        else:
            for column, side in enumerate(SIDES):
                yield f"{side}_{name}", values[:, column]


def without_side(name: str) -> str:
    """The variable's name of a column of :func:`by_side`."""
    return name.removeprefix("left_").removeprefix("right_")


def _stretch(
    around: Pose,
    whole: Pose,
    low: Pose,
    moved: Movement,
    camera: Camera,
    *,
    rep: Rep,
    view: View,
    start: Baseline,
    frames: slice,
) -> MeasuredRep:
    """The stretch of the frames ``around`` a repetition, ``frames`` of the recording; ``whole`` as guessed."""
    own = slice(rep.start - frames.start, rep.end + 1 - frames.start)
    depth = depth_fraction(around.at(own))
    bottom = np.zeros(len(around), dtype=bool)
    bottom[own] = _is_bottom(depth)
    hips_px = hips_y_px(around.at(own))
    heights = heights_of(around, whole, start, own)
    planted = plant_feet(around, start, bottom)
    return MeasuredRep(
        rep=rep,
        view=view,
        frames=frames,
        baseline=start,
        depth=depth,
        low=low,
        variables=measure(around, planted, start),
        terms={**leg_terms(around, planted, start, view), **trunk_terms(around, start, view)},
        moved=moved,
        hip_drop_ratio=float((np.nanmax(hips_px) - np.nanmean(hips_px[[0, -1]])) / start.leg_px),
        camera=camera,
        heights=heights,
    )


def _with_an_end(possible: Pose, around: Pose, rep: Rep, frames: slice) -> Pose:
    """``possible`` with the hips that it had before at the ends of the repetition, if both ends lack them: there is no
    depth without an end to fall from.
    """
    ends = np.array([rep.start, rep.end]) - frames.start
    if np.isfinite(hips_y_px(possible.at(ends))).any():
        return possible
    image_px = possible.image_px.copy()
    for end in ends:
        image_px[end, list(HIPS)] = around.image_px[end, list(HIPS)]
    return replace(possible, image_px=image_px)


def _is_bottom(depth: FloatArray) -> BoolArray:
    with np.errstate(invalid="ignore"):
        return np.asarray(depth >= BOTTOM_FROM_DEPTH)
