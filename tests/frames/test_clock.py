"""Times that only go forward."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.frames.clock import FrameClock


def test_rising_times_are_kept() -> None:
    clock = FrameClock()
    assert [clock.next(t) for t in [0.0, 0.02, 0.5]] == [0.0, 0.02, 0.5]
    assert clock.repaired == 0


def test_only_the_time_that_fell_is_changed() -> None:
    clock = FrameClock()
    assert [clock.next(t) for t in [0.0, 0.04, 0.01, 0.12]] == pytest.approx([0.0, 0.04, 0.041, 0.12])
    assert clock.repaired == 1


def test_a_clock_that_restarts_keeps_its_intervals() -> None:
    clock = FrameClock()
    given_s = [clock.next(t) for t in [0.0, 0.04, 0.08, 0.0, 0.04, 0.08, 0.12]]
    assert given_s == pytest.approx([0.0, 0.04, 0.08, 0.081, 0.121, 0.161, 0.201])
    assert clock.repaired == 2


def test_any_sequence_of_times_comes_out_rising() -> None:
    clock = FrameClock()
    container_s = np.random.default_rng(0).choice([0.0, 0.0002, 0.04, 0.0405, 1.0, 50.0], 500)
    given_s = [clock.next(float(t)) for t in container_s]
    assert np.all(np.diff(given_s) > 0)
