"""What one input of ``benchmarks/fuzz.py`` is."""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

#: What a case is made of; both lie beside each other and are never changed.
CLIP, TABLE = "clip.mp4", "landmarks.parquet"


@dataclass(frozen=True)
class Case:
    """What is run: ``formcheck`` with arguments, or a line of bash where ``shell`` is given.

    ``told`` is a signal and after how many seconds it comes; ``codes`` are the exit codes that are right.
    """

    odd: str
    arguments: Sequence[str] = ()
    environment: dict[str, str] = field(default_factory=dict)
    shell: str | None = None
    told: tuple[signal.Signals, float] | None = None
    codes: frozenset[int] = frozenset({0, 1})


def stored(folder: Path, name: str, content: bytes) -> str:
    """Write a file of the case; its name."""
    (folder / name).write_bytes(content)
    return name
