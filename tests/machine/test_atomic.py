"""Files that appear whole or not at all."""

from __future__ import annotations

import errno
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from commands import needs_posix

from formcheck.errors import OutputError
from formcheck.machine.atomic import (
    atomic_files,
    atomic_path,
    is_temporary,
    make_folder,
    put_in_place,
    temporary_folder,
    write_text_atomic,
)
from formcheck.machine.remote import fetched


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


@needs_posix
@pytest.mark.parametrize("kind", ["fifo", "socket", "device"])
def test_what_is_no_regular_file_is_never_replaced(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    if kind == "fifo":
        os.mkfifo(path)
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
    else:
        try:
            os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 7))
        except PermissionError:
            pytest.skip("making a device needs root")
    before = path.stat().st_mode
    with pytest.raises(OutputError, match="no regular file"):
        write_text_atomic(path, "page")
    assert path.stat().st_mode == before
    (tmp_path / "link.html").symlink_to(path)
    with pytest.raises(OutputError, match="no regular file"):
        write_text_atomic(tmp_path / "link.html", "page")
    assert names(tmp_path) == ["link.html", "page.html"]


def test_a_symbolic_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "report.json"
    link.symlink_to("real/report.json")
    for text in ("first", "second"):  # the link leads nowhere at first
        write_text_atomic(link, text)
        assert link.is_symlink()
        assert (tmp_path / "real" / "report.json").read_text() == text
    assert names(tmp_path / "real") == ["report.json"]


def test_a_symbolic_link_to_itself_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OutputError, match="leads back to itself"):
        write_text_atomic(tmp_path / "loop", "")


def test_a_name_that_is_no_text_is_one_line_and_nothing_is_made(tmp_path: Path) -> None:
    name = os.fsdecode(b"out\xff")
    with pytest.raises(OutputError, match="expected a name in UTF-8"):
        write_text_atomic(tmp_path / name, "")
    with pytest.raises(OutputError, match="expected a name in UTF-8"):
        make_folder(tmp_path / name / "below")
    assert names(tmp_path) == []


def test_a_finished_file_is_put_in_place_across_disks_and_through_links(tmp_path: Path) -> None:
    made, final = tmp_path / "made", tmp_path / "link"
    final.symlink_to(tmp_path / "target")
    made.write_text("new")
    put_in_place(made, final)
    assert final.is_symlink()
    assert (tmp_path / "target").read_text() == "new"


def test_files_of_one_folder_appear_together_and_those_of_others_stay(tmp_path: Path) -> None:
    folder = tmp_path / "squat"
    with atomic_files(folder, "report.json", set()) as made:
        for name in ("report.json", "table"):
            (made / name).write_text("old")
        assert not (folder / name).exists()
    (folder / "mine").touch()

    def write_half() -> None:
        with atomic_files(folder, "report.json", {"table"}) as made:
            (made / "report.json").write_text("new")
            raise ValueError("half")

    with pytest.raises(ValueError, match="half"):
        write_half()
    assert names(folder) == ["mine", "report.json", "table"]
    assert (folder / "report.json").read_text() == "old"
    with atomic_files(folder, "report.json", {"table"}) as made:
        (made / "report.json").write_text("new")
    assert names(folder) == ["mine", "report.json"]
    assert (folder / "report.json").read_text() == "new"


WORKS = """
import sys, time
from pathlib import Path
from formcheck.machine.atomic import atomic_files, atomic_path
with atomic_files(Path(sys.argv[1]), "report.json", set()) as made, atomic_path(made / "annotated.mp4") as half:
    half.touch()
    print(made.name, flush=True)
    time.sleep(600)
"""


def test_what_a_killed_program_left_goes_with_the_next_one_and_what_a_living_one_writes_stays(tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKS, tmp_path]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as works:
        assert works.stdout is not None
        left = works.stdout.readline().strip()
        for again in range(2):
            with atomic_files(tmp_path, "report.json", set()) as made:
                (made / "report.json").write_text(f"{again}")
            assert names(tmp_path) == [left, f"{left}.owner", "report.json"]
        works.kill()
    assert names(tmp_path / left)
    with temporary_folder(tmp_path):
        assert left not in names(tmp_path)
    assert names(tmp_path) == ["report.json"]


def test_a_copy_that_a_killed_program_fetched_goes_with_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = pytest.importorskip("fsspec", reason="needs the extra remote").filesystem("memory")
    memory.pipe("/far/squat.mp4", b"film")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f".{'0' * 32}.part"
    left.mkdir()
    (left / "other.mp4").touch()
    left.with_suffix(".part.owner").write_text("process 1 on elsewhere")
    with fetched("memory://far/squat.mp4") as copy:
        assert copy.read_bytes() == b"film"
        assert not left.exists()
    assert names(tmp_path) == []


def test_a_hidden_folder_that_has_no_owner_or_another_name_stays(tmp_path: Path) -> None:
    for name in (f".{'0' * 32}.part", ".mine.part"):
        (tmp_path / name).mkdir()
    (tmp_path / ".mine.part.owner").write_text("me")
    before = names(tmp_path)
    with temporary_folder(tmp_path):
        pass
    assert names(tmp_path) == before
