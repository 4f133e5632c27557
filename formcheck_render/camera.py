"""Pinhole camera without distortion: from metres to pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck_render.arrays import Array


@dataclass(frozen=True, slots=True)
class Shake:
    """A momentary shift of the picture (x right, y up, in half picture sizes) and roll (rad)."""

    right: float = 0.0
    up: float = 0.0
    roll_rad: float = 0.0


STEADY = Shake()


@dataclass(frozen=True, slots=True)
class View:
    """Where the camera stands, as a scenario asks for it; None is drawn at random.

    Attributes:
        azimuth_deg: 0 in front, +90 at the subject's left, −90 at its right; any angle.
        azimuth_spread_deg: a random angle up to this is added, either way.
        height_m: lens above the floor.
        distance_m: lens from the subject, horizontally.
        fov_deg: vertical field of view.
        roll_deg: + turns the picture's content counter-clockwise.
        shake_ratio: size of hand shake in half picture sizes; 0 a tripod.
    """

    azimuth_deg: float = 0.0
    azimuth_spread_deg: float = 4.0
    height_m: float | None = None
    distance_m: float | None = None
    fov_deg: float | None = None
    roll_deg: float | None = None
    shake_ratio: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Camera:
    """`eye` and `target` (3,) in metres, the picture's size in pixels."""

    eye: Array
    target: Array
    fov_deg: float
    width_px: int
    height_px: int
    azimuth_deg: float
    roll_rad: float = 0.0

    def matrices(self, shake: Shake = STEADY) -> tuple[Array, Array]:
        """View and projection, both (4, 4), for column vectors."""
        turn = np.eye(4)
        c, s = np.cos(self.roll_rad + shake.roll_rad), np.sin(self.roll_rad + shake.roll_rad)
        turn[:2, :2] = [[c, -s], [s, c]]
        shift = np.eye(4)
        shift[:2, 3] = shake.right, shake.up
        projection = perspective(self.fov_deg, self.width_px / self.height_px)
        return turn @ look_at(self.eye, self.target), shift @ projection

    def project(self, points: Array, shake: Shake = STEADY) -> Array:
        """(N, 3) world points to (N, 3): x and y in pixels, and depth in metres before the lens."""
        view, projection = self.matrices(shake)
        seen = np.column_stack([points, np.ones(len(points))]) @ view.T
        clip = seen @ projection.T
        ndc = clip[:, :2] / clip[:, 3:]
        x, y = (ndc[:, 0] + 1) / 2 * self.width_px, (1 - ndc[:, 1]) / 2 * self.height_px
        return np.column_stack([x, y, -seen[:, 2]])


def place_camera(
    view: View, size_px: tuple[int, int], stature_m: float, centre_y_m: float, rng: np.random.Generator
) -> Camera:
    """A camera for a view, looking at the middle of the subject; always makes the same number of draws."""
    width, height = size_px
    azimuth = view.azimuth_deg + view.azimuth_spread_deg * rng.uniform(-1, 1)
    drawn_height = rng.uniform(0.75, 1.25)
    is_wide = width > height
    drawn_distance = rng.uniform(2.75 if is_wide else 2.7, 3.1)
    drawn_roll = rng.uniform(-1, 1)
    distance = drawn_distance if view.distance_m is None else view.distance_m
    eye = np.array(
        [
            np.sin(np.radians(azimuth)) * distance,
            centre_y_m - np.cos(np.radians(azimuth)) * distance,
            drawn_height if view.height_m is None else view.height_m,
        ]
    )
    usual_fov = 52.0 if height / width > 1.5 else 46.0
    return Camera(
        eye=eye,
        target=np.array([0, centre_y_m, 0.50 * stature_m]),
        fov_deg=usual_fov if view.fov_deg is None else view.fov_deg,
        width_px=width,
        height_px=height,
        azimuth_deg=float(azimuth),
        roll_rad=float(np.radians(drawn_roll if view.roll_deg is None else view.roll_deg)),
    )


def look_at(eye: Array, target: Array, up: tuple[float, float, float] = (0, 0, 1)) -> Array:
    """View matrix (4, 4): the camera looks along its own −z."""
    ahead = (target - eye) / np.linalg.norm(target - eye)
    right = np.cross(ahead, np.array(up, float))
    right /= np.linalg.norm(right)
    matrix = np.eye(4)
    matrix[:3, :3] = right, np.cross(right, ahead), -ahead
    matrix[:3, 3] = -matrix[:3, :3] @ eye
    return matrix


def perspective(fov_deg: float, aspect: float, near_m: float = 0.1, far_m: float = 30.0) -> Array:
    """Projection matrix (4, 4) of OpenGL for a vertical field of view."""
    scale = 1 / np.tan(np.radians(fov_deg) / 2)
    depth = (far_m + near_m) / (near_m - far_m), 2 * far_m * near_m / (near_m - far_m)
    return np.array([[scale / aspect, 0, 0, 0], [0, scale, 0, 0], [0, 0, *depth], [0, 0, -1, 0]])


def orthographic(half_m: float, near_m: float, far_m: float) -> Array:
    """Parallel projection (4, 4) of a square of ±`half_m`, for shadow maps."""
    depth = far_m - near_m
    matrix = np.diag([1 / half_m, 1 / half_m, -2 / depth, 1])
    matrix[2, 3] = -(far_m + near_m) / depth
    return matrix
