"""PATHS as videos: files, folders, patterns, manifests and URLs."""

from __future__ import annotations

import glob
import json
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from formcheck.batch.job import Label, Source
from formcheck.errors import InputError
from formcheck.machine.locations import is_url, local_path
from formcheck.machine.paths import VIDEO_SUFFIXES, printable
from formcheck.results.folder import ANNOTATED
from formcheck.results.manifest import CLASH_PREFIX, is_manifest, read_manifest

#: Signs that stand for others in a pattern.
_SIGNS = "*?["
#: What tells that a folder holds the results of a batch, and those of its folders that are no videos to analyse.
RESULTS_MARK, _OUR_FOLDERS = "batch.json", frozenset({"sessions", "results"})


@dataclass(slots=True)
class Found:
    """Videos, each once, and how many files of which endings were passed over in folders."""

    sources: list[Source] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def find_sources(paths: Iterable[str]) -> Found:
    """Every video that the paths lead to, in their order; each location once, no two of the same ``path``.

    What a manifest tells of a video holds, also where another path leads to it as well.

    Raises:
        InputError: A path leads nowhere, a manifest is malformed, tells of one video twice, or there is not one video.
    """
    found = Found()
    by_location: dict[str, Source] = {}
    for text in paths:
        for source in _sources(text, found.skipped):
            earlier = by_location.get(source.location)
            by_location[source.location] = _merged(earlier, source) if earlier else source
    found.sources = _distinct(list(by_location.values()))
    if not found.sources:
        passed = f", only {skipped_text(found.skipped)}" if found.skipped else ""
        raise InputError(f"expected videos ({', '.join(sorted(VIDEO_SUFFIXES))}), found none{passed}")
    return found


def skipped_text(skipped: Mapping[str, int]) -> str:
    """What was passed over, for people: ``3 .txt, 1 .jpg``."""
    return ", ".join(f"{count} {ending}" for ending, count in Counter(skipped).most_common())


def _merged(earlier: Source, later: Source) -> Source:
    """One video to which two paths lead."""
    if earlier.labels and later.labels and earlier.labels != later.labels:
        told = printable(earlier.location)
        raise InputError(f"expected each video once in the manifests, got {told} twice, told differently; remove one")
    return replace(earlier, labels=earlier.labels or later.labels)


def _sources(text: str, skipped: Counter[str]) -> Iterator[Source]:
    if is_url(text):
        yield from _at_url(text, skipped)
        return
    path = _absolute(local_path(text))
    if path.is_dir():
        yield from _in_folder(path, skipped)
    elif is_manifest(path):
        yield from _of_manifest(path)
    elif path.exists():
        yield local_source(str(path), f"{path.parent.name}/{path.name}")
    else:
        yield from _of_pattern(str(local_path(text)), skipped)


def _absolute(path: str | Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - symbolic links keep their names


def _of_pattern(pattern: str, skipped: Counter[str]) -> Iterator[Source]:
    # As given, not from the root on: the signs in the name of the current folder stand for themselves.
    matches = sorted(map(_absolute, glob.glob(pattern, recursive=True)))  # noqa: PTH207 - may begin at the root
    if not matches:
        raise InputError(f"expected a video, a folder, a manifest or a URL, got {pattern}, which does not exist")
    root = _absolute(_fixed_part(Path(pattern)))
    for match in matches:
        if match.is_file() and _is_wanted(match.name, skipped, of_any_ending=_names_ending(pattern)):
            yield local_source(str(match), _below(match, root))


def local_source(location: str, name: str, labels: Mapping[str, Label] | None = None) -> Source:
    """A file of this machine; one that is not there has no stamp, and its analysis will say so."""
    try:
        facts = os.stat(location)  # noqa: PTH116 - of 100,000 files; a Path for each takes longer than the call
    except (OSError, ValueError):  # ValueError for a name that no file can have
        return Source(location, printable(name), labels or {})
    stamp = f"{facts.st_size}-{facts.st_mtime_ns}"
    return Source(location, printable(name), labels or {}, stamp, facts.st_size)


def _in_folder(root: Path, skipped: Counter[str]) -> Iterator[Source]:
    def count_unreadable(_error: OSError) -> None:
        skipped["folders that may not be read"] += 1

    for folder, below, names in os.walk(root, onerror=count_unreadable):
        ours = _OUR_FOLDERS if RESULTS_MARK in names and _is_our_mark(Path(folder) / RESULTS_MARK) else frozenset()
        below[:] = sorted(name for name in below if not name.startswith(".") and name not in ours)
        shown = _below(Path(folder), root)
        for name in sorted(names):
            if _is_wanted(name, skipped):
                yield local_source(f"{folder.rstrip('/')}/{name}", f"{shown}/{name}")


def _at_url(url: str, skipped: Counter[str]) -> Iterator[Source]:
    from formcheck.machine.remote import find_files  # fsspec is an extra

    if url.lower().endswith(".csv"):
        raise InputError(f"expected a manifest on this machine, got {url}; copy it here, it may name videos by URL")
    files = find_files(url)
    root = _fixed_part(Path(url.partition("://")[2]))
    for file in files:
        path = Path(file.url.partition("://")[2])
        is_named = len(files) == 1 and path == root
        if is_named or _is_wanted(path.name, skipped, of_any_ending=_names_ending(url)):
            name = _below(path, path.parent if is_named else root)
            yield Source(file.url, printable(name), {}, file.stamp, file.size_bytes)


def _of_manifest(path: Path) -> Iterator[Source]:
    for told, its_labels in read_manifest(path):
        labels = its_labels | _full_profile(its_labels, path.parent)
        if is_url(told):
            yield _told_url(told, labels)
            continue
        video = _absolute(path.parent / local_path(told))
        yield local_source(str(video), _below(video, path.parent), labels)


def _full_profile(labels: Mapping[str, Label], folder: Path) -> dict[str, Label]:
    """The column that tells the profile, with the full path of a file that it names, as seen from the manifest."""
    column = f"{CLASH_PREFIX}profile"
    name = labels.get(column)
    is_file = isinstance(name, str) and name.endswith(".toml") and (folder / name).is_file()
    return {column: str(_absolute(folder / str(name)))} if is_file else {}


def _told_url(url: str, labels: Mapping[str, Label]) -> Source:
    """A row's URL; one that cannot be reached has no stamp, and its analysis will say so."""
    from formcheck.machine.remote import stat_file  # fsspec is an extra

    with suppress(InputError):
        if file := stat_file(url):
            return Source(url, printable(url.partition("://")[2]), labels, file.stamp, file.size_bytes)
    return Source(url, printable(url.partition("://")[2]), labels)


def _is_wanted(name: str, skipped: Counter[str], *, of_any_ending: bool = False) -> bool:
    """Whether a file of a folder is a video by its name, and not one that formcheck drew; if not, it is counted."""
    ending = os.path.splitext(name)[1].lower()  # noqa: PTH122 - a name, no path
    if name.startswith("."):
        skipped["hidden"] += 1
    elif name == ANNOTATED:
        skipped[f"{ANNOTATED} of formcheck"] += 1
    elif of_any_ending or ending in VIDEO_SUFFIXES:
        return True
    else:
        skipped[ending or "without ending"] += 1
    return False


def _names_ending(pattern: str) -> bool:
    """Whether a pattern says which ending it wants, as ``*/landmarks.parquet`` does; then it gets what it names."""
    ending = os.path.splitext(pattern)[1]  # noqa: PTH122 - may be a URL
    return any(sign in pattern for sign in _SIGNS) and len(ending) > 1 and not any(sign in ending for sign in _SIGNS)


def _is_our_mark(path: Path) -> bool:
    try:
        return "layout_version" in json.loads(path.read_bytes())
    except (OSError, ValueError, TypeError):
        return False


def _below(path: Path, root: Path) -> str:
    """A path from the name of its root on; what is not below the root keeps its folder's name."""
    try:
        return str(PurePosixPath(root.name, *path.relative_to(root).parts))
    except ValueError:
        return f"{path.parent.name}/{path.name}"


def _fixed_part(pattern: Path) -> Path:
    """The folders of a pattern before the first sign that stands for others."""
    fixed = []
    for part in pattern.parts:
        if any(sign in part for sign in _SIGNS):
            break
        fixed.append(part)
    return Path(*fixed)


def _distinct(sources: list[Source]) -> list[Source]:
    """The sources with longer paths where two would have the same: ``a/x.mp4`` of two disks is told by more folders."""
    counts = Counter(source.path for source in sources)
    return [
        source if counts[source.path] == 1 else replace(source, path=printable(source.location.lstrip("/")))
        for source in sources
    ]
