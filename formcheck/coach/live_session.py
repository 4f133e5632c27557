"""One verb: :meth:`LiveSession.update` takes the pose of an instant and says what to show at that instant."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from formcheck.body.pose import Pose
from formcheck.body.view import Plane, View, view_of
from formcheck.checks.profiles import Profile, load_profile
from formcheck.checks.session_report import RepReport
from formcheck.checks.stated import check_stated
from formcheck.coach.cues import CueBoard
from formcheck.coach.form_watch import FormWatch
from formcheck.coach.judge import LiveJudge, SoFar
from formcheck.coach.live_state import LiveState, Stage
from formcheck.coach.notices import Notices
from formcheck.coach.pose_window import PoseWindow
from formcheck.coach.setup import BASELINE_S, placement_advice, standing_still_s, thigh_deg, what_is_judged
from formcheck.measures.correction import Calibration, mediapipe_calibration
from formcheck.measures.footage import with_own_legs
from formcheck.measures.heights import hips_y_px, leg_length_px
from formcheck.measures.reps import Rep, is_past_bottom, phase_under_way
from formcheck.measures.smoothing import smooth_recording
from formcheck.measures.standing import Baseline, baseline

#: Reps are cut and judged this often; what changes from frame to frame (phase, depth) is not slowed by it.
JUDGE_EVERY_S = 0.12
#: A repetition is over once it has ended this long ago: by then it is seen to stay up, or to go down again.
SETTLED_AFTER_S = 0.3
#: A repetition that came back up by less than this part of its fall may have stopped on its way up, or end in a split
#: stance: it is over after so much longer.
HALF_UP, HALF_UP_AFTER_S = 0.7, 2.5
#: The set-up looks at this much of the past.
_LOOK_BACK_S = 0.7
#: So much before what is looked at is smoothed with it, for the filter shows its own start.
_LEAD_IN_S = 0.5
_NOWHERE = View(float("nan"), Plane.UNKNOWN, None)


class LiveSession:
    """The check while somebody squats. One pose after the other goes into :meth:`update`.

    Measures, repetitions and checks are those of :func:`~formcheck.analyze_poses`: the repetition under way is judged
    on causally filtered poses, one that has ended on the last seconds smoothed as a recording is. Memory is bounded
    by the window, about 10 MB, however long the session.

    A session begins with Stage.SETUP, goes on to BASELINE when the body is well in view and to SET when somebody has
    stood still for two seconds. Who begins before that is not held up: a repetition that ends starts the set.

    Args:
        exercise: As in :func:`~formcheck.analyze_poses`.
        view: ``auto`` or the name of a :class:`~formcheck.body.view.Plane` that the user vouches for.
        profile: A profile, its name, or the path of its TOML file.
        calibration: As in :func:`~formcheck.analyze_poses`.
        height_cm: As in :func:`~formcheck.analyze_poses`.

    Raises:
        InputError: The exercise or the view is unknown.
        ProfileError: The profile is unknown or malformed.
    """

    def __init__(
        self,
        exercise: str = "auto",
        view: str = "auto",
        profile: str | Profile = "standard",
        calibration: Calibration | None = None,
        height_cm: float | None = None,
    ) -> None:
        check_stated(exercise, view, height_cm=height_cm)
        self._limits = load_profile(profile) if isinstance(profile, str) else profile
        self._calibration = mediapipe_calibration() if calibration is None else calibration
        self._stated_exercise, self._stated_view, self._height_cm = exercise, view, height_cm
        self._window = PoseWindow()
        self._rep_count = 0
        self.new_baseline()

    def new_baseline(self) -> None:
        """Begin again with the set-up, after a turn or another place; the repetitions so far stay counted."""
        stated = self._stated_exercise, self._stated_view
        self._judge = LiveJudge(*stated, self._limits, self._calibration, self._height_cm)
        self._window.clear()
        self._cues, self._notices, self._form = CueBoard(), Notices(), FormWatch()
        self._deepest_drop = 0.0
        self._stage, self._advice, self._view = Stage.SETUP, "", _NOWHERE
        self._still_s = 0.0
        self._stance: Baseline | None = None
        self._since = self._window.first  # the first pose that may belong to the next repetition, counted from 0
        self._judged_s = float("-inf")
        self._so_far: SoFar | None = None
        self._leg_px = float("nan")
        self._thigh_error_deg = 0.0

    def update(self, pose: Pose) -> LiveState:
        """Take the raw pose ``()`` of one instant and say what to show; or those ``(n,)`` of a few that came together.

        Args:
            pose: As the estimator gives it; :meth:`Pose.unseen` where nobody was found. Times must rise, with whatever
                gaps (a pause is a gap); a picture of another size begins with the set-up again. Of several, what is
                shown is that of the last.

        Returns:
            What to show and say now, and the reports of the repetitions that have just ended.

        Raises:
            ValueError: A time is not later than the one before it.
        """
        if (pose.width_px, pose.height_px) != self._window.size_px:
            self.new_baseline()  # what is known of the stance is in pixels of the other picture
        for instant in [pose] if pose.time_s.ndim == 0 else map(pose.at, range(len(pose))):
            self._window.append(instant)
        time_s = float(self._window.time_s[-1])
        finished: tuple[RepReport, ...] = ()
        is_due = time_s - self._judged_s >= JUDGE_EVERY_S
        if is_due:
            self._judged_s = time_s
            self._leg_px = leg_length_px(self._window.smoothed)
            finished = self._finished(time_s - SETTLED_AFTER_S)
        rep = self._judge.exercise.rep_rule.under_way(*self._since_last(), leg_px=self._leg_px)
        if rep is None:
            self._so_far, self._thigh_error_deg = None, 0.0
        if is_due:
            self._look(time_s, rep, finished)
        return self._state(rep, finished)

    def end(self) -> tuple[RepReport, ...]:
        """The reports of repetitions that ended just before the last pose and were not reported yet: call it once,
        when the set is over.
        """
        return self._finished(float("inf")) if len(self._window) else ()

    def _begin(self) -> int:
        """The index in the window from which on poses may belong to the next repetition."""
        return max(self._since - self._window.first, 0)

    def _since_last(self) -> tuple[Pose, Pose]:
        """The part of the window that may belong to the next repetition, filtered and raw."""
        part = slice(self._begin(), None)
        return self._window.smoothed.at(part), self._window.raw.at(part)

    def _finished(self, by_s: float) -> tuple[RepReport, ...]:
        """The reports of the repetitions that have ended since the last time and ``by_s``."""
        if np.isfinite(by_s) and not self._ended(*self._since_last(), by_s):
            return ()  # smoothing takes time, and is worth it only where the filtered poses show a repetition
        reports: list[RepReport] = []
        while True:
            raw, smoothed = self._settled()
            ended = self._ended(smoothed, raw, by_s)
            if not ended:
                return tuple(reports)
            reports += self._finish(raw, smoothed, ended[0])

    def _settled(self) -> tuple[Pose, Pose]:
        """The part of the window since the last repetition, raw and smoothed as a recording is."""
        time_s, begin = self._window.time_s, self._begin()
        lead_in = int(np.searchsorted(time_s, time_s[begin] - _LEAD_IN_S))
        around = self._window.raw.at(slice(lead_in, None))
        raw = with_own_legs(around, view_of(around, stated=self._stated_view))
        since = slice(begin - lead_in, None)
        return raw.at(since), smooth_recording(raw.masked()).at(since)

    def _ended(self, smoothed: Pose, raw: Pose, by_s: float) -> list[Rep]:
        rule = self._judge.exercise.rep_rule
        found = rule.complete(smoothed, raw, leg_px=self._leg_px, usual_drop=self._deepest_drop)
        self._notices.consider(by_s, found.passed_over)
        return [rep for rep in found.reps if rep.end_s <= by_s - (HALF_UP_AFTER_S if _is_half_up(smoothed, rep) else 0)]

    def _finish(self, raw: Pose, smoothed: Pose, rep: Rep) -> list[RepReport]:
        """The report of a repetition of the part of the window since the last one, which is ``raw`` and
        ``smoothed``; none where it is of no exercise.
        """
        report = self._judge.finish(smoothed, raw, rep)
        first = self._window.first + self._begin()
        self._since = first + rep.end
        if isinstance(report, str):
            self._notices.tell(rep.end_s, report)
            return []
        if self._stance is None:
            self._stance = baseline(smoothed, raw, np.arange(len(raw)) == rep.start)
        self._deepest_drop = float(np.fmax(self._deepest_drop, report.measures["hip_drop_ratio"]))
        self._rep_count += 1
        self._stage = Stage.SET
        counted = replace(report.rep, number=self._rep_count, start=first + rep.start, end=first + rep.end)
        done = replace(report, rep=replace(counted, bottom=first + rep.bottom))
        self._form.add(done)
        return [done]

    def _look(self, time_s: float, rep: Rep | None, finished: tuple[RepReport, ...]) -> None:
        """What is looked at a few times a second: the placement or the repetition so far, and what to say of it."""
        if rep is None:
            self._look_at_stance(time_s)
        else:
            self._look_at_rep(rep)
        for report in finished:
            self._cues.consider(time_s, report.findings, are_final=True)
        if not finished:
            self._cues.consider(time_s, self._so_far.findings if self._so_far else ())

    def _look_at_stance(self, time_s: float) -> None:
        recent = self._window.time_s >= time_s - _LOOK_BACK_S
        self._advice = placement_advice(self._window.smoothed.at(recent))
        self._view = view_of(self._window.raw.at(recent), stated=self._stated_view)
        if self._stage is Stage.SET:
            return
        self._stage = Stage.SETUP if self._advice else Stage.BASELINE
        self._still_s = 0.0 if self._advice else standing_still_s(self._window.smoothed)
        if self._still_s >= BASELINE_S:
            self._stance = baseline(self._window.smoothed, self._window.raw, self._window.time_s >= time_s - BASELINE_S)
            self._stage = Stage.SET

    def _look_at_rep(self, rep: Rep) -> None:
        smoothed, raw = self._since_last()
        so_far = self._judge.so_far(smoothed, raw, rep, is_past_bottom=is_past_bottom(smoothed, rep))
        self._so_far, self._view = so_far, so_far.view
        if self._stance is not None:
            measured_deg = thigh_deg(smoothed.at(-1), self._stance, so_far.lead_side, so_far.view)
            self._thigh_error_deg = so_far.thigh_deg - measured_deg

    def _depth(self, instant: Pose) -> float | None:
        """The depth gauge: the thigh's way from standing to deep enough, corrected as it last was for the checks."""
        if self._stance is None:
            return None
        side = self._so_far.lead_side if self._so_far else None
        now_deg, rest_deg = (thigh_deg(pose, self._stance, side, self._view) for pose in (instant, self._stance.pose))
        error_deg = self._thigh_error_deg if np.isfinite(self._thigh_error_deg) else 0.0
        depth = (rest_deg - now_deg - error_deg) / (rest_deg - self._judge.deep_enough_deg(self._view.plane))
        return float(np.clip(depth, 0.0, 1.0)) if np.isfinite(depth) else None

    def _state(self, rep: Rep | None, finished: tuple[RepReport, ...]) -> LiveState:
        instant = self._window.smoothed.at(-1)
        time_s, so_far = float(instant.time_s), self._so_far
        exercise = so_far.exercise if so_far else self._judge.exercise
        return LiveState(
            time_s=time_s,
            stage=self._stage,
            advice=self._advice or self._notices.showing(time_s),
            judged_here=what_is_judged(self._view, exercise),
            baseline=1.0 if self._stage is Stage.SET else min(self._still_s / BASELINE_S, 1.0),
            view=self._view,
            exercise=exercise.name,
            rep_count=self._rep_count,
            phase=phase_under_way(self._since_last()[0], rep),
            is_in_rep=rep is not None,
            lead_side=so_far.lead_side if so_far else None,
            depth=self._depth(instant),
            findings=so_far.findings if so_far else (),
            readings=so_far.readings if so_far else (),
            cue=self._cues.showing(time_s),
            breaking=self._form.showing(time_s),
            finished=finished,
            pose=instant,
        )


def _is_half_up(smoothed: Pose, rep: Rep) -> bool:
    """Whether the hips came back by less than HALF_UP of their fall from where they were highest before."""
    y_px = hips_y_px(smoothed)
    highest, end, lowest = np.nanmin(y_px[: rep.bottom + 1]), y_px[rep.end], y_px[rep.bottom]
    return bool(lowest - end < HALF_UP * (lowest - highest))
