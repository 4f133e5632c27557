"""OpenGL without a window: the context, and the buffers that the renderer draws into.

moderngl carries no types; everything of it is `Any` here and stays inside this package.
"""

from __future__ import annotations

import os
from typing import Any

import moderngl
import numpy as np
import numpy.typing as npt

from formcheck_render.arrays import Array
from formcheck_render.errors import GraphicsError


def open_context() -> Any:
    """An OpenGL 3.3 context on EGL; Mesa's software renderer unless LIBGL_ALWAYS_SOFTWARE says otherwise.

    Software rendering is the default because its pictures do not depend on the graphics card.

    Raises:
        GraphicsError: the machine has no usable EGL driver.
    """
    os.environ.setdefault("LIBGL_ALWAYS_SOFTWARE", "1")
    settings: dict[str, Any] = {"backend": "egl"}
    try:
        return moderngl.create_context(require=330, standalone=True, **settings)
    except Exception as error:  # glcontext raises bare Exception for a missing library or device
        first_line = str(error).splitlines()[0] if str(error) else type(error).__name__
        msg = (
            f"expected an EGL driver with OpenGL 3.3; got: {first_line}; "
            "install Mesa's (Debian: apt-get install libegl1 libgl1-mesa-dri)"
        )
        raise GraphicsError(msg) from error


def set_uniform(programs: tuple[Any, ...], name: str, value: float | Array | tuple[float, ...]) -> None:
    """Set a number or a vector in every program that has it; a compiler drops the unused ones."""
    for program in programs:
        if name in program:
            program[name].value = float(value) if isinstance(value, int | float) else tuple(float(x) for x in value)


def set_matrix(programs: tuple[Any, ...], name: str, matrix: Array) -> None:
    """Set a 4x4 matrix (for column vectors) in every program that has it."""
    for program in programs:
        if name in program:
            program[name].write(np.ascontiguousarray(matrix.T.astype("f4")).tobytes())


def upload_texture(context: Any, unit: int, image: npt.NDArray[Any]) -> Any:
    """Bind an image (h, w, channels), 0..1, to a texture unit, with mipmaps; keep what is returned."""
    pixels = np.ascontiguousarray((np.clip(image, 0, 1) * 255).astype(np.uint8))
    height, width, channels = pixels.shape
    texture = context.texture((width, height), channels, pixels.tobytes(), alignment=1)
    texture.build_mipmaps()
    texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
    texture.use(unit)
    return texture


class ShadowMap:
    """Depth seen from a light, on a texture unit."""

    def __init__(self, context: Any, size_px: int, unit: int) -> None:
        self._texture = context.depth_texture((size_px, size_px))
        self._texture.compare_func = "<="
        self._texture.repeat_x = self._texture.repeat_y = False
        self._texture.filter = (moderngl.LINEAR, moderngl.LINEAR)
        self._texture.use(unit)
        self._buffer = context.framebuffer(depth_attachment=self._texture)

    def begin(self) -> None:
        """Draw into it from here on."""
        self._buffer.use()
        self._buffer.clear(depth=1.0)


class Layer:
    """A G-buffer and the program that lights it, onto a colour buffer that layers share.

    The lighting quad lies at depth ~1 and passes only where something nearer was drawn, which spares a
    software renderer every block without geometry.
    """

    def __init__(self, context: Any, size_px: tuple[int, int], colour: Any, program: Any, first_unit: int) -> None:
        self._textures = [context.texture(size_px, channels, dtype="f4") for channels in (4, 4, 4, 2)]
        for i, texture in enumerate(self._textures):
            texture.filter = (moderngl.NEAREST, moderngl.NEAREST)
            texture.use(first_unit + i)
            if f"G{i}" in program:
                program[f"G{i}"].value = first_unit + i
        self._depth = context.depth_renderbuffer(size_px)
        self._buffer = context.framebuffer(self._textures, self._depth)
        self.lit = context.framebuffer([colour], self._depth)
        self.lit.depth_mask = False
        corners = np.array([-1, -1, 3, -1, -1, 3], "f4")
        self._quad = context.vertex_array(program, [(context.buffer(corners.tobytes()), "2f", "p")])

    def clear(self) -> None:
        """Forget the last frame."""
        self._buffer.use()
        self._buffer.clear(0, 0, 0, 0)

    def begin(self) -> None:
        """Draw geometry into it from here on."""
        self._buffer.use()

    def light(self) -> None:
        """Shade what was drawn into the shared colour buffer."""
        self.lit.use()
        self._quad.render(vertices=3)
