"""The report as a table for the terminal: a row a repetition, then what matters most."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

from rich import box
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from formcheck.analysis import Analysis
from formcheck.checks.check import FAULTY, Finding, Verdict, worst_verdict
from formcheck.checks.exercises import NO_EXERCISE, check_row
from formcheck.checks.session_report import RepReport, SessionReport
from formcheck.machine.paths import printable
from formcheck.results.folder import ANNOTATED, LANDMARKS
from formcheck.words.findings import (
    error_words,
    filming_notes,
    person_words,
    reading_words,
    reps_words,
    unseen_because,
)
from formcheck.words.joined import joined_lines, planes_of
from formcheck.words.numbers import meanings, number_text, score_text, sign_and_words
from formcheck.words.plan import plan_lines
from formcheck.words.sets import set_lines, set_title

if TYPE_CHECKING:
    from formcheck.session import SessionAnalysis

#: Colours that differ for the colour-blind as well; the glyph says the same.
STYLES = {
    Verdict.PASS: "blue",
    Verdict.UNSURE: "bright_black",
    Verdict.WARN: "yellow",
    Verdict.FAIL: "bold red",
    Verdict.UNSEEN: "dim",
}
GLYPHS = {Verdict.PASS: "✓", Verdict.UNSURE: "≈", Verdict.WARN: "!", Verdict.FAIL: "✗", Verdict.UNSEEN: "–"}
#: Between two columns of the table: the padding and the place of the line.
_GAP = 2
#: So many movements that are no repetition are told one by one.
_NOT_COUNTED_AT_MOST = 5


def print_analysis(console: Console, analysis: Analysis) -> None:
    """Print the summary of one recording, within 80 columns."""
    console.print(Group(*_parts(analysis, console.width)))


def print_session(console: Console, session: SessionAnalysis) -> None:
    """Print the summary of a session of several recordings, within 80 columns."""
    console.print(Group(*_session_parts(session, console.width)))


def _session_parts(session: SessionAnalysis, width: int) -> Iterator[RenderableType]:
    yield Text(printable(f"{session.name}: {', '.join(session.names)}"), style="bold")
    yield Text(_headline(session.report))
    yield from (Text(printable(line)) for line in joined_lines(session.report))
    yield from _told(session.report, width)
    if session.folder is not None:
        below = [f"{part.folder.name}/" for part in session.parts if part.folder is not None]
        yield Text(f"Files in {printable(str(session.folder))}: {', '.join([*session.files, *below])}")


def _parts(analysis: Analysis, width: int) -> Iterator[RenderableType]:
    report = analysis.report
    yield Text(printable(analysis.recording.video["name"]), style="bold")
    yield Text(_headline(report))
    if who := person_words(analysis.recording.video):
        yield Text(f"{who}.")
    yield from _told(report, width)
    if analysis.folder is not None:
        yield Text(f"Files in {printable(str(analysis.folder))}: {', '.join(analysis.files)}")
        if LANDMARKS not in analysis.files:
            yield Text("No annotated video: a landmark table holds no pictures to draw on.")
        if ANNOTATED not in analysis.files and (analysis.folder / ANNOTATED).exists():
            yield Text("The annotated.mp4 there is of an earlier analysis.")


def _told(report: SessionReport, width: int) -> Iterator[RenderableType]:
    if report.reps:
        yield from _tables(report, width)
        yield Text("✓ pass  ≈ too close to call  ! warn  ✗ fail  – unseen", style="dim")
        yield from (Text(meaning, style="dim") for meaning in meanings(_judged_units(report), report.height_cm))
        if errors := _uncertainties(report):
            yield Text(errors, style="dim")
        yield from _sets(report)
        yield from _unseen(report)
        yield from _not_counted(report)
    yield from _advice(report)


def _headline(report: SessionReport) -> str:
    count = report.summary.rep_count
    reps = f"{count} repetition" + ("" if count == 1 else "s")
    seen = " and ".join(planes_of(report))
    view = f"{seen} view" if report.reps else f"seen from: {seen}"
    what = "no squat or lunge" if report.exercise == NO_EXERCISE.name else f"{report.exercise}, {reps}"
    return f"{what}, {view}, profile {printable(report.profile)}"


def _tables(report: SessionReport, width: int) -> Iterator[Table]:
    """The repetitions with as many checks side by side as fit without breaking a value; the rest follows below."""
    rows = [rep.rep for rep in report.reps]
    fixed = [_Column("rep", [Text(str(row.number)) for row in rows], "right")]
    fixed.append(_Column("from–to, s", [Text(f"{row.start_s:.1f}–{row.end_s:.1f}") for row in rows], "right"))
    if any(row.lead_side for row in rows):
        fixed.append(_Column("lead", [Text(str(row.lead_side or "?")) for row in rows]))
    checks = dict.fromkeys(f.check for rep in report.reps for f in rep.findings if not _is_aside(f))
    judged = [_check_column(report.reps, check) for check in checks if _any_seen(report.reps, check)]
    for columns in _side_by_side(judged, width - sum(column.width for column in fixed)):
        table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_edge=False)
        for column in (*fixed, *columns):
            table.add_column(column.header, justify=column.justify, min_width=column.width - _GAP)
        for cells in zip(*(column.cells for column in (*fixed, *columns)), strict=True):
            table.add_row(*cells)
        yield table


def _is_aside(finding: Finding) -> bool:
    """Whether a value is neither judged nor part of the score: the page has it, the table is for what matters."""
    return finding.limit_warn is None and not check_row(finding.check).is_scored


class _Column(NamedTuple):
    header: str
    cells: list[Text]
    justify: Literal["left", "right"] = "left"

    @property
    def width(self) -> int:
        """Its widest cell or word of the header, and the space to the next column."""
        return max(*(cell.cell_len for cell in self.cells), *map(len, self.header.split())) + _GAP


def _check_column(reps: Sequence[RepReport], check: str) -> _Column:
    cells = [_cell([finding for finding in rep.findings if finding.check == check]) for rep in reps]
    _, unit_words = sign_and_words(
        next(finding.unit for rep in reps for finding in rep.findings if finding.check == check)
    )
    name, unit_lines = check_row(check).title, f"({unit_words})".split() if unit_words else []
    return _Column("\n".join((name, *unit_lines)), cells)


def _judged_units(report: SessionReport) -> set[str]:
    return {f.unit for rep in report.reps for f in rep.findings if f.verdict is not Verdict.UNSEEN}


def _uncertainties(report: SessionReport) -> str:
    """How far the values may be off, by check, the largest of the session; empty where nothing is known."""
    largest: dict[str, tuple[float, str]] = {}
    for finding in (f for rep in report.reps for f in rep.findings):
        if finding.value is not None and finding.uncertainty is not None:
            known = max(finding.uncertainty, largest.get(finding.check, (0.0, ""))[0])
            largest[finding.check] = known, finding.unit
    shown = (f"{check_row(check).title} {number_text(error, unit)}" for check, (error, unit) in largest.items())
    return f"± (standard error): {', '.join(shown)}" if largest else ""


def _side_by_side(columns: Sequence[_Column], width: int) -> Iterator[list[_Column]]:
    """The columns in groups that fit into the width; a group holds at least one."""
    group: list[_Column] = []
    for column in columns:
        if group and sum(c.width for c in group) + column.width > width:
            yield group
            group = []
        group.append(column)
    yield group


def _any_seen(reps: Sequence[RepReport], check: str) -> bool:
    return any(f.check == check and f.verdict is not Verdict.UNSEEN for rep in reps for f in rep.findings)


def _cell(findings: Sequence[Finding]) -> Text:
    """The worst finding of a check, with its side where two legs were judged; nothing where another view judges it."""
    if not findings:
        return Text("")
    verdict = worst_verdict([finding.verdict for finding in findings])
    shown = max(
        (finding for finding in findings if finding.verdict is verdict),
        key=lambda finding: abs(finding.value or 0.0) if finding.excess is None else finding.excess,
    )
    if shown.value is None:
        return Text(GLYPHS[verdict], style=STYLES[verdict])
    side = f" {shown.side[0].upper()}" if shown.side and len(findings) > 1 else ""
    return Text(f"{GLYPHS[verdict]} {number_text(shown.value, shown.unit)}{side}", style=STYLES[verdict])


def _unseen(report: SessionReport) -> Iterator[Text]:
    """What was not judged, by reason, and what is to be known of how it was filmed."""
    for note, numbers in filming_notes(report.reps).items():
        yield Text(f"{reps_words(numbers, len(report.reps))}: {note}", style="dim")
    for checks, reason in unseen_because(report.reps):
        yield Text(f"unseen: {checks}: {reason}", style="dim")


def _sets(report: SessionReport) -> Iterator[Text]:
    """The pace of each set, what of its velocity was lost, and what changed within it."""
    for one in report.sets:
        if len(report.sets) > 1:
            yield Text(set_title(one), style="bold")
        yield from map(Text, set_lines(report, one))


def _not_counted(report: SessionReport) -> Iterator[Text]:
    """What went down and up beside the repetitions and is none."""
    for other in report.passed_over[:_NOT_COUNTED_AT_MOST]:
        yield Text(f"not counted: {other.start_s:.1f}–{other.end_s:.1f} s: somebody {other.reason}", style="dim")
    if (more := len(report.passed_over) - _NOT_COUNTED_AT_MOST) > 0:
        yield Text(f"not counted: {more} more", style="dim")


def _worst(report: SessionReport, cue: str) -> Iterator[str]:
    """What is farthest off of what a cue is about, in words."""
    found = [(rep, f) for rep in report.reps for f in rep.findings if f.cue == cue and f.verdict in FAULTY]
    if found:
        rep, finding = max(found, key=lambda pair: pair[1].excess or 0.0)
        yield f"  {reading_words(finding)}{error_words(finding)} in repetition {rep.rep.number}"


def _advice(report: SessionReport) -> Iterator[Text]:
    if not report.reps:
        yield Text(report.summary.reason or "", style="bold")
        return
    for cue in report.summary.cues:
        yield Text(f"→ {cue}", style="bold")
        yield from map(Text, _worst(report, cue))
    yield from (Text(f"{number}. {line}") for number, line in enumerate(plan_lines(report), 1))
    if report.summary.form_score is not None:
        explanation = report.summary.form_score_explanation.replace("_", " ")
        yield Text(f"Form score {score_text(report.summary.form_score)}: {explanation}.")
    else:
        yield Text("No form score: not enough could be judged from this view.")
