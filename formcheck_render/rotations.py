"""Rotation matrices: 3x3, acting on column vectors, right-handed, angles in radians."""

from __future__ import annotations

import numpy as np

from formcheck_render.arrays import Array


def about_x(angle_rad: float) -> Array:
    """Turn about world x; + tips an upright body forward (towards -y)."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[1, 0, 0], [0, c, -s], [0, s, c]])


def about_y(angle_rad: float) -> Array:
    """Turn about world y; + lowers the subject's left side."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])


def about_z(angle_rad: float) -> Array:
    """Turn about world z; + turns the subject to its own left."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def about_axis(axis: Array, angle_rad: float) -> Array:
    """Turn about any unit vector (Rodrigues' formula)."""
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    turned: Array = np.eye(3) + np.sin(angle_rad) * cross + (1 - np.cos(angle_rad)) * cross @ cross
    return turned


def unit(vector: Array) -> Array:
    """The vector at length 1. A zero vector gives NaN."""
    scaled: Array = vector / np.linalg.norm(vector)
    return scaled


def cross(a: Array, b: Array) -> Array:
    """Cross product of two vectors (3,); NumPy's own takes ten times as long for one pair."""
    return np.array([a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]])


def frame_along(axis: Array, second: Array) -> Array:
    """Right-handed orthonormal frame: column 0 is `axis`, column 1 is `second` made orthogonal to it."""
    first = unit(axis)
    across = unit(second - first * (second @ first))
    return np.stack([first, across, np.cross(first, across)], 1)


def between(start: Array, end: Array, share: float) -> Array:
    """The rotation `share` (0..1) of the way from `start` to `end`, along the shortest turn."""
    turn = start.T @ end
    angle = float(np.arccos(np.clip((np.trace(turn) - 1) / 2, -1, 1)))
    if angle < 1e-7:
        return start
    axis = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]]) / (2 * np.sin(angle))
    return start @ about_axis(axis, angle * share)


def swing_with_half_twist(turn: Array, axis: Array) -> Array:
    """`turn` with only half of its twist about the unit vector `axis`.

    A thigh is skinned to two bones; giving the upper one half of the twist keeps the groin from
    wringing like a towel.
    """
    swung = turn @ axis
    normal = np.cross(axis, swung)
    sine = float(np.linalg.norm(normal))
    swing = about_axis(normal / sine, float(np.arctan2(sine, axis @ swung))) if sine > 1e-8 else np.eye(3)
    twist = swing.T @ turn
    mark = np.array([1.0, 0, 0]) - axis * axis[0]
    turned = twist @ mark
    twist_rad = float(np.arctan2(np.cross(mark, turned) @ axis, mark @ turned))
    return swing @ about_axis(axis, twist_rad / 2)
