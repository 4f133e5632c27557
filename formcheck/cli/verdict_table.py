"""A batch in a table for the terminal: its sessions, worst first, and which report to open."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from formcheck.checks.check import FAULTY, RANKS, Verdict
from formcheck.cli.findings_table import GLYPHS, STYLES
from formcheck.machine.locations import is_url, local_path
from formcheck.machine.paths import printable
from formcheck.pages.batch_overview import verdict_of, verdicts_of, worst_first
from formcheck.results.batch_tables import is_batch, read_table
from formcheck.results.folder import PAGE
from formcheck.words.findings import fault_words
from formcheck.words.numbers import score_text

#: So many sessions are shown; all of them are in the results.
_SHOWN = 20
_NOTHING = {Verdict.PASS: "good", Verdict.UNSURE: "too close to call", Verdict.UNSEEN: "nothing could be judged"}


def print_verdicts(console: Console, out: str) -> None:
    """The sessions of the batch in ``out``, and what to open; nothing where it has none."""
    sessions = worst_first(read_table(out, "sessions")) if is_batch(out) else []
    if not sessions:
        return
    console.print(_table(sessions[:_SHOWN]))
    if len(sessions) > _SHOWN:
        console.print(f"and {len(sessions) - _SHOWN} more that are no worse, see summary.csv", markup=False)
    if not is_url(out):
        for line in _to_open(local_path(out), sessions[0]):
            console.print(printable(line), markup=False, soft_wrap=True)


def _table(sessions: Sequence[Mapping[str, Any]]) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    table.add_column("Session", overflow="fold")
    for name in ("Repetitions", "Form score"):
        table.add_column(name, justify="right")
    table.add_column("Verdict")
    for session in sessions:
        score = "–" if session["form_score"] is None else score_text(session["form_score"])
        table.add_row(Text(printable(session["path"])), str(session["rep_count"] or 0), score, _verdict(session))
    return table


def _verdict(session: Mapping[str, Any]) -> Text:
    worst = verdict_of(session)
    if worst not in FAULTY:
        told = _NOTHING[worst] if session["rep_count"] else "no complete repetition"
        return Text(f"{GLYPHS[worst]} {told}", style=STYLES[worst])
    found = [(fault, verdict) for fault, verdict in verdicts_of(session).items() if verdict in FAULTY]
    found.sort(key=lambda pair: -RANKS[pair[1]])
    shown = [Text(f"{GLYPHS[verdict]} {fault_words(fault)}", style=STYLES[verdict]) for fault, verdict in found]
    return Text(", ").join(shown)


def _to_open(batch: Path, worst: Mapping[str, Any]) -> Iterator[str]:
    """How to make a page of all sessions, and where the report of the worst is."""
    yield f"a page of all sessions: {shlex.join(['formcheck', 'report', str(batch)])}"
    page = batch / "sessions" / worst["folder"] / PAGE
    if page.is_file():
        yield f"open {page}"
