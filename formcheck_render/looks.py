"""How a person looks: stature, colours and clothes. Colours are linear-light RGB, 0..1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Colour: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Clothes:
    """The cut of the clothes; `*_loose_m` is how far they stand off the skin at the loosest place."""

    shirt: Literal["tee", "tank", "long"] = "tee"
    shorts: Literal["short", "knee", "tights"] = "short"
    shirt_loose_m: float = 0.012
    shorts_loose_m: float = 0.022
    long_hair: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Stature (barefoot), colours and clothes of one person."""

    stature_m: float
    skin: Colour
    hair: Colour
    shirt: Colour
    shorts: Colour
    shoe: Colour
    sole: Colour = (0.8, 0.8, 0.78)
    clothes: Clothes = Clothes()


LOOKS: dict[str, Look] = {
    "m_avg": Look(
        stature_m=1.78,
        skin=(0.58, 0.35, 0.25),
        hair=(0.07, 0.045, 0.03),
        shirt=(0.18, 0.30, 0.52),
        shorts=(0.05, 0.05, 0.06),
        shoe=(0.55, 0.08, 0.08),
    ),
    "f_avg": Look(
        stature_m=1.67,
        skin=(0.60, 0.38, 0.28),
        hair=(0.16, 0.09, 0.045),
        shirt=(0.55, 0.12, 0.22),
        shorts=(0.03, 0.03, 0.05),
        shoe=(0.75, 0.75, 0.75),
        clothes=Clothes(shirt="tank", shorts="tights", long_hair=True, shirt_loose_m=0.006),
    ),
    "m_dark": Look(
        stature_m=1.83,
        skin=(0.16, 0.085, 0.05),
        hair=(0.012, 0.01, 0.01),
        shirt=(0.62, 0.62, 0.60),
        shorts=(0.09, 0.12, 0.25),
        shoe=(0.06, 0.06, 0.07),
        clothes=Clothes(shirt="tank", shorts="knee"),
    ),
    "f_asian": Look(
        stature_m=1.60,
        skin=(0.55, 0.36, 0.25),
        hair=(0.015, 0.012, 0.012),
        shirt=(0.10, 0.38, 0.30),
        shorts=(0.22, 0.22, 0.24),
        shoe=(0.15, 0.3, 0.6),
        clothes=Clothes(shorts="tights", long_hair=True),
    ),
    "m_heavy": Look(
        stature_m=1.75,
        skin=(0.55, 0.32, 0.24),
        hair=(0.20, 0.17, 0.15),
        shirt=(0.30, 0.30, 0.30),
        shorts=(0.12, 0.10, 0.07),
        shoe=(0.1, 0.35, 0.2),
        clothes=Clothes(shorts="knee", shirt_loose_m=0.02),
    ),
    "f_heavy": Look(
        stature_m=1.65,
        skin=(0.30, 0.17, 0.105),
        hair=(0.02, 0.014, 0.012),
        shirt=(0.45, 0.33, 0.08),
        shorts=(0.10, 0.05, 0.16),
        shoe=(0.7, 0.7, 0.72),
        clothes=Clothes(shorts="tights", long_hair=True),
    ),
    "m_slim": Look(
        stature_m=1.81,
        skin=(0.56, 0.36, 0.26),
        hair=(0.02, 0.016, 0.014),
        shirt=(0.70, 0.55, 0.10),
        shorts=(0.06, 0.07, 0.09),
        shoe=(0.65, 0.65, 0.62),
    ),
    "f_strong": Look(
        stature_m=1.70,
        skin=(0.22, 0.12, 0.075),
        hair=(0.015, 0.012, 0.01),
        shirt=(0.06, 0.06, 0.07),
        shorts=(0.30, 0.05, 0.10),
        shoe=(0.80, 0.80, 0.78),
        clothes=Clothes(shirt="tank", shorts="short", long_hair=True, shirt_loose_m=0.006),
    ),
    "m_old": Look(
        stature_m=1.68,
        skin=(0.52, 0.34, 0.25),
        hair=(0.45, 0.44, 0.43),
        shirt=(0.12, 0.22, 0.14),
        shorts=(0.35, 0.33, 0.28),
        shoe=(0.10, 0.10, 0.12),
        clothes=Clothes(shorts="knee", shirt_loose_m=0.018),
    ),
    "f_tall": Look(
        stature_m=1.79,
        skin=(0.64, 0.42, 0.33),
        hair=(0.42, 0.30, 0.14),
        shirt=(0.25, 0.10, 0.35),
        shorts=(0.08, 0.09, 0.11),
        shoe=(0.20, 0.55, 0.60),
        clothes=Clothes(shorts="tights", long_hair=True),
    ),
    "m_stocky": Look(
        stature_m=1.66,
        skin=(0.25, 0.14, 0.09),
        hair=(0.01, 0.01, 0.01),
        shirt=(0.60, 0.16, 0.04),
        shorts=(0.05, 0.08, 0.20),
        shoe=(0.50, 0.50, 0.08),
        clothes=Clothes(shirt="tank", shorts="knee"),
    ),
    "f_old": Look(
        stature_m=1.60,
        skin=(0.60, 0.42, 0.33),
        hair=(0.55, 0.53, 0.50),
        shirt=(0.62, 0.62, 0.66),
        shorts=(0.16, 0.18, 0.30),
        shoe=(0.72, 0.30, 0.35),
        clothes=Clothes(shirt="long", shorts="tights", shirt_loose_m=0.018),
    ),
}
"""What each baked body wears unless a scenario dresses it otherwise."""
