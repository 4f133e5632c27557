"""Whether a recording is judged alike with the joints that a browser finds and with those that Python finds.

    python -m benchmarks.browser_agreement [CLIP...] [--keep FOLDER]

Without clips: the squats and lunges among the sample videos and eight of ``../shared/data/clips``. Each is given to the
upload page of a server of its own in Chromium, with the video kept on the device; Python analyses the same
file. ``--keep`` holds both reports of each clip, so that what was done is not done again. Prints a line a clip, and how
many repetitions and verdicts differ.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from formcheck.analysis import analyze

ROOT = Path(__file__).resolve().parents[1]
#: Of the real clips the shorter ones that Chromium decodes, squats and lunges from both sides.
REAL = ("squat_01", "squat_03", "squat_04", "squat_10", "lunge_01", "lunge_02", "lunge_07", "lunge_08")
_PATIENCE_MS = 300_000
_ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")
CHROMIUM = "/usr/bin/chromium"


def chosen() -> list[Path]:
    """The squats and lunges among the sample videos, and eight real clips."""
    folder = ROOT.parent / "shared" / "data" / "clips"
    samples = [path for kind in ("squat", "lunge") for path in sorted((ROOT / "sample_videos").glob(f"{kind}_*.mp4"))]
    return [*samples, *(folder / f"{name}.mp4" for name in REAL)]


@contextmanager
def served() -> Iterator[str]:
    """The address of a server."""
    command = [sys.executable, "-m", "formcheck", "serve", "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        said = server.stderr.readline() if server.stderr else ""
        try:
            yield re.findall(r"http://\S+", said)[0]
        finally:
            server.terminate()


def in_browser(clip: Path) -> dict[str, Any]:
    """The report of a clip whose joints Chromium found."""
    from playwright.sync_api import sync_playwright

    with served() as address, sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        page = browser.new_page()
        page.goto(address)
        while page.locator("#here").get_attribute("data-known") is None:
            page.wait_for_timeout(50)
        page.get_by_label("Drop a video here").set_input_files(clip)
        link = page.get_by_role("link", name=f"Report of {clip.name}").or_(page.locator(".failed"))
        link.wait_for(timeout=_PATIENCE_MS)
        where = link.get_attribute("href")
        if where is None:
            raise RuntimeError(link.inner_text())
        answer = page.request.get(f"{address.rstrip('/')}{where.removesuffix('report')}files/report.json")
        report: dict[str, Any] = answer.json()
        browser.close()
        return report


def in_python(clip: Path) -> dict[str, Any]:
    """The report of a clip whose joints Python found."""
    return analyze(clip).as_dict()


def kept(folder: Path | None, clip: Path, way: str, make: Any) -> dict[str, Any]:
    """The report of a way, from the folder where it is there."""
    path = None if folder is None else folder / f"{clip.stem}-{way}.json"
    if path is not None and path.is_file():
        report: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return report
    report = make(clip)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(report), encoding="utf-8")
    return report


def verdicts(report: dict[str, Any]) -> dict[tuple[int, str, str | None], str]:
    """Every verdict, by repetition, check and side."""
    return {(r["number"], f["check"], f["side"]): f["verdict"] for r in report["reps"] for f in r["findings"]}


def main() -> None:
    """Print a line a clip and the sums."""
    told = argparse.ArgumentParser(description="Joints found in a browser against those found in Python.")
    told.add_argument("clips", nargs="*", type=Path)
    told.add_argument("--keep", type=Path)
    asked = told.parse_args()
    print("| clip | repetitions: Python, browser | verdicts | different |\n|---|---|---|---|")
    same_count = total = other = 0
    changes: Counter[str] = Counter()
    clips = asked.clips or chosen()
    for clip in clips:
        python, browser = (
            kept(asked.keep, clip, way, make) for way, make in (("python", in_python), ("browser", in_browser))
        )
        ours, theirs = verdicts(python), verdicts(browser)
        found = {key: (ours[key], theirs[key]) for key in ours.keys() & theirs.keys() if ours[key] != theirs[key]}
        changes.update(f"{key[1]} {old} to {new}" for key, (old, new) in found.items())
        counts = python["summary"]["rep_count"], browser["summary"]["rep_count"]
        same_count += counts[0] == counts[1]
        total += len(ours.keys() & theirs.keys())
        other += len(found)
        shown = ", ".join(f"{key[0]} {key[1]} {old} to {new}" for key, (old, new) in sorted(found.items(), key=str))
        print(f"| {clip.stem} | {counts[0]}, {counts[1]} | {len(ours)} | {shown} |", flush=True)
    print(f"\nThe same repetitions in {same_count} of {len(clips)} clips; {other} of {total} verdicts differ:", end=" ")
    print(f"{100 * other / max(total, 1):.1f} %", dict(changes))


if __name__ == "__main__":
    main()
