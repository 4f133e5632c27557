"""Landmarks that a browser sends: what is taken, what is refused, and what becomes of them."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from bodies import squats

pytest.importorskip("fastapi", reason="needs the extra web")
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect
from uploads import HOST, LIVE, MP4, ended

from formcheck.body.pose import Pose
from formcheck.checks.judge_recording import analyze_poses
from formcheck.errors import InputError
from formcheck.web import live_socket as live
from formcheck.web.app import create_app
from formcheck.web.landmark_rows import ROW, read_rows
from formcheck.web.options import ServerOptions

ROWS = f"{LIVE}?sends=landmarks"


def rows_of(pose: Pose) -> np.ndarray:
    rows = np.zeros(len(pose), ROW)
    rows["time_s"], rows["size_px"] = pose.time_s, (pose.width_px, pose.height_px)
    rows["marks"] = np.concatenate([pose.image_px, pose.world_m, pose.visibility[..., None]], axis=-1)
    return rows


def test_rows_are_read_as_they_were_written() -> None:
    pose = squats(1)
    read = read_rows(rows_of(pose).tobytes())
    np.testing.assert_array_equal(read.time_s, pose.time_s)
    np.testing.assert_allclose(read.image_px, pose.image_px, rtol=1e-6)
    np.testing.assert_allclose(read.world_m, pose.world_m, atol=1e-6)
    assert (read.width_px, read.height_px) == (pose.width_px, pose.height_px)


def test_a_frame_without_a_person_is_unseen_and_no_other_one() -> None:
    rows = rows_of(squats(1))
    rows["marks"][5] = np.nan
    read = read_rows(rows.tobytes())
    assert np.isnan(read.image_px[5]).all()
    assert (read.visibility[5] == 0).all()
    assert np.isfinite(np.delete(read.image_px, 5, axis=0)).all()


def spoilt(name: str, value: Any, at: int = 3) -> bytes:
    rows = rows_of(squats(1))
    rows[name][at] = value
    return rows.tobytes()


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "rows of 804 bytes"),
        (rows_of(squats(1)).tobytes()[:-1], "rows of 804 bytes"),
        (spoilt("time_s", 0.0), "times of pictures that rise"),
        (spoilt("time_s", np.nan), "times of pictures that rise"),
        (spoilt("size_px", (640, 479)), "pictures of one size"),
        (spoilt("marks", 1e30), "near the picture"),
        (spoilt("marks", -1.0), "near the picture"),  # a visibility below 0
    ],
)
def test_what_no_browser_sends_is_refused_in_one_line(content: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        read_rows(content)


@pytest.mark.parametrize("size", [(0, 480), (9000, 480)])
def test_a_picture_of_an_impossible_size_is_refused(size: tuple[int, int]) -> None:
    rows = rows_of(squats(1))
    rows["size_px"] = size
    with pytest.raises(InputError, match="pictures of one size"):
        read_rows(rows.tobytes())


def test_uploaded_rows_are_judged_as_their_poses_are(options: ServerOptions) -> None:
    pose = squats(3, yaw_deg=90.0)
    with TestClient(create_app(replace(options, max_bytes=10_000_000)), base_url=HOST) as client:
        answer = client.post("/api/sessions/landmarks?name=mine.mp4&exercise=squat", content=rows_of(pose).tobytes())
        assert answer.status_code == 201
        state = ended(client, answer.json()["id"])
        assert (state["state"], state["name"]) == ("done", "mine.mp4")
        assert "annotated.mp4" not in state["files"]
        report = client.get(f"/api/sessions/{state['id']}/files/report.json").json()
    expected = analyze_poses(pose, exercise="squat")
    assert report["summary"]["rep_count"] == expected.summary.rep_count == 3
    assert report["model"]["name"] == "full"
    found = [(one["check"], one["verdict"]) for rep in report["reps"] for one in rep["findings"]]
    assert found == [(one.check, str(one.verdict)) for rep in expected.reps for one in rep.findings]


def test_rows_that_no_body_has_fail_in_one_line(options: ServerOptions) -> None:
    with TestClient(create_app(replace(options, max_bytes=10_000_000)), base_url=HOST) as client:
        identity = client.post("/api/sessions/landmarks", content=spoilt("marks", 1e30)).json()["id"]
        state = ended(client, identity)
    assert (state["state"], state["error"].splitlines()) == ("failed", [state["error"]])
    assert state["error"].startswith("expected joints near the picture")


@pytest.mark.parametrize("content", [MP4, b"short"])
def test_what_is_no_row_is_refused_where_rows_are_expected(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, content: bytes
) -> None:
    answer = serve(options).post("/api/sessions/landmarks", content=content)
    assert answer.status_code == 415
    assert list(options.folder.iterdir()) == []


# Live


@pytest.mark.parametrize("together", [1, 3])
def test_live_rows_are_counted_and_end_in_a_report(options: ServerOptions, together: int) -> None:
    pose = squats(2)
    with TestClient(create_app(options), base_url=HOST) as client, client.websocket_connect(ROWS) as socket:
        socket.send_text('{"exercise": "squat"}')
        assert socket.receive_json()["ready"]
        states = []
        rows = rows_of(pose)
        for first in range(0, len(rows), together):
            socket.send_bytes(rows[first : first + together].tobytes())
            states.append(socket.receive_json())
        assert states[-1]["dropped"] == 0
        socket.send_text('{"do": "end"}')
        answer = socket.receive_json()
        report = client.get(f"/api/sessions/{answer['id']}/files/report.json").json()
    assert report["summary"]["rep_count"] == 2
    assert max(state["rep_count"] for state in states) == 2
    assert report["video"]["frames"] == len(pose)


def telling(connection: Connection, files: Path, page: Path, settings: Mapping[str, Any]) -> None:
    """Stands in for the live analysis: counts every message as a repetition, and is slow with pictures."""
    connection.send({"ready": True})
    count = 0
    while True:
        kind, *rest = connection.recv()
        if kind == "end":
            files.mkdir()
            page.write_text(f"cut short: {rest[0]}", encoding="utf-8")
            connection.send({"reps": count})
            return
        count += 1
        connection.send({"kind": kind, "rep_count": count, "picture_s": rest[0]})


@pytest.fixture
def client(
    serve: Callable[[ServerOptions], TestClient], options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> TestClient:
    monkeypatch.setattr(live, "analyse_live", telling)
    return serve(replace(options, max_live_landmarks=2))


def begun(socket: Any) -> str:
    socket.send_text("{}")
    identity: str = socket.receive_json()["id"]
    return identity


def row(time_s: float) -> bytes:
    rows = rows_of(squats(1))[:1]
    rows["time_s"] = time_s
    return rows.tobytes()


def picture(time_s: float) -> bytes:
    return live._TIME.pack(time_s) + live._JPEG + b"..."


def test_every_row_is_looked_at_however_many_come_at_once(client: TestClient) -> None:
    with client.websocket_connect(ROWS) as socket:
        begun(socket)
        for number in range(60):
            socket.send_bytes(row(float(number)))
        seen = [socket.receive_json() for _ in range(60)]
    assert [state["picture_s"] for state in seen] == [float(number) for number in range(60)]
    assert {state["dropped"] for state in seen} == {0}


def test_sets_of_landmarks_have_places_of_their_own(client: TestClient) -> None:
    with (
        client.websocket_connect(LIVE) as pictures,
        client.websocket_connect(ROWS) as first,
        client.websocket_connect(ROWS) as second,
    ):
        for one in (pictures, first, second):  # who sends no settings loses the place after ten seconds
            begun(one)
        with client.websocket_connect(ROWS) as third, pytest.raises(WebSocketDisconnect) as refused:
            third.receive_json()
        assert refused.value.code == live.BUSY
        second.send_bytes(picture(0.0))
        assert second.receive_json()["error"].startswith("other people's pictures are being looked at")
        second.send_bytes(row(1.0))
        assert second.receive_json()["kind"] == "rows"


def test_a_set_of_landmarks_may_go_on_with_pictures_where_there_is_room(client: TestClient) -> None:
    with client.websocket_connect(ROWS) as socket:
        begun(socket)
        socket.send_bytes(row(0.0))
        assert socket.receive_json()["kind"] == "rows"
        socket.send_bytes(picture(1.0))
        assert socket.receive_json()["kind"] == "frame"
        with client.websocket_connect(LIVE) as other, pytest.raises(WebSocketDisconnect):
            other.receive_json()


def test_another_tab_of_the_same_person_takes_over_and_the_first_set_is_reported(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as first:
        identity = begun(first)
        first.send_bytes(picture(0.0))
        first.receive_json()
        with client.websocket_connect(f"{LIVE}?over={identity}") as second:
            assert begun(second) != identity
            assert first.receive_json()["id"] == identity
        assert client.get(f"/api/sessions/{identity}/report").text == "cut short: it went on in another tab"


def test_who_does_not_know_the_session_takes_nothing_over(client: TestClient) -> None:
    with client.websocket_connect(LIVE) as first:
        begun(first)
        with client.websocket_connect(f"{LIVE}?over=guessed") as second, pytest.raises(WebSocketDisconnect) as refused:
            second.receive_json()
        assert refused.value.code == live.BUSY
        first.send_bytes(picture(0.0))
        assert first.receive_json()["kind"] == "frame"


def test_a_page_that_is_left_keeps_the_repetitions_that_were_counted(client: TestClient) -> None:
    with client.websocket_connect(ROWS) as socket:
        identity = begun(socket)
        socket.send_bytes(row(0.0))
        socket.receive_json()
        socket.close(1001)
        for _ in range(600):
            answer = client.get(f"/api/sessions/{identity}/report")
            if answer.status_code == 200:
                break
            time.sleep(0.05)
    assert answer.text == "cut short: the page was left"
