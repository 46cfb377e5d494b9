"""Whatever is read is closed again, sound or damaged, even while the error is still held."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from mnist_core import training
from mnist_core.datasets import Dataset, Split, load_dataset, mnist
from mnist_core.errors import MnistLensError
from mnist_core.explainers import EXPLAINERS, Attribution, explain_cached
from mnist_core.files import atomic
from mnist_core.importing.training_logs import read_csv_log, read_event_files
from mnist_core.inference.model_files import open_model, read_description
from mnist_core.inference.neighbours import find_neighbours
from mnist_core.inference.prediction import predict_split
from mnist_core.pictures import read_picture
from mnist_core.recipes import Recipe
from mnist_core.runs import Run, in_use, list_runs, read_epoch_predictions, read_run
from mnist_core.triage import Triage

N_CALLS = 200


@pytest.fixture
def stays_closed() -> Iterator[Callable[..., None]]:
    """A function that makes calls and holds every error, as a job does that a page asks after."""
    errors: list[MnistLensError] = []

    def check(read: Callable[..., Any], *arguments: Any, n_calls: int = N_CALLS) -> None:
        _call(read, arguments, errors)  # what is opened once and kept, like a module, is open now
        before = len(os.listdir("/dev/fd"))
        for _ in range(n_calls):
            _call(read, arguments, errors)
        assert len(os.listdir("/dev/fd")) <= before

    gc.disable()  # it would close what somebody has forgotten
    yield check
    gc.enable()


def _call(read: Callable[..., Any], arguments: tuple, errors: list[MnistLensError]) -> None:
    try:
        read(*arguments)
    except MnistLensError as error:
        errors.append(error)


def cut(path: Path, share: float = 0.5) -> Path:
    """A copy of a file without its end."""
    content = path.read_bytes()
    torn = path.with_name(f"torn-{path.name}")
    torn.write_bytes(content[: int(share * len(content))])
    return torn


def test_data_sets(
    stays_closed: Callable[..., None],
    small_npz: Path,
    small_arrays: Mapping[str, np.ndarray],
    store_idx: Callable[..., Path],
    tmp_path: Path,
) -> None:
    content = bytearray(small_npz.read_bytes())
    content[5_000] ^= 1
    (tmp_path / "changed.npz").write_bytes(content)
    plain = store_idx(tmp_path / "plain", small_arrays)
    gzipped = store_idx(tmp_path / "gzipped", small_arrays, gzipped=True)
    torn = store_idx(tmp_path / "torn", small_arrays, gzipped=True)
    for file in torn.iterdir():
        cut(file).replace(file)
    for path in (small_npz, cut(small_npz), tmp_path / "changed.npz", plain, gzipped, torn):
        stays_closed(mnist.load, path)
    stays_closed(load_dataset, "mnist-5k", n_calls=5)


def test_causes_of_errors(stays_closed: Callable[..., None], tmp_path: Path) -> None:
    sound, torn, no_database = (Triage(tmp_path / name) for name in ("sound", "torn", "none"))
    sound.enter("split", 3, "ambiguous")
    torn.path.write_bytes(sound.path.read_bytes()[:5_000])
    no_database.path.write_bytes(b"index,cause\n" * 500)
    for triage in (sound, torn, no_database):
        stays_closed(triage.causes, "split")
        stays_closed(triage.enter, "split", 3, "ambiguous", n_calls=20)


def test_runs(
    stays_closed: Callable[..., None],
    models: Path,
    make_run: Callable[..., Path],
    store_answers: Callable[[Path, int], None],
) -> None:
    folder = make_run(models, "sound")
    store_answers(folder, 1)
    with in_use(folder):
        pass
    (make_run(models, "torn") / "run.json").write_text("{")
    store_answers(make_run(models, "half"), 1)
    cut(models / "half" / "epochs.npz").replace(models / "half" / "epochs.npz")
    stays_closed(list_runs, models)
    for name in ("sound", "half"):
        stays_closed(read_epoch_predictions, read_run(models, name), "validation")


def test_a_training_that_goes_on(
    stays_closed: Callable[..., None], quick: Recipe, small: Dataset, models: Path
) -> None:
    with pytest.raises(KeyboardInterrupt):
        training.train(quick, small, models=models, name="one", on_progress=_stop_after_one)
    (models / "one" / ".resume.npz").write_bytes(b"PK\x03\x04 nothing more")

    def resume() -> None:
        training.resume(small, models=models, name="one")

    stays_closed(resume, n_calls=5)


def _stop_after_one(progress: training.Progress) -> None:
    if progress.finished:
        raise KeyboardInterrupt


def test_what_is_kept_in_the_cache(
    stays_closed: Callable[..., None], tiny_run: Run, mnist_5k: Dataset, tmp_path: Path
) -> None:
    checkpoint, split = tiny_run.checkpoint(1), mnist_5k.split("validation")
    few = Split("validation", split.images[:20], split.labels[:20])
    y_prob = np.full((20, 10), 0.1, np.float32)
    explained = Attribution(np.zeros((10, 28, 28)), y_prob[0], y_prob[0], n_background=20)

    def predict() -> None:
        predict_split(checkpoint, few, tmp_path, predict=lambda path, images: y_prob)

    def search() -> None:
        embed = lambda path, images: images[:, 0].astype(np.float32)  # noqa: E731
        find_neighbours(checkpoint, few.images[0], few, 0, tmp_path, embed=embed)

    def explain() -> None:
        method, (image, *_) = EXPLAINERS["deep-shap"], few.images
        answer = lambda *_, **__: explained  # noqa: E731
        explain_cached(method, checkpoint, image, few.images, tmp_path, explain=answer)

    for read in (predict, search, explain):
        stays_closed(read)
    for path in tmp_path.rglob("*.np?"):
        cut(path).replace(path)
    for read in (predict, search, explain):
        stays_closed(read)


def test_pictures(stays_closed: Callable[..., None], tmp_path: Path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (60, 60), np.uint8)
    paths = [tmp_path / f"noise.{suffix}" for suffix in ("png", "jpg")]
    for path in paths:
        Image.fromarray(noise).save(path)
    (tmp_path / "note.png").write_text("no picture")
    for path in (*paths, *map(cut, paths), tmp_path / "note.png"):
        stays_closed(read_picture, path)


def test_models(stays_closed: Callable[..., None], quick: Recipe, tmp_path: Path) -> None:
    model = quick.build()
    paths = [tmp_path / f"model.{suffix}" for suffix in ("keras", "h5")]
    for path in paths:
        model.save(path)
    for path in (*paths, *map(cut, paths)):
        stays_closed(read_description, path)
        stays_closed(open_model, path, n_calls=20)


def test_logs(stays_closed: Callable[..., None], tmp_path: Path) -> None:
    import tensorflow as tf
    from tensorflow.core.util import event_pb2

    (tmp_path / "log.csv").write_text("epoch,loss\n0,0.5\n1,0.4\n")
    (tmp_path / "gap.csv").write_text("epoch,loss\n0,0.5\n3,0.4\n")
    for name in ("log.csv", "gap.csv"):
        stays_closed(read_csv_log, tmp_path / name)
    log = tmp_path / "train" / "events.out.tfevents.1"
    log.parent.mkdir()
    with tf.io.TFRecordWriter(str(log)) as writer:
        for epoch in range(2):
            event = event_pb2.Event(step=epoch, wall_time=epoch)
            event.summary.value.add(tag="epoch_loss", simple_value=0.5)
            writer.write(event.SerializeToString())
    stays_closed(read_event_files, tmp_path, n_calls=20)
    cut(log, 0.9).replace(log)
    stays_closed(read_event_files, tmp_path, n_calls=20)


def test_files_that_are_replaced(stays_closed: Callable[..., None], tmp_path: Path) -> None:
    stays_closed(atomic.write_text, tmp_path / "note.txt", "note")
