"""Code of others that finds joints in the browser: which packages of npm, which files of them, and whether they are
here.

None of it is in the repository: ``tools/browser.py`` takes it from npm into ``taken/`` beside this file, from where it
comes into the wheel. Without it the pages work with pictures that the server looks at.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "taken"


@dataclass(frozen=True, slots=True)
class Taken:
    """A file of a package: its path within it, and the SHA-256 and the number of its bytes."""

    member: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Package:
    """A package of npm as it must come: ``integrity`` is the SHA-512 of its archive as npm writes it, base64."""

    name: str
    version: str
    integrity: str
    files: tuple[Taken, ...]


PACKAGES = (
    Package(  # Apache License 2.0; finds joints. The builds for classic scripts and without SIMD are left out.
        "@mediapipe/tasks-vision",
        "1.1.0",
        "sha512-ZJqh0wMKOINorfSffvDAxzyO1//c+FiG3IkzOdNDnLqvBB3DbMfj0bB/tys2SNf9S914sgoIbIpF4HTOi336cg==",
        (
            Taken("vision_bundle.mjs", "9d5fc9ef74b22329cf9aa88dc543956d192b8c254210b187271614713eb5b10c", 156_135),
            Taken(
                "wasm/vision_wasm_module_internal.js",
                "70eff3956521b7de058d7173a4935c95e4a223c26ea624b9f5a936d3a043dcb0",
                335_431,
            ),
            Taken(
                "wasm/vision_wasm_module_internal.wasm",
                "ee03b14a878e6c3c053a1bfa62e166dc45244be54dc0bbe61c578f710b771f6a",
                12_997_272,
            ),
        ),
    ),
    Package(  # Mozilla Public License 2.0; opens containers, so that every picture has its own time.
        "mediabunny",
        "1.61.0",
        "sha512-WciPOYwKZwgYkoBKcEK6JzzIf+w5whypPzFdOihOylZ/5Qv19FmNfRnTcaprH+jD136YpEASU30Eb6VNCJiz3A==",
        (
            Taken(
                "dist/bundles/mediabunny.min.mjs",
                "fa696c53494b6b09a8b310ec51e3c44a59e79513234fb832255a38c686162009",
                689_443,
            ),
        ),
    ),
)


def place_of(file: Taken) -> Path:
    """Where a file lies once it was taken."""
    return FOLDER / Path(file.member).name


def missing() -> list[str]:
    """Names of the files that are not here, or not as they must be; empty where the browser can find joints itself."""
    return [place_of(file).name for package in PACKAGES for file in package.files if not _is_whole(file)]


def _is_whole(file: Taken) -> bool:
    try:
        return hashlib.sha256(place_of(file).read_bytes()).hexdigest() == file.sha256
    except OSError:
        return False
