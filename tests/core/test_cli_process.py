"""The command line as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from mnist_core.runs import read_run


def start(*arguments: str, **environment: str | Path) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-m", "mnist_core", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {name: str(value) for name, value in environment.items()},
        preexec_fn=listen_to_control_c,
    )


def listen_to_control_c() -> None:
    """Shells start jobs in the background deaf to it, and their children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def run(*arguments: str, **environment: str | Path) -> tuple[int, str, str]:
    process = start(*arguments, **environment)
    out, err = process.communicate()
    return process.returncode, out, err


def test_python_m_mnist_core_lists_the_runs_without_importing_keras(tiny_run, tmp_path):
    (tmp_path / "keras.py").write_text("raise SystemExit('keras was imported')")
    environment = {"MNIST_LENS_MODELS": tiny_run.folder.parent, "PYTHONPATH": tmp_path}
    code, out, err = run("runs", "--json", **environment)
    assert (code, err) == (0, "")
    assert [listed["name"] for listed in json.loads(out)] == ["tiny"]


def test_bad_input_ends_a_process_with_code_2_and_one_line_on_stderr():
    code, out, err = run("evaluate", "../x")
    assert (code, out) == (2, "")
    assert err.count("\n") == 1
    assert err.startswith("mnist-lens: Expected a run's name")


def test_a_training_stopped_by_control_c_goes_on_by_resume(tmp_path):
    arguments = ("train", "dense-256", "--data", "mnist-5k", "--epochs", "20")
    process = start(*arguments, MNIST_LENS_MODELS=tmp_path)
    history = tmp_path / "dense-256" / "history.csv"
    while process.poll() is None and not (
        history.exists() and len(history.read_text().splitlines()) > 1
    ):
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate()
    assert (process.returncode, err) == (130, "")
    assert "Stopped. Resume with: mnist-lens train dense-256 --resume --name dense-256" in out
    assert 1 <= len(read_run(tmp_path, "dense-256").history) < 20

    code, out, err = run(*arguments[:4], "--resume", MNIST_LENS_MODELS=tmp_path)
    assert (code, err) == (0, "")
    assert "dense-256: best epoch" in out
    resumed = read_run(tmp_path, "dense-256")
    assert (resumed.state, resumed.details.hyperparameters.max_epochs) == ("finished", 20)
