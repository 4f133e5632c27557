"""The axes of biomechanics: x the way the subject faces, y up, z to the subject's right.

MediaPipe's ``world_m`` follows the camera (see :mod:`formcheck.body.pose`); these axes, OpenSim's, follow the body.
Both are right-handed, so that one is the other turned. One angle turns a whole recording: turning every frame by its
own would hide what the body does. The origin stays where it was, between the hips.
"""

from __future__ import annotations

import numpy as np

from formcheck.body.pose import FloatArray


def subject_axes(yaw_deg: float) -> FloatArray:
    """The unit vectors forward, up and right of the subject as rows (3, 3), in the axes of ``world_m``.


    ``yaw_deg`` is that of :class:`~formcheck.body.view.View`: 0 facing the camera, +90 the left side towards it.
    Where it is NaN nothing is known of the body, and 0 is taken.
    """
    yaw = np.radians(yaw_deg if np.isfinite(yaw_deg) else 0.0)
    forward = [-np.sin(yaw), 0.0, -np.cos(yaw)]
    right = [-np.cos(yaw), 0.0, np.sin(yaw)]
    return np.asarray([forward, [0.0, -1.0, 0.0], right])


def along_subject(world_m: FloatArray, yaw_deg: float) -> FloatArray:
    """Positions (..., 3) of ``world_m`` along :func:`subject_axes`: metres forward, up and to the right; NaN stays."""
    return np.asarray(world_m @ subject_axes(yaw_deg).T)
