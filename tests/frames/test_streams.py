"""Which pictures of a file are its recording, when they begin, and of what size they may be."""

from __future__ import annotations

import os
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import av
import cv2
import media
import numpy as np
import pytest
from av.stream import Disposition
from av.video.reformatter import ColorPrimaries, ColorTrc

from formcheck.frames.frame import Frame
from formcheck.frames.reading import VideoInfo
from formcheck.frames.video import VideoFile
from formcheck.frames.writer import VideoWriter

FILM, OTHER = list(range(30)), list(range(100, 130))


def read(path: Path) -> tuple[list[Frame], VideoInfo]:
    with VideoFile(path) as source:
        return list(source), source.info


def assert_is_the_film(path: Path) -> None:
    frames, info = read(path)
    assert [media.number_of(frame.image_bgr) for frame in frames] == FILM
    assert (info.complete, info.reason) == (True, None)


# Streams


@pytest.mark.parametrize("disposition", [Disposition.attached_pic, None])
@pytest.mark.parametrize("name", ["v.mp4", "v.mov", "v.mkv", "v.avi"])
def test_a_cover_picture_before_the_film_is_not_the_recording(
    tmp_path: Path, name: str, disposition: Disposition | None
) -> None:
    cover = media.Track([77], "mjpeg", disposition)
    assert_is_the_film(media.write_tracks(tmp_path / name, [cover, media.Track(FILM)]))


@pytest.mark.parametrize("name", ["v.mkv", "v.mp4"])
def test_of_two_films_the_default_one_is_read(tmp_path: Path, name: str) -> None:
    other = media.Track(OTHER, disposition=Disposition(0))
    film = media.Track(FILM, disposition=Disposition.default)
    assert_is_the_film(media.write_tracks(tmp_path / name, [other, film]))
    assert_is_the_film(media.write_tracks(tmp_path / name, [film, other]))


# Times


@pytest.mark.parametrize("name", ["v.mkv", "v.flv", "v.ts", "v.webm"])
def test_a_recording_that_starts_at_one_hour_is_complete(tmp_path: Path, name: str) -> None:
    codec = "libvpx" if name == "v.webm" else "libx264"
    times_s = [3600 + number / media.FPS for number in FILM]
    path = media.write_video(tmp_path / name, times_s=times_s, codec=codec)
    assert_is_the_film(path)
    frames, _ = read(path)
    assert frames[0].time_s == 0.0


@pytest.mark.parametrize(("name", "codec"), [("v.mkv", "libx264"), ("v.webm", "libvpx"), ("v.flv", "libx264")])
@pytest.mark.parametrize("lost", [1, 2, 8])
def test_a_few_pictures_that_a_cut_took_from_the_end_are_missed(
    tmp_path: Path, name: str, codec: str, lost: int
) -> None:
    path = media.write_video(tmp_path / name, 60, codec=codec)
    with av.open(str(path)) as container:
        positions = [packet.pos for packet in container.demux(video=0) if packet.size]
    path.write_bytes(path.read_bytes()[: positions[-lost]])
    frames, info = read(path)
    assert len(frames) <= 60 - lost
    assert "the file ends early" in str(info.reason)


@pytest.mark.parametrize("name", ["v.mp4", "v.mkv"])
@pytest.mark.parametrize("lost", [1, 4, 8])
def test_a_few_pictures_lost_in_the_middle_are_missed(tmp_path: Path, name: str, lost: int) -> None:
    path = media.leave_out(media.write_video(tmp_path / name, 100), 50, lost)
    frames, info = read(path)
    assert len(frames) == 100 - lost
    assert info.reason == f"time jumps by {lost / media.FPS:.2f} s after 2.0 s: pictures are missing there"


def test_the_uneven_times_of_a_screen_are_not_called_gaps(tmp_path: Path) -> None:
    times_s = np.cumsum([0.0] + [0.02, 0.04, 0.1] * 9)
    assert read(media.write_video(tmp_path / "v.mkv", times_s=[float(time_s) for time_s in times_s]))[1].complete


# Sizes


@pytest.mark.parametrize("name", ["v.mpg", "v.vob", "v.ts", "v.mkv", "v.m2v"])
def test_an_anamorphic_mpeg_is_complete_and_wide(tmp_path: Path, name: str) -> None:
    with av.open(str(tmp_path / name), "w") as container:
        stream = container.add_stream("mpeg2video", rate=25)
        stream.width, stream.height, stream.pix_fmt = 180, 144, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(64, 45)
        for index in range(30):
            picture = av.VideoFrame.from_ndarray(media.numbered(index, 180, 144), format="bgr24")
            frame = picture.reformat(format="yuv420p")
            frame.pts, frame.time_base = index, Fraction(1, 25)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    frames, info = read(tmp_path / name)
    assert {frame.image_bgr.shape for frame in frames} == {(144, 256, 3)}
    assert (info.frames, info.complete, info.reason) == (30, True, None)


def joined(folder: Path, sizes: list[tuple[int, int]]) -> Path:
    """A stream of ten pictures of each size, one size after the other."""
    parts = [media.write_video(folder / f"{width}.h264", 10, size=(width, height)) for width, height in sizes]
    path = folder / "joined.h264"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    return path


def test_pictures_that_grow_in_the_middle_are_scaled_to_the_first_and_told(tmp_path: Path) -> None:
    frames, info = read(joined(tmp_path, [(128, 96), (256, 192)]))
    assert {frame.image_bgr.shape for frame in frames} == {(96, 128, 3)}
    assert len(frames) == 20
    assert "10 pictures of another size, scaled to that of the first" in str(info.reason)


def test_pictures_that_grow_beyond_all_measure_are_not_decoded(tmp_path: Path) -> None:
    frames, info = read(joined(tmp_path, [(128, 96), (2560, 1440), (160, 96)]))
    assert len(frames) == 20
    assert "10 of 30 pictures could not be decoded" in str(info.reason)


# Colours and names


@pytest.mark.parametrize(
    ("codec", "pix_fmt"), [("libx264", "yuv420p"), ("libx264", "yuvj420p"), ("libx264", "yuv422p"), ("ffv1", "gray")]
)
def test_colours_are_those_that_opencv_reads(tmp_path: Path, codec: str, pix_fmt: str) -> None:
    path = media.write_video(tmp_path / "v.mkv", 5, codec=codec, pix_fmt=pix_fmt)
    capture = cv2.VideoCapture(str(path))
    for frame in read(path)[0]:
        _, expected = capture.read()
        assert np.abs(frame.image_bgr.astype(int) - expected).max() <= 2


@pytest.mark.parametrize("colorspace", range(16))
def test_no_colour_space_stops_the_reading(tmp_path: Path, colorspace: int) -> None:
    with av.open(str(tmp_path / "v.mkv"), "w") as container:
        stream = container.add_stream("mpeg2video", rate=25)
        stream.width, stream.height, stream.pix_fmt = media.WIDTH, media.HEIGHT, "yuv420p"
        stream.codec_context.colorspace = colorspace
        frame = av.VideoFrame.from_ndarray(media.numbered(5), format="bgr24").reformat(format="yuv420p")
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert [media.number_of(frame.image_bgr) for frame in read(tmp_path / "v.mkv")[0]] == [5]


@pytest.mark.parametrize("name", ["2026-03-01T10:15:00.mp4", "squat:day1.mp4", "http:squat.mp4", "file:v.mp4"])
def test_a_colon_in_a_name_is_no_protocol(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with VideoWriter(Path(name), media.WIDTH, media.HEIGHT) as writer:
        for number in range(5):
            writer.write(Frame(number, number / 25, media.numbered(number)))
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert [media.number_of(frame.image_bgr) for frame in read(Path(name))[0]] == list(range(5))


@pytest.mark.skipif(sys.platform != "linux", reason="reads in /proc what is used already")
def test_want_of_memory_is_not_taken_for_damage(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "v.mp4", 3, size=(1600, 1200))
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from formcheck.frames.video import VideoFile\nfrom formcheck.machine.limits import limit_memory\n"
        "with VideoFile(sys.argv[1]) as source:\n"
        "    used = int(Path('/proc/self/status').read_text().split('VmData:')[1].split()[0]) * 1024\n"
        "    limit_memory(used + 4_000_000)\n"
        "    try:\n        list(source)\n    except MemoryError:\n        print('full')\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, "-c", program, path], env=environment, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("full", 0), done.stderr


@pytest.mark.parametrize("curve", [ColorTrc.ARIB_STD_B67, ColorTrc.SMPTE2084])
def test_hdr_is_as_bright_as_an_ordinary_recording_of_the_same(tmp_path: Path, curve: ColorTrc) -> None:
    grey = np.repeat(np.linspace(20, 235, media.WIDTH).astype(np.uint8)[None, :, None], media.HEIGHT, axis=0)
    plain = av.VideoFrame.from_ndarray(np.repeat(grey, 3, axis=2), format="bgr24")
    plain.color_primaries, plain.color_trc = ColorPrimaries.BT709, ColorTrc.BT709
    with av.open(str(tmp_path / "hdr.mkv"), "w") as container:
        stream = container.add_stream("ffv1", rate=25)
        stream.width, stream.height, stream.pix_fmt = media.WIDTH, media.HEIGHT, "yuv420p10le"
        frame = plain.reformat(
            format="yuv420p10le",
            dst_colorspace="BT2020",
            dst_color_trc=curve,
            dst_color_primaries=ColorPrimaries.BT2020,
        )
        stream.codec_context.color_trc, stream.codec_context.color_primaries = curve, ColorPrimaries.BT2020
        stream.codec_context.colorspace, frame.pts = frame.colorspace, 0
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    (seen, *_), _ = read(tmp_path / "hdr.mkv")
    assert np.abs(seen.image_bgr.astype(int) - grey).mean() < 12
