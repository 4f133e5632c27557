from __future__ import annotations

import itertools
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from formcheck.errors import VideoError
from formcheck.frames.container import ContainerFacts, read_container
from formcheck.frames.stretches import side_by_side, stretches_of

CLIP = Path(__file__).resolve().parents[2] / "sample_videos" / "squat_side_clean_m_dark.mp4"


def facts(seconds: float, rate: float = 30.0, key_frames: int = 10_000) -> ContainerFacts:
    count = round(seconds * rate)
    return replace(
        read_container(CLIP), expected_frames=count, picture_times_s=np.arange(count) / rate, key_frames=key_frames
    )


@pytest.mark.parametrize(("seconds", "count"), [(0.1, 1), (5, 1), (7, 2), (59, 2), (61, 4), (600, 20), (601, 22)])
def test_a_recording_is_cut_by_its_length_and_two_cores_end_together(seconds: float, count: int) -> None:
    for rate in (15.0, 30.0, 240.0):
        assert len(stretches_of(facts(seconds, rate))) == count


@pytest.mark.parametrize("seconds", [3, 10, 90, 700])
def test_stretches_hold_every_picture_once(seconds: float) -> None:
    found = stretches_of(facts(seconds))
    assert found[0][0] == 0
    assert found[-1][1] is None
    assert all(last == first for (_, last), (first, _) in itertools.pairwise(found))
    lengths = [last - first for first, last in found if last is not None]
    assert max(lengths, default=0) - min(lengths, default=0) <= 1


def test_what_would_be_decoded_from_the_start_again_and_again_is_cut_once() -> None:
    assert len(stretches_of(replace(facts(600), can_seek=False))) == 2
    assert len(stretches_of(facts(600, key_frames=1))) == 2
    assert len(stretches_of(facts(600, key_frames=7))) == 7
    assert len(stretches_of(replace(facts(600), picture_times_s=None, can_seek=False))) == 2


def test_results_come_in_order_whatever_ends_first() -> None:
    second_is_done = threading.Event()

    def first(_stop: threading.Event) -> str:
        assert second_is_done.wait(30)
        return "first"

    def second(_stop: threading.Event) -> str:
        second_is_done.set()
        return "second"

    assert side_by_side([first, second], 2) == ["first", "second"]


def test_no_more_is_under_way_than_there_are_cores() -> None:
    under_way, most, counting = 0, 0, threading.Lock()

    def work(_stop: threading.Event) -> None:
        nonlocal under_way, most
        with counting:
            under_way += 1
            most = max(most, under_way)
        time.sleep(0.01)
        with counting:
            under_way -= 1

    side_by_side([work] * 8, 2)
    assert most <= 2


def test_an_error_stops_the_others_and_those_that_wait_never_begin() -> None:
    ended: list[str] = []

    def fail(_stop: threading.Event) -> None:
        raise VideoError("broken")

    def go_on(name: str, stop: threading.Event) -> None:
        assert stop.wait(30)
        ended.append(name)

    with pytest.raises(VideoError, match="broken"):
        side_by_side([fail, *(partial(go_on, str(number)) for number in range(4))], 2)
    assert len(ended) <= 2  # one beside the one that failed, and one that took its thread
