"""What a browser may say of a recording: its exercise, where the camera stood, and the limits that judge it."""

from __future__ import annotations

from typing import Literal

Exercise = Literal["auto", "squat", "lunge"]
View = Literal["auto", "front", "back", "side", "oblique"]
ProfileName = Literal["standard", "strict", "performance"]
