"""Movements that are like squats and lunges and are none: recognised, so that nobody is told off for them."""

from __future__ import annotations

from formcheck.checks.check import Kind
from formcheck.checks.exercises.stance import is_on_one_leg, is_to_one_side

SIDE_LUNGE = Kind("side_lunge", "side lunges", is_to_one_side)
SINGLE_LEG_SQUAT = Kind("single_leg_squat", "squats on one leg", is_on_one_leg)

UNJUDGED = (SIDE_LUNGE, SINGLE_LEG_SQUAT)
