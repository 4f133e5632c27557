"""How a file is opened with FFmpeg: which kinds, under which name, with how many threads, and how large at most."""

from __future__ import annotations

from pathlib import Path

import av

#: Containers that hold recordings. Everything else FFmpeg can open (text as ANSI art, playlists that point to other
#: files or to the network, single pictures) is refused before it is opened.
_CONTAINERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,mpegts,mpeg,flv,asf,h264,hevc,m4v,mpegvideo,ogg,mxf,dv,ivf"
#: Up to this size one thread decodes far faster than a pose is found, for less processor time: docs/speed.md.
_ONE_THREAD_UP_TO_PX = 1920 * 1088
#: A picture may be larger than the file states, as those of browsers that adapt to a network are, up to this.
_GROWS_UP_TO_PX = 1920 * 1088

#: Decoders that guess without a word, made to refuse a picture that breaks the codec's rules or its own checksum. Those
#: of H.264 and MPEG-4 mark what they guessed; nothing makes that of VP8 look.
_REFUSES = {"hevc": "crccheck+explode", "mjpeg": "explode"}


def ffmpeg_name(path: Path) -> str:
    """What to call a file before FFmpeg, which takes what stands before a colon for a protocol."""
    return f"file:{path.absolute()}"


def open_container(path: Path) -> av.container.InputContainer:
    """A file of one of the known containers.

    Raises:
        av.FFmpegError, OSError: It is none, or cannot be read.
    """
    options = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
    return av.open(ffmpeg_name(path), options=options, metadata_errors="replace")


def set_decoder(stream: av.VideoStream, stated_px: int, *, is_strict: bool, one_thread: bool = False) -> None:
    """Choose threads by the size that the file states, and let no picture be decoded that is far larger.

    ``is_strict`` refuses damaged pictures where the decoder would hide them. ``one_thread`` has one whatever the size:
    each further one holds a picture or two more.
    """
    is_small = one_thread or stated_px <= _ONE_THREAD_UP_TO_PX
    stream.codec_context.thread_type = "SLICE" if is_small else "AUTO"
    stream.codec_context.thread_count = 1 if is_small else 0
    stream.codec_context.options = {"max_pixels": str(max(stated_px, _GROWS_UP_TO_PX))}
    refuses = _REFUSES.get(stream.codec_context.name) if is_strict else None
    if refuses:
        stream.codec_context.options |= {"err_detect": refuses}
