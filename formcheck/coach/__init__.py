"""The check while you squat: one raw pose after the other in, what to show and say at that instant out."""

from formcheck.coach.cues import Cue
from formcheck.coach.live_session import LiveSession
from formcheck.coach.live_state import LiveState, Stage

__all__ = ["Cue", "LiveSession", "LiveState", "Stage"]
