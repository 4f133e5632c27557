"""Pictures of a rendered person for the tests that need a real pose model; skips where there is no clip."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from formcheck.frames.frame import Frame, ImageBGR
from formcheck.machine.paths import data_path

SHARED = Path(__file__).resolve().parents[2] / "shared"


def clip_path() -> Path:
    """A clip with one person in view, from the sample videos or the material beside the checkout."""
    for folder in (data_path("sample_videos"), SHARED / "synth" / "out"):
        clips = sorted(folder.glob("*squat*.mp4"))
        if clips:
            return clips[0]
    pytest.skip("no clip of a person: neither sample_videos/ nor ../shared/synth/out has one")


def person_pictures(count: int, width_px: int = 270) -> list[ImageBGR]:
    """The first pictures of the clip, made small so that tests are fast."""
    capture = cv2.VideoCapture(str(clip_path()))
    pictures: list[ImageBGR] = []
    while len(pictures) < count:
        read, picture = capture.read()
        if not read:
            break
        height_px = round(picture.shape[0] * width_px / picture.shape[1])
        pictures.append(np.asarray(cv2.resize(picture, (width_px, height_px)), dtype=np.uint8))
    capture.release()
    return pictures


def person_frames(count: int, looped: int = 10) -> list[Frame]:
    """That many frames, 30 a second, walking to and fro through the first pictures so that nothing jumps."""
    pictures = person_pictures(looped)
    cycle = pictures + pictures[-2:0:-1]
    return [Frame(index, index / 30, cycle[index % len(cycle)]) for index in range(count)]
