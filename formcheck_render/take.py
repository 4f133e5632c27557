"""A scenario with everything random decided: the motion, the camera, the room, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from formcheck_render.arrays import Picture
from formcheck_render.camera import Camera, Shake, place_camera
from formcheck_render.character import make_character
from formcheck_render.light import Lighting, resolve_light
from formcheck_render.performance import Performance
from formcheck_render.performers import perform
from formcheck_render.posture import Poser
from formcheck_render.props import prop_vertices
from formcheck_render.renderer import Renderer, Scene
from formcheck_render.room import Room
from formcheck_render.scenario import Scenario
from formcheck_render.textures import make_textures
from formcheck_render.truth import landmark_columns, landmarks, measures

_LENS_BLUR_PX = 0.55


class HandShake:
    """Camera shake: nothing (a tripod) in half of the clips, else a few slow sines."""

    def __init__(self, size_ratio: float | None, rng: np.random.Generator) -> None:
        is_tripod, drawn = rng.random() < 0.5, rng.uniform(0.001, 0.004)
        self.size_ratio = size_ratio if size_ratio is not None else 0.0 if is_tripod else float(drawn)
        self._phase = rng.uniform(0, 6.28, (3, 3))
        self._hertz = np.array([0.35, 0.9, 1.7])

    def at(self, time_s: float) -> Shake:
        """Shift and roll of the picture at a time."""
        right, up, roll = np.sin(2 * np.pi * self._hertz * time_s + self._phase).sum(1) * self.size_ratio
        return Shake(float(right), float(up), float(roll) * 0.5)


@dataclass(frozen=True, slots=True, eq=False)
class Take:
    """A scenario with everything random decided, ready to be drawn."""

    scenario: Scenario
    seed: int
    poser: Poser
    performance: Performance
    camera: Camera
    room: Room
    lighting: Lighting
    shake: HandShake
    look_seed: int

    def truth_rows(self) -> list[dict[str, Any]]:
        """One row a frame: schedule, landmarks, measures."""
        return [self._row(frame) for frame in range(len(self.performance.moments))]

    def _row(self, frame: int) -> dict[str, Any]:
        schedule, moment = self.performance.schedule, self.performance.moments[frame]
        time_s = float(schedule.time_s[frame])
        return {
            "frame": frame,
            "time_s": time_s,
            "rep_number": int(schedule.rep[frame]) + 1,
            "progress_ratio": float(schedule.progress[frame] * schedule.amplitude[frame]),
            "lead_side": moment.lead_side or "",
            **landmark_columns(landmarks(self.poser, moment.posture), self.camera, self.shake.at(time_s)),
            **measures(self.poser, moment.posture, self.camera.eye),
            "solver_residual": moment.residual,
        }

    def bottom_frames(self) -> list[int]:
        """The frame nearest to the bottom of each rep."""
        schedule = self.performance.schedule
        return [int(np.argmin(np.abs(schedule.time_s - rep.bottom_s))) for rep in schedule.reps]

    def pictures(self, frames: Sequence[int] | None = None) -> Iterator[Picture]:
        """(h, w, 3) RGB pictures of the given frames, or of all.

        Raises:
            GraphicsError: no OpenGL context can be made.
        """
        rng = np.random.default_rng(self.look_seed)
        props = prop_vertices(self.performance.props, np.random.default_rng(self.look_seed + 1))
        scene = Scene(self.poser.character, self.room, props, make_textures(rng), self.lighting, self.camera)
        with Renderer(scene) as renderer:
            for frame in range(len(self.performance.moments)) if frames is None else frames:
                posture = self.performance.moments[frame].posture
                shake = self.shake.at(float(self.performance.schedule.time_s[frame]))
                clear = renderer.draw(posture.rotations, posture.heads, shake)
                yield _exposed(clear, self.scenario.grain, rng)


def _exposed(picture: Picture, grain: float, rng: np.random.Generator) -> Picture:
    """Lens blur and sensor noise."""
    blurred = np.asarray(cv2.GaussianBlur(picture, (0, 0), _LENS_BLUR_PX), np.float32)
    noise = rng.standard_normal((*picture.shape[:2], 1), dtype=np.float32)
    exposed: Picture = np.clip(blurred + grain * noise, 0, 255).astype(np.uint8)
    return exposed


def make_take(scenario: Scenario, seed: int = 0) -> Take:
    """Decide everything random and solve the motion; draws nothing yet.

    Raises:
        ScenarioError: the scenario asks for a body that does not exist.
    """
    rng = scenario.generator(seed)
    poser = Poser(make_character(scenario.body, scenario.dressed()))
    motion_rng = np.random.default_rng(int(rng.integers(1 << 30)))
    performance = perform(poser, scenario.exercise, scenario.fps, motion_rng)
    seen_m = scenario.dressed().stature_m + scenario.exercise.raised_m
    camera = place_camera(scenario.view, scenario.size_px, seen_m, scenario.exercise.centre_y_m, rng)
    return Take(
        scenario=scenario,
        seed=seed,
        poser=poser,
        performance=performance,
        camera=camera,
        room=Room(rng, camera.eye),
        lighting=resolve_light(scenario.light, camera.azimuth_deg, rng),
        shake=HandShake(scenario.view.shake_ratio, rng),
        look_seed=int(rng.integers(1 << 30)),
    )
