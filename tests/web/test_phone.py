"""``formcheck serve --phone``: https with an authority of one's own, a code to scan, and pages that open offline."""

from __future__ import annotations

import ipaddress
import os
import re
import select
import shutil
import ssl
import stat
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="needs the extra web")
from browsing import CLIP, FAKE_CAMERA, PATIENCE_MS, film_as_camera, until
from commands import needs_posix
from cryptography import x509
from serving import CHROMIUM, CHROMIUM_ARGUMENTS
from starlette.testclient import TestClient
from uploads import HOST

from formcheck.web import certificates
from formcheck.web.app import STATIC, create_app
from formcheck.web.browser_code import missing
from formcheck.web.certificates import own_authority
from formcheck.web.options import ServerOptions
from formcheck.web.phone import screen

TOKEN = "told"  # noqa: S105 - a test's


def test_the_authority_is_made_once_and_its_key_is_its_owners_alone(tmp_path: Path) -> None:
    first, second = own_authority(tmp_path / "own"), own_authority(tmp_path / "own")
    assert first.der == second.der
    if os.name != "nt":
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "own").glob("*key*")}
        assert set(modes.values()) == {0o600}


def test_an_authority_that_ends_soon_or_is_damaged_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = own_authority(tmp_path)
    monkeypatch.setattr(certificates, "_RENEWED_BEFORE", certificates._AUTHORITY_STANDS)
    second = own_authority(tmp_path)
    monkeypatch.undo()
    (tmp_path / "authority-key.pem").write_text("no key", encoding="utf-8")
    assert len({first.der, second.der, own_authority(tmp_path).der}) == 3


def permitted(authority: certificates.Authority) -> list[Any]:
    found = authority.certificate.extensions.get_extension_for_class(x509.NameConstraints)
    assert found.critical
    return [name.value for name in found.value.permitted_subtrees or []]


def test_the_authority_can_vouch_for_home_networks_and_nothing_else(tmp_path: Path) -> None:
    names = permitted(own_authority(tmp_path))
    networks = [name for name in names if not isinstance(name, str)]
    assert {name for name in names if isinstance(name, str)} == {"localhost", "local"}
    assert all(network.is_private for network in networks)
    assert any(ipaddress.ip_address("192.168.1.7") in network for network in networks)


@contextmanager
def answering(tmp_path: Path, names: list[str]) -> Iterator[tuple[int, ssl.SSLContext]]:
    """A port that shakes hands with a certificate of these names, and who trusts its authority."""
    import socket
    import threading

    authority = own_authority(tmp_path / "own")
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(*authority.certify(names, tmp_path))
    trusting = ssl.create_default_context(cadata=authority.der)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def shake() -> None:
            try:
                with served.wrap_socket(listener.accept()[0], server_side=True) as one:
                    one.recv(1)
            except OSError:
                return

        thread = threading.Thread(target=shake)
        thread.start()
        yield listener.getsockname()[1], trusting
    thread.join()


@pytest.mark.parametrize(
    ("names", "asked", "is_trusted"),
    [(["127.0.0.1"], "127.0.0.1", True), (["gym.local"], "gym.local", True), (["bank.example"], "bank.example", False)],
)
def test_who_trusts_the_authority_trusts_it_for_this_machine_and_no_site(
    tmp_path: Path, names: list[str], asked: str, is_trusted: bool
) -> None:
    import socket

    with answering(tmp_path, names) as (port, trusting), socket.create_connection(("127.0.0.1", port)) as connection:
        if is_trusted:
            with trusting.wrap_socket(connection, server_hostname=asked) as trusted:
                trusted.send(b"x")
        else:
            with pytest.raises(ssl.SSLCertVerificationError, match="permitted subtree"):
                trusting.wrap_socket(connection, server_hostname=asked)


def test_the_screen_has_the_code_the_address_the_fingerprint_and_says_what_the_browser_will_say() -> None:
    text = screen("https://192.168.1.7:8000", "secret", "AB:CD")
    for part in (
        "https://192.168.1.7:8000/live?token=secret",
        "AB:CD",
        "not private",
        "https://192.168.1.7:8000/phone",
    ):
        assert part in text
    plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
    code = plain.split("formcheck serves")[0].strip("\n").splitlines()
    assert {len(line) for line in code} == {len(code[0])}
    assert len(code) <= 24  # half as high as wide: code and words are on one screen
    assert max(map(len, plain.splitlines())) <= 120


def test_the_authority_is_offered_only_where_there_is_one(options: ServerOptions) -> None:
    with TestClient(create_app(options), base_url=HOST) as client:
        assert client.get("/authority.crt").status_code == 404
    with TestClient(create_app(replace(options, token=TOKEN), b"der"), base_url=HOST) as client:
        assert client.get("/authority.crt").status_code == 401
        answer = client.get(f"/authority.crt?token={TOKEN}")
        assert (answer.content, answer.headers["content-type"]) == (b"der", "application/x-x509-ca-cert")


def test_the_service_worker_keeps_every_part_of_the_pages_that_open_offline() -> None:
    told = (STATIC / "sw.js").read_text(encoding="utf-8")
    kept = set(re.findall(r'"([a-z0-9_-]+\.[a-z]+)"', told))
    asked = {"index.html", "live.html"}
    parts: set[str] = set()
    while asked:
        name = asked.pop()
        found = set(re.findall(r'(?:/static/|"\./)([a-z0-9_-]+\.[a-z]+)', (STATIC / name).read_text(encoding="utf-8")))
        asked |= {part for part in found - parts if part.endswith((".js", ".css", ".webmanifest"))}
        parts |= found
    assert parts == kept


# In Chromium, with the authority trusted as a phone's owner would trust it


@contextmanager
def serving_a_phone(state: Path, *options: str) -> Iterator[tuple[str, Path]]:
    """``formcheck serve --phone`` on this machine: the address with its token, and the authority's certificate."""
    command = [
        sys.executable,
        "-m",
        "formcheck",
        "serve",
        "--phone",
        "--host",
        "127.0.0.1",
        "--model",
        "lite",
        *options,
    ]
    environment = {**os.environ, "XDG_STATE_HOME": str(state)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment) as server:
        assert server.stderr is not None
        said, until_s = b"", time.monotonic() + 60
        while time.monotonic() < until_s and b"Ctrl-C ends it" not in said:
            if select.select([server.stderr], [], [], 0.5)[0]:
                said += os.read(server.stderr.fileno(), 65536) or pytest.fail(said.decode())
        try:
            address = re.findall(r"https://127\S+", said.decode())[0]
            yield address, state / "formcheck" / "authority" / "authority.pem"
        finally:
            server.terminate()
            server.wait(timeout=30)


@needs_posix
def test_the_phone_is_served_over_https_with_the_token_alone(tmp_path: Path) -> None:
    with serving_a_phone(tmp_path, "--port", "0", "--model", "lite") as (address, authority):
        trusting = ssl.create_default_context(cafile=str(authority))
        opener = urllib.request.build_opener(
            urllib.request.HTTPSHandler(context=trusting), urllib.request.HTTPCookieProcessor()
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            opener.open(address.partition("?")[0])
        with refused.value as answer:
            assert answer.code == 401
        with opener.open(address) as page:
            assert b"Train in front of the camera" in page.read()


@pytest.fixture
def trusting_chromium(tmp_path: Path) -> Iterator[Any]:
    """Starts Chromium with a profile whose owner trusts an authority; a function of its certificate."""
    sync_playwright = pytest.importorskip("playwright.sync_api", reason="needs Playwright").sync_playwright
    certutil = shutil.which("certutil")
    if certutil is None:
        pytest.skip("needs certutil: apt-get install libnss3-tools")
    if not Path(CHROMIUM).is_file():
        pytest.skip("needs Chromium: apt-get install chromium")
    if missing():
        pytest.skip("needs what finds joints in the browser: python tools/browser.py")
    store = tmp_path / "home" / ".pki" / "nssdb"
    store.mkdir(parents=True)
    camera = film_as_camera(CLIP, tmp_path / "camera.mjpeg")
    with sync_playwright() as running:

        def start(authority: Path) -> Any:
            database = ["-d", f"sql:{store}"]
            subprocess.run([certutil, *database, "-N", "--empty-password"], check=True)
            subprocess.run([certutil, *database, "-A", "-n", "own", "-t", "C,,", "-i", authority], check=True)
            return running.chromium.launch_persistent_context(
                str(tmp_path / "profile"),
                executable_path=CHROMIUM,
                args=[*CHROMIUM_ARGUMENTS, *FAKE_CAMERA, f"--use-file-for-fake-video-capture={camera}"],
                env={**os.environ, "HOME": str(tmp_path / "home")},
                **{key: value for key, value in running.devices["Pixel 7"].items() if key != "default_browser_type"},
            )

        yield start


@needs_posix
def test_on_a_phone_that_trusts_the_authority_a_set_recorded_offline_is_judged_when_the_server_is_back(
    trusting_chromium: Any, tmp_path: Path
) -> None:
    port = free_port()
    token = ("--port", str(port), "--token", TOKEN, "--model", "lite")
    with serving_a_phone(tmp_path, *token) as (address, authority):
        context = trusting_chromium(authority)
        page = context.pages[0]
        page.goto(address)
        page.get_by_label("Find joints").select_option("here")
        page.get_by_role("button", name="Start").click()
        until(page, "document.getElementById('way').dataset.offline === 'yes'")
        devtools = context.new_cdp_session(page)
        assert devtools.send("Page.getInstallabilityErrors")["installabilityErrors"] == []
        until(page, "document.getElementById('advice').textContent !== 'Getting ready.'")
        page.get_by_role("button", name="End the set").click()
        until(page, "!document.body.classList.contains('training')")

    page.reload()  # the server is gone
    page.get_by_label("Find joints").select_option("here")
    page.get_by_role("button", name="Start").click()
    page.get_by_text("No connection: this set is recorded").wait_for(timeout=PATIENCE_MS)
    until(page, "Number(document.getElementById('speed').dataset.rows) > 90")  # three seconds of a camera
    page.get_by_role("button", name="End the set").click()
    page.get_by_text("The set is kept on this device").wait_for(timeout=PATIENCE_MS)

    with serving_a_phone(tmp_path, *token):
        page.goto(f"{address.partition('/live')[0]}/")
        page.get_by_role("link", name=re.compile("Report of live set, ")).last.wait_for(timeout=PATIENCE_MS)
        assert page.evaluate("import('/static/kept.js').then((kept) => kept.ids('waiting'))") == []
    context.close()


def free_port() -> int:
    import socket

    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
