"""Sessions as the progress of an athlete knows them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from formcheck.body.view import Plane
from formcheck.progress.past_session import Observation, PastSession


def session(*observations: Observation, day: int = 1, **facts: object) -> PastSession:
    plain = PastSession(
        name=f"day {day}",
        athlete=None,
        at=datetime(2026, 1, day),
        is_dated=True,
        exercise="squat",
        profile="standard",
        plane=Plane.FRONT,
        model="full",
        version="1.0",
        rep_count=len(observations),
        form_score=90.0,
        load_kg=None,
        observations=observations,
    )
    return replace(plain, **facts)
