"""Triangle meshes: normals, neighbour averages, and the parts a dressed body is made of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import scipy.sparse as sp

from formcheck_render.arrays import Array, Ints, Weights


class Material(IntEnum):
    """What a vertex is made of; the shaders switch on these numbers."""

    SKIN = 0
    EYE = 1
    SHIRT = 2
    SHORTS = 3
    HAIR = 4
    SHOE = 5
    FLOOR = 20
    WALL = 21
    PLAIN = 22
    GLOWING = 23
    PICTURE = 24


@dataclass(frozen=True, slots=True, eq=False)
class MeshPart:
    """One garment or body part in the rest pose.

    `edge_m` is a signed distance whose meaning the material decides: inside the garment (+), depth
    under the sock's edge (skin), distance from the pupil (eye), height above the floor (shoe).
    """

    material: Material
    vertices: Array
    normals: Array
    faces: Ints
    uv: Array
    edge_m: Array
    weights: Weights


def vertex_normals(vertices: Array, faces: Ints) -> Array:
    """Area-weighted unit normals (N, 3); a vertex without faces gets a zero vector."""
    normals = np.zeros_like(vertices)
    corner = vertices[faces[:, 0]]
    face_normals = np.cross(vertices[faces[:, 1]] - corner, vertices[faces[:, 2]] - corner)
    for k in range(3):
        np.add.at(normals, faces[:, k], face_normals)
    scaled: Array = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-12)
    return scaled


def neighbour_average(faces: Ints, count: int) -> Weights:
    """(count, count) matrix that replaces every vertex value by the mean of its neighbours'."""
    following = np.roll(faces, 1, 1)
    rows = np.concatenate([faces, following]).ravel()
    columns = np.concatenate([following, faces]).ravel()
    links = sp.coo_array((np.ones(faces.size * 2), (rows, columns)), shape=(count, count)).tocsr()
    links.data[:] = 1
    return sp.csr_array(sp.diags_array(1 / np.asarray(links.sum(1)).ravel()) @ links)


def bone_weights(bones: Ints, shares: Array, bone_count: int) -> Weights:
    """Weights (N, bone_count) from the bone indices and shares, both (N, K), of every vertex."""
    rows = np.repeat(np.arange(len(bones)), bones.shape[1])
    shape = (len(bones), bone_count)
    return sp.coo_array((shares.ravel(), (rows, bones.ravel())), shape=shape).tocsr()


def grid_faces(rows: int, columns: int) -> Ints:
    """Triangles of a sheet of rows x columns vertices that closes on itself along its columns.

    A quad's corners run along the column first, so the front is on the side where rows grow to the left.
    """
    i, k = np.meshgrid(np.arange(rows - 1), np.arange(columns), indexing="ij")
    after = (k + 1) % columns
    quads = np.stack(
        [i * columns + k, i * columns + after, (i + 1) * columns + after, (i + 1) * columns + k], -1
    ).reshape(-1, 4)
    return np.vstack([quads[:, [0, 1, 2]], quads[:, [0, 2, 3]]])


def sphere(radius_m: float, around: int = 20, along: int = 14) -> tuple[Array, Ints]:
    """Vertices and outward faces of a sphere about the origin."""
    polar, azimuth = np.meshgrid(
        np.linspace(0, np.pi, along), np.linspace(0, 2 * np.pi, around, endpoint=False), indexing="ij"
    )
    points = [np.sin(polar) * np.cos(azimuth), np.sin(polar) * np.sin(azimuth), np.cos(polar)]
    return np.stack(points, -1).reshape(-1, 3) * radius_m, grid_faces(along, around)[:, ::-1]
