"""Files that appear under their final name only when they are complete, and folders of files that belong together."""

from __future__ import annotations

import errno
import os
import platform
import re
import shutil
import stat
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from formcheck.errors import OutputError
from formcheck.machine.locks import try_lock
from formcheck.machine.paths import is_text
from formcheck.machine.signals import signals_held

#: The names that :func:`atomic_path` gives.
_TEMPORARY = re.compile(r"\.[0-9a-f]{32}\.part(\.|$)")
#: Beside a temporary folder, locked as long as its program works; it says who that is.
_OWNER = ".owner"
_ADVICE = {
    errno.ENOSPC: "the disk is full: free some space or choose another folder",
    errno.EDQUOT: "the disk quota is used up: free some space or choose another folder",
    errno.EACCES: "writing there is not permitted: choose a folder that you may write to",
    errno.EPERM: "writing there is not permitted: choose a folder that you may write to",
    errno.EROFS: "the disk is read-only: choose another folder",
    errno.ENOENT: "the folder does not exist: create it or choose another one",
    errno.ENOTDIR: "a file is where the folder should be: choose another folder",
    errno.EEXIST: "a file is where the folder should be: choose another folder",
    errno.EISDIR: "a folder has that name: remove it or choose another one",
    errno.ELOOP: "its symbolic link leads back to itself: choose another name",
}


def output_error(path: Path, error: OSError) -> OutputError:
    """The one line that tells a user why ``path`` could not be written."""
    advice = _ADVICE.get(error.errno or 0, f"{error.strerror or error}: choose another folder")
    return OutputError(f"cannot write {path}: {advice}")


def not_text(path: Path) -> OutputError:
    """The one line for a name that is not UTF-8."""
    return OutputError(f"expected a name in UTF-8 to write to, got {str(path)!a}: choose another one")


def destination(path: Path) -> Path:
    """Where a file that is called ``path`` goes: what a symbolic link leads to, there already or not.

    Raises:
        OutputError: The name is no text, or belongs to a device, a pipe or a socket, which a rename would destroy.
    """
    if not is_text(path):
        raise not_text(path)
    try:
        kind = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        kind = stat.S_IFREG
    except OSError as error:
        raise output_error(path, error) from error
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise OutputError(f"cannot write {path}: it is no regular file, but a device or a pipe: choose another name")
    return Path(os.path.realpath(path)) if path.is_symlink() else path


@contextmanager
def atomic_path(final: Path) -> Iterator[Path]:
    """A temporary path beside ``final``, renamed to it on success and removed on any failure, Ctrl-C included.

    A symbolic link stays; what it leads to is written.

    The temporary name is hidden and ends like ``final``, since some writers go by the suffix. An older file under
    the final name stays untouched until the new one is complete.

    Raises:
        OutputError: for every ``OSError`` inside the block or while renaming, in one line; as :func:`destination`.
    """
    final = destination(final)
    temporary = final.with_name(f".{uuid.uuid4().hex}.part{final.suffix}")
    try:
        yield temporary
        os.replace(temporary, final)  # noqa: PTH105 - Path.replace is the same call; os.replace says "atomic" to readers
    except OSError as error:
        raise output_error(final, error) from error
    finally:
        _remove(temporary)


def is_temporary(name: str) -> bool:
    """Whether a file is one that :func:`atomic_path` is still writing, or was killed over."""
    return _TEMPORARY.match(name) is not None


def make_folder(path: Path) -> None:
    """Make a folder for results, with those above it; one that is there stays as it is.

    Raises:
        OutputError: It cannot be made, or its name is no text.
    """
    if not is_text(path):
        raise not_text(path)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise output_error(path, error) from error


def put_in_place(made: Path, final: Path) -> None:
    """Rename a finished file to its final name, or copy it there if that is on another disk; ``made`` may be gone then.

    Raises:
        OutputError: It cannot be written; as :func:`destination`.
    """
    final = destination(final)
    try:
        os.replace(made, final)  # noqa: PTH105 - as above
    except OSError:
        with atomic_path(final) as temporary:
            shutil.copyfile(made, temporary)


@contextmanager
def atomic_files(folder: Path, mark: str, stale: Collection[str]) -> Iterator[Path]:
    """A temporary folder in ``folder``, which is made; on success its files go into ``folder``, on any failure nowhere.

    ``mark`` is the file by which the others are known to belong together: the old one goes first and the new one
    comes last, so that a program that is killed in between leaves files without a mark. Those named in ``stale`` go
    with the old mark; whatever else is there stays.

    Raises:
        OutputError: A file cannot be written; it is named as if it were in ``folder``.
    """
    was_there = folder.exists()
    make_folder(folder)
    try:
        with unfinished(folder) as temporary:
            yield temporary
            with signals_held():
                _replace_all(temporary, folder, mark, stale)
    finally:
        if not was_there:
            with suppress(OSError):  # the files are in it
                folder.rmdir()


@contextmanager
def unfinished(folder: Path) -> Iterator[Path]:
    """A temporary folder in ``folder`` for files on their way there.

    Raises:
        OutputError: for every ``OSError`` inside the block; a file is named as if it were in ``folder``.
    """
    temporary = folder
    try:
        with temporary_folder(folder) as temporary:
            yield temporary
    except OutputError as error:
        raise OutputError(str(error).replace(str(temporary), str(folder))) from error
    except OSError as error:
        raise output_error(folder, error) from error


@contextmanager
def temporary_folder(place: Path) -> Iterator[Path]:
    """A hidden folder in ``place`` that only this user can read, gone after the block.

    A killed program leaves its own; it goes when the next program makes one in the same place.
    """
    temporary = place / f".{uuid.uuid4().hex}.part"
    owner = temporary.with_suffix(f"{temporary.suffix}{_OWNER}")
    _sweep(place)
    try:
        with owner.open("w", encoding="utf-8") as file:
            with suppress(OSError):  # no locks there: what says nothing is never taken for a dead program's
                if try_lock(file):
                    file.write(f"process {os.getpid()} on {platform.node()}")
                    file.flush()
            temporary.mkdir(0o700)
            yield temporary
    finally:
        _remove_owned(owner)


def _sweep(folder: Path) -> None:
    """Remove the temporary folders whose programs were killed: an owner is told, and holds no lock."""
    for owner in folder.glob(f".*.part{_OWNER}"):
        if is_temporary(owner.name) and _is_dead(owner):
            _remove_owned(owner)


def _is_dead(owner: Path) -> bool:
    try:
        with owner.open("r+", encoding="utf-8") as file:
            return owner.stat().st_size > 0 and try_lock(file)
    except OSError:
        return False


def _remove_owned(owner: Path) -> None:
    """The owner goes last: a program that is killed here leaves nothing that nobody knows."""
    folder = owner.with_suffix("")
    shutil.rmtree(folder, ignore_errors=True)
    if not folder.exists():
        _remove(owner)


def _replace_all(made: Path, folder: Path, mark: str, stale: Collection[str]) -> None:
    names = sorted(path.name for path in made.iterdir())
    for name in {mark, *names, *stale}:  # what cannot be replaced is said before anything is
        if destination(folder / name).is_dir():
            raise output_error(folder / name, IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR)))
    for name in (mark, *sorted(set(stale) - {mark, *names})):
        destination(folder / name).unlink(missing_ok=True)
    for name in sorted(names, key=lambda name: name == mark):
        put_in_place(made / name, folder / name)


def _remove(temporary: Path) -> None:
    """Remove what is left; a folder that vanished meanwhile must not hide the error that is on its way."""
    try:
        temporary.unlink(missing_ok=True)
    except OSError:
        return


def write_text_atomic(final: Path, text: str) -> None:
    """Write UTF-8 text so that no reader ever sees half of it.

    Raises:
        OutputError: the file cannot be written.
    """
    with atomic_path(final) as temporary:
        temporary.write_text(text, encoding="utf-8")
