"""A small batch of dated sessions with loads, written as `formcheck batch` does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from batches import run
from bodies import lunges, squats

from formcheck.body.pose import Pose
from formcheck.landmarks.recording import Recording


def write_recording(path: Path, pose: Pose, model: str = "full") -> Path:
    """Landmarks as a recording."""
    video: dict[str, Any] = {"name": f"{path.stem}.mp4", "frames": len(pose), "duration_s": 4.0, "rotation": 0}
    video |= {"width": pose.width_px, "height": pose.height_px, "complete": True, "reason": None}
    Recording(pose, video, {"name": model, "sha256": "0" * 64}).save(path)
    return path


def change_column(table: Path, name: str, change: Callable[[str], str]) -> list[str]:
    """Change every text of a column of a Parquet file; the new ones."""
    rows = pq.read_table(table)
    texts = [change(text) for text in rows[name].to_pylist()]
    index = rows.schema.get_field_index(name)
    pq.write_table(rows.set_column(index, rows.schema.field(name), pa.array(texts)), table)
    return texts


#: Two athletes. Zoë's left knee caves in as her load grows; the lunges are led by either leg in turn.
ROWS = (
    "path,athlete,date,load_kg",
    "squat_march.parquet,Zoë,2026-03-01,80",
    "squat_january.parquet,Zoë,2026-01-05,40",
    "squat_february.parquet,Zoë,2026-02-02,60",
    "lunge_january.parquet,Zoë,2026-01-06,",
    "lunge_march.parquet,Zoë,2026-03-02,",
    "other.parquet,Max,2026-01-05,100",
)


def write_batch(folder: Path, rows: tuple[str, ...] = ROWS) -> Path:
    """A batch of these recordings; its folder."""
    for name, inward_m in (("january", 0.0), ("february", 0.005), ("march", 0.12)):
        write_recording(folder / f"squat_{name}.parquet", squats(4, knee_inward_m=(inward_m, 0.0)))
    for name in ("january", "march"):
        write_recording(folder / f"lunge_{name}.parquet", lunges(6, yaw_deg=0.0, lead="alternate"))
    write_recording(folder / "other.parquet", squats(1, yaw_deg=90.0))
    manifest = folder / "manifest.csv"
    manifest.write_text("\n".join(rows), encoding="utf-8")
    run(folder / "out", manifest)
    return folder / "out"
