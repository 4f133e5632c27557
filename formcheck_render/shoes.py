"""Shoes: a loft of convex cross-sections around the bare foot, with a flat sole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial import ConvexHull

from formcheck_render.arrays import Array, Ints, Mask
from formcheck_render.baked import SOLE_M, BakedBody
from formcheck_render.curves import smoothstep
from formcheck_render.mesh import Material, MeshPart, bone_weights, grid_faces, vertex_normals
from formcheck_render.sides import OUTWARD, Side, bone

_SECTIONS, _SPOKES = 26, 28
_MARK_HEIGHT_M = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class Shoe:
    """A shoe in the rest pose; `heel` and `toe` are its rearmost and foremost points, 3 cm above the floor."""

    part: MeshPart
    heel: Array
    toe: Array


def make_shoe(body: BakedBody, side: Side, foot: Mask) -> Shoe:
    """The shoe around the vertices marked by `foot` on one side."""
    skin = body.vertices[foot & (body.vertices[:, 0] * OUTWARD[side] > 0)]
    ankle = body.rig.head(bone("foot", side))
    back, front = float(skin[:, 1].max()), float(skin[:, 1].min())
    v = _loft(skin, float(ankle[2])).reshape(-1, 3)
    faces = _capped_faces()
    normals = vertex_normals(v, faces)
    if (normals * (v - v.mean(0))).sum() < 0:
        faces, normals = faces[:, ::-1], -normals
    # the sole bends at the ball of the foot
    ball_y = body.rig.head(bone("toebox", side))[1]
    toe_share = smoothstep(-(ball_y + 0.015), -(ball_y - 0.02), -v[:, 1])
    ends = [body.rig.index[bone("foot", side)], body.rig.index[bone("toebox", side)]]
    weights = bone_weights(
        np.tile(np.array(ends, np.int64), (len(v), 1)), np.column_stack([1 - toe_share, toe_share]), len(body.rig.bones)
    )
    uv = np.column_stack([(v[:, 1] - front) / (back - front), v[:, 2]])
    tip_y = float(v[:, 1].min())
    tip_x = float(v[v[:, 1] < tip_y + 0.02][:, 0].mean())
    return Shoe(
        part=MeshPart(Material.SHOE, v, normals, faces, uv, v[:, 2], weights),
        heel=np.array([ankle[0], v[:, 1].max(), _MARK_HEIGHT_M]),
        toe=np.array([tip_x, tip_y, _MARK_HEIGHT_M]),
    )


def _loft(skin: Array, ankle_z: float) -> Array:
    """(sections, spokes, 3) rings around the foot, heel first, the lowest ones flattened to a sole."""
    back, front = float(skin[:, 1].max()), float(skin[:, 1].min())
    middle, half = (back + front) / 2, (back - front) / 2
    rings = np.array(
        [
            _ring(skin, middle + u * (half - 0.004), middle + u * (half + 0.010), u, ankle_z)
            for u in np.cos(np.linspace(0, np.pi, _SECTIONS))  # denser at both ends
        ]
    )
    rings[1:-1] = 0.25 * rings[:-2] + 0.5 * rings[1:-1] + 0.25 * rings[2:]
    height = rings[..., 2]
    sole = np.clip((height - SOLE_M + 0.004) * 0.4, 0, None)
    rings[..., 2] = np.maximum(np.where(height < SOLE_M + 0.012, sole, height), 0)
    return rings


def _ring(skin: Array, slice_y: float, ring_y: float, u: float, ankle_z: float) -> Array:
    """(spokes, 3) outline at `ring_y` of the foot cut at `slice_y`; u is -1 at the toe, 1 at the heel."""
    slab = skin[np.abs(skin[:, 1] - slice_y) < 0.022][:, [0, 2]].copy()
    slab[:, 1] = np.minimum(slab[:, 1], ankle_z + 0.005)
    middle_x = (slab[:, 0].max() + slab[:, 0].min()) / 2
    half_width = 0.5 * np.ptp(slab[:, 0])
    floor = np.array([[middle_x + k * half_width, SOLE_M + 0.002] for k in (-1, 1)])
    points = np.vstack([slab, floor])
    outline = points[ConvexHull(points).vertices]
    centre = np.array([middle_x, (points[:, 1].min() + points[:, 1].max()) / 2])
    angles = np.linspace(0, 2 * np.pi, _SPOKES, endpoint=False)
    spokes = np.stack([np.cos(angles), np.sin(angles)], 1)
    reach = np.array([_reach(centre, spoke, outline) for spoke in spokes])
    reach = 0.25 * np.roll(reach, 1) + 0.5 * reach + 0.25 * np.roll(reach, -1)
    rounding = np.clip(np.sqrt(max(0.0, 1 - u**2)) * 2.2, 0.0, 1) ** 0.6
    ring = centre + spokes * (reach[:, None] * rounding + 0.007)
    return np.column_stack([ring[:, 0], np.full(_SPOKES, ring_y), ring[:, 1]])


def _reach(centre: Array, spoke: Array, outline: Array) -> float:
    """How far a ray from inside a convex outline goes until it leaves it."""
    best = 0.0
    for start, end in zip(outline, np.roll(outline, -1, 0), strict=True):
        edge, gap = end - start, start - centre
        slant = spoke[0] * edge[1] - spoke[1] * edge[0]
        if abs(slant) < 1e-12:
            continue
        along_ray = (gap[0] * edge[1] - gap[1] * edge[0]) / slant
        along_edge = (gap[0] * spoke[1] - gap[1] * spoke[0]) / slant
        if along_ray > 0 and -1e-6 <= along_edge <= 1 + 1e-6:
            best = max(best, float(along_ray))
    return best


def _capped_faces() -> Ints:
    """Faces of the loft with a fan over its heel and one over its toe."""
    fan = np.array([[0, a, a + 1] for a in range(1, _SPOKES - 1)])
    ends = np.vstack([fan[:, ::-1], fan + (_SECTIONS - 1) * _SPOKES])
    return np.vstack([grid_faces(_SECTIONS, _SPOKES), ends])[:, ::-1]
