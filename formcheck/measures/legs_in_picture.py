"""What a picture from the front or the back shows of legs whose world landmarks hardly bend.

Of a squat on one leg to 70 or 80 degrees, seen from the front, MediaPipe's world landmarks bend the knee by 10 to 40
and leave both feet on the floor. The picture shows more: the hips sink towards a foot that stays where it is, the other
foot goes elsewhere or is in the air all the time, and the hips go over the foot that stays. A free foot ahead of the
body is no higher in the picture than the other one: it is nearer to the camera.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from formcheck.body.pose import ANKLES, HIPS, FloatArray, Pose

#: A leg whose hip is this high above its ankle, in leg lengths, is straight: what it loses from there on is its bend.
STRAIGHT_FROM = 0.9
#: A foot this much higher than the other one, in leg lengths, is in the air: free feet beside the leg that stands 0.12
#: and more, feet of squats on both 0.05 at most.
IN_THE_AIR_RATIO = 0.1
#: A foot that goes this much further than the other one, in leg lengths, is not the one that stands.
FAR_RATIO = 0.1


def _unseen() -> FloatArray:
    return np.full((3, 2, 2), np.nan)


@dataclass(frozen=True, slots=True)
class LegsInPicture:
    """Ankles and hips, (3, 2, 2), at the start, at the bottom and at the end, left and right, in leg lengths: to the
    right of the picture and downwards. NaN where unseen, and all of it in a view that is neither front nor back.
    """

    ankles: FloatArray = field(default_factory=_unseen)
    hips: FloatArray = field(default_factory=_unseen)

    def from_standing(self, standing: Pose, leg_px: float) -> LegsInPicture:
        """The same with a standing posture () at both ends: a foot is lifted before the hips begin to fall."""
        if np.isnan(self.ankles).all():
            return self
        ankles, hips = (standing.pair_px(pair) / leg_px for pair in (ANKLES, HIPS))
        return LegsInPicture(np.stack([ankles, self.ankles[1], ankles]), np.stack([hips, self.hips[1], hips]))

    @property
    def knee_gains_deg(self) -> FloatArray:
        """How much further either knee is bent at the bottom than at the ends, (2,), by how much nearer the hips come
        to the ankle, if thigh and shank are of one length; NaN for a leg that does not stand straight at both ends.
        """
        heights = self.ankles[..., 1] - self.hips[..., 1].mean(axis=-1)[:, None]
        bends_deg = 2 * np.degrees(np.arccos(np.clip(heights, 0.0, 1.0)))
        gains_deg = bends_deg[1] - bends_deg[[0, 2]].mean(axis=0)
        return np.asarray(np.where((heights[[0, 2]] >= STRAIGHT_FROM).all(axis=0), gains_deg, np.nan))

    @property
    def left_up(self) -> FloatArray:
        """How much higher the left ankle is than the right one at the three instants, (3,)."""
        return np.asarray(self.ankles[:, 1, 1] - self.ankles[:, 0, 1])

    @property
    def left_rises(self) -> float:
        """How much higher it is so at the bottom than at the ends."""
        return float(self.left_up[1] - self.left_up[[0, 2]].mean())

    @property
    def apart(self) -> float:
        """How far the ankles are apart across the picture at the bottom, >= 0."""
        return float(abs(self.ankles[1, 0, 0] - self.ankles[1, 1, 0]))

    @property
    def one_sided(self) -> float:
        """How far one foot goes from the other between the ends and the bottom, and the hips from the middle of the
        feet to one of them, added, >= 0: 0 where both feet stay and the hips sink between them.
        """
        between = self.ankles[:, 0] - self.ankles[:, 1]
        aside = (self.hips.mean(axis=1) - self.ankles.mean(axis=1))[:, 0]
        foot = np.linalg.norm(between[1] - between[[0, 2]].mean(axis=0))
        return float(foot + abs(aside[1] - aside[[0, 2]].mean()))

    @property
    def stance(self) -> int | None:
        """The leg that stands, 0 left or 1 right, if one does: the other foot goes far, or is in the air, or else goes
        further, and the hips are on its side of the feet; None where that is unseen.
        """
        low, ends = self.ankles[1], self.ankles[[0, 2]].mean(axis=0)
        own_ways = np.linalg.norm(low - ends, axis=-1)
        to_left = float(np.sign(self.hips[1, 0, 0] - self.hips[1, 1, 0]))
        over_left = to_left * (self.hips[1, :, 0].mean() - low[:, 0].mean())
        if np.isnan(own_ways).any() or np.isnan(over_left):
            return None
        up, left_stays = self.left_up[1], float(own_ways[1] - own_ways[0])
        if abs(left_stays) <= FAR_RATIO and abs(up) > IN_THE_AIR_RATIO:
            return int(up > 0)
        return int((left_stays if abs(left_stays) > FAR_RATIO else left_stays + over_left) < 0)
