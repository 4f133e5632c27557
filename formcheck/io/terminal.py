"""The report as a table for the terminal: a row a repetition, then what matters most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from formcheck.checks import Finding, Verdict, worst
from formcheck.io.analysis import Analysis
from formcheck.report import RepReport, SessionReport

#: Colours that differ for the colour-blind as well; the glyph says the same.
STYLES = {Verdict.PASS: "blue", Verdict.WARN: "yellow", Verdict.FAIL: "bold red", Verdict.UNSEEN: "dim"}
GLYPHS = {Verdict.PASS: "✓", Verdict.WARN: "!", Verdict.FAIL: "✗", Verdict.UNSEEN: "–"}
_SHORT_UNITS = {
    "deg": "°",
    "deg above parallel": "°",
    "shank lengths": " sh",
    "foot lengths": " ft",
    "ankle gaps": " gap",
    "%": "%",
}
_UNIT_KEY = "°: degrees (depth: thigh above parallel)   sh: shank lengths   ft: foot lengths   gap: ankle gaps"


def print_analysis(console: Console, analysis: Analysis) -> None:
    """Print the summary of one recording, within 80 columns."""
    console.print(Group(*_parts(analysis)))


def _parts(analysis: Analysis) -> Iterator[RenderableType]:
    report = analysis.report
    yield Text(analysis.recording.video["name"], style="bold")
    yield Text(_headline(report))
    if report.reps:
        yield _table(report)
        yield Text(f"✓ pass  ! warn  ✗ fail  – unseen   {_UNIT_KEY}", style="dim")
        yield from _unseen(report)
    yield from _advice(report)
    if analysis.folder is not None:
        yield Text(f"Files: {analysis.folder}")


def _headline(report: SessionReport) -> str:
    count = report.summary.rep_count
    reps = f"{count} repetition" + ("" if count == 1 else "s")
    view = f"{report.view.plane} view" if report.reps else f"seen from: {report.view.plane}"
    return f"{report.exercise}, {reps}, {view}, profile {report.profile}"


def _table(report: SessionReport) -> Table:
    checks = list(dict.fromkeys(finding.check for finding in report.reps[0].findings))
    judged = [check for check in checks if _any_seen(report.reps, check)]
    with_lead = any(rep.rep.lead_side for rep in report.reps)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), show_edge=False)
    table.add_column("rep", justify="right")
    table.add_column("from–to", justify="right")
    if with_lead:
        table.add_column("lead")
    for check in judged:
        table.add_column(check.replace("_", " "))
    for rep in report.reps:
        lead = [str(rep.rep.lead_side or "?")] if with_lead else []
        cells = [_cell([f for f in rep.findings if f.check == check]) for check in judged]
        table.add_row(str(rep.rep.number), f"{rep.rep.start_s:.1f}–{rep.rep.end_s:.1f} s", *lead, *cells)
    return table


def _any_seen(reps: Sequence[RepReport], check: str) -> bool:
    return any(f.check == check and f.verdict is not Verdict.UNSEEN for rep in reps for f in rep.findings)


def _cell(findings: Sequence[Finding]) -> Text:
    """The worst finding of a check, with its side where two legs were judged."""
    verdict = worst([finding.verdict for finding in findings])
    shown = max(
        (finding for finding in findings if finding.verdict is verdict),
        key=lambda finding: abs(finding.value or 0.0),
    )
    if shown.value is None:
        return Text(GLYPHS[verdict], style=STYLES[verdict])
    digits = 0 if shown.unit.startswith(("deg", "%")) else 2
    side = f" {shown.side[0].upper()}" if shown.side and len(findings) > 1 else ""
    value = f"{shown.value + 0.0:.{digits}f}{_SHORT_UNITS.get(shown.unit, ' ' + shown.unit)}"
    return Text(f"{GLYPHS[verdict]} {value}{side}", style=STYLES[verdict])


def _unseen(report: SessionReport) -> Iterator[Text]:
    """What was not judged, by reason."""
    checks_by_reason: dict[str, dict[str, None]] = {}
    for rep in report.reps:
        for finding in rep.findings:
            if finding.verdict is Verdict.UNSEEN and finding.reason:
                checks_by_reason.setdefault(finding.reason, {})[finding.check.replace("_", " ")] = None
    for reason, checks in checks_by_reason.items():
        yield Text(f"unseen: {', '.join(checks)}: {reason}", style="dim")


def _advice(report: SessionReport) -> Iterator[Text]:
    if not report.reps:
        yield Text("No complete repetition was found: show the whole body, standing before and after.")
        return
    for cue in report.summary.cues:
        yield Text(f"→ {cue}", style="bold")
    if report.summary.form_score is not None:
        yield Text(f"Form score {report.summary.form_score:.0f}: {report.summary.form_score_explanation}.")
    else:
        yield Text("No form score: nothing could be judged from this view.")
