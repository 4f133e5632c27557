"""Pictures of the worst moments, cut out of the recording, with what was measured drawn on them."""

from __future__ import annotations

import base64
from dataclasses import replace

import cv2
import numpy as np

from formcheck.body.pose import Pose
from formcheck.body.view import Plane
from formcheck.checks.check import FRONTAL
from formcheck.checks.session_report import FrameState, SessionReport
from formcheck.draw.fonts import BOLD
from formcheck.draw.lines import measured_lines
from formcheck.draw.moments import WorstMoment, worst_moments
from formcheck.draw.skeleton import BodyPainter, is_drawn_by_body
from formcheck.draw.style import INK, NEUTRAL, WHITE, Sizes, dashes, line, look_of
from formcheck.draw.text import darken, line_height_px, text_width_px, write
from formcheck.frames.frame import ImageBGR
from formcheck.measures.lines import MeasuredLines

#: Height of a picture; wider than high only where the recording is.
HEIGHT_PX = 520
#: A small recording is not blown up by more than this.
_MOST_ENLARGED = 2.0
_JPEG_QUALITY = 80


class MomentPictures:
    """Collects the pictures of a report's worst moments while the recording passes by once."""

    def __init__(self, report: SessionReport) -> None:
        self._report = report
        self._wanted: dict[int, list[WorstMoment]] = {}
        for moment in worst_moments(report):
            self._wanted.setdefault(moment.frame, []).append(moment)
        #: By fault, as ``data:`` addresses.
        self.pictures: dict[str, str] = {}

    @property
    def frames(self) -> set[int]:
        """Which frames it wants to see."""
        return set(self._wanted)

    def look(self, frame: int, image_bgr: ImageBGR) -> None:
        """Take what is wanted from the picture of a frame that nothing was drawn on yet; it stays as it is."""
        for moment in self._wanted.get(frame, ()):
            self.pictures[moment.fault] = _data_uri(_picture(image_bgr, self._report, moment))


def _data_uri(image_bgr: ImageBGR) -> str:
    _, jpeg = cv2.imencode(".jpg", image_bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return f"data:image/jpeg;base64,{base64.b64encode(jpeg.tobytes()).decode('ascii')}"


def _picture(image_bgr: ImageBGR, report: SessionReport, moment: WorstMoment) -> ImageBGR:
    left, top, right, bottom = moment.box
    scale = min(_MOST_ENLARGED, HEIGHT_PX / (bottom - top))
    size = max(2, round(scale * (right - left))), max(2, round(scale * (bottom - top)))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    smaller = image_bgr.shape[1] / report.pose.width_px  # than the recording is
    rows, columns = (
        slice(round(smaller * low), max(round(smaller * high), round(smaller * low) + 1))
        for low, high in ((top, bottom), (left, right))
    )
    picture = np.asarray(cv2.resize(image_bgr[rows, columns], size, interpolation=way), dtype=np.uint8)
    pose = _moved(moment.pose, moment.box, scale, size)
    sizes = Sizes(*size)
    BodyPainter(sizes).draw(picture, pose, _state_of(report, moment))
    lines = measured_lines(moment.finding, pose, moment.view.near_side)
    if lines is not None:
        if not is_drawn_by_body(moment.finding):
            _draw_lines(picture, lines, moment, sizes.leg_px)
        _draw_number(picture, lines, moment)
    return picture


def _state_of(report: SessionReport, moment: WorstMoment) -> FrameState:
    """The state of the frame with the findings of the moment's fault alone.

    From the front the painter adds toe lines, which would say nothing about other faults; at an angle it does not.
    """
    state = report.frame_state(moment.frame)
    view = state.view
    if not is_drawn_by_body(moment.finding) and view.plane in FRONTAL:
        view = replace(view, plane=Plane.OBLIQUE)
    return replace(state, view=view, findings=tuple(f for f in state.findings if f.fault == moment.fault))


def _moved(pose: Pose, box: tuple[int, int, int, int], scale: float, size: tuple[int, int]) -> Pose:
    """The pose in pixels of the cut-out picture."""
    image_px = (pose.image_px - np.array(box[:2])) * scale
    return replace(pose, image_px=image_px, width_px=size[0], height_px=size[1])


def _draw_lines(picture: ImageBGR, lines: MeasuredLines, moment: WorstMoment, leg_px: float) -> None:
    reference = dashes(*lines.reference, 0.6 * leg_px)
    for colour, extra in ((INK, 2.0), (NEUTRAL.colour, 0.0)):
        for start, end in reference:
            line(picture, start, end, colour, 0.6 * leg_px + extra)
    line(picture, *lines.measured, INK, 1.1 * leg_px + 2.0)
    line(picture, *lines.measured, look_of(moment.finding.verdict).colour, 1.1 * leg_px)


def _draw_number(picture: ImageBGR, lines: MeasuredLines, moment: WorstMoment) -> None:
    """Beside the joint, on the side away from the middle of the body; above it where the picture ends there."""
    height_px, width_px = picture.shape[:2]
    size_px = max(12, round(0.045 * height_px))
    text_px, pad_px = text_width_px(moment.number, size_px, BOLD), round(0.3 * size_px)
    x, y = lines.anchor
    gap_px = 0.06 * height_px
    wanted = x + gap_px if lines.outward > 0 else x - gap_px - text_px
    left = round(min(max(pad_px, wanted), width_px - text_px - pad_px))
    height = line_height_px(size_px)
    top_wanted = y - height / 2 - (gap_px + height / 2 if abs(left - wanted) > 1 else 0)
    top = round(min(max(pad_px, top_wanted), height_px - height - pad_px))
    darken(picture, left - pad_px, top, left + text_px + pad_px, top + height)
    write(picture, moment.number, (left, top), size_px, WHITE, weight=BOLD)
