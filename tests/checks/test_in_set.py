"""What may be said to change within a set, and what is noise."""

from __future__ import annotations

import numpy as np
import pytest

from formcheck.checks.in_set import Course, is_drift, velocity_loss


def drawn(seed: int, count: int = 8, sd: float = 0.02) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.05, sd, count)


def test_noise_is_hardly_ever_called_a_drift_over_all_measures_of_a_set() -> None:
    """Ten measures a set: the chance of a false word is that of the whole set."""
    false = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        false += any(is_drift(Course(rng.normal(0.0, 0.02, 8), 0.02), tests=10) for _ in range(10))
    assert false / 300 < 0.08


def test_a_change_of_a_few_times_the_noise_is_found() -> None:
    found = 0
    for seed in range(100):
        values = drawn(seed)
        values[5:] += 0.12
        found += is_drift(Course(values, 0.02), tests=10)
    assert found > 90


def test_a_change_within_the_noise_of_the_instrument_is_not_told_even_if_the_values_are_smooth() -> None:
    smooth = np.linspace(0.0, 0.05, 8)
    assert is_drift(Course(smooth, 0.005), tests=10)
    assert not is_drift(Course(smooth, 0.05), tests=10)


def test_a_set_that_scatters_more_than_the_instrument_needs_a_larger_change() -> None:
    zigzag = np.array([0.0, 0.2, 0.0, 0.2, 0.05, 0.25, 0.05, 0.25])
    assert not is_drift(Course(zigzag, 0.01), tests=10)


def test_a_step_is_told_from_a_slope_and_where_it_is() -> None:
    step = np.array([0.0, 0.01, 0.0, 0.01, 0.0, 0.1, 0.11, 0.1])
    assert Course(step, 0.01).held_for() == 5
    assert Course(np.linspace(0.0, 0.2, 8) + 0.001 * np.cos(np.arange(8)), 0.01).held_for() is None


def test_velocity_loss_is_from_the_fastest_repetition_to_the_last() -> None:
    loss = velocity_loss([4, 5, 6, 7], [0.70, 0.72, 0.60, 0.48], share=0.04)
    assert loss is not None
    assert (loss.fastest, loss.last, loss.is_sure) == (5, 7, True)
    assert loss.loss_pct == pytest.approx(100 * (0.72 - 0.48) / 0.72)
    assert loss.error_pct == pytest.approx(100 * 0.04 * np.sqrt(2) * 0.48 / 0.72)


def test_equal_velocities_with_noise_are_no_sure_loss() -> None:
    sure = 0
    for seed in range(200):
        velocities = np.random.default_rng(seed).normal(0.7, 0.7 * 0.05, 10)
        loss = velocity_loss(list(range(1, 11)), list(velocities), share=0.05)
        sure += loss is not None and loss.is_sure
    assert sure / 200 < 0.08


def test_too_few_velocities_and_an_unknown_error_tell_no_loss() -> None:
    assert velocity_loss([1, 2], [0.7, 0.4], share=0.05) is None
    assert velocity_loss([1, 2, 3], [0.7, float("nan"), 0.4], share=0.05) is None
    assert velocity_loss([1, 2, 3], [0.7, 0.6, 0.4], share=float("nan")) is None
