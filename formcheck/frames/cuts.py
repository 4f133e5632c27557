"""Cuts in a film, by the picture: from one frame to the next nearly everything changes, and around it little does.

The rule is that of PySceneDetect's AdaptiveDetector (Castellano, pyscenedetect 0.6, ``content_val`` and
``adaptive_ratio``): the mean change of hue, saturation and value, held against that of the frames around it.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from formcheck.frames.frame import Frame

#: Smallest mean change of a cut, of 255 (the reference has 15), and how many times the mean of the NEAR_FRAMES before
#: and after it is (the same). On real clips cuts change by 27 to 89 and 8 to 968 times as much as around them; a
#: camera in somebody's hand changes by 28 and 1.3 times, people in studios by 11 and 4.4 times.
MIN_CHANGE, MIN_RATIO, NEAR_FRAMES = 20.0, 3.0, 2
#: Shots are no shorter than this; the reference's own.
MIN_SHOT_S = 0.5
#: Pictures are compared at about this width.
_WIDTH_PX = 256


class FilmCuts:
    """Takes the frames of a film as they are read, in one go or in several parts that overlap by a frame."""

    def __init__(self) -> None:
        self._change: dict[int, float] = {}
        self._time_s: dict[int, float] = {}

    def follow(self) -> Callable[[Frame], None]:
        """What to call with each frame of one part, in order."""
        before: list[tuple[int, cv2.typing.MatLike]] = []

        def look(frame: Frame) -> None:
            step = max(1, frame.image_bgr.shape[1] // _WIDTH_PX)
            hsv = cv2.cvtColor(np.ascontiguousarray(frame.image_bgr[::step, ::step]), cv2.COLOR_BGR2HSV)
            if before and before[0][0] == frame.index - 1:
                self._change[frame.index] = float(np.mean(cv2.mean(cv2.absdiff(hsv, before[0][1]))[:3]))
                self._time_s[frame.index] = frame.time_s
            before[:] = [(frame.index, hsv)]

        return look

    def first_frames(self) -> tuple[int, ...]:
        """The first frame of every shot but the film's first."""
        found: list[int] = []
        for index, change in sorted(self._change.items()):
            near = [self._change.get(index + by, 0.0) for by in range(-NEAR_FRAMES, NEAR_FRAMES + 1) if by]
            is_cut = change >= MIN_CHANGE and change >= MIN_RATIO * sum(near) / len(near)
            if is_cut and (not found or self._time_s[index] - self._time_s[found[-1]] >= MIN_SHOT_S):
                found.append(index)
        return tuple(found)
