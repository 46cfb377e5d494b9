"""Serves Streamlit apps, and opens them in Chromium, for as long as a benchmark lasts."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server

ROOT = Path(__file__).resolve().parents[1]
FLAGS = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking")


@dataclass(frozen=True)
class Served:
    """A served app.

    Attributes:
        address: Where it answers.
        process: The id of the process that serves it.
    """

    address: str
    process: int


@contextmanager
def served(script: str, *options: str) -> Iterator[Served]:
    """An app, by its path from the root of the project; it ends with the block."""
    with closing(create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port), *options],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_until_healthy(process, f"http://127.0.0.1:{port}/_stcore/health")
        yield Served(f"http://127.0.0.1:{port}", process.pid)
    finally:
        process.terminate()
        process.wait(20)


def _wait_until_healthy(process: subprocess.Popen, address: str) -> None:
    while process.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.2)
    sys.exit(f"The server behind {address} ended before it answered.")


@contextmanager
def chromium() -> Iterator:
    """A headless Chromium by Playwright; without them the benchmark ends in one sentence."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        sys.exit("This benchmark needs Playwright: pip install -r requirements-dev.txt")
    found = subprocess.run(
        [sys.executable, ROOT / "tests" / "find_chromium.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    if found.returncode:
        sys.exit("This benchmark needs Chromium: python tests/find_chromium.py --install")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found.stdout.strip(), args=FLAGS)
        yield browser
        browser.close()
