"""Every error a user of the renderer can cause, and nothing else.

RenderError                exit code 1, printed as one line
├── GraphicsError          no OpenGL context can be made on this machine
└── ScenarioError          a clip that cannot be made as it is described
"""

from __future__ import annotations


class RenderError(Exception):
    """Base of every error that is reported to the user as one line."""


class GraphicsError(RenderError):
    """No OpenGL 3.3 context can be made on this machine."""


class ScenarioError(RenderError):
    """A clip that cannot be made as it is described."""
