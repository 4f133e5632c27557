"""What SECURITY.md promises of ``formcheck serve``, one test a promise; what comes from outside is made on the spot."""

from __future__ import annotations

import asyncio
import re
import signal
import socket
import struct
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip("fastapi", reason="needs the extra web")
from starlette.requests import Request
from starlette.testclient import TestClient
from uploads import HOST, LIVE, JumpingLoop, Sender, ended, video

from formcheck.frames.jpeg import decode_picture
from formcheck.machine.limits import limit_memory
from formcheck.machine.paths import printable
from formcheck.web import jobs, running
from formcheck.web import live_socket as live
from formcheck.web.app import create_app
from formcheck.web.child import Child
from formcheck.web.jobs import JobBoard, State
from formcheck.web.options import ServerOptions
from formcheck.web.running import server_folder, server_of
from formcheck.web.security import client_of
from formcheck.web.upload_analysis import Upload, analyse_upload

ROOT = Path(__file__).resolve().parents[2]
CLIP = ROOT / "sample_videos" / "squat_side_clean_m_dark.mp4"
Serve = Callable[[ServerOptions], TestClient]


def test_every_promise_names_the_test_that_holds_it() -> None:
    promised = re.findall(r"`(test_\w+)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    held = {
        name
        for path in Path(__file__).parent.glob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert len(promised) > 15
    assert set(promised) <= held
    ours = set(re.findall(r"^def (test_\w+)", Path(__file__).read_text(encoding="utf-8"), re.MULTILINE))
    assert ours <= {*promised, "test_every_promise_names_the_test_that_holds_it"}


# Pictures


def picture_with_a_decoy() -> bytes:
    """A JPEG of 20,000 × 20,000 with a byte of filling before its size, after which a reader by hand comes to 8 × 8."""
    found = cv2.imencode(".jpg", np.zeros((16, 16, 3), np.uint8))[1].tobytes()
    size_at = found.index(b"\xff\xc0")
    huge = found[:size_at] + b"\xff" + found[size_at : size_at + 5] + struct.pack(">HH", 20_000, 20_000)
    huge += found[size_at + 9 :]
    wrong_length = int.from_bytes(huge[size_at + 2 : size_at + 4])
    decoy = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, 8, 8, 3) + bytes(16)
    return huge.ljust(size_at + 2 + wrong_length, b"\0") + decoy


def test_the_size_of_a_picture_is_told_by_what_decodes_it() -> None:
    assert decode_picture(picture_with_a_decoy()) is None
    filled = (
        cv2.imencode(".jpg", np.zeros((16, 24, 3), np.uint8))[1].tobytes().replace(b"\xff\xc0", b"\xff\xff\xff\xc0")
    )
    decoded = decode_picture(filled)
    assert decoded is not None
    assert decoded.shape == (16, 24, 3)


@pytest.mark.parametrize("time_s", [float("nan"), float("inf"), float("-inf"), 1e308, -1e308, 1e12, 7200.0, -1.0])
def test_a_picture_with_an_impossible_time_goes_no_further(
    serve: Serve, options: ServerOptions, monkeypatch: pytest.MonkeyPatch, time_s: float
) -> None:
    monkeypatch.setattr(live, "analyse_live", echoing)
    with serve(options).websocket_connect(LIVE) as socket:
        socket.send_text("{}")
        assert socket.receive_json()["ready"]
        socket.send_bytes(struct.pack("<d", 1.0) + b"jpeg")
        assert socket.receive_json()["seen"] == 1.0
        socket.send_bytes(struct.pack("<d", time_s) + b"jpeg")
        assert "time of the picture" in socket.receive_json()["error"]
        socket.send_bytes(struct.pack("<d", 2.0) + b"jpeg")
        assert socket.receive_json()["seen"] == 2.0


@pytest.mark.parametrize("message", [b"", b"\0" * 8, bytes(live._MAX_PICTURE_BYTES + 1)], ids=len)
def test_a_picture_of_no_size_or_too_many_bytes_is_answered_and_goes_no_further(
    serve: Serve, options: ServerOptions, monkeypatch: pytest.MonkeyPatch, message: bytes
) -> None:
    monkeypatch.setattr(live, "analyse_live", echoing)
    with serve(options).websocket_connect(LIVE) as socket:
        socket.send_text("{}")
        assert socket.receive_json()["ready"]
        socket.send_bytes(message)
        assert "at most 2 MB" in socket.receive_json()["error"]


def echoing(connection: Connection, files: Path, page: Path, settings: Mapping[str, Any]) -> None:
    """Stands in for the live analysis: tells the times that came through."""
    connection.send({"ready": True})
    while True:
        kind, *rest = connection.recv()
        if kind == "end":
            files.mkdir()
            page.write_text(f"cut short: {rest[0]}", encoding="utf-8")
            connection.send({"reps": 0})
            return
        connection.send({"seen": rest[0], "picture_s": rest[0]})


def test_a_live_place_is_not_kept_by_who_sends_nothing(
    serve: Serve, options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "analyse_live", echoing)
    client = serve(replace(options, max_silence_s=0.3))
    with client.websocket_connect(LIVE) as socket:
        socket.send_text("{}")
        assert socket.receive_json()["ready"]
        assert client.get(socket.receive_json()["report"]).text == "cut short: nothing came for 0.3 s"


# Memory and time


def greedy(connection: Connection, wanted: int) -> None:
    try:
        taken = bytearray(wanted)
    except MemoryError:
        connection.send("refused")
    else:
        connection.send(len(taken))


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes a limit and does not heed it")
@pytest.mark.parametrize(("wanted", "answer"), [(100_000_000, 100_000_000), (3_000_000_000, "refused")])
def test_a_process_has_no_more_memory_than_it_is_given(wanted: int, answer: object) -> None:
    with Child(greedy, wanted, memory_bytes=2_000_000_000) as child:
        assert child.connection.recv() == answer


def raising(connection: Connection) -> None:
    limit_memory(10**12)
    greedy(connection, 3_000_000_000)


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes a limit and does not heed it")
def test_a_process_cannot_give_itself_more_memory() -> None:
    with Child(raising, memory_bytes=2_000_000_000) as child:
        assert child.connection.recv() == "refused"


@pytest.mark.skipif(sys.platform == "darwin", reason="macOS takes a limit and does not heed it")
def test_a_recording_that_takes_too_much_memory_fails_in_one_line(
    serve: Serve, options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(replace(options, max_bytes=10**6, base_memory_bytes=300_000_000, core_memory_bytes=0))
    monkeypatch.setattr(jobs, "analyse_upload", analyse_upload)
    identity = client.post("/api/sessions", content=CLIP.read_bytes()).json()["id"]
    state = ended(client, identity)
    assert state["state"] == "failed"
    assert "memory" in state["error"]
    assert "\n" not in state["error"]


def test_memory_and_time_grow_with_what_came() -> None:
    options = ServerOptions()
    assert options.memory_bytes(1280 * 720, 300) < options.memory_bytes(3840 * 2160, 300) < 6e9
    assert options.work_s(46_000) < 75  # a GIF of 46 kB held the queue for 112 s
    assert options.work_s(2_000_000) > 300


@pytest.mark.skipif(not hasattr(signal, "SIGXCPU"), reason="needs POSIX: Windows knows no such limit")
def test_a_small_file_cannot_hold_up_the_queue(serve: Serve, options: ServerOptions) -> None:
    client = serve(replace(options, processor_s=0.5, processor_s_per_mb=100.0))
    endless, small = (client.post("/api/sessions", content=video(does)).json()["id"] for does in ("work", ""))
    assert "longer than that of a file of this size may" in ended(client, endless)["error"]
    assert ended(client, small)["state"] == "done"


# Slow ones


def in_jumping_time(happens: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=JumpingLoop) as runner:
        runner.run(happens)


def test_an_upload_that_trickles_is_given_up(options: ServerOptions) -> None:
    async def happens() -> None:
        sender = Sender(create_app(options), every_s=15.0)
        began = asyncio.get_running_loop().time()
        await sender.upload()
        assert sender.status == 408
        assert b"expected at least 16 kB a second" in sender.body
        assert asyncio.get_running_loop().time() - began < 60

    in_jumping_time(happens())
    assert list(options.folder.iterdir()) == []


def test_an_upload_that_goes_on_forever_is_given_up(options: ServerOptions) -> None:
    async def happens() -> None:
        sender = Sender(create_app(replace(options, min_bytes_per_s=1e-6)), every_s=50.0)
        began = asyncio.get_running_loop().time()
        await sender.upload()
        assert sender.status == 408
        assert b"at most 60 minutes" in sender.body
        assert asyncio.get_running_loop().time() - began < 3700

    in_jumping_time(happens())


async def sending(options: ServerOptions, count: int, uploads: list[asyncio.Task[None]]) -> None:
    """Wait until so many uploads are on their way."""
    while len(list(options.folder.iterdir())) < count:
        assert not any(task.done() for task in uploads)
        await asyncio.sleep(0)


def test_uploads_on_their_way_take_no_place_in_the_queue(options: ServerOptions) -> None:
    async def happens() -> None:
        application = create_app(replace(options, max_queue=1))
        slow = [Sender(application, every_s=15.0) for _ in range(5)]
        uploads = [asyncio.create_task(sender.upload()) for sender in slow]
        await sending(options, 5, uploads)
        whole = Sender(application, client="198.51.100.7")
        whole.end()
        await whole.upload()
        assert whole.status == 201
        await asyncio.gather(*uploads)
        assert {sender.status for sender in slow} == {408}

    in_jumping_time(happens())


def test_of_two_whole_uploads_the_first_has_the_last_place_and_the_other_leaves_nothing(options: ServerOptions) -> None:
    async def happens() -> None:
        application = create_app(replace(options, max_queue=1))
        late, early = Sender(application), Sender(application)
        uploads = [asyncio.create_task(sender.upload()) for sender in (late, early)]
        await sending(options, 2, uploads)
        early.end()
        await uploads[1]
        late.end()
        await uploads[0]
        assert [early.status, late.status] == [201, 503]

    in_jumping_time(happens())
    assert len(list(options.folder.iterdir())) == 1


def test_only_so_many_uploads_are_on_their_way_and_fewer_from_one_client(options: ServerOptions) -> None:
    async def happens() -> None:
        application = create_app(replace(options, max_incoming=3, max_incoming_each=2))
        going = [Sender(application), Sender(application), Sender(application, client="198.51.100.7")]
        uploads = [asyncio.create_task(sender.upload()) for sender in going[:2]]
        await sending(options, 2, uploads)
        await (third := Sender(application)).upload()
        uploads.append(asyncio.create_task(going[2].upload()))
        await sending(options, 3, uploads)
        await (other := Sender(application, client="203.0.113.9")).upload()
        assert [third.status, other.status] == [503, 503]
        for sender in going:
            sender.break_off()
        await asyncio.gather(*uploads)

    in_jumping_time(happens())
    assert list(options.folder.iterdir()) == []


@contextmanager
def listening(options: ServerOptions) -> Iterator[Callable[[], socket.socket]]:
    """A server as it runs, in a thread; gives connections to it."""
    server = server_of(options)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        address, opened = listener.getsockname(), list[socket.socket]()
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()

        def connect() -> socket.socket:
            opened.append(socket.create_connection(address, timeout=60))
            return opened[-1]

        try:
            yield connect
        finally:
            for one in opened:
                one.close()
            server.should_exit = True
            thread.join()


def closed(connection: socket.socket) -> bool:
    """Whether the other side closes without a word; waits for it."""
    try:
        return connection.recv(1000) == b""
    except ConnectionResetError:
        return True


HEAD = f"GET /docs HTTP/1.1\r\nHost: {HOST.removeprefix('http://')}\r\n"


def test_half_sent_heads_of_requests_are_closed_and_others_are_answered(options: ServerOptions) -> None:
    with listening(replace(options, max_head_s=0.5)) as connect:
        halves = [connect() for _ in range(50)]
        for half in halves:
            half.sendall(HEAD.encode())
        whole = connect()
        whole.sendall(f"{HEAD}\r\n".encode())
        assert whole.recv(1000).startswith(b"HTTP/1.1 200")
        assert all(closed(half) for half in halves)


def test_a_second_head_on_the_same_connection_has_no_more_time(options: ServerOptions) -> None:
    with listening(replace(options, max_head_s=0.5)) as connect:
        connection = connect()
        connection.sendall(f"{HEAD}\r\n".encode())
        answer = b""
        while b"</html>" not in answer:
            answer += connection.recv(100_000)
        connection.sendall(HEAD.encode())
        assert closed(connection)


def test_a_head_that_never_ends_is_refused(options: ServerOptions) -> None:
    with listening(options) as connect:
        connection = connect()
        connection.sendall(HEAD.encode() + b"X-Long: " + b"a" * 200_000)
        assert connection.recv(1000).startswith(b"HTTP/1.1 400")


def test_only_so_many_connections_are_open(options: ServerOptions) -> None:
    with listening(replace(options, max_connections=3)) as connect:
        idle = [connect() for _ in range(3)]
        assert closed(connect())
        idle[0].sendall(f"{HEAD}\r\n".encode())
        assert idle[0].recv(1000).startswith(b"HTTP/1.1 200")


# Turns


def queued(board: JobBoard, clients: str) -> None:
    for number, client in enumerate(clients):
        board.add(board.new(f"{client}{number}", {}, client))


def test_clients_take_turns(options: ServerOptions) -> None:
    board = JobBoard(options)
    queued(board, "aaaabbc")
    order = []
    while waiting := board.waiting():
        order.append(waiting[0].name)
        board.begin(waiting[0])
        if len(order) == 2:
            queued(board, "d")
        waiting[0].end(State.DONE)
    assert order == ["a0", "b4", "c6", "d0", "a1", "b5", "a2", "a3"]


def test_one_client_cannot_fill_the_queue(options: ServerOptions) -> None:
    board = JobBoard(replace(options, max_queue=8))
    while board.has_room("g"):
        queued(board, "g")
    assert len(board.waiting()) == 6
    assert board.has_room("h")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
def test_a_client_is_an_address_or_a_network_of_ipv6(one: str, other: str, is_same: bool) -> None:
    told = [client_of(Request({"type": "http", "client": (host, 1)})) for host in (one, other)]
    assert (told[0] == told[1]) is is_same


# Files and names


def half_done(connection: Connection, upload: Upload, *_: object) -> None:
    upload.files.mkdir()
    (upload.files / "landmarks.parquet").write_bytes(b"of somebody")
    upload.page.write_text("half a page", encoding="utf-8")
    connection.send({"error": "the disk is full"})


def test_a_job_that_failed_leaves_no_tables(
    serve: Serve, options: ServerOptions, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(options)
    monkeypatch.setattr(jobs, "analyse_upload", half_done)
    identity = client.post("/api/sessions", content=video()).json()["id"]
    assert ended(client, identity)["state"] == "failed"
    assert list((options.folder / identity).iterdir()) == []


def test_a_server_that_starts_does_not_remove_the_folder_of_another_that_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whenever the first has made something, the second comes and clears up."""
    clear_up, visits = running._remove_abandoned, list[str]()

    def then_the_second_comes(call: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            made = call(*given, **named)
            with monkeypatch.context() as undone:
                undone.setattr(Path, "open", usual)
                clear_up(tmp_path)
            visits.append(call.__name__)
            return made

        return called

    usual = Path.open
    monkeypatch.setattr(running.tempfile, "mkdtemp", then_the_second_comes(running.tempfile.mkdtemp))
    monkeypatch.setattr(Path, "open", then_the_second_comes(Path.open))
    monkeypatch.setattr(running, "_remove_abandoned", lambda _: None)
    with server_folder(tmp_path) as own:
        assert visits == ["mkdtemp", "open"]
        assert (own / "lock").is_file()


@pytest.mark.parametrize("path", ["//evil.example", "///evil.example/a", "/\\evil.example", "\\\\evil.example"])
def test_the_way_from_the_token_leads_to_no_other_host(options: ServerOptions, path: str) -> None:
    async def asked() -> dict[str, str]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"token=right", "scheme": "http"}
        application = create_app(replace(options, token="right"))  # noqa: S106 - made up
        await application({**scope, "headers": [(b"host", b"localhost")]}, lambda: None, send)  # type: ignore[arg-type]
        assert sent[0]["status"] == 303
        return {name.decode(): value.decode() for name, value in sent[0]["headers"]}

    location = asyncio.run(asked())["location"]
    assert re.match(r"/[^/\\]", location), location


def test_a_name_cannot_turn_its_letters_around(serve: Serve, options: ServerOptions) -> None:
    client = serve(options)
    name = "squat\u202egpj.mp4"
    told = client.post("/api/sessions", params={"name": name}, content=video()).json()["name"]
    assert told == r"squat\u202egpj.mp4"
    for sign in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        assert sign not in printable(f"a{sign}b")
    assert printable("סקוואט\u200f.mp4") == "סקוואט\u200f.mp4"
