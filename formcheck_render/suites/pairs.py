"""Movements that two cameras film at once, from the front and from the side, for one report of both.

The two clips of a pair are one take: the same person does the same repetitions at the same times. The first six are of
the development bodies, the others of people that nothing is chosen on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from formcheck_render.scenario import PORTRAIT, UPRIGHT_640, Scenario
from formcheck_render.suites.drawn import Row, drawn_scenario

# fmt: off
_ROWS = (
    (Row("caved", "m_avg", 6, reps=4), 92), (Row("past_toes", "f_avg", -9, reps=3), 86),
    (Row("depths", "m_dark", 12, reps=3), -94), (Row("crooked", "f_asian", -4, reps=3), -88),
    (Row("lunge_in", "m_heavy", 3, reps=3), 90), (Row("lunge_past", "f_heavy", -12, reps=3), -84),
    (Row("caved", "m_slim", -7, reps=4), -90), (Row("past_toes", "f_strong", 10, reps=3), 95),
    (Row("depths", "m_old", 0, reps=4), 83), (Row("crooked", "f_tall", 8, reps=3), -97),
    (Row("toes_out", "m_stocky", -14, reps=4), 88), (Row("depths", "f_old", 15, reps=3), -86),
    (Row("lunge_in", "f_tall", -5, reps=4), 93), (Row("lunge_past", "m_slim", 9, reps=3), -91),
)
# fmt: on


def _pair(number: int, row: Row, side_deg: float) -> Iterator[Scenario]:
    """The clip from the front, and the same take from the side, by another camera with its own frame rate."""
    front = drawn_scenario("pairs", number, row)
    take = f"pair_{number:02d}_{row.theme}_{row.body}"
    size = PORTRAIT if front.size_px != PORTRAIT else UPRIGHT_640
    view = replace(front.view, azimuth_deg=side_deg, roll_deg=-(front.view.roll_deg or 0.0) / 2)
    yield replace(front, name=f"{take}_front", take=take)
    yield replace(front, name=f"{take}_side", take=take, view=view, size_px=size, fps=(30, 60)[number % 3 == 0])


PAIRS: tuple[Scenario, ...] = tuple(
    clip for number, (row, side_deg) in enumerate(_ROWS, 1) for clip in _pair(number, row, side_deg)
)
