"""Clothes and hair, cut out of the body itself.

A garment is the part of the skin where a signed distance is above zero, pushed outwards and relaxed.
The distances are made of planes and cones between the bones of the rest pose, so they fit every body.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp

from formcheck_render.arrays import Array, Mask
from formcheck_render.baked import BakedBody
from formcheck_render.curves import smooth_noise, smoothstep
from formcheck_render.looks import Clothes
from formcheck_render.mesh import Material, MeshPart, neighbour_average, sphere, vertex_normals
from formcheck_render.rotations import unit

_OUTSIDE_M = -0.05
_SLEEVE = {"tee": 0.62, "tank": -0.05, "long": 9.0}
_LEG = {"short": 0.62, "knee": 0.93, "tights": 1.72}


@dataclass(frozen=True, slots=True, eq=False)
class Undressed:
    """The bare body with what every garment asks about it. `owner` names each vertex's strongest bone."""

    body: BakedBody
    normals: Array
    owner: tuple[str, ...]

    def belongs(self, *stems: str) -> Mask:
        """(N,) whether a vertex moves mostly with a bone whose name begins so."""
        return np.array([name.startswith(stems) for name in self.owner])

    def level(self, bone_name: str) -> float:
        """Height of a bone's head, metres."""
        return float(self.body.rig.head(bone_name)[2])


def undress(body: BakedBody) -> Undressed:
    """The body, its normals, and the strongest bone of every vertex."""
    strongest = np.asarray(body.weights.argmax(axis=1)).ravel()
    owner = tuple(body.rig.bones[i] for i in strongest)
    return Undressed(body, vertex_normals(body.vertices, body.faces), owner)


def _along_arm(bare: Undressed) -> tuple[Array, float]:
    """Position of every vertex along the upper arm (0 shoulder, 1 elbow) and the arm's length."""
    shoulder, elbow = bare.body.rig.head("upperarm01.L"), bare.body.rig.head("lowerarm01.L")
    mirrored = bare.body.vertices.copy()
    mirrored[:, 0] = np.abs(mirrored[:, 0])
    length_m = float(np.linalg.norm(elbow - shoulder))
    along: Array = (mirrored - shoulder) @ unit(elbow - shoulder) / length_m
    return along, length_m


def _is_arm(bare: Undressed, along: Array) -> Mask:
    arm = bare.belongs("upperarm", "lowerarm", "wrist", "finger", "metacarpal")
    return arm | (bare.belongs("shoulder01") & (along > 0))


def shirt_edge_m(bare: Undressed, clothes: Clothes) -> Array:
    """Signed distance (N,) to the shirt's hem, collar and sleeves; + inside."""
    v, scale, rig = bare.body.vertices, bare.body.scale, bare.body.rig
    neck = rig.head("neck01")
    along, arm_m = _along_arm(bare)
    radius = np.hypot(v[:, 0], v[:, 1] - neck[1] + 0.005)
    collar = (0.100 if clothes.shirt == "tank" else 0.080) * scale
    neckline = np.minimum(radius - collar - 0.8 * np.maximum(0, v[:, 2] - neck[2] + 0.06 * scale), 0.05)
    hem = v[:, 2] - (bare.level("upperleg01.L") - 0.01 * scale)
    sleeve = np.where(_is_arm(bare, along), (_SLEEVE[clothes.shirt] - along) * arm_m, 0.05)
    edge: Array = np.minimum(np.minimum(hem, neckline), sleeve)
    edge[bare.belongs("head", "eye", "wrist", "finger", "metacarpal")] = _OUTSIDE_M
    if clothes.shirt != "long":
        edge[bare.belongs("lowerarm")] = _OUTSIDE_M
    return edge


def _shorts_hem_m(bare: Undressed, clothes: Clothes) -> float:
    hip, knee = bare.level("upperleg01.L"), bare.level("lowerleg01.L")
    return hip - _LEG[clothes.shorts] * (hip - knee)


def shorts_edge_m(bare: Undressed, clothes: Clothes) -> Array:
    """Signed distance (N,) to the waistband and hem of the shorts; + inside."""
    height = bare.body.vertices[:, 2]
    edge: Array = np.minimum(height - _shorts_hem_m(bare, clothes), bare.level("spine04") - height)
    edge[_is_arm(bare, _along_arm(bare)[0]) | bare.belongs("head", "neck", "clavicle", "shoulder")] = _OUTSIDE_M
    return edge


def hair_edge_m(bare: Undressed, clothes: Clothes, rng: np.random.Generator) -> Array:
    """Signed distance (N,) to the hairline; + under the hair."""
    v, scale = bare.body.vertices, bare.body.scale
    eye = bare.body.rig.head("eye.L")
    slope = 0.95 if clothes.long_hair else 0.75
    edge: Array = np.minimum(v[:, 2] - eye[2] - 0.052 * scale + slope * (v[:, 1] - eye[1]), 0.04)
    edge = edge + 0.004 * smooth_noise(v, rng, 12)
    if not clothes.long_hair:
        ear = np.array([0.078 * scale, eye[1] + 0.082 * scale, eye[2] - 0.018 * scale])
        mirrored = np.column_stack([np.abs(v[:, 0]), v[:, 1:]])
        from_ear = np.linalg.norm((mirrored - ear) / np.array([1.5, 0.75, 1.0]), axis=1)
        edge = np.minimum(edge, from_ear - 0.038 * scale)
    edge[~bare.belongs("head", "neck") | bare.belongs("eye")] = _OUTSIDE_M
    return edge


def drape(bare: Undressed, material: Material, edge_m: Array, offset_m: Array, margin_m: float = 0.02) -> MeshPart:
    """The skin within `margin_m` of a garment, pushed out by `offset_m` and relaxed.

    Relaxing moves vertices outwards only, as cloth bridges the hollows of the skin, and blends the
    weights of neighbours, which softens the folds at the hip crease.
    """
    faces = bare.body.faces[(edge_m[bare.body.faces] > -margin_m).any(1)]
    kept, renumbered = np.unique(faces.ravel(), return_inverse=True)
    faces = renumbered.reshape(-1, 3)
    normals = bare.normals[kept]
    v = bare.body.vertices[kept] + normals * offset_m[kept][:, None]
    weights = bare.body.weights[kept]
    average = neighbour_average(faces, len(kept))
    is_cloth = material is not Material.HAIR
    for _ in range(6 if is_cloth else 2):
        hollow = ((average @ v - v) * normals).sum(1, keepdims=True)
        v = v + 0.5 * np.maximum(hollow, -0.001) * normals
        if is_cloth:
            weights = 0.5 * weights + 0.5 * (average @ weights)
    return MeshPart(
        material, v, vertex_normals(v, faces), faces, np.zeros((len(v), 2)), edge_m[kept], sp.csr_array(weights)
    )


def clothe(
    bare: Undressed, clothes: Clothes, edges_m: tuple[Array, Array, Array], rng: np.random.Generator
) -> list[MeshPart]:
    """Shirt, shorts and hair, in that order; `edges_m` are their signed distances."""
    shirt_m, shorts_m, hair_m = edges_m
    v, scale = bare.body.vertices, bare.body.scale
    waist, neck, hip = bare.level("spine04"), bare.level("neck01"), bare.level("upperleg01.L")
    wrinkle = smooth_noise(v * np.array([1, 1, 0.5]), rng, 5)
    bulge = 0.25 + 0.9 * (1 - smoothstep(waist - 0.05, neck - 0.1, v[:, 2]))
    shirt = drape(bare, Material.SHIRT, shirt_m, 0.005 + clothes.shirt_loose_m * bulge + 0.0025 * wrinkle)
    tight = clothes.shorts == "tights"
    flare = np.clip((hip + 0.05 - v[:, 2]) / max(hip - _shorts_hem_m(bare, clothes), 1e-3), 0, 1)
    loose = np.zeros(len(v)) if tight else clothes.shorts_loose_m * (0.15 + 0.85 * flare) + 0.0015 * wrinkle
    shorts = drape(bare, Material.SHORTS, shorts_m, 0.004 + loose)
    volume = 0.006 + 0.012 * smoothstep(-0.01, 0.04, hair_m) * (1.6 if clothes.long_hair else 1.0)
    hair = drape(bare, Material.HAIR, hair_m, volume * (1 + 0.25 * smooth_noise(v, rng, 15)), margin_m=0.015)
    parts = [shirt, shorts, hair]
    if clothes.long_hair:
        back = float(v[hair_m > 0][:, 1].max())
        centre = np.array([0, back + 0.025, bare.body.rig.head("eye.L")[2] + 0.055 * scale])
        parts.append(_bun(bare.body, centre, rng))
    return parts


def _bun(body: BakedBody, centre: Array, rng: np.random.Generator) -> MeshPart:
    v, faces = sphere(0.042 * body.scale)
    v = v * (1 + 0.05 * smooth_noise(v, rng, 12)[:, None]) + centre
    count = len(v)
    to_head = sp.coo_array(
        (np.ones(count), (np.arange(count), np.full(count, body.rig.index["head"]))), shape=(count, len(body.rig.bones))
    )
    normals = vertex_normals(v, faces)
    return MeshPart(Material.HAIR, v, normals, faces, np.zeros((count, 2)), np.full(count, 0.04), to_head.tocsr())
