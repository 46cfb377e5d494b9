"""Prints the path of a Chromium for the browser tests; with --install it gets one if it must.

Looked for in this order: $CHROMIUM, an installed one, Playwright's own, Debian's package.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find() -> str | None:
    """Path of a Chromium that is on this machine, if any."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    installed = next(filter(None, map(shutil.which, NAMES)), None)
    return installed or _playwrights_own()


def install() -> None:
    """Try Playwright's download, then Debian's package where this is allowed."""
    playwright = [sys.executable, "-m", "playwright", "install", "chromium"]
    if _succeeds(playwright, seconds=180) and find():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        _succeeds(["apt-get", "update", "-qq"], seconds=300)
        _succeeds(["apt-get", "install", "-y", "-qq", "chromium"], seconds=900)


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _succeeds(command: list[str], *, seconds: int) -> bool:
    print("$", *command, file=sys.stderr, flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        # Only the path may stand on standard output.
        subprocess.run(command, check=True, timeout=seconds, env=environment, stdout=sys.stderr)
    except (OSError, subprocess.SubprocessError):
        return False
    return True


if __name__ == "__main__":
    if "--install" in sys.argv and not find():
        install()
    path = find()
    if path:
        print(path)
    else:
        print(
            "No Chromium was found. Install one (on Debian: apt-get install chromium) or name it "
            "in CHROMIUM; without it the browser tests are skipped, and fail where CI is set.",
            file=sys.stderr,
        )
        sys.exit(0 if "--install" in sys.argv else 1)
