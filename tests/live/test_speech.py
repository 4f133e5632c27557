"""Speech is never waited for and never queues up."""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path

import pytest

from formcheck.live import speech
from formcheck.live.speech import Speaker, find_voice


class Voice:
    """Says nothing; each sentence lasts until it is let go or speech is stopped."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.began, self._go_on = threading.Semaphore(0), threading.Semaphore(0)
        self.was_stopped = False

    def __call__(self, text: str, stop: threading.Event) -> None:
        self.said.append(text)
        self.began.release()
        while not self._go_on.acquire(timeout=0.01):
            if stop.is_set():
                self.was_stopped = True
                return

    def finish_sentence(self) -> None:
        self._go_on.release()

    def wait_for_sentence(self) -> None:
        assert self.began.acquire(timeout=60)


def test_of_what_came_during_a_sentence_only_the_newest_is_said() -> None:
    voice = Voice()
    with Speaker(voice) as speaker:
        speaker.say("one", is_cue=False)
        voice.wait_for_sentence()
        for text in ("two", "three", "four"):
            speaker.say(text, is_cue=False)
        voice.finish_sentence()
        voice.wait_for_sentence()
        voice.finish_sentence()
    assert voice.said == ["one", "four"]


def test_a_waiting_cue_is_not_pushed_out_by_a_count() -> None:
    voice = Voice()
    with Speaker(voice) as speaker:
        speaker.say("one", is_cue=False)
        voice.wait_for_sentence()
        speaker.say("push your knees out", is_cue=True)
        speaker.say("two", is_cue=False)
        voice.finish_sentence()
        voice.wait_for_sentence()
        voice.finish_sentence()
    assert voice.said == ["one", "push your knees out"]


def test_leaving_breaks_off_the_sentence_and_joins_the_thread() -> None:
    voice = Voice()
    with Speaker(voice) as speaker:
        speaker.say("one", is_cue=False)
        voice.wait_for_sentence()
        speaker.say("two", is_cue=False)
    assert voice.said == ["one"]
    assert voice.was_stopped
    assert "formcheck-speech" not in {thread.name for thread in threading.enumerate()}


def test_without_speech_there_is_no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(speech.shutil, "which", lambda _: None)
    assert find_voice() is None


@pytest.mark.skipif(not shutil.which("tee"), reason="needs the program tee")
def test_a_program_speaks_what_it_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = tmp_path / "spoken"
    monkeypatch.setattr(speech, "_PROGRAMS", (("tee", str(spoken)),))
    monkeypatch.setattr(speech.importlib.util, "find_spec", lambda _: None)
    voice = find_voice()
    assert voice is not None
    voice("push your knees out – 深", threading.Event())
    assert spoken.read_text(encoding="utf-8") == "push your knees out – 深"


@pytest.mark.parametrize("program", ["espeak-ng", "espeak", "say", "powershell"])
def test_a_program_that_is_broken_is_silent(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech.importlib.util, "find_spec", lambda _: None)
    monkeypatch.setattr(speech.shutil, "which", lambda name: f"/nowhere/{name}" if name == program else None)
    voice = find_voice()
    assert voice is not None
    voice("hello", threading.Event())  # the program is not there: nothing happens


def test_a_program_is_ended_when_speech_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speech, "_PROGRAMS", ((sys.executable, "-c", "import time; time.sleep(60)"),))
    monkeypatch.setattr(speech.importlib.util, "find_spec", lambda _: None)
    voice, stop = find_voice(), threading.Event()
    assert voice is not None
    stop.set()
    voice("hello", stop)  # would sleep for a minute
