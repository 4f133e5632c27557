"""Whether the bytes of a picture can be what a camera wrote, by the rules of H.264 and H.265 for their units."""

from __future__ import annotations

import av


def unit_length_bytes(stream: av.VideoStream) -> int | None:
    """Bytes of the length before each unit of H.264 or H.265 in mp4 and mkv; None for other streams.

    ISO/IEC 14496-15, 5.3.3.1.2 (avcC) and 8.3.3.1.2 (hvcC): lengthSizeMinusOne.
    """
    at = {"h264": 4, "hevc": 21}.get(stream.codec_context.name)
    header = stream.codec_context.extradata or b""
    if at is None or len(header) <= at or header[0] != 1:
        return None
    return int(header[at] & 3) + 1


def are_whole(packet: bytes, length_bytes: int) -> bool:
    """Whether the units of a packet fill it exactly and hold no three zero bytes, which the coding rules out.

    ISO/IEC 14496-10, 7.4.1: 00 00 00 never occurs inside a unit. Some encoders pad behind it, so the end is spared.
    """
    at = 0
    while at + length_bytes < len(packet):
        start = at + length_bytes
        at = start + int.from_bytes(packet[at:start], "big")
        if at == start or at > len(packet) or b"\0\0\0" in packet[start:at].rstrip(b"\0"):
            return False
    return at == len(packet)
