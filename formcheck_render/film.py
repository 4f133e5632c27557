"""From a scenario to its files: NAME.mp4, NAME.truth.json and NAME.truth.parquet."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from formcheck_render.encode import VideoWriter
from formcheck_render.labels import label_rep, limits_as_json
from formcheck_render.scenario import Scenario
from formcheck_render.take import Take, make_take
from formcheck_render.truth import CONVENTIONS, measures, one_leg_measures

SCHEMA_VERSION = 1


def describe(take: Take, rows: list[dict[str, Any]]) -> dict[str, Any]:
    """What NAME.truth.json holds; plain types only."""
    scenario, camera, poser = take.scenario, take.camera, take.poser
    view, projection = camera.matrices()
    return {
        "schema_version": SCHEMA_VERSION,
        "name": scenario.name,
        "note": scenario.note,
        "exercise": scenario.exercise_name,
        "seed": take.seed,
        "video": {
            "fps": scenario.fps,
            "width": scenario.size_px[0],
            "height": scenario.size_px[1],
            "frames": len(rows),
            "duration_s": round(len(rows) / scenario.fps, 4),
        },
        "subject": {
            "body": scenario.body,
            **asdict(scenario.dressed()),
            "shoe_length_m": round(poser.foot_m, 4),
            "thigh_m": round(poser.thigh_m, 4),
            "shank_m": round(poser.shank_m, 4),
            "hip_width_m": round(poser.hip_width_m, 4),
        },
        "camera": {
            "azimuth_deg": round(camera.azimuth_deg, 3),
            "eye_m": camera.eye.tolist(),
            "target_m": camera.target.tolist(),
            "fov_deg": camera.fov_deg,
            "roll_deg": round(float(np.degrees(camera.roll_rad)), 3),
            "shake_ratio": take.shake.size_ratio,
            "view_matrix": view.tolist(),
            "projection_matrix": projection.tolist(),
        },
        "motion": asdict(scenario.exercise),
        "reps": _describe_reps(take, rows),
        "fault_limits": limits_as_json(scenario.exercise_name),
        "conventions": CONVENTIONS,
    }


def _describe_reps(take: Take, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    described = []
    for number, (times, frame) in enumerate(
        zip(take.performance.schedule.reps, take.bottom_frames(), strict=True), start=1
    ):
        moment = take.performance.moments[frame]
        bottom = measures(take.poser, moment.posture, take.camera.eye)
        labels = label_rep(take.scenario.exercise_name, bottom, moment.lead_side)
        described.append(
            {
                "number": number,
                **asdict(times),
                "bottom_frame": rows[frame]["frame"],
                "lead_side": moment.lead_side,
                "faults": labels.faults,
                "borderline": labels.borderline,
                "measures": {
                    name: round(value, 4)
                    for name, value in (bottom | one_leg_measures(bottom, moment.lead_side)).items()
                },
            }
        )
    return described


def write_truth(take: Take, folder: Path) -> dict[str, Any]:
    """Write NAME.truth.json and NAME.truth.parquet; gives what the JSON file holds."""
    rows = take.truth_rows()
    description = describe(take, rows)
    stem = folder / take.scenario.name
    text = json.dumps(description, indent=1, allow_nan=False)
    stem.with_name(stem.name + ".truth.json").write_text(text + "\n", encoding="utf-8")
    types = {"frame": pa.int32(), "rep_number": pa.int32(), "time_s": pa.float64(), "lead_side": pa.string()}
    schema = pa.schema([(name, types.get(name, pa.float32())) for name in rows[0]])
    table = pa.Table.from_pylist(rows, schema=schema)
    pq.write_table(table, stem.with_name(stem.name + ".truth.parquet"), compression="zstd", write_statistics=False)
    return description


def render_clip(scenario: Scenario, folder: Path, seed: int = 0) -> dict[str, Any]:
    """Render one scenario to its three files; gives what the JSON file holds.

    Raises:
        ScenarioError: the scenario cannot be made as it is described.
        GraphicsError: no OpenGL context can be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    take = make_take(scenario, seed)
    path = folder / f"{scenario.name}.mp4"
    with VideoWriter(path, scenario.size_px, scenario.fps, scenario.crf) as video:
        for picture in take.pictures():
            video.write(picture)
    return write_truth(take, folder)


def render_stills(scenario: Scenario, folder: Path, seed: int = 0) -> list[Path]:
    """Render only the bottom of each rep, as NAME_repN.png.

    Raises:
        ScenarioError: the scenario cannot be made as it is described.
        GraphicsError: no OpenGL context can be made.
    """
    folder.mkdir(parents=True, exist_ok=True)
    take = make_take(scenario, seed)
    written = []
    for number, picture in enumerate(take.pictures(take.bottom_frames()), start=1):
        path = folder / f"{scenario.name}_rep{number}.png"
        cv2.imwrite(str(path), picture[..., ::-1])
        written.append(path)
    return written
