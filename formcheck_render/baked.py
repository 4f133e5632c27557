"""The bodies in `assets/characters.npz`: geometry, rig and weights of one of them, at a wanted stature."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from importlib import resources

import cv2
import numpy as np

from formcheck_render.arrays import Array, Float32, Ints, Weights
from formcheck_render.errors import ScenarioError
from formcheck_render.mesh import bone_weights
from formcheck_render.sides import SIDES, bone

SOLE_M = 0.025
"""Thickness of the shoe's sole under the bare foot."""


@dataclass(frozen=True, slots=True, eq=False)
class Rig:
    """The bones of one body in the rest pose.

    Two bones are added to the model's own: `toebox.L` and `toebox.R`, which bend the shoes.
    `heads` is (bones, 3): the point that a bone turns about.
    """

    bones: tuple[str, ...]
    parents: tuple[int, ...]
    heads: Array
    index: dict[str, int]

    def head(self, name: str) -> Array:
        """Rest position (3,) of a bone's head."""
        at: Array = self.heads[self.index[name]]
        return at


@dataclass(frozen=True, slots=True, eq=False)
class CocoRegressor:
    """COCO keypoints as weighted sums of skin vertices: entry i adds `share[i]` of `vertex[i]` to `row[i]`."""

    labels: tuple[str, ...]
    vertex: Ints
    row: Ints
    share: Array


@dataclass(frozen=True, slots=True, eq=False)
class BakedBody:
    """One undressed body, feet a sole's thickness above the floor, facing -y, arms out.

    `scale` is its size against the baked one. `face_uv` indexes `uv` as `faces` indexes `vertices`.
    """

    name: str
    scale: float
    rig: Rig
    vertices: Array
    faces: Ints
    uv: Array
    face_uv: Ints
    weights: Weights
    coco: CocoRegressor


@cache
def _archive() -> dict[str, np.ndarray]:
    packed = resources.files("formcheck_render").joinpath("assets/characters.npz").read_bytes()
    with np.load(io.BytesIO(packed)) as arrays:
        return {name: arrays[name] for name in arrays.files}


def body_names() -> tuple[str, ...]:
    """The bodies that can be loaded."""
    return tuple(str(name) for name in _archive()["names"])


def skin_masks() -> Float32:
    """(1024, 1024, 3) masks over UV space, 0..1, bottom row first: lips, eyelids, fine detail."""
    packed = resources.files("formcheck_render").joinpath("assets/masks.png").read_bytes()
    image = cv2.imdecode(np.frombuffer(packed, np.uint8), cv2.IMREAD_COLOR)
    shares: Float32 = np.asarray(image, np.float32) / np.float32(255)
    return shares[::-1, :, ::-1]


def load_body(name: str, stature_m: float) -> BakedBody:
    """One of the baked bodies, scaled to a stature (barefoot, metres).

    Raises:
        ScenarioError: there is no body of that name.
    """
    if name not in body_names():
        msg = f"expected a body among {', '.join(body_names())}; got {name!r}; use one of these"
        raise ScenarioError(msg)
    archive = _archive()
    vertices, heads = archive[f"{name}/v"].astype(float), archive[f"{name}/j"].astype(float)
    scale = stature_m / float(np.ptp(vertices[:, 2]))
    lift = np.array([0, 0, SOLE_M - vertices[:, 2].min() * scale])
    rig = _rig(heads * scale + lift)
    return BakedBody(
        name=name,
        scale=scale,
        rig=rig,
        vertices=vertices * scale + lift,
        faces=archive["faces"].astype(np.int64),
        uv=archive["uv"].astype(float),
        face_uv=archive["face_uv"].astype(np.int64),
        weights=bone_weights(archive["bi"].astype(np.int64), archive["bw"].astype(float), len(rig.bones)),
        coco=CocoRegressor(
            labels=tuple(str(label) for label in archive["coco_labels"]),
            vertex=archive["coco_idx"].astype(np.int64),
            row=archive["coco_row"].astype(np.int64),
            share=archive["coco_w"].astype(float),
        ),
    )


def _rig(heads: Array) -> Rig:
    bones = [str(name) for name in _archive()["bones"]]
    parents = [int(parent) for parent in _archive()["parents"]]
    for side in SIDES:
        toe_roots = [bones.index(bone(f"toe{k}-1", side)) for k in range(1, 6)]
        heads = np.vstack([heads, heads[toe_roots].mean(0)])
        bones.append(bone("toebox", side))
        parents.append(bones.index(bone("foot", side)))
    return Rig(tuple(bones), tuple(parents), heads, {name: i for i, name in enumerate(bones)})
