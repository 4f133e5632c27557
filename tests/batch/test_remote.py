"""A bucket, by the protocols of S3 and of Google Cloud Storage, served on this machine."""

from __future__ import annotations

import importlib
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import media
import pytest
from batches import KEEP, Listener, here, planned, query, run, write_table

from formcheck.analysis import Settings
from formcheck.batch.plan import Wish
from formcheck.batch.run import on_this_machine, run_batch
from formcheck.errors import InputError, OutputError
from formcheck.machine.locations import open_storage
from formcheck.machine.remote import find_files
from formcheck.results.batch_tables import BatchTables

fsspec = pytest.importorskip("fsspec", reason="needs the extra remote")


@contextmanager
def s3_served() -> Iterator[dict[str, str]]:
    pytest.importorskip("s3fs", reason="needs the extra remote")
    moto_server = pytest.importorskip("moto.server", reason="needs moto")
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    running = moto_server.ThreadedMotoServer("127.0.0.1", 0)
    running.start()
    host, port = running.get_host_and_port()
    yield {
        "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    running.stop()


@contextmanager
def gs_served() -> Iterator[dict[str, str]]:
    pytest.importorskip("gcsfs", reason="needs gcsfs")
    emulator = pytest.importorskip("gcp_storage_emulator.server", reason="needs gcp-storage-emulator")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = emulator.create_server("127.0.0.1", port, in_memory=True)
    running.start()
    yield {
        "STORAGE_EMULATOR_HOST": f"http://127.0.0.1:{port}",
        "FSSPEC_GS_TOKEN": "anon",
        # gcsfs asks what kind of bucket it is by gRPC, which the emulator does not speak, for a minute.
        "GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT": "false",
    }
    running.stop()


@pytest.fixture(scope="module", params=["s3", "gs"])
def server(request: pytest.FixtureRequest) -> Iterator[tuple[str, dict[str, str]]]:
    """A protocol, and the environment in which its server on this machine is found."""
    with {"s3": s3_served, "gs": gs_served}[request.param]() as environment:
        yield request.param, environment


@dataclass(frozen=True)
class Bucket:
    """An empty bucket called ``gym``."""

    fs: Any
    protocol: str

    def put(self, source: Path, name: str) -> None:
        self.fs.put_file(str(source), f"gym/{name}")

    def url(self, name: str) -> str:
        return f"{self.protocol}://gym/{name}"


@pytest.fixture
def bucket(server: tuple[str, dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    protocol, environment = server
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    fs = fsspec.filesystem(protocol, skip_instance_cache=True, use_listings_cache=False)
    fs.mkdir("gym")
    yield Bucket(fs, protocol)
    fs.rm("gym", recursive=True)


def test_videos_of_a_bucket_are_fetched_once(bucket: Bucket, tmp_path: Path) -> None:
    good, bad = media.write_video(tmp_path / "good.mp4", frames=5), tmp_path / "bad.mp4"
    bad.write_bytes(b"no video")
    for source, name in ((good, "a/squat 深蹲.mp4"), (bad, "b/squat.mp4"), (Path(__file__), "b/notes.txt")):
        bucket.put(source, f"videos/{name}")
    out, listener = tmp_path / "out", Listener()
    tally = run(out, bucket.url("videos"), listener=listener, model="lite")
    assert listener.notes == ["skipped what is no video: 1 .txt"]
    assert [(failure.path, bucket.url("videos/b/squat.mp4") in str(failure.error)) for failure in tally.failures] == [
        ("videos/b/squat.mp4", True)
    ]
    assert query(out, "select path, location, frames from {sessions}") == [
        ("videos/a/squat 深蹲.mp4", bucket.url("videos/a/squat 深蹲.mp4"), 5)
    ]
    assert planned(out, bucket.url("videos"), model="lite") == ["videos/b/squat.mp4"]


def test_a_manifest_may_name_urls(bucket: Bucket, tmp_path: Path) -> None:
    bucket.put(write_table(tmp_path / "one.parquet"), "videos/one.parquet")
    manifest, (one, two) = tmp_path / "manifest.csv", (bucket.url(f"videos/{name}.parquet") for name in ("one", "two"))
    manifest.write_text(f"path,athlete\n{one},Ada\n{two},Bo\n", encoding="utf-8")
    tally = run(tmp_path / "out", manifest)
    assert tally.ok == 1
    assert two in str(tally.failures[0].error)
    assert planned(tmp_path / "out", manifest) == ["gym/videos/two.parquet"]


def test_a_changed_object_is_done_again(bucket: Bucket, tmp_path: Path) -> None:
    url = bucket.url("videos/one.parquet")
    bucket.put(write_table(tmp_path / "one.parquet"), "videos/one.parquet")
    run(tmp_path / "out", url)
    assert planned(tmp_path / "out", url) == []
    bucket.put(write_table(tmp_path / "one.parquet", depth_deg=120), "videos/one.parquet")
    assert planned(tmp_path / "out", url) == ["videos/one.parquet"]


def test_results_may_go_to_a_bucket(bucket: Bucket, tmp_path: Path) -> None:
    videos = [write_table(tmp_path / "v" / f"{name}.parquet") for name in "ab"]
    out = bucket.url("results of 2026")
    assert _run_to(out, videos) == (2, 0)
    assert _run_to(out, videos) == (0, 2)
    assert _run_to(out, videos, profile="strict") == (2, 0)
    rows = BatchTables(open_storage(out)).rows("sessions", ["profile", "folder", "kept"])
    assert [(row["profile"], row["kept"]) for row in rows] == [("strict", "landmarks,report")] * 2
    with bucket.fs.open(f"gym/results of 2026/sessions/{rows[0]['folder']}/report.json") as file:
        assert b'"strict"' in file.read()
    assert bucket.fs.exists("gym/results of 2026/summary.csv")
    assert bucket.fs.find("gym/results of 2026/.batch") == []
    assert _run_to(out, [], rescore=True) == (2, 0)


def _run_to(out: str, videos: list[Path], **options: Any) -> tuple[int, int]:
    rescore = options.pop("rescore", False)
    wish = Wish(Settings(**options), KEEP, out)
    tally = run_batch([*map(str, videos)], wish, here, Listener(), rescore=rescore)
    return tally.ok, tally.before


def test_worker_processes_reach_the_bucket(bucket: Bucket, tmp_path: Path) -> None:
    bucket.put(write_table(tmp_path / "one.parquet"), "one.parquet")
    assert run(tmp_path / "out", bucket.url("one.parquet"), execute=on_this_machine(1)).ok == 1


def test_a_second_run_into_a_bucket_is_told_who_writes(bucket: Bucket, tmp_path: Path) -> None:
    storage, another = open_storage(bucket.url("out")), open_storage(bucket.url("out"))
    with storage.exclusive(), pytest.raises(OutputError, match="another run"), another.exclusive():
        pass
    with storage.exclusive():
        pass


def test_a_bucket_that_is_not_there_is_one_line(bucket: Bucket, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"{bucket.protocol}://nowhere/videos"):
        run(tmp_path / "out", f"{bucket.protocol}://nowhere/videos")


@pytest.mark.parametrize(
    ("module", "name", "told"),
    [
        ("gcsfs.retry", "HttpError", {"message": "no rights\nfor you", "code": 403}),
        ("google.auth.exceptions", "DefaultCredentialsError", "no rights\nfor you"),
    ],
)
def test_errors_of_google_are_one_line(
    module: str, name: str, told: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("gcsfs", reason="needs gcsfs")
    error = getattr(importlib.import_module(module), name)(told)

    class Refusing:
        def find(self, *_arguments: object, **_options: object) -> None:
            logging.getLogger("gcsfs").error("refused")
            raise error

    monkeypatch.setattr(fsspec.core, "url_to_fs", lambda *_arguments, **_options: (Refusing(), "gym/videos"))
    with pytest.raises(InputError, match=r"gs://gym/videos cannot be reached .*no rights for you") as explained:
        find_files("gs://gym/videos")
    assert "\n" not in str(explained.value)
    assert capfd.readouterr().err == ""
