"""Damage that a decoder hides is counted and told."""

from __future__ import annotations

import re
from pathlib import Path

import media
import numpy as np
import pytest

from formcheck.frames.reading import VideoInfo
from formcheck.frames.video import VideoFile

#: Two hundredths of a picture are another colour: a smear that may move a landmark.
_SMEAR_LEVELS, _SMEAR_SHARE = 30, 0.02


def read(path: Path) -> tuple[dict[float, media.Image], VideoInfo]:
    with VideoFile(path) as source:
        return {frame.time_s: frame.image_bgr for frame in source}, source.info


def is_smeared(picture: media.Image, clean: media.Image) -> bool:
    change = np.abs(picture.astype(int) - clean).max(axis=-1)
    return bool(np.mean(change > _SMEAR_LEVELS) > _SMEAR_SHARE)


@pytest.mark.parametrize("codec", ["libx264", "mpeg4", "libx265"])
def test_one_turned_bit_that_smears_a_picture_is_never_called_complete(tmp_path: Path, codec: str) -> None:
    clean, _ = read(media.write_video(tmp_path / "v.mp4", 40, codec=codec, keyframe_every=20))
    content, smeared = (tmp_path / "v.mp4").read_bytes(), 0
    for packet in (0, 3, 10, 20, 25, 37):
        for byte in (9, 16, 25):
            (tmp_path / "v.mp4").write_bytes(content)
            seen, info = read(media.flip_bit(tmp_path / "v.mp4", packet, byte, 3))
            if len(seen) < len(clean) or any(is_smeared(seen[time_s], clean[time_s]) for time_s in clean):
                smeared += 1
                assert not info.complete, (packet, byte)
                assert "picture" in str(info.reason)
    assert smeared >= 4


def test_damaged_pictures_are_counted_once_each(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "v.mp4", 40, keyframe_every=20)
    _, info = read(media.flip_bit(media.flip_bit(path, 20, 30, 3), 20, 40, 3))
    assert info.reason == "1 picture damaged in the file"


def test_of_motion_jpeg_half_of_the_pictures_with_a_turned_bit_are_noticed(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "v.avi", 40, codec="mjpeg", pix_fmt="yuvj420p")
    clean, _ = read(path)
    content, smeared, noticed = path.read_bytes(), 0, 0
    for packet in range(0, 40, 2):
        path.write_bytes(content)
        seen, info = read(media.flip_bit(path, packet, 700, 3))
        if len(seen) < len(clean) or any(is_smeared(seen[time_s], clean[time_s]) for time_s in clean):
            smeared += 1
            noticed += not info.complete
    assert smeared >= 8
    assert noticed >= smeared / 2


def test_a_camera_that_always_breaks_the_rules_is_read_all_the_same(tmp_path: Path) -> None:
    path = media.rotate(media.write_video(tmp_path / "v.mp4", 10, codec="mjpeg", pix_fmt="yuvj420p"), 90)
    content = bytearray(path.read_bytes())
    places = [found.end() for found in re.finditer(rb"\xff\xda\x00", content)]  # the length of the header of a scan
    for place in places:
        content[place] ^= 1
    path.write_bytes(content)
    seen, info = read(path)
    assert (len(places), len(seen), info.complete) == (10, 10, True)
    assert all(picture.shape[:2] == (media.WIDTH, media.HEIGHT) for picture in seen.values()), "turned upright"


def test_pictures_that_deny_their_own_checksum_are_read_and_told(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "v.mp4", 10, codec="libx265")
    content = bytearray(path.read_bytes())
    first = next(re.finditer(rb"\x50\x01\x84\x31", content))  # SEI of 49 bytes: the kind of checksum, three of MD5
    content[first.end() + 5] ^= 1
    path.write_bytes(content)
    seen, info = read(path)
    assert (len(seen), info.reason) == (10, "1 picture damaged in the file")
