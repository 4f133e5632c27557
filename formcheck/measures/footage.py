"""A recording made ready to be measured, shot by shot: legs put right, noise out, repetitions cut."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np

from formcheck.body.pose import Pose
from formcheck.body.view import Plane, View, view_of
from formcheck.measures.reps import Cut, PassedOver, Rep, cut
from formcheck.measures.shots import shots
from formcheck.measures.smoothing import smooth_recording
from formcheck.measures.swaps import unswapped


@dataclass(frozen=True, slots=True)
class Footage:
    """``whole`` are the raw poses (T,), ``smoothed`` the same masked and filtered; ``reps`` count through all
    ``shots``.
    """

    whole: Pose
    smoothed: Pose
    shots: tuple[slice, ...]
    reps: tuple[Rep, ...]
    passed_over: tuple[PassedOver, ...]


def read_footage(
    pose: Pose, *, stated_view: str = "auto", cuts: Iterable[int] = (), complete: Callable[[Pose, Pose], Cut] = cut
) -> Footage:
    """The footage of a recording of raw poses (T,), T >= 1; ``cuts`` are the first frames of shots that are known,
    ``complete`` the rule for repetitions.
    """
    parts = shots(pose, cuts)
    wholes = [with_own_legs(part, view_of(part, stated=stated_view)) for part in map(pose.at, parts)]
    filtered = [smooth_recording(whole.masked()) for whole in wholes]
    reps: list[Rep] = []
    passed_over: list[PassedOver] = []
    for part, whole, smoothed in zip(parts, wholes, filtered, strict=True):
        found = complete(smoothed, whole)
        reps += [_moved(rep, part.start, number) for number, rep in enumerate(found.reps, start=len(reps) + 1)]
        passed_over += found.passed_over
    return Footage(_joined(wholes), _joined(filtered), tuple(parts), tuple(reps), tuple(passed_over))


def with_own_legs(pose: Pose, view: View) -> Pose:
    """The raw recording (T,) with legs put right that the pose model exchanged, where it is seen from the side."""
    return unswapped(pose) if view.plane is Plane.SIDE else pose


def _moved(rep: Rep, by: int, number: int) -> Rep:
    return replace(rep, number=number, start=rep.start + by, bottom=rep.bottom + by, end=rep.end + by)


def _joined(parts: list[Pose]) -> Pose:
    if len(parts) == 1:
        return parts[0]
    return replace(
        parts[0],
        time_s=np.concatenate([part.time_s for part in parts]),
        image_px=np.concatenate([part.image_px for part in parts]),
        world_m=np.concatenate([part.world_m for part in parts]),
        visibility=np.concatenate([part.visibility for part in parts]),
    )
