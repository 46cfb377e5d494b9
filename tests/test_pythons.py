"""The tests run on the Python that is asked for, and on every one that is here."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def put_python(path: Path, version: str, *, works: bool = True) -> Path:
    """A program that claims to be a Python of that version."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {version}\nexit {0 if works else 127}\n")
    path.chmod(0o755)
    return path


def found(folder: Path, *versions: str, pyenv: Path | None = None) -> subprocess.CompletedProcess:
    """What `find_pythons.py` prints where nothing is on PATH but what lies in a folder."""
    environment = {"PATH": f"{folder}:/usr/bin:/bin", "HOME": str(folder / "home")}
    if pyenv:
        environment["PYENV_ROOT"] = str(pyenv)
    command = [sys.executable, ROOT / "tests" / "find_pythons.py", *versions]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True)


def test_a_python_on_the_path_is_found_and_a_missing_one_is_named(tmp_path: Path) -> None:
    python = put_python(tmp_path / "python3.77", "3.77")
    answered = found(tmp_path, "3.77", "3.78")
    assert answered.stdout == f"3.77 {python}\n"
    assert answered.stderr == "Python 3.78 is not on this machine, left out.\n"


@pytest.mark.parametrize("root", ["home/.pyenv", "elsewhere"])
def test_pyenvs_newest_is_found_behind_a_name_that_leads_nowhere(tmp_path: Path, root: str) -> None:
    put_python(tmp_path / "python3.77", "3.77", works=False)
    for patch in ("3.77.0rc1", "3.77.2", "3.77.10"):
        put_python(tmp_path / root / "versions" / patch / "bin" / "python3.77", "3.77")
    answered = found(
        tmp_path, "3.77", pyenv=tmp_path / "elsewhere" if root == "elsewhere" else None
    )
    assert answered.stdout == f"3.77 {tmp_path / root}/versions/3.77.10/bin/python3.77\n"


def test_the_python_that_runs_is_found(tmp_path: Path) -> None:
    version = "{}.{}".format(*sys.version_info)
    assert found(tmp_path, version).stdout.startswith(f"{version} ")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What make looks at, in a folder without an environment."""
    if shutil.which("make") is None:
        pytest.skip("make is not on this machine")
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def make_test(checkout: Path, python: Path, *options: str) -> subprocess.CompletedProcess:
    command = ["make", "--no-print-directory", *options, "test", f"PYTHON={python}"]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=False)


def test_python_gets_an_environment_beside_one_of_another_version(checkout: Path) -> None:
    python = put_python(checkout / "python3.12", "3.12")
    environment = checkout / ".venv" / "bin"

    def environment_used() -> str:
        planned = make_test(checkout, python, "--dry-run").stdout.splitlines()
        return next(line for line in planned if line.endswith("--no-loadscope-reorder")).split()[0]

    assert environment_used() == ".venv/bin/pytest", "there is none yet"
    put_python(environment / "pip", "pip")
    put_python(environment / "python3.11", "3.11")
    assert environment_used() == ".venv-3.12/bin/pytest"
    put_python(environment / "python3.12", "3.12")
    assert environment_used() == ".venv/bin/pytest"


def test_a_python_that_is_none_is_refused_and_no_other_is_taken(checkout: Path) -> None:
    put_python(checkout / ".venv" / "bin" / "pip", "pip")
    answered = make_test(checkout, checkout / "nowhere")
    assert answered.returncode != 0
    assert f"{checkout / 'nowhere'} is none" in answered.stderr
