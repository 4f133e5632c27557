"""What the analysis found, drawn on the picture: body, measured lines, numbers and one cue. Drawing decides nothing."""

from __future__ import annotations

from formcheck.body.pose import Pose
from formcheck.checks.session_report import FrameState
from formcheck.draw.panels import banner_room_px, draw_banner, draw_caption, draw_status
from formcheck.draw.readings import draw_readings
from formcheck.draw.skeleton import BodyPainter
from formcheck.draw.style import Sizes
from formcheck.draw.text import drawable
from formcheck.frames.frame import ImageBGR


class Overlay:
    """Draws on pictures of one size. Keeps nothing between frames: the same state gives the same picture.

    ``caption`` (a file name, in any script) and ``who`` (of several people is judged) go small to the bottom right.
    All sizes follow the shorter side.
    Measured on one core with a whole body, six changing readings and a banner: 1.7 ms a frame at 1280x720, 1.4 ms at
    480x854, 4.3 ms at 3840x2160.
    """

    def __init__(self, width: int, height: int, *, caption: str | None = None, who: str = "") -> None:
        self._sizes = Sizes(width, height)
        self._body = BodyPainter(self._sizes)
        self._caption = " – ".join(filter(None, (drawable(caption or ""), who)))

    def draw(self, image_bgr: ImageBGR, pose: Pose, state: FrameState) -> None:
        """Draw in place on a picture of shape (height, width, 3). ``pose`` is an instant; what is NaN is not drawn.

        The banner shows while ``state.active`` holds a finding: its first, and no other.

        Raises:
            ValueError: the picture has another shape than (height, width, 3).
        """
        expected = (self._sizes.height_px, self._sizes.width_px, 3)
        if image_bgr.shape != expected:
            raise ValueError(f"image_bgr must have shape {expected}, got {image_bgr.shape}")
        self._body.draw(image_bgr, pose, state)
        if self._caption:
            draw_caption(image_bgr, self._sizes, self._caption)
        status = draw_status(image_bgr, self._sizes, state)
        bottom = status[1]
        if state.active:
            bottom = draw_banner(image_bgr, self._sizes, state.active[0], status)
        top = max(bottom, status[1] + banner_room_px(self._sizes)) + self._sizes.pad_px
        draw_readings(image_bgr, self._sizes, state.readings, top)
