"""Landmark tables that nobody should have to think of."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.fuzz_case import TABLE, Case


def table(rng: random.Random, base: Path, folder: Path) -> Case:
    """A landmark table with columns, numbers or metadata that formcheck did not write."""
    found = pq.read_table(base / TABLE)
    metadata = dict(found.schema.metadata)
    odd, found, metadata = rng.choice(_TABLES)(rng, found, metadata)
    pq.write_table(found.replace_schema_metadata(metadata), folder / "odd.parquet")
    if rng.random() < 0.15:
        content = bytearray((folder / "odd.parquet").read_bytes())
        for _ in range(rng.choice([1, 5, 50])):
            content[rng.randrange(len(content))] ^= 1 << rng.randrange(8)
        (folder / "odd.parquet").write_bytes(content)
        odd += ", bits flipped"
    command = rng.choice([["analyze", "odd.parquet", "--out", "out"], ["export", "odd.parquet", "--out", "out"]])
    return Case(odd, command)


Changed = tuple[str, pa.Table, dict[bytes, bytes]]
_ODD_NUMBERS = (float("nan"), float("inf"), -float("inf"), 1e308, 1e30, -1e9, 0.0, 1e-300, -1.0, 2.5)
_ODD_TEXTS: Sequence[Any] = (
    "", " ",
    "a" * 300, "../../up", "..", "/etc/x", "a\0b", "a\nb", "\ud800", "\x1b[2J", "深蹲", 7, None, True, [], {}, 1e400,
)  # fmt: skip


def _odd_values(rng: random.Random, found: pa.Table, metadata: dict[bytes, bytes]) -> Changed:
    names = rng.sample(found.column_names[1:], rng.choice([1, 5, 150]))
    odd, rows = rng.choice(_ODD_NUMBERS), rng.choice([1, 5, len(found)])
    for name in names:
        values = found[name].to_numpy().astype(float)
        values[rng.sample(range(len(values)), min(rows, len(values)))] = odd
        found = found.set_column(found.column_names.index(name), name, pa.array(values))
    return f"{odd} in {len(names)} columns, {rows} rows", found, metadata


def _odd_times(rng: random.Random, found: pa.Table, metadata: dict[bytes, bytes]) -> Changed:
    time_s = found["time_s"].to_numpy().copy()
    kind = rng.choice(["a gap", "back", "equal", "late", "tiny", "huge", "null"])
    half = len(time_s) // 2
    if kind in {"a gap", "back"}:
        time_s[half:] += rng.choice([10.0, 1e6, 1e12]) * (1 if kind == "a gap" else -1)
    elif kind == "equal":
        time_s[half] = time_s[half - 1]
    else:
        scale = {"late": 1.0, "tiny": 1e-12, "huge": 1e300, "null": float("nan")}[kind]
        time_s = time_s * scale + (1.7e9 if kind == "late" else 0.0)
    index = found.column_names.index("time_s")
    return f"times with {kind}", found.set_column(index, "time_s", pa.array(time_s)), metadata


def _odd_columns(rng: random.Random, found: pa.Table, metadata: dict[bytes, bytes]) -> Changed:
    kind = rng.choice(
        ["fewer rows", "no rows", "one row", "a column less", "a column twice", "text", "half floats", "lists"]
    )
    name = rng.choice(found.column_names)
    index, rows = found.column_names.index(name), len(found)
    values = {"text": ["x"] * rows, "lists": [[1.0]] * rows, "half floats": np.zeros(rows, np.float16)}
    if kind in values:
        found = found.set_column(index, name, pa.array(values[kind]))
    elif kind == "a column less":
        found = found.remove_column(index)
    elif kind == "a column twice":
        found = found.append_column(name, found[name])
    else:
        found = found.slice(0, {"no rows": 0, "one row": 1, "fewer rows": rng.randrange(2, 9)}[kind])
    return f"{kind} ({name})", found, metadata


def _odd_metadata(rng: random.Random, found: pa.Table, metadata: dict[bytes, bytes]) -> Changed:
    key = rng.choice([b"width", b"height", b"model", b"model_sha256", b"video"])
    odd = rng.choice(
        [b"", b"0", b"-3",
         b"9" * 400, b"9" * 5000, b"1e3", b"\xff\xfe", "²".encode(), "٣".encode(), b"[" * 100_000, b"{}",
         b"null", b"NaN", b"\x1b[2J"]
    )  # fmt: skip
    changed = dict(metadata)
    if rng.random() < 0.2:
        changed.pop(key)
        return f"no {key.decode()}", found, changed
    return f"{key.decode()} is {odd[:20]!r}", found, changed | {key: odd}


def _odd_facts(rng: random.Random, found: pa.Table, metadata: dict[bytes, bytes]) -> Changed:
    facts = json.loads(metadata[b"video"])
    key = rng.choice([*facts, "people", "mirrored", "unknown"])
    odd = rng.choice([*_ODD_TEXTS, -1, 10**400, 1e308, float("nan"), 2**70])
    told = json.dumps(facts | {key: odd})
    return f"{key} of the video is {str(odd)[:30]!r}", found, metadata | {b"video": told.encode()}


_TABLES = (_odd_values, _odd_values, _odd_times, _odd_columns, _odd_metadata, _odd_facts)
