"""Ctrl-C and ``kill`` held back for as long as OpenCV chooses among the overloads of a function.

OpenCV tries them one after the other and asks Python for the text of each refusal. Python runs the handler of a signal
that has come meanwhile, there and then; if it raises, as that of Ctrl-C does, there is no text, and OpenCV 5.0.0 reads
it all the same: the process dies of a segmentation fault. Seen in 1 of 240 runs told to end while OpenCV wrote text,
and within 0.4 s in a program that did so while a signal came every 0.1 ms. Opening a video or a camera is such a call;
drawing is not: 60,000 signals within it did no harm.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

#: By which a user ends a program: Ctrl-C, ``kill``, and a terminal that is closed, where the system has that.
ENDING = (signal.SIGINT, signal.SIGTERM, *([signal.SIGHUP] if hasattr(signal, "SIGHUP") else []))


class _State:
    """What the main thread holds; no other thread has handlers to hold."""

    held = False


@contextmanager
def signals_held() -> Iterator[None]:
    """Signals that end the program and come within the block take effect when it is left, each once.

    For calls of OpenCV whose first overload is not the one that is meant, and for steps that belong together. Costs
    26 µs, and 1 µs within another such block, so that a function with many of these calls is best held as a whole. Does
    nothing outside of the main thread, where Python runs no handlers.
    """
    if _State.held or threading.current_thread() is not threading.main_thread():
        yield
        return
    with ExitStack() as holding:
        for number in ENDING:
            holding.enter_context(_held(number))
        _State.held = True
        try:
            yield
        finally:
            _State.held = False


@contextmanager
def _held(number: signal.Signals) -> Iterator[None]:
    if signal.getsignal(number) is None:  # handled by something other than Python, which raises nothing
        yield
        return
    came: list[int] = []
    handler = signal.signal(number, lambda told, _: came.append(told))
    try:
        yield
    finally:
        signal.signal(number, handler)
        if came:
            signal.raise_signal(number)
