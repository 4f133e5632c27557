"""Times that only go forward, whatever the container says."""

from __future__ import annotations

#: The smallest step a repaired time takes: one tick of MediaPipe's clock.
MIN_STEP_S = 0.001


class FrameClock:
    """Makes the container's times strictly increasing while changing as few of them as possible.

    A time that repeats or goes back once becomes one tick more than the time before it, and the next good time is
    kept as it is. Where the clock restarts (the times after the step back go on rising from there, as in joined
    recordings), the rest is shifted by one constant, so that intervals stay true.

    ``repaired`` counts the times that did not rise; a restart counts its first two.
    """

    def __init__(self) -> None:
        self.repaired = 0
        self._shift_s = 0.0
        self._given_s = float("-inf")
        self._highest_s = float("-inf")  # of the container's times since the last restart
        self._fallen_s: float | None = None

    def next(self, container_s: float) -> float:
        """The time to give to the next frame, in seconds, greater than every one given before."""
        if container_s > self._highest_s:
            time_s = container_s + self._shift_s
            if time_s <= self._given_s:  # closer than the tick that a repaired time took just before
                time_s = self._given_s + MIN_STEP_S
            self._highest_s, self._fallen_s = container_s, None
        elif self._fallen_s is not None and container_s > self._fallen_s:
            self.repaired += 1
            time_s = self._given_s + container_s - self._fallen_s
            self._shift_s = time_s - container_s
            self._highest_s, self._fallen_s = container_s, None
        else:
            self.repaired += 1
            time_s = self._given_s + MIN_STEP_S
            self._fallen_s = container_s
        self._given_s = time_s
        return time_s
