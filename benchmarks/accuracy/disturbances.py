"""What goes wrong when people film themselves, done to the pictures, or to the landmarks, of a rendered clip.

A disturbance takes a clip and its frames and gives other frames; times are kept, so the truth of the clip stays true.
Sizes in the scene are metres. Whatever is random is the same at every run.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

import cv2
import numpy as np

from benchmarks.accuracy.rendered_clips import FloatArray, RenderedClip
from formcheck.body.pose import ANKLES, HEELS, HIPS, KNEES, TOES, BoolArray, Pose
from formcheck.frames.frame import Frame, ImageBGR
from formcheck.frames.video import VideoFile

Disturbance = Callable[[RenderedClip, Iterable[Frame]], Iterator[Frame]]

_SEED = 3
#: Low light: so much of the light is left, and the noise of the sensor, in steps of 8 bits.
_GAIN, _NOISE_SD = 0.15, 5.0
#: Motion is smeared over so many pictures: an exposure of 0.1 s at 30 frames a second.
_SMEARED_PICTURES = 3
_SMALL_SIDE_PX = 160
_BLACK_S = 1.0
#: Variable rate: this share of the pictures is missing.
_DROPPED_SHARE = 0.4
#: A mirror image is further away than the person: so much of the size.
_MIRROR_SCALE = 0.8
#: An Olympic bar with its largest plates, held on the front of the shoulders.
_BAR_HALF_M, _BAR_THICK_M, _PLATE_AT_M, _PLATE_RADIUS_M, _PLATE_THICK_M = 1.1, 0.03, 0.7, 0.225, 0.08
_RACK_FORWARD_M = 0.1
_BAR_GREY, _PLATE_BGR = (150, 150, 150), (45, 45, 50)
#: Runs of frames with exchanged legs, and the share of all frames that they make.
_SWAP_RUN_S, _SWAPPED_SHARE = (0.1, 0.6), 0.3


def in_low_light(_: RenderedClip, frames: Iterable[Frame]) -> Iterator[Frame]:
    """Dark, and with the noise of a sensor."""
    rng = np.random.default_rng(_SEED)
    for frame in frames:
        noise = rng.standard_normal(frame.image_bgr.shape, dtype=np.float32) * _NOISE_SD
        yield _with_picture(frame, _to_picture(frame.image_bgr * np.float32(_GAIN) + noise))


def smeared(_: RenderedClip, frames: Iterable[Frame]) -> Iterator[Frame]:
    """Whatever moves is smeared, as by a long exposure."""
    exposed: deque[ImageBGR] = deque(maxlen=_SMEARED_PICTURES)
    for frame in frames:
        exposed.append(frame.image_bgr)
        yield _with_picture(frame, _to_picture(np.mean(exposed, axis=0)))


def tiny(_: RenderedClip, frames: Iterable[Frame]) -> Iterator[Frame]:
    """160 pixels along the longer side."""
    for frame in frames:
        height, width = frame.image_bgr.shape[:2]
        scale = _SMALL_SIDE_PX / max(height, width)
        yield _with_picture(frame, _scaled(frame.image_bgr, round(width * scale), round(height * scale)))


def rolled(degrees: float) -> Disturbance:
    """The camera rolled, so that the picture is turned by ``degrees`` (+ against the clock), on a larger canvas."""

    def disturb(_: RenderedClip, frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            height, width = frame.image_bgr.shape[:2]
            matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
            cosine, sine = np.abs(matrix[0, :2])
            size = (round(width * cosine + height * sine), round(width * sine + height * cosine))
            matrix[:, 2] += (np.array(size) - (width, height)) / 2
            turned = cv2.warpAffine(frame.image_bgr, matrix, size, borderMode=cv2.BORDER_REPLICATE)
            yield _with_picture(frame, turned)

    return disturb


def without_feet(clip: RenderedClip, frames: Iterable[Frame]) -> Iterator[Frame]:
    """The picture ends at the height of the ankles."""
    row = int(np.median([clip.joints_px[f"{side}_ankle"][:, 1] for side in ("left", "right")]))
    for frame in frames:
        yield _with_picture(frame, frame.image_bgr[:row])


def black_in_the_middle(clip: RenderedClip, frames: Iterable[Frame]) -> Iterator[Frame]:
    """One second without light."""
    middle_s = float(clip.time_s[0] + clip.time_s[-1]) / 2
    for frame in frames:
        is_black = abs(frame.time_s - middle_s) <= _BLACK_S / 2
        yield _with_picture(frame, np.zeros_like(frame.image_bgr)) if is_black else frame


def with_gaps(_: RenderedClip, frames: Iterable[Frame]) -> Iterator[Frame]:
    """A variable rate: pictures are missing at random, the others keep their times. The first one stays."""
    rng = np.random.default_rng(_SEED)
    for frame in frames:
        if frame.index == 0 or rng.random() >= _DROPPED_SHARE:
            yield frame


def beside_somebody(other: ImageBGR, *, on_the_left: bool) -> Disturbance:
    """Somebody else stands still beside the athlete: the picture of another clip, joined at the same height."""

    def disturb(_: RenderedClip, frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            height = frame.image_bgr.shape[0]
            still = _scaled(other, round(other.shape[1] * height / other.shape[0]), height)
            yield _with_picture(frame, np.hstack([still, frame.image_bgr][:: 1 if on_the_left else -1]))

    return disturb


def beside_a_mirror(*, on_the_left: bool) -> Disturbance:
    """A mirror beside the athlete, who looks smaller in it and does the same with left and right exchanged."""

    def disturb(_: RenderedClip, frames: Iterable[Frame]) -> Iterator[Frame]:
        for frame in frames:
            height, width = frame.image_bgr.shape[:2]
            small = _scaled(frame.image_bgr[:, ::-1], round(width * _MIRROR_SCALE), round(height * _MIRROR_SCALE))
            above = (height - small.shape[0]) // 2
            below = height - small.shape[0] - above
            image = np.asarray(cv2.copyMakeBorder(small, above, below, 0, 0, cv2.BORDER_REPLICATE), dtype=np.uint8)
            yield _with_picture(frame, np.hstack([image, frame.image_bgr][:: 1 if on_the_left else -1]))

    return disturb


def with_bar(clip: RenderedClip, frames: Iterable[Frame]) -> Iterator[Frame]:
    """A bar with two plates on the front of the shoulders; nothing of the body hides them."""
    camera = camera_matrix(clip)
    for frame in frames:
        row = min(frame.index, len(clip.time_s) - 1)
        left, right = clip.joints_m["left_shoulder"][row], clip.joints_m["right_shoulder"][row]
        across = (left - right) / np.linalg.norm(left - right)
        forward = np.array([across[1], -across[0], 0.0])
        middle = (left + right) / 2 + _RACK_FORWARD_M * forward
        picture = frame.image_bgr.copy()
        _draw_bar(picture, camera, middle, across, forward)
        yield _with_picture(frame, picture)


def _draw_bar(picture: ImageBGR, camera: FloatArray, middle: FloatArray, across: FloatArray, ahead: FloatArray) -> None:
    up = np.cross(ahead, across)
    up /= np.linalg.norm(up)
    ends = project_px(camera, middle + np.outer([-_BAR_HALF_M, _BAR_HALF_M], across))
    metre_px = float(np.linalg.norm(np.diff(project_px(camera, middle + np.outer([-0.5, 0.5], up)), axis=0)))
    start, stop = (tuple(int(value) for value in np.rint(end)) for end in ends)
    cv2.line(picture, start, stop, _BAR_GREY, max(round(_BAR_THICK_M * metre_px), 1), cv2.LINE_AA)
    angles = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    rim = _PLATE_RADIUS_M * (np.outer(np.cos(angles), ahead) + np.outer(np.sin(angles), up))
    for at_m in (-_PLATE_AT_M, _PLATE_AT_M):
        faces = [middle + (at_m + side * _PLATE_THICK_M / 2) * across + rim for side in (-1, 1)]
        outline = cv2.convexHull(np.rint(project_px(camera, np.concatenate(faces))).astype(np.int32))
        cv2.fillConvexPoly(picture, outline, _PLATE_BGR, cv2.LINE_AA)


def camera_matrix(clip: RenderedClip) -> FloatArray:
    """The clip's camera, (3, 4): homogeneous metres to homogeneous pixels, found from its joints in both.

    Direct linear transformation (Hartley & Zisserman 2004, algorithm 7.1); the joints are exact, so it is.
    """
    step = max(len(clip.time_s) // 20, 1)
    points_m = np.concatenate([joint[::step] for joint in clip.joints_m.values()])
    points_px = np.concatenate([joint[::step] for joint in clip.joints_px.values()])
    scale = float(np.abs(points_px).max())
    known = np.column_stack([points_m, np.ones(len(points_m))])
    x, y = (points_px / scale).T[:, :, None]
    nothing = np.zeros_like(known)
    equations = np.concatenate([np.hstack([known, nothing, -x * known]), np.hstack([nothing, known, -y * known])])
    matrix = np.linalg.svd(equations, full_matrices=False)[2][-1].reshape(3, 4)
    return np.asarray(np.diag([scale, scale, 1.0]) @ matrix)


def project_px(camera: FloatArray, points_m: FloatArray) -> FloatArray:
    """Where points (N, 3) are in the picture, (N, 2)."""
    homogeneous = np.column_stack([points_m, np.ones(len(points_m))]) @ camera.T
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:])


def one_after_the_other(first: RenderedClip, second: RenderedClip) -> Iterator[Frame]:
    """Two clips one after the other, both at the lower one's height on a canvas that is as wide as the wider one."""
    with VideoFile(first.path) as source, VideoFile(second.path) as other:
        height = min(source.size_px[1], other.size_px[1])
        width = max(round(w * height / h) for w, h in (source.size_px, other.size_px))
        for video, start_s in ((source, 0.0), (other, _end_s(first))):
            for frame in video:
                picture = letterboxed(frame.image_bgr, width, height)
                yield replace(frame, time_s=frame.time_s + start_s, image_bgr=picture)


def following(clip: RenderedClip, first: RenderedClip) -> RenderedClip:
    """The truth of a clip that comes after another one."""
    by_s = _end_s(first)
    reps = (
        replace(rep, start_s=rep.start_s + by_s, bottom_s=rep.bottom_s + by_s, end_s=rep.end_s + by_s)
        for rep in clip.reps
    )
    return replace(clip, time_s=clip.time_s + by_s, reps=tuple(reps))


def _end_s(first: RenderedClip) -> float:
    return float(first.time_s[-1]) + 1 / first.fps


def letterboxed(picture: ImageBGR, width: int, height: int) -> ImageBGR:
    """A picture scaled to fit into a size, black beside or above and below it."""
    scale = min(width / picture.shape[1], height / picture.shape[0])
    inner = _scaled(picture, round(picture.shape[1] * scale), round(picture.shape[0] * scale))
    top, left = (height - inner.shape[0]) // 2, (width - inner.shape[1]) // 2
    canvas = np.zeros((height, width, 3), dtype=np.uint8)
    canvas[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return canvas


def with_swapped_legs(pose: Pose) -> Pose:
    """Landmarks (T,) in which the legs change names for runs of frames, from the hips to the feet."""
    swapped = _runs(pose.time_s)
    source = np.tile(np.arange(pose.visibility.shape[-1]), (len(pose), 1))
    for left, right in (HIPS, KNEES, ANKLES, HEELS, TOES):
        source[swapped, left], source[swapped, right] = right, left
    frame = np.arange(len(pose))[:, None]
    return replace(
        pose,
        image_px=pose.image_px[frame, source],
        world_m=pose.world_m[frame, source],
        visibility=pose.visibility[frame, source],
    )


def _runs(time_s: FloatArray) -> BoolArray:
    """Frames in runs at random, (T,)."""
    rng = np.random.default_rng(_SEED)
    chosen = np.zeros(len(time_s), dtype=bool)
    while chosen.mean() < _SWAPPED_SHARE:
        start_s = rng.uniform(time_s[0], time_s[-1])
        chosen |= (time_s >= start_s) & (time_s <= start_s + rng.uniform(*_SWAP_RUN_S))
    return chosen


def _with_picture(frame: Frame, picture: ImageBGR) -> Frame:
    return replace(frame, image_bgr=np.ascontiguousarray(picture))


def _to_picture(values: FloatArray | np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> ImageBGR:
    return np.asarray(np.rint(values).clip(0, 255), dtype=np.uint8)


def _scaled(picture: ImageBGR, width: int, height: int) -> ImageBGR:
    is_smaller = width * height < picture.shape[0] * picture.shape[1]
    how = cv2.INTER_AREA if is_smaller else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(np.ascontiguousarray(picture), (width, height), interpolation=how), dtype=np.uint8)
