"""Who else is in the picture: single pictures searched for one person after the other, each found one greyed out.

MediaPipe's own ``num_poses`` above 1 was measured and not taken. With one person in view it costs 70 % more processor
time a frame, because the detector then runs on every frame; and it misses people: with a crossing bystander of 0.6 of
the athlete's height it found one person in 12 of 12 pictures, with three people in a row one in 12 of 12. Greying out
who was found and looking again found the bystander in every picture in which he stood free.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Self

import numpy as np

from formcheck.body.pose import FloatArray, Pose
from formcheck.errors import InputError
from formcheck.frames.ahead import prefetch
from formcheck.frames.frame import Frame, ImageBGR
from formcheck.frames.video import VideoFile
from formcheck.landmarks.athlete import Person, body_box_px, join_people, trunk_px, wider
from formcheck.landmarks.estimator import PersonFinder
from formcheck.landmarks.models import Model

#: The lookout glances about this often in a recording, but no more and no less often than at these frames.
_GLANCES, _GLANCE_EVERY_FRAMES = 8, (15, 60)
#: Somebody counts if found in all of these frames, counted from the glance on; a plant rarely is.
_SURE_AFTER_FRAMES = (0, 5, 10)
#: A find_people searches a picture of every so many seconds, for no more people than this.
_SURVEY_EVERY_S = 1 / 3
_MOST_PEOPLE = 6
#: What is hidden from MediaPipe is this grey.
_GREY = 127


class Lookout:
    """Glances beside the tracked person while a recording is landmarked, in a thread. Open and close it with ``with``.

    A glance takes as long as landmarking one frame; the thread uses the core that a short recording leaves idle.
    """

    def __init__(self, model: Model, expected_frames: int | None) -> None:
        fewest, most = _GLANCE_EVERY_FRAMES
        self._every = min(max((expected_frames or 0) // _GLANCES, fewest), most)
        self._model = model
        self._finder: PersonFinder | None = None
        self._open = ExitStack()
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="formcheck-lookout")
        self._glances: list[Future[None]] = []
        self._suspicious: set[tuple[int, int]] = set()
        self._company = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._thread.shutdown(cancel_futures=True)
        self._open.close()

    def follow(self, first: int) -> Callable[[Frame, Pose], None]:
        """What to call with each frame of the stretch from ``first`` on in which a pose was looked for, in order.

        It looks, later, for somebody besides the pose if the frame's turn has come; at nothing where nobody is seen.
        """
        count = itertools.count()

        def glance(frame: Frame, pose: Pose) -> None:
            number, offset = divmod(next(count), self._every)
            if offset in _SURE_AFTER_FRAMES and np.isfinite(pose.image_px).all():
                self._glances.append(self._thread.submit(self._look, frame, pose, (first, number), offset))

        return glance

    def _look(self, frame: Frame, pose: Pose, number: tuple[int, int], offset: int) -> None:
        if self._company.is_set() or (offset and number not in self._suspicious):
            return
        if self._finder is None:
            self._finder = self._open.enter_context(PersonFinder(self._model))
        if _beside(self._finder, frame, [pose]) is None:
            self._suspicious.discard(number)
        elif offset == _SURE_AFTER_FRAMES[-1]:
            self._company.set()
        else:
            self._suspicious.add(number)

    def saw_company(self) -> bool:
        """Whether anybody besides the tracked person was seen; waits for the glances under way."""
        for glance in self._glances:
            glance.result()
        return self._company.is_set()


def _beside(finder: PersonFinder, frame: Frame, known: Sequence[Pose]) -> Pose | None:
    """The most prominent person besides the known ones; None if there is none, or only remains of a known one."""
    image_bgr = frame.image_bgr
    boxes = [wider(body_box_px(pose)) for pose in known]
    if boxes:
        image_bgr = image_bgr.copy()
        for box in boxes:
            image_bgr[_cut(box)] = _GREY
    found = finder.find(image_bgr, frame.time_s)
    if found is None:
        return None
    x, y = trunk_px(found)
    return None if any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in boxes) else found


def only(image_bgr: ImageBGR, window_px: FloatArray) -> ImageBGR:
    """A copy of the picture with everything outside a window greyed out."""
    inside = np.full_like(image_bgr, _GREY)
    inside[_cut(window_px)] = image_bgr[_cut(window_px)]
    return inside


def _cut(box_px: FloatArray) -> tuple[slice, slice]:
    """The rows and columns of a box; what of it lies outside the picture is left out."""
    left, top, right, bottom = (max(round(float(side)), 0) for side in box_px)
    return slice(top, bottom), slice(left, right)


def find_people(video: VideoFile, model: Model, on_frame: Callable[[int], None]) -> tuple[list[Person], int]:
    """The people of a recording, left to right by where each is first seen, and how many pictures were searched.

    Raises:
        VideoError, ModelError, SystemLibraryError: In one line.
    """
    sightings: list[Pose] = []
    searched_s: list[float] = []
    with prefetch(video) as frames, PersonFinder(model) as finder:
        for frame in frames:
            on_frame(frame.index + 1)
            if searched_s and frame.time_s < searched_s[-1] + _SURVEY_EVERY_S:
                continue
            searched_s.append(frame.time_s)
            known: list[Pose] = []
            while len(known) < _MOST_PEOPLE and (found := _beside(finder, frame, known)) is not None:
                known.append(found)
            sightings += known
    return join_people(sightings, np.asarray(searched_s)), len(searched_s)


def check_person(person: int | None, people: int, name: str) -> None:
    """Raise InputError where the person whom the user asked for is not among those seen."""
    if person is not None and not 1 <= person <= people:
        seen = "one person was" if people == 1 else f"{people} people were"
        numbers = "1" if people == 1 else f"1 to {people}"
        raise InputError(
            f"expected --person auto or {numbers}, got {person}: {seen} seen in {name}; choose one of them"
        )
