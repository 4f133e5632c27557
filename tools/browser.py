"""Takes from npm what finds joints in the browser, by version and SHA-512, into ``formcheck/web/taken``.

Needs npm, and network once. ``./setup web`` and ``./setup dev`` run it; before a wheel is built it is run by hand:
``python tools/browser.py``. Nothing of it is committed.
"""

from __future__ import annotations

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # not installed yet

from formcheck.web.browser_code import FOLDER, PACKAGES, Package, missing, place_of  # noqa: E402 - needs the line before


def main() -> int:
    """Take what is missing; 0 when all is there, 1 with one line otherwise."""
    if not missing():
        print(f"nothing to take: {FOLDER.name} is whole")
        return 0
    npm = shutil.which("npm")
    if npm is None:
        return _fail("expected npm, found none: install Node.js and type it again")
    for package in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            error = _take(npm, package, Path(folder))
        if error is not None:
            return _fail(error)
        print(f"took {package.name} {package.version}")
    wrong = missing()
    return _fail(f"not as they were looked at: {', '.join(wrong)}") if wrong else 0


def _take(npm: str, package: Package, folder: Path) -> str | None:
    """Fetch, compare and unpack one package; what was wrong, if so."""
    wanted = f"{package.name}@{package.version}"
    run = subprocess.run(
        [npm, "pack", "--silent", wanted], cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False
    )
    archives = list(folder.glob("*.tgz"))
    if run.returncode or len(archives) != 1:
        return f"npm gave no {wanted}: {' '.join(run.stderr.split())[:200] or 'no archive'}"
    found = integrity_of(archives[0].read_bytes())
    if found != package.integrity:
        return f"{wanted} is not what was looked at: expected {package.integrity}, got {found}; nothing of it was taken"
    FOLDER.mkdir(exist_ok=True)
    with tarfile.open(archives[0]) as archive:
        for file in package.files:
            content = archive.extractfile(f"package/{file.member}")
            if content is None:
                return f"{wanted} holds no {file.member}"
            place_of(file).write_bytes(content.read())
    return None


def integrity_of(archive: bytes) -> str:
    """The SHA-512 of an archive as npm writes it."""
    return "sha512-" + base64.b64encode(hashlib.sha512(archive).digest()).decode()


def _fail(line: str) -> int:
    print(f"error: {line}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
