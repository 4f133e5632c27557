"""Movements that are like squats and lunges and are none: recognised, so that nobody is told off for them."""

from __future__ import annotations

from formcheck.checks.exercise import Kind
from formcheck.checks.exercises.stance import is_on_one_leg, is_to_one_side

SIDE_LUNGE = Kind(name="side_lunge", words="side lunges", explains=is_to_one_side)
SINGLE_LEG_SQUAT = Kind(name="single_leg_squat", words="squats on one leg", explains=is_on_one_leg)

UNJUDGED = (SIDE_LUNGE, SINGLE_LEG_SQUAT)
