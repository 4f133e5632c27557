"""Where the camera stands relative to the body, and which anatomical plane it therefore sees."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from formcheck.pose import Side


class Plane(StrEnum):
    """The view of the body that the picture gives."""

    FRONT = "front"
    BACK = "back"
    SIDE = "side"
    OBLIQUE = "oblique"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class View:
    """Body yaw to the camera and the plane it makes visible.

    ``yaw_deg``: 0 facing the camera, +90 the subject's left side towards the camera, -90 the right side,
    ±180 the back; NaN where nobody is seen. ``near_side`` is the side towards the camera, None where the
    body faces the camera or turns its back.
    """

    yaw_deg: float
    plane: Plane
    near_side: Side | None
