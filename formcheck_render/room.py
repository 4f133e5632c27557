"""The room around the subject: floor, walls with pictures and windows, furniture, a mat, dumbbells."""

from __future__ import annotations

import numpy as np

from formcheck_render.arrays import Array, Float32, Mask
from formcheck_render.mesh import Material
from formcheck_render.triangles import Triangles

_USUAL_HALF_M = 4.2
_CEILING_M = 2.7
_BEHIND_CAMERA_M = 0.6
_FREE_AISLE_M = 0.9


class Room:
    """Static triangles, collected while it is built.

    `half_m` is half the side of the square floor; the room grows so that the camera stands inside.
    `eye` keeps the line between camera and subject free of furniture.
    """

    def __init__(self, rng: np.random.Generator, eye: Array) -> None:
        self.half_m = max(_USUAL_HALF_M, float(np.abs(eye[:2]).max()) + _BEHIND_CAMERA_M)
        self._eye = eye[:2]
        self._triangles = Triangles()
        half, top = self.half_m, _CEILING_M
        square = [(-half, -half), (half, -half), (half, half), (-half, half)]
        self._triangles.quad([(x, y, 0) for x, y in square], (0, 0, 1), (1, 1, 1), Material.FLOOR, 1 / 1.1)
        for start, end in (((-1, 1), (1, 1)), ((1, 1), (1, -1)), ((1, -1), (-1, -1)), ((-1, -1), (-1, 1))):
            self._wall(np.array(start) * half, np.array(end) * half, rng)
        self._triangles.quad([(x, y, top) for x, y in square], (0, 0, -1), (1, 1, 1), Material.WALL)
        self._furniture(rng)
        self._triangles.box((0, 0, 0.0025), (1.9, 2.1, 0.005), rng.uniform(0.06, 0.4, 3))  # exercise mat
        for x, y in ((-1.5, 1.4), (1.55, 1.1)):
            if rng.random() < 0.8:
                self._dumbbell(x + rng.uniform(-0.2, 0.2), y + rng.uniform(-0.2, 0.2), rng)

    def vertices(self) -> Float32:
        """(N, 13) rows, see `Triangles`."""
        return self._triangles.vertices()

    def backdrop(self) -> Mask:
        """(N,) marks triangles that can never hide anything: walls, ceiling and what hangs on them."""
        rows = self.vertices().reshape(-1, 3, 13)
        hanging = (np.abs(rows[:, :, :2]).max(2) > self.half_m - 0.1).all(1) | (rows[:, :, 2] > 2.6).all(1)
        return np.repeat(hanging & (rows[:, 0, 12] != Material.FLOOR), 3)

    def _wall(self, start: Array, end: Array, rng: np.random.Generator) -> None:
        along = (end - start) / np.linalg.norm(end - start)
        inwards = np.array([-along[1], along[0]])
        inwards = -inwards if inwards @ start > 0 else inwards

        def panel(a: Array, b: Array, low: float, high: float, off_m: float) -> list[tuple[float, ...]]:
            a, b = a + inwards * off_m, b + inwards * off_m
            return [(*a, low), (*b, low), (*b, high), (*a, high)]

        normal = (*inwards, 0.0)
        self._triangles.quad(panel(start, end, 0, _CEILING_M, 0), normal, (1, 1, 1), Material.WALL, 1 / 3)
        self._triangles.quad(panel(start, end, 0, 0.11, 0.015), normal, (0.75, 0.74, 0.72), Material.PLAIN)
        spots = rng.permutation(np.array([0.22, 0.5, 0.78]))[: rng.integers(2, 4)]
        for spot in spots:
            width, height, low = rng.uniform(0.5, 1.1), rng.uniform(0.6, 1.1), rng.uniform(1.1, 1.4)
            centre = start + (end - start) * (spot + rng.uniform(-0.05, 0.05))
            is_window = rng.integers(0, 3) == 0
            left, right = centre - along * width / 2, centre + along * width / 2
            frame = rng.uniform(0.05, 0.5) * np.ones(3)
            self._triangles.quad(panel(left, right, low, low + height, 0.03), normal, frame, Material.PLAIN)
            rim = 0.04
            inner = panel(left + along * rim, right - along * rim, low + rim, low + height - rim, 0.035)
            if is_window:
                self._triangles.quad(inner, normal, (0.80, 0.88, 0.95), Material.GLOWING)
            else:
                self._triangles.quad(inner, normal, rng.uniform(0.1, 0.6, 3), Material.PICTURE)

    def _furniture(self, rng: np.random.Generator) -> None:
        grown, limit = self.half_m / _USUAL_HALF_M, self.half_m - 0.5
        for _ in range(7):
            angle, radius = rng.uniform(0, 6.28), rng.uniform(3.3, 3.7) * grown
            spot = np.clip(np.array([np.cos(angle), np.sin(angle)]) * radius * 1.15, -limit, limit)
            size = (rng.uniform(0.35, 0.9), rng.uniform(0.35, 0.6), rng.uniform(0.3, 1.0))
            if not self._in_the_way(spot):
                self._triangles.box(
                    (spot[0], spot[1], size[2] / 2), size, rng.uniform(0.08, 0.65, 3), rng.uniform(-0.3, 0.3)
                )

    def _in_the_way(self, spot: Array) -> bool:
        x, y = spot
        usual_cameras = (abs(x) < 1 and y < 0) or abs(y) < 1 or (abs(abs(x) - abs(y)) < 1 and y < 0)
        along = np.clip(spot @ self._eye / (self._eye @ self._eye), 0, 1)
        return bool(usual_cameras or np.linalg.norm(spot - along * self._eye) < _FREE_AISLE_M)

    def _dumbbell(self, x: float, y: float, rng: np.random.Generator) -> None:
        colour = rng.uniform(0.03, 0.12) * np.ones(3)
        self._triangles.box((x, y, 0.06), (0.12, 0.03, 0.03), (0.5, 0.5, 0.5))
        for sign in (-1, 1):
            self._triangles.box((x + sign * 0.09, y, 0.06), (0.07, 0.12, 0.12), colour)
