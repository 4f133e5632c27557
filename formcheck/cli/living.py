"""``formcheck live``: a check while you squat, in a window or as JSON lines."""

from __future__ import annotations

import json
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console

from formcheck.analysis import Settings
from formcheck.checks.session_report import RepReport
from formcheck.cli.findings_table import print_analysis
from formcheck.coach import LiveSession, LiveState, Stage
from formcheck.frames.camera import list_cameras, live_source
from formcheck.frames.newest import NewestFrames
from formcheck.landmarks.estimator import MediaPipeEstimator
from formcheck.landmarks.models import resolve_model
from formcheck.live.loop import LiveMoment, LiveRun
from formcheck.live.recorder import SetRecording
from formcheck.live.screen import LiveWindow
from formcheck.live.speech import SILENT, Speaker, find_voice
from formcheck.machine.signals import ENDING
from formcheck.results.live_json import cue_dict
from formcheck.results.report_json import rep_dict


@dataclass(frozen=True, slots=True)
class LiveOptions:
    """What the command was told, beside how to analyse."""

    source: str
    headless: bool
    mirror: bool
    speak: bool
    show_delay: bool
    record: Path | None
    out: Path


def show_cameras() -> None:
    """Print the cameras of this machine, one a line."""
    cameras = list_cameras()
    for number, name in cameras:
        Console(highlight=False).print(f"{number}  {name}", markup=False)
    if not cameras:
        _talk("no camera was found: connect one, or give a video file with --source FILE")


def live(options: LiveOptions, settings: Settings) -> None:
    """Run a live session until the source ends or somebody ends it; files of a recorded set are written then."""
    model = resolve_model(settings.model)
    session = LiveSession(settings.exercise, settings.view, settings.profile, height_cm=settings.height_cm)
    with ExitStack() as opened:
        recording = opened.enter_context(SetRecording(model, settings))
        if options.record is not None:
            recording.start(options.record)
        window = None if options.headless else opened.enter_context(_window(recording, options))
        frames = opened.enter_context(NewestFrames(live_source(options.source, mirrored=settings.mirrored)))
        speaker = _speaker(opened) if options.speak else None
        run = LiveRun(frames, opened.enter_context(MediaPipeEstimator(model)), session)
        events = Events()
        with _asked_to_end() as asked:
            for moment in run.moments():
                if asked.is_set() or (window is not None and not window.step(run, moment)):
                    break
                if moment is not None:
                    _tell(moment, events if window is None else None, speaker)
                    if window is None:
                        run.delays.add(moment.shot)
                    recording.write(moment.shot.frame, moment.pose, moment.state)
        last = run.last_reports()
        recording.stop(None if run.error is None else str(run.error))
        _conclude(run, recording, events if window is None else None, last)
    if run.error is not None:
        raise run.error


class Events:
    """What ``--headless`` prints: one JSON object a line, when something has changed."""

    def __init__(self) -> None:
        self._setup: tuple[str, ...] = ()
        self._cue_since_s: float | None = None
        self._breaking = ""

    def of(self, state: LiveState) -> Iterator[dict[str, Any]]:
        """The events of one state, in order."""
        setup = (str(state.stage), "" if state.is_in_rep else state.advice, str(state.view.plane))
        if setup != self._setup and not (state.stage is Stage.SET and state.is_in_rep):
            self._setup = setup
            yield {
                "event": "setup",
                "time_s": state.time_s,
                "stage": state.stage,
                "advice": state.advice,
                "view": state.view.plane,
                "judged_here": state.judged_here,
            }
        for report in state.finished:
            yield rep_event(state.time_s, report)
        if state.breaking != self._breaking:
            self._breaking = state.breaking
            if state.breaking:
                yield {"event": "breaking", "time_s": state.time_s, "text": state.breaking}
        if state.cue is not None and state.cue.since_s != self._cue_since_s:
            self._cue_since_s = state.cue.since_s
            yield {"event": "cue", "time_s": state.time_s} | cue_dict(state.cue)


def rep_event(time_s: float, report: RepReport) -> dict[str, Any]:
    """A finished repetition as an event; what it holds is as in ``report.json``."""
    return {"event": "rep", "time_s": time_s} | rep_dict(report)


@contextmanager
def _asked_to_end() -> Iterator[threading.Event]:
    """An event that Ctrl-C and ``kill`` set: they end the set as the key q does.

    An exception in their place would come in the middle of an inference, and MediaPipe does not survive that.
    """
    asked = threading.Event()
    before = {name: signal.signal(name, lambda *_: asked.set()) for name in ENDING}
    try:
        yield asked
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _window(recording: SetRecording, options: LiveOptions) -> LiveWindow:
    return LiveWindow(recording, out=options.out, is_mirrored=options.mirror, shows_delay=options.show_delay)


def _speaker(opened: ExitStack) -> Speaker | None:
    voice = find_voice()
    if voice is None:
        _talk(SILENT)
        return None
    return opened.enter_context(Speaker(voice))


def _tell(moment: LiveMoment, events: Events | None, speaker: Speaker | None) -> None:
    state = moment.state
    if events is not None:
        for event in events.of(state):
            _print_line(event)
    if speaker is None:
        return
    if state.cue is not None and state.cue.since_s == state.time_s:
        speaker.say(state.cue.text, is_cue=True)
    if state.finished:
        speaker.say(str(state.rep_count), is_cue=False)


def _conclude(run: LiveRun, recording: SetRecording, events: Events | None, last: tuple[RepReport, ...]) -> None:
    """The end of the session: an event, or the table of each recorded set, else the count."""
    outcome = run.outcome()
    if events is not None:
        for report in last:
            _print_line(rep_event(report.rep.end_s, report))
        files = [str(analysis.folder) for analysis in recording.analyses]
        reason = None if run.error is None else str(run.error)
        _print_line({"event": "end", "reason": reason, "files": files} | asdict(outcome))
        return
    console = Console(highlight=False)
    for analysis in recording.analyses:
        print_analysis(console, analysis)
    if not recording.analyses:
        console.print(f"{outcome.rep_count} repetition{'s' * (outcome.rep_count != 1)}")


def _print_line(event: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(event, allow_nan=False) + "\n")
    sys.stdout.flush()


def _talk(text: str) -> None:
    Console(stderr=True, soft_wrap=True, highlight=False).print(text, markup=False)
