"""Where a recording is cut to be worked on side by side.

That depends on the recording alone, and so do results: the number of cores says how many stretches are under way.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, ThreadPoolExecutor, wait
from typing import TypeVar

from formcheck.frames.container import ContainerFacts
from formcheck.frames.reading import assumed_rate

R = TypeVar("R")

#: Shorter recordings stay in one piece: each further piece costs a start and a run-up.
CUT_FROM_S = 6.0
#: Every minute begun has this many, an even number, so that two cores end together.
_A_MINUTE, _MINUTE_S = 2, 60.0
#: Where the container cannot be entered in the middle, each piece is decoded from the start: two are the most.
_WITHOUT_INDEX = 2

#: The first picture of a stretch and the one after its last; None is the end of the recording.
Stretch = tuple[int, int | None]


def stretches_of(facts: ContainerFacts) -> tuple[Stretch, ...]:
    """The stretches of a recording in order, all but the last of the same number of pictures."""
    listed_s = facts.picture_times_s
    span_s = facts.expected_frames / assumed_rate(facts) if listed_s is None else float(listed_s[-1] - listed_s[0])
    count = 1 if span_s < CUT_FROM_S else _A_MINUTE * (1 + int(span_s / _MINUTE_S))
    count = min(count, max(facts.key_frames, _WITHOUT_INDEX) if facts.can_seek else _WITHOUT_INDEX)
    firsts = [facts.expected_frames * number // count for number in range(count)]
    return tuple(zip(firsts, [*firsts[1:], None], strict=True))


def side_by_side(work: Sequence[Callable[[threading.Event], R]], cores: int) -> list[R]:
    """What each piece of work gives, in order, with up to ``cores`` under way; each is told when to stop.

    The first error stops the others and is raised; so does Ctrl-C.
    """
    stop = threading.Event()
    with ThreadPoolExecutor(max_workers=max(1, cores), thread_name_prefix="formcheck-stretch") as threads:
        running = [threads.submit(one, stop) for one in work]
        try:
            _wait_for(running)
        finally:  # one failed, or Ctrl-C: the others must not go on for minutes
            stop.set()
            threads.shutdown(cancel_futures=True)
        for one in running:
            if not one.cancelled() and one.exception() is not None:
                one.result()
        return [one.result() for one in running]


def _wait_for(running: Sequence[Future[R]]) -> None:
    """Wait until all are done or one has failed, in short steps, so that Ctrl-C is heard."""
    while True:
        done, going = wait(running, timeout=0.2, return_when=FIRST_EXCEPTION)
        if not going or any(part.exception() is not None for part in done):
            return
