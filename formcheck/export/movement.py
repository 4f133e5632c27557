"""Poses datasets of the Python package ``movement`` (0.17 and newer), as netCDF files.

``position`` (time, space, keypoint, individual), NaN where unseen, and ``confidence`` (time, keypoint, individual), the
visibility of the landmarks; the attributes are movement's. The files are netCDF 3, which scipy writes and every netCDF
library reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from formcheck.body.pose import FloatArray, Landmark, Pose
from formcheck.errors import FormcheckError
from formcheck.export.axes import along_subject
from formcheck.machine.atomic import atomic_path
from formcheck.measures.smoothing import median_rate_hz

if TYPE_CHECKING:
    from scipy.io import netcdf_file, netcdf_variable

#: Whose keypoints they are: one person is analysed.
INDIVIDUAL = "athlete"


def require_netcdf() -> None:
    """Raise FormcheckError where scipy is not installed."""
    try:
        import scipy.io  # noqa: F401 - an extra, and slow to load
    except ImportError:
        raise FormcheckError(
            "expected scipy for the movement format, got none: install the extra, ./setup export"
        ) from None


def write_pixels(path: Path, pose: Pose, *, source: str) -> None:
    """Write ``image_px`` of a recording (T,): two axes, x to the right and y down, for drawing on the video ``source``.

    Raises:
        OutputError: The file cannot be written.
    """
    _write(path, pose, pose.image_px, unit="pixels", source=source)


def write_metres(path: Path, pose: Pose, *, yaw_deg: float, source: str) -> None:
    """Write the world landmarks of a recording (T,): three axes, those of :mod:`formcheck.export.axes`.

    Raises:
        OutputError: The file cannot be written.
    """
    _write(path, pose, along_subject(pose.world_m, yaw_deg), unit="meters", source=source)


def _write(path: Path, pose: Pose, position: FloatArray, *, unit: str, source: str) -> None:
    from scipy.io import netcdf_file

    rate_hz = median_rate_hz(pose.time_s)
    axes = "xyz"[: position.shape[-1]]
    with atomic_path(path) as temporary, netcdf_file(temporary, "w", version=2) as file:
        for dimension, length in (("time", len(pose)), ("space", len(axes)), ("keypoint", len(Landmark))):
            file.createDimension(dimension, length)
        file.createDimension("individual", 1)
        _put_numbers(file, "time", ("time",), pose.time_s, "f8")  # with a unit, xarray would take them for durations
        _put_words(file, "space", list(axes))
        _put_words(file, "keypoint", [landmark.name.lower() for landmark in Landmark])
        _put_words(file, "individual", [INDIVIDUAL])
        moved = np.moveaxis(position, -1, 1)[..., None]
        _put_numbers(file, "position", ("time", "space", "keypoint", "individual"), moved, "f4", units=unit)
        _put_numbers(file, "confidence", ("time", "keypoint", "individual"), pose.visibility[..., None], "f4")
        _describe(file, ds_type="poses", source_software="formcheck", source_file=source, time_unit="seconds")
        if np.isfinite(rate_hz):
            _describe(file, fps=rate_hz)


def _put_numbers(
    file: netcdf_file, name: str, dimensions: tuple[str, ...], values: FloatArray, kind: str, **attributes: str
) -> None:
    variable = file.createVariable(name, kind, dimensions)
    variable[:] = values
    _describe(variable, **attributes)


def _put_words(file: netcdf_file, dimension: str, words: Sequence[str]) -> None:
    """The labels of a dimension: letters padded with zero bytes, as netCDF 3 has no text."""
    longest = max(map(len, words))
    if f"letters_{longest}" not in file.dimensions:
        file.createDimension(f"letters_{longest}", longest)
    variable = file.createVariable(dimension, "S1", (dimension, f"letters_{longest}"))
    variable[:] = np.asarray(words, dtype=f"S{longest}").view("S1").reshape(len(words), longest)
    _describe(variable, _Encoding="utf-8")


def _describe(described: netcdf_file | netcdf_variable, **attributes: str | float) -> None:
    """Attributes in netCDF are bytes or numbers."""
    for name, value in attributes.items():
        setattr(described, name, value.encode() if isinstance(value, str) else value)
