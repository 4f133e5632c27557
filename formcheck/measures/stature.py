"""Centimetres of what is measured in lengths of the body, where the height of the person is told.

Shares of the height are those of Drillis & Contini 1966 in Winter 2009, "Biomechanics and Motor Control of Human
Movement", fig. 4.1. Legs of the six rendered development bodies are 0.477 to 0.502 of their height.
"""

from __future__ import annotations

#: From hip to ankle, and how far that is off from person to person, as a share of it.
LEG_OF_HEIGHT, LEG_VARIES = 0.491, 0.025
#: What a person may be tall, centimetres.
LEAST_CM, MOST_CM = 50.0, 260.0

_SHARES = {
    "leg lengths": LEG_OF_HEIGHT,
    "shank lengths": 0.246,
    "foot lengths": 0.152,
    "shoulder widths": 0.259,
}


def leg_m(height_cm: float) -> float:
    """The length of a leg, metres."""
    return LEG_OF_HEIGHT * height_cm / 100


def units_cm(height_cm: float | None, ankle_gap_ratio: float) -> dict[str, float]:
    """How many centimetres each unit of a length is, by unit; nothing where nobody told the height.

    ``ankle_gap_ratio`` is the gap between the ankles in leg lengths, which is a length of the stance, not of the body;
    NaN where it was not seen.
    """
    if height_cm is None:
        return {}
    shares = _SHARES | ({"ankle gaps": ankle_gap_ratio * LEG_OF_HEIGHT} if ankle_gap_ratio > 0 else {})
    return {unit: share * height_cm for unit, share in shares.items()}
