"""Clips of six bodies that appear in no other suite: what accuracy is reported on.

Nothing may be tuned on these: everything that was chosen was chosen on the other six bodies.
"""

from __future__ import annotations

from formcheck_render.scenario import Scenario
from formcheck_render.suites.drawn import Row, drawn_scenario

# fmt: off
_ROWS = (
    Row("caved", "m_slim", 0), Row("caved", "f_strong", -12), Row("caved", "m_old", 17),
    Row("caved", "f_tall", 7, 60), Row("caved", "m_stocky", -19), Row("caved", "f_old", -5, 15),
    Row("toes_out", "m_slim", 14), Row("toes_out", "f_strong", 3), Row("toes_out", "m_old", -9),
    Row("toes_out", "f_tall", -16), Row("toes_out", "m_stocky", 10), Row("toes_out", "f_old", 0),
    Row("crooked", "m_slim", -4), Row("crooked", "f_strong", 8), Row("crooked", "m_old", 0),
    Row("crooked", "f_tall", 3), Row("crooked", "m_stocky", -8, 60), Row("crooked", "f_old", 11),
    Row("depths", "m_slim", -11), Row("depths", "f_strong", 88, 15), Row("depths", "m_old", 45),
    Row("depths", "f_tall", -55), Row("depths", "m_stocky", 5, 120), Row("depths", "f_old", -95),
    Row("past_toes", "m_slim", 92), Row("past_toes", "f_strong", -85), Row("past_toes", "m_old", -100),
    Row("past_toes", "f_tall", 80, 60), Row("past_toes", "m_stocky", -92), Row("past_toes", "f_old", 97),
    Row("past_toes", "f_strong", 40), Row("past_toes", "m_stocky", -35),
    Row("lunge_in", "m_slim", 6), Row("lunge_in", "f_strong", -14), Row("lunge_in", "m_old", 12),
    Row("lunge_in", "f_tall", 0, 15), Row("lunge_in", "m_stocky", -6), Row("lunge_in", "f_old", 18),
    Row("lunge_past", "m_slim", -88), Row("lunge_past", "f_strong", 95), Row("lunge_past", "m_old", 84, 120),
    Row("lunge_past", "f_tall", -97), Row("lunge_past", "m_stocky", 90), Row("lunge_past", "f_old", -82),
    Row("lunge_past", "m_slim", 48), Row("lunge_in", "f_tall", -40),
)
# fmt: on

HELD_OUT: tuple[Scenario, ...] = tuple(drawn_scenario("held out", number, row) for number, row in enumerate(_ROWS, 1))
