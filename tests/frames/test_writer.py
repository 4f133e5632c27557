"""Annotated video: plays in a browser, keeps the times, and is there whole or not at all."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import media
import numpy as np
import pytest

from formcheck.errors import OutputError
from formcheck.frames.frame import Frame
from formcheck.frames.video import VideoFile
from formcheck.frames.writer import VideoWriter


def frames(times_s: list[float], width: int = media.WIDTH, height: int = media.HEIGHT) -> list[Frame]:
    return [Frame(index, t, media.numbered(index, width, height)) for index, t in enumerate(times_s)]


def write(path: Path, given: list[Frame], *, crf: int = 23) -> Path:
    height, width = given[0].image_bgr.shape[:2]
    with VideoWriter(path, width, height, crf=crf) as writer:
        for frame in given:
            writer.write(frame)
    return path


def noise(count: int, size: int = 256) -> list[Frame]:
    random = np.random.default_rng(0)
    return [Frame(i, i / 25, random.integers(0, 256, (size, size, 3), dtype=np.uint8)) for i in range(count)]


@contextmanager
def files_limited_to(size: int) -> Iterator[None]:
    """A disk that fills up: writing a file beyond ``size`` bytes fails."""
    resource = pytest.importorskip("resource", reason="a limit on the size of files is POSIX's")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def assert_nothing_left(folder: Path) -> None:
    assert list(folder.iterdir()) == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("formcheck-encode")]


@pytest.mark.parametrize(
    "times_s",
    [
        [i / 25 for i in range(30)],
        [i / 120 for i in range(60)],
        [i * 1001 / 30_000 for i in range(30)],
        [float(t) for t in np.cumsum([0.0] + [0.02, 0.04, 0.1] * 9)],
    ],
    ids=["25", "120", "29.97", "uneven"],
)
def test_pictures_and_times_come_back_as_given(tmp_path: Path, times_s: list[float]) -> None:
    with VideoFile(write(tmp_path / "annotated.mp4", frames(times_s))) as source:
        back = list(source)
    assert [media.number_of(frame.image_bgr) for frame in back] == list(range(len(times_s)))
    np.testing.assert_allclose([frame.time_s for frame in back], times_s, atol=1 / 90_000)
    assert source.info.complete, source.info.reason


def test_the_file_is_what_browsers_play(tmp_path: Path) -> None:
    path = write(tmp_path / "annotated.mp4", frames([i / 25 for i in range(10)]))
    with av.open(str(path)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt, context.color_range, context.colorspace) == ("h264", "yuv420p", 1, 6)
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")


def test_colours_survive(tmp_path: Path) -> None:
    given = frames([0.0, 0.04])
    with VideoFile(write(tmp_path / "annotated.mp4", given, crf=10)) as source:
        back = list(source)
    difference = np.abs(back[0].image_bgr.astype(float) - given[0].image_bgr)
    assert difference.mean() < 6  # the rest is the halved resolution of colour at hard edges


@pytest.mark.parametrize(("width", "height"), [(129, 96), (128, 97), (131, 99)])
def test_odd_sizes_get_one_more_row_or_column(tmp_path: Path, width: int, height: int) -> None:
    with VideoFile(write(tmp_path / "odd.mp4", frames([0.0, 0.04], width, height))) as source:
        back = list(source)
    assert back[0].image_bgr.shape == (height + height % 2, width + width % 2, 3)
    assert media.number_of(back[1].image_bgr) == 1
    edge = back[0].image_bgr.astype(float)
    assert np.abs(edge[:, -1] - edge[:, -2]).mean() < 10
    assert np.abs(edge[-1] - edge[-2]).mean() < 10


def test_times_closer_than_a_tick_do_not_stop_the_writer(tmp_path: Path) -> None:
    path = write(tmp_path / "close.mp4", frames([0.0, 1e-6, 2e-6, 0.04]))
    with VideoFile(path) as source:
        assert len(list(source)) == 4


def test_nothing_appears_before_the_end(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "annotated.mp4", 256, 256, depth=1) as writer:
        for frame in noise(5):
            writer.write(frame)
        assert not (tmp_path / "annotated.mp4").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["annotated.mp4"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError])
def test_a_failure_outside_leaves_no_file_and_no_thread(tmp_path: Path, failure: type[BaseException]) -> None:
    def fail_half_way() -> None:
        with VideoWriter(tmp_path / "annotated.mp4", 256, 256) as writer:
            for frame in noise(10):
                writer.write(frame)
            raise failure

    with pytest.raises(failure):
        fail_half_way()
    assert_nothing_left(tmp_path)


def test_an_interrupt_while_the_end_is_awaited_leaves_no_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    def close_interrupted() -> None:
        with VideoWriter(tmp_path / "annotated.mp4", 256, 256) as writer:
            writer.write(noise(1)[0])
            monkeypatch.setattr(writer, "_put", interrupt)

    with pytest.raises(KeyboardInterrupt):
        close_interrupted()
    assert_nothing_left(tmp_path)


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    with files_limited_to(100_000), pytest.raises(OutputError) as caught:
        write(tmp_path / "annotated.mp4", noise(60))
    assert str(caught.value).startswith(f"cannot write {tmp_path / 'annotated.mp4'}: ")
    assert "\n" not in str(caught.value)
    assert_nothing_left(tmp_path)


def test_a_full_disk_stops_the_next_write_and_not_only_the_end(tmp_path: Path) -> None:
    def write_until_refused() -> None:
        with VideoWriter(tmp_path / "annotated.mp4", 256, 256, depth=2) as writer:
            for frame in noise(500, 256):
                writer.write(frame)
        pytest.fail("500 frames of noise fitted into 100 kB")

    with files_limited_to(100_000), pytest.raises(OutputError):
        write_until_refused()


def test_a_folder_that_does_not_exist_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the folder does not exist"):
        write(tmp_path / "no" / "annotated.mp4", frames([0.0]))
    assert_nothing_left(tmp_path)


def test_without_frames_there_is_no_file(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "annotated.mp4", 64, 64):
        pass
    assert_nothing_left(tmp_path)


def test_a_picture_of_another_size_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match=r"expected \(64, 64, 3\)"),
        VideoWriter(tmp_path / "annotated.mp4", 64, 64) as writer,
    ):
        writer.write(frames([0.0])[0])
    assert_nothing_left(tmp_path)


def test_the_encoder_waits_for_slow_frames(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "annotated.mp4", media.WIDTH, media.HEIGHT) as writer:
        for frame in frames([0.0, 0.04]):
            time.sleep(0.25)  # longer than the encoder's own waiting interval
            writer.write(frame)
    with VideoFile(tmp_path / "annotated.mp4") as source:
        assert len(list(source)) == 2
