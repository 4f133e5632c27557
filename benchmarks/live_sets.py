"""How many live sets one core judges: the server's processor time per picture, as landmarks and as JPEG.

    python benchmarks/live_sets.py [--sets 4] [--seconds 20] [CLIP]

Starts ``formcheck serve``, trains in so many sets at once at 30 pictures a second, and prints a line for each way. The
landmarks are those that formcheck finds in the clip; a browser's are found elsewhere and cost the server nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import struct
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np
from websockets.asyncio.client import connect

from formcheck.landmarks.recording import read_recording
from formcheck.web.landmark_rows import ROW

ROOT = Path(__file__).resolve().parents[1]
CLIP = ROOT / "sample_videos" / "squat_front_knees_in_m_avg.mp4"
RATE = 30
#: The live page sends the rows of 90 ms in one message.
TOGETHER = 3
_WIDTH_PX = 640
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")


def rows_of(clip: Path) -> list[bytes]:
    """The clip's landmarks as a browser would send them, their times left out."""
    pose = read_recording(clip).pose
    rows = np.zeros(len(pose), ROW)
    rows["size_px"] = (pose.width_px, pose.height_px)
    rows["marks"] = np.concatenate([pose.image_px, pose.world_m, pose.visibility[..., None]], axis=-1)
    return [row.tobytes()[8:] for row in rows]


def pictures_of(clip: Path) -> list[bytes]:
    """The clip's pictures as the live page would send them, their times left out."""
    film, found = cv2.VideoCapture(str(clip)), []
    while (got := film.read())[0]:
        scale = min(1.0, _WIDTH_PX / got[1].shape[1])
        small = cv2.resize(got[1], None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        found.append(cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, 70])[1].tobytes())
    return found


@contextmanager
def served(sets: int) -> Iterator[tuple[str, int]]:
    """The address and the process of a server with room for so many."""
    command = [sys.executable, "-m", "formcheck", "serve", "--port", "0"]
    command += ["--max-live", str(sets), "--max-live-landmarks", str(sets)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "COLUMNS": "200"}) as server:
        said = server.stderr.readline() if server.stderr else ""
        try:
            yield re.findall(r"http://(\S+)/", said)[0], server.pid
        finally:
            server.terminate()


def processor_s(pid: int) -> float:
    """What a process and those that it started have used of the processor."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        parents[int(stat.parent.name)] = (int(fields[1]), (int(fields[11]) + int(fields[12])) * _TICK_S)
    ours, grown = {pid}, True
    while grown:
        found = {child for child, (parent, _) in parents.items() if parent in ours} - ours
        ours, grown = ours | found, bool(found)
    return sum(parents[one][1] for one in ours if one in parents)


async def train(address: str, sends: str, messages: Sequence[bytes], seconds: float, begin: asyncio.Barrier) -> int:
    """One set at 30 pictures a second; the number of pictures that were answered for."""
    together = TOGETHER if sends == "landmarks" else 1
    async with connect(f"ws://{address}/api/live?sends={sends}", max_size=None) as socket:
        await socket.send(json.dumps({}))
        await socket.recv()
        await socket.send(struct.pack("<d", 0.0) + messages[0])  # loads what is loaded at the first one
        await socket.recv()
        await begin.wait()
        answers = 0

        async def hear() -> None:
            nonlocal answers
            async for _ in socket:
                answers += together

        hearing = asyncio.create_task(hear())
        began = time.monotonic()
        waiting = b""
        for number in range(1, round(seconds * RATE)):
            await asyncio.sleep(max(0.0, began + number / RATE - time.monotonic()))
            waiting += struct.pack("<d", number / RATE) + messages[number % len(messages)]
            if number % together == 0:
                await socket.send(waiting)
                waiting = b""
        await asyncio.sleep(1.0)
        hearing.cancel()
        return answers


async def measure(sends: str, messages: Sequence[bytes], sets: int, seconds: float) -> str:
    """One line of the table."""
    with served(sets) as (address, pid):
        begin = asyncio.Barrier(sets + 1)
        training = [asyncio.create_task(train(address, sends, messages, seconds, begin)) for _ in range(sets)]
        await begin.wait()
        before_s = processor_s(pid)
        answers = sum(await asyncio.gather(*training))
        used_s = processor_s(pid) - before_s
    each_ms = 1000 * used_s / answers
    asked = sets * (round(seconds * RATE) - 1)
    return (
        f"| {sends} | {np.mean([*map(len, messages)]) + 8:.0f} B | {answers} of {asked} | {each_ms:.2f} ms | "
        f"{1000 / RATE / each_ms:.1f} |"
    )


def main() -> None:
    """Print the table."""
    told = argparse.ArgumentParser(description="How many live sets one core judges.")
    told.add_argument("clip", nargs="?", type=Path, default=CLIP)
    told.add_argument("--sets", type=int, default=4)
    told.add_argument("--seconds", type=float, default=20.0)
    asked = told.parse_args()
    print(
        "| sent | a picture | looked at | server's processor time | sets a core at 30 a second |\n|---|---|---|---|---|"
    )
    print(asyncio.run(measure("landmarks", rows_of(asked.clip), asked.sets, asked.seconds)), flush=True)
    print(asyncio.run(measure("pictures", pictures_of(asked.clip), 1, asked.seconds)), flush=True)


if __name__ == "__main__":
    main()
