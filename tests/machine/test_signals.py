"""Signals that come while OpenCV chooses an overload: they wait, and are neither lost nor the end of the process."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from formcheck.machine.signals import signals_held

HELD = [signal.SIGINT, signal.SIGTERM]

#: Another process sends a signal every 0.1 ms while this one writes; the handler raises within the writing alone.
WRITES_UNDER_SIGNALS = '''
import os, signal, subprocess, sys, time
import numpy as np
from formcheck.draw import text as overlay_text

class Told(Exception): pass

def handler(number, frame):
    while frame is not None:
        if frame.f_code.co_name in ("write", "text_width_px"): raise Told
        frame = frame.f_back

number = signal.Signals[sys.argv[1]]
send = """
import os, sys, time
while os.getppid() == int(sys.argv[1]):
    os.kill(int(sys.argv[1]), int(sys.argv[2]))
    time.sleep(1e-4)
"""
signal.signal(number, handler)
sender = subprocess.Popen([sys.executable, "-c", send, str(os.getpid()), str(int(number))])
image = np.zeros((60, 300, 3), np.uint8)
told = 0
while told < 2000:
    overlay_text.text_width_px.cache_clear()
    overlay_text._stencil.cache_clear()
    try:
        overlay_text.write(image, "Left knee caves in", (5, 5), 20, (255, 255, 255))
        overlay_text.text_width_px("Left knee caves in", 20)
    except Told:
        told += 1
signal.signal(number, signal.SIG_IGN)
sender.kill()
'''


@pytest.fixture(autouse=True)
def handlers_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in HELD}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", HELD)
def test_a_signal_within_the_block_takes_effect_when_it_is_left(number: signal.Signals) -> None:
    order: list[str] = []
    signal.signal(number, lambda *_: order.append("handled"))
    with signals_held():
        signal.raise_signal(number)
        signal.raise_signal(number)
        order.append("within")
    order.append("after")
    assert order == ["within", "handled", "after"]
    signal.raise_signal(number)
    assert order[3:] == ["handled"]  # the handler is back


def test_ctrl_c_is_raised_when_the_block_is_left_and_the_next_block_holds_again() -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    reached = 0
    for _ in range(2):
        try:
            with signals_held():
                signal.raise_signal(signal.SIGINT)
                reached += 1
        except KeyboardInterrupt:
            reached += 10
    assert reached == 22


def test_a_block_within_a_block_holds_until_the_outer_one_is_left() -> None:
    order: list[str] = []
    signal.signal(signal.SIGTERM, lambda *_: order.append("handled"))
    with signals_held():
        with signals_held():
            signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        order.append("within")
    assert order == ["within", "handled"]


def test_an_error_leaves_the_block_and_the_handlers_as_they_were() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with pytest.raises(ValueError, match="mine"), signals_held():
        raise ValueError("mine")
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_other_threads_hold_nothing() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    seen: list[object] = []

    def hold() -> None:
        with signals_held():
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=hold)
    thread.start()
    thread.join()
    assert seen == [signal.SIG_IGN]


@pytest.mark.parametrize("number", HELD)
def test_no_signal_ends_the_process_while_text_is_written(number: signal.Signals) -> None:
    run = subprocess.run(
        [sys.executable, "-c", WRITES_UNDER_SIGNALS, number.name], capture_output=True, text=True, check=False
    )
    assert (run.returncode, run.stderr) == (0, "")
