"""The server without a browser: uploads, the queue, what is refused, and what is removed."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from media import write_video

pytest.importorskip("fastapi", reason="needs the extra web")
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from uploads import HOST, LIVE, MP4, Sender, ended, video

from formcheck.analysis import Settings
from formcheck.errors import InputError, OutputError
from formcheck.frames.jpeg import decode_picture
from formcheck.results.folder import OURS
from formcheck.web import app, jobs
from formcheck.web import live_socket as live
from formcheck.web import running as folder
from formcheck.web.app import create_app
from formcheck.web.child import Child
from formcheck.web.jobs import PAGE, JobBoard, UploadJob
from formcheck.web.options import ServerOptions
from formcheck.web.receiving import container_of
from formcheck.web.running import _listening, server_folder
from formcheck.web.upload_analysis import Upload, check_limits, one_line

LIMITS = ServerOptions(max_pixels=1_000_000, max_duration_s=60.0)
MEMORY = LIMITS.memory_bytes(1, 1)


def test_an_upload_becomes_a_report_and_files_and_is_gone_once_deleted(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions
) -> None:
    client = serve(options)
    answer = client.post("/api/sessions?name=my squat.mp4", content=video())
    assert answer.status_code == 201
    identity = answer.json()["id"]
    state = ended(client, identity)
    assert (state["state"], state["name"], state["files"]) == ("done", "my squat.mp4", ["report.json"])
    assert 0 < state["removed_in_s"] <= options.keep_s
    assert client.get(f"/api/sessions/{identity}/files/report.json").json() == {}
    assert not (options.folder / identity / "upload").exists()
    assert client.delete(f"/api/sessions/{identity}").status_code == 204
    assert client.get(f"/api/sessions/{identity}").status_code == 404
    assert not (options.folder / identity).exists()


def test_every_answer_of_the_report_has_a_nonce_of_its_own_and_no_other_script_may_run(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions
) -> None:
    client = serve(options)
    identity = client.post("/api/sessions", content=video()).json()["id"]
    ended(client, identity)
    pages = [client.get(f"/api/sessions/{identity}/report") for _ in range(2)]
    nonces = [page.text.split("'")[1] for page in pages]
    assert nonces[0] != nonces[1]
    for page, nonce in zip(pages, nonces, strict=True):
        policy = page.headers["content-security-policy"]
        assert f"script-src 'self' 'nonce-{nonce}';" in policy
        assert f"style-src 'self' 'nonce-{nonce}';" in policy
        assert "unsafe" not in policy


def test_an_unexpected_error_of_an_answer_is_one_line_for_each_side(
    options: ServerOptions, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_: object) -> None:
        raise ZeroDivisionError("never thought of")

    monkeypatch.setattr(jobs.JobBoard, "waiting", fails)
    monkeypatch.setattr(jobs.JobBoard, "work", lambda _: asyncio.sleep(60))
    with TestClient(create_app(options), base_url=HOST) as client:
        answer = client.post("/api/sessions", content=video())
    assert answer.status_code == 500
    told = "a fault of formcheck itself while answering (ZeroDivisionError: never thought of)"
    assert answer.json() == {"detail": told}
    [line] = capsys.readouterr().err.splitlines()
    assert line.startswith(f"warning: {told}; please send the trace ")


def test_the_queue_goes_on_after_an_unexpected_error(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow, failed = jobs.JobBoard._follow, []

    async def fails_once(*arguments: Any) -> Any:
        if not failed:
            failed.append(1)
            raise ZeroDivisionError("never thought of")
        return await follow(*arguments)

    monkeypatch.setattr(jobs.JobBoard, "_follow", fails_once)
    client = serve(options)
    bad, good = (client.post("/api/sessions", content=video()).json()["id"] for _ in range(2))
    assert "a fault of formcheck itself" in ended(client, bad)["error"]
    assert ended(client, good)["state"] == "done"


@pytest.mark.parametrize(
    ("does", "reason"),
    [("crash", "ended without a result"), ("wrong", "expected a video"), ("fault", "a fault of formcheck itself")],
)
def test_an_analysis_that_crashes_or_fails_costs_one_line_and_the_next_one_runs(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, does: str, reason: str
) -> None:
    client = serve(options)
    bad, good = (client.post("/api/sessions", content=video(what)).json()["id"] for what in (does, ""))
    state = ended(client, bad)
    assert state["state"] == "failed"
    assert reason in state["error"]
    assert "\n" not in state["error"]
    assert client.get(f"/api/sessions/{bad}/report").status_code == 409
    assert ended(client, good)["state"] == "done"


def test_an_analysis_that_hangs_is_ended_and_the_next_one_runs(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    boards: list[jobs.JobBoard] = []
    monkeypatch.setattr(app, "JobBoard", lambda own: boards.append(jobs.JobBoard(own)) or boards[-1])
    client = serve(replace(options, max_processing_s=0.5))
    bad = client.post("/api/sessions", content=video("hang")).json()["id"]
    assert "longer than" in ended(client, bad)["error"]
    boards[0].options = options  # however slow the machine, the next one has the time
    good = client.post("/api/sessions", content=video()).json()["id"]
    assert ended(client, good)["state"] == "done"


def test_a_full_disk_is_said_in_one_line(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = jobs.JobBoard.new

    def on_a_full_disk(*given: Any) -> jobs.Job:
        job = usual(*given)
        job.upload.symlink_to("/dev/full")
        return job

    monkeypatch.setattr(jobs.JobBoard, "new", on_a_full_disk)
    answer = serve(options).post("/api/sessions", content=video())
    assert answer.status_code == 507
    assert "No space left" in answer.json()["detail"]
    assert list(options.folder.iterdir()) == []


def test_what_went_wrong_names_no_folder_of_the_server() -> None:
    upload = Upload(Path("/srv/id/upload"), "squat.mp4", Path("/srv/id/files"), Path("/srv/id/page.html"))
    error = OutputError(f"cannot write {upload.files}/annotated.mp4\nfrom {upload.video}: the disk is full")
    names = {upload.video: upload.name, upload.page.parent: upload.name}
    assert one_line(error, names) == "cannot write squat.mp4/files/annotated.mp4 from squat.mp4: the disk is full"


def test_uploads_wait_in_order_and_one_that_is_deleted_gives_way(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions
) -> None:
    client = serve(replace(options, max_queue=2))
    running = client.post("/api/sessions", content=video("hang")).json()["id"]
    for _ in range(1200):
        if client.get(f"/api/sessions/{running}").json()["progress"] > 0:
            break
        time.sleep(0.05)
    waiting = [client.post("/api/sessions", content=video()).json() for _ in range(2)]
    assert [state["position"] for state in waiting] == [1, 2]
    assert client.post("/api/sessions", content=video()).status_code == 503
    client.delete(f"/api/sessions/{waiting[0]['id']}")
    assert client.get(f"/api/sessions/{waiting[1]['id']}").json()["position"] == 1
    client.delete(f"/api/sessions/{running}")
    assert ended(client, waiting[1]["id"])["state"] == "done"


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"#EXTM3U\nfile:///etc/passwd\n" + bytes(600), 415), (b"", 415), (MP4[:12], 201), (MP4 + bytes(3000), 413)],
    ids=["a playlist", "nothing", "a short one", "too much"],
)
def test_what_is_no_video_or_too_large_is_refused_and_leaves_nothing(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, body: bytes, status: int
) -> None:
    client = serve(options)
    answer = client.post("/api/sessions?name=clip.mp4", content=body)
    assert answer.status_code == status
    if status != 201:
        assert answer.json()["detail"].startswith("expected")
        assert list(options.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("headers", "status", "said"),
    [
        ({"Content-Length": "5000"}, 413, "at most"),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415, "got a form"),
    ],
    ids=["too much", "a form"],
)
def test_what_the_headers_tell_already_is_refused_without_the_body(
    options: ServerOptions, headers: Mapping[str, str], status: int, said: str
) -> None:
    sender = Sender(create_app(options), **headers)
    asyncio.run(asyncio.wait_for(sender.upload(), 30))
    assert sender.status == status
    assert said in json.loads(sender.body)["detail"]
    assert list(options.folder.iterdir()) == []


def test_a_process_that_cannot_be_started_costs_one_line_and_the_next_one_runs(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, usual = serve(options), jobs.Child

    def without_memory(*_: Any, **__: Any) -> Child:
        monkeypatch.setattr(jobs, "Child", usual)
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr(jobs, "Child", without_memory)
    first, second = (client.post("/api/sessions", content=video()).json()["id"] for _ in range(2))
    assert "Cannot allocate memory" in ended(client, first)["error"]
    assert ended(client, second)["state"] == "done"


def test_an_upload_that_stands_still_gives_its_place_back(options: ServerOptions) -> None:
    sender = Sender(create_app(replace(options, max_silence_s=0.2)))
    asyncio.run(asyncio.wait_for(sender.upload(), 30))
    assert sender.status == 408
    assert list(options.folder.iterdir()) == []


@pytest.mark.parametrize(("query", "told"), [("", False), ("?mirrored=true", True), ("?mirrored=false", False)])
def test_a_mirror_image_is_told_to_the_analysis(
    serve: Callable[[ServerOptions], TestClient],
    options: ServerOptions,
    monkeypatch: pytest.MonkeyPatch,
    query: str,
    told: bool,
) -> None:
    given: list[Settings] = []
    new = JobBoard.new

    def noted(board: JobBoard, name: str, settings: Mapping[str, Any], client: str = "") -> UploadJob:
        given.append(Settings(**settings))
        return new(board, name, settings, client)

    monkeypatch.setattr(JobBoard, "new", noted)
    assert serve(options).post(f"/api/sessions{query}", content=video()).status_code == 201
    assert [settings.mirrored for settings in given] == [told]


def test_a_parameter_that_is_wrong_is_told_in_one_line(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions
) -> None:
    answer = serve(options).post("/api/sessions?exercise=dance", content=video())
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("exercise: Input should be 'auto', 'squat', 'lunge', ")
    assert answer.json()["detail"].endswith(" or 'side_lunge', got 'dance'")


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("squat 1:30.mp4", "squat 1:30.mp4"),
        ("../../etc/a.mp4", "a.mp4"),
        ("C:\\clips\\a.mp4", "a.mp4"),
        ("a/", "recording"),
    ],
)
def test_a_recording_has_its_own_name_without_folders(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, told: str, kept: str
) -> None:
    assert serve(options).post("/api/sessions", params={"name": told}, content=video()).json()["name"] == kept


@pytest.mark.parametrize("name", ["../upload", "upload", "page.html", "..%2Fpage.html", "annotated.mp4"])
def test_only_the_files_of_an_analysis_can_be_asked_for(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, name: str
) -> None:
    client = serve(options)
    identity = client.post("/api/sessions", content=video()).json()["id"]
    ended(client, identity)
    assert client.get(f"/api/sessions/{identity}/files/{name}").status_code in {404, 405}
    assert client.get(f"/api/sessions/..%2F{identity}/files/report.json").status_code == 404


def test_head_is_answered_as_get_is_without_the_body(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions
) -> None:
    client = serve(options)
    identity = client.post("/api/sessions", content=video()).json()["id"]
    ended(client, identity)
    state, report = f"/api/sessions/{identity}", f"/api/sessions/{identity}/files/report.json"
    # The state tells the seconds until removal, so that its length may differ from one moment to the next.
    for address, same in (("/", True), ("/docs", True), (report, True), (state, False)):
        head, whole = client.head(address), client.get(address)
        assert (head.status_code, head.content) == (200, b""), address
        assert head.headers["content-type"] == whole.headers["content-type"], address
        assert int(head.headers["content-length"]) > 0, address
        assert not same or head.headers["content-length"] == whole.headers["content-length"], address
    assert client.head("/api/sessions/nobody").status_code == 404
    assert {method for path in client.get("/openapi.json").json()["paths"].values() for method in path} == {
        "get",
        "patch",
        "post",
        "delete",
    }


def test_a_page_elsewhere_can_neither_upload_nor_delete_nor_listen(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions
) -> None:
    client = serve(options)
    foreign = {"origin": "http://example.org"}
    assert client.post("/api/sessions", content=video(), headers=foreign).status_code == 403
    assert client.delete("/api/sessions/x", headers=foreign).status_code == 403
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(LIVE, headers=foreign):
        pass
    assert client.post("/api/sessions", content=video(), headers={"origin": HOST}).status_code == 201


def test_a_name_that_was_made_to_point_here_is_not_answered(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions
) -> None:
    client = serve(options)
    assert client.get("/", headers={"host": "example.org:8000"}).status_code == 400
    assert client.get("/", headers={"host": "[::1]:8000"}).status_code == 200


def test_a_token_is_asked_for_everywhere_and_moves_from_the_address_into_a_cookie(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions
) -> None:
    client = serve(replace(options, token="right", host_names=frozenset()))  # noqa: S106 - made up
    for path in ("/", "/api/sessions/x", "/static/style.css", "/openapi.json"):
        assert client.get(path).status_code == 401
        assert client.get(f"{path}?token=wrong").status_code == 401
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(LIVE):
        pass
    assert client.get("/openapi.json", headers={"authorization": "Bearer right"}).status_code == 200
    answer = client.get("/live?token=right&a=b", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/live?a=b")
    assert {"httponly", "samesite=strict"} <= set(answer.headers["set-cookie"].lower().replace(" ", "").split(";"))
    assert client.get("/").status_code == 200


def test_results_are_removed_after_their_time(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "_SWEEP_EVERY_S", 0.05)
    client = serve(replace(options, keep_s=0.2))
    identity = client.post("/api/sessions", content=video()).json()["id"]
    for _ in range(1200):
        if client.get(f"/api/sessions/{identity}").status_code == 404:
            break
        time.sleep(0.05)
    assert not (options.folder / identity).exists()


def test_the_description_names_every_route_and_the_pages_ask_nobody_else(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions
) -> None:
    client = serve(options)
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/sessions",
        "/api/sessions/joined",
        "/api/sessions/sample",
        "/api/sessions/{identity}/thumbnail",
        "/api/sessions/landmarks",
        "/api/vision",
        "/api/sessions/{identity}",
        "/api/sessions/{identity}/report",
        "/api/sessions/{identity}/video",
        "/api/sessions/{identity}/files/{name}",
        "/api/sessions/{identity}/files/{part}/{name}",
    }
    assert {"404", "409"} <= set(paths["/api/sessions/{identity}/report"]["get"]["responses"])
    assert "415" in paths["/api/sessions"]["post"]["responses"]
    for page in ("/", "/live", "/docs", "/phone"):
        answer = client.get(page)
        assert "://" not in answer.text
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in answer.headers["content-security-policy"]


# Live


def looking(connection: Connection, files: Path, page: Path, settings: Mapping[str, Any]) -> None:
    """Stands in for the live analysis: slow, and tells which pictures it saw."""
    connection.send({"ready": True})
    while True:
        kind, *rest = connection.recv()
        if kind == "end":
            files.mkdir()
            page.write_text(f"page, cut short: {rest[0]}", encoding="utf-8")
            connection.send({"reps": 2})
            return
        if kind == "frame":
            time.sleep(0.2)
            connection.send({"seen": rest[0], "picture_s": rest[0]})


def picture(time_s: float) -> bytes:
    return live._TIME.pack(time_s) + b"jpeg"


def test_live_the_newest_picture_wins_and_the_set_ends_in_a_report(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "analyse_live", looking)
    client = serve(options)
    with client.websocket_connect(LIVE) as socket:
        socket.send_text('{"exercise": "squat"}')
        assert socket.receive_json()["ready"] is True
        for number in range(10):
            socket.send_bytes(picture(float(number)))
        seen = [socket.receive_json()]
        while seen[-1]["picture"] < 10:
            seen.append(socket.receive_json())
        assert seen[-1]["seen"] == 9.0
        assert len(seen) + seen[-1]["dropped"] == 10
        assert seen[-1]["dropped"] >= 5
        with client.websocket_connect(LIVE) as second, pytest.raises(WebSocketDisconnect) as refused:
            second.receive_json()
        assert refused.value.code == live.BUSY
        socket.send_text('{"do": "end"}')
        answer = socket.receive_json()
    assert client.get(answer["report"]).text == "page, cut short: None"


def failing(connection: Connection, files: Path, page: Path, settings: Mapping[str, Any]) -> None:
    """Stands in for a live analysis whose files cannot be written."""
    connection.send({"ready": True})
    connection.recv()
    connection.send({"error": "the disk is full"})


def test_a_live_set_that_cannot_be_written_says_why(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "analyse_live", failing)
    with serve(options).websocket_connect(LIVE) as socket:
        socket.send_text("{}")
        socket.receive_json()
        socket.send_text('{"do": "end"}')
        assert socket.receive_json() == {"ended": True, "id": None, "report": None, "error": "the disk is full"}


def test_who_is_live_has_the_place_before_the_settings_are_sent(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions
) -> None:
    client = serve(options)
    with client.websocket_connect(LIVE), client.websocket_connect(LIVE) as second:
        with pytest.raises(WebSocketDisconnect) as refused:
            second.receive_json()
        assert refused.value.code == live.BUSY
    with client.websocket_connect(LIVE) as after:
        after.send_text("no settings")
        with pytest.raises(WebSocketDisconnect) as wrong:
            after.receive_json()
        assert wrong.value.code == live.WRONG


def test_a_live_page_that_is_closed_leaves_nothing(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "analyse_live", looking)
    client = serve(options)
    with client.websocket_connect(LIVE) as socket:
        socket.send_text("{}")
        socket.receive_json()
    for _ in range(1200):
        if not list(options.folder.iterdir()):
            break
        time.sleep(0.05)
    assert list(options.folder.iterdir()) == []


def test_a_set_whose_connection_is_lost_ends_in_its_report(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "analyse_live", looking)
    client = serve(options)
    with client.websocket_connect(LIVE) as socket:
        socket.send_text("{}")
        identity = socket.receive_json()["id"]
        socket.send_bytes(picture(0.0))
        socket.close(1006)
        assert ended_live(client, identity) == "page, cut short: the connection was lost"


def test_a_set_that_is_too_long_ends_in_its_report(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "analyse_live", looking)
    client = serve(replace(options, max_live_s=8.0))
    with client.websocket_connect(LIVE) as socket:
        socket.send_text("{}")
        socket.receive_json()
        socket.send_bytes(picture(0.0))
        while not (answer := socket.receive_json()).get("ended"):
            pass
    assert client.get(answer["report"]).text == "page, cut short: a live set may last 0.133333 minutes"


def ended_live(client: TestClient, identity: str) -> str:
    """The report of a live set, once it is there."""
    for _ in range(1200):
        answer = client.get(f"/api/sessions/{identity}/report")
        if answer.status_code == 200:
            return answer.text
        time.sleep(0.05)
    raise AssertionError("never ended")


# Parts


@pytest.mark.parametrize("text", ["#EXTM3U", "ffconcat version 1.0", "<?xml", "\x89PNG", ""])
def test_no_playlist_text_or_picture_is_taken_for_a_video(text: str) -> None:
    assert container_of(text.encode("latin-1") + bytes(400)) is None


def test_videos_of_every_kind_are_recognised(tmp_path: Path) -> None:
    for suffix in ("mp4", "mov", "mkv", "avi", "ts"):
        path = tmp_path / f"clip.{suffix}"
        write_video(path)
        assert container_of(path.read_bytes()[:400]) is not None, suffix


def test_a_recording_that_is_too_long_or_too_large_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    write_video(path, 30)
    check_limits(path, LIMITS)
    with pytest.raises(InputError, match="pixels"):
        check_limits(path, replace(LIMITS, max_pixels=1000))
    with pytest.raises(InputError, match="minutes"):
        check_limits(path, replace(LIMITS, max_duration_s=0.5))


def test_a_jpeg_is_decoded_unless_it_is_huge_or_none() -> None:
    small, huge = (
        cv2.imencode(".jpg", np.zeros(size, np.uint8))[1].tobytes() for size in ((48, 64, 3), (1100, 2000, 3))
    )
    decoded = decode_picture(small)
    assert decoded is not None
    assert decoded.shape == (48, 64, 3)
    for wrong in (huge, b"", b"jpeg", small[:20], cv2.imencode(".png", np.zeros((4, 4, 3), np.uint8))[1].tobytes()):
        assert decode_picture(wrong) is None


def test_a_folder_of_a_killed_server_is_removed_by_the_next_and_that_of_a_running_one_is_not(tmp_path: Path) -> None:
    abandoned = tmp_path / "formcheck-serve-old"
    abandoned.mkdir()
    (abandoned / "lock").write_text("1")
    with server_folder(tmp_path) as first:
        assert not abandoned.exists()
        with server_folder(tmp_path) as second:
            assert first.is_dir()
        assert not second.exists()
    assert not first.exists()
    (tmp_path / "file").touch()
    with pytest.raises(OutputError), server_folder(tmp_path / "file"):
        pass


@pytest.mark.skipif(sys.platform == "win32", reason="Windows gives every user a place of their own")
def test_folders_of_other_users_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    theirs = tmp_path / "formcheck-serve-theirs"
    theirs.mkdir()
    (theirs / "lock").write_text("1")
    monkeypatch.setattr(folder.os, "getuid", lambda: theirs.stat().st_uid + 1)
    with server_folder(tmp_path):
        assert theirs.is_dir()


def test_whoever_is_told_the_address_can_connect_and_nobody_else_gets_the_port() -> None:
    with _listening("127.0.0.1", 0) as ours:
        port = ours.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port), timeout=60):
            pass
        with pytest.raises(OutputError, match="in use"):
            _listening("127.0.0.1", port)


def nap(connection: Connection) -> None:
    time.sleep(60)


def test_a_process_is_ended_with_its_block() -> None:
    before = threading.active_count()
    with Child(nap, memory_bytes=MEMORY) as child:
        assert not child.connection.poll(0.1)
    with pytest.raises((EOFError, OSError)):
        child.connection.recv()
    assert threading.active_count() == before


def test_the_names_of_files_are_those_that_an_analysis_writes() -> None:
    assert {"report.json", "report.html", "annotated.mp4"} <= set(OURS)
    assert PAGE not in OURS
