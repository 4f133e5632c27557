"""Parts of the body that take a colour of their own when they are drawn."""

from __future__ import annotations

from enum import StrEnum


class BodyPart(StrEnum):
    """Arms are never judged."""

    ARM = "arm"
    TRUNK = "trunk"
    PELVIS = "pelvis"
    THIGH = "thigh"
    SHANK = "shank"
    FOOT = "foot"


#: What a fault of the legs colours.
LEG = (BodyPart.THIGH, BodyPart.SHANK)
