"""A dressed, posable body: one mesh, one rig, linear-blend skinning."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from formcheck_render.arrays import Array, Float32, Ints, Mask, Weights
from formcheck_render.baked import CocoRegressor, Rig, load_body
from formcheck_render.garments import Undressed, clothe, hair_edge_m, shirt_edge_m, shorts_edge_m, undress
from formcheck_render.looks import Look
from formcheck_render.mesh import Material, MeshPart
from formcheck_render.shoes import make_shoe
from formcheck_render.sides import SIDES, Side

_COVERED_M = 0.018  # skin that lies deeper than this under a garment is never seen


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """What is drawn, in the rest pose: one row a vertex, see `MeshPart` for `edge_m`."""

    vertices: Array
    normals: Array
    faces: Ints
    uv: Array
    edge_m: Array
    material: Ints
    weights: Weights


@dataclass(frozen=True, slots=True, eq=False)
class Character:
    """One dressed person. Pose it by giving every bone a rotation and a head position."""

    name: str
    look: Look
    scale: float
    rig: Rig
    surface: Surface
    heel: dict[Side, Array]
    toe: dict[Side, Array]
    coco_labels: tuple[str, ...]
    coco_regressor: CocoRegressor
    coco_vertices: Array
    coco_weights: Weights

    def skin(self, rotations: Array, heads: Array) -> tuple[Float32, Float32]:
        """Posed vertices and unit normals, both (N, 3).

        Args:
            rotations: (bones, 3, 3), each from the rest pose to the world.
            heads: (bones, 3), posed bone heads, metres.
        """
        blended = self.surface.weights @ self._transforms(rotations, heads)
        turns = blended[:, :9].reshape(-1, 3, 3)
        v = np.einsum("vij,vj->vi", turns, self.surface.vertices) + blended[:, 9:]
        n = np.einsum("vij,vj->vi", turns, self.surface.normals)
        n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-9)
        return v.astype(np.float32), n.astype(np.float32)

    def coco(self, rotations: Array, heads: Array) -> dict[str, Array]:
        """COCO-style keypoints regressed from the bare posed skin, by label, metres."""
        blended = self.coco_weights @ self._transforms(rotations, heads)
        posed = np.einsum("vij,vj->vi", blended[:, :9].reshape(-1, 3, 3), self.coco_vertices) + blended[:, 9:]
        points = np.zeros((len(self.coco_labels), 3))
        np.add.at(points, self.coco_regressor.row, self.coco_regressor.share[:, None] * posed)
        return dict(zip(self.coco_labels, points, strict=True))

    def _transforms(self, rotations: Array, heads: Array) -> Array:
        """(bones, 12): rotation, row by row, and translation."""
        shift = heads - np.einsum("bij,bj->bi", rotations, self.rig.heads)
        return np.concatenate([rotations.reshape(-1, 9), shift], 1)


def make_character(name: str, look: Look) -> Character:
    """Load a baked body and dress it. The same arguments give the same person.

    Raises:
        ScenarioError: there is no body of that name.
    """
    body = load_body(name, look.stature_m)
    rng = np.random.default_rng(zlib.crc32(name.encode()))
    bare = undress(body)
    edges = (
        shirt_edge_m(bare, look.clothes),
        shorts_edge_m(bare, look.clothes),
        hair_edge_m(bare, look.clothes, rng),
    )
    foot = bare.belongs("foot", "toe") & (body.vertices[:, 2] < bare.level("foot.L") + 0.005)
    shoes = {side: make_shoe(body, side, foot) for side in SIDES}
    covered = (edges[0] > _COVERED_M) | (edges[1] > _COVERED_M)
    parts = [
        *_skin_and_eyes(bare, ~foot, covered),
        *clothe(bare, look.clothes, edges, rng),
        *(shoe.part for shoe in shoes.values()),
    ]
    return Character(
        name=name,
        look=look,
        scale=body.scale,
        rig=body.rig,
        surface=_joined(parts),
        heel={side: shoes[side].heel for side in SIDES},
        toe={side: shoes[side].toe for side in SIDES},
        coco_labels=body.coco.labels,
        coco_regressor=body.coco,
        coco_vertices=body.vertices[body.coco.vertex],
        coco_weights=body.weights[body.coco.vertex],
    )


def _skin_and_eyes(bare: Undressed, outside_shoes: Mask, covered: Mask) -> tuple[MeshPart, MeshPart]:
    """The visible skin, with its vertices split along the seams of the UV map, and the eyeballs."""
    body, rig = bare.body, bare.body.rig
    pairs = np.column_stack([body.faces.ravel(), body.face_uv.ravel()])
    unique, corner = np.unique(pairs, axis=0, return_inverse=True)
    vertex, uv = unique[:, 0], body.uv[unique[:, 1]]
    faces = corner.reshape(-1, 3)
    seen: Mask = np.any(outside_shoes[body.faces], axis=1) & ~np.all(covered[body.faces], axis=1)
    is_eye: Mask = np.all(bare.belongs("eye")[body.faces], axis=1)
    v = body.vertices
    sock = bare.level("foot.L") + 0.075 * body.scale - v[:, 2]
    sock[~bare.belongs("foot", "toe", "lowerleg")] = -0.05
    centre = np.where(v[:, :1] > 0, rig.head("eye.L"), rig.head("eye.R"))
    from_pupil = np.hypot(v[:, 0] - centre[:, 0], v[:, 2] - centre[:, 2]) + np.where(v[:, 1] < centre[:, 1], 0, 0.02)

    def part(material: Material, chosen: Mask, edge_m: Array) -> MeshPart:
        return MeshPart(
            material, v[vertex], bare.normals[vertex], faces[chosen], uv, edge_m[vertex], body.weights[vertex]
        )

    return part(Material.SKIN, seen & ~is_eye, sock), part(Material.EYE, seen & is_eye, from_pupil / body.scale)


def _joined(parts: list[MeshPart]) -> Surface:
    """All parts as one mesh, without the vertices that no face uses."""
    starts = np.cumsum([0, *(len(part.vertices) for part in parts)])
    faces = np.vstack([part.faces + start for part, start in zip(parts, starts[:-1], strict=True)])
    used, renumbered = np.unique(faces.ravel(), return_inverse=True)
    weights = sp.csr_array(sp.vstack([part.weights for part in parts]))[used]
    per_vertex = 1 / np.asarray(weights.sum(axis=1)).ravel()
    return Surface(
        vertices=np.vstack([part.vertices for part in parts])[used],
        normals=np.vstack([part.normals for part in parts])[used],
        faces=renumbered.reshape(-1, 3),
        uv=np.vstack([part.uv for part in parts])[used],
        edge_m=np.concatenate([part.edge_m for part in parts])[used],
        material=np.concatenate([np.full(len(part.vertices), part.material) for part in parts])[used],
        weights=sp.csr_array(sp.diags_array(per_vertex) @ weights),
    )
