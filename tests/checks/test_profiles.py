"""Profiles: every limit is there, has its source and points in the direction of its check; mistakes get one line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from bodies import squats
from commands import needs_posix

from formcheck.checks.check import Check, Verdict, Worse
from formcheck.checks.exercises import EXERCISES
from formcheck.checks.judge_recording import analyze_poses
from formcheck.checks.profiles import PROFILE_NAMES, load_profile
from formcheck.errors import ProfileError

CHECKS = [
    pytest.param(exercise.name, check, id=f"{exercise.name}.{check.name}")
    for exercise in EXERCISES.values()
    for check in exercise.checks
]
DEPTH = '[squat.depth]\nwarn = 1\nfail = 2.5\nsource = "a book"\n'


def write(folder: Path, text: str, name: str = "mine.toml") -> str:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def refusal(name_or_path: str) -> str:
    with pytest.raises(ProfileError) as caught:
        load_profile(name_or_path)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("name", PROFILE_NAMES)
@pytest.mark.parametrize(("exercise", "check"), CHECKS)
def test_every_shipped_profile_has_a_limit_with_a_source_for_every_check(
    name: str, exercise: str, check: Check
) -> None:
    limit = load_profile(name).limit(exercise, check.name)
    assert limit is not None
    assert len(limit.source.split()) >= 3
    assert (limit.warn is None) == (limit.fail is None)


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_the_fail_limit_is_beyond_the_warn_limit_in_the_direction_of_the_check(name: str) -> None:
    for (exercise, check_name), limit in load_profile(name).limits.items():
        if limit.warn is None or limit.fail is None:
            continue  # information only
        check = next(check for check in EXERCISES[exercise].checks if check.name == check_name)
        assert check.severity(limit.fail) > check.severity(limit.warn), check_name
        assert check.worse is not Worse.EITHER or limit.warn > 0, check_name


@pytest.mark.parametrize("name", PROFILE_NAMES)
def test_a_shipped_profile_has_no_limit_for_a_check_that_does_not_exist(name: str) -> None:
    known = {(exercise.name, check.name) for exercise in EXERCISES.values() for check in exercise.checks}
    assert set(load_profile(name).limits) == known


@pytest.mark.parametrize(("exercise", "check"), CHECKS)
def test_strict_is_nowhere_more_lenient_than_standard(exercise: str, check: Check) -> None:
    strict = load_profile("strict").limit(exercise, check.name)
    standard = load_profile("standard").limit(exercise, check.name)
    assert strict is not None
    assert standard is not None
    assert strict.warn is not None
    assert strict.fail is not None
    if standard.warn is None or standard.fail is None:  # information only
        return
    assert check.severity(strict.warn) <= check.severity(standard.warn)
    assert check.severity(strict.fail) <= check.severity(standard.fail)


def test_performance_makes_knees_past_the_toes_information_only() -> None:
    judging = [name for name, of in EXERCISES.items() if "knee_past_toes" in {check.name for check in of.checks}]
    assert {"squat", "lunge", "split_squat"} <= {*judging}
    for exercise in judging:
        limit = load_profile("performance").limit(exercise, "knee_past_toes")
        assert limit is not None
        assert limit.warn is None


def test_a_profile_knows_its_name() -> None:
    assert [load_profile(name).name for name in PROFILE_NAMES] == list(PROFILE_NAMES)


def test_a_file_takes_over_what_it_does_not_say_from_its_base(tmp_path: Path) -> None:
    profile = load_profile(write(tmp_path, f'name = "mine"\nbase = "strict"\n{DEPTH}'))
    depth = profile.limit("squat", "depth")
    assert depth is not None
    assert (profile.name, depth.warn, depth.fail, depth.source) == ("mine", 1.0, 2.5, "a book")
    assert profile.limit("squat", "knee_valgus") == load_profile("strict").limit("squat", "knee_valgus")


def test_a_file_without_a_base_has_only_its_own_limits(tmp_path: Path) -> None:
    assert set(load_profile(write(tmp_path, DEPTH)).limits) == {("squat", "depth")}


def test_a_base_may_be_another_file(tmp_path: Path) -> None:
    base = write(tmp_path, f'base = "standard"\n{DEPTH}', "base.toml")
    profile = load_profile(write(tmp_path, f"base = '{base}'\n"))
    depth = profile.limit("squat", "depth")
    assert depth is not None
    assert depth.source == "a book"
    assert profile.limit("lunge", "depth") == load_profile("standard").limit("lunge", "depth")


def test_a_limit_can_be_made_information_only(tmp_path: Path) -> None:
    text = '[squat.depth]\ninformation_only = true\nsource = "our coach"\n'
    limit = load_profile(write(tmp_path, text)).limit("squat", "depth")
    assert limit is not None
    assert (limit.warn, limit.fail, limit.source) == (None, None, "our coach")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[squat.depth\n", "not valid TOML"),
        ('[squat.depth]\nwarn = 1\nfail = 2\nsource = "x"\nwran = 3\n', "[squat.depth]"),
        ("[squat.depth]\nwarn = 1\nfail = 2\n", "source"),
        ('[squat.depth]\nwarn = 1\nfail = 2\nsource = "  "\n', "source"),
        ("[squat.depth]\nwarn = 1\nfail = 2\nsource = 7\n", "source"),
        ('[squat.depth]\nwarn = "ten"\nfail = 2\nsource = "x"\n', "'ten'"),
        ('[squat.depth]\nwarn = 1\nsource = "x"\n', "`fail`"),
        ('[squat.depth]\nwarn = true\nfail = 2\nsource = "x"\n', "`warn`"),
        ('[squat.depth]\nwarn = nan\nfail = 2\nsource = "x"\n', "`warn`"),
        ('[squat.depth]\nwarn = 1\nfail = inf\nsource = "x"\n', "`fail`"),
        ('[squat.depth]\nwarn = 1\nfail = 2\nclean = true\nsource = "x"\n', "`clean`, got True"),
        ('[squat.depth]\nwarn = 1\nfail = 2\nclean = "none"\nsource = "x"\n', "`clean`, got 'none'"),
        ('[squat.depth]\nwarn = 1\nfail = 2\nclean = nan\nsource = "x"\n', "`clean`, got nan"),
        ('[squat.depth]\nwarn = 1\nfail = 2\nclean = 3\nsource = "x"\n', "make `clean` smaller"),
        ("squat = 3\n", "squat"),
        ("[squat]\ndepth = 3\n", "squat.depth"),
        ('base = "no_such_profile"\n', "no_such_profile"),
        ('base = "a\\u0000b"\n', "`base`"),
        ("base = 3\n", "`base`"),
        ("name = [1]\n", "`name`"),
        (f"x = {'[' * 20_000}", "nested too deeply"),
        (f"[squat.depth]\nwarn = {'9' * 400}\nfail = 2\nsource = 'x'\n", "`warn`"),
        (f"[squat.depth]\nwarn = {'9' * 5000}\nfail = 2\nsource = 'x'\n", "too long a number"),
        (f"[squat.depth]\nwarn = [0x{'f' * 9000}]\nfail = 2\nsource = 'x'\n", "`warn`"),
        (f"base = 0x{'f' * 9000}\n", "`base`"),
        ("[squat.depth]\nwarn = 1\nfail = 1e308\nsource = 'x'\n", "`fail`"),
        ('[squat.depth]\ninformation_only = "yes"\nwarn = 1\nfail = 2\nsource = "x"\n', "`information_only`"),
        ("#" * 200_000, "more than 100000 bytes"),
    ],
)
def test_a_malformed_profile_is_refused_in_one_line_that_names_the_place(
    tmp_path: Path, text: str, expected: str
) -> None:
    assert expected in refusal(write(tmp_path, text))


def test_a_profile_that_does_not_exist_is_refused_with_the_names_of_those_that_do(tmp_path: Path) -> None:
    for missing in ("lenient", str(tmp_path / "absent.toml"), str(tmp_path)):
        message = refusal(missing)
        assert missing in message
        assert all(name in message for name in PROFILE_NAMES)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "picture.toml"
    path.write_bytes(b"\xff\xfe\x00\x9f")
    assert "cannot be read" in refusal(str(path))


def test_bases_that_lead_in_a_circle_are_refused(tmp_path: Path) -> None:
    first, second = tmp_path / "first.toml", tmp_path / "second.toml"
    first.write_text(f"base = '{second}'\n", encoding="utf-8")
    second.write_text(f"base = '{first}'\n", encoding="utf-8")
    assert "leads back to itself" in refusal(str(first))


def test_a_profile_that_is_its_own_base_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "self.toml"
    path.write_text(f"base = '{path}'\n", encoding="utf-8")
    assert "leads back to itself" in refusal(str(path))


def test_a_limit_for_an_unknown_check_or_exercise_is_refused(tmp_path: Path) -> None:
    for section in ("squat.knee_vlagus", "sqaut.depth"):
        text = f'base = "standard"\n[{section}]\nwarn = 1\nfail = 2\nsource = "x"\n'
        assert section in refusal(write(tmp_path, text))


def test_a_limit_whose_fail_comes_before_its_warn_is_refused(tmp_path: Path) -> None:
    for section, warn, fail in (("squat.depth", 20, 10), ("lunge.limb_symmetry", 75, 85)):
        text = f'[{section}]\nwarn = {warn}\nfail = {fail}\nsource = "x"\n'
        assert section in refusal(write(tmp_path, text))


def test_a_byte_order_mark_is_no_part_of_a_profile(tmp_path: Path) -> None:
    path = tmp_path / "notepad.toml"
    path.write_text(DEPTH, encoding="utf-8-sig")
    assert load_profile(str(path)).limits.keys() == {("squat", "depth")}


def test_a_path_as_base_begins_where_the_profile_lies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gym").mkdir()
    write(tmp_path / "gym", DEPTH, "house.toml")
    mine = write(tmp_path / "gym", 'base = "house.toml"\n')
    monkeypatch.chdir(tmp_path)
    assert load_profile(mine).limits.keys() == {("squat", "depth")}
    assert load_profile("gym/mine.toml").limits.keys() == {("squat", "depth")}


def test_circles_are_seen_however_the_paths_are_spelled_and_long_chains_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    assert "leads back to itself" in refusal(write(tmp_path, 'base = "x/../mine.toml"\n'))
    for number in range(40):
        write(tmp_path, f'base = "{number + 1}.toml"\n', f"{number}.toml")
    assert "at most 20 bases" in refusal(str(tmp_path / "0.toml"))


@needs_posix
def test_a_pipe_in_place_of_a_profile_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.toml")
    assert "it is no file" in refusal(str(tmp_path / "pipe.toml"))


def test_a_check_for_which_the_profile_has_no_limit_is_not_judged(tmp_path: Path) -> None:
    report = analyze_poses(squats(1, yaw_deg=90.0), profile=load_profile(write(tmp_path, DEPTH)))
    verdicts = {finding.check: finding.verdict for finding in report.reps[0].findings}
    assert verdicts.pop("depth") is not Verdict.UNSEEN
    assert set(verdicts.values()) == {Verdict.UNSEEN}
    [finding] = [finding for finding in report.reps[0].findings if finding.check == "trunk_lean"]
    assert finding.reason == "this profile gives no limit for it"
    assert report.summary.verdicts["trunk_lean"] is Verdict.UNSEEN
