"""Prints which of the named Pythons are here, a line each: version, then path.

`find_pythons.py 3.12 3.13` looks on PATH and in pyenv's folder, `$PYENV_ROOT` or `~/.pyenv`. It
runs on any Python 3, and says on standard error which version is not here.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

_VERSION = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])"


def find(version: str) -> "str | None":
    """Path of a Python of that version, e.g. 3.12, that can make environments."""
    candidates = [shutil.which(f"python{version}"), *_of_pyenv(version), sys.executable]
    return next((path for path in candidates if path and _is_python(path, version)), None)


def _of_pyenv(version: str) -> "list[str]":
    """The Pythons of a version that pyenv keeps, the newest first."""
    root = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    found = (root / "versions").glob(f"{version}.*/bin/python{version}")
    return [str(path) for path in sorted(found, key=_patch, reverse=True)]


def _patch(python: Path) -> int:
    patch = python.parent.parent.name.split(".")[2]
    return int(patch) if patch.isdigit() else -1  # 3.13.0rc1 is older than any 3.13


def _is_python(path: str, version: str) -> bool:
    # What pyenv puts on PATH is there also for versions that it has not switched on.
    ran = subprocess.run([path, "-c", _VERSION], capture_output=True, text=True, check=False)
    return ran.returncode == 0 and ran.stdout.strip() == version


if __name__ == "__main__":
    for asked in sys.argv[1:]:
        path = find(asked)
        if path:
            print(asked, path)
        else:
            print(f"Python {asked} is not on this machine, left out.", file=sys.stderr)
