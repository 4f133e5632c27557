"""The table of readings at the left edge: label, a marker and a value for each side, unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

from formcheck.body.pose import Side
from formcheck.checks.check import Verdict
from formcheck.checks.session_report import Reading
from formcheck.draw.style import PALE, WHITE, Sizes, marker
from formcheck.draw.text import darken, drawable, line_height_px, text_width_px, write
from formcheck.frames.frame import ImageBGR
from formcheck.words.numbers import short_text, sign_and_words

_SIDE_LETTERS = {Side.LEFT: "L", Side.RIGHT: "R", None: ""}

#: Share of the picture's height above which the table ends, and of its width that it may take.
_BOTTOM, _WIDTH_IF_WIDE, _WIDTH_IF_UPRIGHT = 0.6, 0.5, 0.65


@dataclass(frozen=True, slots=True)
class _Cell:
    verdict: Verdict
    side: str
    value: str


@dataclass(frozen=True, slots=True)
class _Row:
    """Readings of one label: one cell, or left and right beside each other."""

    label: str
    unit: str
    cells: tuple[_Cell, ...]


def _rows(readings: tuple[Reading, ...]) -> list[_Row]:
    rows: dict[str, _Row] = {}
    for reading in readings:
        label = drawable(reading.label)
        value, is_seen = short_text(reading.value, reading.unit, reading.cm_per_unit), math.isfinite(reading.value)
        unit = drawable(sign_and_words(reading.unit)[1]) if is_seen and reading.cm_per_unit is None else ""
        before = rows.get(label, _Row(label, unit, ()))
        cell = _Cell(reading.verdict, _SIDE_LETTERS[reading.side], value)
        rows[label] = _Row(label, unit or before.unit, (*before.cells, cell))
    return list(rows.values())


@dataclass(frozen=True, slots=True)
class _Columns:
    """Widths of the table's columns for one type size."""

    size_px: int
    gap_px: int
    label_px: int
    side_px: int
    value_px: int
    unit_px: int
    cells: int

    @classmethod
    def of(cls, rows: list[_Row], size_px: int, *, with_units: bool) -> _Columns:
        def widest(texts: list[str]) -> int:
            return max((text_width_px(text, size_px) for text in texts), default=0)

        values = [cell.value for row in rows for cell in row.cells]
        # Digits differ in width: a column as wide as its text with zeros in it stays put while the numbers run.
        zeros = ["".join("0" if c.isdigit() else c for c in value) for value in values]
        return cls(
            size_px=size_px,
            gap_px=round(0.45 * size_px),
            label_px=widest([row.label for row in rows]),
            side_px=widest([cell.side for row in rows for cell in row.cells]),
            value_px=widest([*zeros, *values, "−000°", "−0.00"]),
            unit_px=widest([row.unit for row in rows]) if with_units else 0,
            cells=max(len(row.cells) for row in rows),
        )

    @property
    def cell_px(self) -> int:
        return round(0.75 * self.size_px) + self.side_px + self.value_px + 2 * self.gap_px

    @property
    def width_px(self) -> int:
        return self.label_px + self.cells * (self.cell_px + self.gap_px) + self.unit_px + self.gap_px


def draw_readings(image_bgr: ImageBGR, sizes: Sizes, readings: tuple[Reading, ...], top: int) -> int:
    """Table of readings at the left edge from ``top`` down; returns its bottom.

    Left and right stand in one row. Too wide: smaller type, then without units, then not at all. Too high: without the
    last rows.
    """
    pad_px = sizes.pad_px
    rows = _rows(readings)
    share = _WIDTH_IF_WIDE if sizes.is_wide else _WIDTH_IF_UPRIGHT
    room_px = round(share * sizes.width_px) - 2 * pad_px
    type_sizes = sorted({round(0.85 * sizes.text_px), sizes.smallest_text_px}, reverse=True)
    options = [(size_px, units) for units in (True, False) for size_px in type_sizes]
    tables = (_Columns.of(rows, size_px, with_units=units) for size_px, units in options if rows)
    columns = next((table for table in tables if table.width_px <= room_px), None)
    if columns is None:
        return top
    row_px = line_height_px(columns.size_px)
    rows = rows[: max(0, int((_BOTTOM * sizes.height_px - top - pad_px) / row_px))]
    if not rows:
        return top
    bottom = top + len(rows) * row_px + pad_px
    darken(image_bgr, 0, top, columns.width_px + 2 * pad_px, bottom)
    for i, row in enumerate(rows):
        _draw_row(image_bgr, columns, row, pad_px, top + pad_px // 2 + i * row_px)
    return bottom


def _draw_row(image_bgr: ImageBGR, columns: _Columns, row: _Row, left: int, top: int) -> None:
    size_px = columns.size_px
    write(image_bgr, row.label, (left, top), size_px, PALE)
    left += columns.label_px + columns.gap_px
    sign_px = round(0.75 * size_px)
    for cell in row.cells:
        marker(image_bgr, cell.verdict, (left + sign_px / 2, top + 0.66 * size_px), 0.36 * size_px)
        write(image_bgr, cell.side, (left + sign_px + columns.gap_px, top), size_px, PALE)
        end = left + columns.cell_px
        write(image_bgr, cell.value, (end - text_width_px(cell.value, size_px), top), size_px, WHITE)
        left = end + columns.gap_px
    if columns.unit_px and row.unit:
        write(image_bgr, row.unit, (left, top), size_px, PALE)
