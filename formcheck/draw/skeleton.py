"""The body on the picture: limbs coloured by verdict, and the lines along which knees are measured.

Landmarks that are NaN are unseen, and what hangs on them is not drawn.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from formcheck.body.parts import BodyPart
from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, SHOULDERS, SIDES, TOES, FloatArray, Landmark, Pose, Side
from formcheck.body.view import Plane
from formcheck.checks.check import FRONTAL, Finding, Verdict, worst_verdict
from formcheck.checks.exercises import check_row, fault_row
from formcheck.checks.session_report import FrameState
from formcheck.draw.style import INK, NEUTRAL, Look, PointPx, Sizes, dashes, disc, line, look_of, marker
from formcheck.frames.frame import ImageBGR
from formcheck.measures.lines import knee_and_toe

_LEFT_RIGHT = {side: i for i, side in enumerate(SIDES)}


#: Width of a part over the width of a leg.
_RELATIVE_WIDTH = {
    BodyPart.ARM: 0.45,
    BodyPart.TRUNK: 0.5,
    BodyPart.PELVIS: 0.75,
    BodyPart.THIGH: 1.0,
    BodyPart.SHANK: 1.0,
    BodyPart.FOOT: 0.6,
}

#: Radius of a judged knee's marker over the width of a leg.
_KNEE = 1.5

_ELBOWS = (Landmark.LEFT_ELBOW, Landmark.RIGHT_ELBOW)
_WRISTS = (Landmark.LEFT_WRIST, Landmark.RIGHT_WRIST)
_LIMB_LINES = (
    (BodyPart.FOOT, ANKLES, HEELS),
    (BodyPart.FOOT, HEELS, TOES),
    (BodyPart.FOOT, ANKLES, TOES),
    (BodyPart.THIGH, HIPS, KNEES),
    (BodyPart.SHANK, KNEES, ANKLES),
)
_ARM_LINES = ((BodyPart.ARM, SHOULDERS, _ELBOWS), (BodyPart.ARM, _ELBOWS, _WRISTS))

#: Positions beyond this would not fit OpenCV's integers.
_FAR_PX = 30_000.0

#: By landmark; None where unseen.
Positions = list[PointPx | None]
PartVerdicts = Mapping[tuple[BodyPart, Side | None], Verdict]


@dataclass(frozen=True, slots=True)
class _Line:
    start: PointPx
    end: PointPx
    look: Look
    width_px: float


def _judges(finding: Finding) -> bool:
    """Whether the finding has a limit to be judged by, or says that it could not be judged."""
    limits = (finding.limit_warn, finding.limit_fail)
    return finding.verdict is Verdict.UNSEEN or any(limit is not None for limit in limits)


def part_verdicts(state: FrameState) -> PartVerdicts:
    """Worst verdict of each part and side; unseen only where nothing about the part was judged.

    Parts of the whole body (trunk, pelvis) have the side None. A finding about the legs without a side goes to both,
    from the side to the near one alone.
    """
    plane, near = state.view.plane, state.view.near_side
    legs = (near,) if plane is Plane.SIDE and near is not None else SIDES
    found: dict[tuple[BodyPart, Side | None], list[Verdict]] = {}
    for finding in filter(_judges, state.findings):
        for part in fault_row(finding.fault).parts:
            of_body = part in (BodyPart.TRUNK, BodyPart.PELVIS)
            sides = (None,) if of_body else legs if finding.side is None else (finding.side,)
            for side in sides:
                found.setdefault((part, side), []).append(finding.verdict)
    return {key: worst_verdict(verdicts) for key, verdicts in found.items()}


def is_drawn_by_body(finding: Finding) -> bool:
    """Whether what is measured is the gap between knee and toe line, which is part of the drawn body."""
    return check_row(finding.check).lines is knee_and_toe


def toe_line_verdict(state: FrameState, side: Side) -> Verdict | None:
    """Verdict on the gap between knee and toe line; None where it is not judged."""
    plane = state.view.plane
    of_side = (f for f in state.findings if is_drawn_by_body(f) and f.side in (side, None) and _judges(f))
    verdict = worst_verdict(f.verdict for f in of_side if plane in check_row(f.check).planes)
    return None if verdict is Verdict.UNSEEN else verdict


def toe_line_sides(state: FrameState) -> tuple[Side, ...]:
    """Sides that have a toe line: both from front and back; from the side the leading leg, or the one towards us."""
    if state.view.plane is Plane.SIDE:
        side = state.lead_side or state.view.near_side
        return SIDES if side is None else (side,)
    return SIDES if state.view.plane in FRONTAL else ()


class BodyPainter:
    """Draws poses on pictures of one size."""

    def __init__(self, sizes: Sizes) -> None:
        self._sizes = sizes

    def draw(self, image_bgr: ImageBGR, pose: Pose, state: FrameState) -> None:
        """Draw the body and the measured lines in place."""
        scale = (self._sizes.width_px / pose.width_px, self._sizes.height_px / pose.height_px)
        positions = pose.image_px * np.asarray(scale)
        seen = positions[np.isfinite(positions).all(axis=-1)]
        if not len(seen):
            return
        leg_px = self._leg_px(seen)
        points = _positions(positions)
        verdicts = part_verdicts(state)
        near = state.view.near_side or Side.LEFT
        far = Side.RIGHT if near is Side.LEFT else Side.LEFT
        far_px = leg_px if state.view.near_side is None else 0.7 * leg_px

        self._strokes(image_bgr, self._limb(points, _ARM_LINES, far, verdicts, far_px), leg_px)
        self._strokes(image_bgr, self._trunk(points, verdicts, leg_px), leg_px)
        self._leg(image_bgr, points, far, verdicts, far_px)
        self._leg(image_bgr, points, near, verdicts, leg_px)
        self._strokes(image_bgr, self._limb(points, _ARM_LINES, near, verdicts, leg_px), leg_px)
        for side in toe_line_sides(state):
            self._toe_line(image_bgr, points, side, toe_line_verdict(state, side), leg_px)

    def _leg_px(self, seen: FloatArray) -> float:
        """Width of a leg: of the picture's, but less on a body that is small in it."""
        body_px = float(np.linalg.norm(seen.max(axis=0) - seen.min(axis=0)))
        return max(2.0, min(self._sizes.leg_px, 0.018 * body_px))

    def _line(
        self, points: Positions, ends: tuple[Landmark, Landmark], part: BodyPart, verdict: Verdict | None, leg_px: float
    ) -> Iterator[_Line]:
        start, end = points[ends[0]], points[ends[1]]
        if start is None or end is None:
            return
        look = look_of(verdict)
        width_px = leg_px * _RELATIVE_WIDTH[part] * look.relative_width
        # The short lines of a foot stay whole: dashes would be blots.
        dashed = look.dashed and part is not BodyPart.FOOT
        pieces = dashes(start, end, width_px) if dashed else [(start, end)]
        for a, b in pieces:
            yield _Line(a, b, look, width_px)

    def _limb(
        self,
        points: Positions,
        lines: tuple[tuple[BodyPart, tuple[Landmark, Landmark], tuple[Landmark, Landmark]], ...],
        side: Side,
        verdicts: PartVerdicts,
        leg_px: float,
    ) -> list[_Line]:
        i = _LEFT_RIGHT[side]
        strokes: list[_Line] = []
        for part, starts, ends in lines:
            strokes += self._line(points, (starts[i], ends[i]), part, verdicts.get((part, side)), leg_px)
        return strokes

    def _trunk(self, points: Positions, verdicts: PartVerdicts, leg_px: float) -> list[_Line]:
        sides_of_trunk = zip(SHOULDERS, HIPS, strict=True)
        lines = [(BodyPart.TRUNK, ends) for ends in (SHOULDERS, *sides_of_trunk)] + [(BodyPart.PELVIS, HIPS)]
        return [
            stroke
            for part, ends in lines
            for stroke in self._line(points, ends, part, verdicts.get((part, None)), leg_px)
        ]

    @staticmethod
    def _strokes(image_bgr: ImageBGR, strokes: list[_Line], leg_px: float) -> None:
        """Halos first, so that no halo cuts through a neighbour of the same limb."""
        halo_px = 2 * max(1.0, 0.22 * leg_px)
        for stroke in strokes:
            line(image_bgr, stroke.start, stroke.end, INK, stroke.width_px + halo_px)
        for stroke in strokes:
            line(image_bgr, stroke.start, stroke.end, stroke.look.colour, stroke.width_px)

    def _leg(self, image_bgr: ImageBGR, points: Positions, side: Side, verdicts: PartVerdicts, leg_px: float) -> None:
        self._strokes(image_bgr, self._limb(points, _LIMB_LINES, side, verdicts, leg_px), leg_px)
        i = _LEFT_RIGHT[side]
        for landmarks, part in ((HIPS, BodyPart.THIGH), (ANKLES, BodyPart.SHANK)):
            centre = points[landmarks[i]]
            if centre is not None:
                disc(image_bgr, centre, 0.95 * leg_px, INK)
                disc(image_bgr, centre, 0.7 * leg_px, look_of(verdicts.get((part, side))).colour)
        knee = points[KNEES[i]]
        if knee is None:
            return
        verdict = verdicts.get((BodyPart.SHANK, side))  # the knee's own faults; depth colours the thigh, not the knee
        if verdict is None:
            disc(image_bgr, knee, 1.3 * leg_px, INK)
            disc(image_bgr, knee, 1.0 * leg_px, NEUTRAL.colour)
        else:
            marker(image_bgr, verdict, knee, _KNEE * leg_px)

    def _toe_line(
        self, image_bgr: ImageBGR, points: Positions, side: Side, verdict: Verdict | None, leg_px: float
    ) -> None:
        """Vertical up from the toe to the height of the knee and, where judged, the gap between the two."""
        i = _LEFT_RIGHT[side]
        toe, knee = points[TOES[i]], points[KNEES[i]]
        if toe is None or knee is None:
            return
        tip = (toe[0], knee[1] - 2 * _KNEE * leg_px)
        lines = [_Line(toe, tip, NEUTRAL, 0.3 * leg_px)]
        gap_px = toe[0] - knee[0]
        edge_px = math.copysign((_KNEE + 0.6) * leg_px, gap_px)
        if verdict is not None and abs(gap_px) > abs(edge_px):
            lines.append(_Line((knee[0] + edge_px, knee[1]), (toe[0], knee[1]), look_of(verdict), 0.6 * leg_px))
        self._strokes(image_bgr, lines, 0.7 * leg_px)


def _positions(points: FloatArray) -> Positions:
    """The landmarks (33, 2) by index: None where unseen; however far outside, within what OpenCV can take."""
    near = np.clip(points, -_FAR_PX, _FAR_PX).tolist()
    return [(x, y) if math.isfinite(x) and math.isfinite(y) else None for x, y in near]
