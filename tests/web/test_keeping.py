"""Sessions that stay: after an end of the server, in a list, by other names, one beside the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra web")
from starlette.testclient import TestClient
from uploads import ended, squats_by_name, video

from formcheck.errors import OutputError
from formcheck.web import jobs
from formcheck.web.jobs import State, UploadJob
from formcheck.web.keeping import kept_board
from formcheck.web.options import ServerOptions
from formcheck.web.running import kept_folder
from formcheck.web.store import Kept, SessionStore

Serve = Callable[[ServerOptions], TestClient]


@pytest.fixture
def keeping(options: ServerOptions) -> ServerOptions:
    return replace(options, keeps=True, keep_s=float("inf"))


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "analyse_upload", squats_by_name)


def sent(client: TestClient, name: str, does: str = "") -> str:
    return str(client.post(f"/api/sessions?name={name}", content=video(does)).json()["id"])


def stopped(client: TestClient) -> None:
    """As the fixture ends it, only earlier: a second end does nothing."""
    client.__exit__(None, None, None)
    client.__exit__ = lambda *_: None  # type: ignore[method-assign]


def listed(client: TestClient, search: str = "") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = client.get("/api/sessions", params={"search": search}).json()["sessions"]
    return found


def test_a_session_is_there_again_after_the_server_has_ended(
    serve: Serve, keeping: ServerOptions, analysed: None
) -> None:
    first = serve(keeping)
    identity = sent(first, "monday side.mp4")
    ended(first, identity)
    stopped(first)
    second = serve(keeping)
    state = second.get(f"/api/sessions/{identity}").json()
    assert (state["state"], state["name"], state["removed_in_s"]) == ("done", "monday side.mp4", None)
    assert second.get(f"/api/sessions/{identity}/files/report.json").status_code == 200
    [one] = listed(second)
    assert (one["exercise"], one["reps"]) == ("squat", 2)
    assert one["headline"].startswith(("Good", "Nothing", "To work on"))


def test_what_waited_and_what_ran_is_analysed_by_the_next_server(keeping: ServerOptions) -> None:
    store = SessionStore(keeping.folder)
    for number, state in enumerate((State.RUNNING, State.QUEUED)):
        folder = keeping.folder / f"id{number}"
        (folder / "files").mkdir(parents=True)
        (folder / "upload").write_bytes(video())
        store.put(Kept(f"id{number}", f"v{number}", state, "1.2.3.4", {"model": "full"}))
    board = kept_board(keeping, store)
    assert [(job.id, job.state) for job in board.waiting()] == [("id0", State.QUEUED), ("id1", State.QUEUED)]
    assert not (keeping.folder / "id0" / "files").exists()
    store.close()


def test_an_upload_that_was_still_coming_is_gone_and_so_are_its_files(keeping: ServerOptions) -> None:
    store = SessionStore(keeping.folder)
    board = kept_board(keeping, store)
    job = board.new("half", {})
    store.close()
    store = SessionStore(keeping.folder)
    assert kept_board(keeping, store).jobs == {}
    assert not job.folder.exists()
    assert list(store.all()) == []
    store.close()


def test_a_removed_session_is_gone_for_good(serve: Serve, keeping: ServerOptions, analysed: None) -> None:
    first = serve(keeping)
    identity = sent(first, "monday side.mp4")
    ended(first, identity)
    assert first.delete(f"/api/sessions/{identity}").status_code == 204
    assert listed(first) == []
    stopped(first)
    assert serve(keeping).get(f"/api/sessions/{identity}").status_code == 404


def test_sessions_are_found_by_name_athlete_exercise_and_day(
    serve: Serve, keeping: ServerOptions, analysed: None
) -> None:
    client = serve(keeping)
    one, other = sent(client, "monday side.mp4"), sent(client, "friday front.mp4")
    for identity in (one, other):
        ended(client, identity)
    assert client.patch(f"/api/sessions/{one}", json={"athlete": " Ada "}).status_code == 204
    assert client.patch(f"/api/sessions/{other}", json={"name": "Heavy day"}).status_code == 204
    assert {session["name"] for session in listed(client)} == {"monday side.mp4", "Heavy day"}
    assert [session["id"] for session in listed(client, "ada SQUAT")] == [one]
    assert [session["id"] for session in listed(client, "heavy")] == [other]
    assert listed(client, "nobody") == []
    day = listed(client)[0]["at"][:10]
    assert len(listed(client, day)) == 2
    assert client.patch(f"/api/sessions/{one}", json={"name": " "}).status_code == 422
    assert client.patch("/api/sessions/nobody", json={"name": "x"}).status_code == 404


def test_two_sessions_are_compared_and_one_athlete_is_followed_as_pages(
    serve: Serve, keeping: ServerOptions, analysed: None
) -> None:
    client = serve(keeping)
    both = [sent(client, name) for name in ("monday side.mp4", "friday side.mp4")]
    for identity in both:
        ended(client, identity)
        client.patch(f"/api/sessions/{identity}", json={"athlete": "Ada"})
    page = client.get("/compare", params={"before": both[0], "after": both[1]})
    assert page.status_code == 200
    assert "monday side.mp4 → friday side.mp4" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    history = client.get("/history", params={"athlete": "ada"})
    assert history.status_code == 200
    assert "2 sessions" in history.text
    gone = client.get("/history", params={"athlete": "nobody"}, headers={"accept": "text/html"})
    assert gone.status_code == 404
    assert "no session of nobody" in gone.text.lower()


def test_a_server_without_a_folder_of_its_own_lists_nothing_and_says_that_it_keeps_nothing(
    serve: Serve, options: ServerOptions
) -> None:
    client = serve(options)
    identity = sent(client, "a")
    ended(client, identity)
    answer = client.get("/api/sessions").json()
    assert (answer["kept"], answer["sessions"]) == (False, [])
    assert client.patch(f"/api/sessions/{identity}", json={"name": "b"}).status_code == 404


def test_who_opens_a_dead_link_gets_words_and_a_program_gets_json(serve: Serve, options: ServerOptions) -> None:
    client = serve(options)
    page = client.get("/api/sessions/nobody/report", headers={"accept": "text/html,*/*"})
    assert page.status_code == 404
    assert "<h1>This report is not here</h1>" in page.text
    assert 'href="/"' in page.text
    assert client.get("/api/sessions/nobody/report").json()["detail"].startswith("no such session")


def test_a_folder_is_held_by_one_server(tmp_path: Path) -> None:
    with (
        kept_folder(tmp_path / "kept"),
        pytest.raises(OutputError, match="another server keeps its sessions in"),
        kept_folder(tmp_path / "kept"),
    ):
        pass
    with kept_folder(tmp_path / "kept") as folder:
        assert folder.is_dir()


def test_a_table_of_another_version_is_left_alone(tmp_path: Path) -> None:
    store = SessionStore(tmp_path)
    store._base.execute("pragma user_version = 7")
    store.close()
    with pytest.raises(OutputError, match=r"expected sessions of version 1 .*, got 7"):
        SessionStore(tmp_path)


def test_a_new_name_survives_what_is_noted_later(keeping: ServerOptions) -> None:
    store = SessionStore(keeping.folder)
    board = kept_board(keeping, store)
    job: UploadJob = board.new("old", {})
    board.add(job)
    store.say(job.id, athlete="Ada")
    board.begin(job)
    board.note(job, job.state)
    kept = store.get(job.id)
    assert kept is not None
    assert (kept.athlete, kept.state) == ("Ada", "running")
    store.close()


def test_a_sample_is_queued_without_an_upload(serve: Serve, options: ServerOptions, analysed: None) -> None:
    client = serve(options)
    answer = client.post("/api/sessions/sample")
    assert answer.status_code == 201
    state = ended(client, answer.json()["id"])
    assert (state["state"], state["name"]) == ("done", "squat_front_knees_in_m_avg.mp4")
