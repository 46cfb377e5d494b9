"""What is kept of opened models is let go before it becomes too much."""

import weakref
import zipfile
from pathlib import Path

import numpy as np
import pytest

from mnist_core.explainers import Target
from mnist_core.explainers.deep_shap import explain_block
from mnist_core.inference import model_memory, prediction
from mnist_core.inference.channel_differences import differences_block
from mnist_core.inference.channels_off import Off, predict_without
from mnist_core.inference.feature_maps import feature_maps
from mnist_core.inference.model_memory import keeping_aside
from mnist_core.inference.neighbours import embed
from mnist_core.inference.prediction import cached_model, predict
from mnist_core.runs import Run


@pytest.fixture
def model_files(tiny_run: Run, tmp_path: Path) -> list[Path]:
    """The same model in files of different content."""
    files = []
    for number in range(3):
        file = tmp_path / f"{number}.keras"
        file.write_bytes(tiny_run.checkpoint(1).path.read_bytes())
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("note.txt", str(number))
        files.append(file)
    return files


def test_thirteen_runs_can_be_asked_again_and_again_without_opening_a_model_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    opened = []
    monkeypatch.setattr(prediction, "load_model", opened.append)
    monkeypatch.setattr(prediction, "make_room", lambda model: None)
    files = [tmp_path / f"{number}.keras" for number in range(13)]
    for file in files:
        file.write_text(file.name)
    for file in files * 2:
        cached_model(file)
    assert opened == files


def test_models_and_what_was_made_of_them_leave_memory_together(model_files, monkeypatch):
    image = np.zeros((28, 28), np.uint8)
    parameters = cached_model(model_files[0]).count_params()
    monkeypatch.setattr(model_memory, "_kept", parameters)
    monkeypatch.setattr(model_memory, "MOST_PARAMETERS_KEPT", 2 * parameters)
    first = weakref.ref(cached_model(model_files[0]))
    predict(model_files[0], image[None])
    embed(model_files[0], image[None])
    feature_maps(model_files[0], image, 1)
    predict_without(model_files[0], image[None], (Off(1, (0,)),))
    differences_block(model_files[0], image[None], 1, (0, 1), np.array([0], np.int32))
    explain_block(model_files[0], image, image[None], Target())
    second = weakref.ref(cached_model(model_files[1]))
    assert first() is cached_model(model_files[0])
    third = cached_model(model_files[2])
    assert first() is None
    assert second() is None
    assert cached_model(model_files[2]) is third


def test_a_model_kept_aside_drives_nothing_out_and_is_gone_afterwards(model_files, monkeypatch):
    first = cached_model(model_files[0])
    monkeypatch.setattr(model_memory, "_kept", first.count_params())
    monkeypatch.setattr(model_memory, "MOST_PARAMETERS_KEPT", first.count_params())
    with keeping_aside():
        second = weakref.ref(cached_model(model_files[1]))
        assert cached_model(model_files[1]) is second()
        predict(model_files[1], np.zeros((1, 28, 28), np.uint8))
    assert second() is None
    assert cached_model(model_files[0]) is first
