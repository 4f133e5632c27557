"""The GLSL programs in `shaders/`."""

from __future__ import annotations

from importlib import resources


def shader(name: str) -> str:
    """Source of one shader file."""
    return resources.files("formcheck_render").joinpath("shaders", name).read_text(encoding="utf-8")


def shading(materials: str) -> str:
    """The lighting shader for one set of materials, `subject` or `room`."""
    return shader("shade.frag").replace("@MATERIALS@", shader(f"materials_{materials}.glsl"))
