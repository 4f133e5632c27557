"""Static triangles, collected quad by quad."""

from __future__ import annotations

import numpy as np

from formcheck_render.arrays import Array, Float32
from formcheck_render.mesh import Material


class Triangles:
    """Rows of 13 numbers, three a triangle: position, normal, colour, UV, 0, material."""

    def __init__(self) -> None:
        self._rows: list[list[float]] = []

    def vertices(self) -> Float32:
        """(N, 13) rows, three a triangle."""
        return np.array(self._rows, np.float32).reshape(-1, 13)

    def quad(
        self,
        corners: list[tuple[float, ...]],
        normal: tuple[float, ...] | Array,
        colour: tuple[float, ...] | Array,
        material: Material,
        uv_scale: float = 1.0,
    ) -> None:
        """Two triangles; the UV are the two coordinates across the normal."""
        across = [k for k in range(3) if k != int(np.argsort(-np.abs(np.asarray(normal)))[0])]
        for k in (0, 1, 2, 0, 2, 3):
            uv = [corners[k][axis] * uv_scale for axis in across]
            self._rows.append([*corners[k], *normal, *colour, *uv, 0.0, float(material)])

    def box(
        self,
        centre: tuple[float, ...],
        size: tuple[float, ...],
        colour: tuple[float, ...] | Array,
        yaw_rad: float = 0.0,
    ) -> None:
        """Six quads of one colour about a centre."""
        c, s = np.cos(yaw_rad), np.sin(yaw_rad)
        turn = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
        half = np.array(size) / 2
        for axis in range(3):
            u, v = (k for k in range(3) if k != axis)
            for sign in (-1, 1):
                normal = np.zeros(3)
                normal[axis] = sign
                corners = []
                for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
                    corner = np.zeros(3)
                    corner[[axis, u, v]] = sign * half[axis], a * half[u], b * half[v]
                    corners.append(tuple(turn @ corner + np.array(centre)))
                self.quad(corners, turn @ normal, colour, Material.PLAIN)
