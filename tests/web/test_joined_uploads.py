"""Two uploads in one report, without a browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest

pytest.importorskip("fastapi", reason="needs the extra web")
from starlette.testclient import TestClient
from uploads import ended, squats_by_name, video

from formcheck.web import jobs
from formcheck.web.options import ServerOptions

Serve = Callable[[ServerOptions], TestClient]


def sent(client: TestClient, name: str, does: str = "") -> str:
    return str(client.post(f"/api/sessions?name={name}", content=video(does)).json()["id"])


def test_two_uploads_become_one_report_once_both_are_done(
    serve: Serve, options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(options)
    monkeypatch.setattr(jobs, "analyse_upload", squats_by_name)
    parts = [sent(client, f"set {view}.mp4") for view in ("front", "side")]
    answer = client.post("/api/sessions/joined", json={"sessions": parts})
    assert answer.status_code == 201
    state = ended(client, answer.json()["id"])
    assert (state["state"], state["name"], state["joins"]) == ("done", "set", parts)
    address = f"/api/sessions/{state['id']}"
    report = client.get(f"{address}/files/report.json").json()
    assert report["joined"]["way"] == "same_set"
    assert "unseen" not in report["summary"]["verdicts"].values()
    assert "files/front/annotated.mp4" in client.get(f"{address}/report").text
    assert client.get(f"{address}/files/side/annotated.mp4").content == b"a video"
    assert client.get(f"{address}/files/elsewhere/annotated.mp4").status_code == 404


def test_a_session_outlives_the_recordings_that_it_was_made_of(
    serve: Serve, options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(options)
    monkeypatch.setattr(jobs, "analyse_upload", squats_by_name)
    parts = [sent(client, f"set {view}.mp4") for view in ("front", "side")]
    state = ended(client, client.post("/api/sessions/joined", json={"sessions": parts}).json()["id"])
    for part in parts:
        client.delete(f"/api/sessions/{part}")
    assert client.get(f"/api/sessions/{state['id']}/report").status_code == 200
    assert client.get(f"/api/sessions/{state['id']}/files/front/annotated.mp4").content == b"a video"


def test_a_session_of_a_recording_that_failed_says_which(serve: Serve, options: ServerOptions) -> None:
    client = serve(options)
    parts = [sent(client, "good"), sent(client, "bad", "wrong")]
    state = ended(client, client.post("/api/sessions/joined", json={"sessions": parts}).json()["id"])
    assert state["error"] == "expected two recordings with a report, but bad has none"


def test_what_is_not_there_cannot_be_joined(serve: Serve, options: ServerOptions) -> None:
    client = serve(options)
    assert client.post("/api/sessions/joined", json={"sessions": [sent(client, "one"), "nobody"]}).status_code == 404
    assert client.post("/api/sessions/joined", json={"sessions": ["one"]}).status_code == 422
