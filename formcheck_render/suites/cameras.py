"""Clips of the six development bodies, seen by cameras as varied as those of the suite `held_out`."""

from __future__ import annotations

from formcheck_render.scenario import Scenario
from formcheck_render.suites.drawn import Row, drawn_scenario

# fmt: off
_ROWS = (
    Row("caved", "m_avg", 15, reps=3), Row("depths", "f_avg", -3, reps=3), Row("toes_out", "m_dark", -17, reps=3),
    Row("depths", "f_asian", 9, reps=3), Row("caved", "m_heavy", 2, reps=3), Row("toes_out", "f_heavy", 12, reps=3),
    Row("depths", "m_avg", -14, reps=3), Row("toes_out", "f_avg", 5, reps=3), Row("caved", "m_dark", -6, reps=3),
    Row("caved", "f_asian", -11, reps=3), Row("depths", "m_heavy", 17, reps=3), Row("crooked", "f_heavy", -8, reps=3),
    Row("past_toes", "m_avg", -97, reps=3), Row("past_toes", "f_avg", 85, reps=3),
    Row("past_toes", "m_dark", 93, reps=3),
    Row("past_toes", "f_asian", -84, reps=3), Row("past_toes", "m_heavy", 100, reps=3),
    Row("past_toes", "f_heavy", -90, reps=3), Row("depths", "f_avg", 38, reps=3), Row("depths", "m_dark", -56, reps=3),
    Row("depths", "f_asian", -40, reps=3), Row("depths", "m_heavy", 50, reps=3), Row("lunge_in", "m_avg", -12, reps=3),
    Row("lunge_in", "f_avg", 10, reps=3), Row("lunge_in", "m_dark", 16, reps=3), Row("lunge_in", "f_heavy", -4, reps=3),
    Row("lunge_past", "f_avg", 88), Row("lunge_past", "m_dark", -94), Row("lunge_past", "f_asian", -86),
    Row("lunge_past", "m_heavy", 96), Row("crooked", "m_dark", 7, reps=3), Row("crooked", "f_asian", -2, reps=3),
)
# fmt: on

CAMERAS: tuple[Scenario, ...] = tuple(drawn_scenario("cameras", number, row) for number, row in enumerate(_ROWS, 1))
