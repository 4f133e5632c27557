"""Angles and distances between points and vectors. No anatomy, no state.

Conventions: leading axes are free, the last axis is space. Image vectors are (x right, y down), in pixels.
Angles are degrees. NaN in any operand gives NaN in that element alone; so does a vector of zero length
where a direction is needed.
"""

from __future__ import annotations

import numpy as np

from formcheck.body.pose import FloatArray


def distance(a: FloatArray, b: FloatArray) -> FloatArray:
    """Euclidean distance between points, in their unit, >= 0. Shapes (..., D) give (...)."""
    return np.asarray(np.linalg.norm(np.subtract(a, b), axis=-1))


def dot(u: FloatArray, v: FloatArray) -> FloatArray:
    """Inner product over the last axis."""
    return np.asarray(np.sum(np.multiply(u, v), axis=-1))


def cross_2d(u: FloatArray, v: FloatArray) -> FloatArray:
    """Component z of u x v for image vectors; + where v lies clockwise of u as the picture is seen (y is down)."""
    return np.asarray(u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0])


def unit(v: FloatArray) -> FloatArray:
    """Vector of length 1; NaN where the length is 0."""
    length = np.linalg.norm(v, axis=-1, keepdims=True)
    return np.asarray(np.divide(v, length, out=np.full_like(v, np.nan, dtype=np.float64), where=length > 0))


def angle_between_deg(u: FloatArray, v: FloatArray) -> FloatArray:
    """Unsigned angle between vectors, 0 (same direction) to 180 (opposite).

    Uses atan2 of the difference and the sum of the unit vectors, which stays exact near 0 and 180 where an
    arc cosine loses half of its digits (Kahan 2006, "How futile are mindless assessments of roundoff", section 12).
    """
    a, b = unit(u), unit(v)
    return np.asarray(np.degrees(2 * np.arctan2(np.linalg.norm(a - b, axis=-1), np.linalg.norm(a + b, axis=-1))))


def angle_at_deg(a: FloatArray, vertex: FloatArray, b: FloatArray) -> FloatArray:
    """Angle a-vertex-b, 0 to 180; 180 where the three points are in line."""
    return angle_between_deg(np.subtract(a, vertex), np.subtract(b, vertex))


def signed_angle_2d_deg(u: FloatArray, v: FloatArray) -> FloatArray:
    """Angle from u to v in the picture, -180 to 180; + turns clockwise as the picture is seen (y is down)."""
    angle = np.degrees(np.arctan2(cross_2d(u, v), dot(u, v)))
    return np.asarray(np.where((dot(u, u) > 0) & (dot(v, v) > 0), angle, np.nan))


def midpoint(pair: FloatArray) -> FloatArray:
    """Middle of the two points on the second-last axis: (..., 2, D) gives (..., D). NaN if either is."""
    return np.asarray((pair[..., 0, :] + pair[..., 1, :]) / 2)


def ratio(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Quotient, NaN where the denominator is 0."""
    top, bottom = np.broadcast_arrays(np.asarray(numerator, np.float64), np.asarray(denominator, np.float64))
    return np.asarray(np.divide(top, bottom, out=np.full(top.shape, np.nan), where=bottom != 0))


def median_of_seen(values: FloatArray) -> FloatArray:
    """Median over the first axis of what is not NaN, element by element: (T, ...) gives (...); NaN where nothing is."""
    if not len(values):
        return np.full(values.shape[1:], np.nan)
    ordered = np.sort(values, axis=0)  # NaN last. np.nanmedian gives the same and takes ten times as long
    if not np.isnan(ordered[-1]).any():
        return np.asarray((ordered[(len(values) - 1) // 2] + ordered[len(values) // 2]) / 2)
    count = (~np.isnan(values)).sum(axis=0)
    below, above = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, len(values) - 1)
    middle = [np.take_along_axis(ordered, index[None], axis=0)[0] for index in (below, above)]
    return np.asarray(np.where(count, (middle[0] + middle[1]) / 2, np.nan))


def mean_of_seen(values: FloatArray) -> FloatArray:
    """Mean over the last axis of what is not NaN: (..., N) gives (...); NaN where nothing is."""
    seen = np.isfinite(values)
    total = np.where(seen, values, 0.0).sum(axis=-1)
    return np.asarray(np.where(seen.any(axis=-1), total / np.maximum(seen.sum(axis=-1), 1), np.nan))
