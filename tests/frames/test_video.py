"""Recordings read as frames: every picture once, upright, at its container's time, and told what is missing."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import cv2
import media
import numpy as np
import pytest
from commands import needs_posix

from formcheck.errors import VideoError
from formcheck.frames.frame import Frame
from formcheck.frames.reading import VideoInfo
from formcheck.frames.video import VideoFile

SHARED = Path(__file__).resolve().parents[3] / "shared"
UNEVEN_S = [float(t) for t in np.cumsum([0.0] + [0.02, 0.04, 0.1] * 9)]


def read(path: Path) -> tuple[list[Frame], VideoInfo]:
    with VideoFile(path) as source:
        return list(source), source.info


def refusal(path: Path) -> str:
    with pytest.raises(VideoError) as caught, VideoFile(path) as source:
        list(source)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("plain.mp4", {}),
        ("b_frames.mp4", {"b_frames": 3}),
        ("b_frames.mov", {"b_frames": 3, "faststart": True}),
        ("b_frames.mkv", {"b_frames": 3}),
        ("b_frames.ts", {"b_frames": 2}),
        ("b_frames.avi", {"codec": "mpeg4", "b_frames": 2}),
        ("motion_jpeg.avi", {"codec": "mjpeg", "pix_fmt": "yuvj420p"}),
        ("hidden_packets.webm", {"codec": "libvpx"}),
        ("vp9.webm", {"codec": "libvpx-vp9"}),
        ("gray.mp4", {"pix_fmt": "gray"}),
        ("ten_bit.mkv", {"codec": "ffv1", "pix_fmt": "yuv420p10le"}),
        ("alpha.mkv", {"codec": "ffv1", "pix_fmt": "bgra"}),
        ("even.gif", {"codec": "gif", "pix_fmt": "rgb8"}),
    ],
)
def test_every_picture_of_a_healthy_file_comes_once_in_order_and_in_time(
    tmp_path: Path, name: str, options: dict[str, object]
) -> None:
    frames, info = read(media.write_video(tmp_path / name, 30, **options))  # type: ignore[arg-type]
    assert [media.number_of(frame.image_bgr) for frame in frames] == list(range(30))
    assert [frame.index for frame in frames] == list(range(30))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(30) / media.FPS, atol=0.0021)
    assert all(f.image_bgr.shape == (media.HEIGHT, media.WIDTH, 3) and f.image_bgr.dtype == np.uint8 for f in frames)
    assert (info.complete, info.reason, info.frames, info.name) == (True, None, 30, name)
    assert info.duration_s == pytest.approx(1.2, abs=0.05)


@pytest.mark.parametrize(("name", "codec", "pix_fmt"), [("v.mp4", "libx264", "yuv420p"), ("v.gif", "gif", "rgb8")])
def test_uneven_times_are_kept(tmp_path: Path, name: str, codec: str, pix_fmt: str) -> None:
    frames, info = read(media.write_video(tmp_path / name, times_s=UNEVEN_S, codec=codec, pix_fmt=pix_fmt))
    np.testing.assert_allclose([frame.time_s for frame in frames], UNEVEN_S, atol=1e-3)
    assert info.complete


def test_time_starts_with_the_stream_and_not_with_the_cameras_clock(tmp_path: Path) -> None:
    frames, info = read(media.write_video(tmp_path / "late.mp4", times_s=[5 + i / 25 for i in range(10)]))
    assert frames[0].time_s == 0.0
    assert info.duration_s == pytest.approx(0.4)


@pytest.mark.parametrize("b_frames", [0, 2])
def test_a_clip_trimmed_by_its_edit_list_is_complete_without_what_was_trimmed(tmp_path: Path, b_frames: int) -> None:
    path = media.write_video(tmp_path / "trimmed.mp4", 30, b_frames=b_frames)
    frames, info = read(media.trim(path, 0.4))
    assert [media.number_of(frame.image_bgr) for frame in frames] == list(range(10, 30))
    assert info.complete, info.reason


@pytest.mark.parametrize(
    ("turn", "corner"), [(0, "top left"), (90, "top right"), (180, "bottom right"), (270, "bottom left")]
)
def test_rotated_recordings_come_upright(tmp_path: Path, turn: int, corner: str) -> None:
    path = media.rotate(media.write_video(tmp_path / "phone.mp4", 3), turn)
    with VideoFile(path) as source:
        promised = source.size_px
        frames = list(source)
    assert media.red_corner(frames[0].image_bgr) == corner
    assert source.info.rotation == turn
    assert (source.info.width, source.info.height) == promised == frames[0].image_bgr.shape[1::-1]
    assert promised == ((media.HEIGHT, media.WIDTH) if turn in {90, 270} else (media.WIDTH, media.HEIGHT))


@pytest.mark.parametrize(
    ("turn", "corner"), [(0, "top right"), (90, "top left"), (180, "bottom left"), (270, "bottom right")]
)
def test_recordings_that_ask_to_be_shown_mirrored_come_mirrored_and_say_so(
    tmp_path: Path, turn: int, corner: str
) -> None:
    frames, info = read(media.rotate(media.write_video(tmp_path / "selfie.mp4", 3), turn, mirrored=True))
    assert media.red_corner(frames[0].image_bgr) == corner
    assert (info.rotation, info.mirrored, info.complete) == (turn, True, True)
    assert not read(media.rotate(tmp_path / "selfie.mp4", turn))[1].mirrored


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_flipped_way_up_is_the_mirror_image_of_the_upright_picture_and_says_so(
    tmp_path: Path, turn: int, mirrored: bool
) -> None:
    path = media.rotate(media.write_video(tmp_path / "selfie.mp4", 3), turn, mirrored=mirrored)
    with VideoFile(path) as source:
        facts, upright = source.facts, list(source)
    with VideoFile(path, replace(facts, upright=facts.upright.flipped())) as source:
        flipped = list(source)
    assert all((a.image_bgr == b.image_bgr[:, ::-1]).all() for a, b in zip(flipped, upright, strict=True))
    assert source.info.mirrored is not mirrored


def write_oblong(path: Path, pixel_aspect: Fraction, size: tuple[int, int]) -> Path:
    width, height = size
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        stream.codec_context.sample_aspect_ratio = pixel_aspect
        for index in range(3):
            container.mux(
                stream.encode(av.VideoFrame.from_ndarray(media.numbered(index, 320, height)[:, :width], "bgr24"))
            )
        container.mux(stream.encode(None))
    return path


def test_oblong_pixels_are_made_square(tmp_path: Path) -> None:
    frames, info = read(write_oblong(tmp_path / "dv.mkv", Fraction(2), (96, 96)))
    assert frames[0].image_bgr.shape == (96, 192, 3)
    assert (info.width, info.height) == (192, 96)


@pytest.mark.parametrize("turn", [0, 90])
@pytest.mark.parametrize(
    ("pixel_aspect", "size"),
    [(Fraction(554, 555), (280, 554)), (Fraction(217, 216), (128, 96)), (Fraction(534, 535), (300, 96))],
)
def test_nearly_square_pixels_stay_as_they_are_and_every_picture_has_the_promised_size(
    tmp_path: Path, pixel_aspect: Fraction, size: tuple[int, int], turn: int
) -> None:
    path = media.rotate(write_oblong(tmp_path / "v.mp4", pixel_aspect, size), turn)
    with av.open(str(path)) as container:
        assert container.streams.video[0].sample_aspect_ratio == pixel_aspect
    with VideoFile(path) as source:
        promised = source.size_px
        sizes = {frame.image_bgr.shape[1::-1] for frame in source}
        info = source.info
    assert sizes == {promised} == {(info.width, info.height)} == {size if turn == 0 else size[::-1]}
    assert info.complete


@pytest.mark.parametrize("b_frames", [0, 3])
def test_an_mp4_cut_off_behind_its_index_says_how_much_is_there(tmp_path: Path, b_frames: int) -> None:
    path = media.write_video(tmp_path / "cut.mp4", 60, faststart=True, b_frames=b_frames)
    frames, info = read(media.cut(path, 0.6))
    assert 10 < len(frames) < 50
    numbers = [media.number_of(frame.image_bgr) for frame in frames]
    assert numbers[:10] == list(range(10))
    assert numbers == [round(frame.time_s * 25) for frame in frames]
    assert not info.complete
    assert info.reason == f"the file ends early: {len(frames)} of 60 pictures are there"


@pytest.mark.parametrize(
    ("name", "options"), [("cut.mkv", {}), ("cut.avi", {"codec": "mjpeg", "pix_fmt": "yuvj420p"}), ("cut.flv", {})]
)
def test_other_containers_that_were_cut_off_say_so(tmp_path: Path, name: str, options: dict[str, object]) -> None:
    path = media.write_video(tmp_path / name, 60, **options)  # type: ignore[arg-type]
    frames, info = read(media.cut(path, 0.6))
    assert 10 < len(frames) < 60
    assert not info.complete
    assert "the file ends early" in str(info.reason)


@pytest.mark.parametrize("zeros", [False, True])
def test_reading_goes_on_after_a_damaged_stretch_and_reports_it(tmp_path: Path, zeros: bool) -> None:
    path = media.write_video(tmp_path / "damaged.mp4", 60, keyframe_every=10)
    frames, info = read(media.damage(path, 0.4, 0.1, zeros=zeros))
    assert media.number_of(frames[-1].image_bgr) == 59
    assert frames[-1].time_s == pytest.approx(59 / 25)
    assert not info.complete
    assert f"{60 - len(frames)} of 60 pictures could not be decoded" in str(info.reason)


def test_a_few_zeroed_bytes_are_reported_even_where_every_picture_comes_out(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "smeared.mp4", 60, keyframe_every=10)
    frames, info = read(media.damage(path, 0.4, 0.005, zeros=True))
    assert len(frames) == 60
    assert (info.complete, info.reason) == (False, "1 picture damaged in the file")


def test_packets_lost_in_a_damaged_container_are_reported(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "damaged.mkv", 200, keyframe_every=40)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 400] = bytes(400)
    path.write_bytes(content)
    frames, info = read(path)
    assert len(frames) < 200
    assert frames[-1].time_s == pytest.approx(199 / 25)
    assert not info.complete
    assert "container is damaged" in str(info.reason)


@pytest.mark.parametrize("to_s", [0.44, 0.2])
def test_a_time_that_repeats_or_goes_back_is_moved_as_little_as_possible(tmp_path: Path, to_s: float) -> None:
    frames, info = read(media.set_back(media.write_video(tmp_path / "clock.mkv", 30), 12, to_s))
    times_s = np.array([frame.time_s for frame in frames])
    expected_s = np.arange(30) / 25
    expected_s[12] = 0.441
    np.testing.assert_allclose(times_s, expected_s, atol=1e-9)
    assert info.reason == "1 time stamp repeated or going back, moved forward"


def test_a_stream_without_times_takes_its_declared_rate_and_says_so(tmp_path: Path) -> None:
    frames, info = read(media.write_video(tmp_path / "raw.h264", 30))
    np.testing.assert_allclose([frame.time_s for frame in frames], np.arange(30) / 25)
    assert info.reason == "the file carries no time stamps; 25 frames per second were assumed"


def test_reading_that_was_stopped_is_not_called_complete(tmp_path: Path) -> None:
    with VideoFile(media.write_video(tmp_path / "v.mp4", 30)) as source:
        next(iter(source))
        assert source.expected_frames == 30
        assert source.info.reason == "reading was stopped after 1 of 30 frames"
        with pytest.raises(RuntimeError, match="read once"):
            next(iter(source))


@pytest.mark.parametrize("name", ["Kniebeuge übung 深蹲.mp4", "100% #1 & more.mp4", "-dash.mp4", "frame%03d.mp4"])
def test_any_file_name_works(tmp_path: Path, name: str) -> None:
    frames, info = read(media.write_video(tmp_path / "plain.mp4", 3).rename(tmp_path / name))
    assert (len(frames), info.name) == (3, name)


def test_a_wrong_suffix_does_not_matter(tmp_path: Path) -> None:
    frames, _ = read(media.write_video(tmp_path / "v.mp4", 3).rename(tmp_path / "v.txt"))
    assert len(frames) == 3


def test_what_is_not_a_video_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "notes.txt").write_text("squat\n" * 100)
    (tmp_path / "list.mp4").write_text("#EXTM3U\n#EXTINF:10,\nother.ts\n#EXT-X-ENDLIST\n")
    cv2.imwrite(str(tmp_path / "photo.jpg"), media.numbered(0))
    assert "got the folder" in refusal(tmp_path)
    assert "no such file" in refusal(tmp_path / "missing.mp4")
    assert "is empty (0 bytes)" in refusal(tmp_path / "empty.mp4")
    assert "only sound" in refusal(media.write_audio(tmp_path / "song.m4a"))
    for name in ("notes.txt", "list.mp4", "photo.jpg"):
        assert "expected a video (mp4, mov, mkv, webm, avi or gif)" in refusal(tmp_path / name)


@needs_posix
def test_a_pipe_is_refused_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    assert "is a pipe or a device" in refusal(tmp_path / "pipe.mp4")


@pytest.mark.parametrize(
    ("name", "codec", "label"),
    [("v.mp4", "libx264", b"avc1"), ("v.mkv", "libx264", b"V_MPEG4/ISO/AVC"), ("v.avi", "mpeg4", b"FMP4")],
)
def test_a_codec_that_nobody_knows_is_refused(tmp_path: Path, name: str, codec: str, label: bytes) -> None:
    path = media.write_video(tmp_path / name, codec=codec)
    content = path.read_bytes()
    assert label in content
    path.write_bytes(content.replace(label, label[:2] + b"Z" * (len(label) - 2)))
    assert "cannot tell how the pictures of" in refusal(path)


@pytest.mark.parametrize("name", ["v.mp4", "v.mkv", "v.avi", "v.ts", "v.flv", "v.webm", "v.gif"])
def test_a_file_cut_off_within_its_first_bytes_is_refused_or_read_as_far_as_it_goes(tmp_path: Path, name: str) -> None:
    codec = {"v.avi": "mpeg4", "v.flv": "flv", "v.webm": "libvpx", "v.gif": "gif"}.get(name, "libx264")
    pix_fmt = "rgb8" if codec == "gif" else "yuv420p"
    path = media.write_video(tmp_path / name, 12, codec=codec, pix_fmt=pix_fmt, faststart=name == "v.mp4")
    content, ends = path.read_bytes(), []
    for length in range(1, 1500, 37):
        path.write_bytes(content[:length])
        try:
            with VideoFile(path) as source:
                assert list(source)
        except VideoError as error:
            ends.append(str(error))
    assert ends
    assert not [words for words in ends if "\n" in words or "only sound" in words or "0 x 0" in words]


def test_a_name_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "v.mp4", 3).rename(tmp_path / os.fsdecode(b"v\xff.mp4"))
    assert "expected a file name in UTF-8, got 'v\\udcff.mp4'" in refusal(path)


def test_an_mp4_without_its_index_is_explained(tmp_path: Path) -> None:
    assert "index is missing" in refusal(media.cut(media.write_video(tmp_path / "v.mp4"), 0.6))


@pytest.mark.parametrize(("name", "flags"), [("n.mkv", ""), ("n.avi", ""), ("n.mp4", ""), ("n.mp4", "empty_moov")])
def test_a_video_without_a_picture_is_refused(tmp_path: Path, name: str, flags: str) -> None:
    with av.open(str(tmp_path / name), "w", options={"movflags": flags} if flags else {}) as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        container.start_encoding()
    assert "no picture at all" in refusal(tmp_path / name)


def test_a_video_in_which_nothing_can_be_decoded_is_refused(tmp_path: Path) -> None:
    path = media.write_video(tmp_path / "rubble.mp4", 30)
    assert "can be decoded" in refusal(media.damage(path, 0.0, 1.0))


@pytest.mark.parametrize("size", [(30, 128), (128, 30)])
def test_absurdly_small_pictures_are_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    with av.open(str(tmp_path / "tiny.mkv"), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        (stream.width, stream.height), stream.pix_fmt = size, "yuvj420p"
        container.mux(stream.encode(av.VideoFrame(*size, "yuvj420p")))
        container.mux(stream.encode(None))
    assert f"has {size[0]} x {size[1]}" in refusal(tmp_path / "tiny.mkv")


def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = media.write_video(tmp_path / "private.mp4", 3)

    def deny(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", deny)
    assert "Permission denied: check its permissions" in refusal(path)


def test_damaged_files_print_nothing_on_stderr(tmp_path: Path) -> None:
    damaged = media.damage(media.write_video(tmp_path / "d.mp4", 60, keyframe_every=10), 0.4, 0.1)
    cut = media.cut(media.write_video(tmp_path / "c.mp4", 60, faststart=True), 0.6)
    program = (
        "import sys\nfrom formcheck.frames.video import VideoFile\n"
        "for path in sys.argv[1:]:\n    with VideoFile(path) as source:\n        print(len(list(source)))\n"
    )
    root = str(Path(__file__).resolve().parents[2])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("OPENCV_")}
    done = subprocess.run(
        [sys.executable, "-c", program, damaged, cut],
        env=environment | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=True,
    )
    assert len(done.stdout.splitlines()) == 2
    assert done.stderr == ""


@pytest.mark.skipif(not (SHARED / "data" / "videos").is_dir(), reason="real recordings are not beside the checkout")
def test_real_recordings_are_complete_and_their_times_are_the_containers() -> None:
    for path in sorted((SHARED / "data" / "videos").glob("*.*")):
        with av.open(str(path)) as container:
            pts = sorted(packet.pts for packet in container.demux(video=0) if packet.pts is not None)
            expected_s = [float((ticks - pts[0]) * container.streams.video[0].time_base) for ticks in pts]
        with VideoFile(path) as source:
            np.testing.assert_allclose([frame.time_s for frame in source], expected_s, atol=1e-6)
        assert source.info.complete, (path.name, source.info.reason)
