"""Fixtures for tests in real Chromium against the served dashboard."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Test processes share the cores among them: less is done in threads beside the page's own.
    "--js-flags=--single-threaded",
)


@dataclass(frozen=True)
class Server:
    """A served dashboard: its address, its process and the file that its output goes to."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path


@pytest.fixture(scope="session")
def browser(outside_environment: Mapping[str, str]) -> Iterator[Browser]:
    found = subprocess.run(
        [sys.executable, ROOT / "tests" / "find_chromium.py"],
        capture_output=True,
        text=True,
        env=dict(outside_environment),
        check=False,
    )
    if found.returncode:
        (pytest.fail if outside_environment.get("CI") else pytest.skip)(found.stderr)
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """A function that serves the dashboard with extra environment variables until the end.

    It may be another copy of it, which lies at `root`.
    """
    servers: list[Server] = []

    def start(root: Path = ROOT, **environment: str) -> Server:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        log = tmp_path_factory.mktemp("server") / "log.txt"
        command = [sys.executable, "-m", "streamlit", "run", "dashboard/app.py"]
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command, "--server.port", str(port)],
                cwd=root,
                env={**os.environ, **environment},
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        server = Server(f"http://127.0.0.1:{port}", process, log)
        servers.append(server)
        _wait_until_healthy(server)
        return server

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGTERM)
        try:
            server.process.wait(20)
        except subprocess.TimeoutExpired:
            server.process.kill()


@pytest.fixture(scope="session")
def server(serve: Callable[..., Server], bundled_models: Path) -> Server:
    """The dashboard on the embedded digits and the bundled runs."""
    return serve(MNIST_LENS_MODELS=str(bundled_models))


@pytest.fixture(scope="session")
def profile(browser: Browser) -> BrowserContext:
    """One browser profile for all visits: what the pages are made of is fetched once."""
    return browser.new_context()


@pytest.fixture(scope="session")
def empty_windows() -> list[Page]:
    """Windows that the tests before have left: one that is open already costs half a new one."""
    return []


@pytest.fixture
def visit(profile: BrowserContext, empty_windows: list[Page]) -> Iterator[Callable[..., Page]]:
    """A function that opens an address in an empty window and waits for the page."""
    pages: list[Page] = []

    def open_page(url: str, *, width: int = 1280, scheme: str = "light") -> Page:
        page = empty_windows.pop() if empty_windows else profile.new_page()
        pages.append(page)
        page.bring_to_front()  # one behind others draws once a second, and moves of the mouse wait
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        page.goto(url)
        settle(page)
        return page

    yield open_page
    for page in pages:
        if page.is_closed():
            continue
        if page.url.startswith("http"):
            page.evaluate("localStorage.clear()")  # Streamlit keeps there that a sidebar was folded
        page.goto("about:blank")
        empty_windows.append(page)


@pytest.fixture(scope="session")
def settled() -> Callable[[Page], None]:
    """A function that waits until the script behind a page has come to its end."""
    return settle


def settle(page: Page) -> None:
    page.wait_for_selector("h1", timeout=90_000)  # before that, no script has run
    page.wait_for_selector(
        '[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=90_000
    )
    page.wait_for_timeout(150)
    page.wait_for_selector(
        '[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=90_000
    )


def _wait_until_healthy(server: Server, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{server.url}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            if server.process.poll() is not None:
                break
            time.sleep(0.2)
    pytest.fail(f"The server did not start:\n{server.log.read_text()}")
