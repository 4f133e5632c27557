"""OpenSim's text files, as Sports2D lays them out: markers (``.trc``) and angles (``.mot``).

Where Sports2D and OpenSim differ, the file is one that OpenSim reads: every cell of a row of markers ends in a tab,
since its reader drops an empty last cell otherwise, and ``nColumns`` counts the time. A ``.trc`` has empty cells where
a marker is unseen. A ``.mot`` cannot say that (OpenSim 4.6 refuses an empty cell, and its class Storage drops all that
follows a ``nan`` without a word), and Sports2D fills such cells up: here what has gaps is left out. Times are the
frames' own: OpenSim takes them from their column and needs them to rise, not to be even.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from formcheck.body.pose import BoolArray, FloatArray, Landmark, Pose
from formcheck.export.axes import along_subject
from formcheck.machine.atomic import write_text_atomic
from formcheck.machine.paths import printable
from formcheck.measures.smoothing import median_rate_hz

_HEADINGS = (
    "DataRate",
    "CameraRate",
    "NumFrames",
    "NumMarkers",
    "Units",
    "OrigDataRate",
    "OrigDataStartFrame",
    "OrigNumFrames",
)


def marker_name(landmark: Landmark) -> str:
    """The name of a landmark among Pose2Sim's and Sports2D's markers: ``RKnee``, ``LBigToe``, ``Nose``."""
    words = landmark.name.lower().replace("foot_index", "big_toe").split("_")
    side = "".join(word[0].upper() for word in words if word in {"left", "right"})
    return side + "".join(word.capitalize() for word in words if word not in {"left", "right"})


def write_trc(path: Path, pose: Pose, *, yaw_deg: float) -> None:
    """Write the markers of a recording (T,): metres forward, up and to the right of the subject; empty where unseen.

    The origin is the middle of the hips in every frame, so the hips stand still and the feet move. ``yaw_deg`` tells
    which way is forward; see :mod:`formcheck.export.axes`. Rates in the heading are the median of the recording, 0
    for one frame.

    Raises:
        OutputError: The file cannot be written.
    """
    names = [marker_name(landmark) for landmark in Landmark]
    rate, count = f"{np.nan_to_num(median_rate_hz(pose.time_s)):.6g}", str(len(pose))
    numbers = range(1, len(names) + 1)
    heading = [
        f"PathFileType\t4\t(X/Y/Z)\t{printable(path.name)}",
        "\t".join(_HEADINGS),
        "\t".join([rate, rate, count, str(len(names)), "m", rate, "0", count]),
        "Frame#\tTime\t" + "".join(f"{name}\t\t\t" for name in names),
        "\t\t" + "".join(f"X{number}\tY{number}\tZ{number}\t" for number in numbers),
    ]
    positions_m = along_subject(pose.world_m, yaw_deg).reshape(len(pose), -1)
    rows = [
        f"{frame}\t{time_s:.6f}\t" + "".join(f"{_metres(value)}\t" for value in row)
        for frame, (time_s, row) in enumerate(zip(pose.time_s, positions_m, strict=True))
    ]
    write_text_atomic(path, "\n".join([*heading, *rows]) + "\n")


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a time series a ``.mot`` has not, because something was unseen in it."""

    angles: tuple[str, ...]
    frames: int


def write_mot(path: Path, timeseries: Mapping[str, NDArray[np.generic]]) -> LeftOut:
    """Write the angles of a time series, columns in ``_deg``, under their own names: the largest part without gaps.

    Frames in which an angle of that part is unseen are left out, and so are angles with more gaps than they are worth;
    the frontal plane projection angle, which has no value at the bottom of many repetitions, never costs a frame.

    Raises:
        OutputError: The file cannot be written.
    """
    names = [name for name in timeseries if name.endswith("_deg")]
    angles = np.column_stack([timeseries[name] for name in names]).astype(np.float64)
    projected = np.asarray(["fppa" in name for name in names])
    frames, kept = largest_complete_part(np.where(projected, np.nan, angles))
    kept |= projected & np.isfinite(angles[frames]).all(axis=0)
    table = np.column_stack([timeseries["time_s"], angles[:, kept]]).astype(np.float64)[frames]
    heading = [
        "Coordinates",
        "version=1",
        f"nRows={len(table)}",
        f"nColumns={table.shape[1]}",
        "inDegrees=yes",
        "",
        "Units are S.I. units (second, meters, Newtons, ...)",
        "If the header above contains a line with 'inDegrees', this indicates whether rotational values are in degrees "
        "(yes) or radians (no).",
        "",
        "endheader",
        "\t".join(["time", *(name for name, is_kept in zip(names, kept, strict=True) if is_kept)]),
    ]
    rows = ["\t".join(f"{value:.6f}" for value in row) for row in table]
    write_text_atomic(path, "\n".join([*heading, *rows]) + "\n")
    missing = tuple(name for name, is_kept in zip(names, kept, strict=True) if not is_kept)
    return LeftOut(missing, len(frames) - int(frames.sum()))


def largest_complete_part(values: FloatArray) -> tuple[BoolArray, BoolArray]:
    """Which rows (T,) and columns (K,) of a table have no NaN where they meet, and together hold the most values.

    Columns join by how much they know; of the parts that come about so it is the largest. No rows where nothing is
    known.
    """
    known = np.isfinite(values)
    order = np.argsort(-known.sum(axis=0), kind="stable")
    complete = np.logical_and.accumulate(known[:, order], axis=1)
    most = int(np.argmax(complete.sum(axis=0) * np.arange(1, len(order) + 1)))
    columns = np.zeros(len(order), dtype=np.bool_)
    columns[order[: most + 1]] = True
    return complete[:, most], columns


def _metres(value: float) -> str:
    return "" if np.isnan(value) else f"{value:.6f}"
