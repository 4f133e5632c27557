"""How a lunge was stepped."""

from __future__ import annotations

from formcheck.measures.measured_rep import MeasuredRep

VARIANTS = {
    "forward": "step forward",
    "reverse": "step back",
    "walking": "walking",
    "curtsy": "step back across (curtsy)",
    "jumping": "jumping",
}


def variant_of(rep: MeasuredRep) -> str | None:
    """The variant of a repetition whose front leg is known, None where the picture does not tell."""
    stepped = rep.front_foot_stepped()
    return None if stepped is None else "forward" if stepped else "reverse"
