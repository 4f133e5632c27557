"""The lines of a finding on one picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.body.pose import HIPS, Pose, Side
from formcheck.checks.check import Finding
from formcheck.checks.exercises import check_row
from formcheck.measures.lines import MeasuredLines


def measured_lines(finding: Finding, pose: Pose, near: Side | None) -> MeasuredLines | None:
    """The lines of a finding on an instant; None where a landmark is unseen or the measure is not one of a picture.

    ``near`` is the side towards the camera; it stands in where the finding has no side.
    """
    draw = check_row(finding.check).lines
    if draw is None:
        return None
    lines = draw(pose, finding.side or near or Side.LEFT)
    numbers = np.array([*lines.reference, *lines.measured, lines.anchor])
    if not np.isfinite(numbers).all():
        return None
    hips_px = pose.pair_px(HIPS)[:, 0]
    seen_px = hips_px[np.isfinite(hips_px)]
    return replace(lines, outward=-1 if seen_px.size and lines.anchor[0] < seen_px.mean() else 1)
