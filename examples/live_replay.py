"""What the live check shows, pose by pose and without a camera: python examples/live_replay.py RECORDING FIGURE.png."""

import sys
from pathlib import Path

import matplotlib.pyplot as plt

from formcheck import LiveSession
from formcheck.landmarks.recording import read_recording

recording, figure = sys.argv[1:]
pose, session = read_recording(Path(recording)).pose, LiveSession()
states = [session.update(pose.at(index)) for index in range(len(pose))]
time_s = [state.time_s for state in states]
plt.plot(time_s, [float("nan") if state.depth is None else state.depth for state in states], label="depth gauge")
plt.step(time_s, [state.rep_count for state in states], where="post", label="repetitions counted")
said = ""
for state in states:
    if state.cue is not None and state.cue.text != said:
        said = state.cue.text
        plt.axvline(state.time_s, color="silver", zorder=0)
        plt.text(state.time_s, -0.4, said, fontsize="small", ha="center")
plt.ylim(bottom=-0.6)
plt.xlabel("time, s")
plt.legend()
plt.savefig(figure, bbox_inches="tight")
