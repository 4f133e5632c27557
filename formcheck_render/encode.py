"""H.264 files that a browser plays: yuv420p, even size, index first."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

import av

from formcheck_render.arrays import Picture
from formcheck_render.errors import ScenarioError


class VideoWriter:
    """Writes RGB pictures to an MP4 file; the file gets its name only when the `with` block ends well.

    One encoder thread, so that the same pictures give the same bytes.

    Raises:
        ScenarioError: width or height is odd, which yuv420p cannot hold.
    """

    def __init__(self, path: Path, size_px: tuple[int, int], fps: int, crf: int) -> None:
        if size_px[0] % 2 or size_px[1] % 2:
            msg = f"expected an even width and height; got {size_px[0]}x{size_px[1]}; change the scenario's size_px"
            raise ScenarioError(msg)
        self._path = path
        self._partial = path.with_name(path.name + ".part")
        self._container = av.open(
            str(self._partial), "w", format="mp4", options={"movflags": "+faststart", "fflags": "+bitexact"}
        )
        self._stream = self._container.add_stream("libx264", rate=fps)
        self._stream.width, self._stream.height = size_px
        self._stream.pix_fmt = "yuv420p"
        self._stream.options = {"crf": str(crf), "preset": "medium", "threads": "1"}

    def __enter__(self) -> VideoWriter:
        return self

    def write(self, picture: Picture) -> None:
        """Append one picture (h, w, 3), RGB."""
        frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
        self._container.mux(self._stream.encode(frame))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._container.mux(self._stream.encode(None))
        self._container.close()
        if kind is None:
            self._partial.replace(self._path)
        else:
            self._partial.unlink(missing_ok=True)  # a muxer that wrote nothing has made no file
