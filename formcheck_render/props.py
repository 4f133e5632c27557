"""Boxes and benches that the subject stands on or puts a foot on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from formcheck_render.arrays import Float32
from formcheck_render.triangles import Triangles


@dataclass(frozen=True, slots=True)
class Prop:
    """A box: middle and size along x, y, z in metres, and how light it is, 0..1."""

    centre_m: tuple[float, float, float]
    size_m: tuple[float, float, float]
    lightness: float = 0.5


def box_under(x_m: tuple[float, float], y_m: tuple[float, float], top_m: float) -> Prop:
    """A box on the floor between two x and two y."""
    centre = (sum(x_m) / 2, sum(y_m) / 2, top_m / 2)
    return Prop(centre, (abs(x_m[1] - x_m[0]), abs(y_m[1] - y_m[0]), top_m))


def bench(centre_y_m: float, top_m: float) -> tuple[Prop, ...]:
    """A bench across, on two feet, its top at `top_m`."""
    thick, wide, deep = 0.09, 1.1, 0.32
    feet = tuple(
        Prop((x, centre_y_m, (top_m - thick) / 2), (0.07, deep * 0.8, top_m - thick), 0.35) for x in (-0.4, 0.4)
    )
    return (Prop((0.0, centre_y_m, top_m - thick / 2), (wide, deep, thick), 0.1), *feet)


def prop_vertices(props: tuple[Prop, ...], rng: np.random.Generator) -> Float32:
    """(N, 13) rows of `Triangles`; their tint is drawn."""
    triangles, tint = Triangles(), rng.uniform(0.6, 1.0, 3)
    for prop in props:
        triangles.box(prop.centre_m, prop.size_m, tint * prop.lightness)
    return triangles.vertices()
