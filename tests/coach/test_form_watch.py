"""The quiet line while a set goes wrong."""

from __future__ import annotations

from bodies import concatenate
from drifting import two_sets
from recordings import clean_squats

from formcheck.body.pose import Pose
from formcheck.coach import LiveSession


def lines(film: Pose) -> list[str]:
    """What is shown, each once, in order."""
    live = LiveSession()
    shown = [live.update(film.at(index)).breaking for index in range(len(film))]
    return list(dict.fromkeys(filter(None, shown)))


def test_two_repetitions_with_a_fault_after_good_ones_are_told_and_counted_on() -> None:
    assert lines(two_sets(slower=0.0)) == [
        "Last two repetitions: knees caving inward; rack it or rest.",
        "Last three repetitions: knees caving inward; rack it or rest.",
    ]


def test_a_fault_that_was_there_from_the_start_is_the_cues_affair() -> None:
    assert lines(clean_squats(4, knee_inward_m=(0.1, 0.0))) == []


def test_a_good_set_is_left_in_peace() -> None:
    assert lines(clean_squats(5)) == []


def test_a_set_that_grows_much_slower_is_told() -> None:
    film = concatenate(*(clean_squats(1, rep_s=1.6 + 0.4 * rep) for rep in range(4)))
    told = lines(film)
    assert told
    assert all(line.endswith("% slower than your fastest repetition; rack it or rest.") for line in told)


def test_the_line_goes_after_a_while_and_a_rest_begins_a_new_set() -> None:
    film = two_sets(slower=0.0)
    live = LiveSession()
    last = [live.update(film.at(index)) for index in range(len(film))][-1]
    assert last.breaking == ""
