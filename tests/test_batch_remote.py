"""A bucket, by the protocol of S3, served on this machine."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import media
import pytest
from batches import KEEP, Listener, here, planned, query, run, write_table

from formcheck.batch.plan import Wish
from formcheck.batch.run import on_this_machine, run_batch
from formcheck.errors import InputError, OutputError
from formcheck.io.analysis import Settings
from formcheck.io.batch_tables import BatchTables
from formcheck.io.locations import open_storage

fsspec = pytest.importorskip("fsspec", reason="needs the extra remote")
pytest.importorskip("s3fs", reason="needs the extra remote")
moto_server = pytest.importorskip("moto.server", reason="needs moto")


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing here survives a power cut, so nothing has to wait for the disk."""
    monkeypatch.setattr("os.sync", lambda: None)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = moto_server.ThreadedMotoServer("127.0.0.1", 0)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


@pytest.fixture
def bucket(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """The file system of an empty bucket called ``gym``."""
    for name, value in {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    fs = fsspec.filesystem("s3", skip_instance_cache=True)
    fs.mkdir("gym")
    yield fs
    fs.rm("gym", recursive=True)


def test_videos_of_a_bucket_are_fetched_once(bucket: Any, tmp_path: Path) -> None:
    good, bad = media.write_video(tmp_path / "good.mp4", frames=5), tmp_path / "bad.mp4"
    bad.write_bytes(b"no video")
    for source, name in ((good, "a/squat 深蹲.mp4"), (bad, "b/squat.mp4"), (Path(__file__), "b/notes.txt")):
        bucket.put_file(str(source), f"gym/videos/{name}")
    out, listener = tmp_path / "out", Listener()
    tally = run(out, "s3://gym/videos", listener=listener, model="lite")
    assert listener.notes == ["skipped 1 files that are no videos: 1 .txt"]
    assert [(failure.path, "s3://gym/videos/b/squat.mp4" in str(failure.error)) for failure in tally.failures] == [
        ("videos/b/squat.mp4", True)
    ]
    assert query(out, "select path, location, frames from {sessions}") == [
        ("videos/a/squat 深蹲.mp4", "s3://gym/videos/a/squat 深蹲.mp4", 5)
    ]
    assert planned(out, "s3://gym/videos", model="lite") == ["videos/b/squat.mp4"]


def test_a_manifest_may_name_urls(bucket: Any, tmp_path: Path) -> None:
    bucket.put_file(str(write_table(tmp_path / "one.parquet")), "gym/videos/one.parquet")
    manifest = tmp_path / "manifest.csv"
    manifest.write_text(
        "path,athlete\ns3://gym/videos/one.parquet,Ada\ns3://gym/videos/two.parquet,Bo\n", encoding="utf-8"
    )
    tally = run(tmp_path / "out", manifest)
    assert tally.ok == 1
    assert "s3://gym/videos/two.parquet" in str(tally.failures[0].error)
    assert planned(tmp_path / "out", manifest) == ["gym/videos/two.parquet"]


def test_a_changed_object_is_done_again(bucket: Any, tmp_path: Path) -> None:
    url = "s3://gym/videos/one.parquet"
    bucket.put_file(str(write_table(tmp_path / "one.parquet")), url)
    run(tmp_path / "out", url)
    assert planned(tmp_path / "out", url) == []
    bucket.put_file(str(write_table(tmp_path / "one.parquet", depth_deg=120)), url)
    assert planned(tmp_path / "out", url) == ["videos/one.parquet"]


def test_results_may_go_to_a_bucket(bucket: Any, tmp_path: Path) -> None:
    videos = [write_table(tmp_path / "v" / f"{name}.parquet") for name in "ab"]
    out = "s3://gym/results of 2026"
    assert _run_to(out, videos) == (2, 0)
    assert _run_to(out, videos) == (0, 2)
    assert _run_to(out, videos, profile="strict") == (2, 0)
    rows = BatchTables(open_storage(out)).rows("sessions", ["profile", "folder", "kept"])
    assert [(row["profile"], row["kept"]) for row in rows] == [("strict", "landmarks,report")] * 2
    with bucket.open(f"gym/results of 2026/sessions/{rows[0]['folder']}/report.json") as file:
        assert b'"strict"' in file.read()
    assert bucket.exists("gym/results of 2026/summary.csv")
    assert bucket.find("gym/results of 2026/.batch") == []
    assert _run_to(out, [], rescore=True) == (2, 0)


def _run_to(out: str, videos: list[Path], **options: Any) -> tuple[int, int]:
    rescore = options.pop("rescore", False)
    wish = Wish(Settings(**options), KEEP, out)
    tally = run_batch([*map(str, videos)], wish, here, Listener(), rescore=rescore)
    return tally.ok, tally.before


def test_worker_processes_reach_the_bucket(bucket: Any, tmp_path: Path) -> None:
    bucket.put_file(str(write_table(tmp_path / "one.parquet")), "gym/one.parquet")
    assert run(tmp_path / "out", "s3://gym/one.parquet", execute=on_this_machine(1)).ok == 1


def test_a_second_run_into_a_bucket_is_told_who_writes(bucket: Any, tmp_path: Path) -> None:
    storage = open_storage("s3://gym/out")
    with storage.exclusive(), pytest.raises(OutputError, match="another run"), open_storage("s3://gym/out").exclusive():
        pass
    with storage.exclusive():
        pass


def test_a_bucket_that_is_not_there_is_one_line(bucket: Any, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="s3://nowhere/videos"):
        run(tmp_path / "out", "s3://nowhere/videos")
