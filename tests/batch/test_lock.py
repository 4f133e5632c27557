"""The place of a batch in a bucket: held by a file that is renewed, whatever happens meanwhile."""

from __future__ import annotations

import json
import time
import uuid

import pytest

pytest.importorskip("fsspec", reason="needs the extra remote")
from formcheck.errors import OutputError
from formcheck.machine import remote
from formcheck.machine.remote import RemoteStorage


@pytest.fixture
def storage() -> RemoteStorage:
    return RemoteStorage(f"memory://{uuid.uuid4().hex}")


def test_one_failed_renewal_is_made_up_for_by_the_next(
    storage: RemoteStorage, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    usual, tries = RemoteStorage.write, []

    def write(self: RemoteStorage, name: str, content: bytes) -> None:
        tries.append(name)
        if len(tries) == 2:
            raise OutputError("connection reset")
        usual(self, name, content)

    monkeypatch.setattr(remote, "_HEARTBEAT_S", 0.01)
    monkeypatch.setattr(RemoteStorage, "write", write)
    with storage.exclusive():
        for _ in range(1000):
            if len(tries) >= 4:
                break
            time.sleep(0.01)
    assert len(tries) >= 4
    assert "Traceback" not in capfd.readouterr().err


def test_a_place_is_taken_while_its_file_is_fresh_and_free_when_it_is_old(storage: RemoteStorage) -> None:
    storage.write(remote.LOCK, json.dumps({"holder": "process 7 on lab", "at": time.time()}).encode())
    with pytest.raises(OutputError, match="process 7 on lab"), storage.exclusive():
        pass
    storage.write(remote.LOCK, json.dumps({"holder": "process 7 on lab", "at": time.time() - 3600}).encode())
    with storage.exclusive():
        pass
    assert storage.names(".batch") == []
