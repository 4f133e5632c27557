"""PATHS as videos: files, folders, patterns, manifests and URLs."""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from formcheck.batch.job import Label, Source
from formcheck.errors import InputError
from formcheck.io.file_names import printable
from formcheck.io.locations import is_url, local_path
from formcheck.io.manifest import is_manifest, read_manifest

#: Endings by which videos are found in folders; a file that is named is taken whatever its ending.
VIDEO_SUFFIXES = frozenset(
    ".3gp .asf .avi .flv .m2ts .m4v .mkv .mov .mp4 .mpeg .mpg .mts .ogv .ts .webm .wmv".split()  # noqa: SIM905 - short
)
#: What tells that a folder holds the results of a batch, which are no videos to analyse.
RESULTS_MARK = "batch.json"


@dataclass(slots=True)
class Found:
    """Videos, each once, and how many files of which endings were passed over in folders."""

    sources: list[Source] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def find_sources(paths: Iterable[str]) -> Found:
    """Every video that the paths lead to, in their order; each location once, no two of the same ``path``.

    Raises:
        InputError: A path leads nowhere, a manifest is malformed, or there is not one video.
    """
    found = Found()
    by_location: dict[str, Source] = {}
    for text in paths:
        for source in _sources(text, found.skipped):
            by_location.setdefault(source.location, source)
    found.sources = _distinct(list(by_location.values()))
    if not found.sources:
        passed = f", only {skipped_text(found.skipped)}" if found.skipped else ""
        raise InputError(f"expected videos ({', '.join(sorted(VIDEO_SUFFIXES))}), found none{passed}")
    return found


def skipped_text(skipped: Mapping[str, int]) -> str:
    """What was passed over, for people: ``3 .txt, 1 .jpg``."""
    return ", ".join(f"{count} {ending}" for ending, count in Counter(skipped).most_common())


def _sources(text: str, skipped: Counter[str]) -> Iterator[Source]:
    if is_url(text):
        yield from _at_url(text, skipped)
        return
    path = Path(os.path.abspath(local_path(text)))  # noqa: PTH100 - symbolic links keep their names
    if path.is_dir():
        yield from _in_folder(path, skipped)
    elif is_manifest(path):
        yield from _of_manifest(path)
    elif path.exists():
        yield local_source(str(path), f"{path.parent.name}/{path.name}")
    else:
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - a pattern from the root on
        if not matches:
            raise InputError(f"expected a video, a folder, a manifest or a URL, got {text}, which does not exist")
        for match in matches:
            if Path(match).is_file() and _is_wanted(Path(match).name, skipped):
                yield local_source(match, _below(Path(match), _fixed_part(path)))


def local_source(location: str, name: str, labels: Mapping[str, Label] | None = None) -> Source:
    """A file of this machine; one that is not there has no stamp, and its analysis will say so."""
    try:
        facts = os.stat(location)  # noqa: PTH116 - of 100,000 files; a Path for each takes longer than the call
    except OSError:
        return Source(location, printable(name), labels or {})
    stamp = f"{facts.st_size}-{facts.st_mtime_ns}"
    return Source(location, printable(name), labels or {}, stamp, facts.st_size)


def _in_folder(root: Path, skipped: Counter[str]) -> Iterator[Source]:
    for folder, below, names in os.walk(root):
        if RESULTS_MARK in names:
            below.clear()
            continue
        below[:] = sorted(name for name in below if not name.startswith("."))
        shown = _below(Path(folder), root)
        for name in sorted(names):
            if _is_wanted(name, skipped):
                yield local_source(f"{folder.rstrip('/')}/{name}", f"{shown}/{name}")


def _at_url(url: str, skipped: Counter[str]) -> Iterator[Source]:
    from formcheck.io.remote import find_files  # noqa: PLC0415 - fsspec is an extra

    if url.lower().endswith(".csv"):
        raise InputError(f"expected a manifest on this machine, got {url}; copy it here, it may name videos by URL")
    files = find_files(url)
    root = _fixed_part(Path(url.partition("://")[2]))
    for file in files:
        path = Path(file.url.partition("://")[2])
        is_named = len(files) == 1 and path == root
        if is_named or _is_wanted(path.name, skipped):
            name = _below(path, path.parent if is_named else root)
            yield Source(file.url, printable(name), {}, file.stamp, file.size_bytes)


def _of_manifest(path: Path) -> Iterator[Source]:
    for told, labels in read_manifest(path):
        if is_url(told):
            from formcheck.io.remote import stat_file  # noqa: PLC0415 - fsspec is an extra

            file = stat_file(told)
            stamp, size_bytes = (file.stamp, file.size_bytes) if file else (None, 0)
            yield Source(told, printable(told.partition("://")[2]), labels, stamp, size_bytes)
            continue
        video = Path(os.path.abspath(path.parent / local_path(told)))  # noqa: PTH100 - as above
        yield local_source(str(video), _below(video, path.parent), labels)


def _is_wanted(name: str, skipped: Counter[str]) -> bool:
    """Whether a file of a folder is a video by its name; if not, it is counted."""
    ending = os.path.splitext(name)[1].lower()  # noqa: PTH122 - a name, no path
    if name.startswith("."):
        skipped["hidden"] += 1
    elif ending in VIDEO_SUFFIXES:
        return True
    else:
        skipped[ending or "without ending"] += 1
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
        if any(sign in part for sign in "*?["):
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
