"""Parts of a recording are read as they are in the whole, without decoding what lies before."""

from __future__ import annotations

from pathlib import Path

import media
import numpy as np
import pytest

from formcheck.frames.frame import Frame
from formcheck.frames.reading import Reading
from formcheck.frames.video import VideoFile

KINDS = {
    "plain.mp4": {},
    "b_frames.mp4": {"b_frames": 3},
    "b_frames.mkv": {"b_frames": 3},
    "mpeg4.mov": {"codec": "mpeg4", "b_frames": 2},
    "vp9.webm": {"codec": "libvpx-vp9"},
    "b_frames.ts": {"b_frames": 2},
    "b_frames.avi": {"codec": "mpeg4", "b_frames": 2},
    "raw.h264": {"b_frames": 2},
    "even.gif": {"codec": "gif", "pix_fmt": "rgb8"},
}


@pytest.fixture(params=KINDS)
def clip(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    options = {"keyframe_every": 24} | KINDS[request.param]
    return media.write_video(tmp_path / request.param, 120, **options)  # type: ignore[arg-type]


def assert_same(found: list[Frame], expected: list[Frame]) -> None:
    assert [(frame.index, frame.time_s) for frame in found] == [(frame.index, frame.time_s) for frame in expected]
    assert all(np.array_equal(a.image_bgr, b.image_bgr) for a, b in zip(found, expected, strict=True))


def test_two_halves_are_the_whole(clip: Path) -> None:
    with VideoFile(clip) as video:
        whole, info = list(video), video.info
    for middle in (10, 60, 71):
        with VideoFile(clip, video.facts, last=middle) as early, VideoFile(clip, first=middle) as late:
            assert_same([*early, *late], whole)
        assert Reading.joined([early.reading, late.reading]).info(clip, video.facts) == info


def test_a_warm_up_is_given_but_not_tallied(clip: Path) -> None:
    with VideoFile(clip) as video:
        whole = list(video)
    with VideoFile(clip, first=60, last=70, warm_up=20) as part:
        assert_same(list(part), whole[40:70])
    assert part.reading.times_s == [frame.time_s for frame in whole[60:70]]


def test_what_was_trimmed_away_is_not_counted(tmp_path: Path) -> None:
    path = media.trim(media.write_video(tmp_path / "v.mp4", 120, b_frames=2, keyframe_every=24), 0.4)
    with VideoFile(path, first=50) as part:
        assert [media.number_of(frame.image_bgr) for frame in part] == list(range(60, 120))


def test_the_second_half_is_read_without_decoding_the_first(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "v.mp4", 120, keyframe_every=24)
    with VideoFile(path) as video:
        list(video)
    content = path.read_bytes()
    damaged = media.damage(path, 0.01, 0.3)  # of the first half, which would be told if it had been looked at
    with VideoFile(damaged, first=80) as late:
        assert [media.number_of(frame.image_bgr) for frame in late] == list(range(80, 120))
    assert path.read_bytes() != content
    assert late.reading.damaged == set()


def test_a_half_in_which_nothing_can_be_decoded_does_not_stop_the_other(tmp_path: Path) -> None:
    path = media.damage(media.write_video(tmp_path / "v.mp4", 120, keyframe_every=60), 0.5, 0.5)
    with VideoFile(path, last=60) as early, VideoFile(path, first=60) as late:
        assert len([*early, *late]) > 40
    info = Reading.joined([early.reading, late.reading]).info(path, early.facts)
    assert not info.complete
