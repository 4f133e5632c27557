from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from formcheck.body.parts import BodyPart
from formcheck.body.pose import HIPS, KNEES, SIDES, TOES, Landmark, Pose, Side
from formcheck.body.view import Plane, View
from formcheck.checks.check import Finding, Verdict
from formcheck.checks.session_report import FrameState, Reading
from formcheck.draw.overlay import Overlay
from formcheck.draw.panels import rep_words, view_caption
from formcheck.draw.skeleton import PartVerdicts, part_verdicts, toe_line_sides, toe_line_verdict
from formcheck.draw.style import LOOKS, NEUTRAL, Colour, Sizes, dashes
from formcheck.draw.text import drawable, fit, text_width_px
from formcheck.frames.frame import ImageBGR
from formcheck.measures.reps import Phase

WIDTH, HEIGHT = 640, 480
SIZES = [(108, 192), (320, 240), (480, 854), (1280, 720), (3840, 2160)]
CUE = "Push your knees out, in line with your second and third toe."
WARN_COLOUR, FAIL_COLOUR = LOOKS[Verdict.WARN].colour, LOOKS[Verdict.FAIL].colour

#: A person from the front, knees inside the toes, in shares of the picture; (left, right) x mirror about the middle.
FRONT = {
    "SHOULDER": (0.06, 0.35),
    "ELBOW": (0.1, 0.45),
    "WRIST": (0.09, 0.55),
    "HIP": (0.04, 0.56),
    "KNEE": (0.04, 0.72),
    "ANKLE": (0.05, 0.88),
    "HEEL": (0.05, 0.9),
    "FOOT_INDEX": (0.09, 0.93),
}


def person(width: int = WIDTH, height: int = HEIGHT) -> Pose:
    image_px = np.full((33, 2), np.nan)
    for name, (offset, y) in FRONT.items():
        image_px[Landmark[f"LEFT_{name}"]] = (0.5 + offset) * width, y * height
        image_px[Landmark[f"RIGHT_{name}"]] = (0.5 - offset) * width, y * height
    return replace(Pose.unseen(0.0, width, height), image_px=image_px)


def without(pose: Pose, landmarks: Sequence[Landmark]) -> Pose:
    image_px = pose.image_px.copy()
    image_px[list(landmarks)] = np.nan
    return replace(pose, image_px=image_px)


def finding(
    fault: str, verdict: Verdict, side: Side | None = None, *, cue: str = CUE, limit: float | None = 0.1
) -> Finding:
    return Finding(fault, fault, side, 0.2, None, "shank lengths", limit, limit, 0.0, verdict, None, 1.0, cue, "test")


VALGUS = finding("knee_valgus", Verdict.FAIL, Side.RIGHT)
READINGS = (
    Reading("knee valgus", 0.02, "shank lengths", Side.LEFT, Verdict.PASS),
    Reading("knee valgus", 0.17, "shank lengths", Side.RIGHT, Verdict.FAIL),
    Reading("depth", 12.3, "deg above parallel", None, Verdict.WARN),
    Reading("trunk lean", float("nan"), "deg", None, Verdict.UNSEEN),
)
STANDING = FrameState(
    exercise="squat",
    view=View(0.0, Plane.FRONT, None),
    phase=Phase.STANDING,
    rep_number=0,
    reps_done=1,
    reps_total=5,
    lead_side=None,
    readings=(),
    active=(),
    findings=(),
)
FAULTY = replace(STANDING, phase=Phase.ECCENTRIC, rep_number=2, readings=READINGS, active=(VALGUS,), findings=(VALGUS,))


def blank(width: int = WIDTH, height: int = HEIGHT, level: int = 128) -> ImageBGR:
    return np.full((height, width, 3), level, dtype=np.uint8)


def drawn(
    state: FrameState,
    pose: Pose | None = None,
    *,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    level: int = 128,
    caption: str | None = None,
    who: str = "",
) -> ImageBGR:
    image = blank(*size, level)
    Overlay(*size, caption=caption, who=who).draw(image, person(*size) if pose is None else pose, state)
    return image


def of_colour(image: ImageBGR, colour: Colour) -> NDArray[np.bool_]:
    return np.asarray((image == np.array(colour, dtype=np.uint8)).all(axis=-1))


def changed(a: ImageBGR, b: ImageBGR) -> NDArray[np.bool_]:
    return np.asarray((a != b).any(axis=-1))


def around(pose: Pose, landmark: Landmark, image: ImageBGR, radius: int = 12) -> ImageBGR:
    x, y = pose.px(landmark).astype(int)
    return image[y - radius : y + radius, x - radius : x + radius]


def banner_rows(image: ImageBGR, colour: Colour) -> int:
    """Rows in which the colour reaches the right edge of the picture."""
    return int(of_colour(image, colour)[:, -2:].all(axis=1).sum())


def test_nobody_and_nothing_to_say_leaves_the_picture_below_the_status_line_alone() -> None:
    image = drawn(STANDING, Pose.unseen(0.0, WIDTH, HEIGHT))
    assert not changed(image, blank())[60:].any()
    assert changed(image, blank())[:60, :200].any()


def test_an_unseen_knee_takes_thigh_shank_and_toe_line_with_it_and_leaves_the_other_leg() -> None:
    pose = person()
    half = without(pose, [Landmark.LEFT_KNEE])
    image, plain = drawn(FAULTY, half), drawn(FAULTY, Pose.unseen(0.0, WIDTH, HEIGHT))
    x, y = pose.px(Landmark.LEFT_KNEE).astype(int)
    assert not changed(image, plain)[y - 20 : y + 20, x - 15 :].any()
    assert changed(image, plain)[y - 20 : y + 20, : WIDTH // 2].any()


@pytest.mark.parametrize("landmark", [*HIPS, *KNEES, *TOES, Landmark.LEFT_SHOULDER, Landmark.RIGHT_WRIST])
def test_any_landmark_may_be_unseen(landmark: Landmark) -> None:
    pose = person()
    assert changed(drawn(FAULTY, without(pose, [landmark])), drawn(FAULTY, pose)).any()


def test_landmarks_far_outside_the_picture_draw_without_error() -> None:
    pose = person()
    pose.image_px[Landmark.LEFT_KNEE] = (1e9, -1e9)
    assert changed(drawn(FAULTY, pose), blank()).any()


def test_the_same_state_gives_the_same_picture_whatever_was_drawn_before() -> None:
    overlay = Overlay(WIDTH, HEIGHT, caption="a.mp4")
    first, other, again = blank(), blank(), blank()
    overlay.draw(first, person(), FAULTY)
    overlay.draw(other, person(), STANDING)
    overlay.draw(again, person(), FAULTY)
    assert (first == again).all()
    assert changed(first, other).any()


def test_a_pose_of_another_picture_size_is_scaled_to_the_picture() -> None:
    assert (drawn(FAULTY, person(2 * WIDTH, 2 * HEIGHT)) == drawn(FAULTY)).all()


def test_a_picture_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match=r"must have shape \(480, 640, 3\)"):
        Overlay(WIDTH, HEIGHT).draw(blank(HEIGHT, WIDTH), person(), STANDING)


@pytest.mark.parametrize("size", SIZES)
def test_the_banner_shows_only_while_a_fault_is_present(size: tuple[int, int]) -> None:
    assert banner_rows(drawn(FAULTY, size=size), FAIL_COLOUR) >= Sizes(*size).text_px
    assert banner_rows(drawn(replace(FAULTY, active=()), size=size), FAIL_COLOUR) == 0


def test_the_banner_tells_the_first_fault_and_no_other() -> None:
    second = finding("asymmetry", Verdict.WARN, cue="Stay centred.")
    one, two = drawn(FAULTY), drawn(replace(FAULTY, active=(VALGUS, second)))
    assert (one == two).all()
    assert banner_rows(drawn(replace(FAULTY, active=(second, VALGUS))), WARN_COLOUR) > 0


@pytest.mark.parametrize("size", SIZES)
def test_nothing_but_the_body_moves_when_a_banner_comes(size: tuple[int, int]) -> None:
    """The rows of the status line and, in upright pictures, those of the table stay where they are."""
    nobody = Pose.unseen(0.0, *size)
    state = replace(FAULTY, active=(finding("depth", Verdict.WARN, cue="Deeper."),))
    with_banner, without_banner = drawn(state, nobody, size=size), drawn(replace(state, active=()), nobody, size=size)
    rows = np.flatnonzero(changed(with_banner, without_banner).any(axis=1))
    sizes = Sizes(*size)
    assert rows.max() - rows.min() < 0.3 * size[1]
    if size[0] > size[1] > 400:
        status_right = np.flatnonzero(changed(without_banner, blank(*size))[2])[-1]
        assert not changed(with_banner, without_banner)[:, : status_right - sizes.pad_px].any()


@pytest.mark.parametrize("size", SIZES)
def test_panels_leave_the_legs_free(size: tuple[int, int]) -> None:
    touched = changed(drawn(FAULTY, Pose.unseen(0.0, *size), size=size, caption="squat.mp4"), blank(*size))
    height, width = touched.shape
    assert not touched[int(0.62 * height) : int(0.9 * height)].any()
    assert not touched[int(0.9 * height) :, : int(0.4 * width)].any()


def letter_height_px(size: tuple[int, int]) -> int:
    """Height of the writing of a picture's status line, measured on "rep 2" over black, where panels do not show."""
    image = drawn(replace(STANDING, exercise="", rep_number=2), Pose.unseen(0.0, *size), size=size, level=0)
    bright = image[: round(1.2 * Sizes(*size).text_px)].min(axis=-1) > 190
    rows = np.flatnonzero(bright.any(axis=1))
    return int(rows.max() - rows.min() + 1)


@pytest.mark.parametrize(("size", "least_px"), list(zip(SIZES, [7, 9, 12, 18, 55], strict=True)))
def test_writing_is_large_enough_to_read(size: tuple[int, int], least_px: int) -> None:
    assert letter_height_px(size) >= least_px


@pytest.mark.parametrize("level", [0, 255])
def test_writing_stands_out_on_black_and_on_white(level: int) -> None:
    image = drawn(FAULTY, Pose.unseen(0.0, WIDTH, HEIGHT), level=level)
    panel = image[: Sizes(WIDTH, HEIGHT).text_px, :100].max(axis=-1).astype(int)
    assert panel.max() - np.median(panel) > 120


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "cue", [CUE, "Deeper.", "Отведите колени наружу, в линию со вторым пальцем", "膝を外に押し出してください" * 2]
)
def test_a_cue_always_finds_room(size: tuple[int, int], cue: str) -> None:
    state = replace(FAULTY, active=(replace(VALGUS, cue=cue),))
    image = drawn(state, Pose.unseen(0.0, *size), size=size)
    ink = of_colour(image, FAIL_COLOUR)
    columns = np.flatnonzero(ink.any(axis=0))
    band = image[np.flatnonzero(ink[:, -2:].all(axis=1))]
    assert len(columns) > 0.5 * size[0]
    assert of_colour(band, FAIL_COLOUR)[:, -1].all(), "writing touches the right edge"


@pytest.mark.parametrize("text", [CUE, "Отведите колени наружу " * 4, "a_very_long_file_name_without_any_space" * 3])
def test_fitted_text_is_whole_and_within_its_box(text: str) -> None:
    block = fit(text, 220, 400, largest_px=40, smallest_px=10)
    assert block is not None
    assert "".join(block.lines).replace(" ", "") == text.replace(" ", "")
    assert max(text_width_px(line, block.size_px) for line in block.lines) == block.width_px <= 220
    assert block.height_px <= 400


def test_text_that_cannot_fit_is_left_out_not_cut() -> None:
    assert fit(CUE * 20, 50, 20, largest_px=20, smallest_px=10) is None


def test_words_break_only_between_letters_when_nothing_else_helps() -> None:
    block = fit("knees outward", 90, 400, largest_px=30, smallest_px=10)
    assert block is not None
    assert block.lines == ("knees", "outward")


def test_names_that_are_no_text_or_hold_control_characters_become_one_line() -> None:
    assert drawable("a\nb\tc") == "a b c"
    assert drawable("bad\udcff.mp4") == "bad?.mp4"
    assert drawable("и\u0306") == "й"


def test_colours_hold_the_knee_to_its_verdict() -> None:
    image, pose = drawn(FAULTY), person()
    assert of_colour(around(pose, Landmark.RIGHT_KNEE, image), FAIL_COLOUR).any()
    assert not of_colour(around(pose, Landmark.LEFT_KNEE, image), FAIL_COLOUR).any()
    assert of_colour(around(pose, Landmark.LEFT_KNEE, image), NEUTRAL.colour).any()


def test_lines_have_a_dark_halo_on_white_and_a_light_core_on_black() -> None:
    pose = person()
    assert around(pose, Landmark.LEFT_KNEE, drawn(STANDING, level=255)).min() < 60
    assert around(pose, Landmark.LEFT_KNEE, drawn(STANDING, level=0)).max() > 200


def test_unseen_is_dashed_and_leaves_gaps_in_which_the_picture_shows() -> None:
    state = replace(FAULTY, active=(), findings=(finding("knee_valgus", Verdict.UNSEEN, Side.LEFT),))
    hip, knee = person().px(Landmark.LEFT_HIP), person().px(Landmark.LEFT_KNEE)
    image = drawn(state)
    along = [image[int(y), int(x)] for x, y in np.linspace(hip, knee, 60)[8:-12]]
    shows_picture = [bool((pixel == 128).all()) for pixel in along]
    assert 0.15 < np.mean(shows_picture) < 0.7


def test_dashes_begin_and_end_at_the_ends_of_the_line() -> None:
    pieces = dashes((10.0, 20.0), (110.0, 20.0), 5.0)
    assert pieces[0][0] == (10.0, 20.0)
    assert pieces[-1][1] == pytest.approx((110.0, 20.0))
    assert len(pieces) > 2


def gap_colours(state: FrameState, side: Side) -> NDArray[np.bool_]:
    """Where the row of the knee holds the fail colour between the knee's marker and the toe line."""
    pose, i = person(), SIDES.index(side)
    knee, toe = pose.px(KNEES[i]), pose.px(TOES[i])
    ends = sorted((int(toe[0]), int(knee[0] + np.sign(toe[0] - knee[0]) * 12)))
    return of_colour(drawn(state), FAIL_COLOUR)[int(knee[1]), slice(*ends)]


def test_the_gap_to_the_toe_line_shows_where_knee_valgus_is_judged() -> None:
    assert gap_colours(FAULTY, Side.RIGHT).mean() > 0.5
    assert not gap_colours(FAULTY, Side.LEFT).any()
    assert not gap_colours(replace(FAULTY, findings=()), Side.RIGHT).any()


def test_the_toe_line_rises_from_the_toe_to_the_knee() -> None:
    toe, knee = person().px(Landmark.LEFT_FOOT_INDEX), person().px(Landmark.LEFT_KNEE)
    column = slice(int(toe[0]) - 1, int(toe[0]) + 2)
    line = drawn(STANDING)[int(knee[1]) + 4 : int(toe[1]) - 30, column]
    assert (line.min(axis=-1) > 180).any(axis=1).all()


@pytest.mark.parametrize(
    ("view", "lead", "sides"),
    [
        (View(0.0, Plane.FRONT, None), None, SIDES),
        (View(180.0, Plane.BACK, None), Side.LEFT, SIDES),
        (View(-88.0, Plane.SIDE, Side.RIGHT), None, (Side.RIGHT,)),
        (View(-88.0, Plane.SIDE, Side.RIGHT), Side.LEFT, (Side.LEFT,)),
        (View(40.0, Plane.OBLIQUE, Side.LEFT), None, ()),
    ],
)
def test_toe_lines_belong_to_the_legs_that_are_judged(view: View, lead: Side | None, sides: tuple[Side, ...]) -> None:
    assert toe_line_sides(replace(STANDING, view=view, lead_side=lead)) == sides


def test_from_the_side_the_toe_line_is_judged_by_knee_past_toes() -> None:
    view = View(88.0, Plane.SIDE, Side.LEFT)
    findings = (finding("knee_valgus", Verdict.FAIL), finding("knee_past_toes", Verdict.WARN, Side.LEFT))
    state = replace(STANDING, view=view, findings=findings)
    assert toe_line_verdict(state, Side.LEFT) is Verdict.WARN
    assert toe_line_verdict(state, Side.RIGHT) is None


def verdicts_of(*findings: Finding, view: View = STANDING.view) -> PartVerdicts:
    return part_verdicts(replace(STANDING, view=view, findings=findings))


def test_a_part_takes_its_worst_verdict_and_is_unseen_only_where_nothing_was_judged() -> None:
    verdicts = verdicts_of(
        finding("knee_valgus", Verdict.PASS, Side.LEFT),
        finding("knee_past_toes", Verdict.UNSEEN, Side.LEFT),
        finding("depth", Verdict.WARN),
        finding("heel_rise", Verdict.UNSEEN, Side.RIGHT),
        finding("asymmetry", Verdict.FAIL),
    )
    assert verdicts[BodyPart.SHANK, Side.LEFT] is Verdict.PASS
    assert verdicts[BodyPart.THIGH, Side.LEFT] is Verdict.WARN
    assert verdicts[BodyPart.THIGH, Side.RIGHT] is Verdict.WARN
    assert verdicts[BodyPart.FOOT, Side.RIGHT] is Verdict.UNSEEN
    assert verdicts[BodyPart.PELVIS, None] is Verdict.FAIL
    assert (BodyPart.SHANK, Side.RIGHT) not in verdicts


def test_from_the_side_the_far_leg_takes_no_verdict_that_was_not_its_own() -> None:
    verdicts = verdicts_of(finding("depth", Verdict.PASS), view=View(-88.0, Plane.SIDE, Side.RIGHT))
    assert verdicts == {(BodyPart.THIGH, Side.RIGHT): Verdict.PASS}


def test_a_shallow_squat_leaves_the_knees_neutral() -> None:
    image, pose = drawn(replace(STANDING, findings=(finding("depth", Verdict.FAIL),))), person()
    x, y = pose.px(Landmark.LEFT_KNEE).astype(int)
    assert tuple(image[y, x]) == NEUTRAL.colour
    assert of_colour(image[y - 40 : y, x - 20 : x + 20], FAIL_COLOUR).any()


def test_a_measure_without_limits_colours_nothing() -> None:
    assert verdicts_of(finding("knee_valgus", Verdict.PASS, Side.LEFT, limit=None)) == {}


@pytest.mark.parametrize(
    ("number", "done", "total", "words"),
    [(2, 1, 5, "rep 2/5"), (0, 1, 5, "1/5 reps"), (3, 2, 2, "rep 3"), (0, 5, 5, "5 reps"), (0, 0, 0, "0 reps")],
)
def test_repetitions_are_told_in_words(number: int, done: int, total: int, words: str) -> None:
    assert rep_words(replace(STANDING, rep_number=number, reps_done=done, reps_total=total)) == words


def test_the_view_and_the_leading_leg_are_told_in_words() -> None:
    assert view_caption(STANDING) == "front view"
    lunge = replace(STANDING, view=View(90.0, Plane.SIDE, Side.LEFT), lead_side=Side.LEFT)
    assert view_caption(lunge) == "side view   left leg leads"
    assert view_caption(replace(STANDING, view=View(float("nan"), Plane.UNKNOWN, None))) == "view unknown"


def test_readings_show_the_colour_of_their_verdicts() -> None:
    image = drawn(replace(FAULTY, active=(), findings=()), Pose.unseen(0.0, 1280, 720), size=(1280, 720))
    for verdict in Verdict:
        assert of_colour(image[:, :640], LOOKS[verdict].colour).any()


def test_threads_draw_the_same_picture_at_the_same_time() -> None:
    expected = drawn(FAULTY, caption="Приседание")
    pictures: list[ImageBGR] = []
    threads = [
        threading.Thread(target=lambda: pictures.extend(drawn(FAULTY, caption="Приседание") for _ in range(5)))
        for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(pictures) == 15
    assert all((picture == expected).all() for picture in pictures)


# Linear RGB to cone responses, and what the missing cone would have said: Viénot, Brettel & Mollon 1999, "Digital
# video colourmaps for checking the legibility of displays by dichromats", Color Research & Application 24(4), 243-252.
_TO_LMS = np.array([[17.8824, 43.5161, 4.11935], [3.45565, 27.1554, 3.86714], [0.0299566, 0.184309, 1.46709]])
_DICHROMATS = {
    "normal": np.eye(3),
    "protanopia": np.array([[0, 2.02344, -2.52581], [0, 1, 0], [0, 0, 1]]),
    "deuteranopia": np.array([[1, 0, 0], [0.494207, 0, 1.24827], [0, 0, 1]]),
}


def lab(colour: Colour, eye: str) -> NDArray[np.float64]:
    """CIE L*a*b* of a colour as the eye sees it."""
    rgb = np.array(colour[::-1]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.linalg.solve(_TO_LMS, _DICHROMATS[eye] @ _TO_LMS @ linear), 0, 1)
    gamma = np.where(seen <= 0.0031308, 12.92 * seen, 1.055 * seen ** (1 / 2.4) - 0.055)
    pixel = gamma.astype(np.float32)[None, None, :]
    return np.asarray(cv2.cvtColor(pixel, cv2.COLOR_RGB2Lab)[0, 0], dtype=np.float64)


@pytest.mark.parametrize("eye", sorted(_DICHROMATS))
def test_verdicts_stay_apart_for_colour_blind_eyes(eye: str) -> None:
    colours = {verdict: lab(look.colour, eye) for verdict, look in LOOKS.items()}
    for a, b in itertools.combinations(Verdict, 2):
        assert np.linalg.norm(colours[a] - colours[b]) > 25, (a, b)


@pytest.mark.parametrize("eye", sorted(_DICHROMATS))
def test_lightness_alone_orders_fail_pass_warn(eye: str) -> None:
    lightness = [lab(LOOKS[v].colour, eye)[0] for v in (Verdict.FAIL, Verdict.PASS, Verdict.WARN)]
    assert np.diff(lightness).min() > 8


def test_every_verdict_has_a_marker_of_its_own_shape() -> None:
    pictures = []
    for verdict in Verdict:
        state = replace(FAULTY, active=(), findings=(finding("knee_valgus", verdict, Side.LEFT),))
        grey = cv2.cvtColor(around(person(), Landmark.LEFT_KNEE, drawn(state)), cv2.COLOR_BGR2GRAY)
        pictures.append(grey < 60)
    assert all((a != b).mean() > 0.03 for a, b in itertools.combinations(pictures, 2))
