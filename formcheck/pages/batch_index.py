"""``index.html`` of a batch: all sessions on one self-contained page, in the colours of the report's."""

from __future__ import annotations

import itertools

import numpy as np

from formcheck.checks.check import Worse
from formcheck.pages.batch_overview import FaultCount, Overview, Spread, plain, verdict_of
from formcheck.pages.page import asset, policy, template
from formcheck.pages.plot import Axes, Ink
from formcheck.progress.change import wilson
from formcheck.progress.past_session import check_named
from formcheck.words.numbers import number_text, unit_words

#: Bars of a histogram.
_BARS = 30
#: The index shows histograms two thirds as wide as a report its plots: 10 pixels on the screen.
_LABEL_SIZE = 15.0
#: Values beyond these percentiles do not widen a histogram; they are counted in its outermost bars.
_SHOWN_PERCENT = (1.0, 99.0)


def render_index(overview: Overview, title: str) -> str:
    """The page as HTML text; ``title`` names the batch."""
    from markupsafe import Markup

    style, script = asset("report.css") + asset("index.css"), asset("index.js")
    drawn = [(spread, *_described(spread), Markup(_histogram(spread))) for spread in overview.spreads]  # noqa: S704
    return template("index.html.j2").render(
        title=title,
        overview=overview,
        league=overview.league,
        judged=sum(session["form_score"] is not None for session in overview.league.sessions),
        rates=[(count, _rate(count)) for count in overview.fault_counts],
        spreads=drawn,
        plain=plain,
        verdict_of=verdict_of,
        style=style,
        script=script,
        policy=policy(style, script),
    )


def _rate(count: FaultCount) -> str:
    """The share of judged repetitions, or sessions, with its 95 % interval."""
    one = "session" if count.of_sessions else "repetition"
    if not count.judged:
        return f"not judged in any {one}"
    low, high = wilson(count.faulty, count.judged)
    share = f"{100 * count.faulty / count.judged:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
    return f"{count.faulty} of {count.judged} judged {one}s, {share}"


def _described(spread: Spread) -> tuple[str, str]:
    """The unit in words, and what a histogram shows."""
    low, middle, high = (number_text(value, spread.unit) for value in np.percentile(spread.values, [10, 50, 90]))
    shown = f"{len(spread.values)} values, half of them below {middle}; 80 % from {low} to {high}"
    return unit_words(spread.unit), shown


def _histogram(spread: Spread) -> str:
    low, high = np.percentile(spread.values, _SHOWN_PERCENT)
    limits = [limit for limit in (spread.limit_warn, spread.limit_fail) if limit is not None]
    if check_named(spread.exercise, spread.check).worse is Worse.EITHER:
        limits += [-limit for limit in limits]
    low, high = min(low, *limits, high - 1e-6), max(high, *limits, low + 1e-6)
    counts, edges = np.histogram(np.clip(spread.values, low, high), bins=_BARS, range=(low, high))
    axes = Axes((float(low), float(high)), (0.0, 1.05 * float(max(counts))), text=_LABEL_SIZE)
    axes.columns(itertools.pairwise(edges.tolist()), Ink.LEFT, counts.tolist())
    axes.x_numbers()
    _shade(axes, spread)
    return axes.svg(f"{spread.exercise}-{spread.plane}-{spread.check}-")


def _shade(axes: Axes, spread: Spread) -> None:
    """Where the limits call a value a fault, on the side or sides on which it gets worse."""
    worse = check_named(spread.exercise, spread.check).worse
    warn, fail = spread.limit_warn, spread.limit_fail
    if warn is None:
        return
    directions = {Worse.ABOVE: (1,), Worse.BELOW: (-1,), Worse.EITHER: (1, -1)}[worse]
    for direction in directions:
        end = axes.x[1] if direction > 0 else axes.x[0]
        sign = direction if worse is Worse.EITHER else 1
        begin, middle = sign * warn, sign * (fail if fail is not None else warn)
        axes.columns([(begin, middle)], Ink.WARN_AREA)
        axes.columns([(middle, end)], Ink.FAIL_AREA)
