"""A stick figure with 33 landmarks, in three dimensions: a posture is chosen, its joints come out.

A :class:`Posture` holds arrays: (..., 2) for what has sides (left, right), (...) for the rest. Body axes are
(to the subject's left, up, forward) in metres, the origin on the floor between the feet. Angles are posed in the
sagittal plane; what goes sideways (a knee inward, a turned-out foot, a shifted pelvis) is laid on top and leaves
the side view as it was.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from formcheck.body.pose import Landmark

Array = NDArray[np.float64]
BothOrEach = float | tuple[float, float]

THIGH_M = SHANK_M = 0.40
TRUNK_M = 0.50
HIP_WIDTH_M = 0.26
SHOULDER_WIDTH_M = 0.36
FOOT_M = 0.21
_ANKLE_BEHIND_TOE_M, _ANKLE_UP_M = 0.17, 0.06
_SIDE = np.array([1.0, -1.0])  # of (left, right) along the body's leftward axis

#: Arm landmarks: which one each hangs from, and by how much (up, forward).
_ARM = (
    ("ELBOW", "SHOULDER", -0.22, 0.12),
    ("WRIST", "ELBOW", 0.02, 0.24),
    ("PINKY", "WRIST", -0.02, 0.08),
    ("INDEX", "WRIST", 0.02, 0.09),
    ("THUMB", "WRIST", 0.03, 0.04),
)
#: Face landmarks from the middle of the shoulders, (outward, up, forward).
_FACE = {
    "NOSE": np.array([0.0, 0.22, 0.12]),
    "EYE_INNER": np.array([0.02, 0.25, 0.10]),
    "EYE": np.array([0.035, 0.25, 0.10]),
    "EYE_OUTER": np.array([0.05, 0.25, 0.09]),
    "EAR": np.array([0.08, 0.23, 0.0]),
    "MOUTH": np.array([0.03, 0.17, 0.10]),
}


@dataclass(frozen=True, slots=True)
class Posture:
    """Joint angles; signs are those of the project's measures. Make one with :func:`posture`."""

    shank_inclination_deg: Array  # (..., 2), + knee forward
    thigh_inclination_deg: Array  # (..., 2), 90 upright, 0 parallel, - hip below knee
    knee_inward_m: Array  # (..., 2), + towards the other leg, from where the foot points
    toe_out_deg: Array  # (..., 2), + toes outward; the knee follows the foot
    heel_rise_deg: Array  # (..., 2), + heel up, about the toe
    foot_forward_m: Array  # (..., 2), where the flat foot's ankle stands
    trunk_inclination_deg: Array  # (...), + forward
    pelvis_drop_deg: Array  # (...), + right hip lower
    pelvis_shift_m: Array  # (...), + to the subject's right
    stance_m: Array  # (...), ankle to ankle


_SIDED = tuple(field.name for field in fields(Posture))[:6]


def posture(
    *,
    shank_inclination_deg: BothOrEach | Array = 0.0,
    thigh_inclination_deg: BothOrEach | Array = 90.0,
    knee_inward_m: BothOrEach | Array = 0.0,
    toe_out_deg: BothOrEach | Array = 0.0,
    heel_rise_deg: BothOrEach | Array = 0.0,
    foot_forward_m: BothOrEach | Array = 0.0,
    trunk_inclination_deg: float | Array = 0.0,
    pelvis_drop_deg: float | Array = 0.0,
    pelvis_shift_m: float | Array = 0.0,
    stance_m: float | Array = HIP_WIDTH_M,
) -> Posture:
    """A posture; standing upright where nothing is said. One number does for both sides, a pair is (left, right)."""
    return Posture(
        shank_inclination_deg=_both(shank_inclination_deg),
        thigh_inclination_deg=_both(thigh_inclination_deg),
        knee_inward_m=_both(knee_inward_m),
        toe_out_deg=_both(toe_out_deg),
        heel_rise_deg=_both(heel_rise_deg),
        foot_forward_m=_both(foot_forward_m),
        trunk_inclination_deg=np.asarray(trunk_inclination_deg, float),
        pelvis_drop_deg=np.asarray(pelvis_drop_deg, float),
        pelvis_shift_m=np.asarray(pelvis_shift_m, float),
        stance_m=np.asarray(stance_m, float),
    )


def squat(
    depth_deg: BothOrEach = 110.0,
    *,
    shank_deg: BothOrEach | None = None,
    trunk_deg: float | None = None,
    **sideways: Any,
) -> Posture:
    """The bottom of a squat with ``depth_deg`` of knee flexion.

    The shank leans forward by 0.3 of it and the trunk by 0.35 unless told; ``sideways`` is any other argument of
    :func:`posture`.
    """
    flexion = _both(depth_deg)
    shank = 0.3 * flexion if shank_deg is None else _both(shank_deg)
    return posture(
        shank_inclination_deg=shank,
        thigh_inclination_deg=90 - (flexion - shank),
        trunk_inclination_deg=0.35 * float(flexion.mean()) if trunk_deg is None else trunk_deg,
        **sideways,
    )


def lunge(
    lead: str = "left",
    depth_deg: float = 90.0,
    *,
    down: ArrayLike = 1.0,
    shank_deg: float = 5.0,
    step_m: float = 0.8,
    knee_inward_m: float = 0.0,
    **sideways: Any,
) -> Posture:
    """A stepping lunge with ``depth_deg`` of knee flexion in the lead leg, ``down`` (...) 0 standing to 1 bottom.

    ``shank_deg`` and ``knee_inward_m`` are the lead leg's at the bottom; the rear leg reaches from the hip to its
    foot, knee forward, heel up.
    """
    share = np.asarray(down, float)
    lead_shank = share * shank_deg
    lead_thigh = 90 - share * (depth_deg - shank_deg)
    lead_foot, rear_rise = share * step_m, share * 60.0
    hip_forward = lead_foot + SHANK_M * _sin(lead_shank) - THIGH_M * _cos(lead_thigh)
    hip_up = _ANKLE_UP_M + SHANK_M * _cos(lead_shank) + THIGH_M * _sin(lead_thigh)
    ankle_forward, ankle_up = _pitched(rear_rise, -_ANKLE_BEHIND_TOE_M, _ANKLE_UP_M)
    rear_shank, rear_thigh = _reach(hip_forward - ankle_forward - _ANKLE_BEHIND_TOE_M, hip_up - ankle_up)
    nothing = np.zeros_like(share)
    return posture(
        shank_inclination_deg=_lead_and_rear(lead, lead_shank, rear_shank),
        thigh_inclination_deg=_lead_and_rear(lead, lead_thigh, rear_thigh),
        knee_inward_m=_lead_and_rear(lead, share * knee_inward_m, nothing),
        heel_rise_deg=_lead_and_rear(lead, nothing, rear_rise),
        foot_forward_m=_lead_and_rear(lead, lead_foot, nothing),
        **sideways,
    )


def blend(first: Posture, second: Posture, share: ArrayLike) -> Posture:
    """Between two postures: 0 the first, 1 the second, ``share`` (...)."""
    weight = np.asarray(share, float)
    mixed = {}
    for field in fields(Posture):
        a, b = getattr(first, field.name), getattr(second, field.name)
        mixed[field.name] = a + (weight[..., None] if field.name in _SIDED else weight) * (b - a)
    return Posture(**mixed)


def joints_m(body: Posture) -> Array:
    """The landmarks in body axes (left, up, forward), (..., 33, 3)."""
    trunk = TRUNK_M * _sagittal(_cos(body.trunk_inclination_deg), _sin(body.trunk_inclination_deg))
    return on_legs(_legs(body), trunk)


def on_legs(limbs: dict[str, Array], trunk: Array) -> Array:
    """Landmarks (..., 33, 3) from hip, knee, ankle, heel and toe, each (..., 2 sides, 3), and the trunk (..., 3)."""
    limbs = dict(limbs)
    chest = limbs["HIP"].mean(axis=-2) + trunk
    sideways = _SIDE[:, None] * np.array([1.0, 0.0, 0.0])
    limbs["SHOULDER"] = chest[..., None, :] + SHOULDER_WIDTH_M / 2 * sideways
    for name, of, drop, ahead in _ARM:
        limbs[name] = limbs[of] + np.array([0.0, drop, ahead])
    out = np.empty((*chest.shape[:-1], 33, 3))
    for landmark in Landmark:
        side = 0 if "LEFT" in landmark.name else 1
        part = landmark.name.replace("LEFT_", "").replace("RIGHT_", "")
        if part in limbs:
            out[..., landmark, :] = limbs[part][..., side, :]
        else:
            out[..., landmark, :] = chest + _FACE[part.replace("_LEFT", "").replace("_RIGHT", "")] * [_SIDE[side], 1, 1]
    return out


def _legs(body: Posture) -> dict[str, Array]:
    """Hip, knee, ankle, heel and toe, each (..., 2 sides, 3)."""
    out, half = body.toe_out_deg, body.stance_m[..., None] / 2
    foot_left, foot_forward = _SIDE * _sin(out), _cos(out)
    toe_left = _SIDE * half + _ANKLE_BEHIND_TOE_M * foot_left
    toe_forward = body.foot_forward_m + _ANKLE_BEHIND_TOE_M * foot_forward

    def on_foot(ahead: float, up: float) -> Array:
        ahead_turned, up_turned = _pitched(body.heel_rise_deg, ahead, up)
        return _stack(toe_left + ahead_turned * foot_left, up_turned, toe_forward + ahead_turned * foot_forward)

    ankle = on_foot(-_ANKLE_BEHIND_TOE_M, _ANKLE_UP_M)
    shank, thigh = body.shank_inclination_deg, body.thigh_inclination_deg
    ahead = SHANK_M * _sin(shank)
    knee = ankle + _stack(_SIDE * (np.tan(np.radians(out)) * ahead - body.knee_inward_m), SHANK_M * _cos(shank), ahead)
    hip = knee + _stack(0.0 * ahead, THIGH_M * _sin(thigh), -THIGH_M * _cos(thigh))
    drop = body.pelvis_drop_deg[..., None]
    hip[..., 0] = _SIDE * HIP_WIDTH_M / 2 * _cos(drop) - body.pelvis_shift_m[..., None]
    hip[..., 1] += _SIDE * HIP_WIDTH_M / 2 * _sin(drop)
    return {"HIP": hip, "KNEE": knee, "ANKLE": ankle, "HEEL": on_foot(-FOOT_M, 0.0), "FOOT_INDEX": on_foot(0.0, 0.0)}


def _reach(forward: Array, up: Array) -> tuple[Array, Array]:
    """Inclinations of shank and thigh that bring the hip so far from the ankle, the knee bent forward."""
    length = np.minimum(np.hypot(forward, up), SHANK_M + THIGH_M)
    lean = np.degrees(np.arctan2(forward, up))
    bend = np.degrees(np.arccos(length / (2 * SHANK_M)))  # thigh and shank are equally long
    return lean + bend, 90 - (bend - lean)


def _pitched(heel_rise_deg: Array, ahead: float, up: float) -> tuple[Array, Array]:
    """A point of the flat foot, (ahead, up) of its toe, after the foot has turned about the toe."""
    return ahead * _cos(heel_rise_deg) + up * _sin(heel_rise_deg), up * _cos(heel_rise_deg) - ahead * _sin(
        heel_rise_deg
    )


def _lead_and_rear(lead: str, lead_value: Array, rear_value: Array) -> Array:
    pair = (lead_value, rear_value) if lead == "left" else (rear_value, lead_value)
    return np.stack(pair, axis=-1)


def _both(value: BothOrEach | Array) -> Array:
    array = np.asarray(value, float)
    return np.stack([array, array], axis=-1) if array.ndim == 0 else array


def _stack(left: Array, up: Array, forward: Array) -> Array:
    return np.stack(np.broadcast_arrays(left, up, forward), axis=-1).astype(float)


def _sagittal(up: Array, forward: Array) -> Array:
    return _stack(np.zeros_like(up), up, forward)


def _sin(angle_deg: ArrayLike) -> Array:
    return np.asarray(np.sin(np.radians(angle_deg)))


def _cos(angle_deg: ArrayLike) -> Array:
    return np.asarray(np.cos(np.radians(angle_deg)))
