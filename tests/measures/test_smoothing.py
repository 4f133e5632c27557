from __future__ import annotations

import tracemalloc

import bodies
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from formcheck.body.pose import Landmark
from formcheck.measures.smoothing import OneEuro, low_pass, smooth_recording

#: The limits under test, as they are meant to be.
CUTOFF_HZ = 6.0
MAX_GAP_S = 0.25

Array = NDArray[np.float64]
MODEST = settings(max_examples=25, deadline=None)

RATES_HZ = [15.0, 24.0, 30.0, 60.0, 120.0]
each_rate = pytest.mark.parametrize("rate_hz", RATES_HZ)


def seconds(duration_s: float, rate_hz: float) -> Array:
    return np.arange(round(duration_s * rate_hz) + 1) / rate_hz


def sine(time_s: Array, frequency_hz: float, phase_rad: float = 0.0) -> Array:
    return np.sin(2 * np.pi * frequency_hz * time_s + phase_rad)


def filtered(time_s: Array, values: Array) -> Array:
    """One column through the low-pass."""
    return low_pass(time_s, values[:, None])[:, 0]


def amplitude(time_s: Array, values: Array, frequency_hz: float) -> float:
    """Size of one frequency in the middle of a signal, by least squares."""
    middle = slice(len(time_s) // 4, -len(time_s) // 4)
    waves = np.stack([sine(time_s, frequency_hz), sine(time_s, frequency_hz, np.pi / 2)], axis=-1)[middle]
    parts, *_ = np.linalg.lstsq(waves, values[middle], rcond=None)
    return float(np.hypot(*parts))


# What passes and what does not


@each_rate
def test_a_movement_of_1_hz_passes_unchanged(rate_hz: float) -> None:
    time_s = seconds(6.0, rate_hz)
    movement = sine(time_s, 1.0, 0.4)
    assert np.abs(filtered(time_s, movement) - movement)[len(time_s) // 6 : -len(time_s) // 6].max() < 0.01


@pytest.mark.parametrize("rate_hz", [50.0, 60.0, 120.0, 240.0])
def test_jitter_of_15_hz_is_removed(rate_hz: float) -> None:
    time_s = seconds(6.0, rate_hz)
    assert amplitude(time_s, filtered(time_s, sine(time_s, 15.0)), 15.0) < 0.1


def test_jitter_of_alternate_frames_is_removed_at_30_frames_a_second() -> None:
    time_s = seconds(6.0, 30.0)
    alternating = np.where(np.arange(len(time_s)) % 2, 1.0, -1.0)
    assert np.abs(filtered(time_s, alternating)[30:-30]).max() < 0.1


@pytest.mark.parametrize("rate_hz", [60.0, 120.0])
def test_the_cut_off_is_where_three_decibels_are_lost(rate_hz: float) -> None:
    time_s = seconds(8.0, rate_hz)
    left = amplitude(time_s, filtered(time_s, sine(time_s, CUTOFF_HZ)), CUTOFF_HZ)
    assert left == pytest.approx(0.5**0.5, abs=0.02)


@pytest.mark.parametrize("rate_hz", [24.0, 30.0, 60.0, 120.0])
def test_the_filter_is_the_butterworth_of_scipy_forward_and_backward(rate_hz: float) -> None:
    time_s = seconds(10.0, rate_hz)
    jitter = np.random.default_rng(17).normal(0.0, 0.03, len(time_s))
    noisy = np.cos(np.pi * time_s) + 0.3 * sine(time_s, 2.0) + jitter
    design_hz = CUTOFF_HZ / (2**0.5 - 1) ** 0.25
    reference = sosfiltfilt(butter(2, design_hz, fs=rate_hz, output="sos"), noisy)
    assert np.abs(filtered(time_s, noisy) - reference).max() < 0.02 * np.ptp(noisy)


@each_rate
def test_the_top_of_a_symmetric_bump_stays_at_its_instant(rate_hz: float) -> None:
    time_s = seconds(4.0, rate_hz)
    top = len(time_s) // 2
    smooth = filtered(time_s, np.exp(-(((time_s - time_s[top]) / 0.15) ** 2)))
    assert int(np.argmax(smooth)) == top
    around = np.arange(1, len(time_s) - top)
    assert smooth[top + around] == pytest.approx(smooth[top - around], abs=1e-3)


@MODEST
@given(st.floats(-1e3, 1e3), st.floats(-1e3, 1e3), st.sampled_from(RATES_HZ))
def test_standing_still_and_moving_evenly_are_left_alone(place: float, speed: float, rate_hz: float) -> None:
    time_s = seconds(1.5, rate_hz)
    line = place + speed * time_s
    assert filtered(time_s, line) == pytest.approx(line, abs=1e-6 * (1 + abs(place) + abs(speed)))


def test_noise_of_a_detector_shrinks_and_a_squat_keeps_its_depth() -> None:
    clean = bodies.squats(reps=1, rep_s=2.0)
    smooth = smooth_recording(bodies.jittered(clean, 3.0))
    assert np.std(smooth.image_px - clean.image_px) < 0.75 * 3.0
    hip_y = smooth_recording(clean).px(Landmark.LEFT_HIP)[:, 1]
    truth_y = clean.px(Landmark.LEFT_HIP)[:, 1]
    assert np.ptp(hip_y) == pytest.approx(np.ptp(truth_y), rel=0.01)


# Gaps


def test_a_gap_of_a_quarter_second_is_bridged() -> None:
    time_s = seconds(4.0, 60.0)
    line = 10 + 3 * time_s
    gappy = line.copy()
    gappy[100:113] = np.nan  # 14 intervals of 1/60 s between sightings
    assert filtered(time_s, gappy) == pytest.approx(line, abs=1e-6)


def test_a_longer_gap_stays_unseen_and_only_that() -> None:
    time_s = seconds(4.0, 60.0)
    gappy = np.ones_like(time_s)
    gappy[100:116] = np.nan
    assert np.flatnonzero(np.isnan(filtered(time_s, gappy))).tolist() == list(range(100, 116))


@pytest.mark.parametrize("rate_hz", [15.0, 30.0, 120.0])
def test_the_longest_bridged_gap_is_a_time_not_a_number_of_frames(rate_hz: float) -> None:
    time_s = seconds(4.0, rate_hz)
    for missing, bridged in ((int(0.96 * MAX_GAP_S * rate_hz) - 1, True), (int(1.04 * MAX_GAP_S * rate_hz) + 1, False)):
        gappy = np.ones_like(time_s)
        gappy[20 : 20 + missing] = np.nan
        assert np.isfinite(filtered(time_s, gappy)).all() == bridged


def test_nothing_is_invented_before_the_first_and_after_the_last_sighting() -> None:
    time_s = seconds(2.0, 30.0)
    values = np.ones_like(time_s)
    values[:3] = values[-2:] = np.nan
    assert np.flatnonzero(np.isnan(filtered(time_s, values))).tolist() == [0, 1, 2, 59, 60]


def test_what_comes_after_a_long_gap_does_not_reach_back_across_it() -> None:
    time_s = seconds(4.0, 30.0)
    before_and_after = sine(time_s, 0.7)
    before_and_after[55:75] = np.nan
    other = before_and_after.copy()
    other[75:] = 1000.0
    first, second = filtered(time_s, before_and_after), filtered(time_s, other)
    assert np.array_equal(first[:55], second[:55])
    assert np.array_equal(second[:55], filtered(time_s[:55], before_and_after[:55]))
    assert second[75:] == pytest.approx(1000.0)


def test_columns_do_not_disturb_each_other() -> None:
    time_s = seconds(3.0, 30.0)
    rng = np.random.default_rng(3)
    columns = rng.normal(size=(len(time_s), 4))
    columns[40:60, 1] = np.nan
    columns[70:73, 2] = np.nan
    columns[:, 3] = np.nan
    together = low_pass(time_s, columns)
    for number in range(4):
        alone = filtered(time_s, columns[:, number])
        assert together[:, number] == pytest.approx(alone, abs=1e-12, nan_ok=True)
    assert np.isnan(together[:, 3]).all()


# Times


def test_uneven_times_give_the_same_movement() -> None:
    rng = np.random.default_rng(5)
    time_s = np.cumsum(rng.uniform(0.02, 0.05, 200))
    movement = sine(time_s, 0.5)
    assert np.abs(filtered(time_s, movement) - movement)[10:-10].max() < 0.02


def test_a_dropped_frame_does_not_make_a_jump() -> None:
    time_s = np.delete(seconds(4.0, 30.0), [40, 41, 80])
    line = 5 * time_s
    assert filtered(time_s, line) == pytest.approx(line, abs=1e-6)


@MODEST
@given(st.floats(-1e4, 1e4))
def test_the_start_of_the_clock_does_not_matter(offset_s: float) -> None:
    time_s = seconds(2.0, 30.0)
    values = np.random.default_rng(7).normal(size=len(time_s))
    assert filtered(time_s + offset_s, values) == pytest.approx(filtered(time_s, values), abs=1e-6)


# Short recordings


@pytest.mark.parametrize("frames", [1, 2, 5])
def test_a_recording_too_short_to_filter_is_left_as_it_is(frames: int) -> None:
    recording = bodies.jittered(bodies.standing(1.0), 2.0).at(slice(0, frames))
    smooth = smooth_recording(recording)
    assert smooth.image_px == pytest.approx(recording.image_px)
    assert smooth.world_m == pytest.approx(recording.world_m)


def test_a_recording_of_no_frames_is_left_as_it_is() -> None:
    assert len(smooth_recording(bodies.standing(1.0).at(slice(0, 0)))) == 0


@pytest.mark.parametrize("frames", range(6, 24))
def test_short_recordings_of_any_length_can_be_filtered(frames: int) -> None:
    recording = bodies.standing(1.0).at(slice(0, frames))
    assert smooth_recording(recording).image_px == pytest.approx(recording.image_px)


def test_a_rate_too_low_for_the_cut_off_is_left_as_it_is() -> None:
    time_s = seconds(4.0, 10.0)
    values = np.random.default_rng(9).normal(size=len(time_s))
    assert filtered(time_s, values) == pytest.approx(values)


def test_a_single_sighting_between_long_gaps_is_kept() -> None:
    time_s = seconds(2.0, 30.0)
    values = np.full(len(time_s), np.nan)
    values[30] = 4.0
    smooth = filtered(time_s, values)
    assert smooth[30] == 4.0
    assert np.isnan(smooth).sum() == len(time_s) - 1


def test_smoothing_a_recording_leaves_times_visibility_and_the_original_as_they_were() -> None:
    recording = bodies.jittered(bodies.squats(reps=1), 2.0)
    before = recording.image_px.copy()
    smooth = smooth_recording(recording)
    assert np.array_equal(recording.image_px, before)
    assert np.array_equal(smooth.time_s, recording.time_s)
    assert np.array_equal(smooth.visibility, recording.visibility)


def test_a_recording_of_nobody_stays_empty() -> None:
    assert np.isnan(smooth_recording(bodies.nobody(1.0)).image_px).all()


# One-Euro


def run(time_s: Array, values: Array, **options: float) -> Array:
    one_euro = OneEuro(**options)
    return np.array([one_euro(float(t), v) for t, v in zip(time_s, values, strict=True)])


@MODEST
@given(st.integers(1, 58))
def test_the_live_filter_does_not_know_the_future(now: int) -> None:
    time_s = seconds(2.0, 30.0)
    values = np.random.default_rng(11).normal(size=(len(time_s), 2))
    other_future = values.copy()
    other_future[now + 1 :] += 100.0
    assert np.array_equal(run(time_s, values)[: now + 1], run(time_s, other_future)[: now + 1])


@MODEST
@given(st.floats(-500, 500), st.floats(-500, 500), st.sampled_from([15.0, 30.0, 60.0]))
def test_the_live_filter_comes_to_rest_at_a_constant(start: float, rest: float, rate_hz: float) -> None:
    time_s = seconds(5.0, rate_hz)
    values = np.full((len(time_s), 1), rest)
    values[0] = start
    smooth = run(time_s, values)[:, 0]
    assert smooth[0] == start
    assert smooth[-1] == pytest.approx(rest, abs=0.01 * abs(start - rest) + 1e-6)


def test_the_live_filter_calms_jitter_and_follows_fast_movement_sooner_with_beta() -> None:
    time_s = seconds(4.0, 30.0)
    noise = np.random.default_rng(13).normal(0.0, 2.0, (len(time_s), 1))
    assert np.std(run(time_s, noise)[30:]) < 0.6 * 2.0
    ramp = 300 * time_s[:, None]
    lag = {beta: float(np.mean(ramp[60:] - run(time_s, ramp, beta=beta)[60:])) for beta in (0.0, 0.02)}
    assert 0 < lag[0.02] < 0.5 * lag[0.0]


def test_unseen_passes_through_the_live_filter_and_seen_again_starts_afresh_where_it_is() -> None:
    time_s = seconds(1.0, 30.0)
    values = np.tile([10.0, 20.0], (len(time_s), 1))
    values[10:15, 0] = np.nan
    values[15:, 0] = 400.0
    smooth = run(time_s, values)
    assert np.flatnonzero(np.isnan(smooth[:, 0])).tolist() == [10, 11, 12, 13, 14]
    assert smooth[15:, 0] == pytest.approx(400.0)
    assert smooth[:, 1] == pytest.approx(20.0)


def test_unseen_from_the_start_is_picked_up_when_it_appears() -> None:
    smooth = run(np.arange(4.0) / 30, np.array([[np.nan], [np.nan], [7.0], [7.0]]))
    assert np.isnan(smooth[:2]).all()
    assert smooth[2:] == pytest.approx(7.0)


@pytest.mark.parametrize("second_s", [1.0, 0.5])
def test_time_must_increase_in_the_live_filter(second_s: float) -> None:
    one_euro = OneEuro()
    one_euro(1.0, np.zeros(2))
    with pytest.raises(ValueError, match="time must increase"):
        one_euro(second_s, np.zeros(2))


def test_what_the_live_filter_returns_belongs_to_the_caller() -> None:
    one_euro = OneEuro()
    for time_s in (0.0, 0.1, 0.2):
        out = one_euro(time_s, np.ones(2))
        assert out == pytest.approx(1.0)
        out += 100.0


# Times that jump


def test_where_time_jumps_each_side_is_filtered_on_its_own() -> None:
    time_s = seconds(3.0, 30.0)
    before, after = sine(time_s, 1.0), 5.0 + sine(time_s, 0.7, 1.0)
    together = filtered(np.concatenate([time_s, time_s + 1e6]), np.concatenate([before, after]))
    alone = np.concatenate([filtered(time_s, before), filtered(time_s, after)])
    assert together == pytest.approx(alone, abs=1e-6)


@pytest.mark.parametrize("jump_s", [0.2, 1e6])
@pytest.mark.parametrize("step_s", [1 / 30, 0.001])
def test_memory_does_not_follow_the_time_that_passed(jump_s: float, step_s: float) -> None:
    """A camera's clock that was set, and one that ticks in bursts."""
    steps = np.full(6000, step_s)
    steps[::3] = jump_s
    time_s = np.cumsum(steps)
    tracemalloc.start()
    low_pass(time_s, np.ones((len(time_s), 20)))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 60 * time_s.size * 20 * 8


def test_slow_pictures_are_no_jumps() -> None:
    """Four frames a second come further apart than a gap may be long, but evenly."""
    time_s = seconds(20.0, 4.0)
    with_hole = sine(time_s, 0.1)
    with_hole[40] = np.nan
    assert np.isnan(filtered(time_s, with_hole)[40])
    assert filtered(time_s, sine(time_s, 0.1)) == pytest.approx(sine(time_s, 0.1), abs=0.01)
