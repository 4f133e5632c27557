"""Cues spoken by the system's own speech: never waited for, never queued up."""

from __future__ import annotations

import importlib
import importlib.util
import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Self

#: Programs that speak what they read: two of Linux, that of macOS, that of Windows.
_PROGRAMS = (
    ("espeak-ng", "-s", "165", "--stdin"),
    ("espeak", "-s", "165", "--stdin"),
    ("say",),
    (
        "powershell",
        "-NoProfile",
        "-Command",
        "Add-Type -AssemblyName System.Speech; "
        "(New-Object System.Speech.Synthesis.SpeechSynthesizer).Speak([Console]::In.ReadToEnd())",
    ),
)
#: What one sentence may take; a speech service that hangs is given up on.
_LONGEST_S = 15.0

#: Says a sentence and returns when it is said, or soon after the event is set.
Voice = Callable[[str, threading.Event], None]

SILENT = "no speech on this machine: install espeak-ng (apt-get install espeak-ng) or pyttsx3 to hear the cues"


def find_voice() -> Voice | None:
    """What says a sentence: pyttsx3 if installed, or a program; None where neither is."""
    if importlib.util.find_spec("pyttsx3") is not None:
        return _say_with_pyttsx3
    for program, *options in _PROGRAMS:
        found = shutil.which(program)
        if found is not None:
            return _Program([found, *options])
    return None


class Speaker:
    """Says sentences in a thread, one at a time; opened and closed with ``with``.

    While one is spoken, only the newest that came since is kept, and a cue is not pushed out by a count.
    """

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._changed = threading.Condition()
        self._next: tuple[str, bool] | None = None
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._speak, name="formcheck-speech", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._changed:
            self._next = None
            self._stop.set()
            self._changed.notify_all()
        self._thread.join(_LONGEST_S)

    def say(self, text: str, *, is_cue: bool) -> None:
        """Say this next, unless a cue is waiting and this is none."""
        with self._changed:
            if self._next is None or is_cue or not self._next[1]:
                self._next = (text, is_cue)
                self._changed.notify_all()

    def _speak(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._next is not None or self._stop.is_set())
                if self._next is None:
                    return
                text, _ = self._next
                self._next = None
            self._voice(text, self._stop)


class _Program:
    def __init__(self, command: list[str]) -> None:
        self._command = command

    def __call__(self, text: str, stop: threading.Event) -> None:
        quiet = subprocess.DEVNULL
        try:
            with subprocess.Popen(  # noqa: S603 - found on the path
                self._command, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet, text=True, encoding="utf-8"
            ) as speaking:
                if speaking.stdin is not None:
                    speaking.stdin.write(text)
                    speaking.stdin.close()
                until_s = time.monotonic() + _LONGEST_S
                while speaking.poll() is None:
                    if stop.wait(0.05) or time.monotonic() > until_s:
                        speaking.kill()
        except OSError:
            return  # the program went away: as silent as a machine without speech


def _say_with_pyttsx3(text: str, _stop: threading.Event) -> None:
    try:
        engine = importlib.import_module("pyttsx3").init()
        engine.say(text)
        engine.runAndWait()
    except (ImportError, OSError, RuntimeError):
        return  # no driver: as silent as a machine without speech
