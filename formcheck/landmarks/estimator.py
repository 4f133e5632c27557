"""MediaPipe's pose landmarker as a PoseEstimator.

Privacy. MediaPipe 1.2 reports usage to its maker: the wheel's metadata says so, and that the application must obtain
consent. Measured with 1.2.2 under ``strace -f -e trace=network``: every landmarker has an uploader thread, which looks
up play.googleapis.com when the landmarker is closed or, if it is open for longer, after 60 seconds between two frames;
once an upload has failed, that landmarker tries no more. No option of the Tasks API turns it off. An unusable
``ca_bundle_path``, no host environment and no host version make no difference, because the name is looked up before
any of them is used. The library reads ``https_proxy`` anew at each upload, so a variable that is set only while opening
and closing misses the uploads in between, and one that is set for longer breaks every other network user of the
process, its children included.

So the landmarker is opened in a thread that may not open sockets (:mod:`formcheck.machine.confine`). All of MediaPipe's
threads descend from it; the uploader's first attempt fails inside the kernel, no name is looked up, no packet is
sent, and the rest of the process keeps its network. Loading the library and the uploader each still *try* ``socket()``,
in vain.

Where threads cannot be confined (macOS, Windows), MediaPipe 0.10.33 is used: its libraries for Linux, macOS and Windows
hold no log server's name (those from 0.10.35 on do), and with a name server that logs, 70 seconds of it made no
look-up. Another version there fails to open with a clear line, unless ``usage_metrics=True`` gives the consent.

Log noise. MediaPipe and TFLite write informational lines to file descriptor 2 ("Created TensorFlow Lite XNNPACK
delegate", "Feedback manager requires...", "Using NORM_RECT without..."), some only when the first body appears.
GLOG_minloglevel and TF_CPP_MIN_LOG_LEVEL do not silence them in this version. The same confinement keeps the library's
threads from writing there; MediaPipe's errors are not lost, they arrive as exceptions. Python, a progress bar and
everything else in the process write to stderr as ever, at the same time. Set ``FORMCHECK_NATIVE_LOG=1`` to see the
lines, for instance after a native crash.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.metadata import version
from types import TracebackType
from typing import Any, Self

import numpy as np

from formcheck.body.pose import Pose
from formcheck.errors import FormcheckError, ModelError
from formcheck.frames.frame import Frame, ImageBGR
from formcheck.landmarks.mediapipe_parts import load_library, load_parts
from formcheck.landmarks.models import Model
from formcheck.machine.confine import ConfinementError, run_confined
from formcheck.machine.limits import SPACE_WITH_MODEL_BYTES, check_space
from formcheck.machine.native_log import NATIVE_LOG_VARIABLE
from formcheck.machine.system import explained_imports

#: Versions that send nothing, so that they may run unconfined, see above; each was looked at, the newest last.
SILENT_VERSIONS = ("0.10.33",)

#: A further person must be this sure (0..1). With the athlete greyed out, MediaPipe's default of 0.5 took a plant for a
#: person in 22 of 49 pictures of a real clip, 0.8 in 2 of 49; people beside the athlete were found as before.
_SURE_DETECTION = 0.8


def sends_unconfined() -> str | None:
    """One line if the installed MediaPipe would send usage metrics where its threads cannot be confined; else None."""
    installed = version("mediapipe")
    if installed in SILENT_VERSIONS:
        return None
    return (
        f"MediaPipe {installed} sends usage metrics, and cannot be kept from it here: "
        f"pip install mediapipe=={SILENT_VERSIONS[-1]}, which sends none"
    )


class _Landmarker:
    """A landmarker of MediaPipe whose threads are confined; opened and closed with ``with``."""

    def __init__(self, model: Model, *, usage_metrics: bool = False) -> None:
        self._model = model
        self._usage_metrics = usage_metrics
        self._landmarker: Any = None

    def __enter__(self) -> Self:
        with explained_imports():
            self._landmarker = self._open()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Free the model and end its threads; a second call does nothing.

        It must not be left to the garbage collector: MediaPipe's own finaliser fails at the interpreter's exit.
        """
        landmarker, self._landmarker = self._landmarker, None
        if landmarker is not None:
            landmarker.close()

    def _pose(self, image_bgr: ImageBGR, time_s: float, detect: Callable[[Any, Any], Any]) -> Pose:
        """The pose that ``detect`` finds with the landmarker in MediaPipe's form of the picture."""
        if self._landmarker is None:
            raise RuntimeError("the estimator is closed: use it inside its with block")
        import cv2  # loaded by __enter__ already, too slow for the top of the file

        parts, image_rgb = load_parts(), cv2.cvtColor(image_bgr, cv2.COLOR_BGR2RGB)
        found = detect(self._landmarker, parts.Image(image_format=parts.ImageFormat.SRGB, data=image_rgb))
        height_px, width_px = image_bgr.shape[:2]
        if not found.pose_landmarks:
            return Pose.unseen(time_s, width_px, height_px)
        image_landmarks, world_landmarks = found.pose_landmarks[0], found.pose_world_landmarks[0]
        return Pose(
            time_s=np.asarray(time_s, dtype=np.float64),
            image_px=np.array([(mark.x * width_px, mark.y * height_px) for mark in image_landmarks], dtype=np.float64),
            world_m=np.array([(mark.x, mark.y, mark.z) for mark in world_landmarks], dtype=np.float64),
            visibility=np.array([mark.visibility for mark in image_landmarks], dtype=np.float64),
            width_px=width_px,
            height_px=height_px,
        )

    def _open(self) -> Any:
        """A landmarker whose threads are confined as far as the user has not allowed otherwise."""
        check_space(SPACE_WITH_MODEL_BYTES)
        deny_sockets = not self._usage_metrics
        deny_stderr = not os.environ.get(NATIVE_LOG_VARIABLE)
        # Imported here, not in the confined thread: other packages may start threads of their own when imported.
        import cv2  # noqa: F401 - a missing library of OpenCV shall show now, not at the first frame

        load_parts()
        try:
            return run_confined(self._create_landmarker, deny_sockets=deny_sockets, deny_stderr=deny_stderr)
        except ConfinementError as error:
            if deny_sockets and (fault := sends_unconfined()) is not None:
                raise FormcheckError(f"{fault} ({error.strerror})") from error
            return self._create_landmarker()  # silent, or allowed to send; its log lines are then the only difference

    def _create_landmarker(self) -> Any:
        load_library()
        parts = load_parts()
        base_options = parts.BaseOptions(model_asset_path=str(self._model.path))
        options = parts.PoseLandmarkerOptions(base_options=base_options, num_poses=1, **self._how(parts.RunningMode))
        try:
            return parts.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError, FileNotFoundError) as error:
            reason = " ".join(str(error).split())
            raise ModelError(
                f"MediaPipe cannot open the model {self._model.path}: expected a PoseLandmarker bundle, got {reason}; "
                "give another file"
            ) from error

    def _how(self, running_mode: Any) -> dict[str, Any]:
        """The options in which the ways of looking differ."""
        raise NotImplementedError


class MediaPipeEstimator(_Landmarker):
    """Finds one body a frame, tracking it from frame to frame. Open and close it with ``with``; one recording each.

    Poses are raw: positions outside the picture and landmarks of low visibility are kept, :meth:`Pose.masked` is for
    the caller. Importing this module is cheap; MediaPipe itself is loaded on entering. Raises
    ModelError for a model that MediaPipe does not take and SystemLibraryError for a library that the machine lacks.
    """

    _last_ms: int | None = None

    def __enter__(self) -> Self:
        self._last_ms = None
        return super().__enter__()

    def estimate(self, frame: Frame) -> Pose:
        """The pose at ``frame.time_s``: pixels of this frame, metres, visibility 0..1; unseen if nobody is found."""
        return self._pose(
            frame.image_bgr,
            frame.time_s,
            lambda landmarker, image: landmarker.detect_for_video(image, self._timestamp_ms(frame.time_s)),
        )

    def _timestamp_ms(self, time_s: float) -> int:
        """MediaPipe's clock: whole milliseconds that must increase, also above 1000 frames a second."""
        rounded_ms = round(time_s * 1000)
        self._last_ms = rounded_ms if self._last_ms is None else max(rounded_ms, self._last_ms + 1)
        return self._last_ms

    def _how(self, running_mode: Any) -> dict[str, Any]:
        return {"running_mode": running_mode.VIDEO}


class PersonFinder(_Landmarker):
    """Finds the most prominent person of a single picture, without memory; opened and errors as MediaPipeEstimator."""

    def find(self, image_bgr: ImageBGR, time_s: float) -> Pose | None:
        """That person's pose at ``time_s``, raw; None if nobody is found."""
        pose = self._pose(image_bgr, time_s, lambda landmarker, image: landmarker.detect(image))
        return pose if np.isfinite(pose.image_px).all() else None

    def _how(self, running_mode: Any) -> dict[str, Any]:
        return {"running_mode": running_mode.IMAGE, "min_pose_detection_confidence": _SURE_DETECTION}
