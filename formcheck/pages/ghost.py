"""The worst repetition with the best one behind it as a ghost: one drawing, in step, that a script moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from formcheck.body.pose import ANKLES, HIPS, SHOULDERS, SIDES, FloatArray, Landmark, LandmarkPair, Pose, Side
from formcheck.checks.scoring import rep_score
from formcheck.checks.session_report import Part, RepReport, SessionReport, Way
from formcheck.pages.plot import Ink
from formcheck.pages.stick_figure import ARMS, LEGS, SIDE_INK
from formcheck.words.numbers import score_text

#: So many pictures from standing to the bottom, and as many up again.
PHASES = 20
#: Free space around both bodies, in heights of what they fill.
_MARGIN = 0.06
#: What is drawn of a body, by pairs of landmarks; the places in this order are those of every frame.
POINTS = (
    Landmark.NOSE,
    *dict.fromkeys(point for bone in (*ARMS, *LEGS, (SHOULDERS, HIPS)) for pair in bone for point in pair),
)
_PLACES = {point: place for place, point in enumerate(POINTS)}


@dataclass(frozen=True, slots=True)
class Ghost:
    """Two repetitions of one recording, phase by phase.

    ``worst_px`` and ``best_px`` are (2 * PHASES + 1, 17, 2), in pixels of the upright picture, NaN where unseen: from
    standing over the bottom, in the middle, to standing. ``best_px`` is moved so that both stand on the same spot.
    ``size_px`` is that of the picture, ``recording`` the number of the recording, from 1.
    """

    worst: RepReport
    best: RepReport
    worst_px: FloatArray
    best_px: FloatArray
    size_px: tuple[int, int]
    recording: int


def worst_and_best(report: SessionReport) -> tuple[RepReport, RepReport] | None:
    """The repetitions of the lowest and of the highest score, of one leading leg and variant; None where no two have
    different scores, as they are shown, or where sets were filmed one after the other, of which each was judged by a
    part of the checks.
    """
    if report.joined and report.joined.way is not Way.SAME_SET:
        return None
    scored = [(score, rep) for rep in report.reps if (score := rep_score(rep.findings)) is not None]
    scored = [(score, rep) for score, rep in scored if rep.recording == report.reps[0].recording]
    if not scored:
        return None
    low, worst = min(scored, key=lambda one: one[0])
    alike = [(score, rep) for score, rep in scored if _kind(rep) == _kind(worst)]
    high, best = max(alike, key=lambda one: one[0])
    return (worst, best) if score_text(high) != score_text(low) else None


def _kind(rep: RepReport) -> tuple[Side | None, str | None]:
    return rep.rep.lead_side, rep.rep.variant


def ghost_of(report: SessionReport) -> Ghost | None:
    """The worst and the best repetition in step; None where there are no two, or neither's feet were seen."""
    pair = worst_and_best(report)
    if pair is None:
        return None
    recording = pair[0].recording or 1
    part = report.joined.parts[recording - 1] if report.joined else Part(report)
    worst_px, best_px = (_by_phase(part, rep) for rep in pair)
    feet = [_PLACES[ankle] for ankle in ANKLES]
    apart = (worst_px - best_px)[:, feet].mean(axis=1)
    apart = apart[np.isfinite(apart).all(axis=-1)]
    if not len(apart):
        return None
    pose = part.report.pose
    moved_px = best_px + np.median(apart, axis=0)
    return Ghost(*pair, worst_px, moved_px, (pose.width_px, pose.height_px), recording)


def _by_phase(part: Part, rep: RepReport) -> FloatArray:
    """The points of a repetition at each phase, between pictures linearly."""
    pose: Pose = part.report.pose
    passed_s = (rep.rep.start_s, rep.rep.bottom_s, rep.rep.end_s)
    at_s = np.interp(np.linspace(0.0, 2.0, 2 * PHASES + 1), (0.0, 1.0, 2.0), passed_s) + part.ahead_s
    points = pose.image_px[:, list(POINTS)].reshape(len(pose), -1)
    columns = [np.interp(at_s, pose.time_s, column) for column in points.T]
    return np.stack(columns, axis=-1).reshape(len(at_s), len(POINTS), 2)


def frames_of(ghost: Ghost) -> dict[str, Any]:
    """What the script moves the drawing by: whole pixels, null where unseen."""
    rep = ghost.worst.rep
    return {
        "worst": {"number": rep.number, "frames": _rounded(ghost.worst_px)},
        "best": {"number": ghost.best.rep.number, "frames": _rounded(ghost.best_px)},
        "recording": ghost.recording,
        "size": ghost.size_px,
        "passed_s": [round(at_s, 3) for at_s in (rep.start_s, rep.bottom_s, rep.end_s)],
    }


def _rounded(frames_px: FloatArray) -> list[list[int | None]]:
    return [[round(float(x)) if np.isfinite(x) else None for x in frame.ravel()] for frame in frames_px]


def drawing(ghost: Ghost) -> str:
    """Both bodies at the bottom as an ``<svg>``, the ghost behind."""
    both = np.concatenate([ghost.worst_px, ghost.best_px]).reshape(-1, 2)
    both = both[np.isfinite(both).all(axis=-1)]
    low, high = both.min(axis=0), both.max(axis=0)
    margin = _MARGIN * float(high[1] - low[1]) + 1.0
    (left, top), (wide, tall) = low - margin, high - low + 2 * margin
    label = f"Repetition {ghost.worst.rep.number} with repetition {ghost.best.rep.number} behind it, at the same phase"
    groups = "".join(
        f'<g class="{name}" stroke-width="{tall / 55:.1f}">{"".join(_body(px[PHASES], name == "best"))}</g>'
        for name, px in (("best", ghost.best_px), ("worst", ghost.worst_px))
    )
    box = f"{left:.0f} {top:.0f} {wide:.0f} {tall:.0f}"
    return f'<svg class="in-step" viewBox="{box}" role="img" aria-label="{label}">{groups}</svg>'


def _body(points: FloatArray, is_ghost: bool) -> Iterator[str]:
    for start, end in ((SHOULDERS[0], SHOULDERS[1]), (HIPS[0], HIPS[1])):
        yield _line(points, start, end, None if is_ghost else Ink.BODY)
    for starts, ends in ((SHOULDERS, HIPS), *ARMS, *LEGS):
        yield from _pair(points, starts, ends, is_ghost)
    place = _PLACES[Landmark.NOSE]
    x, y = points[place]
    where = f'cx="{x:.0f}" cy="{y:.0f}"' if np.isfinite(x) else 'visibility="hidden"'
    size_px = 0.32 * float(np.nanmax(points[:, 1]) - np.nanmin(points[:, 1])) / 5
    ink = "" if is_ghost else f' stroke="{Ink.BODY.variable}"'
    yield f'<circle data-at="{place}" {where} r="{size_px:.0f}" fill="none"{ink}/>'


def _pair(points: FloatArray, starts: LandmarkPair, ends: LandmarkPair, is_ghost: bool) -> Iterator[str]:
    for side, start, end in zip(SIDES, starts, ends, strict=True):
        yield _line(
            points,
            start,
            end,
            None if is_ghost else Ink.BODY if starts is SHOULDERS and ends is HIPS else SIDE_INK[side],
        )


def _line(points: FloatArray, start: Landmark, end: Landmark, ink: Ink | None) -> str:
    places = _PLACES[start], _PLACES[end]
    (x1, y1), (x2, y2) = (points[place] for place in places)
    is_seen = np.isfinite([x1, y1, x2, y2]).all()
    ends = f'x1="{x1:.0f}" y1="{y1:.0f}" x2="{x2:.0f}" y2="{y2:.0f}"' if is_seen else 'visibility="hidden"'
    look = f' stroke="{ink.variable}"' if ink else ""
    return f'<line data-from="{places[0]}" data-to="{places[1]}" {ends}{look}/>'
