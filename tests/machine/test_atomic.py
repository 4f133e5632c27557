"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from formcheck.errors import OutputError
from formcheck.machine.atomic import atomic_path, is_temporary, write_text_atomic


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_under_its_name_when_it_is_complete(tmp_path: Path) -> None:
    with atomic_path(tmp_path / "report.json") as temporary:
        temporary.write_text("{}")
        assert temporary.parent == tmp_path
        assert temporary.suffix == ".json"
        assert not (tmp_path / "report.json").exists()
    assert names(tmp_path) == ["report.json"]


@pytest.mark.parametrize("failure", [KeyboardInterrupt, ValueError, SystemExit])
def test_a_failure_removes_the_half_file_and_keeps_the_old_one(tmp_path: Path, failure: type[BaseException]) -> None:
    final = tmp_path / "report.json"
    final.write_text("old")

    def write_half() -> None:
        with atomic_path(final) as temporary:
            temporary.write_text("ne")
            raise failure

    with pytest.raises(failure):
        write_half()
    assert names(tmp_path) == ["report.json"]
    assert final.read_text() == "old"


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EACCES, "not permitted"),
        (errno.EROFS, "read-only"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_an_error_of_the_disk_is_explained_in_one_line(tmp_path: Path, number: int, advice: str) -> None:
    def fail() -> None:
        with atomic_path(tmp_path / "report.json") as temporary:
            temporary.write_text("half")
            raise OSError(number, os.strerror(number))

    with pytest.raises(OutputError) as caught:
        fail()
    assert advice in str(caught.value)
    assert str(tmp_path / "report.json") in str(caught.value)
    assert "\n" not in str(caught.value)
    assert names(tmp_path) == []


def test_a_missing_folder_and_a_folder_in_the_way_are_explained(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="the folder does not exist"):
        write_text_atomic(tmp_path / "no" / "report.json", "{}")
    (tmp_path / "report.json").mkdir()
    with pytest.raises(OutputError, match="a folder has that name"):
        write_text_atomic(tmp_path / "report.json", "{}")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="a file is where the folder should be"):
        write_text_atomic(tmp_path / "file" / "report.json", "{}")
    assert names(tmp_path) == ["file", "report.json"]


def test_text_is_utf8_and_replaces_what_was_there(tmp_path: Path) -> None:
    final = tmp_path / "report.json"
    write_text_atomic(final, "old")
    write_text_atomic(final, "°±深蹲")
    assert final.read_bytes().decode() == "°±深蹲"
    assert names(tmp_path) == ["report.json"]


def test_two_writers_of_one_file_do_not_share_a_temporary_name(tmp_path: Path) -> None:
    final = tmp_path / "report.json"
    with atomic_path(final) as one, atomic_path(final) as other:
        assert one != other
        one.write_text("one")
        other.write_text("other")
    assert names(tmp_path) == ["report.json"]


def test_a_temporary_name_is_told_from_a_users(tmp_path: Path) -> None:
    for name in ("report.json", "landmarks", ".x.part1.parquet"):
        with atomic_path(tmp_path / name) as temporary:
            assert is_temporary(temporary.name)
            temporary.touch()
        assert not is_temporary(name)
